"""One row an observation: a table that a statistician reads as it is, and its file in CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from unicodedata import category

from bot import workdays
from bot.exports.cells import guarded
from bot.exports.data import Answered, Data, Proof, Reported

Value = str | int | Decimal | date | None

# What each column holds is said in the README, in the same order: a test holds them against each other.
COLUMNS = (
    *("member", "country", "cycle", "period_start", "period_end", "edition", "section", "indicator", "title"),
    *("kind", "unit", "direction", "series", "value", "text", "choice", "availability", "year", "source", "note"),
    *("explanation", "floor", "ceiling", "target_year", "floor_source", "evidence", "said_as", "late", "status"),
    "accepted_on",
)
# What stands between two pieces of evidence in one cell.
BETWEEN = " | "


def rows(data: Data) -> Iterator[tuple[Value, ...]]:
    """The observations in the order of COLUMNS: by country, by cycle, and as they were asked."""
    for one in data.reported:
        for answer in one.answers:
            yield tuple(row(one, answer).values())


def row(one: Reported, answer: Answered) -> dict[str, Value]:
    """One observation by column. What is not known is None; a number is exact."""
    asked, aim = answer.indicator, answer.aim
    accepted = one.assessment.accepted_at
    return {
        "member": one.member.code,
        "country": one.member.name,
        "cycle": one.cycle.code,
        "period_start": one.cycle.period_start,
        "period_end": one.cycle.period_end,
        "edition": one.cycle.edition,
        "section": asked.section,
        "indicator": answer.code,
        "title": asked.title,
        "kind": asked.kind.value,
        "unit": asked.unit,
        "direction": asked.direction.value if asked.direction else None,
        "series": asked.series,
        "value": answer.number,
        "text": answer.text,
        "choice": answer.choice,
        "availability": answer.availability.value,
        "year": answer.year,
        "source": answer.source,
        "note": answer.note,
        "explanation": answer.explanation,
        "floor": aim.floor if aim else None,
        "ceiling": aim.ceiling if aim else None,
        "target_year": aim.target_year if aim else None,
        "floor_source": aim.source if aim else None,
        "evidence": BETWEEN.join(proof(each) for each in answer.evidence) or None,
        "said_as": answer.said_as.value if answer.said_as else None,
        "late": "yes" if one.late else "no",
        "status": "set_aside" if answer.set_aside else "draft" if one.draft else "accepted",
        "accepted_on": workdays.register_day(accepted) if accepted and one.accepted else None,
    }


def proof(each: Proof) -> str:
    """A piece of evidence on one line: its title, and where it is."""
    where = each.link or each.file or ""
    return where if each.title == where else f"{each.title}: {where}"


def plain(value: Value) -> str:
    """A value as a cell of text holds it: numbers digit by digit with a point, days as 2026-01-31; never a formula."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) else _said(value)


@lru_cache(maxsize=10_000)
def _said(text: str) -> str:
    # The same names and titles stand in every row.
    return guarded(printable(text))


def printable(text: str) -> str:
    """A text without the signs that break files or turn the reading direction; what parts or joins letters stays."""
    if text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in lines if each in _KEPT or not (each in _TURNING or category(each) in _BREAKING))


_KEPT = "\n\t"
_TURNING = frozenset(map(chr, (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)))
# Control signs, halves of signs, and places that stand for no sign at all.
_BREAKING = ("Cc", "Cs", "Cn")


def to_csv(data: Data) -> bytes:
    """UTF-8 with the mark that Excel wants, commas, a line a row that ends in CR and LF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([plain(value) for value in row] for row in rows(data))
    return out.getvalue().encode("utf-8-sig")
