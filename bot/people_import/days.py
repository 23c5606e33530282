"""A cell -> the day that it means, as sheet programs write days. What can be read in two ways is not read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

EARLIEST, LATEST = 1900, 2100
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
# The midnight that a sheet program writes behind a day.
_TIME = r"(?:[t ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TIME}")
_YEAR_LAST = re.compile(rf"([0-9]{{1,2}})([-/.])([0-9]{{1,2}})\2([0-9]{{4}}){_TIME}")
_DAY_AND_NAME = re.compile(r"([0-9]{1,2})[- ]([a-z]+)\.?[-, ]+([0-9]{4})")
_NAME_AND_DAY = re.compile(r"([a-z]+)\.? ([0-9]{1,2}),? ([0-9]{4})")
_NUMBER = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")


def read_day(cell: str, of_number: Callable[[float], date | None]) -> tuple[date | None, str]:
    """Read a cell.

    Args:
        of_number: the day of Excel's number of days.

    Returns:
        The day; or None, and the code of what to say: `date`, or `date_two_ways`.
    """
    text = cell.casefold()
    if _NUMBER.fullmatch(text):
        return _within(of_number(float(text))), "date"
    if found := _YEAR_FIRST.fullmatch(text):
        return _made(found[1], found[3], found[4]), "date"
    if found := _YEAR_LAST.fullmatch(text):
        first, second = found[1], found[3]
        either = {_made(found[4], second, first), _made(found[4], first, second)} - {None}
        # With points, the day stands first everywhere.
        if found[2] == "." or len(either) < 2:
            return (_made(found[4], second, first) if found[2] == "." else next(iter(either), None)), "date"
        return None, "date_two_ways"
    if found := _DAY_AND_NAME.fullmatch(text):
        return _made(found[3], _month(found[2]), found[1]), "date"
    if found := _NAME_AND_DAY.fullmatch(text):
        return _made(found[3], _month(found[1]), found[2]), "date"
    return None, "date"


def _month(name: str) -> str:
    for number, month in enumerate(_MONTHS, 1):
        if name in (month[:3], month):
            return str(number)
    return "0"


def _made(year: str, month: str, day: str) -> date | None:
    try:
        return _within(date(int(year), int(month), int(day)))
    except ValueError:
        return None


def _within(found: date | None) -> date | None:
    return found if found is not None and EARLIEST <= found.year <= LATEST else None
