"""What all pictures share: a page that is filled by hand from the top down, its marks, and the file that comes out.

Lengths are pixels as shown. Colours are Okabe and Ito's, told apart by colour-blind people; nothing is said by colour
alone, so that a grey print says the same. Drawing takes up to half a second of one core: call it from a worker thread.
"""

from __future__ import annotations

import io
import re
import threading
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from bot.exports.charts import fonts
from bot.messages import Picture
from bot.words import UTC_READER, Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

# Shown at this width; drawn with twice as many dots.
WIDTH = 600
SCALE = 2
MARGIN = 18
LEGEND = 26
BETTER, WORSE, OTHER, INK, FAINT, RULE = "#0072B2", "#D55E00", "#5f6b66", "#22302b", "#5a6861", "#d9dfdb"
# In grey the lines differ by their dashes.
DASHES: dict[str, Any] = {"better": "solid", "worse": (0, (3, 2)), "other": (0, (1, 1.5))}
COLOURS = {"better": BETTER, "worse": WORSE, "other": OTHER}
# What stands for this value: where the way to it is too short to see its dashes, its shape still says what it was.
SHAPES = {"better": "o", "worse": "D", "other": "s"}
# Points, of which there are 72 to the inch.
LARGE, NORMAL, SMALL = 14, 12.5, 10.5
_DOTS = 100
_SHADES = 10
_EXACT = Context(prec=200)
T = TypeVar("T")

# Matplotlib does not promise to be safe in several threads at once.
_drawing = threading.Lock()


@dataclass(frozen=True)
class Chart:
    """A picture.

    Attributes:
        png: the file.
        alt: what it shows, in words.
        width, height: pixels as shown; the file has twice as many.
        name: a file name that says what it is; `title` says it to people.
    """

    png: bytes
    alt: str
    width: int
    height: int
    name: str = "chart.png"
    title: str = ""

    @property
    def picture(self) -> Picture:
        """The chart as it goes with a message."""
        return Picture(self.name, self.png, self.alt, self.title)


def finished(draw: Callable[[], Figure], alt: str, name: str = "chart.png", title: str = "") -> Chart:
    """Draw a figure, one at a time, and make a file of it."""
    with _drawing:
        figure = draw()
        png = _png(figure)
    return Chart(png, " ".join(alt.split()), WIDTH, round(figure.get_figheight() * _DOTS), name, title)


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
    shades = [255, 255, 255, *(int(RULE[place : place + 2], 16) for place in (1, 3, 5))]
    for colour in (INK, BETTER, WORSE, OTHER, FAINT):
        for step in range(_SHADES):
            parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
            shades += [round(part + (255 - part) * step / _SHADES) for part in parts]
    return shades


def scale(numbers: Sequence[Decimal], left: float, right: float) -> Callable[[Decimal], float]:
    """Where numbers stand between two places, the least at the left; exact, however large or small they are.

    A small step stays small: the scale spans at least a seventh of the largest value.
    """
    low, high = min(numbers), max(numbers)
    least = max(abs(low), abs(high)) / 7
    span = max(_EXACT.subtract(high, low), least) or Decimal(1)
    middle = _EXACT.divide(_EXACT.add(low, high), Decimal(2))

    def along(number: Decimal) -> float:
        share = _EXACT.divide(_EXACT.subtract(number, middle), span)
        return (left + right) / 2 + float(share) * (right - left)

    return along


def word(said: Words, what: str, **facts: Any) -> str:
    """A word that stands in pictures."""
    return said.render("chart/heading", "text", {"what": what, **facts}, UTC_READER)


def pieces(rows: Sequence[T], most: int) -> list[Sequence[T]]:
    """Rows in pages of at most so many, about as many on each."""
    count = -(-len(rows) // most)
    return [rows[len(rows) * page // count : len(rows) * (page + 1) // count] for page in range(count)]


def file_name(*parts: str | int | None) -> str:
    """A picture's file name, of letters, digits and hyphens."""
    said = "-".join(str(part) for part in parts if part is not None)
    plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode().lower()
    return f"{re.sub('[^a-z0-9]+', '-', plain).strip('-')[:100]}.png"


def pair(last: str, now: str) -> str:
    """Two values as an arrow; one where they are the same."""
    return " → ".join(part for part in (last, now) if part) if last != now else now


class Page:
    """A figure that is filled from the top down; `down` is how far."""

    def __init__(self, height: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=(WIDTH / _DOTS, height / _DOTS), dpi=_DOTS, facecolor="white")
        self.height = height
        self.down: float = MARGIN
        self._canvas: FigureCanvasAgg = FigureCanvasAgg(self.figure)

    def text(
        self,
        along: float,
        down: float,
        said: str,
        size: float,
        *,
        wide: float | None = None,
        colour: str = INK,
        weight: str = "normal",
        align: str = "left",
        instead: str = "",
    ) -> Text:
        """Words at a point, shortened to a width; never read as a formula.

        Args:
            down: the middle of the line.
            wide: pixels; None: as wide as they are.
            align: which part of the words stands at the point: `left`, `right`, `center`.
            instead: what is written where this machine has no font for the words, such as a country's code.
        """
        line = fonts.printable(said)
        found = fonts.fonts_for(line)
        if found.lacking:
            line = instead or "".join(char for char in line if char not in found.lacking).strip() or "…"
            found = fonts.fonts_for(line)
        text = self.figure.text(  # pyright: ignore[reportUnknownMemberType]
            along / WIDTH,
            1 - down / self.height,
            line,
            fontsize=size,
            color=colour,
            weight=weight,
            family=list(found.families),
            va="center",
            ha=align,
            parse_math=False,
        )
        if wide is not None and self._width(text) > wide:
            self._shorten(text, wide)
        return text

    def at(self, along: float, down: float) -> tuple[float, float]:
        """A place as Matplotlib counts it, from the lower left."""
        return along / WIDTH, 1 - down / self.height

    def right_of(self, text: Text) -> float:
        """Where words end."""
        return float(text.get_window_extent(self._canvas.get_renderer()).x1)

    def _width(self, text: Text) -> float:
        return float(text.get_window_extent(self._canvas.get_renderer()).width)

    def _shorten(self, text: Text, wide: float) -> None:
        pieces = fonts.clusters(text.get_text())
        fits, fails = 0, len(pieces)
        while fails - fits > 1:
            half = (fits + fails) // 2
            text.set_text("".join(pieces[:half]).rstrip() + "…")
            fits, fails = (fits, half) if self._width(text) > wide else (half, fails)
        text.set_text("".join(pieces[:fits]).rstrip() + "…")

    def dot(self, along: float, down: float, colour: str, *, filled: bool) -> None:
        """A value: a filled dot for now, a larger ring for last time, so that it is seen around the dot where the two
        are almost the same."""
        self.mark(along, down, colour, "o", filled=filled, size=6 if filled else 10.5)

    def arrival(self, along: float, down: float, kind: str) -> None:
        """This value at the end of a way; `kind` is `better`, `worse` or `other`."""
        self.mark(along, down, COLOURS[kind], SHAPES[kind], size=5.2 if kind == "worse" else 6)

    def mark(self, along: float, down: float, colour: str, shape: str, *, filled: bool = True, size: float = 8) -> None:
        """A mark of Matplotlib's, such as `^`."""
        self.add(
            [along],
            [down],
            marker=shape,
            markersize=size,
            markerfacecolor=colour if filled else "white",
            markeredgecolor=colour,
            markeredgewidth=1.6,
            linestyle="none",
            zorder=3,
        )

    def bracket(self, along: float, down: float, *, floor: bool, half: float = 10, colour: str = INK) -> None:
        """A country's own floor, `[`, or its ceiling, `]`: an upright line whose ends point to where it lies."""
        foot = 4 if floor else -4
        self.add(
            [along + foot, along, along, along + foot],
            [down - half, down - half, down + half, down + half],
            color=colour,
            linewidth=1.8,
            linestyle="solid",
            zorder=2.5,
        )

    def line(self, start: float, end: float, down: float, kind: str) -> None:
        """The way from one value to another; `kind` is `better`, `worse` or `other`."""
        self.add([start, end], [down, down], color=COLOURS[kind], linewidth=2.2, linestyle=DASHES[kind], zorder=2)

    def rule(self, down: float, left: float = MARGIN, right: float = WIDTH - MARGIN) -> None:
        """A thin line between rows."""
        self.add([left, right], [down, down], color=RULE, linewidth=0.8, zorder=1)

    def upright(self, along: float, top: float, bottom: float, colour: str = RULE) -> None:
        """A thin line of a scale."""
        self.add([along, along], [top, bottom], color=colour, linewidth=0.8, zorder=1)

    def add(self, along: Sequence[float], down: Sequence[float], **style: Any) -> None:
        """A line through points."""
        from matplotlib.lines import Line2D

        line = Line2D(
            [each / WIDTH for each in along],
            [1 - each / self.height for each in down],
            transform=self.figure.transFigure,
            **style,
        )
        self.figure.add_artist(line)
