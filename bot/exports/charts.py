"""Pictures for the digest: what moved, each country beside its own last value.

A picture is drawn from the frozen facts of an edition, so the same edition always gives the same picture: it is not
kept in the database but remembered here, by its facts, for as long as an edition is being sent; after a restart it is
drawn again. Drawing takes about half a second of one core: call it from a worker thread.
"""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.messages import Picture
from bot.standing import short
from bot.words import UTC_READER, Words, words

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.text import Text

NAME = "moved.png"
# Shown at this width; drawn with twice as many dots. Lengths below are in hundredths of an inch, that is, in pixels
# as shown.
WIDTH = 600
SCALE = 2
_DOTS = 100
_MARGIN = 18
_LEGEND = 26
_TITLE = 30
_SUBTITLE = 22
_ROW = 50
_GAP = 24
_NAMES = 190
_VALUES = 170
# Okabe and Ito's colours, told apart by colour-blind people; in grey the lines differ by their dashes as well.
_BETTER, _WORSE, _OTHER, _INK, _FAINT, _RULE = "#0072B2", "#D55E00", "#5f6b66", "#22302b", "#5a6861", "#d9dfdb"
_DASHES: dict[str, Any] = {"better": "solid", "worse": (0, (3, 2)), "other": (0, (1, 1.5))}
_COLOURS = {"better": _BETTER, "worse": _WORSE, "other": _OTHER}
# Points, of which there are 72 to the inch.
_LARGE, _NORMAL, _SMALL = 14, 12.5, 10.5
_FONT = "DejaVu Sans"
_SHADES = 10

# Matplotlib does not promise to be safe in several threads at once.
_drawing = threading.Lock()
# Several mails of one edition are composed side by side; only the first of them draws.
_remembering = threading.Lock()


@dataclass(frozen=True)
class Chart:
    """A picture.

    Attributes:
        png: the file.
        alt: what it shows, in words.
        width, height: pixels as shown; the file has twice as many.
    """

    png: bytes
    alt: str
    width: int
    height: int


def moved_picture(panels: Sequence[Mapping[str, Any]]) -> Picture | None:
    """The picture of an edition's panels for a message; None where nothing moved. Drawn once, and remembered."""
    with _remembering:
        chart = _remembered(json.dumps(panels, sort_keys=True))
    return Picture(NAME, chart.png, chart.alt) if chart else None


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
    alt = " ".join(said.render("chart/moved", "text", {"panels": panels}, UTC_READER).split())
    with _drawing:
        figure = draw(panels, said)
        png = _png(figure)
    height = round(figure.get_figheight() * _DOTS)
    return Chart(png, alt, WIDTH, height)


def _png(figure: Figure) -> bytes:
    """The figure as a file with few colours: a fifth of the size, since every mail carries it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    figure.set_dpi(_DOTS * SCALE)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    size = canvas.get_width_height()
    image = Image.frombytes("RGBA", size, bytes(canvas.buffer_rgba())).convert("RGB")
    buffer = io.BytesIO()
    palette = Image.new("P", (1, 1))
    palette.putpalette(_shades())
    few = image.quantize(palette=palette, dither=Image.Dither.NONE)
    few.save(buffer, format="PNG", compress_level=6)
    return buffer.getvalue()


def _shades() -> list[int]:
    """Every colour of the chart in steps down to white, as red, green, blue, red, ..."""
    # Nothing that is almost white: Pillow would take it for the background.
    shades = [255, 255, 255, *(int(_RULE[place : place + 2], 16) for place in (1, 3, 5))]
    for colour in (_INK, _BETTER, _WORSE, _OTHER, _FAINT):
        for step in range(_SHADES):
            parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
            shades += [round(part + (255 - part) * step / _SHADES) for part in parts]
    return shades


def draw(panels: Sequence[Mapping[str, Any]], said: Words) -> Figure:
    """The figure itself, laid out by hand from the top down."""
    from matplotlib.figure import Figure

    height = 2 * _MARGIN + 2 * _LEGEND + 6 + sum(_panel_height(panel) for panel in panels) + _GAP * (len(panels) - 1)
    figure = Figure(figsize=(WIDTH / _DOTS, height / _DOTS), dpi=_DOTS, facecolor="white")
    page = _Page(figure, height)
    page.legend(said)
    for place, panel in enumerate(panels):
        if place:
            page.down += _GAP
        page.panel(panel, said)
    return figure


def _panel_height(panel: Mapping[str, Any]) -> int:
    return _TITLE + _SUBTITLE + _ROW * len(panel["rows"])


class _Page:
    """A figure that is filled from the top down; `down` is how far."""

    def __init__(self, figure: Figure, height: int) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self.figure = figure
        self.height = height
        self.down: float = _MARGIN
        self._canvas: FigureCanvasAgg = FigureCanvasAgg(figure)

    def legend(self, said: Words) -> None:
        """What the marks mean."""
        line = self.down + _LEGEND / 2 - 4
        along: float = _MARGIN
        for what in ("last", "now"):
            self._dot(along + 8, line, _INK, filled=what == "now")
            along = self._right_of(self.text(along + 22, line, _word(said, f"legend_{what}"), _SMALL)) + 24
        along, line = _MARGIN, line + _LEGEND
        for kind in _COLOURS:
            self._line(along, along + 30, line, kind)
            along = self._right_of(self.text(along + 38, line, _word(said, f"legend_{kind}"), _SMALL)) + 24
        self.down += 2 * _LEGEND + 6

    def panel(self, panel: Mapping[str, Any], said: Words) -> None:
        """One indicator: its title, which way is progress, and a row a country."""
        wide = WIDTH - 2 * _MARGIN
        self.text(_MARGIN, self.down + _TITLE / 2, panel["title"], _LARGE, wide=wide, weight="bold")
        self.down += _TITLE
        way = _word(said, panel["direction"]) if panel["direction"] else ""
        unit = " · ".join(part for part in (panel["unit"], way) if part)
        self.text(_MARGIN, self.down + _SUBTITLE / 2 - 3, unit, _SMALL, wide=wide, colour=_FAINT)
        self.down += _SUBTITLE
        numbers = [float(row[side]) for row in panel["rows"] for side in ("last", "now")]
        low, high = min(numbers), max(numbers)
        # A small step stays small: the scale spans at least a seventh of the largest value.
        span = max(high - low, max(abs(low), abs(high)) / 7) or 1.0
        left, right = _MARGIN + _NAMES + 14, WIDTH - _MARGIN - _VALUES - 20

        def along(number: str) -> float:
            return (left + right) / 2 + (float(number) - (low + high) / 2) / span * (right - left)

        for row in panel["rows"]:
            self._rule(self.down)
            self._row(row, along)
            self.down += _ROW

    def _row(self, row: Mapping[str, Any], along: Any) -> None:
        middle = self.down + _ROW / 2
        kind = row["verdict"] if row["verdict"] in ("better", "worse") else "other"
        self.text(_MARGIN, middle, row["name"], _NORMAL, wide=_NAMES)
        if row["last"] != row["now"]:
            self._line(along(row["last"]), along(row["now"]), middle, kind)
            self._dot(along(row["last"]), middle, _COLOURS[kind], filled=False)
        colour = _COLOURS[kind] if row["last"] != row["now"] else _INK
        self._dot(along(row["now"]), middle, colour, filled=True)
        values = WIDTH - _MARGIN - _VALUES
        self.text(
            values, middle - 8, _pair(*(short(Decimal(row[side])) for side in ("last", "now"))), _NORMAL, wide=_VALUES
        )
        years = _pair(str(row["last_year"] or ""), str(row["now_year"] or ""))
        self.text(values, middle + 12, years, _SMALL, wide=_VALUES, colour=_FAINT)

    def text(
        self,
        along: float,
        down: float,
        said: str,
        size: float,
        *,
        wide: float | None = None,
        colour: str = _INK,
        weight: str = "normal",
    ) -> Text:
        """Words from a point to the right, shortened to a width; never read as a formula."""
        text = self.figure.text(  # pyright: ignore[reportUnknownMemberType]
            along / WIDTH,
            1 - down / self.height,
            _printable(said),
            fontsize=size,
            color=colour,
            weight=weight,
            family=_FONT,
            va="center",
            ha="left",
            parse_math=False,
        )
        if wide is not None and self._right_of(text) > along + wide:
            self._shorten(text, along + wide)
        return text

    def _shorten(self, text: Text, right: float) -> None:
        whole = text.get_text()
        fits, fails = 0, len(whole)
        while fails - fits > 1:
            half = (fits + fails) // 2
            text.set_text(whole[:half].rstrip() + "…")
            fits, fails = (fits, half) if self._right_of(text) > right else (half, fails)
        text.set_text(whole[:fits].rstrip() + "…")

    def _right_of(self, text: Text) -> float:
        return float(text.get_window_extent(self._canvas.get_renderer()).x1)

    def _dot(self, along: float, down: float, colour: str, *, filled: bool) -> None:
        self._add(
            [along],
            [down],
            marker="o",
            markersize=8,
            markerfacecolor=colour if filled else "white",
            markeredgecolor=colour,
            markeredgewidth=1.6,
            linestyle="none",
            zorder=3,
        )

    def _line(self, start: float, end: float, down: float, kind: str) -> None:
        self._add([start, end], [down, down], color=_COLOURS[kind], linewidth=2.2, linestyle=_DASHES[kind], zorder=2)

    def _rule(self, down: float) -> None:
        self._add([_MARGIN, WIDTH - _MARGIN], [down, down], color=_RULE, linewidth=0.8, zorder=1)

    def _add(self, along: Sequence[float], down: Sequence[float], **style: Any) -> None:
        from matplotlib.lines import Line2D

        line = Line2D(
            [each / WIDTH for each in along],
            [1 - each / self.height for each in down],
            transform=self.figure.transFigure,
            **style,
        )
        self.figure.add_artist(line)


def _pair(last: str, now: str) -> str:
    return " → ".join(part for part in (last, now) if part) if last != now else now


def _word(said: Words, what: str) -> str:
    return said.render("chart/heading", "text", {"what": what}, UTC_READER)


def _printable(text: str) -> str:
    return " ".join(text.split())
