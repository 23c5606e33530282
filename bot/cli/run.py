"""spnet run: the bot, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from pathlib import Path
from typing import Annotated

import typer

from bot import people
from bot.app import App, build
from bot.cli import logs, probes
from bot.cli.console import note, say
from bot.cli.troubles import Trouble
from bot.config import Settings, load
from bot.people import Contact

STOP_SECONDS = 5.0
Config = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="The configuration; config.toml if not given.")
]


def register(app: typer.Typer, importing: typer.Typer) -> None:  # noqa: ARG001 - the same for every family
    """Hang the command on `spnet`."""
    app.command()(run)


def run(
    config: Config = None,
    rehearse: Annotated[
        str | None,
        typer.Option(
            "--rehearse",
            metavar="PERSON",
            help="Say everything to this one person, marked with whom it was for: a name, e-mail address or Slack id.",
        ),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log more.")] = False,
) -> None:
    """Start the bot. It works until it is stopped with Ctrl+C or SIGTERM."""
    logs.configure(verbose=verbose)
    settings = load(config)
    asyncio.run(_serve(settings, build(settings), rehearse))


async def _serve(settings: Settings, app: App, rehearse: str | None) -> None:
    """Start, wait for the signal to stop, and stop; a signal during the start ends that too."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    starting = asyncio.create_task(_start(settings, app, rehearse))
    waiting = asyncio.create_task(told.wait())
    trying_mail: asyncio.Task[None] | None = None
    try:
        await asyncio.wait([starting, waiting], return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            await starting
            trying_mail = asyncio.create_task(_try_mail(app))
            await waiting
            say("run_stopping")
    finally:
        for task in (starting, waiting, trying_mail):
            if task is not None and not task.done():
                task.cancel()
                await asyncio.wait([task], timeout=1.0)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(app.stop(), STOP_SECONDS)
    say("run_stopped")


async def _start(settings: Settings, app: App, rehearse: str | None) -> None:
    known_as = await _try_slack(settings)
    contact = await _contact(app, rehearse) if rehearse else None
    try:
        await app.start(rehearse=contact)
    except OSError as error:
        raise probes.port_trouble(settings, error) from error
    if known_as and await app.is_connected():
        say("run_connected", known_as=known_as)
    if contact is not None:
        say("run_rehearsal", name=contact.name)
    say("run_runs", listen=settings.pages.listen, port=app.pages.port)


async def _try_slack(settings: Settings) -> str | None:
    """Who the bot is in Slack; None when Slack cannot be reached just now, which is no reason not to start.

    Raises:
        Trouble: Slack does not let the bot in.
    """
    try:
        known_as = await probes.slack_token(settings)
        if settings.slack.mode == "socket":
            await probes.app_token(settings)
    except Trouble as trouble:
        if trouble.code not in ("slack_unreachable", "slack_scopes"):
            raise
        note(trouble, "run_goes_on" if trouble.code == "slack_unreachable" else None)
        return None
    for key in ("network_channel", "secretariat_channel"):
        try:
            await probes.channel(settings, key)
        except Trouble as trouble:
            # People are still asked and answered; what is for this channel waits.
            note(trouble, "run_channel_waits")
    return known_as


async def _try_mail(app: App) -> None:
    try:
        await probes.mail(app)
    except Trouble as trouble:
        note(trouble, "run_mails_wait")


async def _contact(app: App, named: str) -> Contact:
    await app.prepare()
    now = app.clock.now()
    async with app.database.reading() as session:
        person = await people.find(session, named)
        return await people.contact(session, person.id, now)
