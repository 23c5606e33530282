"""spnet export: what was reported, and the register, into files."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot import exports
from bot import people as network
from bot.app import App, build
from bot.cli import logs
from bot.cli.console import say
from bot.cli.people import export_people
from bot.cli.run import Config
from bot.cli.troubles import Trouble
from bot.config import load
from bot.exports import Order
from bot.messages import Attachment
from bot.papers import Paper, Wish
from bot.words import words
from db.vocabulary import Via

Step = Callable[[str], None]


def register(app: typer.Typer, importing: typer.Typer) -> None:  # noqa: ARG001 - the same for every family
    """Hang the commands on `spnet export`."""
    exporting = typer.Typer(help="Write what is known into a file.", no_args_is_help=True)
    exporting.command("people")(export_people)
    exporting.command("cycle")(export_cycle)
    app.add_typer(exporting, name="export")


def export_cycle(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The cycle, as 2026; or all.")],
    paper: Annotated[
        Paper, typer.Option("--as", help="xlsx, csv, sdmx; report: of one country; synthesis: of a published cycle.")
    ] = Paper.XLSX,
    member: Annotated[
        str | None, typer.Option("--member", help="Only this country, by its name or code; a report needs one.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to; without, in this folder, named for itself.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Also where a file is there already.")] = False,
    config: Config = None,
) -> None:
    """Write what the countries reported into a file: what is accepted, as the secretariat may read it."""
    logs.configure(only_errors=True)
    app = build(load(config), scheduled=False)
    with _steps() as step:
        step("export_reading")
        wanted = asyncio.run(_order(app, Wish(paper, code, member)))
        step("export_making")
        files = exports.make(wanted)
    written = places(files, out)
    there = [place for place in written if place.exists()]
    if there and not force:
        raise Trouble("export_in_place", file=there[0])
    for file, place in zip(files, written, strict=True):
        write(place, file.content)
        say("export_written", file=place, size=len(file.content), answers=wanted.size)


def places(files: tuple[Attachment, ...], out: Path | None) -> list[Path]:
    """Where each file goes: under the names that they have, or the first under the one given, a second beside it."""
    if out is None or out.is_dir():
        return [(out or Path()) / file.name for file in files]
    return [out, *(out.with_name(out.stem + _end(Path(file.name), Path(files[0].name))) for file in files[1:])]


def _end(own: Path, first: Path) -> str:
    """How the name of a second file ends: with what tells it from the first."""
    return own.suffix if own.stem == first.stem else f"-{own.stem.rpartition('-')[2]}{own.suffix}"


def write(file: Path, data: bytes) -> None:
    """It is there whole, or not at all.

    Raises:
        Trouble: it cannot be written.
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise Trouble("file_not_written", file=file, named=error.strerror) from None


async def _order(app: App, wish: Wish) -> Order:
    try:
        await app.prepare()
        now, secretariat = app.clock.now(), app.settings.secretariat
        async with app.database.reading() as session:
            by = await network.first_secretariat(
                session, secretariat.email, secretariat.slack_id, now, Via.COMMAND_LINE
            )
            return await exports.order(session, by, wish, app.settings.network.name, now)
    finally:
        await app.stop()


@contextmanager
def _steps() -> Generator[Step]:
    """What is being done, on standard error, where somebody looks."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("")

        def step(label: str) -> None:
            progress.update(task, description=words().label(label))

        yield step
