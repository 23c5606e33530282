"""Messages pinned to a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import events
from bot.sandbox.failures import ApiError
from bot.sandbox.methods.chat import TIMESTAMP
from bot.sandbox.things import BOT_USER, Channel, Message

if TYPE_CHECKING:
    from bot.sandbox.calls import Call
    from bot.sandbox.slack import Slack

MOST_PINS = 100


def add(call: Call) -> dict[str, Any]:
    """pins.add"""
    channel, message = item(call)
    if BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    if message.pinned:
        raise ApiError("already_pinned")
    if len(channel.pins) >= MOST_PINS:
        raise ApiError("too_many_pins")
    pin(call.slack, channel, message, BOT_USER)
    return {}


def remove(call: Call) -> dict[str, Any]:
    """pins.remove"""
    channel, message = item(call)
    if not message.pinned:
        raise ApiError("no_pin")
    unpin(call.slack, channel, message, BOT_USER)
    return {}


def list_all(call: Call) -> dict[str, Any]:
    """pins.list; Slack does not page it."""
    channel = call.slack.channel_for(call.needs("channel"))
    return {"items": [events.pinned_item(message) for message in channel.pins]}


def pin(slack: Slack, channel: Channel, message: Message, user: str) -> None:
    """Somebody, perhaps the bot, pins a message."""
    message.pinned = {"by": user, "at": slack.workspace.seconds()}
    _told(slack, "pin_added", channel, message, user)


def unpin(slack: Slack, channel: Channel, message: Message, user: str) -> None:
    """Somebody takes a pin away."""
    message.pinned = None
    _told(slack, "pin_removed", channel, message, user)


def item(call: Call) -> tuple[Channel, Message]:
    """The message that `channel` and `timestamp` name.

    Raises:
        ApiError: channel_not_found, no_item_specified, bad_timestamp, message_not_found.
    """
    channel = call.slack.channel_for(call.needs("channel"))
    ts = call.text("timestamp")
    if ts is None:
        raise ApiError("no_item_specified")
    if not TIMESTAMP.fullmatch(ts):
        raise ApiError("bad_timestamp")
    message = channel.messages.get(ts)
    if message is None or message.ephemeral:
        raise ApiError("message_not_found")
    return channel, message


def _told(slack: Slack, kind: str, channel: Channel, message: Message, user: str) -> None:
    workspace = slack.workspace
    workspace.shown(message)
    workspace.touch("channel", channel.id)
    slack.tell(events.pin_event(kind, user, channel, message, workspace.next_ts()), channel)
