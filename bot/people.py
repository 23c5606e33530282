"""Members and people: who they are, which role they hold, where they are reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from bot import audit
from bot.errors import NotFound
from bot.formats import MemberData
from bot.speaker import Speaker
from bot.words import Reader
from db.engine import Session
from db.models import Appointment, Member, Person
from db.queries import people as queries
from db.queries.people import Hat
from db.vocabulary import Role, Via

# People who stand for no country live at the secretariat's, unless they say otherwise.
DEFAULT_LOCALE = "en_GB"


@dataclass(frozen=True)
class Contact:
    """Where a person is reached, and in which zone and date style. Addresses are None where there is none."""

    person_id: int
    name: str
    email: str | None
    slack_id: str | None
    reader: Reader
    member: str | None
    role: Role | None


@dataclass(frozen=True)
class Recognised:
    """What is known of whoever wrote: the speaker, or the hats to choose from, or a role that has ended, or nothing."""

    speaker: Speaker | None
    hats: tuple[Hat, ...] = ()
    ended: queries.Ended | None = None


def speaker_of(hat: Hat, via: Via) -> Speaker:
    """A person in one of their roles."""
    return Speaker(hat.person_id, hat.name, hat.role, hat.member, via, hat.zone or "UTC", hat.locale or DEFAULT_LOCALE)


def contact_of(hat: Hat) -> Contact:
    """Where the holder of a role is reached."""
    reader = Reader(hat.zone or "UTC", hat.locale or DEFAULT_LOCALE)
    return Contact(hat.person_id, hat.name, hat.email, hat.slack_id, reader, hat.member, hat.role)


def choose(hats: Sequence[Hat], via: Via) -> Recognised:
    """The one hat, the chosen hat, or all of them to choose from."""
    if not hats:
        return Recognised(None)
    chosen = [hat for hat in hats if hat.appointment_id == hat.chosen]
    if len(hats) == 1 or chosen:
        return Recognised(speaker_of((chosen or hats)[0], via), tuple(hats))
    return Recognised(None, tuple(hats))


async def recognise(session: Session, slack_id: str, now: datetime, via: Via = Via.SLACK) -> Recognised:
    """Who stands behind a Slack id today."""
    known = choose(await queries.hats_of_slack_id(session, slack_id, now.date()), via)
    return known if known.hats else replace(known, ended=await queries.ended(session, slack_id, now.date()))


async def all_hats(session: Session, person_id: int, now: datetime) -> Recognised:
    """Every role that a person holds today, to choose from."""
    return Recognised(None, tuple(await queries.hats_of_person(session, person_id, now.date())))


async def wear(session: Session, slack_id: str, appointment_id: str, now: datetime) -> None:
    """A person with several roles chooses one; it holds until another is chosen.

    Raises:
        NotFound: it is not a role that this person holds today.
    """
    for hat in await queries.hats_of_slack_id(session, slack_id, now.date()):
        if str(hat.appointment_id) == appointment_id:
            person = await queries.person(session, hat.person_id)
            if person is not None:
                person.hat_id = hat.appointment_id
                await session.flush()
            return
    raise NotFound(what="role", named=appointment_id[:40])


async def contact(session: Session, person_id: int, now: datetime) -> Contact:
    """Where a person is reached now.

    Raises:
        NotFound: there is no such person.
    """
    hats = await queries.hats_of_person(session, person_id, now.date())
    if hats:
        return contact_of(next((hat for hat in hats if hat.appointment_id == hat.chosen), hats[0]))
    person = await queries.person(session, person_id)
    if person is None:
        raise NotFound(what="person", named=str(person_id))
    reader = Reader(person.zone or "UTC", person.locale or DEFAULT_LOCALE)
    return Contact(person.id, person.name, person.email, person.slack_id, reader, None, None)


async def find(session: Session, named: str) -> Person:
    """The person of a Slack id, an e-mail address or a whole name, whatever its case.

    Raises:
        NotFound: nobody, or several people, are called so.
    """
    named = named.strip()
    found = await queries.person_by_slack_id(session, named) or await queries.person_by_email(session, named)
    if found is not None:
        return found
    called = [person for person in await queries.people(session) if person.name.casefold() == named.casefold()]
    if len(called) != 1:
        raise NotFound(what="people" if called else "person", named=named[:80])
    return called[0]


async def unheld(session: Session, today: date) -> tuple[int, list[str]]:
    """How many members somebody answers for today, and the names of those that nobody does."""
    asked = await answering_by_member(session, today)
    members = await queries.members(session)
    return len(asked), [member.name for member in members if member.code not in asked]


async def count(session: Session) -> int:
    """How many people are known."""
    return await queries.count(session)


async def has_stopped_digests(session: Session, person_id: int) -> bool:
    """Whether the person wants no digests.

    Raises:
        NotFound: there is no such person.
    """
    return (await _known(session, person_id)).digest_stopped_at is not None


async def stop_digests(
    session: Session, person_id: int, now: datetime, *, again: bool = False, by: Speaker | None = None
) -> None:
    """A person wants no more digests, or wants them again. Doing it twice changes nothing.

    Who holds the signed link of a mail may do this without a role: it is theirs alone.

    Args:
        by: who does it for them; None for the person's own link.

    Raises:
        NotFound: there is no such person.
    """
    person = await _known(session, person_id)
    if (person.digest_stopped_at is None) == again:
        return
    person.digest_stopped_at = None if again else now
    hats = await queries.hats_of_person(session, person_id, now.date())
    by = by or (speaker_of(hats[0], Via.PAGE) if hats else None)
    await audit.record(session, by, "want_digests" if again else "stop_digests", f"person:{person_id}", now)
    await session.flush()


async def _known(session: Session, person_id: int) -> Person:
    person = await queries.person(session, person_id)
    if person is None:
        raise NotFound(what="person", named=str(person_id))
    return person


async def answering(session: Session, member: str, today: date) -> list[Hat]:
    """The focal point and the alternates of a member; the focal point first."""
    hats = await queries.holders(session, [Role.FOCAL_POINT, Role.ALTERNATE], today, member)
    return sorted(hats, key=lambda hat: hat.role is not Role.FOCAL_POINT)


async def answering_by_member(session: Session, today: date) -> dict[str, Hat]:
    """For each member that has one, who is asked: the focal point, or an alternate where there is none."""
    asked: dict[str, Hat] = {}
    hats = await queries.holders(session, [Role.FOCAL_POINT, Role.ALTERNATE], today)
    for hat in sorted(hats, key=lambda hat: hat.role is not Role.FOCAL_POINT):
        asked.setdefault(hat.member or "", hat)
    return asked


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
    held = await queries.hats_of_person(session, person.id, now.date())
    if not any(hat.role is Role.SECRETARIAT for hat in held):
        session.add(Appointment(person_id=person.id, role=Role.SECRETARIAT, starts_on=now.astimezone(UTC).date()))
    await session.flush()


async def first_secretariat(session: Session, email: str, slack_id: str | None, now: datetime, via: Via) -> Speaker:
    """Who speaks where nobody is asked for a name: the first person of the secretariat, as in the config.

    Raises:
        NotFound: that person is not there yet.
    """
    person = await queries.person_by_email(session, email)
    if person is None and slack_id:
        person = await queries.person_by_slack_id(session, slack_id)
    held = await queries.hats_of_person(session, person.id, now.date()) if person else []
    for hat in held:
        if hat.role is Role.SECRETARIAT:
            return speaker_of(hat, via)
    raise NotFound(what="person", named=email)


def is_called(member: Member, named: str) -> bool:
    """Whether somebody who wrote this meant the member: its name or one of its codes, whatever its case."""
    return named.strip().casefold() in (member.code.casefold(), member.alpha2.casefold(), member.name.casefold())


def addressed(hats: Sequence[Hat], to: Sequence[Role]) -> dict[Role, Hat]:
    """Who is written to when a message goes to several roles of one member: each person once.

    An alternate stands in where there is no focal point. Of several holders of a role it is the first by name.

    Args:
        hats: who holds a role for this member.
        to: the roles, in any order.
    """
    found: dict[Role, Hat] = {}
    for role in sorted(to, key=list(Role).index):
        held = [hat for hat in hats if hat.role is role]
        if role is Role.FOCAL_POINT and not held:
            held = [hat for hat in hats if hat.role is Role.ALTERNATE]
        taken = {hat.person_id for hat in found.values()}
        if free := [hat for hat in held if hat.person_id not in taken]:
            found[role] = free[0]
    return found


def to_role(member: str, role: Role = Role.FOCAL_POINT, to: Sequence[Role] = (Role.FOCAL_POINT,)) -> dict[str, Any]:
    """The facts of a delivery that goes to a role: the person is found when it is sent, so a handover moves it.

    Args:
        member: ISO 3166-1 alpha-3 code.
        role: the role that this delivery goes to.
        to: all roles that the same message goes to, so that nobody gets it twice.
    """
    return {"addressee": {"member": member, "role": role.value, "to": [one.value for one in to]}}


async def addressee(session: Session, wanted: Mapping[str, Any], now: datetime) -> Contact | None:
    """Where the holder of a role is reached now; None when nobody holds it, or they are written to in another role.

    Args:
        wanted: `addressee` of a delivery's facts: `member`, `role`, and `to`, all the roles that are written to.
    """
    to = [Role(role) for role in wanted["to"]]
    # An alternate may have to stand in.
    hats = await queries.holders(session, [*to, Role.ALTERNATE], now.date(), wanted["member"])
    hat = addressed(hats, to).get(Role(wanted["role"]))
    return contact_of(hat) if hat else None
