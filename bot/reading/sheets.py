"""Several answers in one message: a line each, or rows pasted from a sheet."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from bot.formats import Indicator
from bot.reading.answers import (
    LONGEST_TEXT,
    AskBack,
    Draft,
    Expected,
    Need,
    Problem,
    Reply,
    Unreadable,
)
from bot.reading.naming import named
from bot.reading.phrases import Act, Phrase, phrase
from bot.reading.reader import read
from bot.reading.typed import clean, fold, key, one_line
from bot.reading.years import year_like
from db.vocabulary import Kind

BULLET = re.compile(r"\s*(?:(?:[-*•–·>]|\(?\d{1,2}[.)]|#{1,4})\s+)*")
SEPARATOR = re.compile(r"\s*(?:[:=\t;|,]|\s[-–—](?=\s)|->|→)\s*")
COLUMNS = {
    "code": "code", "indicator": "code", "indicator code": "code", "question": "code",
    "title": "title", "name": "title", "indicator title": "title",
    "value": "value", "answer": "value", "number": "value", "figure": "value", "amount": "value",
    "year": "year", "reference year": "year", "ref year": "year",
    "source": "source", "source of data": "source", "data source": "source",
    "note": "note", "remark": "note", "remarks": "note", "notes": "note", "comment": "note", "unit": "unit",
}  # fmt: skip
MOST_LINES = 200
# A question named freely at the beginning of a line: how many words at most, and how many letters one has at least.
MOST_WORDS = 8
SHORTEST_NAME = 4
# What people put around a name.
OPENING = "\"'*_`(["


@dataclass(frozen=True)
class Line:
    """One line of the message: as it was typed, whose answer it is, and what was read in it.

    `outcome` is a Phrase where the answer is "same" or "skip".
    """

    raw: str
    indicator: Indicator | None
    outcome: Reply | AskBack | Unreadable | Phrase


def lines(text: str, indicators: Sequence[Indicator], *, today: date) -> list[Line] | None:
    """Read several answers in one message.

    A line begins with the code of a question (in any case, `_`, `-` or a space between its words) or its title, then
    the answer: `uhc_service_coverage 68 2021 WHO`, `Gini index: 38.1 2020 SUSENAS`, or cells with tabs, semicolons,
    commas or bars between them, with or without a line of headings. Bullets and numbering are left out. A line
    without a code goes on with the free text of the line before, or is given back as not understood.

    Args:
        text: what the person typed (see `plain`).
        indicators: the questions that can be answered here.
        today: the person's date.

    Returns:
        A Line for each, in order; None when no line begins with a question, so that it is not such a message.
    """
    names = _names(indicators)
    found: list[Line] = []
    columns: list[str] | None = None
    known = False
    for raw in clean(text).split("\n")[:MOST_LINES]:
        if not raw.strip(" \t|-:=_*"):
            continue
        headings = _headings(raw)
        if headings and not known:
            columns = headings
            continue
        begun = _in_column(raw, columns, names) if columns else _named(raw, names, today)
        if begun is None:
            _unnamed(raw, found, today)
            continue
        indicator, rest, sure = begun
        known = known or sure
        found.append(Line(raw, indicator, _outcome(rest, raw, indicator, columns, today)))
    return [_with_near(line, names) for line in found] if known else None


def by_any_name(text: str, indicators: Sequence[Indicator], *, today: date) -> tuple[Indicator, Reply | AskBack] | None:
    """Read one line that begins with words that only one question has, as `edit` takes them: `gini 41 2014 WB`.

    For a place where no question is open, so that it cannot be the answer to another one.

    Returns:
        The question and the answer, whole or in part; None where no question is named, it is answered in words, or
        what follows is no answer to it.
    """
    words = one_line(clean(text)).split(" ")
    if "\n" in clean(text):
        return None
    for many in range(min(len(words) - 1, MOST_WORDS), 0, -1):
        name, rest = " ".join(words[:many]), " ".join(words[many:])
        if not any(len(word) >= SHORTEST_NAME and word.isalpha() for word in key(name).split()):
            continue
        meant = named(name, indicators)
        outcome = _outcome(rest, text, meant, None, today) if meant and _answers(rest, meant, today) else None
        if meant and isinstance(outcome, Reply | AskBack):
            return meant, outcome
    return None


class _Name(NamedTuple):
    """What a line can begin with: how it is found, whose it is, and whether it is a code with an underscore."""

    pattern: re.Pattern[str]
    at: int
    underscored: bool


@dataclass(frozen=True)
class _Names:
    """The names of some questions, the longest first, and how their codes are compared."""

    indicators: Sequence[Indicator]
    names: tuple[_Name, ...]
    codes: Mapping[str, str]
    at: Mapping[str, int]
    heads: frozenset[str]


def _names(indicators: Sequence[Indicator]) -> _Names:
    names, codes, at, heads = _spelled(tuple((each.code, each.title, each.was) for each in indicators))
    return _Names(indicators, names, codes, at, heads)


@lru_cache(maxsize=16)
def _spelled(
    questions: tuple[tuple[str, str, tuple[str, ...]], ...],
) -> tuple[tuple[_Name, ...], dict[str, str], dict[str, int], frozenset[str]]:
    """Made once for each set of questions: every message of every person is compared with them."""
    found: dict[str, tuple[int, bool]] = {}
    for at, (_, title, was) in enumerate(questions):
        found.setdefault(key(title), (at, False))
        for earlier in was:
            found.setdefault(key(earlier), (at, "_" in earlier))
    codes = {key(code): code for code, _, _ in questions}
    for at, (code, _, _) in enumerate(questions):
        found[key(code)] = (at, "_" in code)
    longest_first = sorted(found.items(), key=lambda each: -len(each[0]))
    names = tuple(_Name(_pattern(name), at, underscored) for name, (at, underscored) in longest_first)
    return names, codes, {name: at for name, (at, _) in found.items()}, frozenset(name[:1] for name in found)


def _pattern(name: str) -> re.Pattern[str]:
    words = r"[\s_-]+".join(map(re.escape, name.split()))
    return re.compile(rf"[{re.escape(OPENING)}]*" + words + r"[\"'*_`)\]]*(?![^\W_])", re.IGNORECASE)


def _named(raw: str, names: _Names, today: date) -> tuple[Indicator, str, bool] | None:
    """The question that a line begins with, the rest of the line, and whether it can be nothing else.

    A title, or a code written with spaces, is also how a sentence of a free text can begin.
    """
    line = _bare(raw)
    folded = fold(line)
    if folded.lstrip(OPENING)[:1].casefold() not in names.heads:
        return None
    for name in names.names:
        match = name.pattern.match(folded)
        if match is None:
            continue
        indicator = names.indicators[name.at]
        rest = line[match.end() :]
        spelled_out = name.underscored and ("_" in match[0].strip("_") or "-" in match[0])
        separator = SEPARATOR.match(rest)
        if spelled_out or not rest.strip() or _answers(rest, indicator, today):
            return indicator, rest, True
        if separator:
            return indicator, rest, indicator.kind is Kind.TEXT and separator[0].strip(" ") in (":", "=", "\t", "|")
    return None


def _bare(raw: str) -> str:
    """The line without the bullet, number or bar that it begins with."""
    bullet = BULLET.match(raw)
    return (raw[bullet.end() :] if bullet else raw).lstrip("| ")


def _answers(rest: str, indicator: Indicator, today: date) -> bool:
    """Whether words after a name that is also plain English are an answer to it, not the rest of a sentence."""
    if indicator.kind is Kind.TEXT:
        return False
    try:
        separator = SEPARATOR.match(rest)
        rest = rest[separator.end() :] if separator else rest
        outcome = read(rest, indicator, today=today)
    except Unreadable:
        return False
    return isinstance(outcome, Reply) or (indicator.numeric and re.match(r"\s*[~≈]?\s*\d", fold(rest)) is not None)


def _unnamed(raw: str, found: list[Line], today: date) -> None:
    """A line without a known name: the next line of a free text, or not understood."""
    last = found[-1] if found else None
    begun = _begun(last)
    looks_like_code = "_" in _first_word(raw).strip("_*`")
    if last and last.indicator and begun is not None and not looks_like_code:
        longer = f"{begun}\n{raw}" if begun else raw
        found[-1] = Line(f"{last.raw}\n{raw}", last.indicator, _read(longer, last.indicator, today))
        return
    found.append(Line(raw, None, _unknown(raw, None, "")))


def _begun(line: Line | None) -> str | None:
    """The free text that a line has begun, also where it is too short to stand alone; None where it is none."""
    if line is None or line.indicator is None or line.indicator.kind is not Kind.TEXT:
        return None
    if isinstance(line.outcome, Unreadable) and line.outcome.problem is Problem.NO_SENTENCE:
        return str(line.outcome.facts["wrote"])
    return (line.outcome.text or "") if isinstance(line.outcome, Reply) else None


def _unknown(raw: str, near: str | None, example: str) -> Unreadable:
    return Unreadable(
        expected=Expected.INDICATOR,
        problem=Problem.UNKNOWN_INDICATOR,
        wrote=raw.strip(),
        example=example,
        near=near,
    )


def _with_near(line: Line, names: _Names) -> Line:
    """A line that was not understood, with the code that was perhaps meant."""
    if line.indicator is not None:
        return line
    near = get_close_matches(key(_first_word(line.raw)[:80]), list(names.codes), n=1, cutoff=0.75)
    example = next(iter(names.codes.values()), "")
    return Line(line.raw, None, _unknown(line.raw, names.codes[near[0]] if near else None, example))


def _first_word(raw: str) -> str:
    return re.split(r"[\s:=\t;,|]", _bare(raw).strip(), maxsplit=1)[0]


def _outcome(
    rest: str, raw: str, indicator: Indicator, columns: list[str] | None, today: date
) -> Reply | AskBack | Unreadable | Phrase:
    separator = SEPARATOR.match(rest)
    mark = separator[0].strip(" ") if separator else ""
    answer = rest[separator.end() :] if separator else rest
    if columns is not None:
        answer = _by_heading(raw, columns, indicator) or ""
    elif mark in ("\t", ";", ",", "|") and indicator.kind is not Kind.TEXT:
        answer = _by_place(rest, mark, indicator)
    if not answer.strip(" \t;,|\"'"):
        return AskBack(Draft(Need.VALUE), wrote=raw.strip())
    said = phrase(answer)
    if said and said.act in (Act.SAME, Act.SKIP):
        return said
    return _read(answer, indicator, today)


def _read(text: str, indicator: Indicator, today: date) -> Reply | AskBack | Unreadable:
    if indicator.kind is Kind.TEXT and len(text) > LONGEST_TEXT:
        text = text.rstrip()
    try:
        return read(text, indicator, today=today)
    except Unreadable as refused:
        return refused


def _cells(line: str, mark: str) -> list[str]:
    """The cells of one row; quotation marks hold a cell together."""
    try:
        row = next(csv.reader([line], delimiter=mark, skipinitialspace=True))
    except (csv.Error, StopIteration):
        row = line.split(mark)
    return [cell.strip() for cell in row]


def _headings(raw: str) -> list[str] | None:
    """The columns of a line of headings; None if it is something else."""
    for mark in ("\t", ";", "|", ","):
        cells = [key(cell) for cell in _cells(raw.strip().strip("|"), mark)]
        columns = [COLUMNS.get(cell, "") for cell in cells]
        if len(cells) >= 2 and "value" in columns and ("code" in columns or "title" in columns):
            return columns
    return None


def _in_column(raw: str, columns: list[str], names: _Names) -> tuple[Indicator, str, bool] | None:
    """The question that a row's cell under "code" or "title" names."""
    for column, cell in zip(columns, _row(raw), strict=False):
        if column in ("code", "title") and key(cell) in names.at:
            return names.indicators[names.at[key(cell)]], "", True
    return None


def _row(raw: str) -> list[str]:
    mark = next((mark for mark in "\t;|," if mark in raw), "\t")
    return _cells(raw.strip().strip("|") if mark == "|" else raw, mark)


def _by_heading(raw: str, columns: list[str], indicator: Indicator) -> str | None:
    """The answer in a row whose columns are known."""
    cells = dict(zip(columns, _row(raw), strict=False))
    return _joined(
        cells.get("value", ""), cells.get("year", ""), cells.get("source", ""), cells.get("note", ""), indicator
    )


def _by_place(rest: str, mark: str, indicator: Indicator) -> str:
    """The answer in a row without headings: value, year, source."""
    line = rest.strip(" ")
    cells = _cells(line[1:].strip("|") if line[:1] == mark else line, mark)
    if not indicator.numeric:
        return ", ".join(cell for cell in cells if cell)
    if len(cells) >= 2 and year_like(fold(cells[1])):
        return _joined(cells[0], cells[1], ", ".join(cell for cell in cells[2:] if cell), "", indicator)
    if mark == ",":
        return line[1:].strip() if line[:1] == mark else line
    return " ; ".join(cell for cell in cells if cell)


def _joined(value: str, year: str, source: str, note: str, indicator: Indicator) -> str:
    """Cells as `write` would print them, so that each stays what its column says."""
    if not value:
        return ""
    if not indicator.numeric:
        return f"{value}, {note}" if note and indicator.kind is not Kind.TEXT else value
    end = f"; note: {note}" if note else ""
    if year and source and phrase(value) is None:
        return f"{value} ({year}, {source}){end}"
    return " ".join(each for each in (value, year, source or "") if each) + end
