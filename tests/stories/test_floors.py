"""Floors and ceilings: proposed by the focal point, cleared by the coordinator, frozen when a cycle opens."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from db.models import Floor
from db.vocabulary import FloorState
from tests.browsing import Browser, link_in
from tests.stage import NETWORK, Network, Player
from tests.stories.test_clearance import mails_only
from tests.stories.test_conversation import assessment_of

HOSTILE = "<!channel> Law & *40* =1+1"


async def sets(player: Player, title: str, **fields: Any) -> dict[str, str] | None:
    """Somebody sets a floor in the form that the menu of `/spnet floors` opens."""
    await player.command("floors")
    await player.selects(title, "set_floor", channel=NETWORK)
    await player.fills(**fields)
    return await player.submits()


async def floors(network: Network) -> list[Floor]:
    """Every row that was ever written, the oldest first."""
    async with network.database.reading() as session:
        return list(await session.scalars(select(Floor).order_by(Floor.id)))


PENSION, POVERTY, POOR = (
    "Older persons receiving a pension",
    "Poverty at the national line",
    "Poor and vulnerable people covered",
)


async def test_set_cleared_and_frozen(reachable: Network) -> None:
    network = reachable
    siti = network["siti"]
    dewi = await mails_only(network, "dewi")
    assert "has set no floor yet" in await siti.command("floors")
    wanted = {"floor": "40", "ceiling": "60 %", "target_year": "2030", "source": HOSTILE}
    assert await sets(siti, PENSION, **wanted, valid_from="2026-01-01") is None
    siti.hears("Noted, and not in force yet", "Today: nothing is set", "floor *40 %*, ceiling *60 %* by 2030")
    assert "<!channel>" not in str(siti.last_message().blocks)
    assert await sets(siti, POVERTY, floor="៩,៥", source="Medium-term plan", valid_from="2026-01-01") is None
    siti.hears("floor *9.5 %*", "2 are collected so far")
    assert await sets(siti, "Gini index", floor="38", source="Medium-term plan", valid_from="2026-01-01") is None
    await siti.clicks("Ask for the yes")
    siti.hears("Dewi Lestari is asked", "3 floors of Indonesia wait")
    assert len(dewi.mails) == 1, "one mail for all of them"
    assert dewi.mails[0].subject == "Indonesia: 3 floors wait for your yes"
    await siti.clicks("Ask for the yes")
    siti.hears("Nothing new is collected")

    async with Browser(network) as browser:
        page = link_in(dewi.mails[0], "floors")
        assert "Older persons receiving a pension" in await browser.visits(page)
        assert "<!channel> Law" in browser.text and "<!channel>" not in browser.source
        first, second, third = (row.id for row in await floors(network))
        choice = {f"decision_{first}": "yes", f"decision_{second}": "yes", f"decision_{third}": "no"}
        assert "Please write the reason of each no" in await browser.presses("Record what I chose", **choice)
        assert {row.state for row in await floors(network)} == {FloorState.PROPOSED}
        said = await browser.presses("Record what I chose", **choice, **{f"why_{third}": "Not in the plan & <b>"})
        assert "Recorded. Thank you, Dewi Lestari." in said
        assert "nothing waits for your yes" in await browser.visits(page)
    states = [row.state for row in await floors(network)]
    assert states == [FloorState.CLEARED, FloorState.CLEARED, FloorState.REFUSED]
    siti.hears("Dewi Lestari has decided", "Not in the plan", "on a page")
    assert "your decision about its floors" in dewi.mails[-1].subject
    card = await siti.command("floors")
    assert "*Older persons receiving a pension:* floor *40 %*, ceiling *60 %* by 2030" in card
    assert "Gini index" in card.split("Nothing is set for:")[1]

    await network.opens()
    assessment = (await assessment_of(network, "IDN")).assessment
    assert set(assessment.floors) == {"pension_covered", "poverty_national_line"}
    await siti.clicks("Start")
    await siti.says("edit pension_covered")
    siti.hears("your floor *40 %*, your ceiling *60 %* by 2030")
