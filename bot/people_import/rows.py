"""A file of people and agencies -> its rows, each with its line, or what is wrong with each line. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from typing import TypeVar
from zoneinfo import available_timezones

from babel import Locale
from babel.core import UnknownLocaleError
from email_validator import EmailNotValidError, validate_email

from bot.exports.cells import is_formula, is_printable, unguarded
from bot.exports.people import COLUMNS, LONGEST_NAME, LONGEST_OTHER
from bot.people.agencies import OF_A_MEMBER as KINDS_OF_A_MEMBER
from bot.people_import.days import read_day
from bot.people_import.doubles import without_doubles
from bot.people_import.row import OF_A_MEMBER, Row
from bot.people_import.sheets import Fault, Refused, Sheet, open_sheet
from db.vocabulary import AgencyKind, Mandate, Role, Sector

OF_A_PERSON = ("name", "email", "role")
# Where nobody is named in it, a file is of agencies alone.
OF_AN_AGENCY = ("agency",)
SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,30}")
# What people type into a cell to say that there is nothing.
NOTHING = ("-", "\u2013", "\u2014")
_YES, _NO = ("yes", "y", "true", "x", "1"), ("no", "n", "false", "0")
E = TypeVar("E", bound=StrEnum)


def read(data: bytes, members: dict[str, str]) -> tuple[list[Row], list[Fault]]:
    """Read the file; lines count from 1, the header's.

    Args:
        data: CSV or XLSX, as `sheets.open_sheet` takes it.
        members: every way of naming a member, casefolded, and its ISO 3166-1 alpha-3 code.

    Returns:
        The good rows, and every fault found. With a fault in the file itself there are no rows.
    """
    try:
        sheet = open_sheet(data)
        if sheet.faults:
            return [], list(sheet.faults)
        if not sheet.lines:
            raise Refused("empty")
        columns = _columns(*sheet.lines[0])
    except Refused as refused:
        return [], [refused.at(1)]
    rows: list[Row] = []
    faults: list[Fault] = []
    for line, cells in sheet.lines[1:]:
        try:
            rows.append(_row(line, _values(columns, cells), members, sheet))
        except Refused as refused:
            faults.append(refused.at(line))
    if not rows and not faults:
        faults.append(Fault(1, "no_rows"))
    return without_doubles(rows, faults)


def _columns(line: int, header: Sequence[str]) -> list[str]:
    columns = [re.sub(r"[\s-]+", "_", cell.casefold()).replace("e_mail", "email") for cell in header]
    while columns and not columns[-1]:
        columns.pop()
    place, known = str(line), ", ".join(COLUMNS)
    if unknown := [column for column in columns if column not in COLUMNS]:
        raise Refused("unknown_column", at=place, named="”, “".join(each[:40] for each in unknown), columns=known)
    needed = OF_AN_AGENCY if "agency" in columns and not set(OF_A_PERSON) & set(columns) else OF_A_PERSON
    if missing := [column for column in needed if column not in columns]:
        raise Refused("missing_column", at=place, named=missing[0], columns=known)
    if twice := [column for column in columns if columns.count(column) > 1]:
        raise Refused("column_twice", at=place, named=twice[0])
    return columns


def _values(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    if any(cells[len(columns) :]):
        raise Refused("too_many_cells")
    values = dict.fromkeys(COLUMNS, "")
    for column, cell in zip(columns, cells, strict=False):
        if cell in NOTHING:
            continue
        if is_formula(cell):
            raise Refused("formula", column=column)
        if not is_printable(cell):
            raise Refused("control", column=column)
        values[column] = unguarded(cell)
        if len(values[column]) > (LONGEST_OTHER if column in ("agency", "reference") else LONGEST_NAME):
            raise Refused("too_long", column=column)
    return values


def _row(line: int, values: dict[str, str], members: dict[str, str], sheet: Sheet) -> Row:
    person = any(values[column] for column in ("name", "email", "slack_id", "role"))
    if person or not values["agency"]:
        _check_person(values)
    else:
        _check_agency(values)
    role = _choice(Role, "role", values["role"]) if person else None
    agency_kind = _choice(AgencyKind, "agency_kind", values["agency_kind"]) if values["agency_kind"] else None
    row = Row(
        line,
        values["name"] or None,
        _email(values["email"]),
        _slack_id(values["slack_id"]),
        role,
        _member(values["member"], members),
        _day(values, "starts_on", sheet),
        _day(values, "ends_on", sheet),
        values["reference"] or None,
        _choice(Mandate, "mandate", values["mandate"]) if values["mandate"] else None,
        values["agency"] or None,
        agency_kind,
        _choice(Sector, "sector", values["sector"]) if values["sector"] else None,
        _truth(values["in_mechanism"]),
        _zone(values["zone"]),
        _locale(values["locale"]),
    )
    _check_home(row)
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        raise Refused("days", starts=row.starts_on.isoformat(), ends=row.ends_on.isoformat())
    return row


def _check_person(values: dict[str, str]) -> None:
    if not values["name"]:
        raise Refused("no_name")
    if not values["email"] and not values["slack_id"]:
        raise Refused("unreachable")
    for column in ("agency_kind", "sector", "in_mechanism"):
        if values[column] and not values["agency"]:
            raise Refused("agency_missing", column=column)


def _check_agency(values: dict[str, str]) -> None:
    for column in ("starts_on", "ends_on", "reference", "mandate", "zone", "locale"):
        if values[column]:
            raise Refused("of_people", column=column)


def _check_home(row: Row) -> None:
    """Whether a country is named where one is needed, and only there."""
    abroad = row.agency_kind is not None and row.agency_kind not in KINDS_OF_A_MEMBER
    if row.role is not None and row.role in OF_A_MEMBER and row.member is None:
        raise Refused("member_missing", role=row.role.value)
    if row.role is not None and row.role not in OF_A_MEMBER and row.member and (row.agency is None or abroad):
        raise Refused("member_too_many", role=row.role.value)
    if row.agency_kind is None:
        return
    if abroad and (row.role is None and row.member):
        raise Refused("agency_of_none", kind=row.agency_kind.value)
    if abroad and row.in_mechanism:
        raise Refused("agency_sits_nowhere", kind=row.agency_kind.value)
    if not abroad and row.member is None:
        raise Refused("agency_of_a_member", kind=row.agency_kind.value)


def _choice(options: type[E], column: str, cell: str) -> E:
    try:
        return options(re.sub(r"[\s-]+", "_", cell.casefold()))
    except ValueError:
        code = "role" if column == "role" else "choice"
        raise Refused(code, column=column, named=cell, known=", ".join(options)) from None


def _truth(cell: str) -> bool | None:
    if not cell:
        return None
    if cell.casefold() not in (*_YES, *_NO):
        raise Refused("choice", column="in_mechanism", named=cell, known="yes, no")
    return cell.casefold() in _YES


def _email(cell: str) -> str | None:
    if not cell:
        return None
    try:
        found = validate_email(cell, check_deliverability=False)
    except EmailNotValidError:
        raise Refused("email", named=cell) from None
    return found.normalized.lower()


def _slack_id(cell: str) -> str | None:
    if cell and not SLACK_ID.fullmatch(cell.upper()):
        raise Refused("slack_id", named=cell)
    return cell.upper() or None


def _member(cell: str, members: dict[str, str]) -> str | None:
    if not cell:
        return None
    code = members.get(cell.casefold())
    if code is None:
        raise Refused("member", named=cell)
    return code


@cache
def _zones() -> Collection[str]:
    return available_timezones()


def _zone(cell: str) -> str | None:
    if cell and cell not in _zones():
        raise Refused("zone", named=cell)
    return cell or None


@cache
def _locale(cell: str) -> str | None:
    if not cell:
        return None
    try:
        return str(Locale.parse(cell.replace("-", "_")))
    except (ValueError, UnknownLocaleError, TypeError):
        raise Refused("locale", named=cell) from None


def _day(values: dict[str, str], column: str, sheet: Sheet) -> date | None:
    cell = values[column]
    if not cell:
        return None
    number: Callable[[float], date | None] = sheet.day
    found, reason = read_day(cell, number)
    if found is None:
        raise Refused(reason, column=column, named=cell)
    return found
