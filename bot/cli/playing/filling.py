"""The demo's story: a network in the middle of its yearly round, played through the bot into an empty folder.

The people and what they say in words are invented. The figures are real: sample.csv holds some values of the World
Bank's World Development Indicators (CC BY 4.0), for 2010 to 2014.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from bot import editions, history, people
from bot.cli import replay
from bot.cli.playing import aims, register, secretariat
from bot.cli.playing.passing import passes
from bot.cli.playing.people import (
    ALTERNATE,
    BODY,
    COLLEAGUE,
    COLLEAGUE_BY_MAIL,
    PARTNER,
    SECRETARIAT,
    Part,
    joined,
    parts,
)
from bot.cli.playing.spelling import BUDDHIST_AHEAD, Figure
from bot.cli.playing.stage import Stage, stage
from bot.cli.playing.talk import Habit, Talk
from bot.config import Pages
from bot.formats import Edition, QuestionSet
from bot.messages import Deed
from bot.observations import Observation
from bot.sandbox.kept import Kept
from bot.words import words
from db.engine import Database
from db.queries import assessments as queries
from db.vocabulary import Role, Via

SAMPLE = Path(__file__).parents[1] / "sample.csv"
SOURCE = "World Bank"
DATABASE = "spnet.db"
MAIL = "mail"
# Values up to here are brought in from a file; the round about the next year is over; the one about the last is open.
HISTORY_ENDS, OVER, OPEN = 2012, 2013, 2014
OVER_OPENS, OVER_DUE = datetime(2014, 1, 6, 2, tzinfo=UTC), date(2014, 2, 7)
# Between the rounds some countries set floors.
AIMS_SET = datetime(2014, 12, 2, 3, tzinfo=UTC)
OPEN_OPENS, OPEN_DUE = datetime(2015, 1, 5, 2, tzinfo=UTC), date(2015, 2, 6)
# 10 February, 10:00 in Jakarta: the day after the first reminder to those who are late.
BEGINS = datetime(2015, 2, 10, 3, tzinfo=UTC)
STEPS = 18
# Whose coordinators read letters only.
BY_MAIL = ("PHL", "VNM")
# Since when the countries of both rounds have had their people.
FOUNDED = date(2013, 3, 1)
# Countries that joined after the round that is over: one has handed a part out, one waits for its own yes.
JOINED = ("BRN", "TLS")
# The last day of a focal point whom nobody follows yet.
LEAVES = {"MYS": date(2015, 2, 18)}
# Between two things that one person writes or clicks.
PACE = timedelta(seconds=25)
# Minutes after which comments have been brought.
GATHERED = 16
# Those who owe an answer have read what came before; everybody else has read everything.
READ_UNTIL = datetime(2015, 2, 6, 4, tzinfo=UTC)
OWING = ("LAO", "PHL", "VNM")

# What the invented people say in words, beside their figures, by round and country.
SAID: dict[int, dict[str, dict[str, str]]] = {
    OVER: {
        "IDN": {"progress_made": "Example: three registers of poor households became one."},
        "KHM": {"progress_made": "Example: the identification of poor households was renewed in two provinces."},
        "LAO": {"progress_made": "Example: the health funds of two provinces now share one office."},
        "MYS": {"progress_made": "Example: requests for help can be made at every post office."},
        "PHL": {
            "progress_made": "Example: families can look up their own record.",
            "lesson_learned": "Example: who may correct a record must be written on the first page.",
        },
        "THA": {"progress_made": "Example: older persons can now ask for their allowance by telephone."},
        "VNM": {
            "progress_made": "Example: one card in place of four in the first district.",
            "support_needed": "Example: advice on reaching workers without a contract.",
        },
    },
    OPEN: {
        "IDN": {
            "mechanism_status": "operational",
            "progress_made": "Example: the one register is now used by the health insurance too.",
            "lesson_learned": "Example: reading the list aloud in the village finds mistakes that no survey finds.",
        },
        "KHM": {"progress_made": "Example: two more provinces are in the register."},
        "LAO": {"progress_made": "Example: a third province joined the shared office."},
        "MYS": {"progress_made": "Example: a request is now answered within ten days."},
        "THA": {
            "progress_made": "Example: the telephone line also answers in two languages of the border.",
            "expertise_offered": "Example: we can show how the allowance is paid into village banks.",
        },
        "TLS": {"progress_made": "Example: the first families have a card."},
        "VNM": {},
    },
}

# What they have counted themselves, as invented as their words: by round, country and question, with its source.
COUNTED: dict[int, dict[str, dict[str, tuple[str, str]]]] = {
    OVER: {"THA": {"mechanism_meetings": ("3", "Example minutes")}},
    OPEN: {
        "IDN": {aims.OWN_CODE: ("412", "Example reports")},
        "THA": {"mechanism_meetings": ("31", "Example minutes")},
    },
}
# What somebody says who is asked what changed.
BECAUSE = {"mechanism_meetings": "Example: since this year the meetings in the provinces are counted too"}
# Stands behind an answer of Indonesia.
EVIDENCE = "https://statistics.example.org/poverty-2014"

Told = Callable[[str], None]


async def fill(folder: Path, pages: Pages, told: Told) -> None:
    """Play the story into a folder that is still empty.

    Args:
        folder: gets the bot's database, the kept workspace and the letters.
        pages: where links in mails lead.
        told: is told before each of the `STEPS` steps what is played.
    """
    edition, rows = replay.read(SAMPLE)
    # The codes of the file say nothing to who looks around; where the figures come from does.
    rows = [replace(row, source=SOURCE) for row in rows]
    folder.mkdir(parents=True)  # noqa: ASYNC240 - nothing else runs yet
    database = Database(f"sqlite+aiosqlite:///{folder / DATABASE}", durable=False)
    cast = [*map(_reached, parts({row.member for row in rows})), ALTERNATE, PARTNER]
    cast += [BODY, COLLEAGUE, COLLEAGUE_BY_MAIL, *(part for member in JOINED for part in joined(member))]
    async with stage(database, cast, OVER_OPENS, folder=folder / MAIL, pages=pages) as on:
        await Story(on, edition, rows, cast, told).plays()
        kept = Kept(on.sandbox, on.mailbox, folder)
        kept.start()
        await kept.stop()


class Story:
    """What happened until the visitor comes in, a scene a method, in order."""

    def __init__(
        self, on: Stage, edition: Edition, rows: Sequence[Observation], cast: Sequence[Part], told: Told
    ) -> None:
        self._on = on
        self._edition = edition
        self._rows = rows
        self._focal_points = {part.member or "": part for part in cast if part.role is Role.FOCAL_POINT}
        self._coordinators = {part.member or "": part for part in cast if part.role is Role.COORDINATOR}
        self._told = told

    async def plays(self) -> None:
        """All of it."""
        await self._history()
        await self._some_have_floors()
        await self._round_that_is_over()
        await self._some_set_floors()
        await self._round_opens()
        await self._register_is_kept()
        await self._some_answer()
        await self._one_begins()
        await self._one_waits_for_its_yes()
        await self._some_wait()
        await self._one_is_returned()
        await self._floors_wait()
        await self._one_hands_a_part_out()
        await self._days_until(BEGINS)
        self._has_been_read()

    async def _history(self) -> None:
        on = self._on
        on.pace = PACE
        self._step("demo_step_history")
        earlier = [row for row in self._rows if row.year <= HISTORY_ENDS]
        now = on.clock.now()
        async with on.app.database.writing() as session:
            by = await people.first_secretariat(session, SECRETARIAT.email, SECRETARIAT.slack_id, now, Via.COMMAND_LINE)
            await history.bring_in(session, by, earlier, edition=self._edition, title=_title, now=now)

    async def _some_have_floors(self) -> None:
        self._step("demo_step_aims")
        await aims.are_set(self._on, aims.EARLY, self._focal_points)
        await aims.are_cleared(self._on, aims.EARLY, self._coordinators)

    async def _some_set_floors(self) -> None:
        """What three more countries aim at, what Indonesia asks itself, where three stand on the benchmarks."""
        on = self._on
        self._step("demo_step_aims")
        # Nothing falls due between two rounds.
        await on.goes_to(AIMS_SET)
        await aims.are_set(on, aims.BEFORE_THE_ROUND, self._focal_points)
        await aims.are_cleared(on, aims.BEFORE_THE_ROUND, self._coordinators)
        for member, question in aims.OWN_QUESTION.items():
            await aims.asks_itself(on, self._focal_points[member], question)
        await aims.say_where_they_stand(on, aims.STANDS, self._focal_points)

    async def _round_that_is_over(self) -> None:
        on = self._on
        self._step("demo_step_round", year=OVER)
        await secretariat.opens(on, str(OVER), OVER_DUE)
        await self._days_until(datetime(2014, 1, 28, 4, tzinfo=UTC))
        for member in SAID[OVER]:
            self._step("demo_step_round", year=OVER)
            await (await self._talk(member, OVER, Habit.SHEET)).runs()
        await on.settled()
        await secretariat.accepts(on)
        await secretariat.publishes(on)
        await self._days_until(datetime(2014, 2, 12, 3, tzinfo=UTC))
        await secretariat.closes(on, str(OVER))
        await secretariat.sends_digest(on, str(OVER))
        await on.settled()

    async def _round_opens(self) -> None:
        self._step("demo_step_round", year=OPEN)
        await self._on.goes_to(OPEN_OPENS)
        await secretariat.opens(self._on, str(OPEN), OPEN_DUE)

    async def _register_is_kept(self) -> None:
        self._step("demo_step_register")
        await register.mechanisms_are_kept(self._on, SECRETARIAT)
        await register.wants_a_yes(self._on, self._coordinators["TLS"])

    async def _some_answer(self) -> None:
        """Indonesia question by question, Thailand with a year of the Buddhist calendar, Malaysia from a sheet."""
        on = self._on
        self._step("demo_step_round", year=OPEN)
        await self._days_until(datetime(2015, 1, 13, 3, tzinfo=UTC))
        typed = {
            "poverty_national_line": [f"11,3 % ({OPEN}, {SOURCE}) {EVIDENCE}"],
            aims.OWN_CODE: [f"412, {OPEN}, Example reports"],
        }
        await (await self._talk("IDN", OPEN, Habit.ONE_BY_ONE, typed)).runs()
        await on.settled()
        await self._one_is_commented_on()
        await self._accepted_on(datetime(2015, 1, 15, 3, tzinfo=UTC))
        await self._days_until(datetime(2015, 1, 21, 4, tzinfo=UTC))
        self._step("demo_step_round", year=OPEN)
        typed = {
            "mechanism_meetings": [f"31 ({OPEN}, Example minutes)"],
            "poverty_national_line": [f"10.5 {OPEN + BUDDHIST_AHEAD} {SOURCE}"],
        }
        await (await self._talk("THA", OPEN, Habit.ONE_BY_ONE, typed)).runs()
        await self._accepted_on(datetime(2015, 1, 23, 3, tzinfo=UTC))
        await secretariat.publishes(on)
        await self._days_until(datetime(2015, 2, 2, 3, tzinfo=UTC))
        await (await self._talk("MYS", OPEN, Habit.SHEET)).runs()
        await self._accepted_on(datetime(2015, 2, 3, 4, tzinfo=UTC))

    async def _one_is_commented_on(self) -> None:
        """The secretariat says something about one answer of Indonesia, and Siti answers by just writing."""
        on, label = self._on, words().label
        await self._days_until(datetime(2015, 1, 14, 3, tzinfo=UTC))
        await secretariat.comments(on, on.countries["IDN"], "gini_index", label("demo_comment"))
        await on.passes(minutes=GATHERED)
        await on.person(self._focal_points["IDN"]).says(label("demo_comment_answered"))
        await on.settled()
        await on.passes(minutes=GATHERED)

    async def _accepted_on(self, moment: datetime) -> None:
        await self._on.settled()
        await self._days_until(moment)
        await secretariat.accepts(self._on)

    async def _one_begins(self) -> None:
        """Viet Nam answers the first sections and stops in the middle."""
        await self._days_until(datetime(2015, 2, 4, 3, tzinfo=UTC))
        await (await self._talk("VNM", OPEN, Habit.ONE_BY_ONE)).runs(until="poverty_national_line")

    async def _one_waits_for_its_yes(self) -> None:
        """Timor-Leste has answered; its coordinator has not said yes."""
        await self._days_until(datetime(2015, 2, 5, 4, tzinfo=UTC))
        self._step("demo_step_register")
        await (await self._talk("TLS", OPEN, Habit.LINES)).runs()
        await self._on.settled()

    async def _one_hands_a_part_out(self) -> None:
        """Brunei Darussalam has handed its section on health to a colleague, who has not answered."""
        await register.hands_out(self._on, self._focal_points["BRN"], "uhc_service_coverage", date(2015, 2, 13))

    async def _some_wait(self) -> None:
        await self._days_until(datetime(2015, 2, 6, 4, tzinfo=UTC))
        self._step("demo_step_round", year=OPEN)
        await (await self._talk("LAO", OPEN, Habit.SHEET)).runs()
        await self._on.settled()
        await (await self._talk("KHM", OPEN, Habit.LINES)).runs()
        await self._on.settled()
        await self._days_until(datetime(2015, 2, 9, 4, tzinfo=UTC))

    async def _floors_wait(self) -> None:
        """Malaysia has proposed floors for the rounds to come; its coordinator has not said yes."""
        await aims.are_set(self._on, aims.WAITING, self._focal_points)

    async def _one_is_returned(self) -> None:
        on = self._on
        self._step("demo_step_round", year=OPEN)
        country = on.countries["LAO"]
        button = next(button for message, button in secretariat.waiting(on, Deed.RETURN) if country in message.text)
        await secretariat.returns(on, button, words().label("demo_question"), ["urban_slum_population"])

    def _has_been_read(self) -> None:
        owing = {self._focal_points[member].slack_id for member in OWING}
        mark = f"{READ_UNTIL.timestamp():.6f}"
        for channel in self._on.sandbox.workspace.channels.values():
            # What only one person saw is gone when Slack is opened anew.
            for ts in [ts for ts, message in channel.messages.items() if message.ephemeral]:
                del channel.messages[ts]
            for member in channel.members:
                seen = [ts for ts in channel.messages if not (channel.direct and member in owing and ts > mark)]
                channel.read[member] = max(seen, default="")

    async def _days_until(self, moment: datetime) -> None:
        on = self._on
        # Nobody else is reminded of anything.
        zones = {on.person(part).user.tz for part in (SECRETARIAT, *self._focal_points.values())}
        await passes(on.app, moment, zones, on.goes_to)

    async def _asked(self, member: str, year: int) -> QuestionSet:
        """What a country is asked in a round, with its own questions."""
        async with self._on.app.database.reading() as session:
            talks = await queries.live_talks(session, member)
        talk = next(talk for talk in talks if talk.cycle.code == str(year))
        return editions.questions(talk.cycle, talk.assessment)

    async def _talk(self, member: str, year: int, habit: Habit, typed: Mapping[str, list[str]] | None = None) -> Talk:
        questions = await self._asked(member, year)
        mine = [row for row in self._rows if row.member == member]
        figures = {
            row.indicator: Figure(questions.indicator(row.indicator), row.value, row.year, row.source, member)
            for row in mine
            if row.year == year
        } | {
            code: Figure(questions.indicator(code), Decimal(value), year, source, member)
            for code, (value, source) in COUNTED[year].get(member, {}).items()
        }
        return Talk(
            self._on,
            self._focal_points[member],
            questions,
            figures,
            {row.indicator for row in mine},
            Random(f"demo {member} {year}"),  # noqa: S311 - the same demo every time
            said=SAID[year][member],
            typed=typed,
            habit=habit,
            because=BECAUSE,
        )

    def _step(self, label: str, **facts: object) -> None:
        self._told(words().label(label, **facts))


def _reached(part: Part) -> Part:
    if part.role is Role.COORDINATOR and part.member in BY_MAIL:
        return replace(part, since=FOUNDED, by_mail=True)
    until = LEAVES.get(part.member or "") if part.role is Role.FOCAL_POINT else None
    return replace(part, since=FOUNDED, until=until) if part.member else part


def _title(year: int) -> str:
    return words().label("cycle_title_history", year=year)
