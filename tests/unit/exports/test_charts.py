"""The chart of what moved: nothing clipped, nothing overlapping, told in words too, the same from the same facts."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.lines import Line2D
from matplotlib.text import Text
from PIL import Image

from bot.exports import charts
from bot.exports.charts import moved_chart, moved_picture
from bot.words import words

NAMES = ("Brunei Darussalam", "Cambodia", "Indonesia", "Lao PDR", "Viet Nam")


def row(name: str, last: str, now: str, verdict: str = "better", **more: Any) -> dict[str, Any]:
    return {"name": name, "last": last, "last_year": 2020, "now": now, "now_year": 2023, "verdict": verdict, **more}


def panel(*rows: dict[str, Any], title: str = "Older persons receiving a pension", **more: Any) -> dict[str, Any]:
    return {"title": title, "unit": "percent of persons above retirement age", "direction": "up", "rows": rows, **more}


PENSION = panel(
    row("Indonesia", "38.8", "41.2"),
    row("Lao PDR", "7", "6.1", "worse"),
    row("Viet Nam", "40.9", "40.9", "same"),
)
HOSTILE = "<!channel> $\\frac{x}$ \u202eback\n\n" + "W" * 90


def texts_of(panels: list[dict[str, Any]]) -> tuple[list[Text], tuple[float, float, float, float]]:
    """Every word of the figure, and the figure's box, both in pixels."""
    figure = charts.draw(panels, words())
    box = figure.bbox
    return [text for text in figure.texts if text.get_text()], (box.x0, box.y0, box.x1, box.y1)


def assert_all_inside(panels: list[dict[str, Any]]) -> None:
    texts, (left, bottom, right, top) = texts_of(panels)
    boxes = [(text, text.get_window_extent()) for text in texts]
    for text, box in boxes:
        assert left <= box.x0 < box.x1 <= right, text
        assert bottom <= box.y0 < box.y1 <= top, text
    for place, (text, box) in enumerate(boxes):
        for other, beside in boxes[place + 1 :]:
            assert not box.padded(-1).overlaps(beside.padded(-1)), (text, other)


def test_it_is_a_tall_picture_for_a_phone_with_twice_the_dots() -> None:
    chart = moved_chart([PENSION])
    assert chart is not None
    picture = Image.open(io.BytesIO(chart.png))
    assert picture.format == "PNG"
    assert picture.size == (1200, 2 * chart.height)
    assert (chart.width, chart.height) == (600, 2 * 18 + 58 + 52 + 3 * 50)
    assert len(chart.png) < 60_000
    assert picture.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_it_is_told_in_words_country_by_country() -> None:
    chart = moved_chart([PENSION])
    assert chart is not None
    assert chart.alt.endswith("Older persons receiving a pension: Indonesia better, Lao PDR worse, Viet Nam as before.")
    assert "\n" not in chart.alt


def test_where_nothing_moved_there_is_no_chart() -> None:
    assert moved_chart([]) is None
    assert moved_picture([]) is None


def test_countries_values_and_years_stand_side_by_side() -> None:
    said = [text.get_text() for text in texts_of([PENSION])[0]]
    assert said[-9:] == [
        *("Indonesia", "38.8 → 41.2", "2020 → 2023"),
        *("Lao PDR", "7 → 6.1", "2020 → 2023"),
        *("Viet Nam", "40.9", "2020 → 2023"),
    ]
    assert "percent of persons above retirement age · more is progress" in said


@pytest.mark.parametrize("count", [1, 6])
def test_no_word_is_clipped_and_none_lies_on_another(count: int) -> None:
    rows = [row(name, "0", "100") for name in NAMES] + [row("Viet Nam", "50.7999992370605", "50.8999992370605")]
    assert_all_inside([panel(*rows)] * count)


def test_hostile_words_are_words() -> None:
    one = panel(row(HOSTILE, "1" * 30, "2" * 30, now_year=None, last_year=None), title=HOSTILE, unit=HOSTILE)
    assert_all_inside([one])
    said = [text.get_text() for text in texts_of([one])[0]]
    assert any(text.startswith("<!channel> $\\frac") and text.endswith("…") for text in said)
    assert moved_chart([one]) is not None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(NAMES),
            st.decimals(-1000, 1_000_000_000, allow_nan=False, places=3),
            st.decimals(0, 100, allow_nan=False, places=1),
            st.sampled_from(["better", "worse", "same", "changed", "revised"]),
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=25, deadline=None)
def test_whatever_the_numbers_are_it_can_be_drawn(rows: list[Any]) -> None:
    assert_all_inside([panel(*(row(name, f"{last:f}", f"{now:f}", verdict) for name, last, now, verdict in rows))])


def test_better_and_worse_differ_without_colour() -> None:
    lines = [line for line in charts.draw([PENSION], words()).artists if isinstance(line, Line2D)]
    dashes = {line.get_color(): line._unscaled_dash_pattern[1] for line in lines if line.get_zorder() == 2}
    better, worse, other = (dashes[colour] for colour in ("#0072B2", "#D55E00", "#5f6b66"))
    assert better is None
    assert worse
    assert other
    assert list(worse) != list(other)


async def test_the_same_facts_give_the_same_file_from_several_threads_at_once() -> None:
    charts.forget()
    panels = [PENSION, panel(row("Cambodia", "3", "4"), title="Children covered")]
    drawn = await asyncio.gather(*(asyncio.to_thread(moved_chart, panels[: 1 + place % 2]) for place in range(8)))
    assert len({chart.png for chart in drawn if chart}) == 2


async def test_an_edition_is_drawn_once() -> None:
    charts.forget()
    pictures = await asyncio.gather(*(asyncio.to_thread(moved_picture, [PENSION]) for _ in range(6)))
    assert pictures[0] is not None
    assert (pictures[0].name, pictures[0].content[:4]) == ("moved.png", b"\x89PNG")
    assert len({id(picture.content) for picture in pictures if picture}) == 1
