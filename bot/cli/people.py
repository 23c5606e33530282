"""spnet import people: shows what a file would change; with --apply it does so, all or nothing."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot import people as network
from bot import people_import
from bot.app import App, build
from bot.cli import logs
from bot.cli.console import say
from bot.cli.run import Config
from bot.cli.troubles import Trouble
from bot.config import load
from bot.people_import import Change, Fault, Plan
from bot.speaker import Speaker
from bot.words import UTC_READER, say_day, words
from db.engine import Session
from db.vocabulary import Via


def register(app: typer.Typer, importing: typer.Typer) -> None:  # noqa: ARG001 - the same for every family
    """Hang the command on `spnet import`."""
    importing.command("people")(import_people)


def import_people(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="CSV: name, email, slack_id, role, member; if you like zone, locale, starts_on."
        ),
    ],
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without, it is only shown.")] = False,
    config: Config = None,
) -> None:
    """Bring in people and their roles. Shows every change and every refused line; with --apply it is done."""
    logs.configure(only_errors=True)
    app = build(load(config), scheduled=False)
    plan = asyncio.run(_import(app, _bytes(file), apply))
    _show(plan)
    if plan.faults:
        say("import_nothing_stored", count=len(plan.faults))
        raise typer.Exit(1)
    if not plan.changes:
        say("import_nothing_to_change")
    else:
        say("import_done" if apply else "import_only_shown", count=len(plan.changes))


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            # One byte more than is taken is enough to see that it is too large.
            return opened.read(people_import.LARGEST_FILE + 1)
    except OSError as error:
        raise Trouble("file", file=file, named=error.strerror) from None


async def _import(app: App, data: bytes, apply: bool) -> Plan:
    try:
        await app.prepare()
        now = app.clock.now()
        if not apply:
            async with app.database.reading() as session:
                return await people_import.plan(session, data, now)
        async with app.database.writing() as session:
            plan = await people_import.plan(session, data, now)
            if not plan.faults:
                await people_import.carry_out(session, await _secretariat(app, session), plan, now)
            return plan
    finally:
        await app.stop()


async def _secretariat(app: App, session: Session) -> Speaker:
    """Who speaks at the command line: the first person of the secretariat."""
    return await network.first_secretariat(
        session, app.settings.secretariat.email, app.settings.secretariat.slack_id, app.clock.now(), Via.COMMAND_LINE
    )


def _show(plan: Plan) -> None:
    console = Console(soft_wrap=True, highlight=False)
    for change in sorted(plan.changes, key=lambda change: change.line):
        console.print(Text(f"{_line(change.line)}{_change(change, plan.members)}"))
    for fault in plan.faults:
        console.print(Text(f"{_line(fault.line)}{_fault(fault)}"))


def _line(number: int) -> str:
    return words().label("import_line", line=number)


def _change(change: Change, members: dict[str, str]) -> str:
    role = words().label(f"hat_{change.row.role}", member=members.get(change.row.member or "", "")).strip()
    day = change.after or ""
    if change.what in ("appointment", "starts_on", "ends_on"):
        day = say_day(date.fromisoformat(day), UTC_READER)
    facts = {"name": change.name, "role": role, "day": day, "before": change.before or "-", "after": change.after}
    email, slack_id = change.row.email or "-", change.row.slack_id or "-"
    return words().label(f"import_change_{change.what}", **facts, email=email, slack_id=slack_id)


def _fault(fault: Fault) -> str:
    return words().label("import_refused", why=words().label(f"import_{fault.code}", **fault.facts))
