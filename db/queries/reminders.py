"""What the reminders need to know: who owes what, since when, and whether somebody is just talking."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, String, Subquery, and_, cast, exists, func, literal, or_, select

from db.engine import Session
from db.models import Appointment, Assessment, AuditRow, Clearance, Cycle, Delivery, Heard, Member
from db.vocabulary import ANSWERABLE, AssessmentState, CycleOrigin, CycleState, DeliveryState, Role


class Owed(NamedTuple):
    """An assessment that somebody owes something to. `extended_at` is when its cycle, or this member alone, last got
    new dates; `was_away`: it was handed in for clearance before; `reopened_at`: when it was last reopened."""

    assessment: Assessment
    cycle: Cycle
    member: Member
    extended_at: datetime | None
    was_away: bool = False
    reopened_at: datetime | None = None

    @property
    def due_at(self) -> datetime:
        """When it is due for this member."""
        return self.assessment.due_in(self.cycle)

    @property
    def closes_at(self) -> datetime:
        """When it takes no answers of this member any more."""
        return self.assessment.closes_in(self.cycle)

    @property
    def reopened(self) -> bool:
        """Whether it was reopened when its due date had passed, and got no other due date since."""
        return self.reopened_at is not None and self.due_at <= self.reopened_at


# What gives one member other dates than its cycle's, or asks a report of it again.
_OWN_DATES = ("extend", "reopen", "ask_again", "go_on_again")


class Reminded(NamedTuple):
    """A reminder that was sent about an assessment. `heard_at`: when anybody of its member was last heard."""

    assessment_id: int
    member: str
    member_name: str
    cycle: str
    due_at: datetime
    sent_at: datetime
    facts: dict[str, Any]
    heard_at: datetime | None


async def owed(session: Session, now: datetime) -> list[Owed]:
    """Unfinished assessments of open cycles, and submitted ones that wait for review; by member."""
    extended_at = last_extended()
    reviewing = and_(
        Assessment.state == AssessmentState.SUBMITTED,
        Cycle.state.in_([CycleState.OPEN, CycleState.CLOSED, CycleState.PUBLISHED]),
    )
    statement = (
        select(
            Assessment,
            Cycle,
            Member,
            extended_at,
            exists().where(Clearance.assessment_id == Assessment.id),
            _last_reopened(),
        )
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Member, Member.code == Assessment.member_code)
        .where(Cycle.origin == CycleOrigin.ASKED, or_(_is_answering(now), reviewing))
        .order_by(Member.name, Assessment.id)
    )
    return [Owed._make(row) for row in await session.execute(statement)]


def last_extended() -> ScalarSelect[datetime]:
    """When a cycle, or one member of it, last got new dates: to be selected beside Assessment and Cycle."""
    return (
        select(func.max(AuditRow.at, type_=AuditRow.at.type))
        .where(
            or_(
                and_(AuditRow.subject == literal("cycle:") + cast(Cycle.id, String), AuditRow.act == "extend_cycle"),
                and_(
                    AuditRow.subject == literal("assessment:") + cast(Assessment.id, String),
                    AuditRow.act.in_(_OWN_DATES),
                ),
            )
        )
        .correlate(Cycle, Assessment)
        .scalar_subquery()
    )


def _last_reopened() -> ScalarSelect[datetime]:
    return (
        select(func.max(AuditRow.at, type_=AuditRow.at.type))
        .where(AuditRow.subject == literal("assessment:") + cast(Assessment.id, String), AuditRow.act == "reopen")
        .correlate(Assessment)
        .scalar_subquery()
    )


def _is_answering(now: datetime) -> ColumnElement[bool]:
    """Whether an assessment waits for answers, and they are still taken."""
    return and_(
        Assessment.state.in_(ANSWERABLE),
        or_(Cycle.state == CycleState.OPEN, and_(Cycle.state == CycleState.CLOSED, Assessment.closes_at.is_not(None))),
        Cycle.opens_at <= now,
        func.coalesce(Assessment.closes_at, Cycle.closes_at, type_=Cycle.closes_at.type) > now,
    )


async def known_keys(session: Session, subjects: Collection[str], kinds: Collection[str]) -> set[str]:
    """The keys of all deliveries about these subjects, of these kinds, whatever became of them."""
    statement = select(Delivery.key).where(Delivery.subject.in_(subjects), Delivery.kind.in_(kinds))
    return set(await session.scalars(statement))


async def last_heard(session: Session, person_id: int, since: datetime) -> datetime | None:
    """When this person last said or clicked something, if it was since then."""
    statement = select(func.max(Heard.heard_at, type_=Heard.heard_at.type)).where(
        Heard.heard_at > since, Heard.person_id == person_id
    )
    return (await session.execute(statement)).scalar()


async def last_sent(session: Session, subjects: Collection[str], kind: str) -> dict[str, datetime]:
    """When something of this kind was last sent about each of these subjects."""
    statement = (
        select(Delivery.subject, func.max(Delivery.settled_at, type_=Delivery.settled_at.type))
        .where(Delivery.subject.in_(subjects), Delivery.kind == kind, Delivery.state == DeliveryState.SENT)
        .group_by(Delivery.subject)
    )
    rows = await session.execute(statement)
    return {subject: at for subject, at in rows if at is not None}


async def sent_to_owing(
    session: Session, kind: str, roles: Collection[Role], today: date, now: datetime
) -> list[Reminded]:
    """What was sent of a kind about each assessment that still waits for answers; by member, the oldest first.

    Args:
        roles: those of whom it is told when they were last heard.
    """
    heard, done = (_last_of(of, at, roles, today) for of, at in _SIGNS)
    statement = (
        select(
            Assessment.id,
            Member.code,
            Member.name,
            Cycle.title,
            func.coalesce(Assessment.due_at, Cycle.due_at, type_=Cycle.due_at.type),
            Delivery.settled_at,
            Delivery.facts,
            heard.c.last,
            done.c.last,
        )
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Member, Member.code == Assessment.member_code)
        .join(Delivery, Delivery.subject == literal("assessment:") + cast(Assessment.id, String))
        .outerjoin(heard, heard.c.member_code == Member.code)
        .outerjoin(done, done.c.member_code == Member.code)
        .where(
            Cycle.origin == CycleOrigin.ASKED,
            _is_answering(now),
            Delivery.kind == kind,
            Delivery.state == DeliveryState.SENT,
        )
        .order_by(Member.name, Assessment.id, Delivery.settled_at, Delivery.id)
    )
    return [
        Reminded(number, code, name, cycle, due, at, facts, max((each for each in last if each), default=None))
        for number, code, name, cycle, due, at, facts, *last in await session.execute(statement)
        if at is not None
    ]


# Not every deed is part of the conversation.
_SIGNS = ((Heard.person_id, Heard.heard_at), (AuditRow.person_id, AuditRow.at))


def _last_of(of: Any, at: Any, roles: Collection[Role], today: date) -> Subquery:
    """When any of those who hold one of these roles last said, clicked or did something, by member."""
    return (
        select(Appointment.member_code, func.max(at, type_=at.type).label("last"))
        .join(Appointment, Appointment.person_id == of)
        .where(
            Appointment.role.in_(roles),
            Appointment.starts_on <= today,
            or_(Appointment.ends_on.is_(None), Appointment.ends_on >= today),
        )
        .group_by(Appointment.member_code)
        .subquery()
    )
