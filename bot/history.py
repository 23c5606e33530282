"""Values of earlier years brought in as accepted history, so that the first cycle already knows "last time"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from bot import audit, permissions
from bot.assessments import subject
from bot.formats import Edition
from bot.observations import Observation, ObservationsRefused, Refused, Trouble
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Answer, Assessment, Cycle
from db.queries import assessments as assessment_queries
from db.queries import cycles as cycle_queries
from db.queries import records
from db.queries.records import Value
from db.vocabulary import AssessmentState, Availability, CycleOrigin, CycleState, QuestionSetCode

# No cycle that people are asked in has a code like this: bot/cycles.py takes none.
SUFFIX = "-history"


@dataclass(frozen=True)
class Brought:
    """What an import came to.

    Attributes:
        new: values that were stored now.
        known: values that stood there already, the same.
        years: how many years the new ones belong to.
    """

    new: int
    known: int
    years: int


async def bring_in(
    session: Session,
    by: Speaker,
    rows: Sequence[Observation],
    *,
    edition: Edition,
    title: Callable[[int], str],
    now: datetime,
) -> Brought:
    """Store observations: a published cycle a year, an accepted assessment a member, an answer a value.

    What stands there already is left as it is, so the same file twice changes nothing.

    Args:
        rows: checked by `bot.observations.read`.
        edition: whose questions they answer.
        title: what the cycle of a year is called.

    Raises:
        ObservationsRefused: some rows differ from what is stored; then nothing is stored.
        NotAllowed: not the secretariat.
    """
    permissions.require(by, Act.IMPORT)
    stored = await _stored(session)
    fresh: list[Observation] = []
    differing: list[Refused] = []
    for row in rows:
        value = stored.get((row.year, row.member, row.indicator))
        if value is None:
            fresh.append(row)
        elif not _same(row, value):
            differing.append(Refused(row.line, Trouble.DIFFERS, _difference(row, value)))
    if differing:
        raise ObservationsRefused(differing)
    years = sorted({row.year for row in fresh})
    for year in years:
        cycle = await _cycle(session, by, year, edition, title, now)
        await _store(session, by, cycle, [row for row in fresh if row.year == year], now)
    await session.flush()
    return Brought(len(fresh), len(rows) - len(fresh), len(years))


def called(code: str) -> str:
    """What people call a cycle of this code: one that was brought in is called by its year."""
    return code.removesuffix(SUFFIX)


async def _stored(session: Session) -> dict[tuple[int, str, str], Value]:
    """What is accepted for a whole year, by year, member and indicator; what people answered goes before history."""
    values = [value for value in await records.accepted_values(session) if value.availability in _VALUES]
    values.sort(key=lambda value: value.origin is CycleOrigin.ASKED)
    return {(value.whole_year, value.member, value.indicator): value for value in values if value.whole_year}


_VALUES = (Availability.GIVEN, Availability.ESTIMATE)


def _same(row: Observation, value: Value) -> bool:
    return value.number == row.value and value.year == row.year


def _difference(row: Observation, value: Value) -> dict[str, Any]:
    return {
        "wrote": format(row.value, "f"),
        "stored": format(value.number, "f") if value.number is not None else "",
        "year": value.year,
        "source": value.source,
        "cycle": value.title,
    }


async def _cycle(
    session: Session, by: Speaker, year: int, edition: Edition, title: Callable[[int], str], now: datetime
) -> Cycle:
    code = f"{year}{SUFFIX}"
    cycle = await cycle_queries.by_code(session, code)
    if cycle is not None:
        return cycle
    end = datetime.combine(date(year, 12, 31), time(23, 59), UTC)
    cycle = Cycle(
        code=code,
        title=title(year),
        question_set=QuestionSetCode.FULL,
        edition=edition.code,
        period_start=date(year, 1, 1),
        period_end=date(year, 12, 31),
        opens_at=datetime.combine(date(year, 1, 1), time(), UTC),
        due_at=end,
        closes_at=end,
        state=CycleState.PUBLISHED,
        origin=CycleOrigin.IMPORTED,
        opened_by=by.person_id,
    )
    session.add(cycle)
    await session.flush()
    await audit.record(session, by, "import_cycle", f"cycle:{cycle.id}", now, code=code)
    return cycle


async def _store(session: Session, by: Speaker, cycle: Cycle, rows: Sequence[Observation], now: datetime) -> None:
    standings = await assessment_queries.standings(session, cycle.id)
    known = {each.member.code: each.assessment for each in standings}
    for member in sorted({row.member for row in rows}):
        mine = [row for row in rows if row.member == member]
        assessment = known.get(member)
        if assessment is None:
            assessment = Assessment(cycle_id=cycle.id, member_code=member, state=AssessmentState.ACCEPTED, version=0)
            assessment.state_since = assessment.submitted_at = assessment.accepted_at = now
            assessment.first_submitted_at = now
            assessment.submitted_by = assessment.accepted_by = by.person_id
            session.add(assessment)
            await session.flush()
        assessment.version += len(mine)
        session.add_all(
            Answer(
                assessment_id=assessment.id,
                indicator=row.indicator,
                availability=Availability.GIVEN,
                number=row.value,
                year=row.year,
                source=row.source,
                said_by=by.person_id,
                said_at=now,
                via=by.via,
            )
            for row in mine
        )
        values = {row.indicator: f"{format(row.value, 'f')} ({row.year}, {row.source})" for row in mine}
        await audit.record(session, by, "import_observations", subject(assessment.id), now, values=values)
