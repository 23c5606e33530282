"""What arrives twice, late, out of order, or all at once ends in one stored truth and a friendly line."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from db.vocabulary import AssessmentState
from tests.stage import SECRETARIAT, Network
from tests.stories.conftest import reconnected
from tests.stories.test_conversation import REQUIRED, answers_of, assessment_of, submitted

POVERTY = "poverty_national_line"


async def poverty(network: Network, member: str = "IDN") -> Decimal | None:
    """What stands for poverty at the national line."""
    answers = await answers_of(network, member)
    return answers[POVERTY].number if POVERTY in answers else None


@pytest.mark.pitfall("duplicates")
@pytest.mark.parametrize("new_ids", [False, True], ids=["the same envelope", "another event id"])
async def test_a_message_delivered_twice_is_taken_and_answered_once(asked: Network, new_ids: bool) -> None:
    siti = asked["siti"]
    before = len(siti.messages())
    await asked.fault("duplicate_next", times=1, new_ids=new_ids)
    await siti.says("9.4 2023 SUSENAS")
    assert await poverty(asked) == Decimal("9.4")
    assert len(siti.messages()) == before + 1
    assert POVERTY not in siti.last()
    assert len(await answers_of(asked, "IDN")) == 1


@pytest.mark.pitfall("dead sockets")
@pytest.mark.only_over("socket", "over HTTP there is no connection to cut: test_http_mode tells of Slack's retries")
async def test_an_unacknowledged_envelope_comes_again_after_a_reconnect(asked: Network) -> None:
    siti = asked["siti"]
    before = len(siti.messages())
    await asked.fault("drop_ack_next", times=1)
    await siti.says("9.4 2023 SUSENAS")
    await asked.fault("cut")
    assert await asked.control.redeliver() == 1
    await reconnected(asked)
    assert len(siti.messages()) == before + 1
    assert await poverty(asked) == Decimal("9.4")


@pytest.mark.pitfall("duplicates")
async def test_a_click_delivered_twice_is_taken_once(asked: Network) -> None:
    siti = asked["siti"]
    await siti.says("review")
    before = len(siti.messages())
    await asked.fault("duplicate_next", times=1)
    await siti.clicks("Pause")
    assert len(siti.messages()) == before + 1


async def test_two_quick_messages_are_handled_in_order(asked: Network) -> None:
    siti = asked["siti"]
    await siti.says("9.4", wait=False)
    await siti.says("2023 SUSENAS")
    assert await poverty(asked) == Decimal("9.4")
    siti.hears("9.4 % (2023, SUSENAS)")


@pytest.mark.pitfall("order")
async def test_of_two_messages_in_the_wrong_order_the_overtaken_one_is_named(asked: Network) -> None:
    siti = asked["siti"]
    await asked.fault("reorder_next", times=2)
    await siti.says("9.4 2023 SUSENAS", wait=False)
    await siti.says(f"{POVERTY} 9.9 2024 SUSENAS")
    siti.hears("“9.4 2023 SUSENAS” reached me late", "please write it again")
    assert await poverty(asked) == Decimal("9.9")


async def test_a_double_click_does_one_thing(asked: Network) -> None:
    siti = asked["siti"]
    await siti.says("edit mechanism_status")
    await siti.clicks("Planned", times=2)
    answers = await answers_of(asked, "IDN")
    assert answers["mechanism_status"].text == "planned"
    siti.hears("That button is from before", "is answered already: Planned")


async def test_a_double_click_on_submit_submits_once(network: Network) -> None:
    await network.opens()
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says(REQUIRED)
    await siti.says("review")
    await siti.clicks("Submit", times=3)
    talk = await assessment_of(network, "IDN")
    assert (talk.assessment.state, talk.assessment.round) == (AssessmentState.SUBMITTED, 1)
    siti.hears("with the secretariat", "so I changed nothing")
    assert sum("Submitted by Siti" in text for text in network["aisyah"].messages(SECRETARIAT)) == 1


async def test_a_double_click_on_accept_accepts_once(network: Network) -> None:
    await network.opens()
    siti, aisyah = network["siti"], network["aisyah"]
    await submitted(network)
    await aisyah.clicks("Accept", channel=SECRETARIAT, times=2)
    assert (await assessment_of(network, "IDN")).assessment.state is AssessmentState.ACCEPTED
    assert sum("Accepted. Thank you" in text for text in siti.messages()) == 1


async def test_a_double_click_on_start_begins_once(network: Network) -> None:
    await network.opens()
    siti = network["siti"]
    await siti.clicks("Start", times=2)
    siti.hears("1 of 33")
    assert (await assessment_of(network, "IDN")).assessment.state is AssessmentState.IN_PROGRESS


async def test_focal_point_and_alternate_click_the_same_question_at_once(asked: Network) -> None:
    siti, budi = asked["siti"], asked["budi"]
    await siti.says("edit mechanism_status")
    await budi.says("hello")
    await budi.clicks("Go on")
    budi.hears("National coordination mechanism")
    await asyncio.gather(siti.clicks("Planned", wait=False), budi.clicks("Operational", wait=False))
    await asked.settled()
    answers = await answers_of(asked, "IDN")
    assert answers["mechanism_status"].text in ("planned", "operational")
    told = siti.last() + budi.last()
    assert told.count("That button is from before") == 1


async def test_an_alternate_does_not_answer_a_question_that_was_never_put_to_them(asked: Network) -> None:
    siti, budi = asked["siti"], asked["budi"]
    await budi.says("hello")
    await budi.clicks("Go on")
    budi.hears("Poverty at the national line")
    await siti.says("9.4 2023 SUSENAS")
    siti.hears("Poverty at the international line")
    # Budi still has the question before in front of him.
    await budi.says("9.6 2024 SUSENAS")
    answers = await answers_of(asked, "IDN")
    assert set(answers) == {POVERTY}
    assert answers[POVERTY].number == Decimal("9.4")
    budi.hears("kept", "9.6 2024 SUSENAS", "Poverty at the international line")
    await budi.says("1.2 2024 SUSENAS")
    assert set(await answers_of(asked, "IDN")) == {POVERTY, "poverty_international_line"}


async def test_who_has_the_open_question_may_answer_it_while_the_other_looks_on(asked: Network) -> None:
    siti, budi = asked["siti"], asked["budi"]
    await budi.says("what now")
    budi.hears("Poverty at the national line")
    await siti.says("9.4 2023 SUSENAS")
    siti.hears("9.4 % (2023, SUSENAS)")
    assert await poverty(asked) == Decimal("9.4")


async def test_an_answer_after_the_close_is_kept_and_not_taken(asked: Network) -> None:
    siti = asked["siti"]
    button = siti.last_message()
    await asked.passes(days=60)
    await siti.says("9.4 2023 SUSENAS")
    siti.hears("Full assessment 2026", "Indonesia", "closed on", "What you wrote is kept", "extend the cycle")
    await siti.clicks("Skip", message=button)
    siti.hears("closed on")
    assert await answers_of(asked, "IDN") == {}


async def test_a_reminder_in_the_middle_of_a_conversation_disturbs_nothing(asked: Network) -> None:
    siti = asked["siti"]
    await siti.says("9.4")
    await asked.at(asked.clock.now().replace(month=12, day=1))
    siti.hears("due")
    assert "9.4" not in siti.last()
    await siti.says("2023 SUSENAS")
    siti.hears("9.4 % (2023, SUSENAS)")
    assert await poverty(asked) == Decimal("9.4")


@pytest.mark.pitfall("acknowledged first")
async def test_after_a_restart_what_comes_again_is_not_asked_again(asked: Network) -> None:
    """The process ended between its answer and its acknowledgement: the next one gets the envelope anew."""
    siti = asked["siti"]
    await asked.fault("drop_ack_next", times=2)
    await siti.says("9.4 2023 SUSENAS")
    await siti.clicks("Skip")
    before = siti.messages()
    await asked.restarts()
    # Over HTTP Slack tries an event again, and a click never.
    assert await asked.control.redeliver() == (2 if asked.way == "socket" else 1)
    await asked.settled()
    assert siti.messages() == before
    assert await poverty(asked) == Decimal("9.4")


@pytest.mark.pitfall("rate limits")
async def test_an_answer_that_slack_did_not_take_is_said_later(asked: Network) -> None:
    siti = asked["siti"]
    before = len(siti.messages())
    await asked.fault("limit", method="chat.postMessage", times=1, retry_after=20)
    await siti.says("9.4 2023 SUSENAS")
    asked.clock.advance(timedelta(seconds=60))
    await asked.passes(seconds=30)
    assert len(siti.messages()) == before + 1
    siti.hears("9.4 % (2023, SUSENAS)")


async def test_an_answer_of_which_nobody_knows_whether_it_arrived_is_said_once(asked: Network) -> None:
    siti = asked["siti"]
    before = len(siti.messages())
    await asked.fault("crash", method="chat.postMessage", times=3)
    await siti.says("9.4 2023 SUSENAS")
    await asked.passes(minutes=1)
    await asked.passes(minutes=1)
    assert len(siti.messages()) == before + 1
    siti.hears("9.4 % (2023, SUSENAS)")
