"""Focal points follow each other: who takes over from whom, and that no day has two of them or, between two, none.

The rules are those of bot/people/appointments.py, asked about the register as it would stand after the whole file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.people import appointments
from bot.people.appointments import DAY, AlreadyHolds, RoleGap, RolesOverlap, Wish, last_day
from bot.people_import.draft import Draft
from bot.people_import.row import Row
from bot.people_import.sheets import Fault
from db.queries.appointments import Held
from db.vocabulary import Role

# Changes after which the days of roles are looked at.
OF_DAYS = ("appointment", "starts_on", "ends_on", "gives_way")


def settle(draft: Draft, today: date) -> list[Fault]:
    """Let whoever is followed give way, and say which lines do not fit."""
    order = _Order(draft, today)
    order.give_way()
    order.check()
    return order.faults


class _Order:
    def __init__(self, draft: Draft, today: date) -> None:
        self.draft = draft
        self.today = today
        self.faults: list[Fault] = []

    def give_way(self) -> None:
        """A focal point of the file takes over from the one before, whose end the file does not set. Who was alternate
        and becomes focal point is alternate no more, if the file does not say otherwise."""
        for key, row in list(self.draft.lines.items()):
            new = self.draft.roles[key]
            if new.role is not Role.FOCAL_POINT:
                continue
            for other in self.draft.holders(new.role, new.member):
                stated = self.draft.lines.get(other.appointment_id)
                fixed = stated is not None and (stated.ends_on is not None or other.starts_on == new.starts_on)
                # What is history and is told without the one before leaves that one as it is.
                fixed = fixed or (stated is None and last_day(new) < self.today)
                if other.appointment_id != key and not fixed and other.starts_on <= new.starts_on <= last_day(other):
                    self._cut(row, other, new)
            if not self.draft.begins_anew(key, self.today):
                continue
            for other in self.draft.roles_of(new.person_id):
                same = (other.role, other.member) == (Role.ALTERNATE, new.member)
                stated = other.appointment_id in self.draft.lines
                if same and not stated and other.starts_on < new.starts_on <= last_day(other):
                    self._cut(row, other, new)

    def _cut(self, row: Row, held: Held, new: Held) -> None:
        self.draft.change_role(row.line, "ends_on", held, new.starts_on - DAY, follows=new.name)
        self.draft.followed_by[held.appointment_id] = new.appointment_id

    def check(self) -> None:
        """See that no two roles overlap that may not, and that no focal point is missing between two."""
        touched = {change.key: change.line for change in self.draft.changes if change.what in OF_DAYS}
        focal: dict[str | None, int] = {}
        for key, line in touched.items():
            held = self.draft.roles[key]
            if held.role is Role.FOCAL_POINT:
                focal[held.member] = line
            if last_day(held) >= held.starts_on:
                self._check_free(held, line, touched)
        for member, line in focal.items():
            self._check_gaps(member, line)

    def _check_free(self, held: Held, line: int, touched: dict[int, int]) -> None:
        focal = held.role is Role.FOCAL_POINT
        same = self.draft.holders(held.role, held.member) if focal else self.draft.roles_of(held.person_id)
        same = _ever(same)
        try:
            appointments.check_free(_wish(held), held.person_id, same, but=held.appointment_id)
        except (RolesOverlap, AlreadyHolds) as refused:
            name, starts = str(refused.facts["name"]), refused.facts["starts"]
            other = next(row for row in same if (row.name, row.starts_on) == (name, starts))
            # Of two lines that stand in each other's way the later one is to be mended, and the other is not named too.
            if touched.get(other.appointment_id, 0) <= line:
                days = {"starts": _iso(starts), "ends": _iso(other.ends_on)}
                wanted = {"from": _iso(held.starts_on), "until": _iso(held.ends_on)}
                code = "overlap" if isinstance(refused, RolesOverlap) else "already_holds"
                self.faults.append(Fault(line, code, {"name": name, **days, **wanted}))

    def _check_gaps(self, member: str | None, line: int) -> None:
        rows = _ever(self.draft.holders(Role.FOCAL_POINT, member))
        try:
            appointments.check_chain(rows, self.today)
        except RoleGap as refused:
            second = next(row for row in rows if row.starts_on == refused.facts["starts"])
            own = self.draft.lines.get(second.appointment_id)
            days = {key: _iso(refused.facts[key]) for key in ("ends", "starts", "following")}
            found = {"name": str(refused.facts["name"]), "other": second.name, **days}
            self.faults.append(Fault(own.line if own else line, "gap", found))


def _ever(rows: Sequence[Held]) -> list[Held]:
    return [row for row in rows if last_day(row) >= row.starts_on]


def _wish(held: Held) -> Wish:
    return Wish(held.role, held.member, held.starts_on, held.ends_on, held.agency_id)


def _iso(day: object) -> str:
    return day.isoformat() if isinstance(day, date) else "-"
