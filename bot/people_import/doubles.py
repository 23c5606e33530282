"""Rows against those above them: one address for two people, a role twice, two focal points, an agency that differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.people_import.row import Row
from bot.people_import.sheets import Fault
from db.vocabulary import Role


@dataclass
class _Somebody:
    """A person of the file; what is empty in one row may stand in another."""

    first: Row
    email: str | None
    slack_id: str | None
    zone: str | None = None
    locale: str | None = None
    rows: dict[object, list[Row]] = field(default_factory=lambda: defaultdict(list))


class _Seen:
    def __init__(self) -> None:
        self.by_email: dict[str, _Somebody] = {}
        self.by_slack_id: dict[str, _Somebody] = {}
        self.focal_points: dict[str | None, list[Row]] = defaultdict(list)
        self.agencies: dict[object, list[Row]] = defaultdict(list)


def without_doubles(rows: Sequence[Row], faults: Sequence[Fault]) -> tuple[list[Row], list[Fault]]:
    """The rows that agree with those above them, and all faults by line."""
    seen, found = _Seen(), list(faults)
    good: list[Row] = []
    for row in rows:
        code, other = _double(row, seen)
        if other is None:
            good.append(row)
        else:
            name = other.name or other.agency or ""
            found.append(Fault(row.line, code, {"line": str(other.line), "name": name}))
    return good, sorted(found, key=lambda fault: fault.line)


def _double(row: Row, seen: _Seen) -> tuple[str, Row | None]:
    """What is wrong, and with which row above; a row that is good is remembered."""
    if row.agency is not None:
        code, other = _of_agency(row, seen)
        if other is not None:
            return code, other
    if row.role is None:
        return "", None
    by_email, by_slack_id = seen.by_email.get(row.email or ""), seen.by_slack_id.get(row.slack_id or "")
    known = by_email or by_slack_id
    if known is None:
        known = _Somebody(row, row.email, row.slack_id)
    elif code := _differs(row, known, by_email, by_slack_id):
        return code, (by_slack_id or known).first if code == "slack_id_twice" else known.first
    key = (row.role, row.stands_for, (row.agency or "").casefold())
    for other in known.rows[key]:
        if _meet(row, other):
            return "row_twice", other
    if row.role is Role.FOCAL_POINT:
        for other in seen.focal_points[row.stands_for]:
            if _unclear(row, other):
                return "two_focal_points", other
        seen.focal_points[row.stands_for].append(row)
    known.rows[key].append(row)
    known.email, known.slack_id = known.email or row.email, known.slack_id or row.slack_id
    known.zone, known.locale = known.zone or row.zone, known.locale or row.locale
    for email, slack_id in ((row.email, row.slack_id), (known.email, known.slack_id)):
        if email:
            seen.by_email[email] = known
        if slack_id:
            seen.by_slack_id[slack_id] = known
    return "", None


def _of_agency(row: Row, seen: _Seen) -> tuple[str, Row | None]:
    above = seen.agencies[row.member, (row.agency or "").casefold()]
    for other in above:
        for mine, theirs in (
            (row.agency_kind, other.agency_kind),
            (row.sector, other.sector),
            (row.in_mechanism, other.in_mechanism),
        ):
            if mine is not None and theirs is not None and mine != theirs:
                return "agency_differs", other
        if row.role is other.role is None:
            return "agency_twice", other
    above.append(row)
    return "", None


def _differs(row: Row, known: _Somebody, by_email: _Somebody | None, by_slack_id: _Somebody | None) -> str:
    if by_email is not None and by_slack_id is not None and by_email is not by_slack_id:
        return "slack_id_twice"
    other_name = row.name != known.first.name
    other_email = bool(row.email and known.email and row.email != known.email)
    other_slack_id = bool(row.slack_id and known.slack_id and row.slack_id != known.slack_id)
    if other_name or other_email or other_slack_id:
        return "email_twice" if by_email is not None else "slack_id_twice"
    for mine, theirs in ((row.zone, known.zone), (row.locale, known.locale)):
        if mine and theirs and mine != theirs:
            return "rows_differ"
    return ""


def _meet(row: Row, other: Row) -> bool:
    """Whether two rows may be about the same days."""
    starts, ends = row.starts_on or date.min, row.ends_on or date.max
    return starts <= (other.ends_on or date.max) and (other.starts_on or date.min) <= ends


def _unclear(row: Row, other: Row) -> bool:
    """Whether it cannot be said which of two focal points follows which: the later one takes over from the earlier."""
    return _meet(row, other) and row.starts_on == other.starts_on
