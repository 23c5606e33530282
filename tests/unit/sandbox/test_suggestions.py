"""Selects whose options come from the bot while a person types."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox import Person, Sandbox, Trouble
from tests.unit.sandbox.conftest import asks, modal

Body = dict[str, Any]
Ack = Callable[..., Awaitable[Any]]


def option(name: str) -> Body:
    """An option whose value is its text."""
    return {"text": {"type": "plain_text", "text": name}, "value": name}


MEMBERS = [option(name) for name in ("Cambodia", "Lao PDR", "Viet Nam")]


@pytest.fixture
def answers(app: AsyncApp) -> list[Body]:
    """What the app will answer, one after the other; it chooses for itself when there is nothing."""
    planned: list[Body] = []

    @app.options("country")
    async def offer(ack: Ack, options: Body) -> None:
        if planned:
            await ack(planned.pop(0))
        else:
            await ack(options=[member for member in MEMBERS if options["value"].lower() in member["value"].lower()])

    return planned


async def show(app: AsyncApp, **more: Any) -> None:
    """A message with a select that asks from the first letter on."""
    element = {"type": "external_select", "action_id": "country", "min_query_length": 1, **more}
    await app.client.chat_postMessage(
        channel="U0SITI", text="Where?", blocks=[{"type": "actions", "elements": [element]}]
    )


@pytest.mark.usefixtures("answers")
async def test_what_is_offered_can_be_chosen(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    chosen: list[Body] = []

    @app.action("country")
    async def took(ack: Ack, action: Body) -> None:
        chosen.append(action)
        await ack()

    await show(app)

    assert await siti.suggests("country", "l") == {"options": [MEMBERS[1]]}
    await siti.selects("country", "Lao PDR")
    await sandbox.settled()
    assert chosen[0]["selected_option"] == MEMBERS[1]
    with pytest.raises(LookupError):
        await siti.selects("country", "Cambodia")
    assert await siti.suggests("country", "zz") == {"options": []}


async def test_options_may_stand_in_groups(app: AsyncApp, siti: Person, answers: list[Body]) -> None:
    groups = [{"label": {"type": "plain_text", "text": "Mekong"}, "options": MEMBERS}]
    answers.append({"option_groups": groups})
    trigger = siti.slack.triggers.give(siti.id)
    element = {"type": "external_select", "min_query_length": 1, "action_id": "country"}
    await app.client.views_open(trigger_id=trigger, view=modal(asks("where", **element)))

    assert await siti.suggests("country", "m") == {"option_groups": groups}
    await siti.fills(where="Viet Nam")
    assert siti.view is not None
    assert siti.view["state"]["values"]["where"]["country"]["selected_option"] == MEMBERS[2]


@pytest.mark.usefixtures("answers")
async def test_slack_asks_from_the_third_letter_on_unless_told(app: AsyncApp, siti: Person) -> None:
    await show(app, min_query_length=3)

    assert await siti.suggests("country", "la") == {"options": []}
    assert await siti.suggests("country", "lao") == {"options": [MEMBERS[1]]}


@pytest.mark.parametrize(
    "answer",
    [
        {"options": [option("x" * 76)]},
        {"options": [option(str(number)) for number in range(101)]},
        {"options": [{"value": "no text"}]},
        {"option_groups": [{"options": MEMBERS}]},
        {"something": "else"},
    ],
)
async def test_what_slack_does_not_take_is_a_mistake_of_the_bot(
    app: AsyncApp, siti: Person, answers: list[Body], answer: Body
) -> None:
    answers.append(answer)
    await show(app)

    with pytest.raises(Trouble):
        await siti.suggests("country", "l")


async def test_a_modal_may_ask_where_to_answer(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    """`response_url_enabled`: the submission then carries an address for the chosen conversation."""
    submitted: list[Body] = []

    @app.view("share")
    async def took(ack: Ack, body: Body) -> None:
        submitted.append(body)
        await ack()

    element = {"type": "conversations_select", "action_id": "place", "response_url_enabled": True}
    view = modal(asks("where", **element), asks("text"))
    await app.client.views_open(trigger_id=sandbox.slack.triggers.give("U0SITI"), view=view)
    await siti.fills(where="C0NETWORK", text="Hello")
    await siti.submits()
    (place,) = submitted[0]["response_urls"]
    sent = await AsyncWebhookClient(place["response_url"]).send(text="Hello", response_type="in_channel")

    assert (place["block_id"], place["action_id"], place["channel_id"]) == ("where", "place", "C0NETWORK")
    assert sent.status_code == 200
    assert [message.text for message in siti.messages("C0NETWORK")] == ["Hello"]
