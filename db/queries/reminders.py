"""What the reminders need to know: who owes what, since when, and whether somebody is just talking."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import String, and_, cast, exists, func, literal, or_, select

from db.engine import Session
from db.models import Assessment, AuditRow, Clearance, Cycle, Delivery, Heard, Member
from db.vocabulary import ANSWERABLE, AssessmentState, CycleOrigin, CycleState, DeliveryState


class Owed(NamedTuple):
    """An assessment that somebody owes something to. `extended_at` is when its cycle last got a new due date;
    `was_away`: it was handed in for clearance before."""

    assessment: Assessment
    cycle: Cycle
    member: Member
    extended_at: datetime | None
    was_away: bool = False


async def owed(session: Session, now: datetime) -> list[Owed]:
    """Unfinished assessments of open cycles, and submitted ones that wait for review; by member."""
    extended_at = (
        select(func.max(AuditRow.at, type_=AuditRow.at.type))
        .where(AuditRow.subject == literal("cycle:") + cast(Cycle.id, String), AuditRow.act == "extend_cycle")
        .correlate(Cycle)
        .scalar_subquery()
    )
    answering = and_(
        Assessment.state.in_(ANSWERABLE),
        Cycle.state == CycleState.OPEN,
        Cycle.opens_at <= now,
        Cycle.closes_at > now,
    )
    reviewing = and_(
        Assessment.state == AssessmentState.SUBMITTED,
        Cycle.state.in_([CycleState.OPEN, CycleState.CLOSED, CycleState.PUBLISHED]),
    )
    statement = (
        select(Assessment, Cycle, Member, extended_at, exists().where(Clearance.assessment_id == Assessment.id))
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Member, Member.code == Assessment.member_code)
        .where(Cycle.origin == CycleOrigin.ASKED, or_(answering, reviewing))
        .order_by(Member.name, Assessment.id)
    )
    return [Owed._make(row) for row in await session.execute(statement)]


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


async def sent(session: Session, subjects: Collection[str], kind: str) -> list[tuple[str, datetime, dict[str, Any]]]:
    """What was sent of a kind about these subjects: the subject, when, and its facts; the oldest first."""
    statement = (
        select(Delivery.subject, Delivery.settled_at, Delivery.facts)
        .where(Delivery.subject.in_(subjects), Delivery.kind == kind, Delivery.state == DeliveryState.SENT)
        .order_by(Delivery.settled_at, Delivery.id)
    )
    return [(subject, at, facts) for subject, at, facts in await session.execute(statement) if at is not None]


async def heard_of(session: Session, person_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these people last said, clicked or did something: not every deed is part of the conversation."""
    found: dict[int, datetime] = {}
    for of, at in ((Heard.person_id, Heard.heard_at), (AuditRow.person_id, AuditRow.at)):
        rows = await session.execute(select(of, func.max(at, type_=at.type)).where(of.in_(person_ids)).group_by(of))
        for person_id, last in rows:
            if person_id is not None:
                found[person_id] = max(last, found.get(person_id, last))
    return found
