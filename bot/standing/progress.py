"""How far each member is, for each indicator of a cycle: last value and this one, own floor and ceiling, the pace."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from bot.floors.aim import Aim, thawed
from bot.formats import Indicator
from bot.standing.comparing import Moved, Value, Verdict, difference, judge
from bot.standing.measuring import Measured, Point, Track, first_since, measure
from db.models import Cycle
from db.queries.progress import Report, Said
from db.vocabulary import Availability, Kind


@dataclass(frozen=True)
class Progress:
    """One member and one indicator in a cycle.

    Attributes:
        member: ISO 3166-1 alpha-3 code; `name` is the country's.
        cycle, last_cycle: titles of the cycles in which `now` and `last` were given.
        last: the newest accepted value from cycles whose period ended before this one's began; None: there is none.
        change: now less last, exact; None for choices and where a number is missing.
        aim: the floor and the ceiling as they were kept when the cycle opened; None: the member had set none.
        to_floor, to_ceiling, floor_reached, ceiling_reached, pace, expected, track: see `measuring.Measured`.
        since: the value from which the pace is taken.
    """

    member: str
    name: str
    indicator: Indicator
    cycle: str
    last: Value | None
    last_cycle: str | None
    now: Value
    change: Decimal | None
    verdict: Verdict
    aim: Aim | None
    to_floor: Decimal | None
    to_ceiling: Decimal | None
    floor_reached: bool | None
    ceiling_reached: bool | None
    pace: Decimal | None
    expected: Decimal | None
    track: Track
    since: Point | None = None


def moved_in(rows: Iterable[Progress]) -> list[Moved]:
    """The same rows as `comparing.moved` reads them, for who has read the whole table."""
    return [
        Moved(row.member, row.name, row.indicator, row.last, row.last_cycle, row.now, row.change, row.verdict)
        for row in rows
    ]


class Lived(NamedTuple):
    """A cycle as far as a way needs it: a plain row, which a worker thread may read."""

    id: int
    title: str
    period_start: date
    period_end: date

    @classmethod
    def of(cls, cycle: Cycle) -> Lived:
        """The same of a cycle."""
        return cls(cycle.id, cycle.title, cycle.period_start, cycle.period_end)


class Way:
    """One cycle and those before it, in their order: a rank stands for a cycle."""

    def __init__(
        self, cycle: Lived, history: Sequence[Lived], questions: Sequence[Indicator], names: Mapping[str, str]
    ) -> None:
        self._cycle = cycle
        self._history = history
        self._rank = {each.id: rank for rank, each in enumerate(history)}
        self._ends = [each.period_end for each in history]
        # Last time is a cycle that was over before this one's period began.
        self._last_before = bisect_left(self._ends, cycle.period_start)
        self._questions = {indicator.code: (place, indicator) for place, indicator in enumerate(questions)}
        self._names = names

    def rows(self, accepted: Mapping[str, Report], said: Sequence[Said]) -> list[Progress]:
        """Members in alphabetical order, the answers of each in the format's order.

        Args:
            accepted: the members whose report of the cycle was accepted, by code.
            said: the answers of the cycle and the values of those before it, in any order.
        """
        names, this, found = self._names, self._cycle.id, defaultdict[tuple[str, str], list[Said]](list)
        mine: list[tuple[str, int, Indicator, Said]] = []
        for row in said:
            if row[2] == this:
                # Between the two statements that were read another report may have been accepted.
                if row[0] in accepted:
                    mine.append((accepted[row[0]].name, *self._questions[names[row[1]]], row))
            else:
                found[row[0], names[row[1]]].append(row)
        mine.sort(key=lambda each: each[:2])
        return [
            self._row(accepted[row[0]], indicator, row, found.get((row[0], indicator.code), []))
            for _, _, indicator, row in mine
        ]

    def _row(self, report: Report, indicator: Indicator, row: Said, before: Sequence[Said]) -> Progress:
        now, rank = plain_value(row, indicator), self._rank
        newest = max((each for each in before if rank[each[2]] < self._last_before), key=self._newness, default=None)
        last = None if newest is None else plain_value(newest, indicator)
        change = None
        if last is not None and now.number is not None and last.number is not None:
            change = difference(now.number, last.number)
        aim = _aim(report.floors, indicator)
        first = self._first(aim, now, before)
        measured: Measured = measure(indicator.direction, aim, now.number, now.year, first)
        return Progress(
            report.member,
            report.name,
            indicator,
            self._cycle.title,
            last,
            None if newest is None else self._history[rank[newest[2]]].title,
            now,
            change,
            judge(indicator, last, now),
            aim,
            measured.to_floor,
            measured.to_ceiling,
            measured.floor_reached,
            measured.ceiling_reached,
            measured.pace,
            measured.expected,
            measured.track,
            first,
        )

    def _newness(self, row: Said) -> int:
        return self._rank[row[2]]

    def _first(self, aim: Aim | None, now: Value, before: Sequence[Said]) -> Point | None:
        if aim is None or now.number is None:
            return None
        rank, since = self._rank, bisect_left(self._ends, aim.valid_from)
        points = [Point(row[4], row[6], rank[row[2]]) for row in before if row[4] is not None]
        return first_since(points, since, now.year)


def _aim(floors: Mapping[str, Any] | None, indicator: Indicator) -> Aim | None:
    """What the member had set: under the code of today, or under one that the question had before."""
    if not floors:
        return None
    kept = next((floors[code] for code in (indicator.code, *indicator.was) if code in floors), None)
    return None if kept is None else thawed(kept)


def plain_value(row: Said, indicator: Indicator) -> Value:
    """A stored answer as it counts for a comparison; as `comparing.value_of`, from a plain row."""
    _, _, _, availability, digits, text, year, source, note = row
    available = availability != Availability.NOT_AVAILABLE
    if not available or indicator.numeric:
        text = None
    elif indicator.kind is Kind.CHOICE:
        text = next((option.title for option in indicator.choices if option.code == text), text)
    number = Decimal(digits) if available and indicator.numeric and digits is not None else None
    return Value(available, availability == Availability.ESTIMATE, number, text, year, source, note)
