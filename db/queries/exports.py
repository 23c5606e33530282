"""All that was reported, as plain rows: for the files and reports that are made of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select

from db.engine import Session, in_parts
from db.models import (
    Agency,
    Answer,
    Appointment,
    Assessment,
    Clearance,
    Cycle,
    Evidence,
    Member,
    StoredFile,
)
from db.vocabulary import AssessmentState, Availability, ClearanceState, CycleState, Role, Via


class Assessed(NamedTuple):
    """One member in one cycle, whatever its state."""

    assessment: Assessment
    member: Member
    cycle: Cycle


class Said(NamedTuple):
    """One answer as it stands."""

    assessment_id: int
    indicator: str
    availability: Availability
    number: Decimal | None
    text: str | None
    year: int | None
    source: str | None
    note: str | None
    explanation: str | None
    set_aside: str | None
    said_by: int | None
    said_at: datetime


class Cleared(NamedTuple):
    """A national yes that was given: by which role of which agency, to which version, when and how."""

    assessment_id: int
    version: int
    place: int
    role: Role
    agency: str | None
    decided_at: datetime | None
    via: Via | None
    signatory: str | None
    reference: str | None
    signed_on: date | None


class Held(NamedTuple):
    """A role that somebody held for a member from a day to a day, the last included."""

    person_id: int
    role: Role
    member: str | None
    starts_on: date
    ends_on: date | None


class Proof(NamedTuple):
    """What an answer rests on: a link, or a file by its name."""

    assessment_id: int
    indicator: str
    title: str
    link: str | None
    file: str | None


# What was planned only, or called off, was never asked.
_ASKED = (CycleState.OPEN, CycleState.CLOSED, CycleState.PUBLISHED)


async def cycles(session: Session, states: Collection[CycleState] = _ASKED) -> list[Cycle]:
    """The cycles in these states, also those that were brought in, the earliest period first."""
    statement = select(Cycle).where(Cycle.state.in_(states)).order_by(Cycle.period_end, Cycle.id)
    return list(await session.scalars(statement))


async def assessed(session: Session, cycle_ids: Collection[int], member: str | None = None) -> list[Assessed]:
    """The assessments of these cycles, in the alphabetical order of the countries; of one member where it is named."""
    statement = (
        select(Assessment, Member, Cycle)
        .join(Member, Member.code == Assessment.member_code)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(Assessment.cycle_id.in_(cycle_ids))
        .order_by(Member.name, Cycle.period_end, Cycle.id)
    )
    if member is not None:
        statement = statement.where(Assessment.member_code == member)
    return [Assessed._make(row) for row in await in_parts(session, statement)]


async def said(
    session: Session, cycle_ids: Collection[int], member: str | None = None, draft_of: int | None = None
) -> Sequence[Said]:
    """The answers of the accepted assessments of these cycles, as rows with these fields; what was skipped is left out.

    Args:
        member: of one member only.
        draft_of: an assessment whose answers come with them, whatever its state.
    """
    columns: list[Any] = [getattr(Answer, name) for name in Said._fields]
    state = Assessment.state == AssessmentState.ACCEPTED
    if draft_of is not None:
        state = or_(state, Assessment.id == draft_of)
    statement = (
        select(*columns)
        .join(Assessment, Assessment.id == Answer.assessment_id)
        .where(Assessment.cycle_id.in_(cycle_ids), state, Answer.availability != Availability.SKIPPED)
        .order_by(Answer.assessment_id, Answer.id)
    )
    if member is not None:
        statement = statement.where(Assessment.member_code == member)
    return await in_parts(session, statement)


async def size(session: Session, cycle_ids: Collection[int], member: str | None = None) -> tuple[int, int]:
    """How many answers the accepted assessments of these cycles have, and of how many members; counted, not read."""
    statement = (
        select(func.count(Answer.id), func.count(Assessment.member_code.distinct()))
        .join(Assessment, Assessment.id == Answer.assessment_id)
        .where(
            Assessment.cycle_id.in_(cycle_ids),
            Assessment.state == AssessmentState.ACCEPTED,
            Answer.availability != Availability.SKIPPED,
        )
    )
    if member is not None:
        statement = statement.where(Assessment.member_code == member)
    answers, members = (await session.execute(statement)).one()
    return answers, members


async def cleared(session: Session, cycle_ids: Collection[int], member: str | None = None) -> list[Cleared]:
    """Every national yes that still counts, for assessments of these cycles, in the order of its steps."""
    statement = (
        select(
            Clearance.assessment_id,
            Clearance.version,
            Clearance.place,
            Clearance.role,
            Agency.name,
            Clearance.decided_at,
            Clearance.via,
            Clearance.signatory,
            Clearance.reference,
            Clearance.signed_on,
        )
        .join(Assessment, Assessment.id == Clearance.assessment_id)
        .outerjoin(Agency, Agency.id == Clearance.agency_id)
        .where(
            Assessment.cycle_id.in_(cycle_ids),
            Clearance.state == ClearanceState.CLEARED,
            Clearance.version == Assessment.version,
        )
        .order_by(Clearance.assessment_id, Clearance.place, Clearance.id)
    )
    if member is not None:
        statement = statement.where(Assessment.member_code == member)
    return [Cleared._make(row) for row in await session.execute(statement)]


async def held(session: Session, member: str | None = None) -> list[Held]:
    """Every role that was ever held, or those that were held for one member or for none."""
    statement = select(
        Appointment.person_id, Appointment.role, Appointment.member_code, Appointment.starts_on, Appointment.ends_on
    ).order_by(Appointment.id)
    if member is not None:
        statement = statement.where(or_(Appointment.member_code == member, Appointment.member_code.is_(None)))
    return [Held._make(row) for row in await session.execute(statement)]


async def proofs(session: Session, cycle_ids: Collection[int], member: str | None = None) -> list[Proof]:
    """The evidence of assessments of these cycles that was not taken away, the oldest first."""
    statement = (
        select(Evidence.assessment_id, Evidence.indicator, Evidence.title, Evidence.link, StoredFile.name)
        .join(Assessment, Assessment.id == Evidence.assessment_id)
        .outerjoin(StoredFile, StoredFile.id == Evidence.file_id)
        .where(Assessment.cycle_id.in_(cycle_ids), Evidence.removed_at.is_(None))
        .order_by(Evidence.id)
    )
    if member is not None:
        statement = statement.where(Assessment.member_code == member)
    return [Proof._make(row) for row in await session.execute(statement)]
