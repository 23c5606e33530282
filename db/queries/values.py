"""Accepted numbers of one member over the cycles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Date, bindparam, select

from db.engine import Session
from db.models import Answer, Assessment, Cycle
from db.vocabulary import AssessmentState, Availability, CycleState


class Earlier(NamedTuple):
    """One accepted number, under the code that its question has today."""

    indicator: str
    number: Decimal
    year: int | None
    cycle: str


# Built once, as it is asked in turns of the conversation.
_EARLIER = (
    select(Answer.indicator, Answer.number, Answer.year, Cycle.code)
    .join(Assessment, Assessment.id == Answer.assessment_id)
    .join(Cycle, Cycle.id == Assessment.cycle_id)
    .where(
        Assessment.member_code == bindparam("member"),
        Assessment.state == AssessmentState.ACCEPTED,
        Cycle.period_end < bindparam("before", type_=Date()),
        Cycle.state != CycleState.CANCELLED,
        Answer.indicator.in_(bindparam("indicators", expanding=True)),
        Answer.availability.in_([Availability.GIVEN, Availability.ESTIMATE]),
        Answer.number.is_not(None),
        Answer.set_aside.is_(None),
    )
    .order_by(Cycle.period_end, Cycle.id)
)


async def earlier(
    session: Session, member: str, before: date, indicators: Mapping[str, str]
) -> dict[str, list[Earlier]]:
    """All accepted numbers from cycles whose period ended before a day, by question, the oldest first.

    Args:
        indicators: the code of today of each code that they may stand under.
    """
    found: dict[str, list[Earlier]] = {}
    given = {"member": member, "before": before, "indicators": list(indicators)}
    rows: Any = await session.execute(_EARLIER, given)
    for indicator, number, year, cycle in rows:
        code = indicators[indicator]
        found.setdefault(code, []).append(Earlier(code, number, year, cycle))
    return found
