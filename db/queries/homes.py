"""What App Home shows: read only, for one member or for all of them, each in one statement."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, exists, func, or_, select

from db.engine import Session
from db.models import (
    Agency,
    Appointment,
    Assessment,
    Cycle,
    Delegation,
    DigestEdition,
    Experience,
    Mechanism,
    Member,
    Person,
    Prompt,
)
from db.queries.assessments import Talk
from db.vocabulary import CycleOrigin, CycleState, ExperienceKind, ExperienceState, Role


class Running(NamedTuple):
    """An assessment with its conversation, and who began its review."""

    talk: Talk
    reviewer: str | None


class Seat(NamedTuple):
    """A role of a member that somebody holds or will hold, and what stands in the way of reaching them."""

    member: str
    role: Role
    person_id: int
    name: str
    starts_on: date
    ends_on: date | None
    email: str | None
    email_refused_at: datetime | None
    slack_id: str | None
    slack_trouble: str | None


class Country(NamedTuple):
    """A member with its coordination mechanism, where one is recorded, and the agency that leads it."""

    member: Member
    mechanism: Mechanism | None
    lead: str | None


class Published(NamedTuple):
    """A shared experience that the network may read."""

    kind: ExperienceKind
    title: str
    member: str | None
    agency: str | None
    decided_at: datetime | None


async def running(session: Session, member: str) -> list[Running]:
    """The assessments of a member in cycles that are open or closed, by due date.

    Unlike a turn, this waits for nobody's.
    """
    statement = (
        select(
            Assessment, Cycle, Member, Prompt, exists().where(Delegation.assessment_id == Assessment.id), Person.name
        )
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Member, Member.code == Assessment.member_code)
        .outerjoin(Prompt, and_(Prompt.assessment_id == Assessment.id, Prompt.delegation_id.is_(None)))
        .outerjoin(Person, and_(Person.id == Assessment.review_begun_by, Assessment.review_begun_at.is_not(None)))
        .where(
            Assessment.member_code == member,
            Cycle.origin == CycleOrigin.ASKED,
            Cycle.state.in_([CycleState.OPEN, CycleState.CLOSED]),
        )
        .order_by(Cycle.due_at, Assessment.id)
    )
    return [Running(Talk._make(row[:5]), row[5]) for row in await session.execute(statement)]


async def seats(session: Session, roles: Collection[Role], today: date, member: str | None = None) -> list[Seat]:
    """Who holds one of these roles for a member today or will hold it, by member, role and first day.

    Args:
        member: only for this one; None: for all.
    """
    statement = (
        select(
            Appointment.member_code,
            Appointment.role,
            Person.id,
            Person.name,
            Appointment.starts_on,
            Appointment.ends_on,
            Person.email,
            Person.email_refused_at,
            Person.slack_id,
            Person.slack_trouble,
        )
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.role.in_(roles),
            Appointment.member_code.is_not(None) if member is None else Appointment.member_code == member,
            # A role that ends before it begins was never held.
            or_(
                Appointment.ends_on.is_(None),
                and_(Appointment.ends_on >= today, Appointment.ends_on >= Appointment.starts_on),
            ),
        )
        .order_by(Appointment.member_code, Appointment.starts_on, Person.name)
    )
    return [Seat._make(row) for row in await session.execute(statement)]


async def countries(session: Session, member: str | None = None) -> list[Country]:
    """One member, or all in alphabetical order, each with its mechanism."""
    statement = (
        select(Member, Mechanism, Agency.name)
        .outerjoin(Mechanism, Mechanism.member_code == Member.code)
        .outerjoin(Agency, Agency.id == Mechanism.lead_agency_id)
        .order_by(Member.name)
    )
    if member is not None:
        statement = statement.where(Member.code == member)
    return [Country._make(row) for row in await session.execute(statement)]


async def experiences_waiting(session: Session) -> int:
    """How many shared experiences wait for the secretariat's button."""
    statement = select(func.count(Experience.id)).where(Experience.state == ExperienceState.SHARED)
    return await session.scalar(statement) or 0


async def newest_edition(session: Session) -> DigestEdition | None:
    """The digest that went out last."""
    statement = select(DigestEdition).order_by(DigestEdition.composed_at.desc(), DigestEdition.id.desc()).limit(1)
    return (await session.scalars(statement)).first()


async def published(session: Session, limit: int) -> list[Published]:
    """The experiences that were published last, the newest first."""
    statement = (
        select(Experience.kind, Experience.title, Member.name, Agency.name, Experience.decided_at)
        .outerjoin(Member, Member.code == Experience.member_code)
        .outerjoin(Agency, Agency.id == Experience.agency_id)
        .where(Experience.state == ExperienceState.PUBLISHED)
        .order_by(Experience.decided_at.desc(), Experience.id.desc())
        .limit(limit)
    )
    return [Published._make(row) for row in await session.execute(statement)]
