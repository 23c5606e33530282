"""What countries reported, put into a database as it stands after a cycle: for tests of files and reports.

people = await make(database, now)
cycle = await a_cycle(session, now)
await reports(session, people, cycle, "IDN", {"pension_covered": figure("38.8")})
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot import exports
from bot.messages import Message
from bot.speaker import Speaker
from db.engine import Database, Session
from db.models import Answer, Assessment, Cycle, Erratum
from db.vocabulary import (
    AssessmentState,
    Availability,
    CycleOrigin,
    CycleState,
    QuestionSetCode,
    Via,
)
from tests.cast import Cast

NETWORK = "ASEAN social protection network"
PENSION_AIM = {
    "floor": "40",
    "ceiling": "60",
    "target_year": 2030,
    "source": "Law 40 of 2004",
    "valid_from": "2026-01-01",
}


def figure(number: str, year: int | None = 2020, source: str | None = "SUSENAS", **more: Any) -> dict[str, Any]:
    """A figure as it is stored."""
    return {"availability": Availability.GIVEN, "number": Decimal(number), "year": year, "source": source, **more}


def words(text: str, **more: Any) -> dict[str, Any]:
    """A choice's code, yes or no, or free text."""
    return {"availability": Availability.GIVEN, "text": text, **more}


def not_available(why: str) -> dict[str, Any]:
    """There is no figure, and why."""
    return {"availability": Availability.NOT_AVAILABLE, "note": why}


async def a_cycle(
    session: Session,
    now: datetime,
    code: str = "2026",
    state: CycleState = CycleState.PUBLISHED,
    edition: str = "common-1",
) -> Cycle:
    """A cycle about a whole year."""
    year = int(code[:4])
    cycle = Cycle(
        code=code,
        title=f"Full assessment {code}",
        question_set=QuestionSetCode.FULL,
        edition=edition,
        period_start=date(year, 1, 1),
        period_end=date(year, 12, 31),
        opens_at=now - timedelta(days=90),
        due_at=now - timedelta(days=10),
        closes_at=now - timedelta(days=5),
        state=state,
        origin=CycleOrigin.ASKED,
    )
    session.add(cycle)
    await session.flush()
    return cycle


async def reports(
    session: Session,
    people: Cast,
    cycle: Cycle,
    member: str,
    answers: Mapping[str, Mapping[str, Any]],
    state: AssessmentState = AssessmentState.ACCEPTED,
    **more: Any,
) -> Assessment:
    """What one country answered in a cycle, and where it stands."""
    at = cycle.due_at - timedelta(days=1)
    done = state is AssessmentState.ACCEPTED
    given: dict[str, Any] = {"submitted_at": at, "accepted_at": cycle.due_at if done else None, "floors": {}, **more}
    given.setdefault("first_submitted_at", given["submitted_at"])
    assessment = Assessment(
        cycle_id=cycle.id, member_code=member, state=state, version=1, round=1, state_since=at, **given
    )
    session.add(assessment)
    await session.flush()
    for code, values in answers.items():
        session.add(
            Answer(
                assessment_id=assessment.id,
                indicator=code,
                said_by=people["siti"].person_id,
                said_at=at,
                via=Via.SLACK,
                **values,
            )
        )
    await session.flush()
    return assessment


async def corrected(session: Session, people: Cast, now: datetime) -> None:
    """The title of one question was corrected."""
    changes = {"title": ["Older persons with a pension", "Older persons receiving a pension"]}
    session.add(
        Erratum(
            edition="common-1",
            indicator="pension_covered",
            changes=changes,
            why="The word was too narrow.",
            issued_by=people["aisyah"].person_id,
            issued_at=now,
            via=Via.SLACK,
        )
    )
    await session.flush()


async def exported(database: Database, by: Speaker, typed: str, now: datetime) -> Message:
    """The files that somebody asks for, with what is said beside them.

    Raises:
        Refusal: they may not have them, or there is nothing.
    """
    async with database.reading() as session:
        wanted = await exports.order(session, by, await exports.read(session, by, typed), NETWORK, now)
    return await exports.handed(wanted)


async def content(database: Database, by: Speaker, typed: str, now: datetime, ending: str) -> bytes:
    """The content of the one file with this ending."""
    (found,) = [file for file in (await exported(database, by, typed, now)).files if file.name.endswith(ending)]
    return found.content
