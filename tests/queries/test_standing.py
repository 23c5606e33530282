"""Who stands where, and what moved beside a country's own last value."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from bot import standing
from bot.clock import SimulatedClock
from bot.standing import Ball, Verdict
from db.engine import Database
from db.models import Cycle
from db.vocabulary import AssessmentState, CycleOrigin, CycleState
from tests import cast
from tests.cast import Cast
from tests.reports import a_cycle, a_report, an_assessment, counted

DAY = timedelta(days=1)


@pytest.fixture
async def people(database: Database, clock: SimulatedClock) -> Cast:
    return await cast.make(database, clock.now())


async def test_everybody_stands_in_alphabetical_order_with_the_ball(
    database: Database, clock: SimulatedClock, people: Cast
) -> None:
    now = clock.now()
    async with database.writing() as session:
        cycle = await a_cycle(session, "2026")
        await a_report(session, cycle, "IDN", now - DAY, state=AssessmentState.IN_PROGRESS, gini_index="38 2019 WDI")
        await an_assessment(session, cycle, "VNM", AssessmentState.SUBMITTED, now, submitted_at=now)
        await an_assessment(
            session,
            cycle,
            "LAO",
            AssessmentState.SUBMITTED,
            now,
            submitted_at=now,
            review_begun_at=now,
            review_begun_by=people["aisyah"].person_id,
        )
        await an_assessment(session, cycle, "PHL", AssessmentState.ACCEPTED, now - 3 * DAY, submitted_at=now)
        await an_assessment(session, cycle, "KHM", AssessmentState.OPEN, now)
    with counted(database) as asked:
        async with database.reading() as session:
            rows = await standing.region(session, cycle, now)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 2
    assert [(row.name, row.ball, row.holder) for row in rows] == [
        ("Cambodia", Ball.FOCAL_POINT, None),
        ("Indonesia", Ball.FOCAL_POINT, "Siti Rahmadani"),
        ("Lao PDR", Ball.SECRETARIAT, "Aisyah Noor"),
        ("Philippines", Ball.NOBODY, None),
        ("Viet Nam", Ball.SECRETARIAT, None),
    ]
    assert [(row.answered, row.total) for row in rows if row.member == "IDN"] == [(1, 33)]
    assert not any(row.late for row in rows)
    async with database.reading() as session:
        after_due = await standing.region(session, cycle, cycle.due_at + timedelta(seconds=1))
        after_close = await standing.region(session, cycle, cycle.closes_at)
    assert [row.name for row in after_due if row.late] == ["Cambodia", "Indonesia"]
    assert {row.name: row.ball for row in after_close}["Cambodia"] is Ball.NOBODY


async def moved(database: Database, cycle: Cycle) -> dict[tuple[str, str], standing.Moved]:
    with counted(database) as asked:
        async with database.reading() as session:
            rows = await standing.moved(session, cycle)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) <= 2
    assert [row.name for row in rows] == sorted(row.name for row in rows)
    return {(row.member, row.indicator.code): row for row in rows}


async def test_a_value_is_judged_by_the_direction_of_its_own_indicator(
    database: Database, clock: SimulatedClock, people: Cast
) -> None:
    now = clock.now()
    async with database.writing() as session:
        last = await a_cycle(session, "2025", state=CycleState.PUBLISHED)
        await a_report(
            session,
            last,
            "IDN",
            now - 300 * DAY,
            population_covered="50.7999992370605 2020 ILO",
            poverty_national_line="9.8 2020 SUSENAS",
            gini_index="37.5 2020 WDI",
            expenditure_gdp="2.10 2020 ILO",
            mechanism_status="planned",
            migrant_coverage="no",
            mechanism_meetings="3 2025 minutes",
            children_covered="31.0 2021 ILO",
        )
        cycle = await a_cycle(session, "2026")
        await a_report(
            session,
            cycle,
            "IDN",
            now,
            population_covered="54.3 2023 ILO",
            poverty_national_line="9.4 2023 SUSENAS",
            gini_index="38.1 2023 WDI",
            expenditure_gdp="2.1 2023 ILO",
            mechanism_status="established",
            migrant_coverage="no",
            mechanism_meetings="4 2025 minutes",
            children_covered="33.5 2021 ILO",
            pension_covered="about 41 2023 LFS",
            mothers_covered="n/a",
            unemployed_covered="skip",
            progress_made="The registry grew.",
        )
    rows = await moved(database, cycle)
    assert {code: row.verdict for (_, code), row in rows.items()} == {
        "population_covered": Verdict.BETTER,
        "poverty_national_line": Verdict.BETTER,
        "gini_index": Verdict.WORSE,
        "expenditure_gdp": Verdict.SAME,
        "mechanism_status": Verdict.CHANGED,
        "migrant_coverage": Verdict.SAME,
        "mechanism_meetings": Verdict.CHANGED,
        "children_covered": Verdict.REVISED,
        "pension_covered": Verdict.FIRST,
        "mothers_covered": Verdict.NOT_AVAILABLE,
    }
    assert rows["IDN", "population_covered"].change == Decimal("3.5000007629395")
    assert rows["IDN", "poverty_national_line"].change == Decimal("-0.4")
    status = rows["IDN", "mechanism_status"]
    assert (status.last and status.last.text, status.now.text, status.change) == ("Planned", "Established", None)
    assert rows["IDN", "pension_covered"].now.estimate
    assert rows["IDN", "mothers_covered"].now.number is None


async def test_last_time_is_the_newest_accepted_value_and_nothing_else(
    database: Database, clock: SimulatedClock, people: Cast
) -> None:
    now = clock.now()
    async with database.writing() as session:
        older = await a_cycle(session, "2023", state=CycleState.PUBLISHED, origin=CycleOrigin.IMPORTED)
        await a_report(session, older, "IDN", now, pension_covered="30 2022 LFS", children_covered="20 2022 ILO")
        old = await a_cycle(session, "2024", state=CycleState.PUBLISHED)
        await a_report(session, old, "IDN", now, pension_covered="n/a", children_covered="25 2023 ILO")
        await a_report(session, old, "LAO", now, pension_covered="5 2023 LFS")
        for code, state, cycle_state in (
            ("2025", AssessmentState.SUBMITTED, CycleState.CLOSED),
            ("2025-Q1", AssessmentState.ACCEPTED, CycleState.CANCELLED),
        ):
            cycle = await a_cycle(session, code, state=cycle_state)
            await a_report(session, cycle, "IDN", now, state=state, pension_covered="99 2024 LFS")
        cycle = await a_cycle(session, "2026")
        await a_report(session, cycle, "IDN", now, pension_covered="31 2025 LFS", children_covered="24 2024 ILO")
        await a_report(session, cycle, "VNM", now, pension_covered="7 2025 LFS")
        await a_report(session, cycle, "LAO", now, state=AssessmentState.SUBMITTED, pension_covered="6 2025 LFS")
    rows = await moved(database, cycle)
    # What was not available last time is passed over, never taken for zero.
    pension = rows["IDN", "pension_covered"]
    assert (pension.change, pension.last_cycle) == (Decimal(1), "Assessment 2023")
    assert rows["IDN", "children_covered"].change == Decimal(-1)
    assert rows["VNM", "pension_covered"].verdict is Verdict.FIRST
    assert ("LAO", "pension_covered") not in rows


async def test_panels_hold_the_indicators_in_which_most_countries_moved(
    database: Database, clock: SimulatedClock, people: Cast
) -> None:
    now = clock.now()
    async with database.writing() as session:
        last, cycle = await a_cycle(session, "2025", state=CycleState.PUBLISHED), await a_cycle(session, "2026")
        for member in ("VNM", "IDN"):
            for each, number in ((last, 10), (cycle, 10 if member == "VNM" else 11)):
                year = int(each.code) - 1
                await a_report(
                    session,
                    each,
                    member,
                    now,
                    gini_index=f"{40 + 2 * (each is cycle)} {year} WDI",
                    pension_covered=f"{number} {year} LFS",
                    children_covered=f"20 {year} ILO",
                    portability_agreements=f"{3 + (each is cycle)} {year} law",
                )
    async with database.reading() as session:
        rows = await standing.moved(session, cycle)
    panels = standing.panels(cycle, rows, limit=2)
    assert [panel["title"] for panel in panels] == ["Gini index", "Social security agreements in force"]
    # Told in the format's order; a panel shows those who stayed beside those who moved.
    every = standing.panels(cycle, rows)
    assert [(panel["title"], panel["direction"]) for panel in every] == [
        ("Older persons receiving a pension", "up"),
        ("Gini index", "down"),
        ("Social security agreements in force", ""),
    ]
    assert [row["verdict"] for row in every[0]["rows"]] == ["better", "same"]
    assert [row["name"] for row in panels[0]["rows"]] == ["Indonesia", "Viet Nam"]
    assert panels[0]["rows"][0] == {
        "name": "Indonesia",
        "last": "40",
        "last_year": 2024,
        "now": "42",
        "now_year": 2025,
        "verdict": "worse",
    }
    assert standing.panels(cycle, []) == []


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("38.8", "38.8"),
        ("45.0", "45.0"),
        ("100", "100"),
        ("50.7999992370605", "50.8"),
        ("-0.256", "-0.26"),
        ("99.999", "100"),
        ("2.004", "2"),
        ("0.0012", "0.0012"),
        ("0", "0"),
        ("1E+3", "1000"),
    ],
)
def test_a_number_for_reading_has_two_decimals_at_most(number: str, said: str) -> None:
    assert standing.short(Decimal(number)) == said
