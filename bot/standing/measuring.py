"""One value on the way to its country's own floor and ceiling. Pure: no database, no clock.

The method, as people are told it (templates/layout/progress_method.chat.j2):

1. The way is a straight line through two values of the country, placed by the years that they speak of: from the first
   accepted value since the floor was set to the value of this cycle. "Since" means: from a cycle whose period ended on
   or after the day from which the floor counts; "first" is the one that speaks of the earliest year.
2. Where two cycles speak of the same year, the newer one corrected the older, and its value counts.
3. The pace is the difference of the two values divided by the years between them. Goes on like this, the value at the
   target year is expected to be: this value + pace x (target year - this value's year).
4. The goal is the ceiling, or the floor where the country set no ceiling. On track: the expected value reaches it, in
   the indicator's own direction. Reached: this value does already, whatever the pace.
5. Too few: there is no earlier year since the floor was set. Off track without a line: the target year has come, and
   this value does not reach the goal. No target: no floor or ceiling, no target year, or the format names no direction.
6. An estimate counts as a value. What is not available, skipped, set aside by the review or without a year is no point
   of the line, and nothing is put in its place.

All is decided in exact arithmetic, by products instead of quotients; only the pace and the expected value, which are
for reading, are rounded, to 28 digits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from typing import NamedTuple

from bot.floors.aim import Aim
from bot.standing.comparing import EXACT
from db.vocabulary import Direction

_READING = Context(prec=28)


class Track(StrEnum):
    """Whether a country comes to its goal by its target year at the present pace."""

    ON_TRACK = "on_track"
    OFF_TRACK = "off_track"
    # This value is at the goal, or beyond it.
    REACHED = "reached"
    # There is nothing to be on the way to: no floor or ceiling, no year, or no direction.
    NO_TARGET = "no_target"
    # No earlier year since the floor was set.
    TOO_FEW = "too_few"
    # There is a goal, and no value now.
    NOT_AVAILABLE = "not_available"


class Point(NamedTuple):
    """A value as digits, the year that it speaks of, the rank of its cycle: the later its period ended, the higher."""

    digits: str
    year: int | None
    rank: int

    @property
    def number(self) -> Decimal:
        """The exact value; of a hundred thousand points few are ever asked for it."""
        return Decimal(self.digits)


@dataclass(frozen=True)
class Measured:
    """Where a value stands.

    Attributes:
        to_floor, to_ceiling: what is still lacking, in the indicator's unit and in the direction of progress: 0 or
            less is reached. None without a value, or without a floor or a ceiling.
        floor_reached, ceiling_reached: None where that cannot be said.
        pace: change a year, in the indicator's unit: with its own sign, whatever the direction.
        expected: at the target year; None where there is no line, or the target year has come.
    """

    to_floor: Decimal | None
    to_ceiling: Decimal | None
    floor_reached: bool | None
    ceiling_reached: bool | None
    pace: Decimal | None
    expected: Decimal | None
    track: Track


def lacking(direction: Direction, now: Decimal, goal: Decimal) -> Decimal:
    """What is still lacking to a goal, exact; 0 or less is reached."""
    return EXACT.subtract(goal, now) if direction is Direction.UP else EXACT.subtract(now, goal)


def first_since(points: Iterable[Point], rank: int, year: int | None) -> Point | None:
    """Where the line begins: of the values since the floor was set, the one of the earliest year, as corrected last.

    Args:
        points: earlier accepted values, in any order.
        rank: of the first cycle that counts.
        year: of this value; only earlier years make a line.
    """
    if year is None:
        return None
    counting = [point for point in points if point.rank >= rank and point.year is not None and point.year < year]
    return min(counting, key=lambda point: (point.year, -point.rank), default=None)


def measure(
    direction: Direction | None, aim: Aim | None, now: Decimal | None, year: int | None, first: Point | None
) -> Measured:
    """Where a value stands on the way to its country's own goal.

    Args:
        aim: as it was kept when the cycle opened; None: the member had set nothing.
        now: this value; None: not available.
        year: the year that it speaks of.
        first: from `first_since`.
    """
    if aim is None or direction is None:
        return _NOTHING
    goal = aim.floor if aim.ceiling is None else aim.ceiling
    if goal is None:
        return _NOTHING
    if now is None:
        return _NO_VALUE if aim.target_year is not None else _NOTHING
    to_floor = None if aim.floor is None else lacking(direction, now, aim.floor)
    to_ceiling = None if aim.ceiling is None else lacking(direction, now, aim.ceiling)
    pace = expected = None
    on_track: bool | None = None
    if first is not None and first.year is not None and year is not None and first.year < year:
        moved, span = EXACT.subtract(now, first.number), Decimal(year - first.year)
        pace = _READING.divide(moved, span)
        if aim.target_year is not None and aim.target_year > year:
            ahead = EXACT.multiply(moved, Decimal(aim.target_year - year))
            expected = _READING.add(now, _READING.divide(ahead, span))
            # What would still be lacking at the target year, times the years of the line: no quotient, no rounding.
            left = EXACT.multiply(lacking(direction, now, goal), span)
            on_track = (left <= ahead) if direction is Direction.UP else (left <= -ahead)
    reached = lacking(direction, now, goal) <= 0
    return Measured(
        to_floor,
        to_ceiling,
        None if to_floor is None else to_floor <= 0,
        None if to_ceiling is None else to_ceiling <= 0,
        pace,
        expected,
        _track(aim, year, reached=reached, on_track=on_track),
    )


def _track(aim: Aim, year: int | None, *, reached: bool, on_track: bool | None) -> Track:
    if reached:
        return Track.REACHED
    if aim.target_year is None:
        return Track.NO_TARGET
    if on_track is not None:
        return Track.ON_TRACK if on_track else Track.OFF_TRACK
    return Track.OFF_TRACK if year is not None and aim.target_year <= year else Track.TOO_FEW


_NOTHING = Measured(None, None, None, None, None, None, Track.NO_TARGET)
_NO_VALUE = Measured(None, None, None, None, None, None, Track.NOT_AVAILABLE)
