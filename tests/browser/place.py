"""What runs behind the page: the cast on a bot that works by itself, or the filled demo."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from bot import history
from bot.app import App, build
from bot.cli.playing import offered
from bot.cli.playing.live import Live, Passage, live
from bot.clock import RunningClock
from bot.config import Network
from bot.editions import edition
from bot.formats import load_members
from bot.observations import Observation
from bot.sandbox import Mailbox, Sandbox
from bot.sandbox.kept import Kept
from db.engine import Database
from tests import cast
from tests.cast import PARTS
from tests.demo import free_pages
from tests.stage import populate, settings_for

# What Indonesia said in earlier years, as a file would bring it in.
EARLIER = tuple(
    Observation(line, "IDN", "poverty_national_line", "SUSENAS", year, Decimal(value))
    for line, (year, value) in enumerate({2023: "9.5", 2024: "9.4"}.items(), 2)
)

Start = Callable[[int], AbstractAsyncContextManager[Live]]


class Place:
    """A sandbox with its page; it can stop and come back at the same address.

    Attributes:
        on: what runs now.
    """

    on: Live

    def __init__(self, start: Start) -> None:
        self._start = start
        self._running = AsyncExitStack()
        self._port = 0

    @property
    def address(self) -> str:
        """The page's address."""
        return f"http://127.0.0.1:{self._port}/"

    async def starts(self) -> None:
        """Everything starts, or comes back."""
        self.on = await self._running.enter_async_context(self._start(self._port))
        self._port = int(self.on.address.rpartition(":")[2])

    async def stops(self) -> None:
        """Nobody answers at the address any more."""
        await self._running.aclose()


def demo(folder: Path) -> Place:
    """The filled demo, on a copy of what `filling.fill` made."""
    pages = free_pages()
    return Place(lambda port: live(folder, port, pages))


def network(url: str, folder: Path, begins: datetime) -> Place:
    """The cast of the tests on an empty, migrated database.

    Args:
        folder: a place for what is written down on the way.
        begins: where the clock starts to run.
    """
    return Place(lambda port: _network(url, folder, begins, port))


@asynccontextmanager
async def _network(url: str, folder: Path, begins: datetime, port: int) -> AsyncGenerator[Live]:
    clock = RunningClock(begins)
    mailbox = Mailbox()
    sandbox = Sandbox(clock, rates=False, mailbox=mailbox)
    await sandbox.start(port)
    await mailbox.start()
    app: App | None = None
    try:
        populate(sandbox, PARTS)
        _titles(sandbox)
        database = Database(url)
        people = await cast.make(database, begins)
        async with database.writing() as session:
            await history.bring_in(
                session,
                people.speaker("aisyah"),
                EARLIER,
                edition=edition("common-1"),
                title="Earlier figures {}".format,
                now=begins,
            )
        settings = settings_for(url, sandbox, mailbox.port, pages={"port": 0})
        app = build(settings, clock=clock, database=database)
        sandbox.workspace.app_commands = offered.commands(settings.network.name)
        sandbox.workspace.app_shortcuts = offered.shortcuts(settings.network.name)
        sandbox.control.moves = Passage(app, sandbox, clock, Kept(sandbox, mailbox, folder))
        await app.start()
        await sandbox.connected()
        yield Live(app, sandbox, mailbox, clock)
    finally:
        if app is not None:
            await app.stop()
        await mailbox.stop()
        await sandbox.stop()


def _titles(sandbox: Sandbox) -> None:
    members = {member.code: member.name for member in load_members(Network().members_file)}
    for part in PARTS:
        role = part.role.value.replace("_", " ").capitalize()
        sandbox.workspace.users[part.slack_id].title = ", ".join(filter(None, (role, members.get(part.member or ""))))


def copied(template: Path, folder: Path) -> Path:
    """A demo of one's own."""
    shutil.copytree(template, folder)
    return folder
