"""What bots built on Bolt get wrong (pitfalls.py), where no other file of stories has it already."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from bot import app
from tests.stage import Network
from tests.stories.conftest import notices
from tests.stories.test_conversation import answers_of
from tests.stories.test_pitfalls_events import poverty


@pytest.mark.pitfall("skipping retries")
async def test_a_retry_is_the_first_that_arrives_and_is_heard(asked: Network) -> None:
    siti = asked["siti"]
    before = len(siti.messages())
    await asked.fault("lose_next", times=2)
    await siti.says("9.4 2023 SUSENAS")
    if asked.way == "socket":
        assert await asked.control.redeliver() == 1
        await asked.settled()
    assert len(siti.messages()) == before
    assert await asked.control.redeliver() == 1
    await asked.settled()
    siti.hears("9.4 % (2023, SUSENAS)")
    assert await asked.control.redeliver() == 0


@pytest.mark.pitfall("acknowledged first")
async def test_what_siti_wrote_is_stored_while_slack_is_slow_to_take_the_answer(asked: Network) -> None:
    siti = asked["siti"]
    before = len(siti.messages())
    await asked.fault("slow", method="chat.postMessage", seconds=600)
    await siti.says("9.4 2023 SUSENAS", wait=False)
    async with asyncio.timeout(5):
        while await poverty(asked) is None:
            pass
    await asked.look()
    assert len(siti.messages()) == before
    await asked.fault("clear", name="slow")
    await asked.settled()
    siti.hears("9.4 % (2023, SUSENAS)")


@pytest.mark.pitfall("shutdown")
@pytest.mark.only_over("socket", "over HTTP a request that is under way is waited for in real seconds")
async def test_the_bot_stops_while_slack_is_slow_and_what_it_took_stands(
    asked: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "DRAIN_SECONDS", 0.05)
    siti = asked["siti"]
    await asked.fault("slow", method="chat.postMessage", seconds=600)
    await siti.says("9.4 2023 SUSENAS", wait=False)
    async with asyncio.timeout(5):
        while await poverty(asked) is None:
            pass
        await asked.app.stop()
    await asked.fault("clear", name="slow")
    await asked.starts()
    await asked.control.redeliver()
    await siti.says("1.2 2024 SUSENAS")
    siti.hears("1.2 % (2024, SUSENAS)")
    assert await poverty(asked) == Decimal("9.4")
    assert len(await answers_of(asked, "IDN")) == 2


@pytest.mark.pitfall("closed sessions")
@pytest.mark.only_over("socket", "over HTTP the bot keeps no connection to Slack")
async def test_who_has_stopped_while_no_socket_could_be_opened_tries_nothing_more(asked: Network) -> None:
    await asked.fault("crash", method="apps.connections.open", times=1000)
    await asked.fault("cut")
    await (await notices(asked)).watch()
    async with asyncio.timeout(5):
        while not any(call.response.get("error") == "internal_error" for call in await asked.control.calls()):
            pass
        await asked.app.stop()
    assert trying() == []
    await asked.fault("clear", name="crash")
    await asked.starts()
    await asked["siti"].says("9.4 2023 SUSENAS")
    asked["siti"].hears("9.4 % (2023, SUSENAS)")


def trying() -> list[str]:
    """What slack-sdk's socket client still has running."""
    running = [getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks() if not task.done()]
    return [name for name in running if "SocketMode" in name]


@pytest.mark.pitfall("token rotation")
async def test_a_token_that_ran_out_is_told_by_mail_and_no_answer_is_lost(network: Network) -> None:
    await network.opens()
    siti, aisyah = network["siti"], network["aisyah"]
    await siti.clicks("Start")
    await network.fault("fail", method="*", error="token_expired", times=1000)
    await siti.says("operational")
    await siti.says("12 2026 minutes")
    assert [letter.subject for letter in aisyah.mails] == ["I cannot send messages in the chat"]
    answers = await answers_of(network, "IDN")
    assert (answers["mechanism_status"].text, answers["mechanism_meetings"].number) == ("operational", 12)


@pytest.mark.pitfall("other organisations")
async def test_somebody_of_another_organisation_is_written_to_by_mail_and_the_secretariat_knows(
    network: Network,
) -> None:
    await network.fault("other_organisation", user="U0LINH")
    await network.opens()
    linh, aisyah = network["linh"], network["aisyah"]
    assert linh.messages() == []
    assert "Viet Nam" in linh.mails[0].message.get_body(("plain",)).get_content()
    aisyah.hears("Linh Tran (Viet Nam) cannot be written to in Slack", "I write by e-mail instead")
    network["siti"].hears("Full assessment 2026")


@pytest.mark.pitfall("modals")
async def test_a_form_that_opens_too_late_says_so_and_the_next_one_opens(network: Network) -> None:
    aisyah = network["aisyah"]
    await network.fault("expire_triggers", times=1)
    await aisyah.command("share")
    await network.settled(quiet=0.02)
    aisyah.hears("too long", "type the command once more")
    assert aisyah.modal is None
    await aisyah.command("share")
    assert aisyah.modal is not None
