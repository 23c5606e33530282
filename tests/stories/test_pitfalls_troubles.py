"""Slack slow, busy or gone; the database locked or read-only: one friendly line, nothing half stored, no traceback."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from decimal import Decimal

import pytest

from db import engine
from db.vocabulary import AssessmentState
from tests.stage import NETWORK, SECRETARIAT, Network
from tests.stories.conftest import reconnected
from tests.stories.test_conversation import REQUIRED, answers_of, assessment_of, submitted

POVERTY = "poverty_national_line"


@pytest.mark.pitfall("modals")
async def test_a_form_that_opens_too_late_says_so(network: Network, capsys: pytest.CaptureFixture[str]) -> None:
    await network.opens()
    await submitted(network)
    aisyah = network["aisyah"]
    await network.fault("fail", method="views.open", error="expired_trigger_id")
    await aisyah.clicks("Return with a question", channel=SECRETARIAT)
    aisyah.hears("too long", "Nothing was changed")
    await network.fault("fail", method="views.open", error="expired_trigger_id")
    await aisyah.command("share")
    await network.settled(quiet=0.05)
    aisyah.hears("too long", "type the command once more")
    assert "Traceback" not in "".join(capsys.readouterr())
    await aisyah.clicks("Return with a question", channel=SECRETARIAT)
    assert aisyah.modal is not None


async def test_a_closed_form_changes_nothing(network: Network) -> None:
    await network.opens()
    await submitted(network)
    aisyah = network["aisyah"]
    await aisyah.clicks("Return with a question", channel=SECRETARIAT)
    await aisyah.closes()
    assert (await assessment_of(network, "IDN")).assessment.state is AssessmentState.SUBMITTED
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    assert (await assessment_of(network, "IDN")).assessment.state is AssessmentState.ACCEPTED


@pytest.mark.parametrize("error", ["used_url", "expired_url"])
async def test_a_way_back_that_is_used_up(network: Network, error: str) -> None:
    await network.opens()
    await submitted(network)
    aisyah = network["aisyah"]
    await network.fault("fail", method="response_url", error=error)
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    aisyah.hears("was accepted by Aisyah Noor")
    await network.fault("fail", method="response_url", error=error)
    await aisyah.command("cycle status")
    await network.settled(quiet=0.05)
    aisyah.hears("1 of 4 accepted") if "of 4" in aisyah.last() else aisyah.hears("accepted")


async def test_the_bot_was_taken_out_of_the_secretariats_channel(network: Network) -> None:
    await network.opens()
    await network.fault("remove_from_channel", channel=SECRETARIAT)
    await submitted(network)
    aisyah, siti = network["aisyah"], network["siti"]
    siti.hears("Submitted")
    assert aisyah.messages(SECRETARIAT) == []
    aisyah.hears("cannot write in the secretariat's channel", "Nothing is lost")
    assert "*Indonesia*, Full assessment 2026" in await aisyah.command("review")
    assert "45.1 % (2023, SUSENAS)" in await aisyah.command("review IDN")
    await network["linh"].clicks("Start")
    await network["linh"].says(REQUIRED)
    await network["linh"].says("review")
    await network["linh"].clicks("Submit")
    await network.fault("clear", name="remove_from_channel")
    await network.passes(hours=1)
    # Each waits as long as its own dice say, so they come in any order.
    for country in ("Indonesia", "Viet Nam"):
        assert len([text for text in aisyah.messages(SECRETARIAT) if f"{country}: Full assessment 2026" in text]) == 1
    await aisyah.clicks("Accept", channel=NETWORK)
    assert (await assessment_of(network, "IDN")).assessment.state is AssessmentState.ACCEPTED


async def test_a_form_sent_after_the_bot_was_taken_out(network: Network) -> None:
    await network.opens()
    await submitted(network)
    aisyah = network["aisyah"]
    await aisyah.clicks("Return with a question", channel=SECRETARIAT)
    await aisyah.fills(indicators=[POVERTY], question="Which line do you use?")
    await network.fault("remove_from_channel", channel=SECRETARIAT)
    await aisyah.submits()
    aisyah.hears("was returned by Aisyah Noor")
    assert (await assessment_of(network, "IDN")).assessment.state is AssessmentState.RETURNED


async def test_a_command_is_acknowledged_at_once_however_slow_slack_is(network: Network) -> None:
    aisyah = network["aisyah"]
    await aisyah.command("help")  # Bolt asks Slack once who it is
    for method in ("*", "response_url"):
        await network.fault("slow", method=method, seconds=600)
    # Who waited longer than three seconds for the bot would be told so by Slack, and the story would end here.
    await aisyah.command("cycle status", wait=False)
    await network.fault("clear", name="slow")
    await network.settled(quiet=0.02)
    aisyah.hears("No cycle is open now", channel=NETWORK)


async def test_a_command_while_the_database_is_busy_is_acknowledged_at_once(network: Network) -> None:
    aisyah = network["aisyah"]
    await aisyah.command("help")
    async with network.database.writing():
        await aisyah.command("cycle status", wait=False)
    await network.settled(quiet=0.02)
    aisyah.hears("No cycle is open now", channel=NETWORK)


@pytest.mark.pitfall("rate limits")
async def test_every_answer_arrives_though_slack_is_busy(asked: Network) -> None:
    siti = asked["siti"]
    await asked.fault("limit", method="chat.postMessage", times=2, retry_after=1)
    before = len(siti.messages())
    await siti.says("9.4 2023 SUSENAS")
    await asked.passes(minutes=1)
    await asked.passes(minutes=1)
    assert len(siti.messages()) == before + 1
    siti.hears("9.4 % (2023, SUSENAS)")


async def test_slack_is_gone_for_a_while_and_the_answers_stand(asked: Network) -> None:
    siti = asked["siti"]
    await asked.fault("fail", method="chat.postMessage", error="fatal_error", times=6)
    await siti.says("9.4 2023 SUSENAS")
    await siti.says("1.2 2024 SUSENAS")
    assert len(await answers_of(asked, "IDN")) == 2
    for _ in range(4):
        await asked.passes(minutes=1)
    siti.hears("1.2 % (2024, SUSENAS)")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database waits for another process a moment only."""
    monkeypatch.setattr(engine, "PRAGMAS", (*engine.PRAGMAS[:-2], "busy_timeout=50"))


@pytest.mark.usefixtures("impatient")
async def test_the_database_is_locked_by_another_process(network: Network) -> None:
    await network.opens()
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says(f"edit {POVERTY}")
    version = (await assessment_of(network, "IDN")).assessment.version
    other = sqlite3.connect(str(network.database.url.database), isolation_level=None)
    other.execute("PRAGMA busy_timeout=0")
    other.execute("BEGIN IMMEDIATE")
    ts = await siti.says("9.4 2023 SUSENAS", wait=False)
    await network.control.settled()
    await network.look()
    siti.hears("could not keep that just now", "nothing was changed", "send it again")
    before = siti.last_message()
    await siti.clicks("Skip", message=siti.sees.messages()[-3], wait=False)
    await network.control.settled()
    await network.look()
    siti.hears("could not keep that just now")
    other.execute("ROLLBACK")
    other.close()
    assert (await assessment_of(network, "IDN")).assessment.version == version
    assert before.ts < siti.last_message().ts
    await again(network, "U0SITI", ts)
    siti.hears("9.4 % (2023, SUSENAS)")
    assert (await answers_of(network, "IDN"))[POVERTY].number == Decimal("9.4")


async def again(network: Network, user: str, ts: str) -> None:
    """Slack delivers a message once more, under another event id."""
    from bot.sandbox import payloads

    place = network.sandbox.workspace.direct(user)
    network.sandbox.slack.event(payloads.message_event(place.messages[ts], place))
    await network.settled()


@pytest.mark.usefixtures("impatient")
async def test_a_tick_while_the_database_is_locked_is_made_up_for(network: Network) -> None:
    await network.opens()
    other = sqlite3.connect(str(network.database.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    network.clock.advance(timedelta(days=29))
    await network.app._scheduled_tick()
    other.execute("ROLLBACK")
    other.close()
    await network.app._scheduled_tick()
    await network.sends()
    network["siti"].hears("due")


async def test_the_database_is_read_only(asked: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    siti = asked["siti"]
    version = (await assessment_of(asked, "IDN")).assessment.version
    with monkeypatch.context() as patch:
        await asked.database.close()
        patch.setattr(engine, "PRAGMAS", (*engine.PRAGMAS, "query_only=ON"))
        await siti.says("9.4 2023 SUSENAS", wait=False)
        await asked.control.settled()
        await asked.look()
        siti.hears("could not keep that just now", "send it again", "tell the secretariat")
        await asked.app._scheduled_tick()
        await asked.database.close()
    assert (await assessment_of(asked, "IDN")).assessment.version == version
    await siti.says("9.4 2023 SUSENAS")
    siti.hears("9.4 % (2023, SUSENAS)")


@pytest.mark.pitfall("dead sockets")
@pytest.mark.only_over("socket", "over HTTP no socket can die")
async def test_nothing_is_heard_while_the_socket_is_dead_and_all_of_it_after(asked: Network) -> None:
    siti = asked["siti"]
    await asked.fault("cut")
    await siti.says("9.4 2023 SUSENAS", wait=False)
    await reconnected(asked)
    await asked.control.redeliver()
    await asked.settled()
    siti.hears("9.4 % (2023, SUSENAS)")


async def test_a_token_revoked_in_the_middle_of_a_conversation_is_told_by_mail(network: Network) -> None:
    await network.opens()
    siti, aisyah = network["siti"], network["aisyah"]
    await siti.clicks("Start")
    await network.fault("revoke_token")
    await siti.says("operational")
    await siti.says("12 2026 minutes")
    await network.sends()
    assert [letter.subject for letter in aisyah.mails] == ["I cannot send messages in the chat"]
    answers = await answers_of(network, "IDN")
    assert answers["mechanism_status"].text == "operational"
    assert answers["mechanism_meetings"].number == 12


async def test_an_app_taken_out_of_the_workspace_is_told_by_mail_and_goes_on_when_it_is_back(network: Network) -> None:
    await network.opens()
    siti, aisyah = network["siti"], network["aisyah"]
    await siti.clicks("Start")
    await network.fault("uninstall")
    await siti.says("operational")
    await network.sends()
    assert [letter.subject for letter in aisyah.mails] == ["I cannot send messages in the chat"]
    await network.fault("clear", name="uninstall")
    await siti.says("12 2026 minutes")
    answers = await answers_of(network, "IDN")
    assert answers["mechanism_status"].text == "operational"
    assert answers["mechanism_meetings"].number == 12


async def test_whose_account_is_closed_is_written_to_by_mail(network: Network) -> None:
    await network.fault("deactivate", user="U0SITI")
    await network.opens()
    siti = network["siti"]
    assert siti.messages() == []
    assert ["Indonesia: Full assessment 2026" in letter.subject for letter in siti.mails] == [True]
    assert network["linh"].mails == []


async def test_the_secretariats_channel_is_archived(network: Network) -> None:
    await network.opens()
    await network.fault("archive", channel=SECRETARIAT)
    await submitted(network)
    aisyah = network["aisyah"]
    aisyah.hears("cannot write in the secretariat's channel", "Nothing is lost")
    await network.fault("clear", name="archive")
    await network.passes(hours=1)
    assert any("Indonesia: Full assessment 2026" in said for said in aisyah.messages(SECRETARIAT))
