"""spnet check: tries everything that the bot needs, one by one, and shows a table. Nothing is sent or changed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot import errata, people, workdays
from bot.app import App, build
from bot.cli import logs, probes, troubles
from bot.cli.run import Config
from bot.cli.troubles import Trouble
from bot.config import CONFIG_FILE, FILE_VARIABLE, ConfigError, Settings, load
from bot.exports.charts.fonts import scripts_lacking
from bot.formats import FormatError, load_edition, load_members
from bot.words import words
from db.engine import DatabaseError
from db.queries import written as written_queries


class State(StrEnum):
    """How it stands with one thing."""

    GOOD = "good"
    NOTE = "note"
    MEND = "mend"
    UNTRIED = "untried"


STYLES = {State.GOOD: "green", State.NOTE: "yellow", State.MEND: "bold red", State.UNTRIED: "dim"}


@dataclass(frozen=True)
class Row:
    """One line of the table: which thing (`check_<name>` in the labels), how it stands, and what to do."""

    name: str
    state: State
    said: str = ""
    mend: str = ""


def register(app: typer.Typer, importing: typer.Typer) -> None:  # noqa: ARG001 - the same for every family
    """Hang the command on `spnet`."""
    app.command()(check)


def check(config: Config = None) -> None:
    """Try everything that the bot needs and say what to mend. Nothing is sent or changed."""
    logs.configure(only_errors=True)
    try:
        settings = load(config)
        app = build(settings, scheduled=False)
    except ConfigError as error:
        _show([Row("config", State.MEND, f"{fault.key} {fault.problem}", fault.example) for fault in error.rows])
        raise typer.Exit(troubles.CONFIGURATION) from None
    except FormatError as error:
        _show([Row("config", State.GOOD), _format_row(error)])
        raise typer.Exit(troubles.FAILED) from None
    found = [_config(config), *asyncio.run(rows(settings, app))]
    _show(found)
    if any(row.state is State.MEND for row in found):
        raise typer.Exit(troubles.FAILED)


async def rows(settings: Settings, app: App) -> list[Row]:
    """Try everything side by side; the table's lines in order. The app is not started, and closed at the end."""
    socket = settings.slack.mode == "socket"
    untried = Row("app_token", State.UNTRIED, words().label("check_not_in_http_mode"))
    try:
        return await asyncio.gather(
            _data(settings, app),
            _database(app),
            _people(app),
            _fonts(settings, app),
            _try("bot_token", probes.slack_token(settings)),
            _try("app_token", probes.app_token(settings)) if socket else _just(untried),
            _try("network_channel", probes.channel(settings, "network_channel")),
            _try("secretariat_channel", probes.channel(settings, "secretariat_channel")),
            _try("mail", probes.mail(app)),
            _try("pages", probes.pages_port(settings)),
            _just(_public_address(settings)),
        )
    finally:
        await app.stop()


def _config(config: Path | None) -> Row:
    """The file holds secrets: on a machine with several users nobody else should read it."""
    file = config or Path(os.environ.get(FILE_VARIABLE) or CONFIG_FILE)
    if not file.is_file():
        return Row("config", State.GOOD, words().label("check_environment"))
    if os.name == "posix" and file.stat().st_mode & 0o077:
        return Row("config", State.NOTE, words().label("check_open_file", file=file), f"chmod 600 {file}")
    return Row("config", State.GOOD, str(file))


async def _just(row: Row) -> Row:
    return row


async def _try(name: str, probe: Awaitable[str]) -> Row:
    try:
        return Row(name, State.GOOD, await probe)
    except Trouble as trouble:
        return Row(name, State.MEND, *trouble.lines)


async def _data(settings: Settings, app: App) -> Row:
    try:
        members = load_members(settings.network.members_file)
        await _editions(settings, app)
    except errata.EditionChanged as error:
        return Row("data", State.MEND, *str(error).split("\n" + errata.EditionChanged.WAYS_ON, 1))
    except FormatError as error:
        return _format_row(error)
    return Row("data", State.GOOD, words().label("check_members", count=len(members)))


async def _editions(settings: Settings, app: App) -> None:
    """Hold the files against the editions in use.

    Raises:
        EditionChanged, FormatError.
    """
    try:
        schema = None if app.database.is_new_file else await app.database.check()
        if schema is None or schema.found != schema.newest:
            return
        async with app.database.reading() as session:
            await errata.agreed(session, app.edition, str(settings.network.format_file))
    except DatabaseError:
        # The row of the database says so.
        return


def _format_row(error: FormatError) -> Row:
    return Row("data", State.MEND, str(error), words().label("check_mend_data", file=error.facts["file"]))


async def _database(app: App) -> Row:
    try:
        schema = await app.database.check()
    except DatabaseError as error:
        return Row("database", State.MEND, *troubles.of(error).lines)
    url = app.database.url
    where = url.database or "" if app.database.is_sqlite else f"{url.host or 'localhost'}/{url.database}"
    if schema.found is None:
        return Row("database", State.GOOD, words().label("check_database_new", where=where))
    if schema.found != schema.newest:
        return Row("database", State.NOTE, words().label("check_database_older", where=where))
    return Row("database", State.GOOD, where)


async def _people(app: App) -> Row:
    mend = words().label("check_mend_people")
    try:
        schema = None if app.database.is_new_file else await app.database.check()
        if schema is None or schema.found != schema.newest:
            return Row("people", State.NOTE, words().label("check_nobody"), mend)
        async with app.database.reading() as session:
            held, unheld = await people.unheld(session, workdays.register_day(app.clock.now()))
    except DatabaseError:
        return Row("people", State.UNTRIED, words().label("check_no_database"))
    if not held:
        return Row("people", State.MEND, words().label("check_nobody"), mend)
    if unheld:
        return Row("people", State.NOTE, words().label("check_unheld", members=", ".join(unheld)), mend)
    return Row("people", State.GOOD, words().label("check_all_held", count=held))


async def _fonts(settings: Settings, app: App) -> Row:
    """What is written in the files and in the database, and drawn in pictures: has this machine a font for it?"""
    try:
        edition, members = load_edition(settings.network.format_file), load_members(settings.network.members_file)
        written = [each.title for each in (*edition.indicators, *edition.sections)] + [each.name for each in members]
        schema = None if app.database.is_new_file else await app.database.check()
        if schema is not None and schema.found == schema.newest:
            async with app.database.reading() as session:
                written += await written_queries.names(session)
    except (FormatError, DatabaseError):
        return Row("fonts", State.UNTRIED, words().label("check_no_database"))
    lacking = await asyncio.to_thread(scripts_lacking, written)
    if not lacking:
        return Row("fonts", State.GOOD, words().label("check_fonts_all"))
    packages = sorted({script.package for script in lacking})
    said = words().label("check_fonts_lacking", scripts=", ".join(script.name for script in lacking))
    return Row("fonts", State.NOTE, said, f"apt install {' '.join(packages)}")


def _public_address(settings: Settings) -> Row:
    address = settings.pages.public_address
    if address:
        return Row("public_address", State.GOOD, address)
    if settings.slack.mode == "http":
        return Row("public_address", State.MEND, *Trouble("public_address").lines)
    return Row("public_address", State.NOTE, *Trouble("no_links").lines)


def _show(found: list[Row]) -> None:
    label: Callable[[str], str] = words().label
    table = Table(show_lines=True, header_style="bold")
    for title in ("check_what", "check_state", "check_found", "check_to_do"):
        table.add_column(label(title), no_wrap=title == "check_state", overflow="fold")
    for row in found:
        state = Text(label(f"check_state_{row.state}"), style=STYLES[row.state])
        table.add_row(Text(label(f"check_{row.name}")), state, Text(row.said), Text(row.mend))
    console = Console(highlight=False)
    console.print(table)
    mend = sum(row.state is State.MEND for row in found)
    console.print(Text(words().label("check_sum", count=mend) if mend else label("check_all_good")))
