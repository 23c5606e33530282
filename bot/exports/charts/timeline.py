"""Who reported when: a row for each country, a column for each cycle; a mark says what became of each report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.exports.charts.drawing import (
    BETTER,
    FAINT,
    INK,
    LARGE,
    LEGEND,
    MARGIN,
    NORMAL,
    OTHER,
    SMALL,
    WIDTH,
    WORSE,
    Chart,
    Page,
    file_name,
    finished,
    pieces,
    word,
)
from bot.exports.charts.legends import Entry, legend
from bot.words import UTC_READER, Words, words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROWS_A_PAGE = 30
CYCLES = 8
"""So many cycles are shown, the newest."""
# More marks than these are told as numbers a cycle.
TOLD_ONE_BY_ONE = 40
_HEAD = 40
_LINES = 3
_COLUMNS = 52
_ROW = 36
_NAMES = 190
_LEFT = MARGIN + _NAMES + 8

# What became of a report, in the order of the legend.
STATES = ("accepted", "accepted_late", "in_review", "open", "missing", "not_required")


def timeline(facts: Mapping[str, Any], said: Words | None = None) -> list[Chart]:
    """The reports of all countries over the cycles.

    Args:
        facts: `cycles`: codes, the oldest first; `rows`: each with `name`, `code` and `states`, one of STATES for each
            cycle, or nothing where the country was not asked. JSON values.
        said: whose words; this house's if not given.

    Returns:
        One picture for thirty countries; none where there is no cycle. Drawn once, and remembered.
    """
    if not facts["cycles"] or not facts["rows"]:
        return []
    return list(_remembered(json.dumps(facts, sort_keys=True), said or words()))


@lru_cache(maxsize=16)
def _remembered(facts: str, said: Words) -> tuple[Chart, ...]:
    given: dict[str, Any] = json.loads(facts)
    cycles: list[str] = given["cycles"][-CYCLES:]
    rows: list[dict[str, Any]] = [{**row, "states": row["states"][-CYCLES:]} for row in given["rows"]]
    pages = pieces(rows, ROWS_A_PAGE)
    return tuple(_chart(page, cycles, number, len(pages), said) for number, page in enumerate(pages, 1))


def forget() -> None:
    """Remember no picture any more."""
    _remembered.cache_clear()


def _chart(rows: Sequence[Mapping[str, Any]], cycles: Sequence[str], number: int, pages: int, said: Words) -> Chart:
    facts: dict[str, Any] = {"cycles": cycles, "number": number, "pages": pages}
    counts = [
        {"cycle": cycle, "states": dict(Counter(row["states"][place] for row in rows if row["states"][place]))}
        for place, cycle in enumerate(cycles)
    ]
    told: Sequence[Mapping[str, Any]] = rows if len(rows) * len(cycles) <= TOLD_ONE_BY_ONE else []
    alt = said.render("chart/timeline", "text", {**facts, "rows": told, "counts": counts}, UTC_READER)
    name = file_name("reports", cycles[0], cycles[-1], number if pages > 1 else None)
    return finished(lambda: draw(rows, cycles, facts, said), alt, name, word(said, "timeline", **facts))


def draw(rows: Sequence[Mapping[str, Any]], cycles: Sequence[str], facts: dict[str, Any], said: Words) -> Figure:
    """The figure itself."""
    page = Page(2 * MARGIN + _HEAD + _LINES * LEGEND + 8 + _COLUMNS + _ROW * len(rows))
    title = word(said, "timeline", **facts)
    page.text(MARGIN, page.down + 14, title, LARGE, wide=WIDTH - 2 * MARGIN, weight="bold")
    page.down += _HEAD
    bottom = page.down + _LINES * LEGEND + 8
    entries: list[Entry] = [(_marker(page, state), 16, word(said, f"report_{state}")) for state in STATES]
    legend(page, [entries[:2], entries[2:4], entries[4:]])
    page.down = bottom
    wide = (WIDTH - MARGIN - _LEFT) / max(len(cycles), 3)
    for place, cycle in enumerate(cycles):
        # Every other one stands a line lower, so that each has room for two.
        line = page.down + (14 if place % 2 == 0 else 36)
        last = place == len(cycles) - 1
        room = wide * (1.5 if last else 2) - 12
        align, along = ("right", WIDTH - MARGIN) if last and len(cycles) > 1 else ("center", _middle(place, wide))
        page.text(along, line, cycle, SMALL, wide=room, colour=FAINT, align=align)
    page.down += _COLUMNS
    for row in rows:
        page.rule(page.down)
        middle = page.down + _ROW / 2
        page.text(MARGIN, middle, row["name"], NORMAL, wide=_NAMES, instead=row["code"])
        for place, state in enumerate(row["states"]):
            if state:
                _marker(page, state)(_middle(place, wide) - 8, middle)
        page.down += _ROW
    return page.figure


def _middle(place: int, wide: float) -> float:
    return _LEFT + wide * (place + 0.5)


def _marker(page: Page, state: str) -> Callable[[float, float], None]:
    """How a report is marked: by its shape as well as by its colour. It is drawn from the left of 16 pixels."""
    shapes: dict[str, Callable[[float, float], None]] = {
        "accepted": lambda x, y: page.mark(x, y, BETTER, "o", size=9),
        "accepted_late": lambda x, y: page.mark(x, y, BETTER, "^", size=9),
        "in_review": lambda x, y: page.mark(x, y, OTHER, "D", filled=False, size=7),
        "open": lambda x, y: page.mark(x, y, INK, "o", filled=False, size=5),
        "missing": lambda x, y: page.mark(x, y, WORSE, "x", size=8),
        "not_required": lambda x, y: page.add([x - 6, x + 6], [y, y], color=FAINT, linewidth=2, zorder=3),
    }
    return lambda x, y: shapes[state](x + 8, y)
