"""spnet run: the bot, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer

from bot.app import build
from bot.config import load

Config = Annotated[Path | None, typer.Option("--config", help="The configuration; config.toml if not given.")]


def register(app: typer.Typer, importing: typer.Typer) -> None:  # noqa: ARG001 - the same for every family
    """Hang the command on `spnet`."""
    app.command()(run)


def run(config: Config = None) -> None:
    """Start the bot; it works until it is stopped."""
    asyncio.run(_run(config))


async def _run(config: Path | None) -> None:
    app = build(load(config))
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await app.start()
    await stopped.wait()
    await app.stop()
