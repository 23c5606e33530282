"""Slack id -> Speaker, and the turn that every listener wears.

A turn: one after another for each person, recognised, one transaction, committed, and only then said. Bolt's `next()`
only sets a flag, so a session opened around it in a middleware would close before the listener runs; hence a wrapper.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from bot import people
from bot.clock import Clock
from bot.delivery.slack import SlackChannel
from bot.errors import ChannelError, Refusal
from bot.messages import Choice, Deed, Message
from bot.people import DEFAULT_LOCALE, Recognised
from bot.reminders import Rules
from bot.rendering.blocks import render
from bot.speaker import Speaker
from bot.words import Reader, Words
from db.engine import Conflict, Database, DatabaseError, Session
from db.queries import assessments as assessment_queries

log = structlog.stdlib.get_logger(__name__)

Do = Callable[[Session, Speaker, datetime], Awaitable[Message | None]]


@dataclass(frozen=True)
class Outcome:
    """What a turn ended in.

    Attributes:
        message: what to say; None where nothing is.
        reader: in whose zone and date style.
        speaker: who it was; None for a stranger, and for somebody who must first choose a hat.
        done: whether the deed was done; False where it was refused.
        more: said after it, each on its own.
    """

    message: Message | None
    reader: Reader
    speaker: Speaker | None = None
    done: bool = True
    more: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Place:
    """What the desk must know of the network.

    Attributes:
        network: its name.
        edition: the edition that new cycles are opened with.
        zone: the secretariat's, in which dates typed by it are meant.
        rooms: channel ids by the names `network` and `secretariat`.
        rules: the reminder plan.
        contact: whom a stranger should ask.
    """

    network: str
    edition: str
    zone: str
    rooms: dict[str, str]
    contact: str
    rules: Rules


class Desk:
    """What every listener needs: the database, the clock, the words, and the way to say something."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        words: Words,
        slack: SlackChannel,
        place: Place,
        wake: Callable[[], None],
    ) -> None:
        self.database = database
        self.clock = clock
        self.words = words
        self.slack = slack
        self.place = place
        self.wake = wake
        self.default_reader = Reader(place.zone)
        self._at_work = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._queues: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}
        self._said: dict[tuple[int, int], str] = {}

    @contextmanager
    def at_work(self) -> Generator[None]:
        """Work that goes on after its acknowledgement: an orderly end waits for it."""
        self._at_work += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._at_work -= 1
            if not self._at_work:
                self._quiet.set()

    async def quiet(self) -> None:
        """Wait until no such work goes on."""
        await self._quiet.wait()

    @asynccontextmanager
    async def in_order(self, user: str) -> AsyncGenerator[None]:
        """One person's messages and clicks are handled one after another, in the order they came."""
        lock = self._queues.setdefault(user, asyncio.Lock())
        self._waiting[user] = self._waiting.get(user, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[user] -= 1
            if not self._waiting[user]:
                del self._waiting[user], self._queues[user]

    async def turn(self, user: str, do: Do, *, recover: Do | None = None) -> Outcome:
        """Recognise, do, commit; a refusal becomes its words.

        Args:
            user: a Slack id.
            do: the one call into the bot.
            recover: done in a transaction of its own after a refusal: what was written is kept.
        """
        now = self.clock.now()
        try:
            async with self.database.writing() as session:
                known = await people.recognise(session, user, now)
                if known.speaker is None:
                    return self.unknown(known)
                message = await do(session, known.speaker, now)
        except Refusal as refusal:
            return await self._refused(user, refusal, recover)
        except Conflict:
            # The same was written by another process a moment ago.
            return Outcome(None, self.default_reader, done=False)
        except DatabaseError as error:
            log.error("database", code=error.code)
            return Outcome(Message("network/not_stored", {"code": error.code}), self.default_reader, done=False)
        self.wake()
        return Outcome(message, reader_of(known.speaker), known.speaker)

    async def _refused(self, user: str, refusal: Refusal, recover: Do | None) -> Outcome:
        now = self.clock.now()
        async with self.database.writing() as session:
            known = await people.recognise(session, user, now)
            if recover is not None and known.speaker is not None:
                await recover(session, known.speaker, now)
        reader = reader_of(known.speaker) if known.speaker else self.default_reader
        return Outcome(refused(refusal), reader, known.speaker, done=False)

    def unknown(self, known: Recognised) -> Outcome:
        """Somebody without a role, or with several and none chosen."""
        if not known.hats:
            facts = {"network": self.place.network, "contact": self.place.contact}
            return Outcome(Message("network/stranger", facts), self.default_reader, done=False)
        return Outcome(hats(known), Reader(known.hats[0].zone or "UTC"), done=False)

    async def say(
        self, where: str, outcome: Outcome, *, about: str | None = None, look_since: datetime | None = None
    ) -> None:
        """Say what a turn ended in, after its commit. What cannot be said is logged; the answer is stored."""
        message = outcome.message
        if message is None:
            return
        try:
            said = await self.slack.say(where, message, outcome.reader, about, look_since=look_since)
        except ChannelError as error:
            log.warning("not_said", code=error.code, kind=message.kind)
            return
        if message.about and message.about.startswith("prompt:"):
            _, assessment_id, serial = message.about.split(":")
            self._said[int(assessment_id), int(serial)] = said[-1]

    def posts(self, outcome: Outcome) -> list[dict[str, Any]]:
        """What a turn ended in, as arguments of Bolt's `respond`, a post each."""
        messages = (outcome.message, *outcome.more)
        posts = [post for message in messages if message for post in render(message, outcome.reader, self.words)]
        return [{"text": post.text, "blocks": post.blocks} for post in posts]

    def blocks(self, outcome: Outcome) -> dict[str, Any]:
        """The first of these: for what is known to be short."""
        posts = self.posts(outcome)
        return posts[0] if posts else {}

    async def settle_said(self) -> None:
        """Write down which prompts the channel has confirmed; what a crash leaves out is looked up in the channel."""
        said, self._said = self._said, {}
        if not said:
            return
        async with self.database.writing() as session:
            for (assessment_id, serial), ts in said.items():
                await assessment_queries.said(session, assessment_id, serial, ts)


def reader_of(speaker: Speaker) -> Reader:
    """In whose zone and date style a speaker is answered."""
    return Reader(speaker.zone, speaker.locale or DEFAULT_LOCALE)


def refused(refusal: Refusal) -> Message:
    """A refusal as a message: its words are in templates/refusals."""
    return Message(f"refusals/{refusal.name}", refusal.facts)


def hats(known: Recognised) -> Message:
    """A person with several roles chooses one."""
    facts = {"name": known.hats[0].name, "roles": [hat.role.value for hat in known.hats]}
    choices = tuple(
        Choice(Deed.WEAR, str(hat.appointment_id), f"hat_{hat.role.value}", {"member": hat.member_name or ""})
        for hat in known.hats
    )
    return Message("network/hats", facts, choices)
