"""The progress after a play, as plain figures: a computation that knows nothing of the bot must come to the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot import standing
from bot.standing import Progress, Regional
from db.engine import Session
from db.queries import progress as queries


@dataclass(frozen=True)
class Measured:
    """One value of one member; numbers as their digits. The fields are those of `standing.Progress`, cut to plain ones.

    Attributes:
        year, last_year: the years that the values speak of.
        pace, expected: to 28 digits; what decides the track is exact.
    """

    cycle: str
    member: str
    indicator: str
    now: str
    year: int | None
    last: str | None
    last_year: int | None
    change: str | None
    verdict: str
    floor: str | None
    target_year: int | None
    to_floor: str | None
    floor_reached: bool | None
    pace: str | None
    expected: str | None
    track: str


@dataclass(frozen=True)
class Together:
    """What the region says of one indicator in one cycle; None with fewer than three members that have a value."""

    cycle: str
    indicator: str
    reported: int
    set_floor: int | None
    reached: int | None
    compared: int | None
    moved_right: int | None
    on_a_way: int | None
    on_track: int | None


async def measured(session: Session) -> tuple[list[Measured], list[Together]]:
    """Every value of every published cycle, the oldest cycle first, and what the region says of each indicator."""
    values: list[Measured] = []
    region: list[Together] = []
    for cycle in await queries.cycles_until(session, date.max, published=True):
        table = await standing.table(session, cycle)
        values += [_value(cycle.code, row) for row in table.rows if row.now.number is not None]
        region += [_together(cycle.code, each) for each in table.indicators if each.reported]
    return values, region


def _value(cycle: str, row: Progress) -> Measured:
    last, aim = row.last, row.aim
    return Measured(
        cycle,
        row.member,
        row.indicator.code,
        _digits(row.now.number) or "",
        row.now.year,
        _digits(last.number) if last else None,
        last.year if last else None,
        _digits(row.change),
        row.verdict.value,
        _digits(aim.floor) if aim else None,
        aim.target_year if aim else None,
        _digits(row.to_floor),
        row.floor_reached,
        _digits(row.pace),
        _digits(row.expected),
        row.track.value,
    )


def _together(cycle: str, each: Regional) -> Together:
    return Together(
        cycle,
        each.indicator.code,
        each.reported,
        each.set_floor,
        each.reached,
        each.compared,
        each.moved_right,
        each.on_a_way,
        each.on_track,
    )


def _digits(number: Decimal | None) -> str | None:
    return format(number, "f") if number is not None else None
