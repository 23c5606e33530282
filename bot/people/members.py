"""The members of the network, and the first person of its secretariat."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from bot import workdays
from bot.errors import NotFound
from bot.formats import MemberData
from bot.people.contacts import answering_by_member
from db.engine import Session
from db.models import Appointment, Member, Person
from db.queries import people as queries
from db.vocabulary import Role


async def settle_members(session: Session, rows: Iterable[MemberData]) -> None:
    """Bring the members' table in line with the data file. Nobody is removed: history refers to them."""
    known = {member.code: member for member in await queries.members(session)}
    for row in rows:
        member = known.get(row.code)
        if member is None:
            member = Member(code=row.code)
            session.add(member)
        member.alpha2, member.name, member.zone = row.alpha2, row.name, row.zone
        member.calendar, member.locale = row.calendar, row.locale
    await session.flush()


async def settle_secretariat(
    session: Session, *, name: str, email: str, slack_id: str | None, zone: str, now: datetime
) -> None:
    """Make sure that the first secretariat person of the config is there; an address once known is never doubled."""
    person = await queries.person_by_email(session, email)
    if person is None and slack_id:
        person = await queries.person_by_slack_id(session, slack_id)
    if person is None:
        person = Person(name=name, email=email.lower(), slack_id=slack_id or None, zone=zone)
        session.add(person)
        await session.flush()
    person.zone = person.zone or zone
    held = await queries.hats_of_person(session, person.id, workdays.register_day(now))
    if not any(hat.role is Role.SECRETARIAT for hat in held):
        session.add(Appointment(person_id=person.id, role=Role.SECRETARIAT, starts_on=workdays.register_day(now)))
    await session.flush()


def is_called(member: Member, named: str) -> bool:
    """Whether somebody who wrote this meant the member: its name or one of its codes, whatever its case."""
    return named.strip().casefold() in (member.code.casefold(), member.alpha2.casefold(), member.name.casefold())


async def named(session: Session, text: str) -> Member:
    """The member that was named, by its name or one of its codes.

    Raises:
        NotFound: no member is called so.
    """
    for member in await queries.members(session):
        if is_called(member, text):
            return member
    raise NotFound(what="member", named=text[:80])


async def unheld(session: Session, today: date) -> tuple[int, list[str]]:
    """How many members somebody answers for today, and the names of those that nobody does."""
    asked = await answering_by_member(session, today)
    members = await queries.members(session)
    return len(asked), [member.name for member in members if member.code not in asked]


async def count(session: Session) -> int:
    """How many people are known."""
    return await queries.count(session)
