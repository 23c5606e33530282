"""What holds for every value on its way, whatever the numbers are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.editions import edition
from bot.floors.aim import Aim
from bot.formats import Indicator
from bot.standing import (
    Measured,
    Point,
    Progress,
    Regional,
    Track,
    Value,
    Verdict,
    first_since,
    judge,
    measure,
    regional,
)
from db.vocabulary import Direction

INDICATOR = edition("common-1").indicator("pension_covered")
numbers = st.decimals(-10_000, 10_000, allow_nan=False, allow_infinity=False, places=13) | st.integers(-99, 99).map(
    Decimal
)
years = st.integers(1950, 2100)
maybe = st.none() | numbers
points = st.lists(st.builds(Point, numbers.map(lambda each: format(each, "f")), st.none() | years, st.integers(0, 30)))
# Few years, so that some are said twice.
close = st.lists(st.builds(Point, st.just("1"), st.integers(2010, 2014), st.integers(0, 30)), max_size=12)
aims = st.builds(Aim, maybe, maybe, st.none() | years, st.just("Decree 12"), st.just(date(2020, 1, 1)))
directions = st.sampled_from(Direction)
# The worse is the smaller; the others are not on this scale.
SCALE = {Track.OFF_TRACK: 0, Track.ON_TRACK: 1, Track.REACHED: 2}


def other(direction: Direction) -> Direction:
    return Direction.DOWN if direction is Direction.UP else Direction.UP


def better(direction: Direction, now: Decimal, by: Decimal) -> Decimal:
    return now + by if direction is Direction.UP else now - by


def mirrored(aim: Aim) -> Aim:
    return replace(
        aim,
        floor=None if aim.floor is None else -aim.floor,
        ceiling=None if aim.ceiling is None else -aim.ceiling,
    )


@given(directions, aims, numbers, numbers.map(abs), years, points)
def test_a_better_value_is_never_further_away_nor_worse_on_its_track(
    direction: Direction, aim: Aim, now: Decimal, by: Decimal, year: int, before: list[Point]
) -> None:
    first = first_since(before, 0, year)
    here = measure(direction, aim, now, year, first)
    there = measure(direction, aim, better(direction, now, by), year, first)
    for less, more in ((there.to_floor, here.to_floor), (there.to_ceiling, here.to_ceiling)):
        assert (less is None) is (more is None)
        assert less is None or more is None or less <= more
    if here.track in SCALE and there.track in SCALE:
        assert SCALE[there.track] >= SCALE[here.track]
    else:
        # Whether there is a line does not hang on the value; only reaching the goal does.
        assert there.track is here.track or there.track is Track.REACHED


@given(directions, aims, maybe, st.none() | years, points)
def test_the_mirror_of_a_series_in_the_mirrored_direction_is_told_the_same(
    direction: Direction, aim: Aim, now: Decimal | None, year: int | None, before: list[Point]
) -> None:
    first = first_since(before, 0, year)
    turned = None if first is None else Point(format(-first.number, "f"), first.year, first.rank)
    here = measure(direction, aim, now, year, first)
    there = measure(other(direction), mirrored(aim), None if now is None else -now, year, turned)
    pace, expected = (None if each is None else -each for each in (there.pace, there.expected))
    assert replace(there, pace=pace, expected=expected) == here


@given(
    directions, aims, maybe, st.none() | years, points | close, st.randoms(use_true_random=False), st.integers(0, 30)
)
def test_the_order_in_which_values_are_read_does_not_matter(
    direction: Direction,
    aim: Aim,
    now: Decimal | None,
    year: int | None,
    before: list[Point],
    dice: Any,
    rank: int,
) -> None:
    # One value a cycle, as in life.
    before = list({point.rank: point for point in before}.values())
    shuffled = dice.sample(before, len(before))
    first = first_since(before, rank, year)
    assert first == first_since(shuffled, rank, year)
    assert measure(direction, aim, now, year, first) == measure(
        direction, aim, now, year, first_since(shuffled, rank, year)
    )
    if first is not None:
        assert year is not None
        assert first.rank >= rank and first.year is not None and first.year < year
        assert not any(point.rank >= rank and point.year is not None and point.year < first.year for point in before)
        # Of two words about one year the newer counts.
        assert not any(point.year == first.year and point.rank > first.rank for point in before)


@given(directions, aims, st.none() | years, points)
def test_a_missing_value_is_nowhere_and_reaches_nothing(
    direction: Direction, aim: Aim, year: int | None, before: list[Point]
) -> None:
    here = measure(direction, aim, None, year, first_since(before, 0, year))
    there = replace(here, track=Track.NO_TARGET)
    assert there == Measured(None, None, None, None, None, None, Track.NO_TARGET)
    assert here.track in (Track.NOT_AVAILABLE, Track.NO_TARGET)


@given(aims, maybe, st.none() | years, points)
def test_without_a_direction_or_without_an_aim_nothing_is_measured(
    aim: Aim, now: Decimal | None, year: int | None, before: list[Point]
) -> None:
    first = first_since(before, 0, year)
    nothing = Measured(None, None, None, None, None, None, Track.NO_TARGET)
    assert measure(None, aim, now, year, first) == nothing
    assert measure(Direction.UP, None, now, year, first) == nothing
    assert measure(Direction.UP, replace(aim, floor=None, ceiling=None), now, year, first) == nothing


@given(directions, numbers, numbers, numbers, years, st.integers(1, 90), st.integers(1, 90))
def test_the_track_is_decided_exactly(
    direction: Direction, goal: Decimal, now: Decimal, begun: Decimal, year: int, span: int, ahead: int
) -> None:
    """Against fractions, which are never rounded."""
    first = Point(format(begun, "f"), year - span, 0)
    aim = Aim(None, goal, year + ahead, "", date(2020, 1, 1))
    here = measure(direction, aim, now, year, first)
    pace = (Fraction(now) - Fraction(begun)) / span
    expected = Fraction(now) + pace * ahead
    sign = 1 if direction is Direction.UP else -1
    if sign * (Fraction(now) - Fraction(goal)) >= 0:
        assert here.track is Track.REACHED
    elif sign * (expected - Fraction(goal)) >= 0:
        assert here.track is Track.ON_TRACK
    else:
        assert here.track is Track.OFF_TRACK
    assert here.pace is not None and here.expected is not None
    assert abs(Fraction(here.pace) - pace) <= abs(pace) / 10**27
    assert abs(Fraction(here.expected) - expected) <= (abs(expected) + abs(Fraction(now)) + abs(pace) * 200) / 10**27


def test_a_line_that_just_meets_the_goal_is_on_track_where_rounding_would_miss_it() -> None:
    # A third a year: three years make exactly one, which no finite decimal of a third does.
    aim = Aim(None, Decimal(12), 2031, "", date(2020, 1, 1))
    here = measure(Direction.UP, aim, Decimal(11), 2028, Point("10", 2025, 0))
    assert here.track is Track.ON_TRACK
    short = replace(aim, ceiling=Decimal("12.0000000000000000000000000000000000001"))
    assert measure(Direction.UP, short, Decimal(11), 2028, Point("10", 2025, 0)).track is Track.OFF_TRACK
    assert measure(Direction.DOWN, aim, Decimal(13), 2028, Point("14", 2025, 0)).track is Track.ON_TRACK


def value(number: Decimal | None) -> Value:
    return Value(number is not None, False, number, None, 2025, None, None)


def row(member: str, indicator: Indicator, last: Decimal | None, now: Decimal | None, aim: Aim | None) -> Progress:
    before, here = value(last), value(now)
    measured = measure(indicator.direction, aim, now, 2025, None)
    return Progress(
        member=member,
        name=member,
        indicator=indicator,
        cycle="2026",
        last=replace(before, year=2024),
        last_cycle="2025",
        now=here,
        change=None,
        verdict=judge(indicator, replace(before, year=2024), here),
        aim=aim,
        **{name: getattr(measured, name) for name in Measured.__dataclass_fields__},
    )


@given(st.lists(st.tuples(maybe, maybe, st.none() | aims), max_size=12), st.randoms(use_true_random=False))
def test_the_region_counts_countries_from_three_on_in_any_order(each_has: list[Any], dice: Any) -> None:
    rows = [row(f"M{place}", INDICATOR, *each) for place, each in enumerate(each_has)]
    counted = regional(rows)
    assert counted == regional(dice.sample(rows, len(rows)))
    if not rows:
        assert counted == []
        return
    (each,) = counted
    counts = {
        name: getattr(each, name) for name in Regional.__dataclass_fields__ if name not in ("indicator", "members")
    }
    reported = sum(now is not None for _, now, _ in each_has)
    assert counts.pop("reported") == reported and each.members == len(rows)
    assert all((count is None) is (reported < 3) for count in counts.values())
    if reported >= 3:
        assert each.moved_right == sum(last is not None and now is not None and now > last for last, now, _ in each_has)
        assert each.set_floor == sum(
            now is not None and aim is not None and aim.floor is not None for _, now, aim in each_has
        )
        assert (each.reached or 0) <= (each.set_floor or 0) <= reported
        assert each.moved_right == sum(row.verdict is Verdict.BETTER for row in rows)
