"""spnet import observations: values of earlier years as accepted history, all of a file or nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from rich.text import Text

from bot import history, observations, people
from bot.app import App, build
from bot.cli import logs
from bot.cli.console import say
from bot.cli.run import Config
from bot.cli.troubles import FAILED, Trouble
from bot.config import load
from bot.formats import load_members
from bot.history import Brought
from bot.observations import ObservationsRefused
from bot.words import UTC_READER, words
from db.vocabulary import Via


def register(app: typer.Typer, importing: typer.Typer) -> None:  # noqa: ARG001 - the same for every family
    """Hang the command on `spnet import`."""
    importing.command("observations")(import_observations)


def import_observations(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV: member, indicator, wdi_code (the source), year, value.")
    ],
    config: Config = None,
) -> None:
    """Bring in values of earlier years, so that people see what stood last time. All of the file, or nothing."""
    logs.configure(only_errors=True)
    app = build(load(config), scheduled=False)
    try:
        with opened(file) as stream:
            brought = asyncio.run(_import(app, stream))
    except ObservationsRefused as refused:
        show(refused)
        raise typer.Exit(FAILED) from None
    say("import_observations_done", new=brought.new, years=brought.years, known=brought.known)


def opened(file: Path) -> BinaryIO:
    """A file of observations, open for reading.

    Raises:
        Trouble: it cannot be opened.
    """
    try:
        return file.open("rb")
    except OSError as error:
        raise Trouble("file", file=file, named=error.strerror) from None


def show(refused: ObservationsRefused) -> None:
    """Say on standard error which rows are not taken, and why."""
    text = words().render("observations/refused", "text", refused.facts, UTC_READER)
    Console(stderr=True, soft_wrap=True, highlight=False).print(Text(text))


async def _import(app: App, stream: BinaryIO) -> Brought:
    """Read and check, then store.

    Raises:
        ObservationsRefused: nothing is stored.
    """
    try:
        now = app.clock.now()
        members = load_members(app.settings.network.members_file)
        codes = [member.code for member in members]
        rows = observations.read(stream, edition=app.edition, members=codes, today=now.date())
        await app.prepare()
        secretariat = app.settings.secretariat
        async with app.database.writing() as session:
            by = await people.first_secretariat(session, secretariat.email, secretariat.slack_id, now, Via.COMMAND_LINE)
            return await history.bring_in(session, by, rows, edition=app.edition, title=_title, now=now)
    finally:
        await app.stop()


def _title(year: int) -> str:
    return words().label("cycle_title_history", year=year)
