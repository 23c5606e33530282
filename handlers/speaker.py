"""Slack id -> Speaker, and the turn that every listener wears.

A turn: one after another for each person, recognised, one transaction, committed, and only then said. Bolt's `next()`
only sets a flag, so a session opened around it in a middleware would close before the listener runs; hence a wrapper.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import structlog

from bot import people
from bot.clock import Clock
from bot.delivery.slack import WIRE, SlackChannel, translate
from bot.errors import ChannelError, Refusal
from bot.messages import Choice, Deed, Message
from bot.people import DEFAULT_LOCALE, Recognised
from bot.reminders import Rules
from bot.rendering.blocks import render
from bot.speaker import Speaker
from bot.words import Reader, Words
from db.engine import Conflict, Database, DatabaseError, Session
from db.queries import assessments as assessment_queries
from handlers.bolt import inside

log = structlog.stdlib.get_logger(__name__)

# A say is tried so often in place, then at every tick until it is too old to mean anything.
TRIES = 2
PATIENCE_SECONDS = 5.0
WORTH_SAYING = timedelta(hours=1)
REMEMBERED = 5000
# Slack takes five answers through one response URL.
ANSWERS_AT_MOST = 5
TRIGGER_GONE = ("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id")


@dataclass(frozen=True)
class Repeated:
    """What is said to something that was heard before: only if its answer has not stood in the channel since then."""

    message: Message
    since: datetime


Do = Callable[[Session, Speaker, datetime], Awaitable[Message | Repeated | None]]


@dataclass(frozen=True)
class Outcome:
    """What a turn ended in.

    Attributes:
        message: what to say; None where nothing is.
        reader: in whose zone and date style.
        speaker: who it was; None for a stranger, and for somebody who must first choose a hat.
        done: whether the deed was done; False where it was refused.
        more: said after it, each on its own.
        look_since: it may have been said already since this moment.
        stored: False where nothing could be written down: the same may come again.
    """

    message: Message | None
    reader: Reader
    speaker: Speaker | None = None
    done: bool = True
    more: tuple[Message, ...] = ()
    look_since: datetime | None = None
    stored: bool = True


@dataclass(frozen=True)
class Unsaid:
    """An answer that the channel did not take yet."""

    where: str
    outcome: Outcome
    about: str | None
    since: datetime


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
        self._unsaid: list[Unsaid] = []
        self._done: dict[str, None] = {}

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

    async def answer(
        self, user: str, where: str, key: str, do: Do, *, about: str | None = None, recover: Do | None = None
    ) -> None:
        """Deal with one thing that a person said or clicked, once and in its order, and say what came of it.

        Args:
            where: the channel to answer in.
            key: what was said: an event that comes again under it is passed over. After a restart it is the database
                that knows; see `Repeated`.
            about: marks the answer; by default made from the key.
        """
        async with self.in_order(user):
            if key in self._done:
                return
            outcome = await self.turn(user, do, recover=recover)
            await self.say(where, outcome, about=about or f"reply:{key}")
            if outcome.stored:
                self.is_first(key)

    def is_first(self, key: str) -> bool:
        """Whether this process hears it for the first time; from now on it does not."""
        if key in self._done:
            return False
        self._done[key] = None
        while len(self._done) > REMEMBERED:
            del self._done[next(iter(self._done))]
        return True

    async def turn(self, user: str, do: Do, *, recover: Do | None = None) -> Outcome:
        """Recognise, do, commit; a refusal becomes its words. Whatever happens, it ends in an outcome.

        Args:
            user: a Slack id.
            do: the one call into the bot.
            recover: done in a transaction of its own after a refusal: what was written is kept.
        """
        try:
            try:
                return await self._turn(user, do)
            except Refusal as refusal:
                return await self._refused(user, refused(refusal), recover)
            except DatabaseError:
                raise
            except Exception as error:
                log.error("turn_fault", **fault(error))
                return await self._refused(user, Message("network/fault"), recover)
        except Conflict:
            # The same was written by another process a moment ago.
            return Outcome(None, self.default_reader, done=False)
        except DatabaseError as error:
            log.error("database", code=error.code)
            facts = {"code": error.code}
            return Outcome(Message("network/not_stored", facts), self.default_reader, done=False, stored=False)

    async def _turn(self, user: str, do: Do) -> Outcome:
        now = self.clock.now()
        async with self.database.writing() as session:
            known = await people.recognise(session, user, now)
            if known.speaker is None:
                return self.unknown(known)
            said = await do(session, known.speaker, now)
        self.wake()
        reader = reader_of(known.speaker)
        if isinstance(said, Repeated):
            return Outcome(said.message, reader, known.speaker, look_since=said.since)
        return Outcome(said, reader, known.speaker)

    async def _refused(self, user: str, words: Message, recover: Do | None) -> Outcome:
        now = self.clock.now()
        async with self.database.writing() as session:
            known = await people.recognise(session, user, now)
            if recover is not None and known.speaker is not None:
                await recover(session, known.speaker, now)
        reader = reader_of(known.speaker) if known.speaker else self.default_reader
        return Outcome(words, reader, known.speaker, done=False)

    def unknown(self, known: Recognised) -> Outcome:
        """Somebody without a role, or with several and none chosen."""
        if not known.hats:
            facts = {"network": self.place.network, "contact": self.place.contact}
            return Outcome(Message("network/stranger", facts), self.default_reader, done=False)
        return Outcome(hats(known), Reader(known.hats[0].zone or "UTC"), done=False)

    async def say(self, where: str, outcome: Outcome, *, about: str | None = None) -> None:
        """Say what a turn ended in, after its commit. What cannot be said now is tried again at the next ticks."""
        if outcome.message is None:
            return
        unsaid = Unsaid(where, outcome, about, self.clock.now())
        for attempt in range(TRIES):
            error, unsaid = await self._try(unsaid)
            if error is None:
                # Whoever was answered need not hear what came before.
                self._unsaid = [each for each in self._unsaid if each.where != where]
                return
            if error.permanent:
                return
            if attempt + 1 < TRIES and (error.retry_after or 0) <= PATIENCE_SECONDS:
                await self.clock.sleep(error.retry_after or 1.0)
        self._unsaid.append(unsaid)

    async def _try(self, unsaid: Unsaid) -> tuple[ChannelError | None, Unsaid]:
        outcome = unsaid.outcome
        message = outcome.message
        if message is None:
            return None, unsaid
        try:
            said = await self.slack.say(
                unsaid.where, message, outcome.reader, unsaid.about, look_since=outcome.look_since
            )
        except ChannelError as error:
            log.warning("not_said", code=error.code, kind=message.kind)
            if error.in_doubt:
                unsaid = replace(unsaid, outcome=replace(outcome, look_since=outcome.look_since or unsaid.since))
            return error, unsaid
        if message.about and message.about.startswith("prompt:"):
            _, assessment_id, serial = message.about.split(":")
            self._said[int(assessment_id), int(serial)] = said[-1]
        return None, unsaid

    async def say_unsaid(self) -> None:
        """Try once more what the channel did not take."""
        waiting, self._unsaid = self._unsaid, []
        for unsaid in waiting:
            error, unsaid = await self._try(unsaid)
            if error is not None and not error.permanent and self.clock.now() - unsaid.since < WORTH_SAYING:
                self._unsaid.append(unsaid)

    async def respond(self, respond: Any, user: str, outcome: Outcome, *, public: bool = False) -> None:
        """Answer through Bolt's `respond`, in the place of the buttons where the deed was done; where the way back is
        used up or gone, in the person's direct messages.

        Args:
            public: everybody in the channel sees it; a refusal is shown only to who clicked.
        """
        for number, post in enumerate(self.posts(outcome)[:ANSWERS_AT_MOST]):
            how = "in_channel" if public and outcome.done else "ephemeral"
            try:
                answer = await respond(**post, replace_original=outcome.done and not number, response_type=how)
                status = answer.status_code
            except (aiohttp.ClientError, OSError) as error:
                status = type(error).__name__
            if status != 200:
                log.warning("not_responded", status=status)
                await self.say(user, outcome)
                return

    async def whisper(self, client: Any, channel: str, user: str, outcome: Outcome) -> None:
        """Say something in a channel that only one person sees; where that does not work, in direct messages."""
        try:
            for post in self.posts(outcome):
                await client.chat_postEphemeral(channel=channel, user=user, **post)
        except WIRE as error:
            log.warning("not_whispered", code=translate(error).code)
            await self.say(user, outcome)

    async def put_in_place(self, client: Any, channel: str, ts: str, outcome: Outcome) -> bool:
        """Let a message of ours say something else from now on; False when it is not there any more."""
        try:
            await client.chat_update(channel=channel, ts=ts, **self.blocks(outcome))
        except WIRE as error:
            log.warning("not_put_in_place", code=translate(error).code)
            return False
        return True

    async def excuse(self, error: Exception, body: dict[str, Any]) -> None:
        """A listener ended in an error: a line in the log, and a friendly one to whom it happened."""
        code = translate(error).code if isinstance(error, WIRE) else ""
        log.error("listener_fault", **fault(error), code=code)
        user = who(body)
        if user:
            message = Message("network/too_late" if code in TRIGGER_GONE else "network/fault")
            await self.say(user, Outcome(message, self.default_reader, done=False))

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


def who(body: dict[str, Any]) -> str | None:
    """Whose deed a payload of Slack tells of."""
    event = inside(body, "event")
    said_by = event.get("user") or inside(event, "message").get("user") or inside(event, "previous_message").get("user")
    found = inside(body, "user").get("id") or body.get("user_id") or said_by
    return found if isinstance(found, str) and found else None


def fault(error: Exception) -> dict[str, str]:
    """An error as a log line: its name and where it arose; its own words may hold what people wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = [f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno}" for frame in frames]
    return {"error": type(error).__name__, "at": " > ".join(places)}


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
