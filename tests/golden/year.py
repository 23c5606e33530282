"""A year of the network on the stage, long enough that nearly everything the bot can say is said once.

What it renders is kept with the facts it was made from: `Listened.heard`.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from bot.words import Reader, Words
from db.models import Appointment
from db.vocabulary import Role
from tests.stage import NETWORK, SECRETARIAT, Network, buttons
from tests.stories.test_conversation import REQUIRED, submitted


class Said(NamedTuple):
    """One rendering."""

    kind: str
    form: str
    facts: dict[str, Any]
    reader: Reader


class Listened(Words):
    """The words of the house, with every rendering written down."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Said] = []

    def render(self, kind: str, form: str, facts: Mapping[str, Any], reader: Reader) -> str:
        self.heard.append(Said(kind, form, deepcopy(dict(facts)), reader))
        return super().render(kind, form, facts, reader)


async def play(network: Network) -> None:
    """From the first preview to the last cancelled cycle."""
    await _before_anything(network)
    await _answering(network)
    await _reviewing(network)
    await _sharing_and_digest(network)
    await _closing(network)
    await _next_year(network)


async def _before_anything(network: Network) -> None:
    aisyah, siti, per, dewi = (network[short] for short in ("aisyah", "siti", "per", "dewi"))
    await network.newcomer("U0NOBODY", "Nobody Known").says("Hello")
    await siti.says("hello")
    for player in (aisyah, per, dewi):
        await player.says("hello")
    await siti.says("@spnetbot 38.8 2020 VHLSS", NETWORK)
    for text in ("help", "cycle status", "review", "remind", "cycle open soon", "cycle open 2026", "cycle close 2031"):
        await aisyah.command(text)
    await siti.command("help")
    await siti.command("digest send")
    await network.opens(more="closes 2027-01-05")
    await aisyah.command("cycle open 2026 full due 2026-12-15")
    await dewi.says("where are we?")
    async with network.database.writing() as session:
        session.add(
            Appointment(
                person_id=network.people["budi"].person_id,
                role=Role.COORDINATOR,
                member_code="IDN",
                starts_on=date(2020, 1, 1),
            )
        )
    await network["budi"].says("hello")
    await network["budi"].clicks("Alternate Indonesia")


async def _answering(network: Network) -> None:
    siti, linh, bounmy = network["siti"], network["linh"], network["bounmy"]
    await siti.says("we have many plans")
    await siti.says("status")
    await siti.clicks("See all questions")
    await siti.clicks("Later")
    opening = next(message for message in siti.sees.messages() if "Later" in buttons(message.blocks))
    await siti.clicks("Start")
    await siti.clicks("What counts here?")
    await siti.says("perhaps")
    await siti.says("operational")
    first = siti.last_message()
    await siti.says("about three")
    await siti.clicks("Skip")
    await siti.clicks("Skip", message=first)
    await siti.says("thank you")
    await siti.says("pause")
    await siti.clicks("Go on")
    await siti.says("edit uhc service coverage")
    await siti.says("help")
    ts = await siti.says("68")
    await siti.edits(ts, "69 2021 WHO")
    await siti.says("1,234")
    await siti.says("n/a")
    await siti.says("no survey since 2019")
    ts = await siti.says("pension_covered 14.8 2020 SUSENAS\npoor_covered 250 2020 SUSENAS\nmars_covered 4\nno sense")
    await siti.deletes(ts)
    await siti.says("review")
    await siti.says("we are proud of this year")
    await siti.says("submit")
    await siti.clicks("Later", message=opening)
    await siti.says(REQUIRED)
    await siti.says("review")
    await siti.clicks("Submit")
    await siti.says("status")
    await siti.says("population_covered 46 2024 SUSENAS")
    await siti.clicks("Withdraw")
    await siti.clicks("Submit")
    await linh.clicks("Start")
    await linh.says("thanks")
    await linh.says("n/a")
    await submitted(network, "bounmy")
    assert bounmy.last().startswith("Submitted")


async def _reviewing(network: Network) -> None:
    aisyah, siti, bounmy = network["aisyah"], network["siti"], network["bounmy"]
    for text in ("review", "cycle status", "remind", "cycle extend 2026 due 2026-12-01"):
        await aisyah.command(text)
    await aisyah.opens_home()
    for player in (siti, network["dewi"]):
        await player.opens_home()
        await network.settled()
    await aisyah.command("review Indonesia")
    await siti.says("withdraw")
    await siti.says("status")
    await aisyah.clicks("Return with a question", channel=SECRETARIAT)
    await aisyah.fills(indicators=["poverty_national_line"], question="Which line do you use?")
    assert await aisyah.submits() is None
    await bounmy.says("status")
    await bounmy.clicks("Answer now")
    await bounmy.says("9.5 2024 SUSENAS")
    await bounmy.clicks("Submit")
    for message in reversed(aisyah.sees.messages(SECRETARIAT)):
        if "Accept" in buttons(message.blocks):
            await aisyah.clicks("Accept", message=message, channel=SECRETARIAT)
    await siti.says("status")
    await siti.says("population_covered 46 2024 SUSENAS")
    await siti.says("thank you")


async def _sharing_and_digest(network: Network) -> None:
    aisyah, per = network["aisyah"], network["per"]
    await per.command("share")
    await per.fills(kind="training", title="A course on registries", text="Two days, free.", theme="coordination")
    assert await per.submits() is None
    card = aisyah.last_message(SECRETARIAT)
    await aisyah.clicks("Publish", message=card, channel=SECRETARIAT)
    await aisyah.clicks("Do not publish", channel=SECRETARIAT)
    await aisyah.command("digest preview")
    await aisyah.command("digest send")
    await aisyah.clicks("Send the digest", channel=NETWORK)
    await aisyah.command("digest send")


async def _closing(network: Network) -> None:
    aisyah, linh = network["aisyah"], network["linh"]
    await network.at(datetime(2026, 12, 14, 3, 0, tzinfo=UTC))
    await aisyah.command("cycle extend 2026 due 2026-12-20 closes 2027-01-05 because of the floods")
    await aisyah.clicks("Give more time and tell them", channel=NETWORK)
    await network.at(datetime(2026, 12, 23, 3, 0, tzinfo=UTC))
    await linh.says("status")
    await linh.says("review")
    await network["maria"].clicks("Start")
    await aisyah.command("cycle close")
    await aisyah.clicks("Close it", channel=NETWORK)
    await linh.says("38.8 2020 VHLSS")
    await network.opens("2026-Q4", "update", due="2027-01-10")
    await aisyah.command("cycle cancel 2026-Q4")
    await aisyah.clicks("Cancel it", channel=NETWORK)
    await aisyah.command("digest send 2026-Q4")


async def _next_year(network: Network) -> None:
    siti = network["siti"]
    await network.at(datetime(2027, 11, 1, 3, 0, tzinfo=UTC))
    await siti.says("hello")
    await network.opens("2027", due="2027-12-15")
    await siti.clicks("Start")
    await siti.says("perhaps")
    await siti.clicks("Nothing changed here")
    await siti.clicks("Back")
    await siti.says("same")
    await siti.says("next")
    await siti.says("skip")
