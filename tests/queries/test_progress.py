"""How far each country is on its own way, and what the region says together."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from bot import standing
from bot.clock import SimulatedClock
from bot.standing import Progress, Table, Track, Verdict
from db.engine import Database
from db.models import Answer, Assessment, Cycle
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


async def told(database: Database, cycle: Cycle, **narrowed: Any) -> Table:
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
        for code, said in {
            # Before the floor was set: a last value, but no beginning of the line.
            "2022": {"pension_covered": "10 2021 LFS", "unemployed_covered": "3 2021 LFS"},
            # The year 2022 was corrected a cycle later, the newer word counts.
            "2023": {"pension_covered": "30 2022 LFS", "gini_index": "39 2022 WDI", "poor_covered": "30 2022 X"},
            "2024": {"pension_covered": "32.0 2022 LFS", "gini_index": "n/a", "children_covered": "31 2024 ILO"},
        }.items():
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
    rows = by_code((await told(database, cycle)).rows)
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
    inside = await told(database, this)
    assert set(by_code(inside.rows)) == {"pension_covered"}
    pension = by_code(inside.rows)["pension_covered"]
    assert (pension.last and pension.last.number, pension.change) == (Decimal(21), Decimal(5))
    assert (pension.since and pension.since.number, pension.pace) == (Decimal(20), Decimal("1.2"))
    assert inside.coverage == standing.Coverage(2, 1, ("Viet Nam",), ("Lao PDR",))
    # One country that reported: nothing is counted.
    assert [(each.reported, each.set_floor, each.moved_right) for each in inside.indicators] == [(1, None, None)]
    outside = by_code((await told(database, this, published=True)).rows)["pension_covered"]
    assert (outside.last and outside.last.number, outside.change) == (Decimal(20), Decimal(6))
    async with database.reading() as session:
        every = await standing.series(session, "IDN", ["pension_covered", "gini_index"])
        shown = await standing.series(session, "IDN", ["pension_covered"], published=True)
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
    table = await told(database, this)
    pension, gini = table.indicators
    assert (pension.indicator.code, gini.indicator.code) == ("pension_covered", "gini_index")
    assert (pension.members, pension.reported, pension.set_floor, pension.reached) == (5, 4, 3, 2)
    assert (pension.compared, pension.moved_right) == (3, 1)
    assert (gini.reported, gini.set_floor, gini.reached, gini.compared) == (5, 4, 4, 0)
    assert table.coverage == standing.Coverage(6, 5, ("Philippines",))
    one = await told(database, this, members=["IDN"], indicators=["pension_covered"])
    assert [(row.member, row.indicator.code) for row in one.rows] == [("IDN", "pension_covered")]
    async with database.writing() as session:
        for member in ("THA", "VNM"):
            of_member = Assessment.member_code == member, Assessment.cycle_id == this.id
            await session.execute(update(Assessment).where(*of_member).values(state=AssessmentState.RETURNED))
    pension, gini = (await told(database, this)).indicators
    assert (pension.reported, pension.set_floor, pension.reached, pension.moved_right) == (2, None, None, None)
    assert (gini.reported, gini.set_floor) == (3, 3)
