"""Whole lives of a cycle, played by dice: whatever happens, nobody is reminded at the wrong time."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest

from bot import assessments, cycles, ledger, workdays
from db.models import Heard
from db.queries import assessments as queries
from db.vocabulary import AssessmentState, HeardState
from tests.unit.reminders.conftest import Got, Stage, on

DUE = on(2026, 11, 27, 17)
CLOSES = on(2026, 12, 15, 17)
PEOPLE = {"siti": "IDN", "linh": "VNM", "maria": "PHL", "khin": "MMR", "hajah": "BRN"}
UNFINISHED = (AssessmentState.OPEN, AssessmentState.IN_PROGRESS, AssessmentState.RETURNED)


async def state(stage: Stage, short: str) -> AssessmentState:
    async with stage.database.reading() as session:
        rows = await queries.standings(session, stage.cycle_id)
        return next(row.assessment.state for row in rows if row.member.code == PEOPLE[short])


async def acts(stage: Stage, dice: random.Random) -> None:
    """Somebody does something."""
    short = dice.choice(list(PEOPLE))
    now = stage.clock.now()
    is_in = await state(stage, short)
    deed = dice.choice(["talk", "talk", "submit", "return", "extend"])
    if deed == "talk" and is_in in UNFINISHED:
        async with stage.database.writing() as session:
            key = f"{short}:{now.isoformat()}"
            person = stage.cast[short].person_id
            session.add(Heard(key=key, person_id=person, state=HeardState.TAKEN, heard_at=now))
    elif deed == "submit" and is_in in UNFINISHED and dice.random() < 0.3:
        await stage.submits(short)
    elif deed == "return" and is_in is AssessmentState.SUBMITTED:
        found = await stage.assessment(PEOPLE[short])
        async with stage.database.writing() as session:
            talk = await queries.talk(session, found)
            assert talk is not None
            await assessments.return_with_questions(
                session, stage.cast.speaker("aisyah"), talk, talk.assessment.version, [(None, "Which year?")], now
            )
            await ledger.cancel(session, assessments.subject(found), ["assessment/returned"], now)
    elif deed == "extend" and dice.random() < 0.1:
        cycle = await stage.cycle()
        async with stage.database.writing() as session:
            await cycles.extend(
                session,
                stage.cast.speaker("aisyah"),
                stage.cycle_id,
                max(cycle.due_at, now) + timedelta(days=dice.randint(1, 10)),
                max(cycle.closes_at, now) + timedelta(days=12),
                now,
            )
            for one in await queries.standings(session, stage.cycle_id):
                await ledger.cancel(session, assessments.subject(one.assessment.id), ["cycle/extended"], now)


@pytest.mark.parametrize("seed", [1])
async def test_the_same_on_both_databases(stage: Stage, seed: int) -> None:
    await lives(stage, seed)


@pytest.mark.parametrize("seed", [2, 3, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(4, 30))])
async def test_never_on_a_free_day_never_after_the_end_never_two_a_day(sqlite_stage: Stage, seed: int) -> None:
    await lives(sqlite_stage, seed)


async def lives(stage: Stage, seed: int) -> None:
    dice = random.Random(seed)
    await stage.opens(DUE, CLOSES)
    stage.clock.set(on(2026, 11, 10, 9))
    seen = 0
    while stage.clock.now() < on(2026, 12, 14, 9):
        # Mostly every hour or so, now and then an outage of days.
        outage = dice.random() < 0.03
        stage.clock.advance(
            timedelta(hours=dice.randint(24, 120)) if outage else timedelta(minutes=dice.randint(30, 240))
        )
        if dice.random() < 0.2:
            await acts(stage, dice)
        before = {short: await state(stage, short) for short in PEOPLE} if dice.random() < 0.3 else {}
        await stage.ticks()
        for one in stage.got[seen:]:
            check(stage, one.who, one.at, before)
        seen = len(stage.got)
    assert len(stage.got) > 15
    a_day = Counter((one.who, workdays.local(one.at, one.parcel.reader.zone).date()) for one in steps(stage))
    assert max(a_day.values()) == 1


def steps(stage: Stage) -> list[Got]:
    return [one for one in stage.got if one.kind.startswith("reminder/step")]


def check(stage: Stage, who: str, at: datetime, before: dict[str, AssessmentState]) -> None:
    short = next((short for short in PEOPLE if stage.cast[short].name == who), None)
    if short is None:
        return
    zone = stage.cast[short].zone
    here = workdays.local(at, zone)
    assert workdays.is_workday(here.date(), PEOPLE[short])
    assert 9 <= here.hour < 18
    if short in before:
        assert before[short] in UNFINISHED
