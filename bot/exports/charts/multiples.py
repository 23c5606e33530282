"""One question, the region side by side: a small panel for each country, in alphabetical order, with its own floor.

Percentages share one scale, from 0 to 100, so that panels can be read beside each other. Other numbers, such as counts
and sums of money, differ with the size of a country: there each panel has a scale of its own, and that is said. Nobody
is ranked.
"""

from __future__ import annotations

from collections.abc import Sequence
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

PANELS_A_PAGE = 24
_COLUMNS = 2
_GAP = 28
_WIDE = (WIDTH - 2 * MARGIN - _GAP * (_COLUMNS - 1)) / _COLUMNS
_HEAD = 56
_NAME = 34
_VALUES = 20
_TRACK = 28
_AIM = 20
_PAD = 8
_LONG = 40


def multiples(rows: Sequence[Progress], said: Words | None = None) -> list[Chart]:
    """All countries that were accepted, beside each other, in the order of the rows; what is not available is said so.

    Args:
        rows: of one numeric indicator and one cycle, from `bot.standing.table`: in alphabetical order.
        said: whose words; this house's if not given.

    Returns:
        One picture for 24 countries; none where there is no number. Drawn once, and remembered.
    """
    found = tuple(row for row in rows if row.indicator.numeric)
    return list(_remembered(found, said or words())) if any(map(numbers, found)) else []


def pages_of(rows: Sequence[Progress]) -> int:
    """How many pictures `multiples` makes of these rows, without drawing one."""
    found = [row for row in rows if row.indicator.numeric]
    return len(pieces(found, PANELS_A_PAGE)) if any(map(numbers, found)) else 0


@lru_cache(maxsize=64)
def _remembered(rows: tuple[Progress, ...], said: Words) -> tuple[Chart, ...]:
    pages, common = pieces(rows, PANELS_A_PAGE), all(map(is_share, rows))
    return tuple(_chart(page, number, len(pages), common, said) for number, page in enumerate(pages, 1))


def forget() -> None:
    """Remember no picture any more."""
    _remembered.cache_clear()


def _chart(rows: Sequence[Progress], number: int, pages: int, common: bool, said: Words) -> Chart:
    first = rows[0]
    facts = {
        "title": first.indicator.title,
        "cycle": first.cycle,
        "number": number,
        "pages": pages,
        "common": common,
        "direction": first.indicator.direction.value if first.indicator.direction else "",
    }
    told = [{"name": row.name, "said": _line(row, said), "aim": aim_said(row, said)} for row in rows]
    alt = said.render("chart/multiples", "text", {**facts, "rows": told}, UTC_READER)
    name = file_name(first.indicator.code, first.cycle, number if pages > 1 else None)
    return finished(lambda: draw(rows, facts, said), alt, name, word(said, "multiples", **facts))


def draw(rows: Sequence[Progress], facts: dict[str, Any], said: Words) -> Figure:
    """The figure itself; `facts["common"]`: one scale for all panels, from 0 to 100."""
    lines, aims = -(-len(rows) // _COLUMNS), any(row.aim for row in rows)
    high = _NAME + _VALUES + _TRACK + (_AIM if aims else 0) + _PAD
    page = Page(2 * MARGIN + _HEAD + LEGEND_HEIGHT + lines * high)
    wide, code = WIDTH - 2 * MARGIN, rows[0].indicator.code
    page.text(MARGIN, page.down + 12, facts["title"], LARGE, wide=wide, weight="bold", instead=code)
    page.text(MARGIN, page.down + 40, word(said, "multiples_under", **facts), SMALL, wide=wide, colour=FAINT)
    page.down += _HEAD
    legend_of_ways(page, said, aims=aims)
    top = page.down
    for place, row in enumerate(rows):
        left = MARGIN + place % _COLUMNS * (_WIDE + _GAP)
        _panel(page, row, left, top + place // _COLUMNS * high, facts["common"], said)
    return page.figure


def _panel(page: Page, row: Progress, left: float, top: float, common: bool, said: Words) -> None:
    """One country: its name, its values with their years, its way, and its own floor and ceiling."""
    right = left + _WIDE
    page.rule(top, left, right)
    page.text(left, top + _NAME / 2, row.name, NORMAL, wide=_WIDE, weight="bold", instead=row.member)
    page.text(left, top + _NAME + _VALUES / 2 - 2, _line(row, said), SMALL, wide=_WIDE)
    if not numbers(row):
        return
    middle = top + _NAME + _VALUES + _TRACK / 2
    page.rule(middle, left + 6, right - 6)
    if common:
        along = scale(TICKS, left + 6, right - 6)
        draw_scale(page, along, middle, 10)
    else:
        along = scale(numbers(row), left + 20, right - 20)
    draw_way(page, row, along, middle)
    under = top + _NAME + _VALUES + _TRACK + _AIM / 2
    page.text(left, under, aim_said(row, said, "aim_short"), SMALL, wide=_WIDE, colour=FAINT)


def _line(row: Progress, said: Words) -> str:
    """`38.8 → 41.2 % (2020 → 2024)`."""
    values, years = values_said(row, said, _LONG)
    return f"{values} ({years})" if years else values
