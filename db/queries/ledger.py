"""Deliveries: queued, claimed, settled. Every change is one conditional statement.

The statements run alike on SQLite and PostgreSQL. There `FOR UPDATE SKIP LOCKED` lets several workers claim at once;
SQLite knows no such words, and there BEGIN IMMEDIATE lets one writer in at a time. Rows that came back are counted:
`UPDATE ... RETURNING` has no rowcount.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, and_, case, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.sql.elements import ColumnElement

from db.engine import Session
from db.models import Delivery
from db.vocabulary import DeliveryState

_ENDED = (DeliveryState.SENT, DeliveryState.CANCELLED, DeliveryState.DEAD)


async def insert_absent(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Add deliveries in one statement, but those whose key is there; the keys that were added.

    Every row has the same columns. They go in by key, so that two who add the same ones never wait for each other.
    """
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    # The table and not the model, whose bulk insert makes a statement for every set of columns that are not empty.
    table = cast(Table, Delivery.__table__)
    statement = insert(table).on_conflict_do_nothing(index_elements=[table.c.key]).returning(table.c.key)
    return list(await session.scalars(statement, sorted(rows, key=lambda row: row["key"])))


def _due(now: datetime) -> ColumnElement[bool]:
    """Queued and its time has come, or claimed by somebody whose lease ran out."""
    return or_(
        and_(Delivery.state == DeliveryState.QUEUED, Delivery.not_before <= now),
        and_(Delivery.state == DeliveryState.CLAIMED, Delivery.leased_until < now),
    )


async def claim(session: Session, worker: str, now: datetime, limit: int, until: datetime) -> list[Delivery]:
    """Take up to `limit` due deliveries, the longest due first. One whose lease ran out comes as `in_doubt`."""
    picked = (
        select(Delivery.id)
        .where(_due(now))
        .order_by(Delivery.not_before, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    statement = (
        update(Delivery)
        .where(Delivery.id.in_(select(picked.c.id)))
        .values(
            state=DeliveryState.CLAIMED,
            claimed_by=worker,
            leased_until=until,
            attempts=Delivery.attempts + 1,
            in_doubt=case((Delivery.state == DeliveryState.CLAIMED, true()), else_=Delivery.in_doubt),
        )
        .returning(Delivery)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    rows = list(await session.scalars(statement))
    return sorted(rows, key=lambda row: (row.not_before, row.id))


async def change_claimed(session: Session, delivery_id: int, worker: str, values: Mapping[str, Any]) -> bool:
    """Change a delivery that this worker holds; False when it holds it no longer."""
    statement = (
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.CLAIMED, Delivery.claimed_by == worker)
        .values(**values)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return (await session.execute(statement)).first() is not None


async def cancel_queued(session: Session, subjects: Collection[str], kinds: Collection[str], now: datetime) -> int:
    """Cancel what waits about these subjects, of these kinds; how many."""
    statement = (
        update(Delivery)
        .where(Delivery.subject.in_(subjects), Delivery.kind.in_(kinds), Delivery.state == DeliveryState.QUEUED)
        .values(state=DeliveryState.CANCELLED, settled_at=now, last_error=None)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return len((await session.execute(statement)).all())


async def next_due(session: Session) -> datetime | None:
    """When the next delivery becomes due, or its lease runs out; None when nothing waits."""
    moment = case((Delivery.state == DeliveryState.CLAIMED, Delivery.leased_until), else_=Delivery.not_before)
    statement = select(func.min(moment, type_=Delivery.not_before.type)).where(Delivery.state.not_in(_ENDED))
    return (await session.execute(statement)).scalar()


async def count_by_state(session: Session) -> dict[DeliveryState, int]:
    """How many deliveries are in each state that occurs."""
    rows = await session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return dict(iter(rows))


async def stuck(session: Session, overdue: datetime, limit: int) -> list[Delivery]:
    """Deliveries that somebody should look at: dead, failing, or due since before `overdue`; the newest first."""
    statement = (
        select(Delivery)
        .where(
            or_(
                Delivery.state == DeliveryState.DEAD,
                and_(Delivery.state == DeliveryState.QUEUED, Delivery.last_error.is_not(None)),
                and_(Delivery.state == DeliveryState.QUEUED, Delivery.not_before < overdue),
                and_(Delivery.state == DeliveryState.CLAIMED, Delivery.leased_until < overdue),
            )
        )
        .order_by(Delivery.id.desc())
        .limit(limit)
    )
    return list(await session.scalars(statement))


async def by_key(session: Session, key: str) -> Delivery | None:
    """The delivery of a key."""
    return (await session.scalars(select(Delivery).where(Delivery.key == key))).first()
