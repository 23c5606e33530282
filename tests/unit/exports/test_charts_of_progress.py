"""The pictures of progress, of reports and of mechanisms: whole, told in words too, and the same in grey."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image

from bot import editions
from bot.exports import charts
from bot.exports.charts import Chart, drawing, dumbbell, mechanism_steps, multiples, sketch, timeline
from bot.exports.charts.timeline import STATES
from bot.floors.aim import Aim
from bot.formats import Indicator
from bot.messages import Message, drawn
from bot.standing import Value
from bot.standing.comparing import judge
from bot.standing.measuring import measure
from bot.standing.progress import Progress
from db.vocabulary import MechanismStatus
from tests.golden import assert_golden
from tests.unit.exports.figures import assert_readable, needs_fonts, words_of

NUMBERS = [indicator for indicator in editions.edition("common-1").indicators if indicator.numeric]
PENSION = next(indicator for indicator in NUMBERS if indicator.code == "pension_covered")
MEETINGS = next(indicator for indicator in NUMBERS if indicator.code == "mechanism_meetings")
NAMES = [
    "Brunei Darussalam",
    "Cambodia / កម្ពុជា",
    "Indonesia",
    "ສປປ ລາວ",
    "Malaysia",
    "မြန်မာနိုင်ငံ",
    "ประเทศไทย",
    "Việt Nam",
]
HOSTILE = "<!channel> $\\frac{x}$ =cmd() " + "W" * 90


def value(number: str | None, year: int | None) -> Value:
    return Value(number is not None, False, Decimal(number) if number is not None else None, None, year, None, None)


def way(
    last: str | None,
    now: str | None,
    floor: str | None = None,
    ceiling: str | None = None,
    *,
    of: Indicator = PENSION,
    name: str = "Indonesia",
    code: str = "IDN",
    years: tuple[int | None, int | None] = (2020, 2024),
) -> Progress:
    """One value on its way."""
    before, this = (value(last, years[0]) if last is not None else None), value(now, years[1])
    digits = [Decimal(each) if each is not None else None for each in (floor, ceiling)]
    aim = Aim(digits[0], digits[1], 2030, "Law 40 of 2004", date(2020, 1, 1)) if floor or ceiling else None
    found = measure(of.direction, aim, this.number, years[1], None)
    return Progress(
        member=code,
        name=name,
        indicator=of,
        cycle="Full assessment 2026",
        last=before,
        last_cycle="Full assessment 2022" if before else None,
        now=this,
        change=None,
        verdict=judge(of, before, this),
        aim=aim,
        to_floor=found.to_floor,
        to_ceiling=found.to_ceiling,
        floor_reached=found.floor_reached,
        ceiling_reached=found.ceiling_reached,
        pace=None,
        expected=None,
        track=found.track,
    )


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """Every figure that a test draws, as it was before it became a file."""
    charts.forget()
    drawn: list[Figure] = []
    made = drawing._png

    def kept(figure: Figure) -> bytes:
        drawn.append(figure)
        return made(figure)

    monkeypatch.setattr(drawing, "_png", kept)
    return drawn


def size_of(chart: Chart) -> tuple[int, int]:
    return Image.open(io.BytesIO(chart.png)).size


def test_a_country_sees_its_numbers_between_its_own_floor_and_ceiling(figures: list[Figure]) -> None:
    (chart,) = dumbbell([way("38.8", "41.2", "40", "60"), way("2", "3", of=MEETINGS)])
    (figure,) = figures
    assert_readable(figure)
    assert size_of(chart) == (1200, 2 * chart.height)
    assert len(chart.png) < 60_000
    assert chart.name == "idn-full-assessment-2026-progress.png"
    said = words_of(figure)
    for words in ("Indonesia", "38.8 → 41.2 %", "2020 → 2024", "own floor", "own ceiling", "0", "100 %"):
        assert words in said
    assert any(words.startswith("own floor 40 (reached), ceiling 60 by 2030 · percent of") for words in said)
    # What is no share of a hundred has a scale of its own, and that is said.
    assert "Other numbers: each has a scale of its own" in said
    assert f"{PENSION.title}: 38.8 → 41.2 % (2020 → 2024); own floor 40 (reached), ceiling 60 by 2030." in chart.alt


def test_floor_ceiling_last_and_now_stand_in_their_order_on_the_scale(figures: list[Figure]) -> None:
    dumbbell([way("38.8", "41.25", "40", "60.5")])
    lines = [line for line in figures[0].artists if isinstance(line, Line2D)]
    # The legend above uses the same marks: these are the last of each.
    dots = [line for line in lines if line.get_marker() == "o"][-2:]
    floor, ceiling = [line for line in lines if line.get_zorder() == 2.5][-2:]
    last, now = dots
    along = [float(line.get_xdata()[place]) for line, place in ((last, 0), (floor, 1), (now, 0), (ceiling, 1))]
    assert along == sorted(along)
    assert (last.get_markerfacecolor(), now.get_markerfacecolor()) == ("white", now.get_markeredgecolor())
    # On a scale from 0 to 100 the way from last time to now is as long as it is.
    share = (along[2] - along[0]) / (along[3] - along[1])
    assert share == pytest.approx((41.25 - 38.8) / (60.5 - 40))


def test_not_available_stays_not_available(figures: list[Figure]) -> None:
    (chart,) = dumbbell([way("34.8", None, "30"), way(None, None)])
    assert_readable(figures[0])
    said = words_of(figures[0])
    assert "not available" in said
    assert "2020: 34.8 %" in said
    assert said.count(PENSION.title) == 1
    assert "not available (2020: 34.8 %)" in chart.alt


def test_a_country_that_has_no_number_is_beside_the_others_all_the_same(figures: list[Figure]) -> None:
    (chart,) = multiples([way("3", "6"), way(None, None, "40", name="Singapore")])
    assert_readable(figures[0])
    said = words_of(figures[0])
    assert said[said.index("Singapore") + 1] == "not available"
    assert "Singapore: not available" in chart.alt


def test_without_a_number_there_is_no_picture() -> None:
    assert dumbbell([]) == []
    assert dumbbell([way(None, None)]) == []
    assert multiples([way(None, None, "40")]) == []
    assert timeline({"cycles": [], "rows": []}) == []
    assert mechanism_steps([]) == []


def test_many_numbers_are_several_pictures(figures: list[Figure]) -> None:
    found = dumbbell([way("10", "12", "11", of=indicator) for indicator in NUMBERS])
    assert [chart.title for chart in found] == [
        f"Indonesia: last time and now, Full assessment 2026 ({number} of {len(found)})"
        for number in range(1, len(found) + 1)
    ]
    assert len({chart.name for chart in found}) == len(found) > 1
    for figure in figures:
        assert_readable(figure)


@pytest.mark.parametrize("count", [1, 11, 200])
def test_the_region_stands_side_by_side_in_the_order_it_came_in(figures: list[Figure], count: int) -> None:
    needs_fonts("".join(NAMES))
    names = [
        f"{NAMES[place % len(NAMES)]} {place}" if count > 11 else NAMES[place % len(NAMES)] for place in range(count)
    ]
    rows = [way("3", "6", "5", "20", name=name, code=f"X{place}") for place, name in enumerate(names)]
    found = multiples(rows)
    assert len(found) == -(-count // 24)
    shown: list[str] = []
    for chart, figure in zip(found, figures, strict=True):
        assert_readable(figure)
        assert size_of(chart) == (1200, 2 * chart.height)
        shown += [words for words in words_of(figure) if words in names]
    assert shown == names
    assert "none ranked" in found[0].alt


def test_numbers_that_differ_with_the_size_of_a_country_have_scales_of_their_own(figures: list[Figure]) -> None:
    multiples([way("3", "6", of=MEETINGS), way("1300", "99999", of=MEETINGS, name="Viet Nam")])
    assert any("each panel on a scale of its own" in words for words in words_of(figures[0]))
    multiples([way("3", "6"), way("90", "91", name="Viet Nam")])
    assert any("each panel from 0 to 100 %" in words for words in words_of(figures[1]))


digits = st.one_of(
    st.none(),
    st.decimals(-1000, 1000, allow_nan=False, places=3).map("{:f}".format),
    st.sampled_from(["0", "-0.00000000001", "0.000000001", "9" * 40, "-" + "9" * 25, "100", "50.7999992370605"]),
)


@given(
    st.lists(
        st.tuples(digits, digits, digits, digits, st.sampled_from([*NAMES, HOSTILE]), st.sampled_from(NUMBERS)),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([(2020, 2024), (None, 2024), (None, None), (2024, 2020)]),
)
@settings(max_examples=25, deadline=None)
def test_whatever_the_numbers_are_they_can_be_drawn(rows: list[Any], years: tuple[int | None, int | None]) -> None:
    needs_fonts("".join(NAMES))
    charts.forget()
    drawn: list[Figure] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(drawing, "_png", lambda figure: drawn.append(figure) or b"")
        ways = [way(*each[:4], name=each[4], of=each[5], years=years) for each in rows]
        dumbbell(ways)
        multiples([way(*each[:4], name=each[4], years=years) for each in rows])
    for figure in drawn:
        assert_readable(figure)


def test_the_same_facts_are_drawn_once(figures: list[Figure]) -> None:
    rows = [way("1.5", "2.5", "2", name="Malaysia", code="MYS")]
    assert dumbbell(rows)[0].png is dumbbell([*rows])[0].png
    assert len(figures) == 1


@pytest.mark.parametrize(("cycles", "members"), [(1, 1), (3, 11), (8, 11), (12, 200)])
def test_who_reported_when(figures: list[Figure], cycles: int, members: int) -> None:
    needs_fonts("".join(NAMES))
    states = [*STATES, None]
    facts = {
        "cycles": [f"20{10 + place}-a-long-code" if place % 3 else f"20{10 + place}" for place in range(cycles)],
        "rows": [
            {
                "name": HOSTILE if place == 10 else NAMES[place % len(NAMES)],
                "code": "IDN",
                "states": [states[(place * 3 + each * 5) % len(states)] for each in range(cycles)],
            }
            for place in range(members)
        ],
    }
    found = timeline(facts)
    assert len(found) == -(-members // 30)
    for chart, figure in zip(found, figures, strict=True):
        assert_readable(figure)
        assert size_of(chart) == (1200, 2 * chart.height)
    # The newest eight.
    assert (facts["cycles"][-1] in found[0].alt) and (cycles <= 8 or facts["cycles"][0] not in found[0].alt)


def test_a_few_reports_are_told_one_by_one_many_as_numbers() -> None:
    few = {"cycles": ["2022", "2024"], "rows": [{"name": "Lao PDR", "code": "LAO", "states": ["accepted_late", None]}]}
    assert "Lao PDR: 2022 accepted, handed in late;" in timeline(few)[0].alt
    many = {
        "cycles": ["2022", "2024"],
        "rows": [{"name": f"Land {place}", "code": "X", "states": ["accepted", "missing"]} for place in range(30)],
    }
    assert "2022: 30 accepted. 2024: 30 no report." in timeline(many)[0].alt


@pytest.mark.parametrize("members", [1, 11, 200])
def test_how_far_each_mechanism_has_come(figures: list[Figure], members: int) -> None:
    needs_fonts("".join(NAMES))
    statuses = [*MechanismStatus, None]
    rows = [
        {
            "member": HOSTILE if place == 10 else NAMES[place % len(NAMES)],
            "code": "IDN",
            "status": statuses[place % 5].value if statuses[place % 5] else None,
            "since": date(2015, 1, 1) if place % 3 else None,
        }
        for place in range(members)
    ]
    found = mechanism_steps(rows)
    assert len(found) == -(-members // 30)
    for figure in figures:
        assert_readable(figure)
    filled = [
        sum(line.get_marker() == "s" and line.get_markerfacecolor() != "white" for line in figure.artists)
        for figure in figures
        if isinstance(figure, Figure)
    ]
    steps = {"none": 0, "planned": 1, "established": 2, "operational": 3, None: 0}
    assert sum(filled) == sum(steps[row["status"]] for row in rows)


def test_nothing_is_said_by_colour_alone(figures: list[Figure]) -> None:
    """Each state of a report has a shape of its own; in grey print colours come close to each other."""
    timeline({"cycles": ["2024"], "rows": [{"name": "Lao PDR", "code": "LAO", "states": ["accepted"]}]})
    marks = {
        (line.get_marker(), line.get_markerfacecolor() == "white", line.get_markersize())
        for line in figures[0].artists
        if isinstance(line, Line2D) and line.get_zorder() == 3
    }
    assert len(marks) == len(STATES)


def test_better_and_worse_differ_without_colour_also_where_the_way_is_short(figures: list[Figure]) -> None:
    dumbbell([way("41.1", "41.2"), way("41.2", "41.1"), way("41.1", "41.2", of=MEETINGS)])
    drawn = [line for line in figures[0].artists if isinstance(line, Line2D) and line.get_zorder() == 3]
    # The three rows are drawn last: each has a ring and, on it, this value.
    rings, values = drawn[-6::2], drawn[-5::2]
    assert {(ring.get_marker(), ring.get_markerfacecolor()) for ring in rings} == {("o", "white")}
    assert [value.get_marker() for value in values] == ["o", "D", "s"]
    assert all(ring.get_markersize() > value.get_markersize() + 3 for ring, value in zip(rings, values, strict=True))


async def test_a_message_gets_its_pictures_when_it_is_said_and_keeps_its_words_without() -> None:
    message = Message("progress/country", draws=sketch(dumbbell, [way("38.8", "41.2")]))
    (picture,) = (await drawn(message)).pictures
    assert picture.content.startswith(b"\x89PNG")
    assert picture.title == "Indonesia: last time and now, Full assessment 2026"
    broken = Message("progress/country", draws=sketch(timeline, {"cycles": ["2024"]}))
    assert (await drawn(broken)).pictures == ()


def test_what_the_pictures_say_reads_as_it_was_agreed(figures: list[Figure]) -> None:
    """Title, words for who does not see it, and every word that is drawn."""
    needs_fonts("".join(NAMES))
    meetings = way("2", "3", "4", of=MEETINGS)
    reports = [
        {"name": name, "code": name[:3].upper(), "states": [STATES[place], STATES[-place - 1], None]}
        for place, name in enumerate(NAMES[:3])
    ]
    mechanisms = [
        {"member": name, "code": name[:3].upper(), "status": status, "since": date(2015, 1, 1) if status else None}
        for name, status in zip(NAMES, [*(each.value for each in MechanismStatus), None], strict=False)
    ]
    shares = [way("38.8", "41.2", "40", "60"), way("34.8", None, "30", of=NUMBERS[3]), way(None, "7", of=NUMBERS[4])]
    found = [
        *dumbbell([*shares, meetings]),
        *multiples([way("38.8", "41.2", "40", "60"), way("7", "6.1", name="Lao PDR"), way(None, "5", name=NAMES[5])]),
        *multiples([meetings, way("1300", "99999", of=MEETINGS, name="Viet Nam")]),
        *timeline({"cycles": ["2022", "2024", "2026-Q4"], "rows": reports}),
        *mechanism_steps(mechanisms),
    ]
    told = [
        "\n".join([f"===== {chart.title} ({chart.name}) =====", chart.alt, "", *words_of(figure), ""])
        for chart, figure in zip(found, figures, strict=True)
    ]
    assert_golden("chart.text", "\n".join(told))
