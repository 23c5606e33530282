"""What a file of people would change, and changing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from bot import audit, permissions, workdays
from bot.people_import.rows import Fault, Row, read
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Appointment, Member, Person
from db.queries import people as queries
from db.vocabulary import Role

What = Literal["person", "name", "email", "slack_id", "zone", "locale", "appointment", "starts_on", "ends_on"]


@dataclass(frozen=True)
class Change:
    """One thing that would be different. `import_change_<what>` in the labels says it.

    Attributes:
        line: the line of the file that asks for it.
        name: the person, as known after the change.
        person_id: None for somebody new.
        appointment_id: the role's row, where one is there already.
        row: what the file says.
        before, after: of a field; of `ends_on`, the last day.
    """

    line: int
    what: What
    name: str
    row: Row
    person_id: int | None = None
    appointment_id: int | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True)
class Plan:
    """Every change, every refused line, and the names of the members by code. With a fault nothing is done."""

    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]
    members: dict[str, str] = field(default_factory=dict[str, str])


async def plan(session: Session, data: bytes, now: datetime) -> Plan:
    """Read a file and compare it with what is known. Nothing is changed.

    Args:
        data: the file, as `rows.read` takes it.
        now: the present moment, aware; a role without `starts_on` begins on its day (UTC).
    """
    members = await queries.members(session)
    rows, faults = read(data, _spellings(members))
    people = await queries.people(session)
    appointments = await queries.appointments(session)
    changes: list[Change] = []
    seen: set[object] = set()
    for row in rows:
        found = _known(row, people)
        if isinstance(found, Fault):
            faults.append(found)
            continue
        who = found.id if found else (row.email, row.slack_id)
        if who not in seen:
            changes += _of_person(row, found)
            seen.add(who)
        changes += _of_role(row, found, people, appointments, workdays.register_day(now))
    faults.sort(key=lambda fault: fault.line)
    return Plan(tuple(changes), tuple(faults), {member.code: member.name for member in members})


async def carry_out(session: Session, by: Speaker, plan: Plan, now: datetime) -> None:
    """Do what a plan of this very transaction says, with an audit row for each change.

    Raises:
        NotAllowed: not everybody may.
        ValueError: a line was refused: all or nothing.
    """
    permissions.require(by, Act.IMPORT)
    if plan.faults:
        raise ValueError("a plan with refused lines is not carried out")
    made: dict[tuple[str | None, str | None], int] = {}
    for change in plan.changes:
        row = change.row
        person_id = change.person_id or made.get((row.email, row.slack_id))
        if change.what == "person":
            person = Person(name=row.name, email=row.email, slack_id=row.slack_id, zone=row.zone, locale=row.locale)
            session.add(person)
            await session.flush()
            person_id = made[row.email, row.slack_id] = person.id
        elif change.what == "appointment":
            starts_on = row.starts_on or workdays.register_day(now)
            session.add(Appointment(person_id=person_id, role=row.role, member_code=row.member, starts_on=starts_on))
        elif change.appointment_id is not None:
            appointment = await session.get_one(Appointment, change.appointment_id)
            setattr(appointment, change.what, date.fromisoformat(change.after or ""))
        else:
            setattr(await session.get_one(Person, person_id), change.what, change.after)
        await session.flush()
        await audit.record(session, by, f"import_{change.what}", f"person:{person_id}", now, **_detail(change))


def _detail(change: Change) -> dict[str, Any]:
    if change.what in ("person", "appointment"):
        return {"role": change.row.role.value, "member": change.row.member}
    return {"before": change.before, "after": change.after}


def _spellings(members: Sequence[Member]) -> dict[str, str]:
    return {
        spelling.casefold(): member.code for member in members for spelling in (member.code, member.alpha2, member.name)
    }


def _known(row: Row, people: Sequence[Person]) -> Person | Fault | None:
    """Whom a row is about: found by address, else by Slack id together with the name."""
    by_email = next((person for person in people if row.email and person.email == row.email), None)
    by_slack = next((person for person in people if row.slack_id and person.slack_id == row.slack_id), None)
    if by_slack is None or by_slack is by_email:
        return by_email
    if by_email is not None or by_slack.name.casefold() != row.name.casefold():
        return Fault(row.line, "slack_id_taken", {"named": row.slack_id or "", "name": by_slack.name})
    return by_slack


def _of_person(row: Row, found: Person | None) -> list[Change]:
    """A cell left empty changes nothing."""
    if found is None:
        return [Change(row.line, "person", row.name, row)]
    fields: tuple[Literal["name", "email", "slack_id", "zone", "locale"], ...]
    fields = ("name", "email", "slack_id", "zone", "locale")
    return [
        Change(row.line, what, row.name, row, found.id, before=getattr(found, what), after=getattr(row, what))
        for what in fields
        if getattr(row, what) and getattr(row, what) != getattr(found, what)
    ]


def _of_role(
    row: Row, found: Person | None, people: Sequence[Person], appointments: Sequence[Appointment], today: date
) -> list[Change]:
    """The role begins, or began on another day; who was focal point before ends the day before."""
    lasting = [one for one in appointments if one.ends_on is None or one.ends_on >= today]
    same = [one for one in lasting if (one.role, one.member_code) == (row.role, row.member)]
    own = next((one for one in same if found is not None and one.person_id == found.id), None)
    starts_on = row.starts_on or (own.starts_on if own else today)
    person_id = found.id if found else None
    changes: list[Change] = []
    if own is None:
        changes.append(Change(row.line, "appointment", row.name, row, person_id, after=starts_on.isoformat()))
    elif own.starts_on != starts_on:
        before, after = own.starts_on.isoformat(), starts_on.isoformat()
        changes.append(Change(row.line, "starts_on", row.name, row, person_id, own.id, before, after))
    if row.role is not Role.FOCAL_POINT:
        return changes
    last_day = starts_on - timedelta(days=1)
    names = {person.id: person.name for person in people}
    for other in same:
        if other is not own and (other.ends_on is None or other.ends_on > last_day):
            before = other.ends_on.isoformat() if other.ends_on else None
            name = names[other.person_id]
            after = last_day.isoformat()
            changes.append(Change(row.line, "ends_on", name, row, other.person_id, other.id, before, after))
    return changes
