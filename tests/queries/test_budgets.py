"""How many statements a turn and a status table may cost. A number that grows with the countries would show here."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot import assessments, homes, interview, overview, people, progress, reminders, review, standing, succession
from bot.assessments.asking import ask
from bot.clock import SimulatedClock
from bot.interview import Said
from bot.messages import Message
from bot.people import agencies, mechanisms
from bot.speaker import Speaker
from bot.workdays import register_day
from db.engine import Database, Session
from db.models import Appointment, Leave, Person
from db.queries import homes as home_queries
from db.queries import people as people_queries
from db.queries import progress as progress_queries
from db.vocabulary import CycleState, Role
from tests.reports import a_cycle, a_report, counted
from tests.stage import Network, stage
from tests.stories.test_conversation import submitted


@pytest.fixture
async def network(database: Database, clock: SimulatedClock) -> AsyncIterator[Network]:
    """The whole bot, on each database in turn, with a cycle that is open."""
    async with stage(database.url.render_as_string(hide_password=False), clock) as network:
        await network.opens()
        yield network


def asking(statements: list[str]) -> list[str]:
    """Those that only read."""
    return [statement for statement in statements if statement.startswith("SELECT")]


async def turn(network: Network, who: str, text: str) -> tuple[Message | None, list[str]]:
    """One message of a person, from recognising them to the commit; what it cost."""
    said = Said(f"D1:{zlib.crc32(text.encode())}", str(network.clock.now().timestamp() + 1000), text)

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        return await interview.hear(session, by, said, now)

    with counted(network.database) as statements:
        outcome = await network.app.desk.turn(network.people[who].slack_id, do)
    assert outcome.done
    return outcome.message, statements


async def test_a_turn_costs_the_same_however_many_answers_there_are(network: Network) -> None:
    await network["siti"].clicks("Start")
    await network["siti"].says("edit uhc_service_coverage")
    message, first = await turn(network, "siti", "68 2021 WHO")
    assert message is not None
    assert message.kind == "assessment/prompt"
    # One of them looks whether the number is unusual.
    assert len(first) <= 11, "\n".join(first)
    await submitted(network, "bounmy")
    await network["siti"].says("pension_covered 14.8 2020 SUSENAS\npoor_covered 25 2020 SUSENAS")
    await network["siti"].says("edit gini_index")
    _, second = await turn(network, "siti", "38.8 2020 World Bank")
    assert len(second) <= len(first) + 1, "\n".join(second)


async def test_many_answers_at_once_cost_little_more_than_one(network: Network) -> None:
    await network["siti"].clicks("Start")
    lines = [f"{code} 20 2020 SUSENAS" for code in ("poor_covered", "vulnerable_covered", "pension_covered")]
    _, few = await turn(network, "siti", "\n".join(lines[:2]))
    _, more = await turn(network, "siti", "\n".join([*lines, "gini_index 38 2020 WDI", "children_covered 30 2020 X"]))
    assert len(asking(more)) == len(asking(few)), "\n".join(more)
    # Each answer is written, with its row of the audit.
    assert len(more) <= len(few) + 2 * 3, "\n".join(more)


async def test_words_that_only_ask_cost_little(network: Network) -> None:
    await network["siti"].clicks("Start")
    for word in ("status", "help", "review"):
        _, statements = await turn(network, "siti", word)
        assert len(statements) <= 8, word + "\n" + "\n".join(statements)


async def test_the_status_of_eleven_countries_is_a_handful_of_statements(network: Network) -> None:
    await submitted(network)
    aisyah = network.people.speaker("aisyah")
    with counted(network.database) as statements:
        async with network.database.reading() as session:
            message = await overview.status(session, aisyah, None, network.clock.now())
    assert len(message.facts["cycles"][0]["rows"]) == 11
    assert len(statements) <= 4, "\n".join(statements)
    with counted(network.database) as statements:
        async with network.database.reading() as session:
            message = await mechanisms.side_by_side(session, aisyah, network.clock.now())
            await agencies.bodies(session, aisyah, network.clock.now())
    assert len(message.facts["rows"]) == 11
    assert len(statements) <= 8, "\n".join(statements)


async def test_the_progress_of_a_region_costs_the_same_however_many_countries_and_cycles(network: Network) -> None:
    aisyah, now = network.people.speaker("aisyah"), network.clock.now()

    async def costs(value: str) -> int:
        with counted(network.database) as statements:
            async with network.database.reading() as session:
                message = await progress.show(session, aisyah, value, now)
        assert message.kind in ("progress/region", "progress/country", "progress/indicator")
        assert len(statements) <= 6, "\n".join(statements)
        return len(statements)

    async def reports(years: range, members: tuple[str, ...]) -> None:
        async with network.database.writing() as session:
            for year in years:
                cycle = await a_cycle(session, str(year), state=CycleState.PUBLISHED)
                for member in members:
                    said = {"pension_covered": f"{year - 1980} {year - 1} LFS", "gini_index": f"40 {year - 1} WDI"}
                    report = await a_report(session, cycle, member, now, **said)
                    floor = {"floor": "30", "ceiling": None, "target_year": 2030, "source": "Law"}
                    report.floors = {"pension_covered": {**floor, "valid_from": "2010-01-01"}}

    await reports(range(2019, 2021), ("IDN", "LAO", "VNM"))
    views = ("region::", "member:IDN:", "indicator:pension_covered:")
    few = [await costs(view) for view in views]
    await reports(range(2021, 2026), ("BRN", "IDN", "KHM", "LAO", "MMR", "MYS", "PHL", "SGP", "THA", "TLS", "VNM"))
    assert [await costs(view) for view in views] == few
    with counted(network.database) as statements:
        async with network.database.reading() as session:
            cycle = await progress_queries.newest_with_answers(session, None, published=True)
            assert cycle is not None
            table = await standing.table(session, cycle)
    assert (len(table.rows), table.indicators[0].reported) == (22, 11)
    assert len(statements) <= 4, "\n".join(statements)


async def test_a_home_and_a_submission(network: Network) -> None:
    await submitted(network)
    await network.opens("2026-Q4", "update", due="2027-01-10")
    await asks_for_a_yes(network, "LAO")
    aisyah, now = network.people.speaker("aisyah"), network.clock.now()
    with counted(network.database) as statements:
        async with network.database.reading() as session:
            waits, every = await homes.secretariat(session, aisyah, now)
    assert [len(row["states"]) for row in every.facts["rows"]] == [2] * 11
    assert len(waits.facts["cycles"]) == 2
    # One of them is for the countries that were reminded and from which nothing was heard.
    assert len(statements) <= 10, "\n".join(statements)
    for short in ("siti", "bounmy", "thong", "per", "rina"):
        with counted(network.database) as statements:
            async with network.database.reading() as session:
                known = await people.recognise(session, network.people[short].slack_id, now)
                assert await homes.whole(session, known, now)
        # One of them is for the floors that wait for a yes.
        assert len(statements) <= 12, short + "\n" + "\n".join(statements)
    with counted(network.database) as statements:
        async with network.database.writing() as session:
            await review.open_for(session, aisyah, "IDN", now)
    # One of them is for what is agreed already, one for the evidence behind the answers.
    assert len(statements) <= 11, "\n".join(statements)


async def test_what_the_register_needs_and_a_tick_without_news(network: Network) -> None:
    aisyah, now = network.people.speaker("aisyah"), network.clock.now()
    with counted(network.database) as statements:
        async with network.database.reading() as session:
            message = await reminders.register.report(session, aisyah, now)
    assert len(message.facts["unheld"]) == 7
    assert len(statements) <= 8, "\n".join(statements)
    with counted(network.database) as statements:
        async with network.database.writing() as session:
            assert await succession.tick(session, now, network.app.rules) == []
    assert len(asking(statements)) <= 2, "\n".join(statements)


async def test_a_leave_that_nobody_is_told_of_is_not_looked_up_one_by_one(network: Network) -> None:
    now = network.clock.now()
    today = register_day(now)

    async def ticks() -> tuple[list[str], list[str]]:
        with counted(network.database) as statements:
            async with network.database.writing() as session:
                queued = await reminders.leaves.tick(session, now, network.app.rules)
        return queued, statements

    async with network.database.writing() as session:
        for short in ("siti", "linh", "rina", "per"):
            whose = network.people[short].person_id
            session.add(Leave(person_id=whose, starts_on=today, ends_on=today + timedelta(3), told_at=now))
    # Siti's alternate is asked, nobody is there in Linh's place, Rina's focal point hears; of Per nobody is told.
    queued, first = await ticks()
    assert len(queued) == 3
    async with network.database.writing() as session:
        for n in range(20):
            person = Person(name=f"Partner {n}", email=f"partner{n}@example.org")
            session.add(person)
            await session.flush()
            session.add(Appointment(person_id=person.id, role=Role.PARTNER, starts_on=today - timedelta(9)))
            # Half of them are back since yesterday.
            ends = today + timedelta(5 if n % 2 else -1)
            session.add(Leave(person_id=person.id, starts_on=today - timedelta(5), ends_on=ends, told_at=now))
    queued, second = await ticks()
    assert len(queued) == 10
    queued, third = await ticks()
    assert queued == []
    assert len(third) <= 6 and len(second) <= len(first) + 1 <= 9, "\n".join(second)


async def asks_for_a_yes(network: Network, member: str) -> None:
    """The country's newest assessment waits for the yes of its coordinator."""
    by, now = network.people.speaker("bounmy"), network.clock.now()
    async with network.database.writing() as session:
        country = await people_queries.member(session, member)
        assert country is not None
        country.clearance_wanted = True
        for row in await home_queries.running(session, member):
            await assessments.begin(session, by, row.talk, now)
            assert await ask(session, by, row.talk, now)
