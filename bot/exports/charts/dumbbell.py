"""One country on its own way: each of its numbers last time and now, between its own floor and its own ceiling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.exports.charts.drawing import (
    FAINT,
    LARGE,
    MARGIN,
    NORMAL,
    SMALL,
    WIDTH,
    Chart,
    Page,
    file_name,
    finished,
    pieces,
    scale,
    word,
)
from bot.exports.charts.legends import LEGEND_HEIGHT, legend_of_ways
from bot.exports.charts.ways import TICKS, aim_said, draw_scale, draw_way, is_share, numbers, values_said
from bot.standing.progress import Progress
from bot.words import UTC_READER, Words, words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROWS_A_PAGE = 10
_HEAD = 56
_AXIS = 22
# Khmer and Burmese reach far below the line, and above it.
_TITLE = 30
_TRACK = 26
_SMALL = 24
_PAD = 6
_VALUES = 176
# So many signs of values fit there.
_LONG = 17
_LEFT, _RIGHT = MARGIN + 8, WIDTH - MARGIN - _VALUES - 22


@dataclass(frozen=True)
class Line:
    """One number of the country, in words."""

    row: Progress
    values: str
    years: str
    aim: str

    @property
    def said(self) -> str:
        """The small print below it."""
        return " · ".join(part for part in (self.aim, self.row.indicator.unit) if part)

    @property
    def height(self) -> int:
        """Pixels."""
        return _TITLE + _TRACK + (_SMALL if self.said else 0) + _PAD


def dumbbell(rows: Sequence[Progress], said: Words | None = None) -> list[Chart]:
    """A country's numbers of one cycle, in the format's order: percentages first, on one scale from 0 to 100; then
    other numbers, each on a scale of its own.

    Args:
        rows: of one member and one cycle, from `bot.standing.progress`; what is no number is left out.
        said: whose words; this house's if not given.

    Returns:
        One picture for ten numbers; none where there is no number. Drawn once, and remembered.
    """
    found = tuple(row for row in rows if row.indicator.numeric and numbers(row))
    return list(_remembered(found, said or words()))


@lru_cache(maxsize=64)
def _remembered(rows: tuple[Progress, ...], said: Words) -> tuple[Chart, ...]:
    ordered = [row for row in rows if is_share(row)] + [row for row in rows if not is_share(row)]
    pages = pieces([Line(row, *values_said(row, said, _LONG), aim_said(row, said)) for row in ordered], ROWS_A_PAGE)
    return tuple(_chart(page, number, len(pages), said) for number, page in enumerate(pages, 1))


def forget() -> None:
    """Remember no picture any more."""
    _remembered.cache_clear()


def _chart(lines: Sequence[Line], number: int, pages: int, said: Words) -> Chart:
    first = lines[0].row
    facts = {"name": first.name, "cycle": first.cycle, "number": number, "pages": pages}
    told = [
        {"title": line.row.indicator.title, "said": line.values, "years": line.years, "aim": line.aim} for line in lines
    ]
    alt = said.render("chart/dumbbell", "text", {**facts, "rows": told}, UTC_READER)
    name = file_name(first.member, first.cycle, "progress", number if pages > 1 else None)
    return finished(lambda: draw(lines, facts, said), alt, name, word(said, "dumbbell", **facts))


def draw(lines: Sequence[Line], facts: dict[str, Any], said: Words) -> Figure:
    """The figure itself."""
    shares = [line for line in lines if is_share(line.row)]
    others = [line for line in lines if not is_share(line.row)]
    blocks = bool(shares) + bool(others)
    page = Page(2 * MARGIN + _HEAD + LEGEND_HEIGHT + sum(line.height for line in lines) + _AXIS * blocks)
    wide, code = WIDTH - 2 * MARGIN, lines[0].row.member
    page.text(MARGIN, page.down + 12, facts["name"], LARGE, wide=wide, weight="bold", instead=code)
    page.text(MARGIN, page.down + 40, word(said, "dumbbell_under", **facts), SMALL, wide=wide, colour=FAINT)
    page.down += _HEAD
    legend_of_ways(page, said, aims=any(line.row.aim for line in lines))
    if shares:
        along = scale(TICKS, _LEFT, _RIGHT)
        for tick in TICKS:
            shown = f"{tick} %" if tick else "0"
            page.text(along(tick), page.down + _AXIS / 2, shown, SMALL, colour=FAINT, align="center")
        page.down += _AXIS
        for line in shares:
            draw_scale(page, along, page.down + _TITLE + _TRACK / 2 - 2)
            _draw(page, line, along)
    if others:
        page.text(MARGIN, page.down + _AXIS / 2, word(said, "own_scales"), SMALL, colour=FAINT)
        page.down += _AXIS
        for line in others:
            _draw(page, line, scale(numbers(line.row), _LEFT + 20, _RIGHT - 20))
    return page.figure


def _draw(page: Page, line: Line, along: Callable[[Decimal], float]) -> None:
    indicator, left = line.row.indicator, WIDTH - MARGIN - _VALUES
    page.rule(page.down)
    middle = page.down + _TITLE / 2
    page.text(MARGIN, middle, indicator.title, NORMAL, wide=left - MARGIN - 12, instead=indicator.code)
    page.text(left, middle, line.values, NORMAL, wide=_VALUES, weight="bold")
    middle = page.down + _TITLE + _TRACK / 2 - 2
    page.rule(middle, _LEFT, _RIGHT)
    draw_way(page, line.row, along, middle)
    page.text(left, middle, line.years, SMALL, wide=_VALUES, colour=FAINT)
    if line.said:
        under = page.down + _TITLE + _TRACK + _SMALL / 2 - 2
        page.text(MARGIN, under, line.said, SMALL, wide=WIDTH - 2 * MARGIN, colour=FAINT, instead=line.aim)
    page.down += line.height
