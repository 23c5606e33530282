"""One value on its way, as both pictures of progress draw and say it: last time, now, own floor, own ceiling."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from bot.exports.charts.drawing import COLOURS, INK, RULE, Page, pair, word
from bot.standing import Value, short
from bot.standing.progress import Progress
from bot.words import Words
from db.vocabulary import Kind

TICKS = tuple(map(Decimal, (0, 25, 50, 75, 100)))
"""The scale of percentages."""


def draw_way(page: Page, row: Progress, along: Callable[[Decimal], float], middle: float) -> None:
    """The marks: brackets for its own floor and ceiling, a ring for last time, a filled mark for now, and a line; the
    dashes of the line and the shape of the mark say what the move was."""
    if row.aim is not None and row.aim.floor is not None:
        page.bracket(along(row.aim.floor), middle, floor=True)
    if row.aim is not None and row.aim.ceiling is not None:
        page.bracket(along(row.aim.ceiling), middle, floor=False)
    last, now = number(row.last), number(row.now)
    moved = last is not None and now is not None and last != now
    kind = row.verdict.value if row.verdict.value in COLOURS else "other"
    colour = COLOURS[kind] if moved else INK
    if last is not None and now is not None and moved:
        page.line(along(last), along(now), middle, kind)
    if last is not None and (moved or now is None):
        page.dot(along(last), middle, colour, filled=False)
    if now is not None and moved:
        page.arrival(along(now), middle, kind)
    elif now is not None:
        page.dot(along(now), middle, INK, filled=True)


def draw_scale(page: Page, along: Callable[[Decimal], float], middle: float, half: float = 12) -> None:
    """The upright lines of percentages behind a way."""
    for tick in TICKS:
        page.upright(along(tick), middle - half, middle + half, RULE)


def values_said(row: Progress, said: Words, most: int) -> tuple[str, str]:
    """Its values, and the years they speak of. Of more than `most` signs, this value stands alone, and the last one
    stands with its year."""
    last, now = number(row.last), number(row.now)
    sign = " %" if row.indicator.kind is Kind.PERCENT else ""
    before = short(last) if last is not None else ""
    last_year = str(row.last.year or "") if row.last is not None and before else ""
    now_year = str(row.now.year or "") if now is not None else ""
    values = pair(before, short(now)) + sign if now is not None else word(said, "not_available")
    if now is not None and len(values) <= most:
        return values, pair(last_year, now_year)
    earlier = ": ".join(part for part in (last_year, before + sign) if part) if before else ""
    return short(now) + sign if now is not None else values, "; ".join(part for part in (now_year, earlier) if part)


def aim_said(row: Progress, said: Words, how: str = "aim") -> str:
    """Its own floor and ceiling, and by when, at length or as `aim_short`; empty where it has set none."""
    aim = row.aim
    if aim is None:
        return ""
    return word(
        said,
        how,
        floor=short(aim.floor) if aim.floor is not None else None,
        ceiling=short(aim.ceiling) if aim.ceiling is not None else None,
        by=aim.target_year,
        floor_reached=row.floor_reached,
        ceiling_reached=row.ceiling_reached,
    )


def number(value: Value | None) -> Decimal | None:
    """The number of a value that may not be there."""
    return value.number if value is not None else None


def numbers(row: Progress) -> list[Decimal]:
    """Every number that is drawn; empty where there is no value, last time or now."""
    given = [each for each in (number(row.last), number(row.now)) if each is not None]
    goals = (row.aim.floor, row.aim.ceiling) if row.aim and given else ()
    return [*given, *(each for each in goals if each is not None)]


def is_share(row: Progress) -> bool:
    """Whether all of it lies between 0 and 100 percent: what lies outside would press the others together."""
    return row.indicator.kind is Kind.PERCENT and all(TICKS[0] <= each <= TICKS[-1] for each in numbers(row))
