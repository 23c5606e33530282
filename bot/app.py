"""The composition root: build(settings, **edges), start, stop. The only file that knows every part."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, cast

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # pyright: ignore[reportMissingTypeStubs]
from slack_bolt.async_app import AsyncApp
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot import benchmarks, editions, errata, evidence, interview, people, reminders, succession
from bot.clock import Clock, RunningClock, SystemClock
from bot.composers import PageLinks, composers
from bot.config import Settings
from bot.delivery.channel import Channel
from bot.delivery.email import EmailChannel
from bot.delivery.roll_call import RollCall
from bot.delivery.slack import SlackChannel
from bot.delivery.worker import Worker
from bot.formats import Edition, load_members
from bot.links import Addresses
from bot.people import Contact
from bot.words import Reader, Words, words
from db.engine import Database, DatabaseError, Session
from db.queries import assessments as assessment_queries
from db.queries import delegations as delegation_queries
from db.vocabulary import Medium
from handlers import register_all
from handlers.bolt import Bolt
from handlers.listening import Listening
from handlers.pages import PageDesk
from handlers.pages.server import Pages
from handlers.register import show_homes
from handlers.saying import Outcome, fault
from handlers.speaker import Desk, Place

log = structlog.get_logger("spnet.app")

TICK_SECONDS = 30
ROLL_CALL_SECONDS = 60
DRAIN_SECONDS = 4.0
# What the time asks for, in this order; each in a transaction of its own.
TICKS: dict[str, Callable[[Session, datetime, reminders.Rules], Awaitable[Any]]] = {
    "succession": succession.tick,
    "reminders": reminders.tick,
    "leaves": reminders.leaves.tick,
    "register": reminders.register.tick,
}


class App:
    """The running bot.

    Attributes:
        tick: what the scheduler calls; tests and replays call it themselves, with their own time.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Clock,
        bolt: AsyncApp,
        slack: SlackChannel,
        channels: Mapping[Medium, Channel],
        edition: Edition,
        house_words: Words,
        *,
        scheduled: bool,
        serve_pages: bool,
    ) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.edition = edition
        self._bolt = bolt
        self._slack = slack
        self._channels = channels
        self._scheduled = scheduled
        self._listening: Listening | None = None
        self._serve_pages = serve_pages
        self.addresses = Addresses(settings.pages.public_address, settings.security.secret)
        self._links = PageLinks(self.addresses, settings.secretariat.email)
        self.pages = self._pages(house_words)
        self._scheduler: Any = None
        self._working: asyncio.Task[None] | None = None
        self._ticked_at: datetime | None = None
        self.rules = reminders.Rules.of(settings)
        self.roll_call = RollCall(database, slack)
        self.worker = self._worker(None)
        place = Place(
            settings.network.name,
            edition.code,
            settings.secretariat.zone,
            _rooms(settings),
            settings.secretariat.email,
            self.rules,
            pages=bool(settings.pages.public_address),
            scan_link=self._links.scan,
            evidence_limits=_limits(settings),
            evidence_link=self._links.evidence,
        )
        self.desk = Desk(database, clock, house_words, slack, place, self._wake)
        register_all(cast(Bolt, bolt), self.desk)

    def _worker(self, rehearse: Contact | None) -> Worker:
        return Worker(
            self.database,
            self._channels,
            self.clock,
            name=f"{socket.gethostname()}:{os.getpid()}",
            rehearse=rehearse,
            notices=composers(self._links),
            channel_reader=Reader(self.settings.secretariat.zone),
        )

    def _pages(self, house_words: Words) -> Pages:
        settings = self.settings
        desk = PageDesk(
            self.database,
            self.clock,
            house_words,
            settings.security.secret,
            settings.network.name,
            settings.pages.public_address,
            self._wake,
            _limits(settings),
        )
        return Pages(
            desk,
            listen=settings.pages.listen,
            port=settings.pages.port,
            bolt=self._bolt if settings.slack.mode == "http" else None,
            is_connected=self.is_connected,
        )

    def _wake(self) -> None:
        self.worker.wake()

    async def prepare(self) -> None:
        """Bring the database to the newest form, with the members of the data file and the first secretariat person.

        Raises:
            DatabaseError: the database could not do it.
            FormatError: a data file is not good, or is another edition than the one of its code that is in use.
        """
        await self.database.migrate()
        secretariat = self.settings.secretariat
        async with self.database.writing() as session:
            await people.settle_members(session, load_members(self.settings.network.members_file))
            await people.settle_secretariat(
                session,
                name=secretariat.name,
                email=secretariat.email,
                slack_id=secretariat.slack_id,
                zone=secretariat.zone,
                now=self.clock.now(),
            )
            await errata.settle(session, self.edition, str(self.settings.network.format_file), self.clock.now())
        self.edition = editions.edition(self.edition.code)

    async def start(self, rehearse: Contact | None = None) -> None:
        """Prepare, say what a crash left unsaid, listen, and begin to work.

        Args:
            rehearse: everything is said to this one person, marked with whom it was for; the others are answered, and
                see no Home that they did not open.

        Raises:
            DatabaseError, FormatError: as `prepare`.
            OSError: the port of the pages is taken.
        """
        await self.prepare()
        if rehearse is not None:
            self.worker = self._worker(rehearse)
            self.desk.rehearse = rehearse
        if self._serve_pages:
            await self.pages.start()
        await self._slack.open()
        await self._say_unsaid(rehearse)
        await self._listen()
        if self._scheduled:
            self._working = asyncio.create_task(self.worker.run())
            self._scheduler = AsyncIOScheduler(timezone="UTC")
            self._scheduler.add_job(
                self._scheduled_tick, "interval", seconds=TICK_SECONDS, coalesce=True, misfire_grace_time=None
            )
            self._scheduler.add_job(
                self._scheduled_roll_call, "interval", seconds=ROLL_CALL_SECONDS, coalesce=True, misfire_grace_time=None
            )
            self._scheduler.start()
            await self._tick_now()

    async def _listen(self) -> None:
        if self.settings.slack.mode == "socket":
            self._listening = Listening(self._bolt, self.settings.slack.app_token.get_secret_value())
            await self._listening.start()

    async def is_connected(self) -> bool:
        """Whether what people say in chat comes through; in http mode it is Slack that calls."""
        if self.settings.slack.mode == "http":
            return True
        return self._listening is not None and await self._listening.is_connected()

    async def check_mail(self) -> None:
        """Connect to the mail server and send nothing.

        Raises:
            ChannelError: why mails would have to wait.
        """
        channel = self._channels.get(Medium.EMAIL)
        if isinstance(channel, EmailChannel):
            await channel.check()

    async def stop(self) -> None:
        """Stop listening, let what is in flight end, and close everything; also after a start that failed."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
        if self._listening is not None:
            await self._listening.stop()
        await self.pages.stop()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.desk.quiet(), DRAIN_SECONDS)
        await self.worker.stop(DRAIN_SECONDS)
        if self._working is not None:
            await asyncio.wait([self._working])
        try:
            await self.desk.settle_said()
        except DatabaseError as error:
            # The next start looks in the channel for what was said.
            log.warning("not_settled", code=error.code)
        for channel in self._channels.values():
            close = getattr(channel, "close", None)
            if close is not None:
                await close()
        await self.database.close()
        errata.forget()

    async def tick(self, now: datetime) -> None:
        """Do what the time asks for: carry out handovers, close what is due, queue reminders, and wake the worker.

        Each part has a transaction of its own: where one fails, the others are done all the same, and the next tick
        tries it again.

        Raises:
            Exception: what the first part that failed said, after everything else was done.
        """
        failed: list[Exception] = []
        done: dict[str, Any] = {}
        for name, part in TICKS.items():
            try:
                async with self.database.writing() as session:
                    done[name] = await part(session, now, self.rules)
            except Exception as error:
                log.error("tick_part_failed", part=name, **fault(error))
                failed.append(error)
        touched: list[str] = done.get("succession", [])
        try:
            async with self.database.reading() as session:
                touched += await succession.changed_by_command(session, self._ticked_at, now)
                await errata.catch_up(session)
        except DatabaseError as error:
            failed.append(error)
        else:
            self._ticked_at = now
        await show_homes(self.desk, touched)
        await self.desk.say_unsaid()
        await self.desk.settle_said()
        self._wake()
        if failed:
            raise failed[0]

    async def _scheduled_tick(self) -> None:
        if self._listening is not None:
            await self._listening.watch()
        await self._tick_now()

    async def _tick_now(self) -> None:
        try:
            await self.tick(self.clock.now())
        except Exception as error:
            # The next tick finds everything again in the database.
            log.error("tick_failed", error=type(error).__name__)

    async def _scheduled_roll_call(self) -> None:
        try:
            if await self.roll_call.run(self.clock.now()):
                self._wake()
        except Exception as error:
            # The next one begins where this one ended.
            log.error("roll_call_failed", error=type(error).__name__)

    async def _say_unsaid(self, rehearse: Contact | None) -> None:
        """A prompt that was stored but perhaps not said: looked up in the channel, and said if it is not there.

        In a rehearsal the others hear nothing; theirs wait for the next ordinary start.
        """
        now = self.clock.now()
        async with self.database.reading() as session:
            talks = await assessment_queries.unsaid_prompts(session)
            waiting = [(talk, await interview.prompt_unsaid(session, talk, now)) for talk in talks]
            owns = await delegation_queries.unsaid_prompts(session)
            waiting += [(own.talk, await interview.part_unsaid(session, own, now)) for own in owns]
        for talk, found in waiting:
            if found is None or talk.prompt is None or not found[0].slack_id:
                continue
            contact, message = found
            if rehearse is not None and contact.person_id != rehearse.person_id:
                continue
            about = f"reply:{talk.prompt.cause_key}"
            outcome = Outcome(message, contact.reader, look_since=talk.prompt.asked_at)
            await self.desk.say(contact.slack_id or "", outcome, about=about)


def _limits(settings: Settings) -> evidence.Limits:
    return evidence.Limits(settings.evidence.largest, settings.evidence.kinds, settings.evidence.most)


def _rooms(settings: Settings) -> dict[str, str]:
    return {"network": settings.slack.network_channel, "secretariat": settings.slack.secretariat_channel}


def _client(settings: Settings, clock: Clock) -> AsyncWebClient:
    client = AsyncWebClient(
        token=settings.slack.bot_token.get_secret_value(),
        base_url=settings.slack.base_url,
        # Its own handler would post again when an answer is lost; the worker looks whether it was said.
        retry_handlers=[],
    )
    if isinstance(clock, SystemClock | RunningClock):
        # It waits in real time, as Slack asks; a simulated clock paces itself.
        client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=2))
    return client


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    database: Database | None = None,
    scheduled: bool = True,
    serve_pages: bool | None = None,
) -> App:
    """The bot, put together from its settings.

    Args:
        clock: where the time comes from; the machine's own if not handed in.
        database: where everything is kept; the one of the settings if not handed in.
        scheduled: whether the scheduler and the worker run by themselves; a test or a replay drives them itself.
        serve_pages: whether the web server runs; by default where the scheduler does.

    Raises:
        FormatError: the format's file is not good.
    """
    clock = clock or SystemClock()
    benchmarks.know(settings.network.benchmarks_file)
    house_words = words()
    bolt = AsyncApp(
        # Without a name Bolt reads the source of every caller to find one; its loggers, whose level it sets, are called
        # by it.
        name="slack_bolt.spnet",
        client=_client(settings, clock),
        signing_secret=settings.slack.signing_secret.get_secret_value() or None,
        # An event is acknowledged only after it is stored: what is not stored comes again.
        process_before_response=True,
    )
    # A client of its own, whose connections are kept: Bolt copies its client, which no open connection survives.
    slack = SlackChannel(_client(settings, clock), clock, house_words, _rooms(settings))
    mail = settings.mail
    email = EmailChannel(
        clock,
        house_words,
        host=mail.host,
        port=mail.port,
        sender=mail.sender,
        security=mail.security,
        username=mail.username,
        password=mail.password.get_secret_value(),
        reply_to=mail.reply_to,
    )
    return App(
        settings,
        database or Database(settings.database.url),
        clock,
        bolt,
        slack,
        {Medium.SLACK: slack, Medium.EMAIL: email},
        editions.know(settings.network.format_file),
        house_words,
        scheduled=scheduled,
        serve_pages=scheduled if serve_pages is None else serve_pages,
    )
