"""Slack id -> Speaker, and the turn that every listener wears.

A turn: one after another for each person, recognised, one transaction, committed, and only then said. Bolt's `next()`
only sets a flag, so a session opened around it in a middleware would close before the listener runs; hence a wrapper.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot import evidence, people
from bot.clearance import ScanLink, without_pages
from bot.clock import Clock
from bot.delivery.slack import SlackChannel
from bot.errors import ChannelError, Refusal
from bot.messages import Choice, Deed, Form, Message
from bot.people import DEFAULT_LOCALE, Contact, Recognised, slack_profiles
from bot.people.kept import Kept
from bot.reminders import Rules
from bot.rendering import modals
from bot.speaker import Speaker
from bot.words import Reader, Words
from db.engine import Conflict, Database, DatabaseError, Session
from db.queries.people import Hat
from db.vocabulary import Role
from handlers.saying import Outcome, Voice, fault

log = structlog.stdlib.get_logger(__name__)

# So many of the newest events are known by heart.
REMEMBERED = 5000
# Slack is asked so seldom who a stranger is.
ASK_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True)
class Repeated:
    """What is said to something that was heard before: only if its answer has not stood in the channel since then."""

    message: Message
    since: datetime


Do = Callable[[Session, Speaker, datetime], Awaitable[Message | Repeated | None]]
Make = Callable[[Session, Speaker, datetime], Awaitable[Form]]
Store = Callable[[Session, Speaker, datetime], Awaitable[Kept]]


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
        pages: whether people can open pages of the bot.
        scan_link: where a person gets the scan of a letter, by person, file and until when.
        evidence_limits: what is taken as evidence.
        evidence_link: where a person gets a file of evidence, by person, evidence and until when.
    """

    network: str
    edition: str
    zone: str
    rooms: dict[str, str]
    contact: str
    rules: Rules
    pages: bool = False
    scan_link: ScanLink = without_pages
    evidence_limits: evidence.Limits = field(default_factory=evidence.Limits)
    evidence_link: evidence.FileLink = evidence.without_pages


class Desk(Voice):
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
        super().__init__(database, clock, words, slack, Reader(place.zone))
        self.place = place
        self.wake = wake
        self._at_work = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._queues: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}
        self._done: dict[str, None] = {}
        self._strangers: dict[str, datetime] = {}
        # A mark of what stands in the Home of whoever has looked at it, the latest last.
        self.homes: dict[str, str] = {}
        self.after_turn: Callable[[str], None] = lambda _user: None
        # In a rehearsal, the person to whom everything is said.
        self.rehearse: Contact | None = None

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
        self,
        user: str,
        where: str,
        key: str,
        do: Do,
        *,
        about: str | None = None,
        recover: Do | None = None,
        before: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Deal with one thing that a person said or clicked, once and in its order, and say what came of it.

        Args:
            where: the channel to answer in.
            key: what was said: an event that comes again under it is passed over. After a restart it is the database
                that knows; see `Repeated`.
            about: marks the answer; by default made from the key.
            before: done before the turn and in its order, such as fetching a file, while no transaction is open.
        """
        async with self.in_order(user):
            if key in self._done:
                return
            if before is not None:
                await before()
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

    async def decided(self, body: dict[str, Any], client: Any, respond: Any, do: Do) -> None:
        """A click by which somebody gives a yes: done once; what they saw stays before their eyes, without its buttons.

        Args:
            body, client, respond: Bolt's, of the click.
            do: what the yes does, and what is said of it.
        """
        user, key = body["user"]["id"], f"click:{body['trigger_id']}"
        async with self.in_order(user):
            if not self.is_first(key):
                return
            outcome = await self.turn(user, do)
            if not outcome.done:
                await self.respond(respond, user, outcome)
                return
            await self.take_buttons(client, body)
            await self.say(user, outcome, about=f"reply:{key}")

    async def opened(self, client: Any, user: str, trigger_id: str, make: Make) -> Outcome:
        """Open the form that `make` makes, as a turn; the outcome holds the refusal where there is none."""
        views: list[dict[str, Any]] = []

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            views.append(modals.render(await make(session, by, now), self.words, reader_of(by)))
            return None

        outcome = await self.turn(user, do)
        for view in views[-1:] if outcome.done else []:
            await client.views_open(trigger_id=trigger_id, view=view)
        return outcome

    async def wrong(self, ack: Any, problems: Mapping[str, str]) -> None:
        """Acknowledge a form that stays open, with what is wrong in it.

        Args:
            problems: by field: keys of templates/labels.toml.
        """
        await ack(response_action="errors", errors={field: self.words.label(key) for field, key in problems.items()})

    async def filled(
        self, ack: Any, user: str, view: Mapping[str, Any], store: Store, *, client: Any = None, where: str = ""
    ) -> None:
        """Keep what was filled in of a form, as a turn. It stays open with what is wrong in it, comes anew with what
        stands there by now, gets another one over it, or is closed, with all below it, and answered.

        Args:
            client: with `where`, a channel that is no direct message: answered there, before one person's eyes.
        """
        found: list[tuple[Kept, Speaker]] = []

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            kept = await store(session, by, now)
            found.append((kept, by))
            return kept.said

        async with self.in_order(user):
            outcome = await self.turn(user, do)
            if outcome.message is None and found:
                kept, by = found[-1]
                if kept.over is not None:
                    await ack(response_action="push", view=modals.render(kept.over, self.words, reader_of(by)))
                elif kept.anew is not None:
                    await ack(response_action="update", view=modals.render(kept.anew, self.words, reader_of(by)))
                else:
                    await self.wrong(ack, kept.problems)
                return
            await (ack(response_action="clear") if view.get("previous_view_id") else ack())
            if client is not None and where and not where.startswith("D"):
                await self.whisper(client, where, user, outcome)
            else:
                await self.say(user, outcome, about=f"reply:{view['id']}")

    async def turn(self, user: str, do: Do, *, recover: Do | None = None, only_reads: bool = False) -> Outcome:
        """Recognise, do, commit; a refusal becomes its words. Whatever happens, it ends in an outcome.

        Args:
            user: a Slack id.
            do: the one call into the bot.
            recover: done in a transaction of its own after a refusal: what was written is kept.
            only_reads: `do` writes nothing, and may take a while: nobody who writes waits for it.
        """
        try:
            try:
                try:
                    outcome = await self._turn(user, do, only_reads)
                except Conflict:
                    # Another process wrote first; with what it wrote known, the turn is taken once more.
                    outcome = await self._turn(user, do, only_reads)
                if outcome.stranger and await self.introduced(user):
                    outcome = await self._turn(user, do, only_reads)
                self.after_turn(user)
                return outcome
            except Refusal as refusal:
                return await self._refused(user, refused(refusal), recover)
            except DatabaseError:
                raise
            except Exception as error:
                log.error("turn_fault", **fault(error))
                return await self._refused(user, Message("network/fault"), recover)
        except Conflict:
            # And again: the same deed is under way elsewhere, and is answered there.
            return Outcome(None, self.default_reader, done=False)
        except DatabaseError as error:
            log.error("database", code=error.code)
            facts = {"code": error.code}
            return Outcome(Message("network/not_stored", facts), self.default_reader, done=False, stored=False)

    async def _turn(self, user: str, do: Do, only_reads: bool) -> Outcome:
        now = self.clock.now()
        async with self.database.reading() if only_reads else self.database.writing() as session:
            known = await people.recognise(session, user, now)
            if known.speaker is None:
                return self.unknown(known)
            said = await do(session, known.speaker, now)
        self.wake()
        reader = reader_of(known.speaker)
        if isinstance(said, Repeated):
            return Outcome(said.message, reader, known.speaker, look_since=said.since)
        return Outcome(said, reader, known.speaker)

    async def introduced(self, user: str) -> bool:
        """Whether somebody unknown turns out to be a person of the register, by the address of their account."""
        now = self.clock.now()
        if now - self._strangers.get(user, now - ASK_AGAIN) < ASK_AGAIN:
            return False
        self._strangers[user] = now
        while len(self._strangers) > REMEMBERED:
            del self._strangers[next(iter(self._strangers))]
        try:
            profile, team = await self.slack.directory.profile(user), await self.slack.directory.team()
        except ChannelError as error:
            # Then they are greeted as the stranger that they seem to be.
            log.warning("not_looked", code=error.code)
            return False
        if profile is None:
            return False
        async with self.database.writing() as session:
            return await slack_profiles.bind(session, profile, team, now) is not None

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
            facts: dict[str, object] = {"network": self.place.network, "contact": self.place.contact, "role": None}
            if known.ended is not None:
                facts |= {"role": known.ended.role.value, "member": known.ended.member_name, "ended": known.ended.on}
            message = Message("network/stranger", facts)
            return Outcome(message, self.default_reader, done=False, stranger=known.ended is None)
        return Outcome(hats(known), Reader(known.hats[0].zone or "UTC"), done=False)


def reader_of(speaker: Speaker) -> Reader:
    """In whose zone and date style a speaker is answered."""
    return Reader(speaker.zone, speaker.locale or DEFAULT_LOCALE)


def refused(refusal: Refusal) -> Message:
    """A refusal as a message: its words are in templates/refusals."""
    ways = (Choice(Deed(refusal.way_on[0]), refusal.way_on[1], style="primary"),) if refusal.way_on else ()
    return Message(f"refusals/{refusal.name}", refusal.facts, ways)


def hats(known: Recognised) -> Message:
    """A person with several roles chooses one."""
    facts = {"name": known.hats[0].name, "roles": [hat.role.value for hat in known.hats]}
    choices = tuple(Choice(Deed.WEAR, str(hat.appointment_id), *_hat(hat)) for hat in known.hats)
    return Message("network/hats", facts, choices)


def _hat(hat: Hat) -> tuple[str, dict[str, str]]:
    """What is written on a hat's button; who stands for no country may stand for several bodies."""
    if hat.role is Role.PARTNER and hat.agency is not None:
        return "hat_partner_body", {"body": hat.agency}
    return f"hat_{hat.role.value}", {"member": hat.member_name or ""}
