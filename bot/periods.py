"""The codes of cycles, and the days that they stand for. Pure."""

from __future__ import annotations

import calendar
import re
from datetime import date

from bot.errors import Refusal

CODE = re.compile(r"(?P<year>[0-9]{4})(?:-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<month>0[1-9]|1[0-2])))?")


class BadCode(Refusal):
    """Not a code of a cycle. Facts: code."""


def period_of(code: str) -> tuple[date, date]:
    """The first and the last day of `2026`, `2026-Q4`, `2026-H1` or `2026-07`.

    Raises:
        BadCode: it is none of these.
    """
    match = CODE.fullmatch(code)
    if match is None or not 1900 <= int(match["year"]) <= 2200:
        raise BadCode(code=code)
    year = int(match["year"])
    first, months = 1, 12
    if match["quarter"]:
        first, months = 3 * int(match["quarter"]) - 2, 3
    elif match["half"]:
        first, months = 6 * int(match["half"]) - 5, 6
    elif match["month"]:
        first, months = int(match["month"]), 1
    last = first + months - 1
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])
