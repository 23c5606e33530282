"""What holds for the words of every figure: none is clipped, none lies on another, none has a letter without a font."""

from __future__ import annotations

import os
import warnings

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image, ImageOps

from bot.exports.charts import fonts
from bot.exports.charts.drawing import Page


def words_of(figure: Figure) -> list[str]:
    """What stands in a figure, in the order in which it was written."""
    return [text.get_text() for text in figure.texts if text.get_text()]


def assert_readable(figure: Figure) -> None:
    """Every word lies within the figure and on no other, and is drawn whole: Matplotlib warns of a missing letter."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        FigureCanvasAgg(figure).draw()
    box = figure.bbox
    boxes = [(text, text.get_window_extent()) for text in figure.texts if text.get_text()]
    for text, each in boxes:
        assert box.x0 <= each.x0 < each.x1 <= box.x1, text
        assert box.y0 <= each.y0 < each.y1 <= box.y1, text
    for place, (text, each) in enumerate(boxes):
        for other, beside in boxes[place + 1 :]:
            assert not each.padded(-1).overlaps(beside.padded(-1)), (text, other)


def size_of(text: str) -> tuple[int, int]:
    """How wide and how high the ink of a text is, in pixels."""
    page = Page(400)
    page.text(100, 200, text, 40)
    canvas = FigureCanvasAgg(page.figure)
    canvas.draw()
    size = canvas.get_width_height()
    image = Image.frombytes("RGBA", size, bytes(canvas.buffer_rgba())).convert("L")
    box = ImageOps.invert(image).getbbox()
    assert box is not None
    return box[2] - box[0], box[3] - box[1]


def needs_fonts(text: str) -> None:
    """Skip where the machine has no font for a text; where everything was installed for the tests, that is a fault."""
    lacking = fonts.scripts_lacking([text])
    if lacking and not os.environ.get("CI"):
        pytest.skip(f"no font for {lacking[0].name} here: apt install {lacking[0].package}")
    assert not lacking
