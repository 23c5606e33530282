"""Events about pins, channels, files, people and the app itself, with every key that Slack sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.things import BOT_USER, DOMAIN, Channel, Message, User

if TYPE_CHECKING:
    from bot.sandbox.files import File


def permalink(message: Message) -> str:
    """The address at which people find a message."""
    return f"https://{DOMAIN}.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"


def pinned_item(message: Message) -> dict[str, Any]:
    """A pinned message as pins.list and the events show it."""
    pinned = message.pinned or {"by": message.user, "at": 0}
    return {
        "type": "message",
        "created": pinned["at"],
        "created_by": pinned["by"],
        "channel": message.channel,
        "message": {**message.wire(), "permalink": permalink(message)},
    }


def pin_event(kind: str, user: str, channel: Channel, message: Message, ts: str) -> dict[str, Any]:
    """Somebody pinned a message or took the pin away: `pin_added` or `pin_removed`."""
    pins = channel.pins
    event: dict[str, Any] = {
        "type": kind,
        "user": user,
        "channel_id": channel.id,
        "item": pinned_item(message),
        "item_user": message.user,
        "pin_count": len(pins),
        "pinned_info": {"channel": channel.id, "pinned_by": user, "pinned_ts": int(float(ts))},
        "event_ts": ts,
    }
    if kind == "pin_removed":
        event["has_pins"] = bool(pins)
    return event


def created_event(channel: Channel, ts: str) -> dict[str, Any]:
    """A public channel was made."""
    whole = channel.wire()
    keys = ("id", "is_channel", "name", "name_normalized", "created", "creator", "is_shared", "is_org_shared")
    shown = {key: whole[key] for key in (*keys, "context_team_id")}
    return {"type": "channel_created", "channel": shown, "event_ts": ts}


def renamed_event(channel: Channel, ts: str) -> dict[str, Any]:
    """A channel has another name."""
    whole = channel.wire()
    keys = ("id", "is_channel", "is_mpim", "is_group", "name", "name_normalized", "created")
    return {"type": _kind(channel, "rename"), "channel": {key: whole[key] for key in keys}, "event_ts": ts}


def archived_event(channel: Channel, user: str, ts: str) -> dict[str, Any]:
    """A channel was archived, or opened again."""
    kind = _kind(channel, "archive" if channel.archived else "unarchive")
    event: dict[str, Any] = {"type": kind, "channel": channel.id, "user": user, "event_ts": ts}
    return {**event, "is_moved": 0} if channel.archived else event


def left_event(user: User, channel: Channel, ts: str) -> dict[str, Any]:
    """Somebody else went out of a channel, or was removed."""
    return {
        "type": "member_left_channel",
        "user": user.id,
        "channel": channel.id,
        "channel_type": "G" if channel.kind == "group" else "C",
        "team": user.team,
        "event_ts": ts,
    }


def gone_event(channel: Channel, actor: str, ts: str) -> dict[str, Any]:
    """The bot itself is no longer in a channel; `actor` did it."""
    return {"type": _kind(channel, "left"), "channel": channel.id, "actor_id": actor, "event_ts": ts}


def file_event(kind: str, file: File, ts: str, channel: str | None = None) -> dict[str, Any]:
    """A file came, was shared into a channel, or was deleted: `file_created`, `file_shared`, `file_deleted`."""
    event: dict[str, Any] = {"type": kind, "file_id": file.id, "event_ts": ts}
    if kind == "file_deleted":
        return event
    event |= {"user_id": file.user, "file": {"id": file.id}}
    return {**event, "channel_id": channel} if kind == "file_shared" else event


def user_event(kind: str, user: dict[str, Any], seconds: int, ts: str) -> dict[str, Any]:
    """Somebody came into the workspace or changed: `team_join` or `user_change`, with the Web API's user object."""
    event: dict[str, Any] = {"type": kind, "user": user, "event_ts": ts}
    return event if kind == "team_join" else {**event, "cache_ts": seconds}


def revoked_event(ts: str) -> dict[str, Any]:
    """The bot's token was revoked."""
    return {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER]}, "event_ts": ts}


def uninstalled_event(ts: str) -> dict[str, Any]:
    """The app was taken out of the workspace."""
    return {"type": "app_uninstalled", "event_ts": ts}


def _kind(channel: Channel, what: str) -> str:
    return f"{'group' if channel.kind == 'group' else 'channel'}_{what}"
