"""spnet import people, spnet export people: the register from a file and into one.

The import shows what a file would change; with --apply it does so, all or nothing.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from bot import people as network
from bot import people_import
from bot.app import App, build
from bot.cli import logs
from bot.cli.console import say
from bot.cli.run import Config
from bot.cli.troubles import Trouble
from bot.config import load
from bot.exports import people as export
from bot.exports.tables import Cell
from bot.people_import import Change, Fault, Plan
from bot.people_import.plan import Told
from bot.speaker import Speaker
from bot.words import UTC_READER, say_day, words
from db.engine import Session
from db.vocabulary import Mandate, Via

# From so many rows on, it is shown how far it is.
MANY = 300


class Form(StrEnum):
    """What sort of file."""

    CSV = "csv"
    XLSX = "xlsx"


def register(app: typer.Typer, importing: typer.Typer) -> None:  # noqa: ARG001 - the same for every family
    """Hang the command on `spnet import`; the other is on `spnet export`, see `bot.cli.exports`."""
    importing.command("people")(import_people)


def import_people(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help=f"CSV or XLSX: name, email, role, and more ({len(export.COLUMNS)} columns)."
        ),
    ],
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without, it is only shown.")] = False,
    config: Config = None,
) -> None:
    """Bring in people, their roles and agencies. Shows every change and every refused line; with --apply it is done."""
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


def export_people(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Where to; without, CSV is printed.")] = None,
    form: Annotated[
        Form | None, typer.Option("--format", help="Without, as the name of the file says, or csv.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Also where the file is there already.")] = False,
    config: Config = None,
) -> None:
    """Write people, their roles with all days, and agencies into a file that `spnet import people` takes back."""
    logs.configure(only_errors=True)
    if form is None:
        ending = file.suffix.casefold().removeprefix(".") if file is not None else Form.CSV
        if ending not in list(Form):
            raise Trouble("export_ending", file=file)
        form = Form(ending)
    if file is None and form is Form.XLSX:
        raise Trouble("export_needs_file")
    if file is not None and file.exists() and not overwrite:
        raise Trouble("export_there", file=file)
    app = build(load(config), scheduled=False)
    rows = asyncio.run(_export(app))
    data = export.to_bytes(rows, form.value)
    if file is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    _write(file, data)
    say("export_done", count=len(rows), file=file)


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            # One byte more than is taken is enough to see that it is too large.
            return opened.read(people_import.LARGEST_FILE + 1)
    except OSError as error:
        raise Trouble("file", file=file, named=error.strerror) from None


def _write(file: Path, data: bytes) -> None:
    """Only its owner may read it: it holds addresses. It is there whole, or not at all."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(data)
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise Trouble("file_not_written", file=file, named=error.strerror) from None


async def _import(app: App, data: bytes, apply: bool) -> Plan:
    try:
        await app.prepare()
        now = app.clock.now()
        if not apply:
            async with app.database.reading() as session:
                with _progress("import_reading") as told:
                    return await people_import.plan(session, data, now, told=told)
        async with app.database.writing() as session:
            with _progress("import_reading") as told:
                plan = await people_import.plan(session, data, now, lock=True, told=told)
            if not plan.faults:
                by = await _secretariat(app, session)
                with _progress("import_storing") as told:
                    await people_import.carry_out(session, by, plan, now, app.rules, told)
            return plan
    finally:
        await app.stop()


async def _export(app: App) -> list[list[Cell]]:
    try:
        await app.prepare()
        async with app.database.reading() as session:
            return await export.register(session, await _secretariat(app, session))
    finally:
        await app.stop()


async def _secretariat(app: App, session: Session) -> Speaker:
    """Who speaks at the command line: the first person of the secretariat."""
    return await network.first_secretariat(
        session, app.settings.secretariat.email, app.settings.secretariat.slack_id, app.clock.now(), Via.COMMAND_LINE
    )


@contextmanager
def _progress(label: str) -> Generator[Told]:
    """How far it is, on standard error, where there are many rows and somebody looks."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = None

        def told(done: int, of: int) -> None:
            nonlocal task
            if of < MANY:
                return
            task = progress.add_task(words().label(label), total=of) if task is None else task
            progress.update(task, completed=done)

        yield told


def _show(plan: Plan) -> None:
    console = Console(soft_wrap=True, highlight=False)
    for change in plan.changes:
        console.print(Text(f"{_line(change.line)}{_change(change, plan)}"))
    for change in plan.kept:
        facts = {"name": change.name, "before": change.before or "-", "after": change.after}
        console.print(Text(f"{_line(change.line)}{words().label(f'import_kept_{change.what}', **facts)}", style="dim"))
    for fault in plan.faults:
        console.print(Text(f"{_line(fault.line)}{_fault(fault)}", style="red"))
    if plan.rights:
        console.print(Text(words().label("import_rights"), style="bold yellow"))
        for change in plan.rights:
            console.print(Text(f"  {_line(change.line)}{_change(change, plan)}", style="bold yellow"))


def _line(number: int) -> str:
    return words().label("import_line", line=number)


def _change(change: Change, plan: Plan) -> str:
    """One change in words."""
    about = {"name": change.name, **change.facts}
    if change.role is not None:
        return _of_role(change, plan, about)
    if change.what in ("agency", "agency_kind", "sector", "in_mechanism"):
        return _of_agency(change, plan, about)
    person = plan.draft.people[change.key]
    about |= {"email": person.email or "-", "slack_id": person.slack_id or "-"}
    return words().label(f"import_change_{change.what}", **about, before=change.before or "-", after=change.after)


def _of_role(change: Change, plan: Plan, about: dict[str, str]) -> str:
    member = plan.members.get(change.member or "", "")
    about["role"] = words().label(f"hat_{change.role}", member=member).strip()
    label = change.what
    if change.what == "appointment":
        about["day"] = _value(plan, change.before)
        if change.after is not None:
            label, about["until"] = "appointment_until", _value(plan, change.after)
    else:
        about |= {"before": _value(plan, change.before, change.what), "after": _value(plan, change.after, change.what)}
    held = plan.draft.roles[change.key]
    if change.what == "gives_way" and held.ends_on is not None and held.ends_on < held.starts_on:
        label = "never_held"
    return words().label(f"import_change_{label}", **about)


def _of_agency(change: Change, plan: Plan, about: dict[str, str]) -> str:
    body = plan.draft.bodies[change.key]
    home = plan.members.get(body.member or "") or words().label("import_home_none")
    if change.what == "agency":
        sits = f", {words().label('import_sits')}" if body.sits else ""
        kind, sector = words().label(f"agency_kind_{body.kind}"), words().label(f"sector_{body.sector}")
        return words().label("import_change_agency", **about, home=home, kind=kind, sector=sector, sits=sits)
    if change.what == "in_mechanism":
        about["after"] = words().label("import_sits" if change.after else "import_sits_not")
    else:
        about |= {each: words().label(f"{change.what}_{getattr(change, each)}") for each in ("before", "after")}
    return words().label(f"import_change_{change.what}", **about, home=home)


def _value(plan: Plan, value: Any, what: str = "") -> str:
    """A field of a role as it is said."""
    if what == "agency_id":
        body = plan.draft.bodies.get(cast(int, value or 0))
        return body.name if body else "-"
    if value is None:
        return words().label("import_lasting") if what == "ends_on" else "-"
    if isinstance(value, Mandate):
        return words().label(f"mandate_{value}")
    return say_day(value, UTC_READER) if isinstance(value, date) else str(value)


def _fault(fault: Fault) -> str:
    return words().label("import_refused", why=words().label(f"import_{fault.code}", **fault.facts))
