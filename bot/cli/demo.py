"""spnet demo: two reporting rounds, played through the bot in the terminal.

The people and what they say in words are invented. The figures are real: sample.csv holds some values of the World
Bank's World Development Indicators (CC BY 4.0), for 2010 to 2014.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import typer
from rich.console import Console, RenderableType
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bot import history, people
from bot.cli import replay
from bot.cli.playing import secretariat
from bot.cli.playing.bubbles import from_bot, from_person
from bot.cli.playing.people import SECRETARIAT, Part, parts
from bot.cli.playing.spelling import BUDDHIST_AHEAD, Figure
from bot.cli.playing.stage import NETWORK, REVIEW, Stage, quiet, stage
from bot.cli.playing.talk import Habit, Talk
from bot.cli.troubles import Trouble
from bot.formats import Edition
from bot.messages import Deed
from bot.observations import Observation
from bot.sandbox import Letter, Message
from bot.words import Reader, say_day, words
from db.engine import Database
from db.queries import records
from db.vocabulary import QuestionSetCode, Role, Via

FOLDER = Path("var", "demo")
SAMPLE = Path(__file__).with_name("sample.csv")
HISTORY_ENDS = 2012
FAST, SHOWN = 2013, 2014
JAKARTA = Reader("Asia/Jakarta")
MOST_LINES = 9

# What the invented people say in words, beside their figures.
SAID: dict[str, dict[str, str]] = {
    "IDN": {
        "mechanism_status": "operational",
        "progress_made": "Example: three registers of poor households became one.",
        "lesson_learned": "Example: reading the list aloud in the village finds more mistakes than a second survey.",
    },
    "KHM": {"progress_made": "Example: the identification of poor households was renewed in two provinces."},
    "THA": {
        "progress_made": "Example: older persons can now ask for their allowance by telephone.",
        "expertise_offered": "Example: we can show how the allowance is paid into village banks.",
    },
    "VNM": {
        "progress_made": "Example: one card in place of four in the first district.",
        "support_needed": "Example: advice on reaching workers without a contract.",
    },
}


def register(app: typer.Typer, importing: typer.Typer) -> None:  # noqa: ARG001 - the same for every family
    """Hang the command on `spnet`."""
    app.command()(demo)


def demo() -> None:
    """Show the bot at work, here in the terminal. Needs no Slack, mail server or database server."""
    quiet()
    edition, rows = replay.read(SAMPLE)
    _clear(FOLDER)
    asyncio.run(_play(edition, rows))


def _clear(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in [*folder.glob("*.eml"), *folder.glob("spnet.db*"), folder / "chart.png", folder / "digest.html"]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise Trouble("demo_folder", folder=folder, named=error.strerror) from None


class Screen:
    """Where the play is seen: a bar at the bottom, and everything else scrolling above it."""

    def __init__(self, console: Console) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=14)

    def __enter__(self) -> Screen:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def step(self, label: str, **facts: object) -> None:
        """The bar goes on."""
        self._bar.update(self._task, description=words().label(label, **facts), advance=1)

    def show(self, *what: RenderableType) -> None:
        """Print above the bar."""
        for each in what:
            self._bar.console.print(each)

    def scene(self, label: str, **facts: object) -> None:
        """A new scene begins."""
        self.show("", Rule(Text(words().label(label, **facts), "bold"), align="left", style="dim"))


class Excerpt:
    """Shows the turns of a conversation that are worth it, and counts what lies between them.

    Args:
        wanted: what somebody writes or clicks is shown if it holds one of these.
        most: so many turns at most.
    """

    def __init__(self, screen: Screen, wanted: Sequence[str], most: int) -> None:
        self._screen = screen
        self._wanted = wanted
        self._most = most
        self._shown = 0
        self._left_out = 0

    async def __call__(self, part: Part, text: str, answer: Message) -> None:
        if self._shown == self._most or not any(word in text for word in self._wanted):
            self._left_out += 1
            return
        if self._left_out > 1 and self._shown:
            self._screen.show(Text(words().label("demo_left_out", count=self._left_out), "dim"))
        self._left_out = 0
        self._shown += 1
        self._screen.show(from_person(part.name, text, most=MOST_LINES), from_bot(answer, most=MOST_LINES))


@dataclass(frozen=True)
class _Cast:
    """Everything that the scenes share."""

    on: Stage
    screen: Screen
    edition: Edition
    rows: Sequence[Observation]
    focal_points: Mapping[str, Part]

    def talk(
        self,
        member: str,
        year: int,
        habit: Habit,
        wanted: Sequence[str] | None = None,
        typed: Mapping[str, list[str]] | None = None,
        most: int = 6,
    ) -> Talk:
        """One member's conversation; without `wanted` nobody sees it."""
        questions = self.edition.question_set(QuestionSetCode.FULL)
        mine = [row for row in self.rows if row.member == member]
        figures = {
            row.indicator: Figure(questions.indicator(row.indicator), row.value, row.year, row.source, member)
            for row in mine
            if row.year == year
        }
        return Talk(
            self.on,
            self.focal_points[member],
            questions,
            figures,
            {row.indicator for row in mine},
            Random(f"demo {member} {year}"),  # noqa: S311 - the same demo every time
            said=SAID[member],
            typed=typed,
            habit=habit,
            watch=Excerpt(self.screen, wanted, most) if wanted else None,
        )

    def country(self, member: str) -> str:
        """A member's name."""
        return self.on.countries[member]

    def heard(self, member: str) -> Message:
        """The newest message in a focal point's conversation."""
        return self.on.person(self.focal_points[member]).messages()[-1]

    def today(self) -> str:
        """The day, as the secretariat says it."""
        return say_day(self.on.clock.now(), JAKARTA)


async def _play(edition: Edition, rows: Sequence[Observation]) -> None:
    began = time.monotonic()
    console = Console(highlight=False)
    console.print(Panel(Text(words().label("demo_note")), title=words().label("demo_title"), border_style="bold"))
    cast = parts({row.member for row in rows})
    database = Database(f"sqlite+aiosqlite:///{FOLDER / 'spnet.db'}", durable=False)
    start = datetime(FAST + 1, 1, 10, 2, tzinfo=UTC)
    focal_points = {part.member or "": part for part in cast if part.role is Role.FOCAL_POINT}
    with Screen(console) as screen:
        async with stage(database, cast, start, folder=FOLDER) as on:
            scenes = _Cast(on, screen, edition, rows, focal_points)
            await _history(scenes)
            await _fast_motion(scenes)
            await _opens(scenes)
            await _answers(scenes)
            await _late_ones(scenes)
            await _reviews(scenes)
            await _digest(scenes, time.monotonic() - began)


async def _history(cast: _Cast) -> None:
    cast.screen.step("demo_step_history")
    on = cast.on
    earlier = [row for row in cast.rows if row.year <= HISTORY_ENDS]
    now = on.clock.now()
    async with on.app.database.writing() as session:
        by = await people.first_secretariat(session, SECRETARIAT.email, SECRETARIAT.slack_id, now, Via.COMMAND_LINE)
        brought = await history.bring_in(session, by, earlier, edition=cast.edition, title=_title, now=now)
    first = min(row.year for row in earlier)
    cast.screen.show(Text(words().label("demo_history", new=brought.new, first=first, last=HISTORY_ENDS)))


def _title(year: int) -> str:
    return words().label("cycle_title_history", year=year)


async def _fast_motion(cast: _Cast) -> None:
    """The first round, of which only the end is told."""
    on = cast.on
    cast.screen.step("demo_step_first", year=FAST)
    await secretariat.opens(on, str(FAST), date(FAST + 1, 2, 14))
    for member in cast.focal_points:
        await cast.talk(member, FAST, Habit.SHEET).runs()
        cast.screen.step("demo_step_first", year=FAST)
    await on.settled()
    accepted = await secretariat.accepts(on)
    await secretariat.publishes(on)
    await secretariat.closes(on, str(FAST))
    await secretariat.sends_digest(on, str(FAST))
    cast.screen.show(Text(words().label("demo_fast", year=FAST, accepted=accepted)))


async def _opens(cast: _Cast) -> None:
    on, screen = cast.on, cast.screen
    await on.goes_to(datetime(SHOWN + 1, 1, 12, 2, tzinfo=UTC))
    screen.step("demo_step_second", year=SHOWN)
    screen.scene("demo_opens", day=cast.today(), year=SHOWN)
    opened = await secretariat.opens(on, str(SHOWN), date(SHOWN + 1, 2, 16))
    where = words().label("demo_only_she_sees", channel=words().label("demo_channel"))
    screen.show(
        from_person(SECRETARIAT.name, f"/spnet cycle open {SHOWN} full due {SHOWN + 1}-02-16"),
        from_bot(opened, most=MOST_LINES, where=where),
    )


async def _answers(cast: _Cast) -> None:
    screen = cast.screen
    screen.scene("demo_one_by_one", country=cast.country("IDN"))
    screen.show(from_bot(cast.heard("IDN"), most=MOST_LINES))
    wanted = ("[Start", "[Operational", "SI.POV.NAHC", "Example: reading", "ubmit")
    typed = {"poverty_national_line": [f"11,3 % ({SHOWN}, SI.POV.NAHC)"]}
    await cast.talk("IDN", SHOWN, Habit.ONE_BY_ONE, wanted, typed).runs()
    screen.step("demo_step_second", year=SHOWN)
    screen.scene("demo_asked_back", country=cast.country("THA"))
    year = str(SHOWN + BUDDHIST_AHEAD)
    typed = {"poverty_national_line": [f"10.5 {year} SI.POV.NAHC"]}
    await cast.talk("THA", SHOWN, Habit.ONE_BY_ONE, (year, f"[{SHOWN}]"), typed, most=2).runs()
    screen.step("demo_step_second", year=SHOWN)
    await cast.talk("KHM", SHOWN, Habit.LINES).runs()
    await cast.on.settled()
    screen.step("demo_step_second", year=SHOWN)


async def _late_ones(cast: _Cast) -> None:
    on, screen = cast.on, cast.screen
    await on.goes_to(datetime(SHOWN + 1, 2, 9, 3, tzinfo=UTC))
    screen.scene("demo_reminder", day=cast.today())
    screen.show(from_bot(cast.heard("VNM"), most=MOST_LINES))
    screen.scene("demo_sheet", country=cast.country("VNM"))
    await cast.talk("VNM", SHOWN, Habit.SHEET, ("\t", ";")).runs()
    await on.settled()
    screen.step("demo_step_second", year=SHOWN)


async def _reviews(cast: _Cast) -> None:
    """One submission is returned and comes back; then all are accepted."""
    on, screen = cast.on, cast.screen
    screen.scene("demo_return")
    country = cast.country("KHM")
    message, button = next(
        (message, button) for message, button in secretariat.waiting(on, Deed.RETURN) if country in message.text
    )
    question = words().label("demo_question")
    await secretariat.returns(on, button, question, ["urban_slum_population"])
    returned = next(m for m in on.person(SECRETARIAT).messages(REVIEW) if m.ts == message.ts)
    screen.show(from_bot(returned, most=MOST_LINES, where=words().label("demo_review_channel")))
    screen.show(from_bot(cast.heard("KHM"), most=12))
    part = cast.focal_points["KHM"]
    asked = await on.says(part, "start")
    answer = await on.says(part, words().label("demo_answer"))
    screen.show(from_bot(asked, most=MOST_LINES), from_person(part.name, words().label("demo_answer")))
    screen.show(from_bot(answer, most=MOST_LINES))
    await on.says(part, "submit")
    await on.settled()
    screen.step("demo_step_second", year=SHOWN)
    screen.scene("demo_accept")
    await secretariat.accepts(on)
    await secretariat.publishes(on)
    last = on.person(SECRETARIAT).messages(REVIEW)[-1]
    screen.show(from_bot(last, most=MOST_LINES, where=words().label("demo_review_channel")))


async def _digest(cast: _Cast, seconds: float) -> None:
    on, screen = cast.on, cast.screen
    await on.passes(days=8)
    await secretariat.closes(on, str(SHOWN))
    await secretariat.sends_digest(on, str(SHOWN))
    screen.step("demo_step_digest")
    posts = [m for m in on.person(SECRETARIAT).messages(NETWORK) if m.bot and not m.ephemeral]
    screen.scene("demo_digest_chat", day=cast.today())
    screen.show(from_bot(posts[-1], where=words().label("demo_channel")))
    reader = next(p for p in parts(cast.focal_points) if p.role is Role.COORDINATOR and p.member == "IDN")
    number, letter = [(n, x) for n, x in enumerate(on.mailbox.letters, 1) if reader.email in x.recipients][-1]
    screen.scene("demo_digest_mail", name=reader.name)
    head = words().label(
        "demo_mail_head", sender=letter.message["From"], to=letter.message["To"], subject=letter.subject
    )
    screen.show(Panel(Text(f"{head}\n\n{letter.text().strip()}"), border_style="yellow"))
    screen.scene("demo_files")
    screen.show(_files(letter, number))
    async with on.app.database.reading() as session:
        sent = [each for each in await records.deliveries(session) if each.provider_id]
        answers = len(await records.accepted_values(session))
    screen.show(
        "",
        Text(
            words().label(
                "demo_counts",
                messages=len(sent),
                mails=len(on.mailbox.letters),
                answers=answers,
                seconds=round(seconds),
            )
        ),
    )
    screen.show(Text(words().label("demo_next")))


def _files(letter: Letter, number: int) -> Table:
    """Write the chart and the page out of the mail, and say where everything lies."""
    table = Table.grid(padding=(0, 2))
    for part in letter.message.walk():
        if part.get_content_type() == "image/png":
            picture = part.get_payload(decode=True)
            (FOLDER / "chart.png").write_bytes(picture if isinstance(picture, bytes) else b"")
            table.add_row(words().label("demo_file_chart"), str(FOLDER / "chart.png"))
            page = letter.text("html").replace(f"cid:{str(part['Content-ID']).strip('<>')}", "chart.png")
            (FOLDER / "digest.html").write_text(page, encoding="utf-8")
            table.add_row(words().label("demo_file_page"), str(FOLDER / "digest.html"))
    table.add_row(words().label("demo_file_mail"), str(FOLDER / f"{number:05d}.eml"))
    return table
