"""What Slack sends when a person uses an element of a message, a modal or their Home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import payloads
from bot.sandbox.elements import STATEFUL, action, refresh, state_values
from bot.sandbox.spots import Spot

if TYPE_CHECKING:
    from bot.sandbox.outbox import Envelope
    from bot.sandbox.people import Person


def use(person: Person, spot: Spot, value: Any, *, answered: bool = False) -> Envelope:
    """Use an element, which holds the value from now on, and tell the bot.

    Args:
        person: who does it.
        spot: the element, and where it stands.
        value: what it holds then, as `elements.taken` gives it; for an overflow menu the option; for a button nothing.
        answered: somebody will wait for the acknowledgement.
    """
    slack, workspace = person.slack, person.slack.workspace
    body = payloads.interaction(workspace, person.user, "block_actions", slack.triggers.give(person.id))
    key = (spot.block["block_id"], spot.element["action_id"])
    remembers = spot.element["type"] in STATEFUL
    if spot.message is not None:
        message = spot.message
        if remembers:
            message.chosen[(person.id, *key)] = value
            workspace.shown(message)
        body |= payloads.message_place(message, workspace.channels[message.channel])
        body["response_url"] = slack.origin + slack.urls.give(person.id, message.channel, message.ts)
        mine = {place[1:]: held for place, held in message.chosen.items() if place[0] == person.id}
        body["state"] = {"values": state_values(message.blocks, mine)}
    else:
        view = spot.view or {}
        refresh(view, {key: value} if remembers else {})
        body |= payloads.view_place(view)
    body["actions"] = [action(spot.block, spot.element, value, workspace.next_ts())]
    return slack.outbox.post("interactive", body, answered=answered)
