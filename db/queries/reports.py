"""What became of each report, over the cycles."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from db.engine import Session
from db.models import Assessment, Cycle, Member
from db.vocabulary import CycleState


class Report(NamedTuple):
    """One member's report of one cycle."""

    member: Member
    assessment: Assessment
    cycle: Cycle


async def reports(session: Session, cycles: int, *, published_until: date | None = None) -> list[Report]:
    """The reports of the newest cycles that were opened and not called off: by member name, the oldest cycle first.

    Args:
        cycles: so many.
        published_until: of published cycles only, whose period ends on this day or before.
    """
    shown = (CycleState.OPEN, CycleState.CLOSED, CycleState.PUBLISHED)
    newest = select(Cycle.id).where(Cycle.state.in_(shown))
    if published_until is not None:
        newest = newest.where(Cycle.state == CycleState.PUBLISHED, Cycle.period_end <= published_until)
    newest = newest.order_by(Cycle.period_end.desc(), Cycle.id.desc()).limit(cycles)
    statement = (
        select(Member, Assessment, Cycle)
        .join(Assessment, Assessment.member_code == Member.code)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(Cycle.id.in_(newest))
        .order_by(Member.name, Cycle.period_end, Cycle.id)
    )
    return [Report._make(row) for row in await session.execute(statement)]
