"""The audit: rows are only added and read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select

from db.engine import Session
from db.models import AuditRow

_ROW = insert(AuditRow).returning(AuditRow.id)


async def add(session: Session, values: Mapping[str, Any]) -> int:
    """Add one row; its number. It is written at once."""
    return (await (await session.connection()).execute(_ROW, values)).scalar_one()


async def of(session: Session, subject: str) -> list[AuditRow]:
    """What was done to one thing, oldest first."""
    return list(await session.scalars(select(AuditRow).where(AuditRow.subject == subject).order_by(AuditRow.id)))
