"""The digest's picture: what moved, each country beside its own last value.

It is drawn from the frozen facts of an edition, so the same edition always gives the same picture: it is not kept in
the database but remembered here, by its facts, for as long as an edition is being sent; after a restart it is drawn
again.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.exports.charts.drawing import (
    COLOURS,
    FAINT,
    INK,
    LARGE,
    LEGEND,
    MARGIN,
    NORMAL,
    SMALL,
    WIDTH,
    Chart,
    Page,
    finished,
    pair,
    scale,
    word,
)
from bot.messages import Picture
from bot.standing import short
from bot.words import UTC_READER, Words, words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "moved.png"
_TITLE = 30
_SUBTITLE = 22
_ROW = 50
_GAP = 24
_NAMES = 190
_VALUES = 170

# Several mails of one edition are composed side by side; only the first of them draws.
_remembering = threading.Lock()


def moved_picture(panels: Sequence[Mapping[str, Any]]) -> Picture | None:
    """The picture of an edition's panels for a message; None where nothing moved. Drawn once, and remembered."""
    with _remembering:
        chart = _remembered(json.dumps(panels, sort_keys=True))
    return chart.picture if chart else None


@lru_cache(maxsize=8)
def _remembered(panels: str) -> Chart | None:
    return moved_chart(json.loads(panels))


def forget() -> None:
    """Remember no picture any more."""
    _remembered.cache_clear()


def moved_chart(panels: Sequence[Mapping[str, Any]], said: Words | None = None) -> Chart | None:
    """Last value and value now, joined by a line: one panel an indicator, one row a country.

    Args:
        panels: as `bot.standing.Panel`, at most six of them.
        said: whose words; this house's if not given.

    Returns:
        None when there is no panel. Values are written with at most two decimals.
    """
    if not panels:
        return None
    said = said or words()
    alt = said.render("chart/moved", "text", {"panels": panels}, UTC_READER)
    return finished(lambda: draw(panels, said), alt, NAME, word(said, "moved"))


def draw(panels: Sequence[Mapping[str, Any]], said: Words) -> Figure:
    """The figure itself, laid out by hand from the top down."""
    height = 2 * MARGIN + 2 * LEGEND + 6 + sum(_panel_height(panel) for panel in panels) + _GAP * (len(panels) - 1)
    page = Page(height)
    legend(page, said)
    for place, panel in enumerate(panels):
        if place:
            page.down += _GAP
        _panel(page, panel, said)
    return page.figure


def _panel_height(panel: Mapping[str, Any]) -> int:
    return _TITLE + _SUBTITLE + _ROW * len(panel["rows"])


def legend(page: Page, said: Words) -> None:
    """What the marks mean."""
    line = page.down + LEGEND / 2 - 4
    along: float = MARGIN
    for what in ("last", "now"):
        page.dot(along + 8, line, INK, filled=what == "now")
        along = page.right_of(page.text(along + 22, line, word(said, f"legend_{what}"), SMALL)) + 24
    along, line = MARGIN, line + LEGEND
    for kind in COLOURS:
        page.line(along, along + 30, line, kind)
        page.arrival(along + 30, line, kind)
        along = page.right_of(page.text(along + 42, line, word(said, f"legend_{kind}"), SMALL)) + 24
    page.down += 2 * LEGEND + 6


def _panel(page: Page, panel: Mapping[str, Any], said: Words) -> None:
    """One indicator: its title, which way is progress, and a row a country."""
    wide = WIDTH - 2 * MARGIN
    page.text(MARGIN, page.down + _TITLE / 2, panel["title"], LARGE, wide=wide, weight="bold")
    page.down += _TITLE
    way = word(said, panel["direction"]) if panel["direction"] else ""
    unit = " · ".join(part for part in (panel["unit"], way) if part)
    page.text(MARGIN, page.down + _SUBTITLE / 2 - 3, unit, SMALL, wide=wide, colour=FAINT)
    page.down += _SUBTITLE
    numbers = [Decimal(row[side]) for row in panel["rows"] for side in ("last", "now")]
    along = scale(numbers, MARGIN + _NAMES + 14, WIDTH - MARGIN - _VALUES - 20)
    for row in panel["rows"]:
        page.rule(page.down)
        _row(page, row, along)
        page.down += _ROW


def _row(page: Page, row: Mapping[str, Any], along: Any) -> None:
    middle = page.down + _ROW / 2
    kind = row["verdict"] if row["verdict"] in ("better", "worse") else "other"
    last, now = Decimal(row["last"]), Decimal(row["now"])
    page.text(MARGIN, middle, row["name"], NORMAL, wide=_NAMES, instead=row.get("code", ""))
    if last != now:
        page.line(along(last), along(now), middle, kind)
        page.dot(along(last), middle, COLOURS[kind], filled=False)
        page.arrival(along(now), middle, kind)
    else:
        page.dot(along(now), middle, INK, filled=True)
    values = WIDTH - MARGIN - _VALUES
    page.text(values, middle - 8, pair(short(last), short(now)), NORMAL, wide=_VALUES)
    years = pair(str(row["last_year"] or ""), str(row["now_year"] or ""))
    page.text(values, middle + 12, years, SMALL, wide=_VALUES, colour=FAINT)
