"""Who stands where, and which values stood before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import case, func, select

from db.engine import Session
from db.models import Answer, Assessment, Cycle, Member
from db.vocabulary import AssessmentState, Availability, CycleState


class Accepted(NamedTuple):
    """One answer of an accepted assessment, with its member."""

    member: Member
    assessment: Assessment
    answer: Answer


class Before(NamedTuple):
    """The last accepted value of an earlier cycle; `indicator` is the code of today."""

    member: str
    indicator: str
    answer: Answer
    cycle: str


async def accepted(session: Session, cycle_id: int) -> list[Accepted]:
    """Every answer that was given in the accepted assessments of a cycle, by member; what was skipped, or set aside by
    the review, is left out."""
    statement = (
        select(Member, Assessment, Answer)
        .join(Assessment, Assessment.member_code == Member.code)
        .join(Answer, Answer.assessment_id == Assessment.id)
        .where(
            Assessment.cycle_id == cycle_id,
            Assessment.state == AssessmentState.ACCEPTED,
            Answer.availability != Availability.SKIPPED,
            Answer.set_aside.is_(None),
        )
        .order_by(Member.name, Answer.id)
    )
    return [Accepted._make(row) for row in await session.execute(statement)]


async def values_before(
    session: Session, before: date, members: Collection[str], codes: Mapping[str, str]
) -> list[Before]:
    """For each member and indicator, the newest accepted value from cycles whose period ended before a day.

    Only values: what was not available, skipped or set aside by the review stands for nothing, however new it is.

    Args:
        codes: each code that an answer may stand under to the code of today, from `editions.canonical`; the answers
            stand under today's.
    """
    if not members or not codes:
        return []
    # Values under an earlier and under today's code are values of one question.
    today = case(codes, value=Answer.indicator)
    rank = (
        func.row_number()
        .over(
            partition_by=(Assessment.member_code, today),
            order_by=(Cycle.period_end.desc(), Cycle.id.desc()),
        )
        .label("rank")
    )
    ranked = (
        select(
            Answer.id.label("answer_id"),
            Assessment.member_code.label("member"),
            Cycle.title.label("cycle"),
            today.label("today"),
            rank,
        )
        .join(Assessment, Assessment.id == Answer.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(
            Assessment.member_code.in_(members),
            Assessment.state == AssessmentState.ACCEPTED,
            Answer.set_aside.is_(None),
            Cycle.period_end < before,
            Cycle.state != CycleState.CANCELLED,
            Answer.indicator.in_(codes),
            Answer.availability.in_([Availability.GIVEN, Availability.ESTIMATE]),
            Answer.set_aside.is_(None),
        )
        .subquery()
    )
    statement = (
        select(ranked.c.member, ranked.c.today, Answer, ranked.c.cycle)
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
            Answer.set_aside.is_(None),
            Answer.indicator == indicator,
            Answer.availability == Availability.GIVEN,
            Answer.text.is_not(None),
            Answer.set_aside.is_(None),
        )
    )
    return {row[0]: row[1] or "" for row in await session.execute(statement)}
