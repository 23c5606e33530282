"""What a hostile client could send: payloads with any action and any value, of anybody."""

from __future__ import annotations

from typing import Any

from bot.sandbox import payloads
from tests.stage import Network


async def clicks(
    network: Network, who: str, action_id: str, value: Any, *, select: bool = False, wait: bool = True
) -> None:
    """A click on a button that never stood anywhere."""
    body = _interaction(network, who, "block_actions")
    workspace = network.sandbox.workspace
    channel = workspace.direct(f"U0{who.upper()}")
    body |= {
        "container": {"type": "message", "message_ts": "1.000001", "channel_id": channel.id, "is_ephemeral": False},
        "channel": {"id": channel.id, "name": "directmessage"},
        "state": {"values": {}},
        "response_url": network.sandbox.slack.origin
        + network.sandbox.slack.urls.give(f"U0{who.upper()}", channel.id, None),
    }
    action: dict[str, Any] = {"action_id": action_id, "block_id": "b", "action_ts": workspace.next_ts()}
    if select:
        action |= {"type": "static_select", "selected_option": {"value": value}}
    else:
        action |= {"type": "button", "value": value}
    body["actions"] = [action]
    network.sandbox.slack.outbox.post("interactive", body)
    if wait:
        await network.settled()


async def submits(network: Network, who: str, callback_id: str, private: str, **fields: Any) -> None:
    """A modal that the bot never opened, filled in."""
    body = _interaction(network, who, "view_submission")
    values: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, list):
            values[name] = {"input": {"type": "multi_static_select", "selected_options": [{"value": v} for v in value]}}
        elif name in ("kind", "theme"):
            values[name] = {"input": {"type": "static_select", "selected_option": {"value": value}}}
        else:
            values[name] = {"input": {"type": "plain_text_input", "value": value}}
    body["view"] = {
        "id": "V0FORGED",
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": private,
        "state": {"values": values},
        "blocks": [],
    }
    body["response_urls"] = []
    network.sandbox.slack.outbox.post("interactive", body)
    await network.settled()


async def event(network: Network, **event: Any) -> None:
    """An event of any form."""
    network.sandbox.slack.outbox.post("events_api", payloads.event_wrapper(network.sandbox.workspace, event))
    await network.settled()


def _interaction(network: Network, who: str, kind: str) -> dict[str, Any]:
    user = network.sandbox.workspace.users[f"U0{who.upper()}"]
    trigger = network.sandbox.slack.triggers.give(user.id)
    return payloads.interaction(network.sandbox.workspace, user, kind, trigger)
