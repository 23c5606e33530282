"""spnet format: check a new edition, see what it changes, and correct one question of an edition in use."""

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

from bot import editions, errata, people
from bot.app import App, build
from bot.cli import logs
from bot.cli.console import say
from bot.cli.run import Config
from bot.cli.troubles import FAILED, Trouble
from bot.config import load
from bot.formats import (
    BOUNDS,
    WORDING,
    Difference,
    Edition,
    FormatError,
    against,
    difference,
    examine,
    load_edition,
)
from bot.people.kept import Kept
from bot.rendering.chat import to_text
from bot.words import UTC_READER, words
from db.queries import errata as queries
from db.vocabulary import Via

DIFFERENT = 1
Json = Annotated[bool, typer.Option("--json", help="For a program, not for people.")]


def register(app: typer.Typer, importing: typer.Typer) -> None:  # noqa: ARG001 - the same for every family
    """Hang the group on `spnet`."""
    group = typer.Typer(help="Check an edition of the common format, and compare two.", no_args_is_help=True)
    group.command("check")(check)
    group.command("diff")(diff)
    group.command("erratum")(erratum)
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


def erratum(
    indicator: Annotated[str, typer.Argument(metavar="QUESTION", help="The code of the question, such as gini_index.")],
    why: Annotated[str, typer.Option("--why", help="Why; every country that has answered reads it.")],
    changes: Annotated[
        list[str],
        typer.Option("--set", metavar="FIELD=TEXT", help="title, question, help, unit, minimum, maximum or jump."),
    ],
    edition: Annotated[str | None, typer.Option("--edition", help="Which edition, where several run.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Issue it; without this nothing happens.")] = False,
    config: Config = None,
) -> None:
    """Correct the words or the bounds of one question of an edition in use. You see first who will be asked."""
    logs.configure(only_errors=True)
    given = dict(_pair(each) for each in changes)
    app = build(load(config), scheduled=False)
    kept = asyncio.run(_correct(app, f"{indicator} {edition or ''}".strip(), given, why, apply=apply))
    for field, problem in kept.problems.items():
        console = Console(stderr=True, soft_wrap=True, highlight=False)
        console.print(Text(f"{field}: {words().label(problem)}"))
    if kept.problems:
        raise typer.Exit(FAILED)
    preview = kept.over or kept.anew
    said = kept.said or (preview.intro if preview else None)
    if said is not None:
        text = to_text(words().render(said.kind, "chat", said.facts, UTC_READER))
        Console(soft_wrap=True, highlight=False).print(Text(text))
    if not apply:
        say("format_apply")


def _pair(text: str) -> tuple[str, str]:
    """What stands on both sides of the sign.

    Raises:
        Trouble: there is none, or no such field.
    """
    field, sign, value = text.partition("=")
    if not sign or field not in (*WORDING, *BOUNDS):
        raise Trouble("erratum_field", named=text, fields=", ".join((*WORDING, *BOUNDS)))
    return field, value


async def _correct(app: App, named: str, given: dict[str, str], why: str, *, apply: bool) -> Kept:
    """The preview, and then the deed, as the first person of the secretariat."""
    try:
        await app.prepare()
        now, secretariat = app.clock.now(), app.settings.secretariat
        async with app.database.writing() as session:
            by = await people.first_secretariat(session, secretariat.email, secretariat.slack_id, now, Via.COMMAND_LINE)
            about = await errata.choose(session, by, named, app.edition.code)
            if not isinstance(about, errata.About):
                raise Trouble("erratum_field", named=named, fields=", ".join((*WORDING, *BOUNDS)))
            form = await errata.form(session, by, about)
            filled = {each.name: [given.get(each.name, each.initial or "")] for each in form.fields} | {"why": [why]}
            kept = await errata.store(session, by, form.private, filled, now)
            preview = kept.over or kept.anew
            if preview is not None and apply:
                kept = await errata.store(session, by, preview.private, filled, now)
            return kept
    finally:
        await app.stop()
