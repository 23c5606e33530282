"""A rehearsal: everything is said to one person, marked with whom it was for, and nobody else hears a word."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.people import contact
from tests.stage import NETWORK, SECRETARIAT, Network
from tests.stories.test_succession import hands_over


async def rehearse(network: Network, who: str) -> None:
    """The bot starts anew, as `spnet run --rehearse` does."""
    pages = network.settings.pages.model_copy(update={"public_address": "https://spnet.example.org"})
    async with network.database.reading() as session:
        person = await contact(session, network.people[who].person_id, network.clock.now())
    await network.restarts(network.settings.model_copy(update={"pages": pages}), rehearse=person)


async def test_chat_channels_and_mails_all_go_to_one_person(network: Network) -> None:
    siti, aisyah = network["siti"], network["aisyah"]
    await rehearse(network, "aisyah")
    await network.opens()
    assert siti.messages() == []
    assert any("For Siti Rahmadani (Indonesia), in chat" in text for text in aisyah.messages())
    await siti.says("start")
    for line in ("mechanism_status planned", "national_strategy draft", "social_registry pilot"):
        await siti.says(line)
    await siti.says("population_covered 45.1 2023 SUSENAS\npoverty_national_line 9.4 2023 SUSENAS")
    await siti.says("portability negotiating\nprogress_made More families were reached.")
    await siti.says("review")
    await siti.clicks("Submit")
    heard = siti.messages()
    aisyah.hears("Rehearsal. For the channel", "Indonesia: Full assessment 2026")
    await aisyah.clicks("Accept")
    await aisyah.command("digest send")
    await aisyah.clicks("Send the digest", channel=NETWORK)
    aisyah.hears("Rehearsal. For the channel", "Digest: Full assessment 2026")
    assert siti.messages() == heard
    assert not network["bounmy"].messages()
    assert not network["per"].messages(NETWORK)
    assert not aisyah.messages(SECRETARIAT)
    letters = network.letters
    assert len(letters) == 3
    assert {letter.recipients for letter in letters} == {("aisyah@example.org",)}
    assert all("Rehearsal. For" in letter.text() for letter in letters)
    # One click of hers would stop the digest of the person it was for.
    assert not any(letter.message["List-Unsubscribe"] for letter in letters)


async def test_a_word_that_a_crash_left_unsaid_waits_for_the_next_ordinary_start(network: Network) -> None:
    siti = network["siti"]
    await network.opens()
    await siti.clicks("Start")
    heard = siti.messages()
    await network.fault("crash", method="chat.postMessage", times=2)
    await siti.says("planned")
    assert siti.messages() == heard
    await rehearse(network, "aisyah")
    assert siti.messages() == heard
    await network.restarts()
    siti.hears("2 of 33")


async def test_nobody_else_is_shown_a_home_that_they_did_not_open(network: Network) -> None:
    aisyah, siti, budi, linh = network["aisyah"], network["siti"], network["budi"], network["linh"]
    await rehearse(network, "aisyah")
    await hands_over(network, person="U0BUDI", starts="2026-11-17")
    await linh.opens_home()
    await network.at(datetime(2026, 11, 17, 3, 0, tzinfo=UTC))
    await hands_over(network, person="U0SITI")
    assert (siti.home, budi.home) == ("", "")
    # Who asks is answered, in a rehearsal too, and what they opened stays true.
    assert "Viet Nam" in linh.home
    await budi.opens_home()
    assert "Indonesia" in budi.home
    await hands_over(network, person="U0BUDI", starts="2026-11-18")
    await network.at(datetime(2026, 11, 18, 3, 0, tzinfo=UTC))
    assert siti.home == ""
    assert any("For Budi Hartono" in said for said in aisyah.messages())
