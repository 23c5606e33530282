"""Values of earlier years in a file: read and checked row by row before anything is stored. Pure: no database.

The file is CSV with a line of headings: member (ISO 3166-1 alpha-3), indicator (a code of the format), wdi_code (the
source), year, value; other columns are passed over. Semicolons or tabs may stand for the commas, as a spreadsheet saves
them. Each row is a figure that stands already, so nothing is asked back: what can be read in two ways is refused.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, BinaryIO

from bot.errors import Refusal
from bot.formats import Edition, Indicator
from bot.formats.edition import UnknownIndicator
from db.vocabulary import Kind

COLUMNS = ("member", "indicator", "wdi_code", "year", "value")
MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 200_000
LONGEST_LINE = 10_000
# What a conversation takes, too: bot/reading says why.
MOST_DIGITS = 40
LONGEST_SOURCE = 300
EARLIEST = 1950
NUMBER = re.compile(r"[+-]?\d{1,60}(?:\.\d{1,60})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
DECIMAL_COMMA = re.compile(r"[+-]?\d{1,60},\d{1,60}", re.ASCII)
_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"PK\x03\x04": "Excel"}


class Trouble(StrEnum):
    """Why a row, or the whole file, is not taken. Beside each: the facts that come with it."""

    EMPTY = "empty"
    NO_ROWS = "no_rows"
    TOO_LARGE = "too_large"  # megabytes
    TOO_MANY_ROWS = "too_many_rows"  # maximum
    LINE_TOO_LONG = "line_too_long"  # maximum
    NOT_CSV = "not_csv"
    ENCODING = "encoding"  # looks_like, or None
    COLUMNS_MISSING = "columns_missing"  # missing, found
    COLUMN_TWICE = "column_twice"  # column
    CELLS = "cells"  # cells, expected
    UNKNOWN_MEMBER = "unknown_member"  # wrote, known
    UNKNOWN_INDICATOR = "unknown_indicator"  # wrote
    NOT_A_FIGURE = "not_a_figure"  # wrote
    NO_SOURCE = "no_source"
    SOURCE_TOO_LONG = "source_too_long"  # maximum
    INVISIBLE = "invisible"
    NOT_A_YEAR = "not_a_year"  # wrote
    YEAR_IN_FUTURE = "year_in_future"  # wrote
    YEAR_TOO_EARLY = "year_too_early"  # wrote, earliest
    NOT_A_NUMBER = "not_a_number"  # wrote
    TWO_READINGS = "two_readings"  # wrote
    TOO_MANY_DIGITS = "too_many_digits"  # maximum
    NOT_WHOLE = "not_whole"  # wrote
    OUT_OF_BOUNDS = "out_of_bounds"  # wrote, minimum, maximum
    TWICE = "twice"  # first: the line that says the same already
    DIFFERS = "differs"  # stored, source, cycle: found when it is brought in (bot/history.py)


@dataclass(frozen=True)
class Refused:
    """One row that is not taken, and why. `line` counts the lines of the file from 1; 0 is the file as a whole."""

    line: int
    trouble: Trouble
    facts: dict[str, Any]


@dataclass(frozen=True)
class Observation:
    """One value: whose, of what, for which year, from where, and the line it stands in."""

    line: int
    member: str
    indicator: str
    source: str
    year: int
    value: Decimal


class ObservationsRefused(Refusal):
    """A file that is not taken; nothing of it is stored. Facts: refused (all Refused, by line)."""

    def __init__(self, refused: Sequence[Refused]) -> None:
        super().__init__(refused=tuple(refused))
        self.refused = tuple(refused)


class _End(Exception):
    """The file is not read any further."""

    def __init__(self, line: int, trouble: Trouble, **facts: Any) -> None:
        super().__init__(trouble)
        self.refused = Refused(line, trouble, facts)


class _Wrong(Exception):
    """One row is not taken."""

    def __init__(self, trouble: Trouble, **facts: Any) -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.facts = facts


def read(stream: BinaryIO, *, edition: Edition, members: Collection[str], today: date) -> list[Observation]:
    """Read and check a whole file.

    Args:
        stream: the file's bytes, UTF-8 with or without a byte order mark; never more than `MOST_BYTES` are read.
        edition: whose indicators, with their bounds, the rows may name.
        members: the codes of the members (ISO 3166-1 alpha-3).
        today: a year after it is refused.

    Returns:
        One Observation a row, in the order of the file.

    Raises:
        ObservationsRefused: with every row that is wrong, each with its line and why.
    """
    refused: list[Refused] = []
    found: list[Observation] = []
    first: dict[tuple[str, str, int], int] = {}
    check = _Check(edition, frozenset(members), today)
    try:
        for line, row, points in _rows(stream):
            if isinstance(row, _Wrong):
                refused.append(Refused(line, row.trouble, row.facts))
                continue
            try:
                observation = check.row(line, row, points)
                key = (observation.member, observation.indicator, observation.year)
                if key in first:
                    raise _Wrong(Trouble.TWICE, first=first[key])
            except _Wrong as wrong:
                refused.append(Refused(line, wrong.trouble, wrong.facts))
                continue
            first[key] = line
            found.append(observation)
    except _End as end:
        refused.append(end.refused)
    if refused:
        raise ObservationsRefused(refused)
    if not found:
        raise ObservationsRefused([Refused(0, Trouble.NO_ROWS, {})])
    return found


# The file as rows ----------------------------------------------------------------------------------------------


def _rows(stream: BinaryIO) -> Iterator[tuple[int, dict[str, str] | _Wrong, bool]]:
    """(line, cells by column or why there are none, whether a comma cannot be a decimal one) for each row."""
    lines = _lines(stream)
    before, heading = next(((at, line) for at, line in enumerate(lines) if line.strip()), (0, None))
    if heading is None:
        raise _End(0, Trouble.EMPTY)
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(_again(heading, lines), delimiter=delimiter, strict=True)
    columns = _columns(reader, before + 1)
    count = 0
    while True:
        at = before + reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise _End(at, Trouble.NOT_CSV) from None
        if cells is None:
            return
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise _End(at, Trouble.TOO_MANY_ROWS, maximum=MOST_ROWS)
        if len(cells) != len(columns):
            yield at, _Wrong(Trouble.CELLS, cells=len(cells), expected=len(columns)), True
            continue
        yield at, dict(zip(columns, map(str.strip, cells), strict=True)), delimiter == ","


def _again(heading: str, lines: Iterator[str]) -> Iterator[str]:
    yield heading
    yield from lines


def _lines(stream: BinaryIO) -> Iterator[str]:
    size = 0
    number = 0
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        size += len(raw)
        if number == 1:
            raw = _unmarked(raw)
        if size > MOST_BYTES:
            raise _End(number, Trouble.TOO_LARGE, megabytes=MOST_BYTES // 1024**2)
        if len(raw) > LONGEST_LINE:
            raise _End(number, Trouble.LINE_TOO_LONG, maximum=LONGEST_LINE)
        if b"\0" in raw:
            raise _End(number, Trouble.ENCODING, looks_like=None)
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError:
            raise _End(number, Trouble.ENCODING, looks_like=None) from None


def _unmarked(raw: bytes) -> bytes:
    for mark, looks_like in _MARKS.items():
        if raw.startswith(mark):
            raise _End(1, Trouble.ENCODING, looks_like=looks_like)
    return raw.removeprefix(b"\xef\xbb\xbf")


def _columns(reader: Iterator[list[str]], line: int) -> list[str]:
    try:
        columns = [cell.strip().lower() for cell in next(reader)]
    except csv.Error:
        raise _End(line, Trouble.NOT_CSV) from None
    missing = [column for column in COLUMNS if column not in columns]
    if missing:
        raise _End(line, Trouble.COLUMNS_MISSING, missing=missing, found=[c for c in columns if c][:20])
    for column in COLUMNS:
        if columns.count(column) > 1:
            raise _End(line, Trouble.COLUMN_TWICE, column=column)
    return columns


# One row -------------------------------------------------------------------------------------------------------


class _Check:
    """What a row is held against."""

    def __init__(self, edition: Edition, members: frozenset[str], today: date) -> None:
        self._edition = edition
        self._members = members
        self._today = today

    def row(self, line: int, cells: dict[str, str], points: bool) -> Observation:
        """One row as an observation.

        Raises:
            _Wrong: the first thing that is wrong in it.
        """
        member = cells["member"].upper()
        if member not in self._members:
            raise _Wrong(Trouble.UNKNOWN_MEMBER, wrote=_shown(cells["member"]), known=sorted(self._members))
        indicator = self._indicator(cells["indicator"])
        source = " ".join(cells["wdi_code"].split())
        if not source.isprintable():
            raise _Wrong(Trouble.INVISIBLE)
        if not any(sign.isalnum() for sign in source):
            raise _Wrong(Trouble.NO_SOURCE)
        if len(source) > LONGEST_SOURCE:
            raise _Wrong(Trouble.SOURCE_TOO_LONG, maximum=LONGEST_SOURCE)
        year = self._year(cells["year"])
        return Observation(line, member, indicator.code, source, year, _value(cells["value"], indicator, points))

    def _indicator(self, code: str) -> Indicator:
        # A file of earlier years may call it as the editions of those years did.
        now = next((each.code for each in self._edition.indicators if code in each.was), code)
        try:
            indicator = self._edition.indicator(now)
        except UnknownIndicator:
            raise _Wrong(Trouble.UNKNOWN_INDICATOR, wrote=_shown(code)) from None
        if not indicator.numeric:
            raise _Wrong(Trouble.NOT_A_FIGURE, wrote=code)
        return indicator

    def _year(self, text: str) -> int:
        if re.fullmatch(r"\d{4}", text, re.ASCII) is None:
            raise _Wrong(Trouble.NOT_A_YEAR, wrote=_shown(text))
        year = int(text)
        if year > self._today.year:
            raise _Wrong(Trouble.YEAR_IN_FUTURE, wrote=text)
        if year < EARLIEST:
            raise _Wrong(Trouble.YEAR_TOO_EARLY, wrote=text, earliest=EARLIEST)
        return year


def _value(text: str, indicator: Indicator, points: bool) -> Decimal:
    if not points and DECIMAL_COMMA.fullmatch(text):
        head, tail = text.split(",")
        if len(tail) == 3 and head.lstrip("+-") != "0":
            raise _Wrong(Trouble.TWO_READINGS, wrote=text)
        text = f"{head}.{tail}"
    if NUMBER.fullmatch(text) is None:
        raise _Wrong(Trouble.NOT_A_NUMBER, wrote=_shown(text))
    value = Decimal(format(Decimal(text), "f"))
    if sum(sign.isdigit() for sign in str(value)) > MOST_DIGITS:
        raise _Wrong(Trouble.TOO_MANY_DIGITS, maximum=MOST_DIGITS)
    value = value if value else value.copy_abs()
    if indicator.kind is Kind.INTEGER and value != value.to_integral_value():
        raise _Wrong(Trouble.NOT_WHOLE, wrote=text)
    low = indicator.minimum is not None and value < indicator.minimum
    if low or (indicator.maximum is not None and value > indicator.maximum):
        raise _Wrong(Trouble.OUT_OF_BOUNDS, wrote=text, minimum=indicator.minimum, maximum=indicator.maximum)
    return value


def _shown(text: str) -> str:
    shown = "".join(sign if sign.isprintable() else "�" for sign in text)
    return shown if len(shown) <= 60 else shown[:59] + "…"
