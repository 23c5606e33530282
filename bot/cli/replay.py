"""spnet replay: real observations through the whole bot over the wire, on a database of its own."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from bot import editions, observations
from bot.cli import imports
from bot.cli.playing import floors as floor_play
from bot.cli.playing import secretariat, tally
from bot.cli.playing.measured import Measured, Together, measured
from bot.cli.playing.people import Part, parts
from bot.cli.playing.spelling import Figure
from bot.cli.playing.stage import Stage, quiet, stage
from bot.cli.playing.talk import Stuck, Talk
from bot.cli.playing.tally import Losses
from bot.cli.troubles import FAILED, Trouble
from bot.config import Database as DatabaseSettings
from bot.formats import Edition, QuestionSet, load_members
from bot.observations import Observation, ObservationsRefused
from bot.sandbox import Trouble as WireTrouble
from bot.standing import Verdict
from bot.words import UTC_READER, words
from db.engine import Database
from db.vocabulary import QuestionSetCode, Role

# 10 January, 09:00 in Jakarta: the secretariat opens the cycle of the year that has ended.
OPENS = (1, 10, 2)
# Before it Slack's timestamps would be negative.
FIRST = datetime(1971, 1, 10, 2, tzinfo=UTC)
DUE_AFTER = timedelta(days=36)
# A floor that is set is to be reached so many years later.
TARGET_AFTER = 10
# After so many it is clear that something is broken: what is left is lost.
MOST_FAILURES = 10
# When the people of a cycle answer: at once, after a reminder, and late.
WAVES = (timedelta(0), DUE_AFTER - timedelta(days=6), DUE_AFTER + timedelta(days=4))


@dataclass(frozen=True)
class Report:
    """What a replay came to.

    Attributes:
        cycles: played and published.
        members: members in the file.
        prompts: how many times something was asked.
        answers_stored: rows of the file that are in the database afterwards, in the accepted answers of their year.
        answers_wrong: of these, those that differ from the file: in value (as exact decimals), year or source.
        accepted: assessments.
        deliveries: messages that the ledger sent, by chat and by mail.
        mails: letters that reached the mailbox.
        lost: see `tally.Losses`; 0 is what is wanted.
        seconds: real ones, from the empty database to the count.
    """

    cycles: int
    members: int
    prompts: int
    answers_stored: int
    answers_wrong: int
    accepted: int
    deliveries: int
    mails: int
    lost: int
    seconds: float

    @property
    def good(self) -> bool:
        """Whether everything of the file arrived unchanged and nothing was lost."""
        return not self.answers_wrong and not self.lost


@dataclass(frozen=True)
class FloorsReport(Report):
    """The same of a replay with floors.

    Attributes:
        floors_set: proposed by the focal point and cleared by the coordinator.
        progress: every value of every cycle beside its country's last one and its own floor.
        region: what the region says of each indicator in each cycle.
    """

    floors_set: int
    progress: list[Measured]
    region: list[Together]


Told = Callable[[str], None]


def register(app: typer.Typer, importing: typer.Typer) -> None:  # noqa: ARG001 - the same for every family
    """Hang the command on `spnet`."""
    app.command()(replay)


def replay(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Observations, with headings.", show_default=False)],
    database: Annotated[
        str | None,
        typer.Option("--database", metavar="URL", help="An empty database to play on; a temporary one if not given."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON object.")] = False,
    floors: Annotated[
        bool,
        typer.Option("--floors", help="Set each floor at the member's first accepted value, and report the progress."),
    ] = False,
) -> None:
    """Play real observations through the whole bot, and count what arrived."""
    quiet()
    try:
        edition, rows = read(file)
    except ObservationsRefused as refused:
        imports.show(refused)
        raise typer.Exit(FAILED) from None
    with tempfile.TemporaryDirectory(prefix="spnet-replay-") as folder:
        url = database or f"sqlite:///{folder}/replay.db"
        report, losses = asyncio.run(_shown(url, edition, rows, floors=floors))
    if as_json:
        sys.stdout.write(json.dumps(asdict(report)) + "\n")
    else:
        facts = {"report": report, "rows": len(rows), "losses": losses.lines, "floors": _floors(report)}
        Console(soft_wrap=True, highlight=False).print(Text(words().render("replay/report", "text", facts, UTC_READER)))
    raise typer.Exit(0 if report.good else 1)


def read(file: Path) -> tuple[Edition, list[Observation]]:
    """A file of observations, checked against the format and the members that come with the house.

    Raises:
        ObservationsRefused: with every row that is wrong.
        Trouble: the file cannot be opened.
    """
    edition = editions.know(editions.FOLDER / "common-1.toml")
    members = [member.code for member in load_members(editions.FOLDER / "asean.toml")]
    with imports.opened(file) as stream:
        today = datetime.now(UTC).date()
        return edition, observations.read(stream, edition=edition, members=members, today=today)


async def _shown(url: str, edition: Edition, rows: Sequence[Observation], *, floors: bool) -> tuple[Report, Losses]:
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    years = {row.year for row in rows}
    members = {row.member for row in rows}
    with bar:
        task = bar.add_task("", total=len(years) * len(members))

        def told(what: str) -> None:
            bar.update(task, description=what, advance=1)

        return await play(url, edition, rows, told, floors=floors)


async def play(
    url: str, edition: Edition, rows: Sequence[Observation], told: Told, *, floors: bool = False
) -> tuple[Report, Losses]:
    """Play a whole file, and count.

    Args:
        url: an empty database.
        told: is told after each conversation which cycle it belonged to.
        floors: once a member's first value of an indicator is accepted, its focal point sets a floor at it, to be
            reached ten years on, and its coordinator says yes: it counts for the cycles after that.

    Returns:
        The report, a FloorsReport where floors were set, and what was lost.

    Raises:
        Trouble: the address is none, or the database is not empty.
        DatabaseError: it cannot be reached.
    """
    began = time.monotonic()
    try:
        database = Database(DatabaseSettings(url=url).url, durable=False)
    except ValidationError:
        raise Trouble("database_url") from None
    try:
        if await database.tables():
            raise Trouble("database_not_empty")
    except BaseException:
        await database.close()
        raise
    members = sorted({row.member for row in rows})
    years = sorted({row.year for row in rows})
    cast = parts(members)
    async with stage(database, cast, max(_opening(years[0]), FIRST)) as on:
        season = _Season(on, edition.question_set(QuestionSetCode.FULL), cast, rows, told, floors=floors)
        for year in years:
            if len(season.failures) < MOST_FAILURES:
                await season.cycle(year)
        counted = await tally.count(on, rows, season.failures)
        figures = {**asdict(counted.figures), "members": len(members)}
        seconds = round(time.monotonic() - began, 1)
        if not floors:
            return Report(**figures, seconds=seconds), counted.losses
        async with on.app.database.reading() as session:
            progress, region = await measured(session)
    report = FloorsReport(**figures, seconds=seconds, floors_set=len(season.floors), progress=progress, region=region)
    return report, counted.losses


def _floors(report: Report) -> dict[str, int] | None:
    """What the words say of the floors; None of a replay without."""
    if not isinstance(report, FloorsReport):
        return None
    held = [each for each in report.progress if each.floor_reached is not None]
    return {
        "set": report.floors_set,
        "held": len(held),
        "reached": sum(each.floor_reached is True for each in held),
        "right": sum(each.verdict == Verdict.BETTER for each in report.progress),
        "compared": sum(each.change is not None for each in report.progress),
    }


def _opening(year: int) -> datetime:
    return datetime(year + 1, *OPENS, tzinfo=UTC)


class _Season:
    """All cycles, one after another, with what went wrong in them."""

    def __init__(
        self,
        on: Stage,
        questions: QuestionSet,
        cast: Sequence[Part],
        rows: Sequence[Observation],
        told: Told,
        *,
        floors: bool,
    ) -> None:
        self._on = on
        self._questions = questions
        self._people = [part for part in cast if part.role is Role.FOCAL_POINT]
        self._rows = rows
        self._told = told
        self._heads = {part.member: part for part in cast if part.role is Role.COORDINATOR}
        self._with_floors = floors
        # (member, indicator) of each floor that was set and cleared.
        self.floors: set[tuple[str, str]] = set()
        self.failures: list[str] = []

    async def cycle(self, year: int) -> None:
        """One year: opened, answered in three waves, accepted, closed, published."""
        on = self._on
        await on.goes_to(max(_opening(year), on.clock.now() + timedelta(days=1)))
        opened = on.clock.now()
        code = str(year)
        await self._tries(secretariat.opens(on, code, (opened + DUE_AFTER).date()))
        dice = Random(f"when {year}")  # noqa: S311 - the same file, the same replay
        waves: list[list[Part]] = [[] for _ in WAVES]
        for part in self._people:
            dice.choice(waves).append(part)
        for after, people in zip(WAVES, waves, strict=True):
            await on.goes_to(opened + after)
            await asyncio.gather(*(self._talk(part, year) for part in people))
            await on.settled()
            await self._tries(secretariat.accepts(on))
        await self._tries(secretariat.closes(on, code))
        await self._tries(secretariat.sends_digest(on, code))
        if self._with_floors:
            await asyncio.gather(*(self._sets_floors(part, year) for part in self._people))
            await on.settled()
        await on.passes(days=1)

    async def _sets_floors(self, part: Part, year: int) -> None:
        """Of what was accepted this year for the first time, each value becomes the member's floor."""
        member = part.member or ""
        first = [
            Figure(indicator, row.value, row.year, row.source, row.member)
            for row in self._rows
            if row.member == member and row.year == year and (member, row.indicator) not in self.floors
            for indicator in [self._questions.indicator(row.indicator)]
            if indicator.floor and indicator.numeric
        ]
        if first and await self._tries(self._agrees(part, first)):
            self.floors |= {(member, figure.indicator.code) for figure in first}

    async def _agrees(self, part: Part, figures: Sequence[Figure]) -> None:
        target = self._on.clock.now().year + TARGET_AFTER
        await floor_play.sets(self._on, part, [floor_play.at(figure, target) for figure in figures])
        await self._on.app.worker.drain()
        await floor_play.clears(self._on, self._heads[part.member])

    async def _talk(self, part: Part, year: int) -> None:
        mine = [row for row in self._rows if row.member == part.member]
        figures = {
            row.indicator: Figure(self._questions.indicator(row.indicator), row.value, row.year, row.source, row.member)
            for row in mine
            if row.year == year
        }
        dice = Random(f"{part.member} {year}")  # noqa: S311 - the same file, the same replay
        talk = Talk(self._on, part, self._questions, figures, {row.indicator for row in mine}, dice)
        await self._tries(talk.runs())
        self._told(str(year))

    async def _tries(self, deed: Awaitable[object]) -> bool:
        """Whether it came to its end; what goes wrong is counted, and the others go on."""
        try:
            await deed
            return True
        except (Stuck, TimeoutError, LookupError, WireTrouble) as error:
            self.failures.append(f"{type(error).__name__}: {error}")
            return False
