"""All that was ever said to one question: by whom, when, over which way; and one country's answers over the cycles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select

from db.engine import Session
from db.models import Answer, Assessment, AuditRow, Cycle, Person, Submission
from db.vocabulary import AssessmentState, Availability, CycleOrigin, CycleState


class Done(NamedTuple):
    """One row of the audit, and whose deed it was; the bot's own have no name."""

    row: AuditRow
    person: str | None


class HandedIn(NamedTuple):
    """What was handed in once, and by whom."""

    row: Submission
    person: str


class InCycle(NamedTuple):
    """One accepted answer and its cycle."""

    answer: Answer
    code: str
    title: str
    origin: CycleOrigin


async def done(session: Session, subject: str) -> list[Done]:
    """What was done to one thing, oldest first."""
    statement = (
        select(AuditRow, Person.name)
        .outerjoin(Person, Person.id == AuditRow.person_id)
        .where(AuditRow.subject == subject)
        .order_by(AuditRow.id)
    )
    return [Done._make(row) for row in await session.execute(statement)]


async def handed_in(session: Session, assessment_id: int) -> list[HandedIn]:
    """All that was handed in of an assessment, the first round first."""
    statement = (
        select(Submission, Person.name)
        .join(Person, Person.id == Submission.by)
        .where(Submission.assessment_id == assessment_id)
        .order_by(Submission.round)
    )
    return [HandedIn._make(row) for row in await session.execute(statement)]


async def accepted(session: Session, member: str, codes: Mapping[str, str]) -> list[InCycle]:
    """A member's accepted answers to one question over the cycles, the newest first; what was skipped is none.

    Args:
        codes: each code that the question has or had.
    """
    statement = (
        select(Answer, Cycle.code, Cycle.title, Cycle.origin)
        .join(Assessment, Assessment.id == Answer.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(
            Assessment.member_code == member,
            Assessment.state == AssessmentState.ACCEPTED,
            Cycle.state != CycleState.CANCELLED,
            Answer.indicator.in_(list(codes)),
            Answer.availability != Availability.SKIPPED,
        )
        .order_by(Cycle.period_end.desc(), Cycle.id.desc())
    )
    return [InCycle._make(row) for row in await session.execute(statement)]


async def in_cycle(session: Session, member: str, cycle: str) -> int | None:
    """The assessment of a member in a cycle."""
    statement = (
        select(Assessment.id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(Assessment.member_code == member, Cycle.code == cycle)
    )
    return (await session.scalars(statement)).first()


async def newest(session: Session, member: str) -> int | None:
    """The assessment of a member in the newest cycle that people were asked in."""
    statement = (
        select(Assessment.id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(
            Assessment.member_code == member,
            Cycle.origin == CycleOrigin.ASKED,
            Cycle.state != CycleState.CANCELLED,
        )
        .order_by(Cycle.period_end.desc(), Cycle.id.desc())
        .limit(1)
    )
    return (await session.scalars(statement)).first()
