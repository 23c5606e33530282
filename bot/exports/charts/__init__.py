"""Pictures of what the network reported. Drawn in a worker thread, from values that were read before; pure.

drawing.py   the page that all are drawn on, its marks, the file    fonts.py       which font draws a text
ways.py      one value between its own floor and ceiling            legends.py     what the marks mean
dumbbell.py  one country: each number, last time and now            multiples.py   one question, country by country
timeline.py  who reported when                                      mechanisms.py  how far each mechanism has come
moved.py     the digest's picture: what moved
"""

from collections.abc import Callable, Sequence
from typing import ParamSpec

from bot.exports.charts.drawing import Chart
from bot.exports.charts.dumbbell import dumbbell
from bot.exports.charts.dumbbell import forget as _forget_dumbbell
from bot.exports.charts.mechanisms import forget as _forget_mechanisms
from bot.exports.charts.mechanisms import mechanism_steps
from bot.exports.charts.moved import draw, moved_chart, moved_picture
from bot.exports.charts.moved import forget as _forget_moved
from bot.exports.charts.multiples import forget as _forget_multiples
from bot.exports.charts.multiples import multiples, pages_of
from bot.exports.charts.timeline import forget as _forget_timeline
from bot.exports.charts.timeline import timeline
from bot.messages import Picture

__all__ = [
    "Chart",
    "draw",
    "dumbbell",
    "forget",
    "mechanism_steps",
    "moved_chart",
    "moved_picture",
    "multiples",
    "pages_of",
    "sketch",
    "timeline",
]

P = ParamSpec("P")


def forget() -> None:
    """Remember no picture any more."""
    for each in (_forget_dumbbell, _forget_mechanisms, _forget_moved, _forget_multiples, _forget_timeline):
        each()


def sketch(
    draws: Callable[P, Sequence[Chart]], *arguments: P.args, **named: P.kwargs
) -> Callable[[], tuple[Picture, ...]]:
    """Pictures that a message draws when it is said: `Message(..., draws=sketch(dumbbell, rows))`."""

    def later() -> tuple[Picture, ...]:
        return tuple(chart.picture for chart in draws(*arguments, **named))

    return later
