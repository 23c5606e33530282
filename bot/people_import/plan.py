"""What a file of people and agencies would change. Nothing is changed here.

An empty cell changes nothing, and whoever is not in the file is left as they are. A row is about the role that the same
person holds in the same capacity in these days, if there is one; else it is a new one. A new focal point takes over
from the one before, if the file does not say when that one ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from bot import workdays
from bot.exports.people import name_shown, shown
from bot.people import appointments
from bot.people.agencies import OF_A_MEMBER as KINDS_OF_A_MEMBER
from bot.people.appointments import DAY, last_day
from bot.people_import import following
from bot.people_import.draft import Body, Change, Draft, Somebody
from bot.people_import.row import Row
from bot.people_import.rows import read
from bot.people_import.sheets import Fault, Refused
from db.engine import Session
from db.models import Member
from db.queries import people as people_queries
from db.queries.appointments import Held
from db.vocabulary import Origin, Role

# Called with how many of how many rows are done.
Told = Callable[[int, int], None]
# Somebody may hold these for several agencies; of another role, the agency is only where the person works.
FOR_AGENCIES = (Role.CONTRIBUTOR, Role.PARTNER)


@dataclass(frozen=True)
class Plan:
    """What would change. With a fault nothing is done.

    Attributes:
        changes: by line.
        faults: every refused line.
        kept: what the file says otherwise than a person set it, and what stays as the person set it.
        rights: the changes by which somebody gets the rights of the secretariat, or the address of who has them.
        members: the members' names by code.
        draft: the register as it would stand.
    """

    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]
    kept: tuple[Change, ...] = ()
    rights: tuple[Change, ...] = ()
    members: dict[str, str] = field(default_factory=dict[str, str])
    draft: Draft = field(default_factory=Draft, repr=False)


def _silent(_done: int, _of: int) -> None:
    pass


async def plan(session: Session, data: bytes, now: datetime, *, lock: bool = False, told: Told = _silent) -> Plan:
    """Read a file and compare it with what is known. Nothing is changed.

    Args:
        data: the file, as `rows.read` takes it.
        now: the present moment, aware; a new role without `starts_on` begins on its day (of the register).
        lock: it will be carried out in this transaction; nobody else changes a role until then.
    """
    members = await people_queries.members(session)
    rows, faults = read(data, _spellings(members))
    if lock:
        for code in sorted(member.code for member in members):
            await appointments.lock(session, code)
    draft = await Draft.of(session, name_shown)
    planner = _Planner(draft, workdays.register_day(now), faults)
    planner.take(rows, told)
    found = tuple(sorted(planner.faults, key=lambda fault: fault.line))
    names = {member.code: member.name for member in members}
    changes = tuple(sorted(draft.changes, key=lambda change: change.line))
    kept = tuple(sorted(draft.kept, key=lambda change: change.line))
    return Plan(changes, found, kept, _rights(draft, changes, planner.today), names, draft)


def _spellings(members: Sequence[Member]) -> dict[str, str]:
    return {
        spelling.casefold(): member.code for member in members for spelling in (member.code, member.alpha2, member.name)
    }


class _Planner:
    """Takes the rows one after the other: whom, which agency, and then which role each is about."""

    def __init__(self, draft: Draft, today: date, faults: Sequence[Fault]) -> None:
        self.draft = draft
        self.today = today
        self.faults = list(faults)
        # The rows of focal points, by country.
        self.focal: dict[str | None, list[Row]] = {}
        # Who holds a role, by its country and their name, and is in the file under no address and no account of theirs.
        self.unnamed: dict[tuple[Role | None, str | None, str], list[Somebody]] = {}

    def take(self, rows: Sequence[Row], told: Told) -> None:
        """Take all rows, and then see whether the days of the focal points still follow each other."""
        open_rows: list[tuple[Row, Somebody, Body | None]] = []
        self._find_unnamed(rows)
        for row in rows:
            if row.role is Role.FOCAL_POINT:
                self.focal.setdefault(row.stands_for, []).append(row)
        for done, row in enumerate(rows):
            told(done, len(rows))
            try:
                body = self._body(row)
                person = self._person(row) if row.role is not None else None
                if person is not None and not self._exact(row, person, body):
                    open_rows.append((row, person, body))
            except Refused as refused:
                self.faults.append(refused.at(row.line))
        for row, person, body in open_rows:
            try:
                self._role(row, person, body)
            except Refused as refused:
                self.faults.append(refused.at(row.line))
        self.faults += following.settle(self.draft, self.today)
        told(len(rows), len(rows))

    def _find_unnamed(self, rows: Sequence[Row]) -> None:
        found = [self.draft.by_email(row.email) for row in rows] + [
            self.draft.by_slack_id(row.slack_id) for row in rows
        ]
        named = {person.key for person in found if person is not None}
        for held in self.draft.roles.values():
            person = self.draft.people[held.person_id]
            if person.key not in named and last_day(held) >= self.today:
                about = (held.role, held.member, person.name.casefold())
                self.unnamed.setdefault(about, []).append(person)

    # Agencies

    def _body(self, row: Row) -> Body | None:
        """The agency of a row.

        Raises:
            Refused: it is not known, and the row does not say enough of it.
        """
        if row.agency is None:
            return None
        body = self._known_body(row)
        if body is None:
            return self._new_body(row)
        for what, field_, value in (
            ("agency_kind", "kind", row.agency_kind),
            ("sector", "sector", row.sector),
            ("in_mechanism", "sits", row.in_mechanism),
        ):
            before = getattr(body, field_)
            if value is None or value == before:
                continue
            if what == "in_mechanism" and body.member is None:
                raise Refused("agency_sits_nowhere", kind=body.kind.value)
            setattr(body, field_, value)
            more = {"member": body.member, "before": before, "after": value}
            self.draft.change(row.line, what, body.name, body.key, **more)
        return body

    def _known_body(self, row: Row) -> Body | None:
        name = row.agency or ""
        if row.agency_kind is not None:
            home = row.member if row.agency_kind in KINDS_OF_A_MEMBER else None
            return self.draft.body(home, name)
        return self.draft.body(row.member, name) or (self.draft.body(None, name) if row.role is not None else None)

    def _new_body(self, row: Row) -> Body:
        if row.agency_kind is None or row.sector is None:
            raise Refused("agency_unknown", named=row.agency or "")
        home = row.member if row.agency_kind in KINDS_OF_A_MEMBER else None
        number = self.draft.number()
        body = Body(number, row.agency or "", home, row.agency_kind, row.sector, bool(row.in_mechanism))
        self.draft.take_body(body)
        self.draft.change(row.line, "agency", body.name, body.key, member=home)
        return body

    # People

    def _person(self, row: Row) -> Somebody:
        """Whom a row is about: found by address, else by Slack id together with the name; or somebody new.

        Raises:
            Refused: address and Slack id belong to two people.
        """
        by_email, by_slack_id = self.draft.by_email(row.email), self.draft.by_slack_id(row.slack_id)
        found = by_email
        if by_slack_id is not None and by_slack_id is not by_email:
            if by_email is not None or by_slack_id.name.casefold() != (row.name or "").casefold():
                raise Refused("slack_id_taken", named=row.slack_id or "", name=by_slack_id.name)
            found = by_slack_id
        if found is None:
            self._check_name(row)
            number = self.draft.number()
            found = Somebody(number, row.name or "", row.email, row.slack_id, row.zone, row.locale)
            self.draft.take_person(found)
            self.draft.change(row.line, "person", found.name, number)
            return found
        for what in ("name", "email", "slack_id", "zone", "locale"):
            self._field(row, found, what)
        self.draft.take_person(found)
        return found

    def _check_name(self, row: Row) -> None:
        """Refuse somebody new who would take a role from themselves: a person who holds it, and is in the file under no
        address of theirs, may use another address by now.

        Raises:
            Refused: the name is that of such a person, or of somebody who took the address of the row away.
        """
        if self.draft.took_away(row.email, row.name or ""):
            raise Refused("email_removed", name=row.name or "")
        for person in self.unnamed.get((row.role, row.stands_for, (row.name or "").casefold()), ()):
            if not (row.slack_id and person.slack_id):
                raise Refused("name_elsewhere", name=person.name)

    def _field(self, row: Row, person: Somebody, what: str) -> None:
        """One field of a person. What they set themselves stays."""
        before, after = getattr(person, what), getattr(row, what)
        if not after or after == before:
            return
        change = Change(row.line, what, person.name, person.key, before=before, after=after)
        if own := _own(person, what, after):
            self.draft.kept.append(replace(change, what=own))
            return
        setattr(person, what, after)
        if person.key > 0:
            self.draft.changes.append(change)

    # Roles

    def _exact(self, row: Row, person: Somebody, body: Body | None) -> bool:
        """Whether a row is about a role that is known from its first day on; these are found before all others."""
        if row.starts_on is None:
            return False
        same = [held for held in self._own(row, person, body) if held.starts_on == row.starts_on]
        if not same:
            return False
        self._update(row, same[0], body)
        return True

    def _own(self, row: Row, person: Somebody, body: Body | None) -> list[Held]:
        """The person's roles that a row may be about: those of the agency that it names come first."""
        fits = (None,) if body is None else (None, body.key)
        found = [
            held
            for held in self.draft.roles_of(person.key)
            if (held.role, held.member) == (row.role, row.stands_for)
            and held.appointment_id not in self.draft.lines
            and (body is None or held.agency_id in fits or held.role not in FOR_AGENCIES)
        ]
        return sorted(found, key=lambda held: (body is not None and held.agency_id != body.key, held.starts_on))

    def _role(self, row: Row, person: Somebody, body: Body | None) -> None:
        own = self._own(row, person, body)
        if row.starts_on is not None:
            starts, ends = row.starts_on, row.ends_on or date.max
            about = [held for held in own if starts <= last_day(held) and held.starts_on <= ends]
        else:
            about = [held for held in own if row.ends_on is not None and held.ends_on == row.ends_on]
            about = about or [held for held in own if last_day(held) >= self.today]
        exact = [held for held in about if body is not None and held.agency_id == body.key]
        about = exact or about
        if len(about) > 1:
            raise Refused("role_unclear", name=person.name)
        if about:
            self._update(row, about[0], body)
            return
        if row.starts_on is None and own:
            before = max(own, key=last_day)
            if self._is_followed(before):
                self._update(row, before, body)
                return
            raise Refused("held_before", name=person.name, ends=last_day(before).isoformat())
        if row.starts_on is None and row.ends_on is not None and row.ends_on < self.today:
            raise Refused("starts_missing", ends=row.ends_on.isoformat())
        self._new_role(row, person, body)

    def _is_followed(self, held: Held) -> bool:
        """Whether the file itself tells of the focal point who took over: it was brought in before."""
        following = self.draft.holders(held.role, held.member) if held.role is Role.FOCAL_POINT else ()
        return any(
            each.starts_on == last_day(held) + DAY and each.appointment_id in self.draft.lines for each in following
        )

    def _new_role(self, row: Row, person: Somebody, body: Body | None) -> None:
        """Somebody gets a role.

        Raises:
            Refused: the file names two focal points, and does not say which of them follows.
        """
        others = self.focal.get(row.stands_for, []) if row.role is Role.FOCAL_POINT and row.starts_on is None else []
        for other in others:
            if other is not row and (other.ends_on is None or other.ends_on >= self.today):
                raise Refused("two_focal_points", line=str(other.line), name=other.name or "")
        assert row.role is not None  # noqa: S101 - rows without a role are of agencies
        number = self.draft.number()
        starts_on = row.starts_on or self.today
        held = Held(
            appointment_id=number,
            person_id=person.key,
            name=person.name,
            email=person.email,
            slack_id=person.slack_id,
            role=row.role,
            member=row.stands_for,
            member_name=row.stands_for,
            agency_id=body.key if body else None,
            agency=body.name if body else None,
            starts_on=starts_on,
            ends_on=row.ends_on,
            reference=row.reference,
            mandate=row.mandate,
            pending=starts_on > self.today,
        )
        self.draft.take_role(held)
        self.draft.lines[number] = row
        more = {"role": row.role, "member": row.stands_for, "before": starts_on, "after": row.ends_on}
        self.draft.change(row.line, "appointment", person.name, number, **more)

    def _update(self, row: Row, held: Held, body: Body | None) -> None:
        """The role is known: what the row says otherwise changes.

        Raises:
            Refused: its days do not follow each other, or it has begun already.
        """
        self.draft.lines[held.appointment_id] = row
        starts, ends = row.starts_on or held.starts_on, row.ends_on or held.ends_on
        if ends is not None and ends < starts:
            raise Refused("days", starts=starts.isoformat(), ends=ends.isoformat())
        if starts > self.today >= held.starts_on:
            raise Refused("has_begun", name=held.name, starts=held.starts_on.isoformat())
        values: tuple[tuple[str, Any], ...] = (
            ("starts_on", row.starts_on),
            ("ends_on", row.ends_on),
            ("reference", row.reference),
            ("mandate", row.mandate),
            ("agency_id", body.key if body else None),
        )
        for what, value in values:
            before = shown(held.reference) if what == "reference" else getattr(held, what)
            if value is not None and value != before:
                held = self.draft.change_role(row.line, what, held, value)


def _own(person: Somebody, what: str, after: str) -> str | None:
    """What a person set themselves, as `import_kept_<it>` in the labels says it; None: the file may change it."""
    if what == "email" and after in person.further:
        return "email"
    if what == "email" and after in person.removed:
        return "email_removed"
    own = {
        "name": person.name_by is Origin.PERSON,
        "zone": person.zone_by is Origin.PERSON,
        "email": person.email_own,
    }
    return ("email_chosen" if what == "email" else what) if own.get(what) else None


def _rights(draft: Draft, changes: Sequence[Change], today: date) -> tuple[Change, ...]:
    """The changes that give somebody what only the secretariat may do."""
    found: list[Change] = []
    for change in changes:
        if change.role is Role.SECRETARIAT:
            lasting = last_day(draft.roles[change.key]) >= today
            if change.what in ("appointment", "starts_on", "ends_on") and lasting:
                found.append(change)
        elif change.what in ("email", "slack_id") and any(
            held.role is Role.SECRETARIAT and last_day(held) >= today for held in draft.roles_of(change.key)
        ):
            found.append(change)
    return tuple(found)
