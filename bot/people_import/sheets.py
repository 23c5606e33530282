"""The bytes of a sheet -> its lines of cells as text. CSV however Excel writes it, and XLSX; any bytes may come.

What cannot be read without a guess is refused with its place: formulas (what they last came to may be stale), errors,
merged cells, rows and columns that are hidden, several sheets of which none is called `people`.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, cast

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import (
    CALENDAR_MAC_1904,
    CALENDAR_WINDOWS_1900,
    from_excel,  # pyright: ignore[reportUnknownVariableType]
)

from bot.exports.cells import tidy
from bot.exports.people import SHEET

LARGEST_FILE = 2_000_000
# What an XLSX of that size may hold once it is unpacked: 5,000 full rows need a third of it.
LARGEST_UNPACKED = 24_000_000
MOST_PARTS = 500
# The library makes an object of every cell, also of an empty one: a few bytes of the file become kilobytes.
MOST_CELLS = 200_000
MOST_TAGS = 1_500_000
MOST_ROWS = 5_000
MOST_COLUMNS = 64
MOST_FAULTS_OF_A_SHEET = 20
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_RANGE = re.compile(rb"<(?:\w+:)?(mergeCell|hyperlink)\s[^>]*?\bref=[\"']([A-Z]+[0-9]+:[A-Z]+[0-9]+)")
_FULL_NUMBER = re.compile(r"-?[0-9]+\.0+")


@dataclass(frozen=True)
class Fault:
    """Why a line is refused. `code` names the words (`import_<code>` in the labels), `facts` fill them."""

    line: int
    code: str
    facts: dict[str, str] = field(default_factory=dict[str, str])


class Refused(Exception):
    """A line, or the whole file where a line is given as `line`, is not taken."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def at(self, line: int) -> Fault:
        """As a fault of a line, if it does not know better."""
        facts = dict(self.facts)
        return Fault(int(facts.pop("at", line)), self.code, facts)


@dataclass(frozen=True)
class Sheet:
    """Lines that hold something, each with its number, counted from 1.

    Attributes:
        faults: what is wrong with the sheet itself.
        since_1904: its numbers of days are counted from 1904, as Excel on old Macs does.
    """

    lines: tuple[tuple[int, list[str]], ...]
    faults: tuple[Fault, ...] = ()
    since_1904: bool = False

    def day(self, number: float) -> date | None:
        """The day of a number of days; None outside all calendars."""
        convert = cast(Callable[[float, datetime], object], from_excel)
        try:
            found = convert(number, CALENDAR_MAC_1904 if self.since_1904 else CALENDAR_WINDOWS_1900)
        except (ValueError, OverflowError):
            return None
        return found.date() if isinstance(found, datetime) else None


def open_sheet(data: bytes) -> Sheet:
    """Read a file.

    Raises:
        Refused: it is not one of these, or is too large.
    """
    if len(data) > LARGEST_FILE:
        raise Refused("too_large", most=f"{LARGEST_FILE // 1_000_000} MB")
    if not data.strip():
        raise Refused("empty")
    if data.startswith(_ZIP):
        return _workbook(data)
    if data.startswith(_OLD_OFFICE):
        raise Refused("old_office")
    return _csv(_decoded(data))


# CSV


def _decoded(data: bytes) -> str:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in data and not marked:
        raise Refused("encoding")
    try:
        return data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("encoding", at=str(data[: error.start].count(b"\n") + 1)) from None


def _csv(text: str) -> Sheet:
    first = text.lstrip().partition("\n")[0]
    told = re.fullmatch(r"sep=(.)\s*", first, re.IGNORECASE)
    header = text.lstrip().partition("\n")[2].partition("\n")[0] if told else first
    separator = told[1] if told else max((",", ";", "\t"), key=header.count)
    found = list(_records(text, separator))
    return Sheet(tuple(found[1:] if told else found))


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    count = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise Refused("too_long", at=str(line), column="?") from None
        if cells is None:
            return
        # Half a file within one cell: a quotation mark was opened and not closed.
        if any(("\n" in cell or "\r" in cell) and cell.count(separator) > 1 for cell in cells):
            raise Refused("quotes", at=str(line))
        tidied = [tidy(cell) for cell in cells]
        if any(tidied):
            count += 1
            if count > MOST_ROWS + 1:
                raise Refused("too_many_rows", at=str(line), most=str(MOST_ROWS))
            yield line, tidied


# XLSX


def _workbook(data: bytes) -> Sheet:
    _weighed(data)
    try:
        with warnings.catch_warnings(action="ignore"):
            book: Any = openpyxl.load_workbook(io.BytesIO(data), rich_text=False)
            sheet = _chosen(book)
            since_1904 = book.epoch == CALENDAR_MAC_1904
            return _read(sheet, since_1904)
    except Refused:
        raise
    except Exception:  # a file from anywhere: whatever the library stumbles over, it cannot be read
        raise Refused("damaged") from None


def _weighed(data: bytes) -> None:
    """Look at the parts before one is read: how large they are in all, and that none defines words of its own."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            infos = parts.infolist()
            if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > LARGEST_UNPACKED:
                raise Refused("unpacks_too_large", most=str(MOST_ROWS))
            names = {info.filename for info in infos}
            if any(info.flag_bits & 1 for info in infos):
                raise Refused("old_office")
            if "xl/workbook.xml" not in names:
                raise Refused("not_a_sheet")
            _counted(parts.read(info) for info in infos if info.filename.endswith((".xml", ".rels")))
    except Refused:
        raise
    except Exception:
        raise Refused("damaged") from None


def _counted(parts: Iterable[bytes]) -> None:
    """Let through what the library can hold: it makes an object of every cell of a range that is merged or linked."""
    cells = tags = 0
    for part in parts:
        if b"<!DOCTYPE" in part or b"<!ENTITY" in part or part.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Refused("damaged")
        tags += part.count(b"<")
        cells += sum(1 for _ in _CELL.finditer(part))
        for kind, ref in _RANGE.findall(part):
            left, top, right, bottom = (each or 1 for each in range_boundaries(ref.decode()))
            cells += (right - left + 1) * (bottom - top + 1)
            if cells > MOST_CELLS and kind == b"mergeCell":
                raise Refused("merged", at=str(top), cells=ref.decode())
        if cells > MOST_CELLS or tags > MOST_TAGS:
            raise Refused("unpacks_too_large", most=str(MOST_ROWS))


def _chosen(book: Any) -> Any:
    """The sheet that is called `people`, or the only one with something in it; hidden ones do not count."""
    full = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible" and _filled(sheet)]
    named = [sheet for sheet in full if sheet.title.strip().casefold() == SHEET]
    if not full:
        raise Refused("empty")
    if len(full) > 1 and not named:
        raise Refused("several_sheets", named=", ".join(sheet.title for sheet in full)[:200])
    return (named or full)[0]


def _filled(sheet: Any) -> dict[int, dict[int, Any]]:
    """The cells that hold something, by row and column. (The public ways over them make a cell of every empty one.)"""
    rows: dict[int, dict[int, Any]] = {}
    for (row, column), cell in sorted(sheet._cells.items()):
        if cell.value is not None and (not isinstance(cell.value, str) or cell.value.strip()):
            rows.setdefault(row, {})[column] = cell
    return rows


def _read(sheet: Any, since_1904: bool) -> Sheet:
    faults = [
        Fault(merged.min_row, "merged", {"cells": merged.coord})
        for merged in sorted(sheet.merged_cells.ranges, key=lambda each: (each.min_row, each.min_col))
    ]
    lines: list[tuple[int, list[str]]] = []
    hidden: list[int] = []
    columns: set[int] = set()
    for number, row in _filled(sheet).items():
        if max(row) > MOST_COLUMNS:
            raise Refused("too_many_columns", at=str(number), most=str(MOST_COLUMNS))
        if len(lines) > MOST_ROWS:
            raise Refused("too_many_rows", at=str(number), most=str(MOST_ROWS))
        cells = [""] * max(row)
        for column, cell in row.items():
            try:
                cells[column - 1] = _cell(cell)
            except Refused as refused:
                faults.append(refused.at(number))
        if not any(cells):
            continue
        lines.append((number, cells))
        columns |= {column for column, each in enumerate(cells, 1) if each}
        if sheet.row_dimensions[number].hidden:
            hidden.append(number)
    faults += [Fault(start, "hidden_rows", {"rows": _range(start, end)}) for start, end in _runs(hidden)]
    faults += [
        Fault(1, "hidden_columns", {"columns": _range(get_column_letter(start), get_column_letter(end))})
        for start, end in _runs(sorted(columns & _hidden_columns(sheet)))
    ]
    faults.sort(key=lambda fault: fault.line)
    return Sheet(tuple(lines), tuple(faults[:MOST_FAULTS_OF_A_SHEET]), since_1904)


def _cell(cell: Any) -> str:
    """What stands in a cell, as text; a day as 2026-01-31, and a number as it is typed.

    Raises:
        Refused: a formula, or an error that one left behind.
    """
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise Refused("formula_cell", cell=cell.coordinate)
    if cell.data_type == "e":
        raise Refused("error_cell", cell=cell.coordinate, named=str(value)[:20])
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    text = tidy(str(value))
    return text.partition(".")[0] if isinstance(value, float) and _FULL_NUMBER.fullmatch(text) else text


def _hidden_columns(sheet: Any) -> set[int]:
    return {
        column
        for each in sheet.column_dimensions.values()
        if each.hidden and each.min
        for column in range(each.min, min(each.max, MOST_COLUMNS) + 1)
    }


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Numbers that follow each other, together."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _range(start: object, end: object) -> str:
    return str(start) if start == end else f"{start}-{end}"
