"""The frozen editions of the digest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from db.engine import Session
from db.models import DigestEdition


async def edition(session: Session, edition_id: int) -> DigestEdition | None:
    """One edition."""
    return await session.get(DigestEdition, edition_id)


async def newest(session: Session, prefix: str = "") -> DigestEdition | None:
    """The edition composed last, of those whose key begins so."""
    statement = (
        select(DigestEdition)
        .where(func.substr(DigestEdition.key, 1, len(prefix)) == prefix)
        .order_by(DigestEdition.composed_at.desc(), DigestEdition.id.desc())
        .limit(1)
    )
    return (await session.scalars(statement)).first()


async def count(session: Session, prefix: str) -> int:
    """How many editions have a key that begins so."""
    statement = select(func.count()).where(func.substr(DigestEdition.key, 1, len(prefix)) == prefix)
    return (await session.execute(statement)).scalar_one()


async def add(session: Session, values: Mapping[str, Any]) -> int | None:
    """Add an edition unless its key is there; its id, or None when somebody was first."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = insert(DigestEdition).values(**values).on_conflict_do_nothing(index_elements=[DigestEdition.key])
    return (await session.execute(statement.returning(DigestEdition.id))).scalar()
