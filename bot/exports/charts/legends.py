"""What the marks of a picture mean, said above them; laid out in lines as they fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.exports.charts.drawing import COLOURS, INK, LEGEND, MARGIN, SMALL, WIDTH, Page, word
from bot.words import Words

LEGEND_LINES = 2
LEGEND_HEIGHT = LEGEND_LINES * LEGEND + 4

# (draws the mark at a place, how wide it is, its words)
Entry = tuple[Callable[[float, float], None], float, str]


def legend(page: Page, lines: Sequence[Sequence[Entry]]) -> None:
    """Marks with their words; entries that do not fit in their line any more stand in the next."""
    for entries in lines:
        along, middle = float(MARGIN), page.down + LEGEND / 2 - 4
        for mark, wide, said in entries:
            text = page.text(along + wide + 8, middle, said, SMALL)
            if page.right_of(text) > WIDTH - MARGIN and along > MARGIN:
                page.down += LEGEND
                along, middle = float(MARGIN), page.down + LEGEND / 2 - 4
                text.set_position(page.at(along + wide + 8, middle))
            mark(along, middle)
            along = page.right_of(text) + 22
        page.down += LEGEND


def legend_of_ways(page: Page, said: Words, *, aims: bool) -> None:
    """Last time and now, the country's own floor and ceiling, and what the lines say; always of one height."""
    bottom = page.down + LEGEND_HEIGHT
    marks: list[Entry] = [
        (lambda x, y: page.dot(x + 8, y, INK, filled=False), 14, word(said, "legend_last")),
        (lambda x, y: page.dot(x + 8, y, INK, filled=True), 14, word(said, "legend_now")),
    ]
    own: list[Entry] = [
        (lambda x, y: page.bracket(x + 5, y, floor=True, half=8), 10, word(said, "legend_floor")),
        (lambda x, y: page.bracket(x + 9, y, floor=False, half=8), 10, word(said, "legend_ceiling")),
    ]

    def way(kind: str) -> Entry:
        def drawn(along: float, down: float) -> None:
            page.line(along, along + 30, down, kind)
            page.arrival(along + 30, down, kind)

        return drawn, 34, word(said, f"legend_{kind}")

    legend(page, [[*marks, *(own if aims else [])], [way(kind) for kind in COLOURS]])
    page.down = bottom
