"""The whole bot as a process of its own that may kill itself: `python -m tests.bot_process`, then lines of JSON.

{"settings": {...}, "clock": "FILE", "die": {"point": "committed", "count": 3}}

Each line bears one bot, a fork of what is loaded already; its number comes back, and later its end.
The clock is read from the file, so the test process moves it. SIGKILL comes at the so-manieth passing of a point:
statement, commit (before it), committed, call and called (of Slack's Web API), ack, acked, mail, mailed. Nothing of the
bot is replaced: the points are looked at from outside. `count` begins once the bot listens; with "early" at its start.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.web.async_base_client import AsyncBaseClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from bot.app import App, build
from bot.config import Settings
from bot.delivery.email import EmailChannel

LOOK_SECONDS = 0.02


class FileClock:
    """A clock whose time stands in a file. Waiting by it takes no time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        return datetime.fromisoformat(self._path.read_text())

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


class Fate:
    """Counts what passes, and kills where it was told to."""

    def __init__(self, point: str | None, count: int) -> None:
        self.point, self.count = point, count
        self.armed = False
        self.passed: Counter[str] = Counter()

    def passes(self, point: str) -> None:
        """Something passes a point."""
        if not self.armed:
            return
        self.passed[point] += 1
        if point == self.point and self.passed[point] == self.count:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Look at every point from now on."""
        event.listen(Engine, "before_cursor_execute", lambda *_: self.passes("statement"))
        event.listen(Engine, "commit", lambda *_: self.passes("commit"))
        event.listen(Session, "after_commit", lambda *_: self.passes("committed"))
        self._around(AsyncBaseClient, "_request", "call", "called")
        self._around(AsyncBaseSocketModeClient, "send_socket_mode_response", "ack", "acked")
        self._around(EmailChannel, "_carry", "mail", "mailed")

    def _around(self, owner: type, name: str, before: str, after: str) -> None:
        whole: Callable[..., Awaitable[Any]] = getattr(owner, name)

        async def watched(*arguments: Any, **named: Any) -> Any:
            self.passes(before)
            result = await whole(*arguments, **named)
            self.passes(after)
            return result

        setattr(owner, name, watched)


async def live(app: App, clock: FileClock, fate: Fate, told: asyncio.Event) -> None:
    """Start, tick whenever the clock was moved, and stop in good order when told to."""
    await app.start()
    fate.armed = True
    before = clock.now()
    nursery = os.getppid()
    # Without its nursery it would live on for ever.
    while not told.is_set() and os.getppid() == nursery:
        if (now := clock.now()) != before:
            before = now
            await app.tick(now)
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await told.wait()
        except TimeoutError:
            continue
    await app.stop()


async def main(order: dict[str, Any]) -> None:
    """One bot, from its start to its end."""
    die = order.get("die") or {}
    fate = Fate(die.get("point"), die.get("count", 0))
    fate.watch()
    fate.armed = bool(die.get("early"))
    clock = FileClock(Path(order["clock"]))
    app = build(Settings(**order["settings"]), clock=clock, scheduled=True, serve_pages=False)
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    await live(app, clock, fate, told)
    if order.get("tell"):
        sys.stderr.write(f"passed {dict(fate.passed)}\n")


def nursery() -> None:
    """Bear one bot after another."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            nothing = os.open(os.devnull, os.O_RDWR)
            os.dup2(nothing, 0)
            os.dup2(nothing, 1)
            code = 1
            try:
                asyncio.run(main(json.loads(line)))
                code = 0
            except BaseException:
                traceback.print_exc()
            os._exit(code)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    nursery()
