"""spnet format: check a new edition before a cycle is opened with it, and see what it changes."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot import editions
from bot.app import build
from bot.cli import logs
from bot.cli.console import say
from bot.cli.troubles import FAILED
from bot.config import load
from bot.formats import Difference, Edition, FormatError, against, difference, examine, load_edition
from bot.words import words
from db.queries import errata as queries

DIFFERENT = 1
Json = Annotated[bool, typer.Option("--json", help="For a program, not for people.")]


def register(app: typer.Typer, importing: typer.Typer) -> None:  # noqa: ARG001 - the same for every family
    """Hang the group on `spnet`."""
    group = typer.Typer(help="Check an edition of the common format, and compare two.", no_args_is_help=True)
    group.command("check")(check)
    group.command("diff")(diff)
    app.add_typer(group, name="format")


def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The edition, such as common-2.toml.")],
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="FILE",
            help="The network whose answers are looked at; else any choice may be held.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Name every mistake of an edition, also against those that it follows. Ends with 0 where there is none, else 1."""
    logs.configure(only_errors=True)
    edition, faults = examine(file)
    if edition is not None:
        earlier, faults = _earlier(edition, file)
        held = asyncio.run(_held(config)) if config else None
        faults += against(edition, earlier, str(file), held)
    if as_json:
        print(json.dumps({"file": str(file), "faults": [dict(fault.facts) for fault in faults]}, indent=2))
    elif faults:
        for fault in faults:
            Console(soft_wrap=True, highlight=False).print(Text(str(fault)))
        say("format_faults", count=len(faults))
    elif edition is not None:
        say(
            "format_good", title=edition.title, count=len(edition.indicators), follows=", ".join(edition.follows) or "-"
        )
    if faults:
        raise typer.Exit(FAILED)


def _earlier(edition: Edition, file: Path) -> tuple[list[Edition], list[FormatError]]:
    """The editions that it follows: beside it, or where the bot keeps its own."""
    found: list[Edition] = []
    faults: list[FormatError] = []
    for code in edition.follows:
        beside = file.parent / f"{code}.toml"
        try:
            found.append(load_edition(beside if beside.exists() else editions.FOLDER / f"{code}.toml"))
        except FormatError as error:
            faults.append(error)
    return found, faults


async def _held(config: Path) -> dict[str, set[str]]:
    """The choices that answers of this network hold, by question."""
    app = build(load(config), scheduled=False)
    try:
        async with app.database.reading() as session:
            return await queries.held_words(session)
    finally:
        await app.stop()


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The earlier edition.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The later edition.")],
    as_json: Json = False,
) -> None:
    """Show what a later edition changes. Ends with 0 where nothing differs, 1 where something does, 2 where a file is
    not good."""
    found = difference(load_edition(old), load_edition(new))
    if as_json:
        print(json.dumps(asdict(found), indent=2, ensure_ascii=False))
    else:
        show(found)
    if found:
        raise typer.Exit(DIFFERENT)


def show(found: Difference) -> None:
    """A table of all that differs."""
    label = words().label
    if not found:
        say("format_same")
        return
    table = Table(show_lines=True, header_style="bold")
    for title in ("format_what", "format_field", "format_before", "format_after"):
        table.add_column(label(title), overflow="fold")
    for code in found.added:
        table.add_row(Text(code), label("format_added"), "", Text(code))
    for code in found.dropped:
        table.add_row(Text(code), label("format_dropped"), Text(code), "")
    for earlier, code in found.renamed:
        table.add_row(Text(code), label("format_renamed"), Text(earlier), Text(code))
    for change in found.changed:
        what = " ".join(filter(None, (label(f"format_of_{change.what}"), change.code)))
        table.add_row(Text(what), Text(change.field), Text(change.before), Text(change.after))
    Console(highlight=False).print(table)
    say(
        "format_differs",
        added=len(found.added),
        dropped=len(found.dropped),
        renamed=len(found.renamed),
        changed=len(found.changed),
    )
