"""A small stage: the cast, a cycle, the tick, and a worker whose channels only note what they carried."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot import assessments, cycles, ledger, reminders, workdays
from bot.clock import SimulatedClock
from bot.delivery.channel import Parcel
from bot.delivery.worker import Outcome, Worker
from bot.people import Contact
from bot.reading import Reply
from db.engine import Database
from db.models import Answer, Cycle, Delivery
from db.queries import assessments as queries
from db.queries import ledger as ledger_queries
from db.queries import reminders as reminder_queries
from db.vocabulary import Availability, Medium, QuestionSetCode, Role
from tests import cast

PARTS = (
    *cast.PARTS,
    cast.Part("khin", "Khin Example", Role.FOCAL_POINT, "MMR"),
    cast.Part("hajah", "Hajah Example", Role.FOCAL_POINT, "BRN"),
)
RULES = reminders.Rules(secretariat_zone="Asia/Jakarta")
# In UTC: nine o'clock in Manila and Brunei, Jakarta and Vientiane, Yangon; and evening.
TICKS = (time(1, 0), time(2, 0), time(2, 30), time(12, 0))


@dataclass(frozen=True)
class Got:
    """Something that reached somebody."""

    who: str
    kind: str
    at: datetime
    parcel: Parcel

    def local(self, zone: str) -> str:
        return f"{workdays.local(self.at, zone):%a %d %b %H:%M}"


@dataclass
class Notebook:
    """A channel that only notes; while `down`, it refuses."""

    clock: SimulatedClock
    got: list[Got]

    def reaches(self, contact: Contact) -> bool:
        return bool(contact.slack_id)

    async def send(self, parcel: Parcel) -> str:
        who = parcel.contact.name if parcel.contact else f"#{parcel.channel}"
        self.got.append(Got(who, parcel.message.kind, self.clock.now(), parcel))
        return str(len(self.got))


@dataclass
class Stage:
    """Verbs for the stories."""

    database: Database
    clock: SimulatedClock
    cast: cast.Cast
    rules: reminders.Rules = RULES
    got: list[Got] = field(default_factory=list)
    worker: Worker = field(init=False)
    cycle_id: int = 0

    def __post_init__(self) -> None:
        self.worker = Worker(
            self.database,
            {Medium.SLACK: Notebook(self.clock, self.got)},
            self.clock,
            name="w1",
            notices={"reminder/step": reminders.step, "reminder/review": reminders.review},
            dice=random.Random(1),
        )

    async def opens(self, due: datetime, closes: datetime, code: str = "2026") -> int:
        """Aisyah opens a cycle now."""
        by = self.cast.speaker("aisyah")
        async with self.database.writing() as session:
            plan = await cycles.plan(
                session,
                by,
                code=code,
                title=f"Assessment {code}",
                question_set=QuestionSetCode.FULL,
                edition="common-1",
                due=due,
                closes=closes,
                now=self.clock.now(),
            )
            await cycles.open_cycle(session, by, plan.cycle.id, self.clock.now())
            # The opening message is another story.
            for standing in await queries.standings(session, plan.cycle.id):
                about = assessments.subject(standing.assessment.id)
                await ledger.cancel(session, about, ["assessment/opening"], self.clock.now())
            self.cycle_id = plan.cycle.id
        return self.cycle_id

    async def ticks(self) -> reminders.Ticked:
        """The scheduler's tick, and the worker after it."""
        async with self.database.writing() as session:
            done = await reminders.tick(session, self.clock.now(), self.rules)
        async with self.database.reading() as session:
            due = await ledger.next_due(session)
        if due is not None and due <= self.clock.now():
            await self.works()
        return done

    async def works(self) -> Outcome:
        return await self.worker.drain()

    async def passes(self, until: datetime, times: Iterable[time] = TICKS) -> None:
        """Time goes on until a moment, with ticks at these times of the day (UTC)."""
        moments: list[datetime] = []
        day = self.clock.now().date()
        while day <= until.date():
            moments += [datetime.combine(day, at, UTC) for at in times]
            day += timedelta(days=1)
        for moment in moments:
            if self.clock.now() < moment <= until:
                self.clock.set(moment)
                await self.ticks()
        self.clock.set(max(until, self.clock.now()))

    async def assessment(self, member: str) -> int:
        async with self.database.reading() as session:
            rows = await queries.standings(session, self.cycle_id)
            return next(row.assessment.id for row in rows if row.member.code == member)

    async def cycle(self) -> Cycle:
        async with self.database.reading() as session:
            cycle = await session.get(Cycle, self.cycle_id)
            assert cycle is not None
            return cycle

    async def begins(self, short: str) -> None:
        """A focal point takes the assessment in hand."""
        by = self.cast.speaker(short)
        found = await self.assessment(by.member or "")
        async with self.database.writing() as session:
            talk = await queries.talk(session, found)
            assert talk is not None
            await assessments.begin(session, by, talk, self.clock.now())

    async def submits(self, short: str) -> None:
        """Everything that is required is answered with "not available", and handed in."""
        await self.begins(short)
        by = self.cast.speaker(short)
        found = await self.assessment(by.member or "")
        async with self.database.writing() as session:
            talk = await queries.talk(session, found)
            assert talk is not None
            standing: dict[str, Answer] = await queries.answers(session, found)
            for code in assessments.missing(talk, standing):
                reply = Reply(Availability.NOT_AVAILABLE, None, None, None, None, "no survey")
                await assessments.store(session, by, talk, standing, code, reply, self.clock.now())
            await session.flush()
            await assessments.submit(session, by, talk, standing, self.clock.now())
            await ledger.cancel(session, assessments.subject(found), ["review/submission"], self.clock.now())

    async def begins_review(self, short: str, member: str) -> None:
        """The secretariat takes a submission in hand."""
        found = await self.assessment(member)
        async with self.database.writing() as session:
            talk = await queries.talk(session, found)
            assert talk is not None
            await assessments.begin_review(session, self.cast.speaker(short), talk, self.clock.now())

    async def rows(self, member: str, kind: str = "reminder/step") -> list[Delivery]:
        found = await self.assessment(member)
        async with self.database.reading() as session:
            return await deliveries_about(session, assessments.subject(found), kind)

    def of(self, who: str) -> list[Got]:
        name = self.cast[who].name
        return [one for one in self.got if one.who == name]

    def days(self, who: str, zone: str) -> list[str]:
        """When somebody was reminded, by their clock."""
        return [one.local(zone) for one in self.of(who)]


async def deliveries_about(session: ledger_queries.Session, subject: str, kind: str) -> list[Delivery]:
    """Every row of the ledger about a subject, of one kind."""
    keys = await reminder_queries.known_keys(session, [subject], [kind])
    rows = [await ledger_queries.by_key(session, key) for key in keys]
    return sorted((row for row in rows if row is not None), key=lambda row: row.id)


def on(year: int, month: int, day: int, hour: int, zone: str = "Asia/Jakarta") -> datetime:
    return workdays.at(date(year, month, day), hour, zone)


@pytest.fixture
async def sqlite_stage(sqlite_database: Database, clock: SimulatedClock) -> Stage:
    """For stories that do not depend on the kind of database."""
    return Stage(sqlite_database, clock, await cast.make(sqlite_database, clock.now(), parts=PARTS))


@pytest.fixture
async def stage(database: Database, clock: SimulatedClock) -> Stage:
    return Stage(database, clock, await cast.make(database, clock.now(), parts=PARTS))
