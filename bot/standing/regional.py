"""What the region says together: counts of countries, each of which counts as one.

There is no average, no weight and no order of countries. With fewer than three countries that have a value nothing is
counted: a number for two would be a statement about each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.formats import Indicator
from bot.standing.comparing import Verdict
from bot.standing.measuring import Track
from bot.standing.progress import Progress
from db.queries.progress import Report
from db.vocabulary import AssessmentState

FEWEST = 3
_COMPARED = (Verdict.BETTER, Verdict.WORSE, Verdict.SAME, Verdict.REVISED)
_ON_A_WAY = (Track.ON_TRACK, Track.OFF_TRACK)


@dataclass(frozen=True)
class Coverage:
    """How much of what was asked has come.

    Attributes:
        asked: members of the cycle, without those of which no report is required.
        accepted: of these, those whose report was accepted.
        missing: names of those whose report was not, in alphabetical order.
        spared: names of the members of which no report is required.
    """

    asked: int
    accepted: int
    missing: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()


@dataclass(frozen=True)
class Regional:
    """One indicator, for all members of a cycle together. Every count after `reported` is None with fewer than three.

    Attributes:
        members: whose accepted report answers the question, also with "not available".
        reported: of these, those with a value.
        set_floor: of those with a value, those that had set themselves a floor when the cycle opened.
        reached: of these, those whose value has reached it.
        set_ceiling, ceiling_reached: the same of the ceiling.
        compared: of those with a value, those with an earlier one to hold it against, where there is a direction.
        moved_right: of these, those that moved in the indicator's direction. A correction of the same year is none.
        on_a_way: of those with a value, those on a line to a target year.
        on_track: of these, those that come there in time at the present pace.
    """

    indicator: Indicator
    members: int
    reported: int
    set_floor: int | None
    reached: int | None
    set_ceiling: int | None
    ceiling_reached: int | None
    compared: int | None
    moved_right: int | None
    on_a_way: int | None
    on_track: int | None


@dataclass(frozen=True)
class Overall:
    """The counts of all indicators that are counted, added up: a country and an indicator together count as one."""

    set_floor: int
    reached: int
    compared: int
    moved_right: int
    on_a_way: int
    on_track: int


def overall(indicators: Iterable[Regional]) -> Overall | None:
    """All indicators together; None where none of them has values of three countries."""
    counted = [each for each in indicators if each.set_floor is not None]
    if not counted:
        return None

    def total(name: str) -> int:
        return sum(getattr(each, name) for each in counted)

    return Overall(*(total(name) for name in Overall.__dataclass_fields__))


def coverage(reports: Iterable[Report]) -> Coverage:
    """Counted from all members of a cycle."""
    spared: list[str] = []
    missing: list[str] = []
    accepted = 0
    for report in sorted(reports, key=lambda report: report.name):
        if report.state is AssessmentState.NOT_REQUIRED:
            spared.append(report.name)
        elif report.state is AssessmentState.ACCEPTED:
            accepted += 1
        else:
            missing.append(report.name)
    return Coverage(accepted + len(missing), accepted, tuple(missing), tuple(spared))


def regional(rows: Sequence[Progress], questions: Sequence[Indicator] | None = None) -> list[Regional]:
    """Counted from the rows of a cycle, numeric indicators only.

    Args:
        rows: in any order; each member stands once for an indicator.
        questions: gives the order; None: as they come in the rows.
    """
    by_code: dict[str, list[Progress]] = {}
    for row in rows:
        if row.indicator.numeric:
            by_code.setdefault(row.indicator.code, []).append(row)
    codes = [question.code for question in questions] if questions is not None else list(by_code)
    return [_counted(by_code[code]) for code in codes if code in by_code]


def _counted(rows: Sequence[Progress]) -> Regional:
    indicator, valued = rows[0].indicator, [row for row in rows if row.now.available]
    if len(valued) < FEWEST:
        return Regional(indicator, len(rows), len(valued), None, None, None, None, None, None, None, None)
    floors = [row for row in valued if row.floor_reached is not None]
    ceilings = [row for row in valued if row.ceiling_reached is not None]
    compared = [row for row in valued if row.verdict in _COMPARED] if indicator.direction else []
    ways = [row for row in valued if row.track in _ON_A_WAY]
    return Regional(
        indicator,
        len(rows),
        len(valued),
        len(floors),
        sum(row.floor_reached is True for row in floors),
        len(ceilings),
        sum(row.ceiling_reached is True for row in ceilings),
        len(compared),
        sum(row.verdict is Verdict.BETTER for row in compared),
        len(ways),
        sum(row.track is Track.ON_TRACK for row in ways),
    )
