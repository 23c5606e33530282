"""One value on its country's own way, as facts for the words: numbers for reading, years beside them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.formats import Indicator
from bot.standing.comparing import EXACT, Value, short
from bot.standing.measuring import Track
from bot.standing.progress import Progress
from db.vocabulary import Kind

NO_BREAK = "\u00a0"
# With these the way to the goal is told in a line of its own.
TOLD = (Track.ON_TRACK, Track.OFF_TRACK)


def way(row: Progress) -> dict[str, Any]:
    """What there is to say of one member and one indicator. Percentages carry their sign, differences do not."""
    aim, indicator = row.aim, row.indicator
    return {
        "country": row.name,
        "title": indicator.title,
        "percent": indicator.kind is Kind.PERCENT,
        "last": _value(row.last, indicator) if row.last else None,
        "now": _value(row.now, indicator) if row.now.available else None,
        "change": _distance(row.change),
        "up": row.change is not None and row.change > 0,
        "verdict": row.verdict.value,
        "floor": _number(aim.floor, indicator) if aim else None,
        "ceiling": _number(aim.ceiling, indicator) if aim else None,
        "by": aim.target_year if aim else None,
        "floor_reached": row.floor_reached,
        "ceiling_reached": row.ceiling_reached,
        "to_floor": _distance(row.to_floor),
        "to_ceiling": _distance(row.to_ceiling),
        "track": row.track.value,
        "told": row.track in TOLD,
        "pace": short(abs(row.pace).normalize()) if row.pace is not None else None,
        "rising": row.pace is not None and row.pace > 0,
        "since": row.since.year if row.since else None,
        "expected": _number(row.expected.normalize(), indicator) if row.expected is not None else None,
    }


def _value(value: Value, indicator: Indicator) -> dict[str, Any]:
    shown = _number(value.number, indicator) if value.number is not None else value.text
    return {"value": shown or "", "year": value.year, "estimate": value.estimate}


def _number(number: Decimal | None, indicator: Indicator) -> str | None:
    if number is None:
        return None
    return short(number) + (f"{NO_BREAK}%" if indicator.kind is Kind.PERCENT else "")


def _distance(number: Decimal | None) -> str | None:
    return short(abs(number).normalize(EXACT)) if number is not None else None
