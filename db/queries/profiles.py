"""What people set for themselves: leave, further addresses; and what Slack says of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, and_, delete, exists, func, or_, select, update

from db.engine import Session
from db.models import Address, Appointment, Assessment, AuditRow, Cycle, Leave, Person, Prompt
from db.queries import people as people_queries
from db.queries.assessments import in_live_cycle
from db.vocabulary import AssessmentState, CycleState, Role


async def _changed(session: Session, statement: Any) -> bool:
    result = cast("CursorResult[Any]", await session.execute(statement.execution_options(synchronize_session="fetch")))
    return result.rowcount == 1


# Leave


async def leaves(session: Session, person_id: int, today: date) -> list[Leave]:
    """The leaves of a person that go on or lie ahead, the first to begin first."""
    statement = (
        select(Leave)
        .where(Leave.person_id == person_id, Leave.ended_at.is_(None), Leave.ends_on >= today)
        .order_by(Leave.starts_on, Leave.id)
    )
    return list(await session.scalars(statement))


async def leave(session: Session, leave_id: int) -> Leave | None:
    """One leave."""
    return await session.get(Leave, leave_id)


async def add_leave(session: Session, row: Leave) -> Leave:
    """Put a leave down; those of the same person that it touches are over: the newest word counts."""
    touching = (
        update(Leave)
        .where(
            Leave.person_id == row.person_id,
            Leave.ended_at.is_(None),
            Leave.starts_on <= row.ends_on,
            Leave.ends_on >= row.starts_on,
        )
        .values(ended_at=row.told_at)
    )
    await session.execute(touching)
    session.add(row)
    await session.flush()
    return row


async def end_leave(session: Session, leave_id: int, person_id: int, now: datetime) -> bool:
    """The person is back, or does not go; False where it had ended before, or is not theirs."""
    return await _changed(
        session,
        update(Leave)
        .where(Leave.id == leave_id, Leave.person_id == person_id, Leave.ended_at.is_(None))
        .values(ended_at=now),
    )


async def leaves_going_on(session: Session, today: date) -> list[Leave]:
    """Every leave that has begun and is not over."""
    statement = select(Leave).where(Leave.ended_at.is_(None), Leave.starts_on <= today, Leave.ends_on >= today)
    return list(await session.scalars(statement.order_by(Leave.id)))


async def leaves_over(session: Session, since: date, today: date) -> list[Leave]:
    """Every leave whose last day was one of these: `since` or later, and before today."""
    statement = select(Leave).where(Leave.ended_at.is_(None), Leave.ends_on >= since, Leave.ends_on < today)
    return list(await session.scalars(statement.order_by(Leave.id)))


# What is awaited from a person


async def asked_of(session: Session, person_id: int, now: datetime) -> tuple[Prompt, Cycle, Assessment] | None:
    """The question that was put to a person last and is still open."""
    statement = (
        select(Prompt, Cycle, Assessment)
        .join(Assessment, Assessment.id == Prompt.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(
            Prompt.asked_person == person_id,
            Prompt.paused_at.is_(None),
            Assessment.state == AssessmentState.IN_PROGRESS,
            in_live_cycle(),
            func.coalesce(Assessment.closes_at, Cycle.closes_at, type_=Cycle.closes_at.type) > now,
        )
        .order_by(Prompt.asked_at.desc())
        .limit(1)
    )
    row = (await session.execute(statement)).first()
    return (row[0], row[1], row[2]) if row is not None else None


# Addresses


async def addresses(session: Session, person_id: int) -> list[Address]:
    """The further addresses of a person, in the order in which they were added."""
    return list(await session.scalars(select(Address).where(Address.person_id == person_id).order_by(Address.id)))


async def address(session: Session, address_id: int) -> Address | None:
    """One further address."""
    return await session.get(Address, address_id)


async def add_address(session: Session, row: Address) -> Address:
    """Put a further address down."""
    session.add(row)
    await session.flush()
    return row


async def is_taken(session: Session, email: str, person_id: int) -> bool:
    """Whether an address is somebody else's: in use, or confirmed."""
    in_use = exists().where(Person.email == email, Person.id != person_id)
    confirmed = exists().where(
        Address.address == email, Address.person_id != person_id, Address.confirmed_at.is_not(None)
    )
    return bool(await session.scalar(select(or_(in_use, confirmed))))


async def confirm_address(session: Session, address_id: int, now: datetime) -> bool:
    """A mail to it was answered; False where it was before, or the address is gone."""
    return await _changed(
        session,
        update(Address).where(Address.id == address_id, Address.confirmed_at.is_(None)).values(confirmed_at=now),
    )


async def remove_address(session: Session, address_id: int, person_id: int) -> bool:
    """Take a further address away; False where it was gone, or is not theirs."""
    return await _changed(session, delete(Address).where(Address.id == address_id, Address.person_id == person_id))


async def use_address(session: Session, row: Address, before: str | None) -> bool:
    """A confirmed address becomes the one in use, and that becomes a further one; False where somebody was first.

    What the mail server said of the one before says nothing of this one.
    """
    email = row.address
    used = await _changed(
        session,
        update(Person)
        .where(Person.id == row.person_id, Person.email == before if before else Person.email.is_(None))
        .values(email=email, email_refused_at=None, email_refused_code=None),
    )
    if not used:
        return False
    mine = and_(Address.id == row.id, Address.address == email, Address.confirmed_at.is_not(None))
    if before is None:
        return await _changed(session, delete(Address).where(mine))
    return await _changed(session, update(Address).where(mine).values(address=before))


async def address_refused(session: Session, email: str, code: str, now: datetime) -> bool:
    """The mail server refuses for good the address in use; False where that is known, or nobody uses it."""
    return await _changed(
        session,
        update(Person)
        .where(Person.email == email.lower(), Person.email_refused_at.is_(None))
        .values(email_refused_at=now, email_refused_code=code),
    )


async def address_taken(session: Session, email: str) -> bool:
    """A mail server takes mails for the address again; False where it never refused."""
    return await _changed(
        session,
        update(Person)
        .where(Person.email == email.lower(), Person.email_refused_at.is_not(None))
        .values(email_refused_at=None, email_refused_code=None),
    )


async def done_since(session: Session, person_id: int, act: str, since: datetime) -> list[datetime]:
    """When a person did something after a moment, by the audit, the first time first. They can do nothing else
    meanwhile that is counted so: their row is locked."""
    await people_queries.lock(session, person_id)
    mine = AuditRow.person_id == person_id, AuditRow.act == act, AuditRow.at > since
    return list(await session.scalars(select(AuditRow.at).where(*mine).order_by(AuditRow.at)))


# Slack


async def people_in_a_role(session: Session, today: date, unseen_since: datetime, limit: int) -> list[Person]:
    """Who holds a role today, or soon, and was not looked at in Slack since a moment; the longest first."""
    held = exists().where(
        Appointment.person_id == Person.id, or_(Appointment.ends_on.is_(None), Appointment.ends_on >= today)
    )
    statement = (
        select(Person)
        .where(
            held,
            or_(Person.slack_id.is_not(None), Person.email.is_not(None)),
            or_(Person.slack_seen_at.is_(None), Person.slack_seen_at < unseen_since),
        )
        .order_by(Person.slack_seen_at.is_not(None), Person.slack_seen_at, Person.id)
        .limit(limit)
    )
    return list(await session.scalars(statement))


async def last_opening(session: Session, now: datetime) -> datetime | None:
    """When the newest of the cycles that are open now was opened."""
    statement = select(func.max(Cycle.opens_at)).where(Cycle.state == CycleState.OPEN, Cycle.opens_at <= now)
    return await session.scalar(statement)


async def confirmed(session: Session) -> dict[str, int]:
    """Every further address that was confirmed, and whose it is."""
    rows = await session.execute(select(Address.address, Address.person_id).where(Address.confirmed_at.is_not(None)))
    return {row[0]: row[1] for row in rows}


async def taken_away(session: Session) -> set[tuple[int, str]]:
    """Every further address that its person took away, by the audit: whose, and which."""
    rows = await session.execute(select(AuditRow.person_id, AuditRow.detail).where(AuditRow.act == "remove_address"))
    return {(whose, str(detail["email"])) for whose, detail in rows if whose is not None and "email" in detail}


async def chose_their_address(session: Session) -> set[int]:
    """Who chose the address in use themselves, by the audit, and after the register last set it."""
    acts = ("use_address", "import_email")
    statement = select(AuditRow.act, AuditRow.subject).where(AuditRow.act.in_(acts)).order_by(AuditRow.id)
    newest = {row[1]: row[0] for row in await session.execute(statement)}
    return {int(about.removeprefix("person:")) for about, act in newest.items() if act == "use_address"}


async def person_of_address(session: Session, email: str) -> Person | None:
    """Whose an address is: in use, or further and confirmed."""
    email = email.lower()
    further = select(Address.person_id).where(Address.address == email, Address.confirmed_at.is_not(None))
    found = await session.scalars(select(Person).where(or_(Person.email == email, Person.id.in_(further))).limit(2))
    people = list(found)
    return people[0] if len(people) == 1 else None


async def bind_slack_id(session: Session, person_id: int, slack_id: str) -> bool:
    """A Slack account becomes a person's; False where they have one, or it is somebody's."""
    taken = exists().where(Person.slack_id == slack_id).correlate(None)
    return await _changed(
        session,
        update(Person)
        .where(Person.id == person_id, Person.slack_id.is_(None), ~taken)
        .values(slack_id=slack_id, slack_trouble=None),
    )


async def set_trouble(session: Session, person_id: int, code: str | None) -> bool:
    """Why the bot cannot write to a person in Slack, or that it can; False where that was known."""
    differs = Person.slack_trouble.is_not(None) if code is None else Person.slack_trouble.is_distinct_from(code)
    return await _changed(session, update(Person).where(Person.id == person_id, differs).values(slack_trouble=code))


async def seen(session: Session, people: Sequence[int], now: datetime) -> None:
    """These were looked at in Slack."""
    await session.execute(update(Person).where(Person.id.in_(people)).values(slack_seen_at=now))


async def unsee(session: Session, person_id: int) -> None:
    """Something changed in Slack: the next roll call looks at this person first."""
    await session.execute(update(Person).where(Person.id == person_id).values(slack_seen_at=None))


async def names_beside(session: Session, person_id: int, today: date) -> set[str]:
    """What the others are called who hold a role, today or soon, for a country of this person's, or for none."""
    lasts = or_(Appointment.ends_on.is_(None), Appointment.ends_on >= today)
    mine = select(Appointment.member_code).where(Appointment.person_id == person_id, lasts)
    statement = (
        select(Person.name)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(
            Person.id != person_id,
            lasts,
            or_(Appointment.member_code.is_(None), Appointment.member_code.in_(mine)),
        )
    )
    return set(await session.scalars(statement))


async def roles_of(session: Session, person_id: int, today: date) -> list[tuple[Role, str | None]]:
    """The roles that a person holds today or will hold, with the country's code."""
    statement = select(Appointment.role, Appointment.member_code).where(
        Appointment.person_id == person_id, or_(Appointment.ends_on.is_(None), Appointment.ends_on >= today)
    )
    return [(row[0], row[1]) for row in (await session.execute(statement)).all()]
