"""One turn: event in, stored, reply out, through the sandbox; against a bare Bolt listener in the same run.

The baseline is what a newcomer to Bolt writes: a listener that runs two statements on the same SQLite with the same
pragmas, commits, and replies. Both are measured in turn, a block of turns each, so that a machine that slows down
slows both. The figures are the medians of single turns in milliseconds, and their ratio.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiosqlite
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import editions
from bot.clock import SimulatedClock
from bot.sandbox import Sandbox
from db.engine import PRAGMAS, Database
from tests.stage import Network, Player, stage

START = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
ROUNDS = 12
TURNS = 25
WARM_UP = 10

# Gets a turn ready, and gives what is timed: a person speaks and hears.
Turn = Callable[[], Awaitable[Callable[[], Awaitable[None]]]]


@asynccontextmanager
async def bare(folder: Path) -> AsyncIterator[Turn]:
    """The bare listener on a sandbox of its own."""
    clock = SimulatedClock(START)
    sandbox = Sandbox(clock, rates=False)
    await sandbox.start()
    sandbox.workspace.add_user("U0SITI", "Siti Rahmadani", "siti@example.org", "Asia/Jakarta")
    connection = await aiosqlite.connect(folder / "bare.db")
    for pragma in PRAGMAS:
        await connection.execute(f"PRAGMA {pragma}")
    await connection.execute("CREATE TABLE answers (id INTEGER PRIMARY KEY, ts TEXT UNIQUE, text TEXT)")
    await connection.execute("CREATE TABLE audit (id INTEGER PRIMARY KEY, ts TEXT, act TEXT)")
    await connection.commit()
    app = AsyncApp(client=AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.base_url))

    @app.event("message")
    async def on_message(event: dict[str, Any], say: Any) -> None:
        await connection.execute("INSERT INTO answers (ts, text) VALUES (?, ?)", (event["ts"], event["text"]))
        await connection.execute("INSERT INTO audit (ts, act) VALUES (?, 'answer')", (event["ts"],))
        await connection.commit()
        await say(f"Stored: {event['text']}")

    handler = AsyncSocketModeHandler(app, sandbox.app_token)
    await handler.connect_async()
    await sandbox.connected()
    siti = sandbox.person("U0SITI")

    async def speak() -> None:
        ts = await siti.says("18.25 2024 SUSENAS")
        await siti.hears(lambda message: True, after=ts)

    async def turn() -> Callable[[], Awaitable[None]]:
        await sandbox.settled()
        return speak

    try:
        yield turn
    finally:
        await handler.close_async()
        await sandbox.stop()
        await connection.close()


@asynccontextmanager
async def ours(folder: Path) -> AsyncIterator[Turn]:
    """The bot: a focal point who answers question after question."""
    url = f"sqlite+aiosqlite:///{folder / 'spnet.db'}"
    database = Database(url)
    await database.migrate()
    await database.close()
    async with stage(url, SimulatedClock(START)) as network:
        replies = _answers(network)

        async def turn() -> Callable[[], Awaitable[None]]:
            await network.settled()
            player, text = await anext(replies)
            person = network.sandbox.person(player.slack_id)

            async def speak() -> None:
                ts = await person.says(text)
                await person.hears(lambda message: True, after=ts)

            return speak

        yield turn


async def _answers(network: Network) -> AsyncIterator[tuple[Player, str]]:
    """What to say next, by whom: each focal point answers all questions, in cycle after cycle."""
    kinds = {
        "choice": "2",
        "yes_no": "yes",
        "text": "The registry was opened to two more ministries.",
        "integer": "3 2025 ministry register",
    }
    for quarter in range(1, 5):
        code = f"2026-Q{quarter}"
        await network.opens(code, "full", "2026-12-15")
        for who in ("siti", "bounmy", "linh", "maria"):
            player = network[who]
            await player.clicks("Start")
            for indicator in editions.edition("common-1").indicators:
                if "Section" in player.last():
                    await player.clicks("Go through it")
                yield player, kinds.get(indicator.kind.value, "18.25 2024 SUSENAS")
            await player.clicks("Submit")
            await network["aisyah"].clicks("Accept", channel="C0SECRET")


async def run() -> dict[str, Any]:
    """Measure both, block by block."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    times: dict[str, list[float]] = {"bare": [], "ours": []}
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        turns = {
            "bare": await stack.enter_async_context(bare(folder)),
            "ours": await stack.enter_async_context(ours(folder)),
        }
        for turn in turns.values():
            for _ in range(WARM_UP):
                await (await turn())()
        for _ in range(ROUNDS):
            for name, turn in turns.items():
                for _ in range(TURNS):
                    speak = await turn()
                    begun = time.perf_counter()
                    await speak()
                    times[name].append((time.perf_counter() - begun) * 1000)
                    await asyncio.sleep(0)
    medians = {name: statistics.median(values) for name, values in times.items()}
    return {
        "turns": len(times["ours"]),
        "baseline_ms": round(medians["bare"], 3),
        "turn_ms": round(medians["ours"], 3),
        "ratio": round(medians["ours"] / medians["bare"], 2),
    }
