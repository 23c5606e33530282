"""Edits and deletions: the latest edit of a sent message counts, in whatever order the events arrive."""

from __future__ import annotations

from decimal import Decimal

import pytest

from db.vocabulary import AssessmentState
from tests.stage import Network
from tests.stories.test_conversation import answers_of, assessment_of, submitted


@pytest.fixture
async def asked(network: Network) -> Network:
    """Siti is asked for poverty at the national line."""
    await network.opens()
    await network["siti"].clicks("Start")
    await network["siti"].says("edit poverty_national_line")
    return network


async def poverty(network: Network) -> Decimal | None:
    """What stands for poverty at the national line."""
    answers = await answers_of(network, "IDN")
    return answers["poverty_national_line"].number if "poverty_national_line" in answers else None


async def test_an_edit_changes_the_answer_that_its_message_gave(asked: Network) -> None:
    siti = asked["siti"]
    ts = await siti.says("9.4 2023 SUSENAS")
    open_question = siti.last()
    await siti.edits(ts, "9.6 2024 SUSENAS")
    siti.hears("Poverty at the national line* is now 9.6 % (2024, SUSENAS)")
    assert open_question.splitlines()[1:][-1] == siti.last().splitlines()[-1]
    assert await poverty(asked) == Decimal("9.6")


async def test_an_edit_of_several_lines_changes_each(asked: Network) -> None:
    siti = asked["siti"]
    ts = await siti.says("poverty_national_line 9.4 2023 SUSENAS\nuhc_service_coverage 68 2021 WHO")
    await siti.edits(ts, "poverty_national_line 9.1 2023 SUSENAS\nuhc_service_coverage 69 2021 WHO\nnonsense")
    siti.hears("is now 9.1 %", "is now 69", "Not taken: “nonsense”")
    answers = await answers_of(asked, "IDN")
    assert (await poverty(asked), answers["uhc_service_coverage"].number) == (Decimal("9.1"), Decimal(69))


async def test_an_edit_of_what_was_not_understood_answers_its_question(asked: Network) -> None:
    siti = asked["siti"]
    ts = await siti.says("about nine, I think")
    assert await poverty(asked) is None
    await siti.edits(ts, "9.4 2023 SUSENAS")
    siti.hears("9.4 % (2023, SUSENAS)")
    assert await poverty(asked) == Decimal("9.4")


async def test_an_edit_of_half_an_answer_begins_it_anew(asked: Network) -> None:
    siti = asked["siti"]
    ts = await siti.says("9.4")
    siti.hears("9.4")
    await siti.edits(ts, "9.5 2023 SUSENAS")
    siti.hears("9.5 % (2023, SUSENAS)")
    assert await poverty(asked) == Decimal("9.5")


async def test_an_edit_that_cannot_be_read_leaves_the_answer(asked: Network) -> None:
    siti = asked["siti"]
    ts = await siti.says("9.4 2023 SUSENAS")
    await siti.edits(ts, "hm")
    siti.hears("could not read your edit", "Your earlier answer stands: 9.4 % (2023, SUSENAS)")
    assert await poverty(asked) == Decimal("9.4")


async def test_the_older_of_two_edits_that_arrive_in_the_wrong_order_is_passed_over(asked: Network) -> None:
    siti = asked["siti"]
    ts = await siti.says("9.4 2023 SUSENAS")
    await asked.fault("reorder_next", times=2)
    await siti.edits(ts, "7 2023 SUSENAS", wait=False)
    await siti.edits(ts, "8 2023 SUSENAS")
    assert await poverty(asked) == Decimal(8)
    assert "is now 7 %" not in "".join(siti.messages())


async def test_changed_and_changed_back_in_the_wrong_order(asked: Network) -> None:
    siti = asked["siti"]
    ts = await siti.says("9.4 2023 SUSENAS")
    await asked.fault("reorder_next", times=2)
    await siti.edits(ts, "7 2023 SUSENAS", wait=False)
    await siti.edits(ts, "9.4 2023 SUSENAS")
    assert await poverty(asked) == Decimal("9.4")


async def test_an_edit_does_not_undo_a_later_answer(asked: Network) -> None:
    siti = asked["siti"]
    ts = await siti.says("9.4 2023 SUSENAS")
    await siti.says("poverty_national_line 9.9 2024 SUSENAS")
    await siti.edits(ts, "1 2023 SUSENAS")
    siti.hears("the later answer stands: 9.9 % (2024, SUSENAS)")
    assert await poverty(asked) == Decimal("9.9")


async def test_an_edit_that_arrives_before_its_message(asked: Network) -> None:
    siti = asked["siti"]
    before = len(siti.messages())
    await asked.fault("reorder_next", times=2)
    ts = await siti.says("9.4 2023 SUSENAS", wait=False)
    await siti.edits(ts, "9.6 2023 SUSENAS")
    assert await poverty(asked) == Decimal("9.6")
    siti.hears("9.6 % (2023, SUSENAS)")
    assert len(siti.messages()) == before + 1, "the overtaken message is not answered again"


async def test_an_edit_delivered_twice_is_answered_once(asked: Network) -> None:
    siti = asked["siti"]
    ts = await siti.says("9.4 2023 SUSENAS")
    before = len(siti.messages())
    await asked.fault("duplicate_next", times=1, new_ids=True)
    await siti.edits(ts, "9.6 2023 SUSENAS")
    assert await poverty(asked) == Decimal("9.6")
    assert len(siti.messages()) == before + 1


async def test_an_edit_after_submit_changes_nothing(network: Network) -> None:
    await network.opens()
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says("edit poverty_national_line")
    ts = await siti.says("9.4 2023 SUSENAS")
    await submitted_from_here(network)
    await siti.edits(ts, "1 2023 SUSENAS")
    siti.hears("with the secretariat", "I changed nothing", "withdraw it first")
    assert (await assessment_of(network, "IDN")).assessment.state is AssessmentState.SUBMITTED
    assert await poverty(network) == Decimal("9.4")


async def submitted_from_here(network: Network) -> None:
    """Siti answers what else is required, and submits."""
    from tests.stories.test_conversation import REQUIRED

    siti = network["siti"]
    await siti.says("\n".join(line for line in REQUIRED.splitlines() if not line.startswith("poverty")))
    await siti.says("review")
    await siti.clicks("Submit")


async def test_an_edit_after_the_close_changes_nothing(asked: Network) -> None:
    siti = asked["siti"]
    ts = await siti.says("9.4 2023 SUSENAS")
    await asked.passes(days=60)
    await siti.edits(ts, "1 2023 SUSENAS")
    siti.hears("closed on", "What you wrote is kept")
    assert await poverty(asked) == Decimal("9.4")


async def test_an_edit_while_returned_says_what_is_true(network: Network) -> None:
    await network.opens()
    siti, aisyah = network["siti"], network["aisyah"]
    await submitted(network)
    ts = next(m.ts for m in siti.sees.messages() if "poverty_national_line" in m.text)
    await aisyah.clicks("Return with a question", channel="C0SECRET")
    await aisyah.fills(indicators=["poverty_national_line"], question="Which line do you use?")
    await aisyah.submits()
    await siti.edits(ts, "poverty_national_line 9.9 2024 SUSENAS")
    assert "with the secretariat" not in siti.last()
    await siti.clicks("Answer now")
    siti.hears("Which line do you use?")


async def test_an_edit_before_the_start_is_kept(network: Network) -> None:
    await network.opens()
    siti = network["siti"]
    ts = await siti.says("I will look at it")
    await siti.edits(ts, "I will look at it tomorrow")
    assert "with the secretariat" not in siti.last()
    assert (await assessment_of(network, "IDN")).assessment.state is AssessmentState.OPEN


async def test_a_deleted_message_leaves_its_answer(asked: Network) -> None:
    siti = asked["siti"]
    ts = await siti.says("9.4 2023 SUSENAS")
    before = len(siti.messages())
    await asked.fault("duplicate_next", times=1, new_ids=True)
    await siti.deletes(ts)
    siti.hears("You deleted a message that gave an answer", "stays 9.4 % (2023, SUSENAS)")
    assert await poverty(asked) == Decimal("9.4")
    assert len(siti.messages()) == before + 1, "said once, however often the event comes"


async def test_a_deletion_of_idle_talk_is_not_remarked_on(asked: Network) -> None:
    siti = asked["siti"]
    ts = await siti.says("hello")
    before = siti.messages()
    await siti.deletes(ts)
    assert siti.messages() == before


async def test_slack_unfurls_a_link_and_nothing_happens(asked: Network) -> None:
    siti = asked["siti"]
    ts = await siti.says("9.4 2023 https://example.org/susenas")
    before = siti.messages()
    place = asked.sandbox.workspace.direct("U0SITI")
    message = place.messages[ts]
    old = message.wire()
    message.attachments = [{"title": "SUSENAS", "from_url": "https://example.org/susenas", "id": 1}]
    changed = {
        "type": "message",
        "subtype": "message_changed",
        "message": message.wire(),
        "previous_message": old,
        "channel": place.id,
        "hidden": True,
        "ts": asked.sandbox.workspace.next_ts(),
        "channel_type": "im",
    }
    asked.sandbox.slack.event({**changed, "event_ts": changed["ts"]})
    await asked.settled()
    assert siti.messages() == before
    assert await poverty(asked) == Decimal("9.4")
