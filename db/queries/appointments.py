"""Roles held from a day to a day: who held what, and what moves when somebody else takes over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, String, and_, cast, insert, literal, or_, select, update

from db.engine import Session
from db.models import Agency, Appointment, Assessment, AuditRow, Cycle, Delegation, Delivery, Member, Person, Prompt
from db.vocabulary import (
    AssessmentState,
    CycleState,
    DelegationState,
    DeliveryState,
    Mandate,
    Role,
    Via,
)


class Held(NamedTuple):
    """A role that somebody holds, held or will hold; a plain row, as it stood when it was asked for."""

    appointment_id: int
    person_id: int
    name: str
    email: str | None
    slack_id: str | None
    role: Role
    member: str | None
    member_name: str | None
    agency_id: int | None
    agency: str | None
    starts_on: date
    ends_on: date | None
    reference: str | None
    mandate: Mandate | None
    pending: bool


class Part(NamedTuple):
    """A part of an assessment in the hands of a contributor."""

    section: str
    indicator: str | None
    name: str
    due_on: date


class Accepted(NamedTuple):
    """The assessment of a member that was accepted last."""

    cycle: str
    accepted_at: datetime | None


class Refused(NamedTuple):
    """Somebody in a role whose address the mail server refused for good. `chat`: they are reached in Slack."""

    name: str
    email: str
    refused_at: datetime
    role: Role
    member_name: str | None
    chat: bool


_HELD = (
    select(
        Appointment.id,
        Appointment.person_id,
        Person.name,
        Person.email,
        Person.slack_id,
        Appointment.role,
        Appointment.member_code,
        Member.name,
        Appointment.agency_id,
        Agency.name,
        Appointment.starts_on,
        Appointment.ends_on,
        Appointment.reference,
        Appointment.mandate,
        Appointment.pending,
    )
    .join(Person, Person.id == Appointment.person_id)
    .outerjoin(Member, Member.code == Appointment.member_code)
    .outerjoin(Agency, Agency.id == Appointment.agency_id)
    .order_by(Member.name, Appointment.starts_on, Appointment.id)
)
# A role that ends before it begins was never held.
_EVER = or_(Appointment.ends_on.is_(None), Appointment.ends_on >= Appointment.starts_on)


async def _rows(session: Session, statement: Select[Any, *tuple[Any, ...]]) -> list[Held]:
    return [Held._make(row) for row in await session.execute(statement)]


async def lock_member(session: Session, code: str) -> bool:
    """Wait until nobody else changes the roles of this member, and let nobody else do it before the end of the
    transaction; False when there is no such member. Rows that only name the member go in meanwhile. On SQLite one
    writes at a time anyway."""
    statement = select(Member.code).where(Member.code == code).with_for_update(key_share=True)
    return (await session.scalars(statement)).first() is not None


async def of_member(session: Session, member: str, roles: Collection[Role]) -> list[Held]:
    """Everybody who ever held, holds or will hold one of these roles for a member, the earliest first."""
    return await _rows(session, _HELD.where(Appointment.member_code == member, Appointment.role.in_(roles), _EVER))


async def of_network(session: Session, roles: Collection[Role], since: date) -> list[Held]:
    """Whoever holds one of these roles for a member on a day or later, by member."""
    lasting = or_(Appointment.ends_on.is_(None), Appointment.ends_on >= since)
    of_a_member = Appointment.member_code.is_not(None)
    return await _rows(session, _HELD.where(Appointment.role.in_(roles), of_a_member, lasting, _EVER))


async def every(session: Session) -> list[Held]:
    """Every role that anybody ever held, holds or will hold, by member, those of no country last."""
    rows = await _rows(session, _HELD.where(_EVER))
    return sorted(rows, key=lambda row: (row.member is None, row.member_name or ""))


async def of_person(session: Session, person_id: int) -> list[Held]:
    """Every role that a person ever held, holds or will hold."""
    return await _rows(session, _HELD.where(Appointment.person_id == person_id, _EVER))


async def by_id(session: Session, appointment_id: int) -> Held | None:
    """One role, also one that was never held."""
    rows = await _rows(session, _HELD.where(Appointment.id == appointment_id))
    return rows[0] if rows else None


async def add(session: Session, **values: Any) -> int:
    """Write a role down; its id."""
    statement = insert(Appointment).values(**values).returning(Appointment.id)
    return (await session.execute(statement)).scalar_one()


async def change(session: Session, held: Held, **values: Any) -> bool:
    """Change a role if its days are still those that were read; False when somebody was first."""
    same_end = Appointment.ends_on.is_(None) if held.ends_on is None else Appointment.ends_on == held.ends_on
    statement = (
        update(Appointment)
        .where(
            Appointment.id == held.appointment_id,
            Appointment.starts_on == held.starts_on,
            same_end,
            Appointment.pending == held.pending,
        )
        .values(**values)
        .returning(Appointment.id)
        .execution_options(synchronize_session="fetch")
    )
    return (await session.execute(statement)).first() is not None


async def begun(session: Session, today: date) -> list[Held]:
    """Roles whose day has come, and what comes with it is not yet done."""
    return await _rows(session, _HELD.where(Appointment.pending, Appointment.starts_on <= today, _EVER))


async def lately_ended(session: Session, since: date, today: date) -> list[Held]:
    """Roles whose last day lies between two days, the first included, the second not."""
    return await _rows(session, _HELD.where(Appointment.ends_on >= since, Appointment.ends_on < today, _EVER))


async def changed_over(session: Session, via: Via, since: datetime) -> list[str]:
    """Slack ids of those whose roles were changed over one way since a moment."""
    about = literal("appointment:") + cast(Appointment.id, String)
    statement = (
        select(Person.slack_id)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(AuditRow, AuditRow.subject == about)
        .where(AuditRow.via == via, AuditRow.at >= since, Person.slack_id.is_not(None))
        .distinct()
    )
    return [slack_id for slack_id in await session.scalars(statement) if slack_id is not None]


async def move_prompts(session: Session, member: str, answering: Sequence[int], to: int | None) -> int:
    """What was asked for a member of somebody who answers for it no more is asked of somebody else from now on; how
    many prompts.

    What is half said stays: it belongs to the prompt. A contributor's own prompts stay theirs.

    Args:
        answering: everybody who answers for the member now; `to` is one of them, or None where there is nobody.
    """
    of_member = (
        select(Assessment.id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(Assessment.member_code == member, Cycle.state.in_([CycleState.OPEN, CycleState.CLOSED]))
    )
    statement = (
        update(Prompt)
        .where(
            Prompt.assessment_id.in_(of_member),
            Prompt.delegation_id.is_(None),
            Prompt.asked_person.is_not(None),
            Prompt.asked_person.not_in(list(answering)),
        )
        .values(asked_person=to)
        .returning(Prompt.id)
        .execution_options(synchronize_session="fetch")
    )
    return len((await session.execute(statement)).all())


async def assessment_ids(session: Session, member: str) -> list[int]:
    """Every assessment of a member."""
    return list(await session.scalars(select(Assessment.id).where(Assessment.member_code == member)))


async def queued_about(session: Session, subjects: Collection[str]) -> list[Delivery]:
    """What waits in the ledger about these subjects."""
    waits = and_(Delivery.subject.in_(subjects), Delivery.state == DeliveryState.QUEUED)
    return list(await session.scalars(select(Delivery).where(waits).order_by(Delivery.id)))


async def redirect_deliveries(session: Session, ids: Collection[int], person_id: int | None) -> None:
    """What still waits of these deliveries is for somebody else; it has gone over no way yet."""
    await session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids), Delivery.state == DeliveryState.QUEUED)
        .values(person_id=person_id, medium=None, in_doubt=False)
        .execution_options(synchronize_session=False)
    )


async def parts(session: Session, assessment_id: int) -> list[Part]:
    """What contributors still owe to an assessment, the earliest date first."""
    statement = (
        select(Delegation.section, Delegation.indicator, Person.name, Delegation.due_on)
        .join(Person, Person.id == Delegation.person_id)
        .where(Delegation.assessment_id == assessment_id, Delegation.state == DelegationState.OPEN)
        .order_by(Delegation.due_on, Delegation.id)
    )
    return [Part._make(row) for row in await session.execute(statement)]


async def accepted_last(session: Session, member: str) -> Accepted | None:
    """The assessment of a member that was accepted last, of the newest period."""
    statement = (
        select(Cycle.title, Assessment.accepted_at)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(
            Assessment.member_code == member,
            Assessment.state == AssessmentState.ACCEPTED,
            Cycle.state != CycleState.CANCELLED,
        )
        .order_by(Cycle.period_end.desc(), Cycle.id.desc())
        .limit(1)
    )
    row = (await session.execute(statement)).first()
    return Accepted._make(row) if row else None


async def refused_addresses(session: Session, today: date) -> list[Refused]:
    """Whoever holds a role and has an address that the mail server refused; each once, in the first of their roles."""
    statement = (
        select(
            Person.id,
            Person.name,
            Person.email,
            Person.email_refused_at,
            Appointment.role,
            Member.name,
            and_(Person.slack_id.is_not(None), Person.slack_trouble.is_(None)),
        )
        .join(Appointment, Appointment.person_id == Person.id)
        .outerjoin(Member, Member.code == Appointment.member_code)
        .where(
            Person.email_refused_at.is_not(None),
            Person.email.is_not(None),
            Appointment.starts_on <= today,
            or_(Appointment.ends_on.is_(None), Appointment.ends_on >= today),
        )
        .order_by(Member.name, Person.name, Appointment.id)
    )
    found: dict[int, Refused] = {}
    for person_id, name, email, at, role, member, chat in await session.execute(statement):
        if at is not None:
            found.setdefault(person_id, Refused(name, email or "", at, role, member, bool(chat)))
    return list(found.values())
