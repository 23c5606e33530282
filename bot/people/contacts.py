"""Where people are reached, and who is written to when a message goes to a role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot import workdays
from bot.errors import NotFound
from bot.words import Reader
from db.engine import Session
from db.models import Person
from db.queries import people as queries
from db.queries.people import Hat
from db.vocabulary import Role

# People who stand for no country live at the secretariat's, unless they say otherwise.
DEFAULT_LOCALE = "en_GB"
ANSWERING = (Role.FOCAL_POINT, Role.ALTERNATE)


@dataclass(frozen=True)
class Contact:
    """Where a person is reached, and in which zone and date style. Addresses are None where there is none, or where the
    bot cannot write to them."""

    person_id: int
    name: str
    email: str | None
    slack_id: str | None
    reader: Reader
    member: str | None
    role: Role | None


def contact_of(hat: Hat) -> Contact:
    """Where the holder of a role is reached."""
    reader = Reader(hat.zone or "UTC", hat.locale or DEFAULT_LOCALE)
    return Contact(
        hat.person_id, hat.name, hat.email, None if hat.slack_trouble else hat.slack_id, reader, hat.member, hat.role
    )


async def contact(session: Session, person_id: int, now: datetime) -> Contact:
    """Where a person is reached now.

    Raises:
        NotFound: there is no such person.
    """
    hats = await queries.hats_of_person(session, person_id, workdays.register_day(now))
    if hats:
        return contact_of(next((hat for hat in hats if hat.appointment_id == hat.chosen), hats[0]))
    person = await queries.person(session, person_id)
    if person is None:
        raise NotFound(what="person", named=str(person_id))
    reader = Reader(person.zone or "UTC", person.locale or DEFAULT_LOCALE)
    slack_id = None if person.slack_trouble else person.slack_id
    return Contact(person.id, person.name, person.email, slack_id, reader, None, None)


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


def _stands_in(hat: Hat) -> tuple[bool, bool]:
    """The order in which those who answer for a member are asked: present before away, the focal point first."""
    return hat.away, hat.role is not Role.FOCAL_POINT


async def answering(session: Session, member: str, today: date) -> list[Hat]:
    """The focal point and the alternates of a member: who is asked first; those on leave come last."""
    return sorted(await queries.holders(session, ANSWERING, today, member), key=_stands_in)


async def answering_by_member(session: Session, today: date) -> dict[str, Hat]:
    """For each member that has one, who is asked: the focal point; while there is none, or on leave, an alternate."""
    return {member: hats[0] for member, hats in (await all_answering(session, today)).items()}


async def all_answering(session: Session, today: date) -> dict[str, list[Hat]]:
    """`answering` for each member that has somebody."""
    found: dict[str, list[Hat]] = {}
    for hat in sorted(await queries.holders(session, ANSWERING, today), key=_stands_in):
        found.setdefault(hat.member or "", []).append(hat)
    return found


def addressed(hats: Sequence[Hat], to: Sequence[Role]) -> dict[Role, Hat]:
    """Who is written to when a message goes to several roles of one member: each person once.

    An alternate stands in where there is no focal point, or the focal point is on leave. Of several holders of a role
    it is the first by name, those on leave last.

    Args:
        hats: who holds a role for this member.
        to: the roles, in any order.
    """
    found: dict[Role, Hat] = {}
    for role in sorted(to, key=list(Role).index):
        stand = ANSWERING if role is Role.FOCAL_POINT else (role,)
        held = sorted((hat for hat in hats if hat.role in stand), key=_stands_in)
        taken = {hat.person_id for hat in found.values()}
        if free := [hat for hat in held if hat.person_id not in taken]:
            found[role] = free[0]
    return found


def to_role(
    member: str, role: Role = Role.FOCAL_POINT, to: Sequence[Role] = (Role.FOCAL_POINT,), agency_id: int | None = None
) -> dict[str, Any]:
    """The facts of a delivery that goes to a role: the person is found when it is sent, so a handover moves it.

    Args:
        member: ISO 3166-1 alpha-3 code.
        role: the role that this delivery goes to.
        to: all roles that the same message goes to, so that nobody gets it twice.
        agency_id: only to its holder from this agency.
    """
    wanted: dict[str, Any] = {"member": member, "role": role.value, "to": [one.value for one in to]}
    return {"addressee": wanted if agency_id is None else {**wanted, "agency": agency_id}}


async def addressee(session: Session, wanted: Mapping[str, Any], now: datetime) -> Contact | None:
    """Where the holder of a role is reached now; None when nobody holds it, or they are written to in another role.

    Args:
        wanted: `addressee` of a delivery's facts: `member`, `role`, `to`, all the roles that are written to, and
            perhaps `agency`.
    """
    to = [Role(role) for role in wanted["to"]]
    # An alternate may have to stand in.
    hats = await queries.holders(session, [*to, Role.ALTERNATE], workdays.register_day(now), wanted["member"])
    if (agency := wanted.get("agency")) is not None:
        hats = [hat for hat in hats if hat.agency_id == agency]
    hat = addressed(hats, to).get(Role(wanted["role"]))
    return contact_of(hat) if hat else None
