"""What progress is computed from, as plain narrow rows: the answers of many cycles are read in one statement."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, select, type_coerce

from db.engine import Session, in_parts
from db.models import Answer, Assessment, Cycle, Member
from db.vocabulary import AssessmentState, Availability, CycleState, QuestionSetCode

VALUES = (Availability.GIVEN, Availability.ESTIMATE)


class Report(NamedTuple):
    """One member in a cycle; `floors` as they were kept when the cycle opened."""

    member: str
    name: str
    state: AssessmentState
    floors: dict[str, Any] | None


# (member, indicator, cycle id, availability's word, digits, text, year, source, note): an answer as it is stored.
Said = tuple[str, str, int, str, str | None, str | None, int | None, str | None, str | None]

SAID = select(
    Assessment.member_code,
    Answer.indicator,
    Assessment.cycle_id,
    # As the words and digits that stand there: a hundred thousand answers are read, and few of them looked at.
    type_coerce(Answer.availability, String),
    type_coerce(Answer.number, String),
    Answer.text,
    Answer.year,
    Answer.source,
    Answer.note,
).join(Answer, Answer.assessment_id == Assessment.id)


async def cycles_until(session: Session, day: date, *, published: bool) -> list[Cycle]:
    """The cycles whose period ended by a day and that were not called off, the oldest first."""
    statement = (
        select(Cycle)
        .where(Cycle.period_end <= day, _counting(published=published))
        .order_by(Cycle.period_end, Cycle.id)
    )
    return list(await session.scalars(statement))


async def newest_with_answers(session: Session, member: str | None, *, published: bool) -> Cycle | None:
    """The cycle whose period ended last, of those in which something was accepted: of one member, or of any.

    A full assessment goes before a short update, which asks for hardly a number.
    """
    accepted = select(Assessment.id).where(
        Assessment.cycle_id == Cycle.id, Assessment.state == AssessmentState.ACCEPTED
    )
    if member is not None:
        accepted = accepted.where(Assessment.member_code == member)
    statement = (
        select(Cycle)
        .where(accepted.exists(), _counting(published=published))
        .order_by((Cycle.question_set == QuestionSetCode.FULL).desc(), Cycle.period_end.desc(), Cycle.id.desc())
        .limit(1)
    )
    return (await session.scalars(statement)).first()


async def reports(session: Session, cycle_id: int) -> list[Report]:
    """Every member of a cycle, with what it had set for itself."""
    statement = (
        select(Member.code, Member.name, Assessment.state, Assessment.floors)
        .join(Assessment, Assessment.member_code == Member.code)
        .where(Assessment.cycle_id == cycle_id)
        .order_by(Member.name)
    )
    return [Report._make(row) for row in await session.execute(statement)]


async def said(
    session: Session,
    cycle_ids: Collection[int],
    indicators: Collection[str],
    members: Collection[str] | None,
    *,
    whole: int | None = None,
) -> list[Said]:
    """The accepted values of some cycles, in no order; what the review set aside is left out.

    Args:
        indicators: codes, earlier ones too.
        members: None: all.
        whole: the cycle of which "not available" is wanted too.
    """
    if not cycle_ids or not indicators:
        return []
    statement = SAID.where(
        Assessment.cycle_id.in_(cycle_ids),
        Assessment.state == AssessmentState.ACCEPTED,
        Answer.availability.in_(VALUES)
        | ((Assessment.cycle_id == whole) & (Answer.availability == Availability.NOT_AVAILABLE)),
        Answer.set_aside.is_(None),
        Answer.indicator.in_(indicators),
    )
    if members is not None:
        statement = statement.where(Assessment.member_code.in_(members))
    return await in_parts(session, statement)


def _counting(*, published: bool) -> ColumnElement[bool]:
    return Cycle.state == CycleState.PUBLISHED if published else Cycle.state != CycleState.CANCELLED
