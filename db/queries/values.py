"""What was accepted of one member: its numbers over the cycles, and the last answer to each question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Date, bindparam, case, func, select

from db.engine import Session
from db.models import Answer, Assessment, Cycle
from db.queries.assessments import GIVEN, Given
from db.vocabulary import AssessmentState, Availability, CycleState


class Earlier(NamedTuple):
    """One accepted number, under the code that its question has today."""

    indicator: str
    number: Decimal
    year: int | None
    cycle: str


class Last(NamedTuple):
    """The last accepted answer to a question, and the cycle it was given in."""

    answer: Given
    cycle_code: str


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


def _last_accepted() -> Any:
    valued = case((Answer.availability == Availability.NOT_AVAILABLE, 1), else_=0)
    rank = (
        func.row_number()
        .over(partition_by=Answer.indicator, order_by=(valued, Cycle.period_end.desc(), Cycle.id.desc()))
        .label("rank")
    )
    ranked = (
        select(
            Answer.id.label("answer_id"),
            Cycle.code.label("cycle_code"),
            valued.label("valued"),
            Cycle.period_end.label("period_end"),
            Cycle.id.label("cycle_id"),
            rank,
        )
        .join(Assessment, Assessment.id == Answer.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(
            Assessment.member_code == bindparam("member"),
            Assessment.state == AssessmentState.ACCEPTED,
            Cycle.period_end < bindparam("before", type_=Date()),
            Cycle.state != CycleState.CANCELLED,
            Answer.indicator.in_(bindparam("indicators", expanding=True)),
            Answer.availability != Availability.SKIPPED,
            Answer.set_aside.is_(None),
        )
        .subquery()
    )
    return (
        select(*GIVEN, ranked.c.cycle_code)
        .join(ranked, ranked.c.answer_id == Answer.id)
        .where(ranked.c.rank == 1)
        .order_by(ranked.c.valued, ranked.c.period_end.desc(), ranked.c.cycle_id.desc())
    )


_LAST_ACCEPTED = _last_accepted()


async def last_accepted(session: Session, member: str, before: date, codes: Mapping[str, str]) -> dict[str, Last]:
    """For each indicator, the newest accepted answer from cycles whose period ended before a day.

    One that holds a value goes before one that says "not available", however new.

    Args:
        codes: each code that an answer may stand under to the code of today, from `editions.canonical`; the answers
            stand under today's.
    """
    if not codes:
        return {}
    given = {"member": member, "before": before, "indicators": list(codes)}
    rows: Any = await session.execute(_LAST_ACCEPTED, given)
    found: dict[str, Last] = {}
    for row in rows:
        code = codes[row[0]]
        found.setdefault(code, Last(Given._make((code, *row[1:-1])), row[-1]))
    return found
