"""What moved since last time: each answer beside the last accepted one of the same country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from enum import StrEnum
from typing import TypedDict

from bot import editions
from bot.formats import Indicator
from db.engine import Session
from db.models import Answer, Cycle
from db.queries import standing as queries
from db.vocabulary import Availability, Direction, Kind

# Wide enough for every number that can be stored: a difference is exact or an error, never rounded.
EXACT = Context(prec=200, traps=[Inexact])
_ROUNDING = Context(prec=200)
_CENT = Decimal("0.01")
VALUE_GIVEN = (Availability.GIVEN, Availability.ESTIMATE)


class Verdict(StrEnum):
    """What a value is beside the country's own last one."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    # It differs, and the format names no direction.
    CHANGED = "changed"
    # It has a direction, differs, and speaks of the same year as the last one, or of an earlier one: a correction, and
    # no movement. (A count of one period, such as meetings, may well differ within a year.)
    REVISED = "revised"
    # There is no earlier value.
    FIRST = "first"
    NOT_AVAILABLE = "not_available"


MOVED = (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED)


@dataclass(frozen=True)
class Value:
    """An answer as it counts for a comparison.

    Attributes:
        number: for numeric kinds; None where it is not available.
        text: the title of a choice, or yes or no; None for numbers.
        year: the reference year, where one was given.
        note: the reason why it is not available, or a remark.
    """

    available: bool
    estimate: bool
    number: Decimal | None
    text: str | None
    year: int | None
    source: str | None
    note: str | None


@dataclass(frozen=True)
class Moved:
    """One answer beside the last accepted one of the same country.

    Attributes:
        last: None where there is none; `last_cycle` is the title of the cycle it was given in.
        change: now less last, exact; None for choices and where a number is missing.
    """

    member: str
    name: str
    indicator: Indicator
    last: Value | None
    last_cycle: str | None
    now: Value
    change: Decimal | None
    verdict: Verdict


class PanelRow(TypedDict):
    """One country in a panel: both values as their exact digits, each with its reference year."""

    name: str
    last: str
    last_year: int | None
    now: str
    now_year: int | None
    verdict: str


class Panel(TypedDict):
    """One numeric indicator, its countries side by side in alphabetical order: JSON values, for a picture."""

    title: str
    unit: str
    direction: str
    rows: list[PanelRow]


async def moved(session: Session, cycle: Cycle) -> list[Moved]:
    """What the accepted assessments of a cycle say, each answer beside the country's own last accepted value.

    Numbers, choices, and yes or no; free text does not compare. "Last" is the newest value from cycles whose period
    ended before this one's began. Members in alphabetical order, the answers of each in the format's order.
    """
    asked = editions.questions(cycle)
    questions = [i for i in asked.indicators if i.kind is not Kind.TEXT]
    order = {indicator.code: place for place, indicator in enumerate(questions)}
    codes = {code: today for code, today in editions.canonical(asked).items() if today in order}
    given = [row for row in await queries.accepted(session, cycle.id) if row.answer.indicator in order]
    before = {
        (row.member, row.indicator): row
        for row in await queries.values_before(session, cycle.period_start, {row.member.code for row in given}, codes)
    }
    rows: list[Moved] = []
    for row in sorted(given, key=lambda row: (row.member.name, order[row.answer.indicator])):
        last = before.get((row.member.code, row.answer.indicator))
        indicator = questions[order[row.answer.indicator]]
        rows.append(_compared(row.member.code, row.member.name, indicator, last, row.answer))
    return rows


def difference(now: Decimal, last: Decimal) -> Decimal:
    """Now less last, digit by digit."""
    return EXACT.subtract(now, last)


def short(number: Decimal) -> str:
    """A number for reading: as it is up to two decimals, else rounded to two; one below 0.01 keeps its digits."""
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2 and abs(number) >= _CENT:
        number = number.quantize(_CENT, context=_ROUNDING).normalize(_ROUNDING)
    return format(number, "f")


def value_of(answer: Answer, indicator: Indicator) -> Value:
    """A stored answer as it counts for a comparison."""
    available = answer.availability in VALUE_GIVEN
    text = answer.text if available and not indicator.numeric else None
    if indicator.kind is Kind.CHOICE:
        text = next((option.title for option in indicator.choices if option.code == text), text)
    return Value(
        available,
        answer.availability is Availability.ESTIMATE,
        answer.number if available and indicator.numeric else None,
        text,
        answer.year,
        answer.source,
        answer.note,
    )


def judge(indicator: Indicator, last: Value | None, now: Value) -> Verdict:
    """What a value is beside the last one, by the indicator's own direction."""
    if not now.available:
        return Verdict.NOT_AVAILABLE
    if last is None or not last.available:
        return Verdict.FIRST
    if (now.number, now.text) == (last.number, last.text):
        return Verdict.SAME
    if indicator.direction is None or now.number is None or last.number is None:
        return Verdict.CHANGED
    if now.year is not None and last.year is not None and now.year <= last.year:
        return Verdict.REVISED
    return Verdict.BETTER if (now.number > last.number) is (indicator.direction is Direction.UP) else Verdict.WORSE


def panels(cycle: Cycle, rows: Sequence[Moved], limit: int = 6) -> list[Panel]:
    """The numeric indicators in which something moved: those where most countries moved, in the format's order.

    A country stands in a panel where it has a value of last time and of now; so one that stayed is seen beside
    those that moved. Empty where nothing moved.

    Args:
        rows: from `moved`.
        limit: at most so many.
    """
    compared: dict[str, list[Moved]] = {}
    for row in rows:
        if row.change is not None:
            compared.setdefault(row.indicator.code, []).append(row)
    moves = {code: sum(row.verdict in MOVED for row in found) for code, found in compared.items()}
    order = [indicator.code for indicator in editions.questions(cycle).indicators if moves.get(indicator.code)]
    chosen = sorted(order, key=lambda code: -moves[code])[:limit]
    return [_panel(compared[code]) for code in order if code in chosen]


def by_member(rows: Sequence[Moved]) -> dict[str, list[Moved]]:
    """Rows by member code, in their order."""
    found: dict[str, list[Moved]] = {}
    for row in rows:
        found.setdefault(row.member, []).append(row)
    return found


def _compared(code: str, name: str, indicator: Indicator, last: queries.Before | None, answer: Answer) -> Moved:
    now = value_of(answer, indicator)
    before = value_of(last.answer, indicator) if last else None
    change = None
    if before and now.number is not None and before.number is not None:
        change = difference(now.number, before.number)
    return Moved(
        code, name, indicator, before, last.cycle if last else None, now, change, judge(indicator, before, now)
    )


def _panel(rows: Sequence[Moved]) -> Panel:
    indicator = rows[0].indicator
    return {
        "title": indicator.title,
        "unit": indicator.unit or "",
        "direction": indicator.direction.value if indicator.direction else "",
        "rows": [
            {
                "name": row.name,
                "last": format(row.last.number, "f"),
                "last_year": row.last.year,
                "now": format(row.now.number, "f"),
                "now_year": row.now.year,
                "verdict": row.verdict.value,
            }
            for row in rows
            if row.last is not None and row.last.number is not None and row.now.number is not None
        ],
    }
