"""What Slack sends: events and interactive payloads, with every key that Slack puts in."""

from __future__ import annotations

import secrets
from typing import Any

from bot.sandbox.things import APP_ID, BOT_USER, DOMAIN, Channel, Message, User
from bot.sandbox.workspace import Workspace

VERIFICATION_TOKEN = "sandbox-verification"  # noqa: S105 - the deprecated token of Slack's payloads, no secret


def event_wrapper(workspace: Workspace, event: dict[str, Any], *, external: bool = False) -> dict[str, Any]:
    """The Events API wrapper around an event."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team,
        "context_team_id": workspace.team,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": workspace.next_id("Ev"),
        "event_time": workspace.seconds(),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": external,
        "event_context": f"4-{secrets.token_hex(8)}",
    }


def message_event(message: Message, channel: Channel) -> dict[str, Any]:
    """A new message."""
    event = message.wire(metadata=True)
    event["channel"] = channel.id
    event["event_ts"] = message.ts
    event["channel_type"] = channel_type(channel)
    if message.files:
        event["subtype"] = "file_share"
    parent = channel.messages.get(message.thread_ts or "")
    if message.broadcast and parent is not None:
        event["root"] = parent.wire()
    return event


def changed_event(message: Message, before: dict[str, Any], channel: Channel, ts: str) -> dict[str, Any]:
    """An edited message. `before` is the message object as it was; `ts` the time of the edit."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": {**message.wire(metadata=True), "source_team": message.team, "user_team": message.team},
        "previous_message": before,
        "channel": channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel_type(channel),
    }


def deleted_event(before: dict[str, Any], channel: Channel, ts: str) -> dict[str, Any]:
    """A deleted message."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": before,
        "channel": channel.id,
        "hidden": True,
        "deleted_ts": before["ts"],
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel_type(channel),
    }


def mention_event(message: Message, channel: Channel) -> dict[str, Any]:
    """Somebody named the bot in a channel: a second event about the same message, with the same ts."""
    event = message.wire()
    event["type"] = "app_mention"
    event["channel"] = channel.id
    event["event_ts"] = message.ts
    return event


def joined_event(user: User, channel: Channel, ts: str, inviter: str | None = None) -> dict[str, Any]:
    """Somebody, perhaps the bot, came into a channel, by an invitation or alone."""
    event: dict[str, Any] = {
        "type": "member_joined_channel",
        "user": user.id,
        "channel": channel.id,
        "channel_type": "G" if channel.kind == "group" else "C",
        "team": user.team,
        "event_ts": ts,
    }
    if inviter is not None:
        event["inviter"] = inviter
    return event


def reaction_event(kind: str, user: User, name: str, message: Message, ts: str) -> dict[str, Any]:
    """An emoji was put under a message or taken away: `reaction_added` or `reaction_removed`."""
    return {
        "type": kind,
        "user": user.id,
        "reaction": name,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "item_user": message.user,
        "event_ts": ts,
    }


def home_event(user: User, channel: Channel, tab: str, ts: str) -> dict[str, Any]:
    """A person opened the app: its Home tab, or its messages."""
    event: dict[str, Any] = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": channel.id,
        "tab": tab,
        "event_ts": ts,
    }
    if tab == "home" and user.home is not None:
        event["view"] = user.home
    return event


def channel_type(channel: Channel) -> str:
    """The `channel_type` of events."""
    return channel.kind


def interaction(workspace: Workspace, user: User, kind: str, trigger: str | None = None) -> dict[str, Any]:
    """What every interactive payload begins with."""
    body: dict[str, Any] = {
        "type": kind,
        "user": {"id": user.id, "username": user.handle, "name": user.handle, "team_id": user.team},
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "team": {"id": workspace.team, "domain": DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    if trigger is not None:
        body["trigger_id"] = trigger
    return body


def message_place(message: Message, channel: Channel) -> dict[str, Any]:
    """Where in a message an action took place: container, channel, and the message unless it is ephemeral."""
    place: dict[str, Any] = {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.ephemeral,
        },
        "channel": {"id": channel.id, "name": channel.shown_name},
    }
    if message.thread_ts:
        place["container"]["thread_ts"] = message.thread_ts
    if not message.ephemeral:
        place["message"] = message.wire(metadata=True)
    return place


def view_place(view: dict[str, Any]) -> dict[str, Any]:
    """Which modal or Home an action took place in."""
    return {"container": {"type": "view", "view_id": view["id"]}, "view": dict(view)}


def shortcut(
    workspace: Workspace, user: User, callback_id: str, ts: str, trigger: str, message: Message | None = None
) -> dict[str, Any]:
    """A global shortcut, or one on a message; Slack does not name the app in these."""
    body = interaction(workspace, user, "shortcut" if message is None else "message_action", trigger)
    del body["api_app_id"]
    body |= {"callback_id": callback_id, "action_ts": ts}
    if message is not None:
        channel = workspace.channels[message.channel]
        body["channel"] = {"id": channel.id, "name": channel.shown_name}
        body["message_ts"] = message.ts
        body["message"] = message.wire(metadata=True)
    return body


def suggestion(workspace: Workspace, user: User, place: tuple[str, str], value: str) -> dict[str, Any]:
    """Somebody types into an external select. `place` is its block_id and action_id; where it stands is still to be
    added: a container with the view, or with the channel and the message."""
    block_id, action_id = place
    body = interaction(workspace, user, "block_suggestion")
    return {**body, "block_id": block_id, "action_id": action_id, "value": value}


def command(
    workspace: Workspace, user: User, channel: Channel, name: str, text: str, trigger: str, response_url: str
) -> dict[str, Any]:
    """A slash command: every value is text, as in the form that Slack posts."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team,
        "team_domain": DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel.shown_name,
        "user_id": user.id,
        "user_name": user.handle,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger,
    }
