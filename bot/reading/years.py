"""Reference years: four digits of the common calendar, offered back where they are of the Buddhist one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.reading.answers import EARLIEST, Problem

AHEAD = 10  # so many years to come are taken, and asked about (bot/plausibility.py); later ones are slips
BUDDHIST = 543  # the Buddhist era of Thailand, Lao PDR and Cambodia is 543 years ahead


@dataclass(frozen=True)
class Year:
    """What four digits mean: a year, years to choose from, or why they are not taken."""

    year: int | None = None
    offers: tuple[int, ...] = ()
    problem: Problem | None = None


def year_like(literal: str) -> bool:
    """Whether four plain digits look like a year of the common or the Buddhist calendar, past or future."""
    return len(literal) == 4 and literal.isdigit() and (1900 <= int(literal) <= 2199 or 2400 <= int(literal) <= 2699)


def judge(number: int, today: date) -> Year:
    """Read one year. A Buddhist year is never taken, only offered back; a year more than ten years ahead is not taken.

    Whether a year that has not come yet is right is asked once it is stored, as of everything that is unusual.
    """
    if number >= 2400:
        number -= BUDDHIST
        if EARLIEST <= number <= today.year + AHEAD:
            return Year(offers=(number,))
    if number > today.year + AHEAD:
        return Year(problem=Problem.YEAR_IN_FUTURE)
    if number < EARLIEST:
        return Year(problem=Problem.YEAR_TOO_EARLY)
    return Year(year=number)


def come(years: Iterable[int], today: date) -> list[int]:
    """Of the years that can be meant those that have come; where none has, all of them."""
    every = list(years)
    return [year for year in every if year <= today.year] or every


def span(first: int, second: str, today: date) -> tuple[int, ...]:
    """The years that `2019/20` or `2019-2020` can mean: both ends that are taken, those that have come first of all.

    The network compares by one reference year, and which end a survey's year is named by differs between
    countries: so it is asked, never chosen.
    """
    last = int(second) if len(second) == 4 else first - first % 100 + int(second)
    if last < first and len(second) == 2:
        last += 100  # 1999/00
    years = [first, last]
    if first >= 2400:
        years = [year - BUDDHIST for year in years]
    return tuple(come((year for year in years if EARLIEST <= year <= today.year + AHEAD), today))
