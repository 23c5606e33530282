"""A CSV file of people -> its rows, each with its line, or what is wrong with each line. Pure; any bytes may come."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import available_timezones

from babel import Locale
from babel.core import UnknownLocaleError
from email_validator import EmailNotValidError, validate_email

from db.vocabulary import Role

REQUIRED = ("name", "email", "role")
COLUMNS = ("name", "email", "slack_id", "role", "member", "zone", "locale", "starts_on")
LARGEST_FILE = 2_000_000
MOST_ROWS = 5_000
LONGEST_CELL = 320
# A country has people in these roles; the others stand for no country.
OF_A_MEMBER = (Role.FOCAL_POINT, Role.ALTERNATE, Role.COORDINATOR)
# What sheets and scripts leave between words and nobody sees.
_BLANKS = {0x00A0: " ", 0x202F: " ", 0x200B: None, 0xFEFF: None}
SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,30}")


@dataclass(frozen=True)
class Fault:
    """Why a line is refused. `code` names the words (`import_<code>` in the labels), `facts` fill them."""

    line: int
    code: str
    facts: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Row:
    """One person in one role. What the file leaves empty is None."""

    line: int
    name: str
    email: str | None
    slack_id: str | None
    role: Role
    member: str | None
    zone: str | None
    locale: str | None
    starts_on: date | None


class _Refused(Exception):
    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def read(data: bytes, members: dict[str, str]) -> tuple[list[Row], list[Fault]]:
    """Read the file; lines count from 1, the header's.

    Args:
        data: comma, semicolon or tab between the cells; UTF-8, with or without a byte order mark.
        members: every way of naming a member, casefolded, and its ISO 3166-1 alpha-3 code.

    Returns:
        The good rows, and every fault found. With a fault in the file itself there are no rows.
    """
    try:
        text = _decoded(data)
        records = _records(text)
        header = next(records, None)
        if header is None:
            raise _Refused("empty")
        columns = _columns(header[1])
    except _Refused as refused:
        return [], [Fault(int(refused.facts.pop("line", "1")), refused.code, refused.facts)]
    rows: list[Row] = []
    faults: list[Fault] = []
    line = 1
    try:
        for count, (line, cells) in enumerate(records, 1):
            if count > MOST_ROWS:
                return [], [Fault(line, "too_many_rows", {"most": str(MOST_ROWS)})]
            try:
                rows.append(_row(line, columns, cells, members))
            except _Refused as refused:
                faults.append(Fault(line, refused.code, refused.facts))
    except _Refused as refused:
        faults.append(Fault(int(refused.facts.pop("line", str(line))), refused.code, refused.facts))
    if not rows and not faults:
        faults.append(Fault(1, "no_rows"))
    return _without_doubles(rows, faults)


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST_FILE:
        raise _Refused("too_large", most=f"{LARGEST_FILE // 1_000_000} MB")
    if not data.strip():
        raise _Refused("empty")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise _Refused("encoding")
    try:
        return unicodedata.normalize("NFC", data.decode("utf-8-sig").translate(_BLANKS))
    except UnicodeDecodeError as error:
        raise _Refused("encoding", line=str(data[: error.start].count(b"\n") + 1)) from None


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The records that hold something, each with the line on which it begins."""
    header = text.lstrip().partition("\n")[0]
    separator = max((",", ";", "\t"), key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise _Refused("too_long", line=str(line), column="?") from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip() for cell in cells]


def _columns(header: Sequence[str]) -> list[str]:
    columns = [re.sub(r"[\s-]+", "_", cell.casefold()) for cell in header]
    while columns and not columns[-1]:
        columns.pop()
    if unknown := [column for column in columns if column not in COLUMNS]:
        raise _Refused("unknown_column", named=unknown[0][:40], columns=", ".join(COLUMNS))
    if missing := [column for column in REQUIRED if column not in columns]:
        raise _Refused("missing_column", named=missing[0], columns=", ".join(COLUMNS))
    if twice := [column for column in columns if columns.count(column) > 1]:
        raise _Refused("column_twice", named=twice[0])
    return columns


def _row(line: int, columns: Sequence[str], cells: Sequence[str], members: dict[str, str]) -> Row:
    if any(cells[len(columns) :]):
        raise _Refused("too_many_cells")
    values = dict.fromkeys(COLUMNS, "") | dict(zip(columns, cells, strict=False))
    for column, cell in values.items():
        if cell.startswith(("=", "+", "-", "@")):
            raise _Refused("formula", column=column)
        if "\n" in cell or "\r" in cell:
            raise _Refused("quotes", column=column)
        if len(cell) > LONGEST_CELL:
            raise _Refused("too_long", column=column)
        if not all(character.isprintable() for character in cell):
            raise _Refused("control", column=column)
    if not values["name"]:
        raise _Refused("no_name")
    if not values["email"] and not values["slack_id"]:
        raise _Refused("unreachable")
    role = _role(values["role"])
    return Row(
        line,
        " ".join(values["name"].split()),
        _email(values["email"]),
        _slack_id(values["slack_id"]),
        role,
        _member(values["member"], role, members),
        _zone(values["zone"]),
        _locale(values["locale"]),
        _date(values["starts_on"]),
    )


def _role(cell: str) -> Role:
    try:
        return Role(re.sub(r"[\s-]+", "_", cell.casefold()))
    except ValueError:
        raise _Refused("role", named=cell, known=", ".join(Role)) from None


def _email(cell: str) -> str | None:
    if not cell:
        return None
    try:
        found = validate_email(cell, check_deliverability=False)
    except EmailNotValidError:
        raise _Refused("email", named=cell) from None
    return found.normalized.lower()


def _slack_id(cell: str) -> str | None:
    if cell and not SLACK_ID.fullmatch(cell.upper()):
        raise _Refused("slack_id", named=cell)
    return cell.upper() or None


def _member(cell: str, role: Role, members: dict[str, str]) -> str | None:
    if role not in OF_A_MEMBER:
        if cell:
            raise _Refused("member_too_many", role=role.value)
        return None
    if not cell:
        raise _Refused("member_missing", role=role.value)
    code = members.get(cell.casefold())
    if code is None:
        raise _Refused("member", named=cell)
    return code


def _zone(cell: str) -> str | None:
    if cell and cell not in available_timezones():
        raise _Refused("zone", named=cell)
    return cell or None


def _locale(cell: str) -> str | None:
    if not cell:
        return None
    try:
        return str(Locale.parse(cell.replace("-", "_")))
    except (ValueError, UnknownLocaleError, TypeError):
        raise _Refused("locale", named=cell) from None


def _date(cell: str) -> date | None:
    if not cell:
        return None
    try:
        found = date.fromisoformat(cell) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell) else None
    except ValueError:
        found = None
    if found is None or not 1950 <= found.year <= 2100:
        raise _Refused("date", named=cell)
    return found


def _without_doubles(rows: list[Row], faults: list[Fault]) -> tuple[list[Row], list[Fault]]:
    """Each row against those above it: the same address for two people, the same role twice, two focal points."""
    good: list[Row] = []
    for row in rows:
        code, above = _double(row, good)
        if above is None:
            good.append(row)
        else:
            faults.append(Fault(row.line, code, {"line": str(above.line), "name": above.name}))
    return good, sorted(faults, key=lambda fault: fault.line)


def _double(row: Row, above: Sequence[Row]) -> tuple[str, Row | None]:
    for other in above:
        same_email = row.email is not None and row.email == other.email
        same_slack = row.slack_id is not None and row.slack_id == other.slack_id
        same_person = (row.name, row.email, row.slack_id) == (other.name, other.email, other.slack_id)
        if same_person and (row.role, row.member) == (other.role, other.member):
            return "row_twice", other
        if same_person and (row.zone, row.locale) != (other.zone, other.locale):
            return "rows_differ", other
        if (same_email or same_slack) and not same_person:
            return "email_twice" if same_email else "slack_id_twice", other
        if row.role is other.role is Role.FOCAL_POINT and row.member == other.member:
            return "two_focal_points", other
    return "", None
