"""Every key that Slack sends, for each interactive payload and for commands.

The table follows Slack's reference (docs.slack.dev/reference/interaction-payloads) and the payloads that Bolt's own
scenario tests use. A dot goes into an object, as in `actions.0.text`.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox.conftest import asks, button, modal
from tests.unit.sandbox.wire import SAID_BY_BOT, TYPED, VIEW, Act, Body, Shape, World, compare, keys

BASE = keys("type user api_app_id token team enterprise is_enterprise_install")
PERSON = {"user": keys("id username name team_id"), "team": keys("id domain")}
CONTAINER = keys("type message_ts channel_id is_ephemeral")
IN_MESSAGE = keys("container channel message")
IN_VIEW = keys("container view")


async def _message(world: World, *elements: Body) -> None:
    blocks = [{"type": "actions", "elements": list(elements)}]
    await world.client.chat_postMessage(channel="U0SITI", text="Choose", blocks=blocks)


SELECT: Body = {
    "type": "external_select",
    "action_id": "country",
    "min_query_length": 1,
    "placeholder": {"type": "plain_text", "text": "Country"},
}


async def _modal(world: World, *blocks: Body, **more: Any) -> None:
    trigger = world.sandbox.slack.triggers.give("U0SITI")
    await world.client.views_open(trigger_id=trigger, view=modal(*blocks, **more))


async def _clicked(world: World) -> None:
    await _message(world, button("go")["elements"][0])
    await world.siti.clicks("go")


async def _clicked_in_modal(world: World) -> None:
    await _modal(world, button("go"))
    await world.siti.clicks("go")


async def _chosen(world: World) -> None:
    await _message(world, SELECT)
    await world.siti.suggests("country", "l")
    await world.siti.selects("country", "LAO")


async def _suggested(world: World) -> None:
    await _message(world, SELECT)
    await world.siti.suggests("country", "l")


async def _suggested_in_modal(world: World) -> None:
    await _modal(world, asks("where", **SELECT))
    await world.siti.suggests("country", "l")


async def _submitted(world: World) -> None:
    await _modal(world, asks("lesson", initial_value="x"))
    await world.siti.submits()


async def _submitted_with_url(world: World) -> None:
    element = {
        "type": "conversations_select",
        "response_url_enabled": True,
        "initial_conversation": "C0NETWORK",
    }
    await _modal(world, asks("where", **element))
    await world.siti.submits()


async def _closed(world: World) -> None:
    await _modal(world, asks("lesson"), notify_on_close=True)
    await world.siti.closes()


async def _on_message(world: World) -> None:
    await world.siti.shortcut("share", await world.siti.says("A lesson"))


INTERACTIONS: list[tuple[str, str, Act, Shape]] = [
    (
        "a button of a message",
        "block_actions",
        _clicked,
        {
            "": BASE | IN_MESSAGE | keys("trigger_id response_url state actions"),
            **PERSON,
            "container": CONTAINER,
            "channel": keys("id name"),
            "state": {"values"},
            "message": SAID_BY_BOT | {"blocks"},
            "actions.0": keys("type action_id block_id action_ts text value"),
            "actions.0.text": keys("type text emoji"),
        },
    ),
    (
        "a choice",
        "block_actions",
        _chosen,
        {"actions.0": keys("type action_id block_id action_ts selected_option placeholder")},
    ),
    (
        "a button of a modal",
        "block_actions",
        _clicked_in_modal,
        {
            "": BASE | IN_VIEW | keys("trigger_id actions"),
            "container": keys("type view_id"),
            "view": VIEW | {"submit_disabled"},
        },
    ),
    (
        "what to offer in a message",
        "block_suggestion",
        _suggested,
        {"": BASE | IN_MESSAGE | keys("block_id action_id value"), **PERSON, "container": CONTAINER},
    ),
    (
        "what to offer in a modal",
        "block_suggestion",
        _suggested_in_modal,
        {"": BASE | IN_VIEW | keys("block_id action_id value"), "container": keys("type view_id")},
    ),
    (
        "a modal submitted",
        "view_submission",
        _submitted,
        {"": BASE | keys("trigger_id view response_urls"), **PERSON, "view": VIEW | {"submit_disabled"}},
    ),
    (
        "a modal submitted with a conversation to answer in",
        "view_submission",
        _submitted_with_url,
        {"response_urls.0": keys("block_id action_id channel_id response_url")},
    ),
    (
        "a modal closed",
        "view_closed",
        _closed,
        {"": BASE | keys("view is_cleared"), **PERSON, "view": VIEW | {"submit_disabled"}},
    ),
    (
        "a global shortcut",
        "shortcut",
        lambda w: w.siti.shortcut("share"),
        {"": (BASE - {"api_app_id"}) | keys("callback_id trigger_id action_ts"), **PERSON},
    ),
    (
        "a shortcut on a message",
        "message_action",
        _on_message,
        {
            "": (BASE - {"api_app_id"})
            | keys("callback_id trigger_id action_ts channel message_ts message response_url"),
            **PERSON,
            "channel": keys("id name"),
            "message": TYPED,
        },
    ),
    (
        "a command",
        "command",
        lambda w: w.siti.command("/spnet", "help"),
        {
            "": keys(
                "token team_id team_domain channel_id channel_name user_id user_name command text api_app_id "
                "is_enterprise_install response_url trigger_id"
            )
        },
    ),
]


@pytest.mark.parametrize(
    ("kind", "act", "shape"), [row[1:] for row in INTERACTIONS], ids=[row[0] for row in INTERACTIONS]
)
async def test_an_interaction(world: World, kind: str, act: Act, shape: Shape) -> None:
    await act(world)
    await world.sandbox.settled()

    compare(world.last(kind), shape)
