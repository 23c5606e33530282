"""The demo that runs: sandbox, mailbox and bot in one process, on what a folder keeps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from babel.dates import format_date

from bot import workdays
from bot.app import App, build
from bot.cli.playing import offered, tour
from bot.cli.playing.filling import DATABASE, MAIL
from bot.cli.playing.passing import passes
from bot.cli.playing.stage import ZONE, settings
from bot.clock import RunningClock
from bot.config import Pages
from bot.sandbox import Mailbox, Sandbox
from bot.sandbox.control import Move
from bot.sandbox.kept import HEARTBEAT, Kept
from bot.sandbox.scopes import USUAL
from bot.words import words
from db.engine import Database
from db.queries import cycles
from db.vocabulary import CycleState
from handlers.manifest import EVENTS

MORNING = 9
WEEK = timedelta(days=7)
# Real seconds after which an envelope that the bot did not acknowledge comes again.
COMES_AGAIN = 30.0
# Real seconds that the bot may take for what one step of time brings.
PATIENCE = 60.0


class Passage:
    """Lets the demo's time pass: the moves that the page offers."""

    def __init__(self, app: App, sandbox: Sandbox, clock: RunningClock, kept: Kept) -> None:
        self._app = app
        self._sandbox = sandbox
        self._clock = clock
        self._kept = kept
        self._one = asyncio.Lock()

    async def moves(self) -> list[Move]:
        """The next morning, a week, and the next date ahead at which a round is due or closes."""
        now = self._clock.now()
        label = words().label
        found = [
            Move("morning", label("demo_move_morning"), _next_morning(now)),
            Move("week", label("demo_move_week"), now + WEEK),
        ]
        async with self._app.database.reading() as session:
            open_cycles = await cycles.asked(session, [CycleState.OPEN])
        dates = [(cycle.due_at, "demo_move_due") for cycle in open_cycles]
        dates += [(cycle.closes_at, "demo_move_closes") for cycle in open_cycles]
        ahead = min((date for date in dates if date[0] > now), default=None)
        if ahead is not None:
            day = format_date(workdays.local(ahead[0], ZONE), "d MMMM", locale="en_GB")
            found.append(Move("date", label(ahead[1], day=day), ahead[0]))
        return found

    async def make(self, id: str) -> None:
        """Let the time pass; whatever falls due on the way, the bot does and sends at its own hour.

        Raises:
            LookupError: there is no such move now.
        """
        async with self._one:
            move = next((move for move in await self.moves() if move.id == id), None)
            if move is None:
                raise LookupError(f"no move {id}")
            zones = {user.tz for user in self._sandbox.workspace.users.values() if not user.is_bot}
            await passes(self._app, move.to, zones, self._goes_to)
            await self._sandbox.settled(PATIENCE)

    async def idle(self) -> None:
        """Comes back when the bot has done what it was told, and sent what is due now."""
        await self._app.desk.quiet()
        await self._app.worker.drain()

    async def _goes_to(self, moment: datetime) -> None:
        # What one stop brought may have taken until after the next.
        now = max(moment, self._clock.now())
        self._clock.set(now)
        # On the disk before the database: a kill leaves no clock that is behind it.
        self._kept.write_moment()
        await self._sandbox.pass_time()
        await self._app.tick(now)
        await self.idle()


def _next_morning(now: datetime) -> datetime:
    here = workdays.local(now, ZONE)
    day = here.date() + workdays.DAY if here.time() >= time(MORNING) else here.date()
    return workdays.at(day, MORNING, ZONE)


class Live:
    """What runs. `address` is the one to open."""

    def __init__(self, app: App, sandbox: Sandbox, mailbox: Mailbox, clock: RunningClock) -> None:
        self.app = app
        self.sandbox = sandbox
        self.mailbox = mailbox
        self.clock = clock
        self.address = sandbox.slack.origin


@asynccontextmanager
async def live(folder: Path, port: int, pages: Pages) -> AsyncGenerator[Live]:
    """Start everything on what the folder keeps, and stop it with everything kept.

    Args:
        folder: as `filling.fill` and this left it.
        port: of the page and of the sandbox's Slack; 0 takes any free one.
        pages: where the bot's own pages are.

    Raises:
        OSError: a port is taken.
        NotReadable: what the folder keeps cannot be read.
        DatabaseError: the bot's database cannot.
    """
    # What was done in the last moment before a kill was done later than what stands written.
    clock = RunningClock(Kept.moment(folder).astimezone(UTC) + timedelta(seconds=HEARTBEAT))
    mailbox = Mailbox(folder / MAIL)
    sandbox = Sandbox(clock, mailbox=mailbox, redelivery_after=COMES_AGAIN, subscriptions=[*USUAL, *EVENTS])
    kept = Kept(sandbox, mailbox, folder)
    await sandbox.start(port)
    try:
        kept.read()
        await mailbox.start()
        kept.start()
        database = Database(f"sqlite+aiosqlite:///{folder / DATABASE}")
        app = build(settings(sandbox, mailbox, pages), clock=clock, database=database)
        try:
            network = app.settings.network.name
            sandbox.workspace.app_commands = offered.commands(network)
            sandbox.workspace.app_shortcuts = offered.shortcuts(network)
            sandbox.control.tour = tour.steps()
            passage = Passage(app, sandbox, clock, kept)
            sandbox.control.moves, sandbox.control.idle = passage, passage.idle
            await app.start()
            await sandbox.connected()
            yield Live(app, sandbox, mailbox, clock)
        finally:
            await app.stop()
    finally:
        await kept.stop()
        await mailbox.stop()
        await sandbox.stop()
