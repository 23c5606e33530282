"""A full assessment and a short update open at once: it is always clear which one is answered, and how to change."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.stage import NETWORK, SECRETARIAT, Network
from tests.stories.test_conversation import REQUIRED, answers_of, submitted


async def both(network: Network) -> None:
    """The full assessment, due on 15 December, and the update, due on 20 November."""
    await network.opens()
    await network.opens("2026-Q4", "update", "2026-11-20")


async def test_each_question_names_its_cycle_and_status_leads_to_the_other(network: Network) -> None:
    siti = network["siti"]
    await both(network)
    await siti.clicks("Start")
    siti.hears("1 of 6", "Short update 2026-Q4")
    await siti.says("status")
    siti.hears("Indonesia · Short update 2026-Q4", "Also open:* Full assessment 2026, not started", "15 December 2026")
    await network.passes(minutes=1)
    await siti.clicks("Go to Full assessment 2026")
    siti.hears("1 of 33", "Full assessment 2026")
    await siti.says("planned")
    await siti.says("4 2026 minutes")
    assert (await answers_of(network, "IDN", "2026")).keys() == {"mechanism_status", "mechanism_meetings"}
    assert not await answers_of(network, "IDN", "2026-Q4")
    await siti.says("switch")
    siti.hears("Full assessment 2026", "Also open:* Short update 2026-Q4, in progress")
    await network["dewi"].says("hello")
    network["dewi"].hears("*Short update 2026-Q4*: in progress", "*Full assessment 2026*: in progress, 2 answered")


async def test_the_receipt_of_one_leads_to_the_other(network: Network) -> None:
    siti = network["siti"]
    await network.opens()
    await siti.clicks("Start")
    await network.opens("2026-Q4", "update", "2026-11-20")
    await siti.says(REQUIRED)
    await siti.says("review")
    await siti.clicks("Submit")
    siti.hears("Submitted. Thank you", "Also open:* Short update 2026-Q4, not started, due Friday, 20 November 2026")
    await siti.clicks("Go to Short update 2026-Q4")
    siti.hears("1 of 6", "Short update 2026-Q4")


async def test_each_of_two_people_stays_in_the_cycle_they_answer(network: Network) -> None:
    siti, budi = network["siti"], network["budi"]
    await network.opens()
    await siti.clicks("Start")
    await siti.says("planned")
    await network.opens("2026-Q4", "update", "2026-11-20")
    await network.passes(minutes=5)
    await budi.says("status")
    await budi.clicks("Go to Short update 2026-Q4")
    budi.hears("1 of 6", "Meetings")
    await siti.says("4 2026 minutes")
    siti.hears("4 (2026, minutes)", "3 of 33")
    await budi.says("5 2026 register")
    budi.hears("5 (2026, register)", "2 of 6")
    assert (await answers_of(network, "IDN", "2026"))["mechanism_meetings"].source == "minutes"
    assert (await answers_of(network, "IDN", "2026-Q4"))["mechanism_meetings"].source == "register"


async def test_a_reminder_by_hand_names_its_cycle(network: Network) -> None:
    aisyah = network["aisyah"]
    await both(network)
    assert "More than one cycle runs" in await aisyah.command("remind")
    assert "Short update 2026-Q4" in await aisyah.command("remind Lao PDR 2026-Q4")
    shown = await aisyah.command("remind 2026-q4 Indonesia")
    assert "Short update 2026-Q4" in shown
    assert "*Indonesia*: Siti Rahmadani" in shown
    assert "Bounmy Keo" not in shown
    assert "*Lao PDR*: Bounmy Keo" in await aisyah.command("remind 2026 all")
    assert "I know no country called “Atlantis”" in await aisyah.command("remind 2026 Atlantis")
    await aisyah.command("cycle cancel 2026-q4")
    await aisyah.clicks("Cancel it", channel=NETWORK)
    assert "*Indonesia*: Siti Rahmadani" in await aisyah.command("remind IDN")


async def test_a_closed_cycle_is_in_the_status_while_its_reviews_wait(network: Network) -> None:
    aisyah = network["aisyah"]
    await network.opens()
    await submitted(network)
    await aisyah.command("cycle close 2026")
    await aisyah.clicks("Close it", channel=NETWORK)
    assert "*Indonesia*: with the secretariat" in await aisyah.command("cycle status")
    await network.at(datetime(2026, 11, 4, 2, tzinfo=UTC))
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    assert "No cycle is open now" in await aisyah.command("cycle status")
