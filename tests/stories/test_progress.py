"""How far each country is, as people read it: their own, another's, one indicator side by side, the region."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update

from db.models import Cycle
from db.vocabulary import AssessmentState, CycleState, QuestionSetCode
from tests.reports import a_cycle, a_report, an_assessment
from tests.stage import NETWORK, Network

HOSTILE = "Assessment <!channel> *2025* | & <@U0LINH>"
SAID = {"IDN": ("32", "41.5"), "LAO": ("8", "7.5"), "THA": ("60", "60"), "VNM": (None, "38")}


def aim(floor: str | None, ceiling: str | None = None, target: int | None = None) -> Any:
    return {"floor": floor, "ceiling": ceiling, "target_year": target, "source": "=cmd", "valid_from": "2022-03-01"}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


async def two_years(network: Network, state: CycleState = CycleState.PUBLISHED) -> None:
    """Four countries reported in 2023 and in 2025, one was asked and has not, of one no report is required."""
    now: datetime = network.clock.now()
    async with network.database.writing() as session:
        last = await a_cycle(session, "2023", state=CycleState.PUBLISHED)
        this = await a_cycle(session, "2025", state=state, title=HOSTILE)
        for member, (before, after) in SAID.items():
            if before:
                await a_report(session, last, member, now, pension_covered=f"{before} 2022 LFS")
            report = await a_report(
                session,
                this,
                member,
                now,
                pension_covered=f"{after} 2024 LFS",
                gini_index="38.5 2024 WDI",
                mechanism_status="established",
                mothers_covered="n/a",
            )
            if member != "THA":
                report.floors = {"pension_covered": aim("40", "60", 2030), "gini_index": aim("39")}
        await an_assessment(session, this, "PHL", AssessmentState.SUBMITTED, now)
        # A short update asks for hardly a number: the full assessment before it is shown.
        short = await a_cycle(session, "2026-Q1", question_set=QuestionSetCode.UPDATE)
        await a_report(session, short, "IDN", now, mechanism_meetings="3 2026 minutes")
        await an_assessment(session, this, "KHM", AssessmentState.NOT_REQUIRED, now)


async def test_everybody_sees_their_own_country_another_an_indicator_and_the_region(network: Network) -> None:
    siti, aisyah, bounmy, dewi = network["siti"], network["aisyah"], network["bounmy"], network["dewi"]
    assert "No report of Indonesia has been accepted yet" in await siti.command("progress")
    assert "No report has been accepted yet" in await aisyah.command("compare")
    await two_years(network)

    own = await siti.command("progress")
    assert f"Progress of Indonesia: {HOSTILE}" in own
    assert (
        "Older persons receiving a pension | 32 % (2022) → 41.5 % (2024), +9.5 | 40 % → 60 % by 2030 | floor reached"
        in plain(own)
    )
    assert "floor reached; 18.5 to the ceiling; on track" in own
    # 9.5 in two years: 41.5 + 6 x 4.75.
    told = "on track for its ceiling of 60 % by 2030: up 4.75 a year since 2022; at this pace 70 % in 2030"
    assert told in plain(own)
    assert "Mothers with newborns covered | not available" in own and "nothing is filled in" in own
    assert own == await dewi.command("progress IDN 2025")

    await siti.clicks("The region", channel=NETWORK)
    region = siti.hears("4 of 5 countries that were asked have an accepted report", channel=NETWORK)
    assert "No report is required of Cambodia" in region and "Without one: Philippines" in region
    assert "Of 6 floors that countries set for themselves and that can be held against a value, 4 are reached" in region
    # Of three with an earlier value one moved up, one down and one stayed; of two on a line to 2030 one is on track.
    assert "Older persons receiving a pension | 4 | 1 of 3 | 1 of 3 | 1 of 2" in region

    side_by_side = await bounmy.command("compare older persons receiving a pension")
    places = [side_by_side.index(f"\n{name} | ") for name in ("Indonesia", "Lao PDR", "Thailand", "Viet Nam")]
    assert places == sorted(places)
    assert "32.5 to the floor; 52.5 to the ceiling; off track" in side_by_side
    assert "2 to the floor; 22 to the ceiling; too few values for a pace" in side_by_side
    assert "No accepted report in this cycle: Philippines" in side_by_side
    assert "Of 3 countries that set a floor and have a value, 1 has reached it" in side_by_side
    await aisyah.command("compare")
    await aisyah.selects("Gini index", "compare", channel=NETWORK)
    aisyah.hears("Less is better", "38.5 (2024)", channel=NETWORK)
    await aisyah.selects("Viet Nam", "progress", channel=NETWORK)
    aisyah.hears("Progress of Viet Nam", channel=NETWORK)

    for who in (siti, dewi, aisyah):
        await who.opens_home()
        await who.clicks_home("Progress")
    assert plain(siti.hears("Progress of Indonesia", "41.5")) and dewi.hears("Progress of Indonesia")
    aisyah.hears("Progress in the region")

    assert "3 (2026)" in await siti.command("progress IDN 2026-Q1")
    older = await siti.command("progress IDN 2023")
    assert "Progress of Indonesia: Assessment 2023" in older and "had set no floor of its own" in older
    assert "no accepted report in" in await siti.command("progress Philippines 2025")
    assert "No report of Brunei Darussalam has been accepted yet" in await siti.command("progress BRN")
    assert "called “<b>”".replace("<b>", "&lt;b&gt;") in await siti.command("progress <b>")
    assert "no question called “nothing”" in await siti.command("compare nothing")
    assert "no cycle called “2019”" in await siti.command("progress IDN 2019")


async def test_until_it_is_published_a_country_sees_its_own_and_the_secretariat_all(network: Network) -> None:
    siti, bounmy, aisyah, per, rina = (network[who] for who in ("siti", "bounmy", "aisyah", "per", "rina"))
    await two_years(network, CycleState.CLOSED)
    assert "Your role does not include this" in await rina.command("progress")
    assert "Your role does not include this" in await rina.command("compare pension_covered")
    assert "41.5" in await siti.command("progress") and "41.5" in await aisyah.command("compare pension_covered")
    for who in (per, bounmy):
        assert "no cycle called “2025”" in await who.command("progress IDN 2025")
        assert "32" in await who.command("progress IDN")
        assert "41.5" not in await who.command("compare pension_covered")
        assert "Progress in the region: Assessment 2023" in await who.command("progress region")
    # A button that was made while it could be seen, or that somebody forged.
    await aisyah.command("progress IDN")
    await aisyah.clicks("The region", channel=NETWORK)
    aisyah.hears("2025", channel=NETWORK)
    async with network.database.writing() as session:
        await session.execute(update(Cycle).where(Cycle.code == "2025").values(state=CycleState.PUBLISHED))
    for who in (per, bounmy):
        assert "41.5" in await who.command("progress Indonesia")
    await per.clicks("The region", channel=NETWORK)
    per.hears("Progress in the region", channel=NETWORK)
