"""How far each national coordination mechanism has come, as steps on a line; in alphabetical order, nobody ranked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.exports.charts.drawing import (
    BETTER,
    FAINT,
    LARGE,
    MARGIN,
    NORMAL,
    OTHER,
    SMALL,
    WIDTH,
    Chart,
    Page,
    file_name,
    finished,
    pieces,
    word,
)
from bot.words import UTC_READER, Words, words
from db.vocabulary import MechanismStatus

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROWS_A_PAGE = 30
_HEAD = 42
_COLUMNS = 30
_ROW = 38
_NAMES = 190
_SINCE = 56
_STEPS = (MechanismStatus.PLANNED, MechanismStatus.ESTABLISHED, MechanismStatus.OPERATIONAL)
_LEFT, _RIGHT = MARGIN + _NAMES + 8, WIDTH - MARGIN - _SINCE - 8


def mechanism_steps(rows: Sequence[Mapping[str, Any]], said: Words | None = None) -> list[Chart]:
    """The mechanisms of all countries.

    Args:
        rows: in alphabetical order, each with `member` (its name), `code`, `status` (of MechanismStatus; None: nothing
            is noted) and `since` (a day, or None).
        said: whose words; this house's if not given.

    Returns:
        One picture for thirty countries; none where there is no country. Drawn once, and remembered.
    """
    kept = [
        {
            "name": row["member"],
            "code": row["code"],
            "status": row["status"],
            "since": str(row["since"].year) if row["since"] else "",
        }
        for row in rows
    ]
    return list(_remembered(json.dumps(kept), said or words()))


@lru_cache(maxsize=16)
def _remembered(facts: str, said: Words) -> tuple[Chart, ...]:
    pages = pieces(json.loads(facts), ROWS_A_PAGE)
    return tuple(_chart(page, number, len(pages), said) for number, page in enumerate(pages, 1))


def forget() -> None:
    """Remember no picture any more."""
    _remembered.cache_clear()


def _chart(rows: Sequence[Mapping[str, Any]], number: int, pages: int, said: Words) -> Chart:
    facts = {"number": number, "pages": pages}
    alt = said.render("chart/mechanisms", "text", {**facts, "rows": rows}, UTC_READER)
    name = file_name("mechanisms", number if pages > 1 else None)
    return finished(lambda: draw(rows, facts, said), alt, name, word(said, "mechanisms", **facts))


def draw(rows: Sequence[Mapping[str, Any]], facts: dict[str, Any], said: Words) -> Figure:
    """The figure itself."""
    page = Page(2 * MARGIN + _HEAD + _COLUMNS + _ROW * len(rows))
    page.text(MARGIN, page.down + 14, word(said, "mechanisms", **facts), LARGE, wide=WIDTH - 2 * MARGIN, weight="bold")
    page.down += _HEAD
    wide = (_RIGHT - _LEFT) / len(_STEPS)
    places = [_LEFT + wide * (place + 0.5) for place in range(len(_STEPS))]
    for along, step in zip(places, _STEPS, strict=True):
        label = said.label(f"mechanism_status_{step.value}")
        page.text(along, page.down + _COLUMNS / 2 - 2, label, SMALL, wide=wide - 8, colour=FAINT, align="center")
    since = WIDTH - MARGIN
    page.text(since, page.down + _COLUMNS / 2 - 2, word(said, "since"), SMALL, wide=_SINCE, colour=FAINT, align="right")
    page.down += _COLUMNS
    for row in rows:
        page.rule(page.down)
        _row(page, row, places, page.down + _ROW / 2, said)
        page.text(since, page.down + _ROW / 2, row["since"], SMALL, wide=_SINCE, colour=FAINT, align="right")
        page.down += _ROW
    return page.figure


def _row(page: Page, row: Mapping[str, Any], places: Sequence[float], middle: float, said: Words) -> None:
    page.text(MARGIN, middle, row["name"], NORMAL, wide=_NAMES, instead=row["code"])
    if row["status"] is None:
        page.text(places[0] - 40, middle, word(said, "not_noted"), SMALL, wide=_RIGHT - places[0], colour=FAINT)
        return
    status = MechanismStatus(row["status"])
    reached = _STEPS.index(status) + 1 if status in _STEPS else 0
    page.add([places[0], places[-1]], [middle, middle], color=OTHER, linewidth=1.2, linestyle=(0, (1, 2)), zorder=1.5)
    if reached > 1:
        page.add([places[0], places[reached - 1]], [middle, middle], color=BETTER, linewidth=2.6, zorder=2)
    for place, along in enumerate(places):
        done = place < reached
        page.mark(along, middle, BETTER if done else OTHER, "s", filled=done, size=9 if done else 7)
