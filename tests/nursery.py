"""Where the bots that are killed are born: a process with everything loaded, and the bot that comes out of it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import ledger
from bot.clock import SimulatedClock
from bot.sandbox import Mailbox, Sandbox
from db.engine import Database
from db.vocabulary import DeliveryState
from tests.stage import settings_for


class Child:
    """One bot's process, born in the nursery."""

    def __init__(self, pid: int, end: asyncio.Task[int]) -> None:
        self.pid, self.end = pid, end

    def signal(self, number: int) -> None:
        if not self.end.done():
            os.kill(self.pid, number)

    async def wait(self) -> int:
        """How it ended: minus the signal's number."""
        return await asyncio.shield(self.end)


class Nursery:
    """A process in which everything is loaded, and which bears bots, one at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def bears(self, order: dict[str, Any]) -> Child:
        """A new bot."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        pid = await self._number()
        return Child(pid, asyncio.ensure_future(self._number()))

    async def _number(self) -> int:
        assert self.process.stdout is not None
        return int(await self.process.stdout.readline())


@asynccontextmanager
async def a_nursery() -> AsyncIterator[Nursery]:
    """A nursery, closed with whatever still lives in it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bot_process", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield Nursery(process)
    finally:
        process.kill()
        await process.wait()


class Bot:
    """The bot, begun anew whenever it was killed."""

    def __init__(
        self,
        nursery: Nursery,
        database: Database,
        sandbox: Sandbox,
        mailbox: Mailbox,
        clock: SimulatedClock,
        folder: Path,
    ) -> None:
        self.nursery, self.database, self.sandbox, self.mailbox, self.clock = nursery, database, sandbox, mailbox, clock
        self.kills = 0
        self._file = folder / "clock"
        self._child: Child | None = None
        url = database.url.render_as_string(hide_password=False)
        settings = settings_for(url, sandbox, mailbox.port)
        self._settings = json.loads(settings.model_dump_json(exclude_unset=True))
        for name in ("bot_token", "app_token", "signing_secret"):
            self._settings["slack"][name] = getattr(sandbox, name)
        self._settings["security"]["secret"] = "for-the-tests-only-0123456789-abcdefghij"
        self._settings["database"]["url"] = url

    @property
    def child(self) -> Child:
        assert self._child is not None
        return self._child

    async def starts(self, die: dict[str, Any] | None = None) -> None:
        """Begin, to die where it is told to."""
        self.sets_clock(self.clock.now())
        order = {"settings": self._settings, "clock": str(self._file), "die": die}
        self._child = await self.nursery.bears(order)
        await self._unless_killed(self.sandbox.connected(timeout=30))

    async def ends(self) -> None:
        """SIGTERM: an orderly end, soon; also of the next one, when this one's hour came in its last moments."""
        self.child.signal(signal.SIGTERM)
        if await asyncio.wait_for(self.child.wait(), 5) == -signal.SIGKILL:
            self.kills += 1
            self.sets_clock(self.clock.now() + timedelta(minutes=4))
            await self.starts()
            await self.settles()
            await self.sends()
            self.child.signal(signal.SIGTERM)
        assert await asyncio.wait_for(self.child.wait(), 5) == 0

    async def abandons(self) -> None:
        """Whatever still runs is let go."""
        if self._child is not None:
            self._child.signal(signal.SIGKILL)
            await self._child.wait()

    def sets_clock(self, moment: datetime) -> None:
        """Move the clock of both processes."""
        self.clock.set(moment)
        fresh = self._file.with_suffix(".new")
        fresh.write_text(moment.isoformat())
        fresh.replace(self._file)

    async def _unless_killed(self, work: Awaitable[None]) -> bool:
        """Wait for something; when the bot was killed meanwhile, begin it anew and say False."""
        working = asyncio.ensure_future(work)
        dying = asyncio.ensure_future(self.child.wait())
        await asyncio.wait([working, dying], return_when=asyncio.FIRST_COMPLETED)
        if not dying.done():
            dying.cancel()
            await working
            return True
        working.cancel()
        await asyncio.wait([working])
        assert dying.result() == -signal.SIGKILL, "it ended by itself"
        self.kills += 1
        # What was in flight is taken up when its lease has run out.
        self.sets_clock(self.clock.now() + timedelta(minutes=4))
        await self.starts()
        await self.sandbox.redeliver()
        return False

    async def settles(self) -> None:
        """Wait until the bot has dealt with everything that people did."""
        while not await self._unless_killed(self._quiet()):
            pass

    async def _quiet(self) -> None:
        await self.sandbox.settled(timeout=30, quiet=0.02)
        if self.sandbox.slack.outbox.open:
            # Its end is near: nobody acknowledges this any more.
            await self.child.wait()

    async def sends(self) -> None:
        """Wait until the ledger holds nothing that is due."""
        while not await self._unless_killed(self._nothing_due()):
            pass

    async def ticked(self) -> None:
        """Wait until the bot has looked at the moved clock."""
        while not await self._unless_killed(asyncio.sleep(0.2)):
            pass

    async def _nothing_due(self) -> None:
        async with asyncio.timeout(30):
            while True:
                async with self.database.reading() as session:
                    counts = await ledger.counts(session)
                    due = await ledger.next_due(session)
                if not counts[DeliveryState.CLAIMED] and (due is None or due > self.clock.now()):
                    return
                await asyncio.sleep(0.02)
