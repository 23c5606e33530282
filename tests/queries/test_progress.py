"""How far each country is on its own way, and what the region says together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import update

from bot import editions, standing
from bot.clock import SimulatedClock
from bot.editions import FOLDER
from bot.standing import Progress, Table, Track, Verdict
from db.engine import Database, Session
from db.models import Answer, Assessment, Cycle
from db.queries import progress as queries
from db.queries import values
from db.vocabulary import AssessmentState, CycleState
from tests import cast
from tests.cast import Cast
from tests.reports import a_cycle, a_report, an_assessment, counted

DAY = timedelta(days=1)


@pytest.fixture
async def people(database: Database, clock: SimulatedClock) -> Cast:
    return await cast.make(database, clock.now())


def aim(floor: str | None, ceiling: str | None = None, target: int | None = None, since: str = "2023-03-01") -> Any:
    """What an assessment keeps of one floor."""
    return {"floor": floor, "ceiling": ceiling, "target_year": target, "source": "Decree 12", "valid_from": since}


async def measured(database: Database, cycle: Cycle, **narrowed: Any) -> Table:
    with counted(database) as asked:
        async with database.reading() as session:
            table = await standing.table(session, cycle, **narrowed)
    assert len(asked) <= 3, "\n".join(asked)
    if not narrowed:
        async with database.reading() as session:
            assert standing.moved_in(table.rows) == await standing.moved(session, cycle)
    assert [row.name for row in table.rows] == sorted(row.name for row in table.rows)
    return table


def by_code(rows: list[Progress], member: str = "IDN") -> dict[str, Progress]:
    return {row.indicator.code: row for row in rows if row.member == member}


async def test_each_value_stands_between_its_last_one_its_own_floor_and_its_own_ceiling(
    database: Database, clock: SimulatedClock, people: Cast
) -> None:
    now = clock.now()
    floors = {
        "pension_covered": aim("40", "60", 2030),
        "gini_index": aim("38.0", "36.5", 2028),
        "children_covered": aim("30", None, 2027),
        "poverty_national_line": aim("9"),
        "mothers_covered": aim("50", "70", 2030),
        "poor_covered": aim("20", "50", 2024),
        "disability_covered": aim("10", "90", 2030),
        "unemployed_covered": aim("5", "9", 2035, since="2026-01-01"),
    }
    async with database.writing() as session:
        earlier: dict[str, dict[str, Any]] = {
            # Before the floor was set: a last value, but no beginning of the line.
            "2022": {"pension_covered": "10 2021 LFS", "unemployed_covered": "3 2021 LFS"},
            # The year 2022 was corrected a cycle later, the newer word counts.
            "2023": {"pension_covered": "30 2022 LFS", "gini_index": "39 2022 WDI", "poor_covered": "30 2022 X"},
            "2024": {"pension_covered": "32.0 2022 LFS", "gini_index": "n/a", "children_covered": "31 2024 ILO"},
        }
        for code, said in earlier.items():
            await a_report(session, await a_cycle(session, code, state=CycleState.PUBLISHED), "IDN", now, **said)
        cycle = await a_cycle(session, "2026")
        report = await a_report(
            session,
            cycle,
            "IDN",
            now,
            pension_covered="about 41.5 2025 LFS",
            gini_index="38.5 2025 WDI",
            children_covered="30.0 2024 ILO",
            poverty_national_line="9.4 2025 SUSENAS",
            mothers_covered="n/a",
            poor_covered="33 2025 X",
            disability_covered="12.5 2025 X",
            unemployed_covered="4 2025 LFS",
            mechanism_meetings="4 2025 minutes",
            mechanism_status="established",
            progress_made="The registry grew.",
            work_injury_covered="skip",
        )
        report.floors = floors
    rows = by_code((await measured(database, cycle)).rows)
    assert set(rows) == {*floors, "mechanism_meetings", "mechanism_status"}
    pension = rows["pension_covered"]
    assert (pension.last and pension.last.number, pension.last_cycle) == (Decimal("32.0"), "Assessment 2024")
    assert (pension.change, pension.verdict, pension.now.estimate) == (Decimal("9.5"), Verdict.BETTER, True)
    assert (pension.to_floor, pension.floor_reached) == (Decimal("-1.5"), True)
    assert (pension.to_ceiling, pension.ceiling_reached) == (Decimal("18.5"), False)
    # From 32.0 (2022) to 41.5 (2025): 9.5 in three years; 15.83 more until 2030.
    assert pension.pace == Decimal("9.5") / 3
    assert pension.expected == Decimal("41.5") + Decimal("47.5") / 3
    assert pension.track is Track.OFF_TRACK
    # Less is better: the floor is passed from above.
    gini = rows["gini_index"]
    assert (gini.to_floor, gini.to_ceiling, gini.floor_reached) == (Decimal("0.5"), Decimal("2.0"), False)
    assert (gini.pace, gini.track) == (Decimal("-0.5") / 3, Track.OFF_TRACK)
    tracks = {code: row.track for code, row in rows.items()}
    assert tracks == {
        "pension_covered": Track.OFF_TRACK,
        "gini_index": Track.OFF_TRACK,
        # At its floor, and there is no ceiling.
        "children_covered": Track.REACHED,
        # No target year.
        "poverty_national_line": Track.NO_TARGET,
        "mothers_covered": Track.NOT_AVAILABLE,
        # The target year has passed, whatever the pace.
        "poor_covered": Track.OFF_TRACK,
        "disability_covered": Track.TOO_FEW,
        "unemployed_covered": Track.TOO_FEW,
        "mechanism_meetings": Track.NO_TARGET,
        "mechanism_status": Track.NO_TARGET,
    }
    # 31 was said of 2024 too: a correction, no movement and no pace.
    assert (rows["children_covered"].verdict, rows["children_covered"].pace) == (Verdict.REVISED, None)
    mothers = rows["mothers_covered"]
    assert (mothers.now.number, mothers.to_floor, mothers.floor_reached, mothers.change) == (None, None, None, None)
    assert (rows["poor_covered"].pace, rows["poor_covered"].expected) == (Decimal(1), None)


async def test_only_what_was_accepted_counts_and_what_was_published_for_those_outside(
    database: Database, clock: SimulatedClock, people: Cast
) -> None:
    now = clock.now()
    floors = {"pension_covered": aim("10", "40", 2030, since="2020-01-01")}
    async with database.writing() as session:
        for code, number, state, cycle_state in (
            ("2021", "20 2020", AssessmentState.ACCEPTED, CycleState.PUBLISHED),
            ("2022", "21 2021", AssessmentState.ACCEPTED, CycleState.CLOSED),
            ("2023", "1 2019", AssessmentState.ACCEPTED, CycleState.CANCELLED),
            ("2024", "2 2019", AssessmentState.SUBMITTED, CycleState.PUBLISHED),
            ("2025", "3 2019", AssessmentState.ACCEPTED, CycleState.PUBLISHED),
        ):
            cycle = await a_cycle(session, code, state=cycle_state)
            report = await a_report(session, cycle, "IDN", now, state=state, pension_covered=f"{number} LFS")
            if code == "2025":
                aside = update(Answer).where(Answer.assessment_id == report.id).values(set_aside="another definition")
                await session.execute(aside)
        this = await a_cycle(session, "2026", state=CycleState.PUBLISHED)
        report = await a_report(session, this, "IDN", now, pension_covered="26 2025 LFS", gini_index="30 2025 WDI")
        report.floors = floors
        await session.execute(
            update(Answer)
            .where(Answer.assessment_id == report.id, Answer.indicator == "gini_index")
            .values(set_aside="?")
        )
        # A later cycle says nothing about this one.
        later = await a_cycle(session, "2027", state=CycleState.PUBLISHED)
        await a_report(session, later, "IDN", now, pension_covered="0 2018 LFS")
        await an_assessment(session, this, "LAO", AssessmentState.NOT_REQUIRED, now)
        await an_assessment(session, this, "VNM", AssessmentState.SUBMITTED, now)
    inside = await measured(database, this)
    assert set(by_code(inside.rows)) == {"pension_covered"}
    pension = by_code(inside.rows)["pension_covered"]
    assert (pension.last and pension.last.number, pension.change) == (Decimal(21), Decimal(5))
    assert (pension.since and pension.since.number, pension.pace) == (Decimal(20), Decimal("1.2"))
    assert inside.coverage == standing.Coverage(2, 1, ("Viet Nam",), ("Lao PDR",))
    # One country that reported: nothing is counted.
    assert [(each.reported, each.set_floor, each.moved_right) for each in inside.indicators] == [(1, None, None)]
    outside = by_code((await measured(database, this, published=True)).rows)["pension_covered"]
    assert (outside.last and outside.last.number, outside.change) == (Decimal(20), Decimal(6))
    async with database.reading() as session:
        every = await standing.series(session, "IDN", ["pension_covered", "gini_index"])
        shown = await standing.series(session, "IDN", ["pension_covered"], published=True)
        earlier = await values.earlier(session, "IDN", this.period_start, {"pension_covered": "pension_covered"})
    assert [row.number for row in earlier["pension_covered"]] == [20, 21], "what was set aside is no earlier value"
    assert [(each.cycle, each.value.number) for each in every["pension_covered"]] == [
        ("Assessment 2021", Decimal(20)),
        ("Assessment 2022", Decimal(21)),
        ("Assessment 2026", Decimal(26)),
        ("Assessment 2027", Decimal(0)),
    ]
    assert every["gini_index"] == []
    assert len(shown["pension_covered"]) == 3
    async with database.writing() as session:
        await session.execute(update(Cycle).where(Cycle.code == "2026").values(state=CycleState.CLOSED))
    async with database.reading() as session:
        closed = await session.get_one(Cycle, this.id)
        assert (await standing.table(session, closed, published=True)).rows == []


async def test_a_report_that_is_accepted_while_the_table_is_read_comes_with_the_next(
    database: Database, clock: SimulatedClock, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    async with database.writing() as session:
        this = await a_cycle(session, "2026")
        await a_report(session, this, "LAO", now, pension_covered="7 2025 LSIS")
        waits = await a_report(
            session, this, "IDN", now, state=AssessmentState.SUBMITTED, pension_covered="40 2025 LFS"
        )
    read = queries.reports

    async def reports(session: Session, cycle_id: int) -> list[queries.Report]:
        found = await read(session, cycle_id)
        async with database.writing() as other:
            accepted = update(Assessment).where(Assessment.id == waits.id).values(state=AssessmentState.ACCEPTED)
            await other.execute(accepted)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(queries, "reports", reports)
        async with database.reading() as session:
            table = await standing.table(session, this)
    assert [row.member for row in table.rows] == ["LAO"] and table.coverage.accepted == 1
    assert [row.member for row in (await measured(database, this)).rows] == ["IDN", "LAO"]


async def test_the_region_is_counted_by_countries_and_only_from_three_on(
    database: Database, clock: SimulatedClock, people: Cast
) -> None:
    now = clock.now()
    said = {"IDN": ("40", "41"), "LAO": ("20", "20"), "THA": ("50", "45"), "VNM": (None, "38"), "KHM": ("11", "n/a")}
    async with database.writing() as session:
        last, this = await a_cycle(session, "2025", state=CycleState.PUBLISHED), await a_cycle(session, "2026")
        for member, (before, after) in said.items():
            if before:
                await a_report(session, last, member, now, pension_covered=f"{before} 2024 LFS")
            words = after if after == "n/a" else f"{after} 2025 LFS"
            report = await a_report(session, this, member, now, pension_covered=words, gini_index="35 2025 WDI")
            if member != "THA":
                report.floors = {"pension_covered": aim("38"), "gini_index": aim("36")}
        await an_assessment(session, this, "PHL", AssessmentState.OPEN, now)
    table = await measured(database, this)
    pension, gini = table.indicators
    assert (pension.indicator.code, gini.indicator.code) == ("pension_covered", "gini_index")
    assert (pension.members, pension.reported, pension.set_floor, pension.reached) == (5, 4, 3, 2)
    assert (pension.compared, pension.moved_right) == (3, 1)
    assert (gini.reported, gini.set_floor, gini.reached, gini.compared) == (5, 4, 4, 0)
    assert table.coverage == standing.Coverage(6, 5, ("Philippines",))
    one = await measured(database, this, members=["IDN"], indicators=["pension_covered"])
    assert [(row.member, row.indicator.code) for row in one.rows] == [("IDN", "pension_covered")]
    async with database.writing() as session:
        for member in ("THA", "VNM"):
            of_member = Assessment.member_code == member, Assessment.cycle_id == this.id
            await session.execute(update(Assessment).where(*of_member).values(state=AssessmentState.RETURNED))
    pension, gini = (await measured(database, this)).indicators
    assert (pension.reported, pension.set_floor, pension.reached, pension.moved_right) == (2, None, None, None)
    assert (gini.reported, gini.set_floor) == (3, 3)


async def test_a_question_that_was_renamed_goes_on_its_way(
    database: Database, clock: SimulatedClock, people: Cast, tmp_path: Path
) -> None:
    now = clock.now()
    text = (FOLDER / "common-1.toml").read_text(encoding="utf-8")
    file = tmp_path / "renamed-2.toml"
    file.write_text(
        text.replace('code = "common-1"', 'code = "renamed-2"\nfollows = ["common-1"]', 1).replace(
            'code = "pension_covered"', 'code = "pension_share"\nwas = ["pension_covered"]', 1
        ),
        encoding="utf-8",
    )
    editions.know(file)
    async with database.writing() as session:
        for code, number in (("2023", "30 2022"), ("2024", "32 2023")):
            cycle = await a_cycle(session, code, state=CycleState.PUBLISHED)
            await a_report(session, cycle, "IDN", now, pension_covered=f"{number} LFS")
        this = await a_cycle(session, "2026")
        this.edition = "renamed-2"
        report = await a_report(session, this, "IDN", now, pension_share="34 2025 LFS")
        # Set when the question had its first name.
        report.floors = {"pension_covered": aim("33", "44", 2030)}
    (row,) = (await measured(database, this)).rows
    assert (row.indicator.code, row.last and row.last.number, row.last_cycle) == (
        "pension_share",
        Decimal(32),
        "Assessment 2024",
    )
    assert (row.floor_reached, row.pace, row.track) == (True, Decimal(4) / 3, Track.OFF_TRACK)
    async with database.reading() as session:
        (points,) = (await standing.series(session, "IDN", ["pension_share"])).values()
    assert [each.value.number for each in points] == [Decimal(30), Decimal(32), Decimal(34)]


MEMBERS = ("IDN", "KHM", "LAO", "VNM")
CODES = {"pension_covered": 1, "gini_index": -1, "expenditure_gdp": 1}


@dataclass
class Told:
    """One answer of a life at random, in the order of the cycles; `number` is None where it was not available."""

    cycle: int
    member: str
    code: str
    number: Decimal | None
    year: int
    counts: bool


def life(dice: Random) -> list[Told]:
    """Years may be said again, and out of order; some answers are not available, some reports not accepted."""
    return [
        Told(
            cycle,
            member,
            code,
            None if dice.random() < 0.2 else Decimal(dice.randint(0, 4000)) / 100,
            cycle - dice.choice((1, 1, 1, 2, 3)),
            accepted,
        )
        for cycle in range(2015, 2023)
        for member in MEMBERS
        for accepted in [dice.random() < 0.85]
        for code in CODES
        if dice.random() < 0.9
    ]


@pytest.mark.parametrize("seed", range(3))
async def test_lives_at_random_are_measured_as_by_hand(
    database: Database, clock: SimulatedClock, people: Cast, seed: int
) -> None:
    """Written in any order into both databases; against the plainest way to reckon it."""
    dice = Random(seed)
    lived, now = life(dice), clock.now()
    goals = {(member, code): Decimal(dice.randint(0, 40)) for member in MEMBERS for code in CODES}
    since = {each: dice.randint(2014, 2022) for each in MEMBERS}
    last = max(told.cycle for told in lived)
    async with database.writing() as session:
        cycles = {}
        for year in dice.sample(range(2015, 2023), 8):
            cycles[year] = await a_cycle(session, str(year), state=CycleState.PUBLISHED)
        for year, member in dice.sample([(y, m) for y in cycles for m in MEMBERS], 8 * len(MEMBERS)):
            mine = [told for told in lived if (told.cycle, told.member) == (year, member)]
            if not mine:
                continue
            state = AssessmentState.ACCEPTED if mine[0].counts else AssessmentState.RETURNED
            said: dict[str, Any] = {
                told.code: "n/a" if told.number is None else f"{told.number} {told.year} LFS" for told in mine
            }
            report = await a_report(session, cycles[year], member, now, state=state, **said)
            report.floors = {
                code: aim(format(goals[member, code], "f"), None, 2030, f"{since[member]}-06-01") for code in CODES
            }
    counting = [told for told in lived if told.counts]
    rows = {(row.member, row.indicator.code): row for row in (await measured(database, cycles[last])).rows}
    assert set(rows) == {(each.member, each.code) for each in counting if each.cycle == last}
    for each in counting:
        if each.cycle != last:
            continue
        row, sign = rows[each.member, each.code], CODES[each.code]
        mine = [t for t in counting if (t.member, t.code) == (each.member, each.code) and t.number is not None]
        before = [told for told in mine if told.cycle < last]
        assert (row.last.number if row.last else None) == (before[-1].number if before else None)
        if each.number is None:
            assert (row.track, row.to_floor) == (Track.NOT_AVAILABLE, None)
            continue
        # Of each year the newest word: a later one overwrites.
        line = {told.year: told.number for told in before if told.cycle >= since[each.member] and told.year < each.year}
        lacking = sign * (goals[each.member, each.code] - each.number)
        assert (row.to_floor, row.floor_reached) == (lacking, lacking <= 0)
        if not line:
            assert (row.pace, row.track) == (None, Track.REACHED if lacking <= 0 else Track.TOO_FEW)
            continue
        year, begun = min(line.items())
        assert begun is not None
        pace = (Fraction(each.number) - Fraction(begun)) / (each.year - year)
        comes = (
            sign * (Fraction(each.number) + pace * (2030 - each.year) - Fraction(goals[each.member, each.code])) >= 0
        )
        assert row.track is (Track.REACHED if lacking <= 0 else Track.ON_TRACK if comes else Track.OFF_TRACK)
