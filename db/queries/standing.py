"""Who stands where, and which values stood before."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from db.engine import Session
from db.models import Answer, Assessment, Cycle, Member
from db.vocabulary import AssessmentState, Availability, CycleState


class Accepted(NamedTuple):
    """One answer of an accepted assessment, with its member."""

    member: Member
    assessment: Assessment
    answer: Answer


class Before(NamedTuple):
    """The last accepted value of an earlier cycle."""

    member: str
    answer: Answer
    cycle: str


async def accepted(session: Session, cycle_id: int) -> list[Accepted]:
    """Every answer that was given in the accepted assessments of a cycle, by member; what was skipped is left out."""
    statement = (
        select(Member, Assessment, Answer)
        .join(Assessment, Assessment.member_code == Member.code)
        .join(Answer, Answer.assessment_id == Assessment.id)
        .where(
            Assessment.cycle_id == cycle_id,
            Assessment.state == AssessmentState.ACCEPTED,
            Answer.availability != Availability.SKIPPED,
        )
        .order_by(Member.name, Answer.id)
    )
    return [Accepted._make(row) for row in await session.execute(statement)]


async def values_before(
    session: Session, before: date, members: Collection[str], indicators: Collection[str]
) -> list[Before]:
    """For each member and indicator, the newest accepted value from cycles whose period ended before a day.

    Only values: what was not available or skipped stands for nothing, however new it is.
    """
    if not members or not indicators:
        return []
    rank = (
        func.row_number()
        .over(
            partition_by=(Assessment.member_code, Answer.indicator),
            order_by=(Cycle.period_end.desc(), Cycle.id.desc()),
        )
        .label("rank")
    )
    ranked = (
        select(
            Answer.id.label("answer_id"),
            Assessment.member_code.label("member"),
            Cycle.title.label("cycle"),
            rank,
        )
        .join(Assessment, Assessment.id == Answer.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(
            Assessment.member_code.in_(members),
            Assessment.state == AssessmentState.ACCEPTED,
            Cycle.period_end < before,
            Cycle.state != CycleState.CANCELLED,
            Answer.indicator.in_(indicators),
            Answer.availability.in_([Availability.GIVEN, Availability.ESTIMATE]),
        )
        .subquery()
    )
    statement = (
        select(ranked.c.member, Answer, ranked.c.cycle)
        .join(ranked, ranked.c.answer_id == Answer.id)
        .where(ranked.c.rank == 1)
        .order_by(ranked.c.member, Answer.indicator)
    )
    return [Before._make(row) for row in await session.execute(statement)]


async def accepted_texts(session: Session, cycle_id: int, indicator: str) -> dict[str, str]:
    """What the accepted assessments of a cycle say to one question of free text, by member."""
    statement = (
        select(Assessment.member_code, Answer.text)
        .join(Answer, Answer.assessment_id == Assessment.id)
        .where(
            Assessment.cycle_id == cycle_id,
            Assessment.state == AssessmentState.ACCEPTED,
            Answer.indicator == indicator,
            Answer.availability == Availability.GIVEN,
            Answer.text.is_not(None),
        )
    )
    return {row[0]: row[1] or "" for row in await session.execute(statement)}
