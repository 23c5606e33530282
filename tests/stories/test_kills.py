"""SIGKILL in the middle of a conversation, of a tick, of a digest: nothing is lost, nothing is said or asked twice.

Only over the socket: what a bot that comes back finds is the same either way, and each kill is a process of its own.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import cycles, digests, editions
from bot.clock import SimulatedClock
from bot.formats import Indicator
from bot.sandbox import Mailbox, Sandbox
from db.engine import Database
from db.queries import assessments as queries
from db.queries import audit as audit_queries
from db.queries import people as people_queries
from db.vocabulary import DeliveryState, Medium, QuestionSetCode, Role
from tests import cast
from tests.cast import PARTS, Cast, Part
from tests.conftest import MONDAY_MORNING
from tests.nursery import Bot, Nursery, a_nursery
from tests.reports import a_cycle, a_report, an_experience
from tests.stage import NETWORK, populate

MANY = (
    *PARTS,
    Part("sok", "Sok Dara-Example", Role.FOCAL_POINT, "KHM"),
    Part("aminah", "Aminah Example", Role.FOCAL_POINT, "BRN"),
    Part("farid", "Farid Example", Role.FOCAL_POINT, "MYS"),
    Part("somchai", "Somchai Example", Role.FOCAL_POINT, "THA"),
    Part("joana", "Joana Example", Role.FOCAL_POINT, "TLS"),
    Part("chea", "Chea Example", Role.COORDINATOR, "KHM"),
    Part("lan", "Lan Example", Role.COORDINATOR, "VNM"),
    Part("rosa", "Rosa Example", Role.COORDINATOR, "PHL"),
)
BY_MAIL = ("farid", "somchai", "joana")
DUE = datetime(2026, 12, 15, 10, tzinfo=UTC)
# How often each point is passed at least, found by letting a scenario run to its end.
PASSED = {
    "conversation": {"statement": 90, "commit": 11, "committed": 11, "call": 12, "called": 12, "ack": 11, "acked": 11},
    "tick": {"statement": 120, "commit": 40, "committed": 40, "call": 12, "called": 12, "mail": 8, "mailed": 8},
    "digest": {"statement": 30, "commit": 8, "committed": 8, "call": 1, "called": 1, "mail": 5, "mailed": 5},
}


@pytest.fixture(scope="module")
async def nursery() -> AsyncIterator[Nursery]:
    """Where the bots of this file are born."""
    async with a_nursery() as nursery:
        yield nursery


@asynccontextmanager
async def scene(nursery: Nursery, database: Database, folder: Path) -> AsyncIterator[tuple[Bot, Cast]]:
    """A database with its cast, a sandbox, a mailbox, and the bot to be started."""
    clock = SimulatedClock(MONDAY_MORNING)
    sandbox, mailbox = Sandbox(clock, rates=False), Mailbox()
    await sandbox.start()
    await mailbox.start()
    populate(sandbox, MANY)
    people = await cast.make(database, clock.now(), parts=MANY)
    async with database.writing() as session:
        for short in BY_MAIL:
            person = await people_queries.person(session, people[short].person_id)
            assert person is not None
            person.slack_id = None
    bot = Bot(nursery, database, sandbox, mailbox, clock, folder)
    try:
        yield bot, people
    finally:
        await bot.abandons()
        await mailbox.stop()
        await sandbox.stop()


async def opened(database: Database, people: Cast) -> None:
    """The cycle is open, and the openings wait in the ledger."""
    editions.know(editions.FOLDER / "common-1.toml")
    by = people.speaker("aisyah")
    async with database.writing() as session:
        plan = await cycles.plan(
            session,
            by,
            code="2026",
            title="Full assessment 2026",
            question_set=QuestionSetCode.FULL,
            edition="common-1",
            due=DUE,
            closes=DUE + timedelta(days=31),
            now=MONDAY_MORNING,
        )
        await cycles.open_cycle(session, by, plan.cycle.id, MONDAY_MORNING)


def fate(seed: int, scenario: str) -> dict[str, Any]:
    """Where the process dies."""
    dice = random.Random(f"{scenario} {seed}")
    point = dice.choice(list(PASSED[scenario]))
    return {"point": point, "count": dice.randint(1, PASSED[scenario][point])}


def nothing_said_twice(sandbox: Sandbox) -> None:
    """No two messages of the bot in one channel are about the same."""
    for channel in sandbox.workspace.channels.values():
        marks = Counter(
            (payload["about"], payload.get("part", 1))
            for message in channel.messages.values()
            if message.bot and message.metadata
            for payload in [message.metadata["event_payload"]]
        )
        assert [mark for mark, times in marks.items() if times > 1] == []


async def everything_sent(bot: Bot) -> None:
    """Every delivery ends sent: over chat exactly once, over mail at most one more a kill."""
    async with bot.database.reading() as session:
        rows = await all_deliveries(session)
    assert {row.state for row in rows} <= {DeliveryState.SENT, DeliveryState.CANCELLED}
    marks: Counter[str] = Counter()
    for channel in bot.sandbox.workspace.channels.values():
        marks.update(
            message.metadata["event_payload"]["about"]
            for message in channel.messages.values()
            if message.bot and message.metadata and message.metadata["event_payload"].get("part", 1) == 1
        )
    mails = Counter(str(letter.message["Message-ID"]) for letter in bot.mailbox.letters)
    sent = [row for row in rows if row.state is DeliveryState.SENT]
    for row in sent:
        if row.medium is Medium.EMAIL:
            assert mails[row.provider_id or ""] >= 1, row.kind
        else:
            assert marks[f"delivery:{row.id}"] == 1, row.kind
    by_mail = [row for row in sent if row.medium is Medium.EMAIL]
    assert len(bot.mailbox.letters) <= len(by_mail) + bot.kills


async def all_deliveries(session: Any) -> list[Any]:
    from sqlalchemy import select

    from db.models import Delivery

    return list(await session.scalars(select(Delivery)))


def typed(indicator: Indicator) -> str:
    """An answer as a person types it."""
    match indicator.kind.value:
        case "choice":
            return indicator.choices[-1].title
        case "yes_no":
            return "yes"
        case "text":
            return f"About {indicator.title.lower()}."
        case "integer":
            return "3 2025 ministry register"
        case _:
            return "41.25 2024 SUSENAS"


def open_question(bot: Bot) -> tuple[int, str]:
    """Where the conversation stands, as Siti reads it: the number of the question, and the message's time."""
    for message in reversed(bot.sandbox.person("U0SITI").messages()):
        found = re.search(r"\*?(\d+) of 33", str(message.blocks)) if message.bot else None
        if found:
            return int(found[1]), message.ts
    raise LookupError("no question is open")


async def a_conversation(nursery: Nursery, database: Database, folder: Path, die: dict[str, Any]) -> int:
    """Siti answers eight questions and changes one answer; somewhere in between the process dies."""
    async with scene(nursery, database, folder) as (bot, people):
        await opened(database, people)
        await bot.starts(die)
        siti = bot.sandbox.person("U0SITI")
        await bot.sends()
        questions = editions.edition("common-1").indicators
        start = next(m for m in siti.messages() if m.bot)
        await siti.clicks("start:0", message=start.ts)
        await bot.settles()
        asked: list[int] = []
        said: dict[str, str] = {}
        while len(asked) < 8:
            number, _ = open_question(bot)
            assert number not in asked, f"question {number} was asked again"
            asked.append(number)
            indicator = questions[number - 1]
            said[indicator.code] = await siti.says(typed(indicator))
            await bot.settles()
        await siti.edits(said["mechanism_meetings"], "7 2026 minutes of the council")
        await bot.settles()
        await bot.ends()
        assert asked == list(range(1, 9))
        await check_conversation(bot, said)
        return bot.kills


async def check_conversation(bot: Bot, said: dict[str, str]) -> None:
    """Each answer is stored once, as it was said last; no question stands twice in the conversation."""
    async with bot.database.reading() as session:
        talk = next(t for t in await talks(session) if t.member.code == "IDN")
        answers = await queries.answers(session, talk.assessment.id)
        rows = await audit_queries.of(session, f"assessment:{talk.assessment.id}")
    assert set(answers) == set(said)
    assert answers["mechanism_meetings"].number == 7
    acts = Counter(row.act for row in rows)
    assert acts == {"start": 1, "answer": 8, "amend": 1}
    nothing_said_twice(bot.sandbox)
    headings = Counter(
        found[0]
        for message in bot.sandbox.person("U0SITI").messages()
        if message.bot and (found := re.search(r"\d+ of 33", str(message.blocks)))
    )
    # The answer to the edit shows the open question once more.
    assert headings == {f"{number} of 33": 2 if number == 9 else 1 for number in range(1, 10)}
    await everything_sent(bot)


async def talks(session: Any) -> list[queries.Talk]:
    found = [await queries.talk(session, number) for number in range(1, 12)]
    return [talk for talk in found if talk is not None]


async def a_tick(nursery: Nursery, database: Database, folder: Path, die: dict[str, Any]) -> int:
    """Nine people are written to, and reminded twice; somewhere in between the process dies."""
    async with scene(nursery, database, folder) as (bot, people):
        await opened(database, people)
        await bot.starts(die)
        await bot.sends()
        for moment in (datetime(2026, 12, 8, 4, tzinfo=UTC), datetime(2026, 12, 18, 4, tzinfo=UTC)):
            bot.sets_clock(moment)
            await bot.ticked()
            await bot.sends()
        await bot.ends()
        nothing_said_twice(bot.sandbox)
        await everything_sent(bot)
        async with database.reading() as session:
            kinds = Counter(row.kind for row in await all_deliveries(session) if row.state is DeliveryState.SENT)
        assert kinds["assessment/opening"] == 9
        assert kinds["reminder/step"] >= 9 + 9
        return bot.kills


async def a_digest(nursery: Nursery, database: Database, folder: Path, die: dict[str, Any]) -> int:
    """The digest goes to the channel, to the coordinators and the partner; somewhere in between the process dies."""
    async with scene(nursery, database, folder) as (bot, people):
        editions.know(editions.FOLDER / "common-1.toml")
        async with database.writing() as session:
            cycle = await a_cycle(session, "2026")
            for member in ("IDN", "LAO", "VNM"):
                values = {"poverty_national_line": "9.4 2023 SUSENAS", "progress_made": "More families were reached."}
                await a_report(session, cycle, member, bot.clock.now(), **values)
            await an_experience(session, people["siti"].person_id, bot.clock.now(), "Start small.", member="IDN")
            assert await digests.compose(session, people.speaker("aisyah"), cycle, bot.clock.now()) is not None
        await bot.starts(die)
        await bot.sends()
        await bot.ends()
        nothing_said_twice(bot.sandbox)
        await everything_sent(bot)
        assert bot.sandbox.person("U0PER").messages(NETWORK)
        return bot.kills


SCENARIOS = {"conversation": a_conversation, "tick": a_tick, "digest": a_digest}


@pytest.mark.parametrize(
    ("scenario", "seed"), [("conversation", 1), ("conversation", 2), ("conversation", 3), ("tick", 1), ("digest", 1)]
)
async def test_a_kill(scenario: str, seed: int, nursery: Nursery, sqlite_database: Database, tmp_path: Path) -> None:
    assert await SCENARIOS[scenario](nursery, sqlite_database, tmp_path, fate(seed, scenario)) == 1


@pytest.mark.postgres
async def test_a_kill_on_postgresql(nursery: Nursery, postgresql_database: Database, tmp_path: Path) -> None:
    assert await a_conversation(nursery, postgresql_database, tmp_path, {"point": "committed", "count": 7}) == 1


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 120))
@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_many_kills(
    scenario: str, seed: int, nursery: Nursery, sqlite_database: Database, tmp_path: Path
) -> None:
    assert await SCENARIOS[scenario](nursery, sqlite_database, tmp_path, fate(seed, scenario)) == 1
