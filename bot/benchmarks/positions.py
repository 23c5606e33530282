"""Where members stand, as rows for tables, pictures and exports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.benchmarks.standards import standards
from db.engine import Session
from db.queries import benchmarks as queries
from db.queries.benchmarks import Noted


@dataclass(frozen=True)
class Position:
    """What one member says of one benchmark now.

    Attributes:
        member: ISO 3166-1 alpha-3 code.
        step: the step's code; or `another_way`, `not_applicable`.
        place: which step it is, from 1, of `of` steps; None where it is none.
        title: the step's words; of a step that is no longer in the list, its code.
        note: in the member's own words; always there where it is none of the steps.
    """

    member: str
    name: str
    benchmark: str
    step: str
    place: int | None
    of: int
    title: str
    reached_on: date | None
    next_step: str | None
    next_on: date | None
    note: str | None
    noted_at: datetime


async def positions(session: Session, member: str | None = None) -> list[Position]:
    """What members say now, by member in alphabetical order, then in the order of the benchmarks. Who has said nothing
    of a benchmark has no row. One query.

    Args:
        member: only this one's.
    """
    order = {each.code: place for place, each in enumerate(standards())}
    found = [position(each) for each in await queries.newest(session, member)]
    known = [each for each in found if each.benchmark in order]
    return sorted(known, key=lambda each: (each.name, order[each.benchmark]))


def position(noted: Noted) -> Position:
    """One row as it is shown."""
    row = noted.position
    benchmark = standards().get(row.benchmark)
    place = benchmark.place(row.step) if benchmark else None
    return Position(
        member=noted.member.code,
        name=noted.member.name,
        benchmark=row.benchmark,
        step=row.step,
        place=place,
        of=len(benchmark.steps) if benchmark else 0,
        title=benchmark.steps[place - 1].title if benchmark and place else row.step,
        reached_on=row.reached_on,
        next_step=row.next_step,
        next_on=row.next_on,
        note=row.note,
        noted_at=row.noted_at,
    )
