"""Who writes, and where: channels, threads, files, bots, strangers, two hats, and texts of every shape."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from db.models import Appointment, Heard
from db.vocabulary import HeardState, Role
from tests.stage import NETWORK, SECRETARIAT, Network
from tests.stories import forging
from tests.stories.test_conversation import answers_of, submitted


@pytest.fixture
async def asked(network: Network) -> Network:
    """Siti is asked what progress was made."""
    await network.opens()
    await network["siti"].clicks("Start")
    await network["siti"].says("edit progress_made")
    return network


async def test_in_a_channel_no_answer_is_taken_and_none_quoted(asked: Network) -> None:
    siti = asked["siti"]
    before = siti.messages(NETWORK)
    await siti.says("More families were reached.", NETWORK)
    assert siti.messages(NETWORK) == before
    await siti.says("@spnetbot More families were reached.", NETWORK)
    siti.hears("Let us talk in private", channel=NETWORK)
    assert "More families" not in siti.last(NETWORK)
    assert asked["linh"].messages(NETWORK) == before, "only who called the bot sees its line"
    assert await answers_of(asked, "IDN") == {}


async def test_a_button_under_a_commands_answer_in_a_channel_leads_to_the_direct_messages(asked: Network) -> None:
    siti, bounmy = asked["siti"], asked["bounmy"]
    await siti.says("edit pension_covered")
    await siti.says("14.8 2020 SUSENAS")
    await siti.command("status", NETWORK)
    for label in ("See my answers", "Go on"):
        await siti.clicks(label, channel=NETWORK)
        siti.hears("Full assessment 2026")
        assert not bounmy.messages(NETWORK)
    assert any("14.8 % (2020, SUSENAS)" in text for text in siti.messages())


async def test_a_review_called_up_in_a_channel_is_decided_out_of_its_sight(network: Network) -> None:
    aisyah, bounmy = network["aisyah"], network["bounmy"]
    await network.opens()
    await submitted(network)
    await aisyah.command("review IDN", NETWORK)
    await aisyah.clicks("Accept", channel=NETWORK)
    aisyah.hears("was accepted by Aisyah Noor", channel=NETWORK)
    assert not bounmy.messages(NETWORK)


async def test_a_mention_delivered_twice_is_answered_once(asked: Network) -> None:
    siti = asked["siti"]
    before = len(siti.messages(NETWORK))
    await asked.fault("duplicate_next", times=2, new_ids=True)
    await siti.says("@spnetbot hello", NETWORK)
    assert len(siti.messages(NETWORK)) == before + 1


async def test_a_stranger_gets_a_polite_answer_once_a_message(network: Network) -> None:
    await network.opens()
    kim = network.newcomer("U0KIM", "Kim Example", "Asia/Seoul")
    await network.fault("duplicate_next", times=1, new_ids=True)
    await kim.says("What is this?")
    told = kim.messages()
    assert len(told) == 1
    assert "I am the bot of the" in told[0]
    assert "aisyah@example.org" in told[0]
    await kim.command("cycle status")
    await kim.opens_home()
    assert "I am the bot of the" in kim.home


@pytest.mark.parametrize(
    ("who", "words"),
    [("dewi", "You are the coordinator of Indonesia"), ("per", "digest comes to you"), ("aisyah", "/spnet help")],
)
async def test_who_gives_no_answers_is_told_what_there_is_for_them(asked: Network, who: str, words: str) -> None:
    ts = await asked[who].says("mechanism_status planned")
    asked[who].hears(words)
    before = asked[who].messages()
    await asked[who].edits(ts, "mechanism_status operational")
    await asked[who].deletes(ts)
    assert asked[who].messages() == before
    assert await answers_of(asked, "IDN") == {}


async def test_a_person_with_two_roles_chooses_the_hat(asked: Network) -> None:
    siti = asked["siti"]
    async with asked.database.writing() as session:
        person = asked.people["siti"].person_id
        session.add(Appointment(person_id=person, role=Role.COORDINATOR, member_code="IDN", starts_on=date(2020, 1, 1)))
    await siti.says("More families were reached.")
    siti.hears("more than one role")
    assert await answers_of(asked, "IDN") == {}
    await siti.clicks("Coordinator Indonesia")
    siti.hears("You are the coordinator of Indonesia")
    await siti.says("More families were reached.")
    siti.hears("You are the coordinator of Indonesia")
    await siti.says("hat")
    await siti.clicks("Focal point Indonesia")
    await siti.says("More families were reached.")
    siti.hears("More families were reached.")
    assert set(await answers_of(asked, "IDN")) == {"progress_made"}


async def test_whose_role_has_ended_is_told_so(asked: Network) -> None:
    siti, clock = asked["siti"], asked.clock
    async with asked.database.writing() as session:
        held = (
            await session.scalars(select(Appointment).where(Appointment.person_id == asked.people["siti"].person_id))
        ).one()
        held.ends_on = clock.now().date()
    await siti.says("More families were reached.")
    siti.hears("More families were reached.")
    await asked.passes(days=1)
    await siti.says("Fewer families were reached.")
    siti.hears("Your role here (Focal point Indonesia) ended on Monday, 2 November 2026", "aisyah@example.org")
    assert (await answers_of(asked, "IDN"))["progress_made"].text == "More families were reached."


async def test_a_button_for_the_other_hat_asks_which_one_is_worn(asked: Network) -> None:
    siti = asked["siti"]
    opening = next(m for m in siti.sees.messages() if m.bot)
    async with asked.database.writing() as session:
        person = asked.people["siti"].person_id
        session.add(Appointment(person_id=person, role=Role.COORDINATOR, member_code="IDN", starts_on=date(2020, 1, 1)))
    await siti.says("hat")
    await siti.clicks("Coordinator Indonesia")
    await siti.clicks("Start", message=opening)
    siti.hears("more than one role")
    await siti.clicks("Focal point Indonesia")
    await siti.clicks("Start", message=opening)
    siti.hears("Progress made")


async def test_an_answer_in_a_thread_counts_like_any_other(asked: Network) -> None:
    siti = asked["siti"]
    await siti.says("More families were reached.", thread=siti.last_message().ts)
    assert (await answers_of(asked, "IDN"))["progress_made"].text == "More families were reached."


async def test_the_text_beside_a_file_is_heard(asked: Network) -> None:
    siti = asked["siti"]
    await siti.uploads("report.pdf", b"%PDF", "More families were reached.")
    assert (await answers_of(asked, "IDN"))["progress_made"].text == "More families were reached."


async def test_a_file_alone_is_asked_about(asked: Network) -> None:
    siti = asked["siti"]
    await siti.uploads("report.pdf", b"%PDF")
    siti.hears("behind which answer should I keep this?", "report.pdf", "only after your choice")
    assert await answers_of(asked, "IDN") == {}


async def test_messages_of_bots_are_passed_over(asked: Network) -> None:
    siti = asked["siti"]
    before = siti.messages()
    channel = asked.sandbox.workspace.direct("U0SITI").id
    other: dict[str, Any] = {"type": "message", "channel": channel, "channel_type": "im", "ts": "1800000000.1"}
    await forging.event(asked, **other, user="U0OTHERBOT", bot_id="B0OTHER", text="Meeting in five minutes")
    await forging.event(asked, **other, subtype="bot_message", bot_id="B0OTHER", text="Meeting in five minutes")
    await forging.event(asked, **other, user="USLACKBOT", subtype="bot_message", text="I am Slackbot")
    assert siti.messages() == before
    assert await answers_of(asked, "IDN") == {}


async def test_a_very_long_message_is_kept_and_named_as_too_long(asked: Network) -> None:
    siti = asked["siti"]
    await siti.says("Word by word. " * 860)
    siti.hears("Progress", "characters")
    assert await answers_of(asked, "IDN") == {}
    async with asked.database.reading() as session:
        kept = await session.scalar(select(Heard.text).where(Heard.state == HeardState.NOT_UNDERSTOOD))
    assert len(kept or "") > 12_000 - 50


@pytest.mark.parametrize("text", [" ", "\u00a0\n\t ", "\u200b\u200b", ":+1:", "👍🏽", "🇮🇩", "…", "-", "???"])
async def test_a_message_of_nothing_is_asked_about(network: Network, text: str) -> None:
    await network.opens()
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says("edit poverty_national_line")
    await siti.says(text)
    siti.hears("Poverty at the national line")
    assert await answers_of(network, "IDN") == {}


async def test_the_bot_does_not_hear_itself(asked: Network) -> None:
    """Every message of the bot comes back to it as an event."""
    workspace = asked.sandbox.workspace
    before = asked["siti"].messages()
    own = workspace.direct("U0SITI").messages[asked["siti"].last_message().ts]
    await forging.event(
        asked, **own.wire(metadata=True), channel=own.channel, channel_type="im", event_ts=workspace.next_ts()
    )
    assert asked["siti"].messages() == before


async def test_who_leaves_a_channel_sees_nothing_of_it_any_more(network: Network) -> None:
    await network.opens()
    aisyah = network["aisyah"]
    assert aisyah.messages(NETWORK)
    await aisyah.act("says", channel=SECRETARIAT, text="Who is late?")
    assert aisyah.sees.messages(SECRETARIAT)
    await aisyah.act("leaves", channel=SECRETARIAT)
    assert not aisyah.sees.messages(SECRETARIAT)
    assert aisyah.messages(NETWORK)
