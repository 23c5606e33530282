"""A real Slack wire, a real SMTP server, and a worker between them and the ledger."""

from __future__ import annotations

import random
import shutil
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot import ledger
from bot.clock import SimulatedClock
from bot.delivery.email import EmailChannel
from bot.delivery.notices import NOTICES
from bot.delivery.slack import SlackChannel
from bot.delivery.worker import Worker
from bot.messages import Choice, Deed, Message
from bot.people import Contact
from bot.sandbox import BOT_USER, Mailbox, Sandbox
from bot.words import TEMPLATES, Reader, Words
from db.engine import Database, Session
from db.models import Appointment, Delivery, Member, Person
from db.queries import ledger as ledger_queries
from db.vocabulary import Medium, Role

JAKARTA = Reader("Asia/Jakarta")
SENDER = "Social protection network <bot@example.org>"

CHAT = """\
# A reminder for {{ country }}

Good morning, {{ name }}. The update of *{{ country }}* is due on {{ day(due) }}.

> {{ note }}

Read <https://example.org/format|the format>.
"""


@pytest.fixture
def words(tmp_path: Path) -> Words:
    """The house's layout and notices, and one message that only these tests say."""
    root = tmp_path / "templates"
    for room in ("layout", "delivery"):
        shutil.copytree(TEMPLATES / room, root / room)
    (root / "test").mkdir()
    (root / "labels.toml").write_text('start = "Start"\nlater = "Later"\n', encoding="utf-8")
    (root / "test" / "reminder.chat.j2").write_text(CHAT, encoding="utf-8")
    (root / "test" / "long.chat.j2").write_text("{% for n in range(120) %}Line {{ n }}\n\n{% endfor %}")
    return Words(root)


def reminder(note: str = "Please look at <!channel> & co.") -> Message:
    facts = {"country": "Indonesia", "name": "Siti", "due": date(2026, 11, 27), "note": note}
    return Message("test/reminder", facts, (Choice(Deed.START, "1"), Choice(Deed.LATER, "1")))


@pytest.fixture
async def sandbox(clock: SimulatedClock) -> AsyncIterator[Sandbox]:
    """Slack, with Siti and the two channels."""
    sandbox = Sandbox(clock)
    await sandbox.start()
    sandbox.workspace.add_user("U0SITI", "Siti Rahmadani", "siti@example.org", "Asia/Jakarta")
    sandbox.workspace.add_user("U0BOUNMY", "Bounmy Keo", "bounmy@example.org", "Asia/Vientiane")
    sandbox.workspace.add_user("U0AISYAH", "Aisyah Noor", "aisyah@example.org", "Asia/Jakarta")
    sandbox.workspace.add_channel("C0NETWORK", "network", [BOT_USER, "U0AISYAH"])
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    """An SMTP server that keeps what it receives."""
    mailbox = Mailbox()
    await mailbox.start()
    yield mailbox
    await mailbox.stop()


@pytest.fixture
async def slack(sandbox: Sandbox, clock: SimulatedClock, words: Words) -> SlackChannel:
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.base_url, retry_handlers=[])
    return SlackChannel(client, clock, words)


@pytest.fixture
async def email(mailbox: Mailbox, clock: SimulatedClock, words: Words) -> AsyncIterator[EmailChannel]:
    channel = EmailChannel(clock, words, host=mailbox.host, port=mailbox.port, sender=SENDER, security="none")
    yield channel
    await channel.close()


class Office:
    """The ledger with its people, and the verbs of these tests."""

    def __init__(self, database: Database, clock: SimulatedClock, people: dict[str, int]) -> None:
        self.database = database
        self.clock = clock
        self.people = people
        self.needed = True

    async def composed(
        self, _session: Session, _delivery: Delivery, _contact: Contact | None, _now: datetime
    ) -> Message | None:
        return reminder() if self.needed else None

    async def long(
        self, _session: Session, _delivery: Delivery, _contact: Contact | None, _now: datetime
    ) -> Message | None:
        return Message("test/long")

    async def later(
        self, _session: Session, _delivery: Delivery, _contact: Contact | None, now: datetime
    ) -> Message | None:
        if now.hour < 6:
            raise ledger.PutOff(now.replace(hour=6))
        return reminder()

    async def broken(
        self, _session: Session, _delivery: Delivery, _contact: Contact | None, _now: datetime
    ) -> Message | None:
        raise RuntimeError("a fault of ours")

    async def queue(self, name: str, to: str | None = "siti", kind: str = "test", **more: Any) -> None:
        """Queue one delivery, named for the test."""
        async with self.database.writing() as session:
            await ledger.queue(
                session,
                self.clock.now(),
                key=ledger.key("test", name),
                kind=kind,
                subject="assessment:1",
                person_id=self.people[to] if to else None,
                **more,
            )

    async def row(self, name: str) -> Delivery:
        """What became of it."""
        async with self.database.reading() as session:
            found = await ledger_queries.by_key(session, ledger.key("test", name))
            assert found is not None
            return found

    async def change(self, who: str, **values: Any) -> None:
        """Change what is known of a person."""
        async with self.database.writing() as session:
            person = await session.get(Person, self.people[who])
            for name, value in values.items():
                setattr(person, name, value)


@pytest.fixture
def ledger_database(request: pytest.FixtureRequest) -> Database:
    """SQLite, unless a test asks for the other kind."""
    return request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_database")


@pytest.fixture
async def office(ledger_database: Database, clock: SimulatedClock) -> Office:
    """Siti of Indonesia, Bounmy of Laos, and Aisyah of the secretariat."""
    cast = [
        ("siti", "Siti Rahmadani", "IDN", Role.FOCAL_POINT),
        ("bounmy", "Bounmy Keo", "LAO", Role.FOCAL_POINT),
        ("aisyah", "Aisyah Noor", None, Role.SECRETARIAT),
    ]
    people: dict[str, int] = {}
    async with ledger_database.writing() as session:
        for code, alpha2, name, zone in (
            ("IDN", "ID", "Indonesia", "Asia/Jakarta"),
            ("LAO", "LA", "Lao PDR", "Asia/Vientiane"),
        ):
            session.add(Member(code=code, alpha2=alpha2, name=name, zone=zone, calendar=alpha2, locale="en_GB"))
        await session.flush()
        for short, name, member, role in cast:
            person = Person(name=name, email=f"{short}@example.org", slack_id=f"U0{short.upper()}")
            session.add(person)
            await session.flush()
            people[short] = person.id
            session.add(Appointment(person_id=person.id, role=role, member_code=member, starts_on=date(2026, 1, 1)))
    return Office(ledger_database, clock, people)


@pytest.fixture
def hire(office: Office, slack: SlackChannel, email: EmailChannel, clock: SimulatedClock) -> Callable[..., Worker]:
    """A worker with both channels; `hire("w2")` is another one."""

    def hired(name: str = "w1", **more: Any) -> Worker:
        channels = more.pop("channels", {Medium.SLACK: slack, Medium.EMAIL: email})
        notices = {
            **NOTICES,
            "test": office.composed,
            "broken": office.broken,
            "long": office.long,
            "later": office.later,
        }
        return Worker(office.database, channels, clock, name=name, notices=notices, dice=random.Random(1), **more)

    return hired
