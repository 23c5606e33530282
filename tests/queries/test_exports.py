"""A file of everything costs a handful of statements, whatever there is: many countries, questions and cycles."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import delete, insert

from bot import exports
from bot.editions import edition
from bot.exports import files, tidy
from bot.messages import Message
from bot.papers import Paper, Wish
from db.engine import Database
from db.models import Answer, Assessment, Cycle, Member
from db.vocabulary import AssessmentState, Availability, CycleOrigin, CycleState, QuestionSetCode, Via
from tests import cast
from tests.reported import NETWORK
from tests.reports import counted

NOW = datetime(2027, 2, 1, 3, tzinfo=UTC)
NUMERIC = [indicator.code for indicator in edition("common-1").indicators if indicator.numeric]


async def fill(database: Database, members: range, cycles: range) -> None:
    """So many countries have answered every numeric question in so many cycles."""
    async with database.writing() as session:
        await session.execute(delete(Answer))
        await session.execute(delete(Assessment))
        await session.execute(delete(Cycle))
        await session.execute(delete(Member).where(Member.code.like("X%")))
        rows = [
            {
                "code": f"X{n:02}",
                "alpha2": "XX",
                "name": f"Land {n:03}",
                "zone": "UTC",
                "calendar": "ID",
                "locale": "en_GB",
            }
            for n in members
        ]
        await session.execute(insert(Member), rows)
        for year in cycles:
            cycle = Cycle(
                **{"code": str(year), "title": f"Full assessment {year}", "edition": "common-1"},
                **{"question_set": QuestionSetCode.FULL, "origin": CycleOrigin.ASKED, "state": CycleState.PUBLISHED},
                **{"period_start": date(year, 1, 1), "period_end": date(year, 12, 31)},
                **{"opens_at": NOW, "due_at": NOW, "closes_at": NOW},
            )
            session.add(cycle)
            await session.flush()
            for row in rows:
                assessment = Assessment(
                    cycle_id=cycle.id, member_code=row["code"], state=AssessmentState.ACCEPTED, state_since=NOW
                )
                session.add(assessment)
                await session.flush()
                common = {
                    "assessment_id": assessment.id,
                    "availability": Availability.GIVEN,
                    "said_at": NOW,
                    "via": Via.SLACK,
                }
                await session.execute(
                    insert(Answer),
                    [{**common, "indicator": code, "number": Decimal("38.8"), "year": year} for code in NUMERIC],
                )


async def test_everything_is_read_in_a_handful_of_statements(database: Database) -> None:
    people = await cast.make(database, NOW)
    aisyah = people.speaker("aisyah")
    spent: list[int] = []
    for members, cycles in ((range(2), range(2024, 2026)), (range(40), range(2021, 2026))):
        await fill(database, members, cycles)
        for paper in (Paper.CSV, Paper.REPORT, Paper.SYNTHESIS):
            wish = Wish(paper, "all" if paper is Paper.CSV else "2025", "X01" if paper is Paper.REPORT else None)
            with counted(database) as statements:
                async with database.reading() as session:
                    wanted = await exports.order(session, aisyah, wish, NETWORK, NOW)
            assert len(statements) <= 14, "\n".join(statements)
            spent.append(len(statements))
            if paper is Paper.CSV:
                assert len(list(tidy.rows(wanted.data))) == len(members) * len(cycles) * len(NUMERIC)
                assert len(statements) <= 8, "\n".join(statements)
    assert spent[:3] == spent[3:]


async def test_that_it_takes_a_while_is_said_before_an_answer_is_read(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await cast.make(sqlite_database, NOW)
    await fill(sqlite_database, range(3), range(2024, 2026))
    told: list[tuple[Message, bool]] = []

    async def first(message: Message) -> None:
        told.append((message, any("answers.number" in each for each in statements)))

    monkeypatch.setattr(files, "LONG", 6 * len(NUMERIC))
    for wish in (Wish(Paper.CSV, "2025"), Wish(Paper.CSV, "all")):
        with counted(sqlite_database) as statements:
            async with sqlite_database.reading() as session:
                wanted = await exports.order(session, people.speaker("aisyah"), wish, NETWORK, NOW, first)
    (message, read) = told[0]
    assert len(told) == 1 and not read and any("answers.number" in each for each in statements)
    assert message.facts == {"answers": wanted.size, "countries": 3, "cycles": 2}
