"""The register as it would stand: what is known, with what the file changes; nothing of it is stored.

Who is new has a negative number here. Changes are collected as they are made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from bot.people_import.row import Row
from db.engine import Session
from db.models import Agency, Person
from db.queries import agencies as agency_queries
from db.queries import appointments as appointment_queries
from db.queries import people as people_queries
from db.queries import profiles as profile_queries
from db.queries.appointments import Held
from db.vocabulary import AgencyKind, Origin, Role, Sector


@dataclass(frozen=True)
class Change:
    """One thing that would be different. `import_change_<what>` in the labels says it.

    Attributes:
        line: the line of the file that asks for it.
        what: what changes; `person`, `agency` and `appointment` are new.
        name: the person's, or the agency's where it is about an agency.
        key: the number of the person, the agency or the role.
        role, member: of a role.
        before, after: of one field, as they are stored.
        facts: what else the words need.
    """

    line: int
    what: str
    name: str
    key: int
    role: Role | None = None
    member: str | None = None
    before: Any = None
    after: Any = None
    facts: dict[str, str] = field(default_factory=dict[str, str])


@dataclass
class Somebody:
    """A person, as they would be.

    Attributes:
        email_own: they chose the address in use themselves, and a mail server takes mails for it.
        further: other addresses of theirs that they confirmed.
        removed: addresses that they took away.
    """

    key: int
    name: str
    email: str | None
    slack_id: str | None
    zone: str | None
    locale: str | None
    name_by: Origin = Origin.REGISTER
    zone_by: Origin | None = None
    email_own: bool = False
    further: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()


class _Addresses(NamedTuple):
    """What a person did to their addresses, as the fields of the same names."""

    email_own: bool
    further: frozenset[str]
    removed: frozenset[str]


@dataclass
class Body:
    """An agency, as it would be."""

    key: int
    name: str
    member: str | None
    kind: AgencyKind
    sector: Sector
    sits: bool


class Draft:
    """What is known, and what would be."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.kept: list[Change] = []
        self.people: dict[int, Somebody] = {}
        self.bodies: dict[int, Body] = {}
        self.roles: dict[int, Held] = {}
        # The roles as they are stored, and the line of the file that is about each.
        self.stored: dict[int, Held] = {}
        self.lines: dict[int, Row] = {}
        # Who takes over from whom: the role that gives way, and the one that follows.
        self.followed_by: dict[int, int] = {}
        self._last = 0
        self._by_email: dict[str, Somebody] = {}
        self._by_removed: dict[str, list[Somebody]] = {}
        self._by_slack_id: dict[str, Somebody] = {}
        self._by_agency: dict[tuple[str | None, str], Body] = {}
        self._by_person: dict[int, list[int]] = {}
        self._by_office: dict[tuple[Role, str | None], list[int]] = {}

    @classmethod
    async def of(cls, session: Session, shown: Callable[[str], str]) -> Draft:
        """The register as it is stored.

        Args:
            shown: a name as a file holds it.
        """
        draft = cls()
        further: dict[int, list[str]] = {}
        for address, person_id in (await profile_queries.confirmed(session)).items():
            further.setdefault(person_id, []).append(address)
        removed: dict[int, list[str]] = {}
        for person_id, address in await profile_queries.taken_away(session):
            removed.setdefault(person_id, []).append(address)
        chosen = await profile_queries.chose_their_address(session)
        for person in await people_queries.people(session):
            own = _Addresses(
                person.id in chosen and person.email_refused_at is None,
                frozenset(further.get(person.id, ())),
                frozenset(removed.get(person.id, ())),
            )
            draft.take_person(_somebody(person, shown(person.name), own))
        for agency in await agency_queries.every(session):
            draft.take_body(_body(agency, shown(agency.name)))
        for held in await appointment_queries.every(session):
            draft.take_role(held._replace(name=shown(held.name)))
            draft.stored[held.appointment_id] = held
        return draft

    def number(self) -> int:
        """A number for something new."""
        self._last -= 1
        return self._last

    def take_person(self, person: Somebody) -> None:
        """Know a person, or what is new of one."""
        self.people[person.key] = person
        for email in filter(None, (person.email, *person.further)):
            self._by_email.setdefault(email, person)
        for email in person.removed:
            self._by_removed.setdefault(email, []).append(person)
        if person.slack_id:
            self._by_slack_id.setdefault(person.slack_id, person)

    def take_body(self, body: Body) -> None:
        """Know an agency."""
        self.bodies[body.key] = body
        self._by_agency.setdefault((body.member, body.name.casefold()), body)

    def take_role(self, held: Held) -> None:
        """Know a role, or its new days."""
        if held.appointment_id not in self.roles:
            self._by_person.setdefault(held.person_id, []).append(held.appointment_id)
            self._by_office.setdefault((held.role, held.member), []).append(held.appointment_id)
        self.roles[held.appointment_id] = held

    def by_email(self, email: str | None) -> Somebody | None:
        """Whose address it is."""
        return self._by_email.get(email or "")

    def took_away(self, email: str | None, name: str) -> bool:
        """Whether somebody of this name took this address away."""
        return any(person.name.casefold() == name.casefold() for person in self._by_removed.get(email or "", ()))

    def by_slack_id(self, slack_id: str | None) -> Somebody | None:
        """Whose account it is."""
        return self._by_slack_id.get(slack_id or "")

    def body(self, member: str | None, name: str) -> Body | None:
        """The agency of this name of a member, or of none."""
        return self._by_agency.get((member, name.casefold()))

    def roles_of(self, person_key: int) -> list[Held]:
        """Every role of a person."""
        return [self.roles[each] for each in self._by_person.get(person_key, [])]

    def holders(self, role: Role, member: str | None) -> list[Held]:
        """Whoever holds a role for a member at any time, the earliest first."""
        found = [self.roles[each] for each in self._by_office.get((role, member), [])]
        return sorted(found, key=lambda held: (held.starts_on, held.appointment_id))

    def change(self, line: int, what: str, name: str, key: int, **more: Any) -> None:
        """Note a change."""
        self.changes.append(Change(line, what, name, key, **more))

    def change_role(self, line: int, what: str, held: Held, value: Any, **facts: str) -> Held:
        """Note that one field of a role changes, and change it here."""
        before = getattr(held, what)
        about = {"role": held.role, "member": held.member, "before": before, "after": value, "facts": facts}
        self.change(line, "gives_way" if facts else what, held.name, held.appointment_id, **about)
        after = held._replace(**{what: value})
        self.take_role(after)
        return after

    def begins_anew(self, key: int, since: date) -> bool:
        """Whether a role is new or begins on another day, and is held on a day or later."""
        held, before = self.roles[key], self.stored.get(key)
        lasts = held.ends_on is None or held.ends_on >= since
        return lasts and (before is None or before.starts_on != held.starts_on)


def _somebody(person: Person, name: str, own: _Addresses) -> Somebody:
    return Somebody(
        person.id,
        name,
        person.email,
        person.slack_id,
        person.zone or None,
        person.locale or None,
        person.name_by,
        person.zone_by,
        *own,
    )


def _body(agency: Agency, name: str) -> Body:
    return Body(agency.id, name, agency.member_code, agency.kind, agency.sector, agency.sits)
