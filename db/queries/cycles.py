"""Reporting rounds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update

from db.engine import Session
from db.models import Assessment, Cycle
from db.vocabulary import AssessmentState, CycleOrigin, CycleState


async def cycle(session: Session, cycle_id: int, *, lock: bool = False) -> Cycle | None:
    """One cycle.

    Args:
        lock: read it as it is now, and nobody else changes it before this transaction ends.
    """
    return await session.get(Cycle, cycle_id, with_for_update=lock or None, populate_existing=lock)


async def by_code(session: Session, code: str) -> Cycle | None:
    """The cycle of a code such as `2026` or `2026-Q4`."""
    return (await session.scalars(select(Cycle).where(Cycle.code == code))).first()


async def asked(session: Session, states: Collection[CycleState]) -> list[Cycle]:
    """The cycles that this bot asked, in these states, the earliest due first."""
    statement = select(Cycle).where(Cycle.origin == CycleOrigin.ASKED, Cycle.state.in_(states)).order_by(Cycle.due_at)
    return list(await session.scalars(statement))


async def waits_for_review(session: Session, cycle_id: int) -> bool:
    """Whether something that was handed in in a cycle has not been reviewed."""
    found = Assessment.cycle_id == cycle_id, Assessment.state == AssessmentState.SUBMITTED
    return bool(await session.scalar(select(exists().where(*found))))


async def past_closing(session: Session, now: datetime) -> list[Cycle]:
    """Open cycles whose closing date has passed, but those that somebody is changing at this moment."""
    statement = (
        select(Cycle)
        .where(Cycle.state == CycleState.OPEN, Cycle.closes_at <= now)
        .order_by(Cycle.id)
        .with_for_update(skip_locked=True)
    )
    return list(await session.scalars(statement))


async def move(session: Session, cycle_id: int, sources: Collection[CycleState], **values: Any) -> bool:
    """Change a cycle only if it is still in one of these states; False when it is not."""
    statement = update(Cycle).where(Cycle.id == cycle_id, Cycle.state.in_(sources)).values(**values).returning(Cycle.id)
    return len((await session.execute(statement)).all()) == 1
