"""The register's migration on a database in use: nothing that stood before it is lost on the way there, or back."""

from __future__ import annotations

from datetime import date, timedelta

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, select, text

from bot import assessments, audit, delegation
from bot.clock import SimulatedClock
from bot.delegation.forms import Wish
from bot.permissions import Act
from db import schema
from db.base import Base
from db.engine import Database
from db.models import Assessment, Prompt, ReviewQuestion
from db.vocabulary import AssessmentState, ExperienceState, Stage
from tests import cast
from tests.reports import an_experience
from tests.unit.test_assessments import another, made

BEFORE = "0002"


def rows(connection: Connection) -> dict[str, int]:
    """How many rows stand in each table."""
    names = inspect(connection).get_table_names()
    return {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in names}


async def test_the_register_comes_to_a_database_in_use_and_can_go_again(
    database: Database, clock: SimulatedClock
) -> None:
    stage = await made(database, clock.now(), AssessmentState.IN_PROGRESS)
    async with database.writing() as session:
        talk = await assessments.find(session, stage.people.speaker("siti"), Act.DELEGATE, stage.id)
        wish = Wish("B", None, stage.people["rina"].person_id, "", "", None, date(2026, 11, 30), None)
        handed = await delegation.give(session, stage.people.speaker("siti"), talk, wish, clock.now(), pages=True)
        of_all = {"assessment_id": stage.id, "serial": 1, "stage": Stage.VALUE, "asked_at": clock.now()}
        session.add_all([Prompt(**of_all), Prompt(**of_all, delegation_id=handed.delegation.id)])
        asked = {
            "assessment_id": stage.id,
            "round": 1,
            "asked_by": stage.people["aisyah"].person_id,
            "asked_at": clock.now(),
        }
        whole = ReviewQuestion(**asked, text="Which survey?", answer="SUSENAS & <b>.", answered_at=clock.now())
        session.add_all([ReviewQuestion(**asked, indicator="gini_index", text="Is it new?"), whole])
        talk.assessment.submitted_by = stage.people["siti"].person_id

    def back(connection: Connection) -> dict[str, int]:
        command.downgrade(schema.config(connection), BEFORE)
        return rows(connection)

    def forth(connection: Connection) -> list[object]:
        schema.upgrade(connection)
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))

    async with database.writing() as session:
        connection = await session.connection()
        full = await connection.run_sync(rows)
        old = await connection.run_sync(back)
        # The conversation with a contributor has no place there.
        full["prompts"] -= 1
        assert old == {name: full[name] for name in old} and old["people"] and old["prompts"]
        assert await connection.run_sync(forth) == []
        assert {name: count for name, count in (await connection.run_sync(rows)).items() if name in old} == old
        lines = text('SELECT indicator, side, text, "by" FROM comments ORDER BY question_id, id')
        aisyah, siti = (stage.people[short].person_id for short in ("aisyah", "siti"))
        assert [tuple(row) for row in await connection.execute(lines)] == [
            ("gini_index", "secretariat", "Is it new?", aisyah),
            (None, "secretariat", "Which survey?", aisyah),
            (None, "country", "SUSENAS & <b>.", siti),
        ], "what was asked in earlier reviews begins its thread"
        if database.is_sqlite:
            assert not (await connection.execute(text("PRAGMA foreign_key_check"))).all()


async def test_words_that_nobody_knew_before_give_way_on_the_way_back(
    database: Database, clock: SimulatedClock
) -> None:
    now = clock.now()
    stage = await made(database, now, AssessmentState.NOT_REQUIRED)
    async with database.writing() as session:
        unusual = {"assessment_id": stage.id, "serial": 1, "stage": Stage.EXPLAIN, "indicator": "gini_index"}
        session.add(Prompt(**unusual, draft={"after": "gini_index"}, asked_at=now))
        experience = await an_experience(session, stage.people["siti"].person_id, now, "Start small.")
        experience.state = ExperienceState.WITHDRAWN

    def back(connection: Connection) -> None:
        command.downgrade(schema.config(connection), "0003")

    async with database.writing() as session:
        connection = await session.connection()
        await connection.run_sync(back)
        found = [
            [tuple(row) for row in await connection.execute(text(f"SELECT {columns} FROM {table}"))]
            for table, columns in (("assessments", "state"), ("prompts", "stage, draft"), ("experiences", "state"))
        ]
        assert found == [[("open",)], [("value", None)], [("declined",)]]
        await connection.run_sync(schema.upgrade)


async def test_when_each_was_handed_in_first_is_found_in_the_record(database: Database, clock: SimulatedClock) -> None:
    now = clock.now()
    day = timedelta(days=1)
    # What was done to each, a day apart, and on which day it was handed in first.
    lives: dict[AssessmentState, tuple[str, int | None]] = {
        AssessmentState.OPEN: ("", None),
        AssessmentState.SUBMITTED: ("submit withdraw submit", 2),
        AssessmentState.IN_PROGRESS: ("submit withdraw submit return resume submit withdraw", 2),
        AssessmentState.AWAITING_CLEARANCE: ("submit withdraw ask_clearance clear", None),
        AssessmentState.RETURNED: ("ask_clearance clear record_letter return", 2),
        AssessmentState.ACCEPTED: ("submit return resume submit accept", 0),
    }
    people = await cast.make(database, now)
    ids: dict[AssessmentState, int] = {}
    for number, (state, (acts, _)) in enumerate(lives.items()):
        stage = await another(database, people, now, state, f"2026-{number}")
        ids[state] = stage.id
        async with database.writing() as session:
            talk = await assessments.find(session, people.speaker("siti"), Act.ANSWER, stage.id)
            for place, act in enumerate(acts.split()):
                at = now + place * day
                await audit.record(session, people.speaker("siti"), act, assessments.subject(stage.id), at)
                if act in ("submit", "record_letter"):
                    talk.assessment.submitted_at = at
    imported = await another(database, people, now, AssessmentState.ACCEPTED, "2020")

    def there_and_back(connection: Connection) -> None:
        command.downgrade(schema.config(connection), "0003")
        schema.upgrade(connection)

    async with database.writing() as session:
        await (await session.connection()).run_sync(there_and_back)
    async with database.reading() as session:
        rows = await session.execute(select(Assessment.id, Assessment.first_submitted_at))
        found = {row.id: row.first_submitted_at for row in rows}
    expected = {ids[state]: None if on is None else now + on * day for state, (_, on) in lives.items()}
    assert found == {**expected, imported.id: now}, "without a record it is what stands"
