"""Channels and direct messages: find, open, read, join."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import payloads
from bot.sandbox.failures import ApiError
from bot.sandbox.things import BOT_USER, Channel, Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox.calls import Call

KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im"}


def open_direct(call: Call) -> dict[str, Any]:
    """conversations.open: by `users` (one person) or `channel` (a direct message's id).

    People of other organisations cannot be written to first: user_not_visible.
    """
    workspace = call.workspace
    wanted = call.text("channel")
    if wanted:
        channel = workspace.channels.get(wanted)
        if channel is None:
            raise ApiError("channel_not_found")
        if not channel.direct:
            raise ApiError("method_not_supported_for_channel_type")
        return _opened(call, channel, existed=True)
    people = [user for user in (call.text("users") or "").split(",") if user.strip()]
    if not people:
        raise ApiError("users_list_not_supplied")
    if len(people) > 1:
        raise ApiError("method_not_supported_for_channel_type")
    user = workspace.users.get(people[0].strip())
    if user is None or user.id == BOT_USER:
        raise ApiError("user_not_found")
    if user.deactivated:
        raise ApiError("user_disabled")
    if user.team != workspace.team and not workspace.has_direct(user.id):
        raise ApiError("user_not_visible")
    existed = workspace.has_direct(user.id)
    return _opened(call, workspace.direct(user.id), existed=existed)


def info(call: Call) -> dict[str, Any]:
    """conversations.info"""
    return {"channel": call.slack.channel_for(call.needs("channel")).wire()}


def list_all(call: Call) -> dict[str, Any]:
    """conversations.list: what the bot can see, by `types`, in pages."""
    found = wanted_channels(call, (c for c in call.workspace.channels.values() if visible(c)))
    page, more = call.page(found, 100, 1000)
    return {"channels": [channel.wire() for channel in page], **more}


def members(call: Call) -> dict[str, Any]:
    """conversations.members"""
    channel = call.slack.channel_for(call.needs("channel"))
    page, more = call.page(list(channel.members), 100, 1000)
    return {"members": list(page), **more}


def join(call: Call) -> dict[str, Any]:
    """conversations.join: public channels only."""
    channel = call.slack.channel_for(call.needs("channel"))
    if channel.kind != "channel":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.archived:
        raise ApiError("is_archived")
    if BOT_USER in channel.members:
        return {
            "channel": channel.wire(),
            "warning": "already_in_channel",
            "response_metadata": {"warnings": ["already_in_channel"]},
        }
    channel.members[BOT_USER] = None
    call.workspace.touch("channel", channel.id)
    bot = call.workspace.users[BOT_USER]
    call.slack.tell(payloads.joined_event(bot, channel, call.workspace.next_ts()), channel)
    return {"channel": channel.wire()}


def history(call: Call) -> dict[str, Any]:
    """conversations.history: newest first; ephemeral messages and replies in threads are not in it."""
    channel = _readable(call)
    found = [
        message
        for message in reversed(channel.messages.values())
        if not message.ephemeral and (message.thread_ts is None or message.thread_ts == message.ts or message.broadcast)
    ]
    return _messages(call, channel, found)


def replies(call: Call) -> dict[str, Any]:
    """conversations.replies: the parent and its replies, oldest first."""
    channel = _readable(call)
    ts = call.needs("ts")
    if ts not in channel.messages or channel.messages[ts].ephemeral:
        raise ApiError("thread_not_found")
    found = [m for m in channel.messages.values() if not m.ephemeral and ts in (m.ts, m.thread_ts)]
    return _messages(call, channel, found)


def visible(channel: Channel) -> bool:
    """Whether the bot knows that this channel exists."""
    return channel.kind == "channel" or BOT_USER in channel.members


def wanted_channels(call: Call, channels: Iterable[Channel]) -> list[Channel]:
    """Those of some channels that `types` and `exclude_archived` ask for.

    Raises:
        ApiError: invalid_types.
    """
    types = [kind.strip() for kind in (call.text("types") or "public_channel").split(",")]
    if not set(types) <= {*KINDS, "mpim"}:
        raise ApiError("invalid_types")
    kinds = {KINDS[kind] for kind in types if kind in KINDS}
    live = call.flag("exclude_archived")
    return [c for c in channels if c.kind in kinds and not (live and c.archived)]


def _opened(call: Call, channel: Channel, *, existed: bool) -> dict[str, Any]:
    was_open, channel.closed = existed and not channel.closed, False
    answer: dict[str, Any] = {"channel": _short(call, channel)}
    return {**answer, "no_op": True, "already_open": True} if was_open else answer


def _short(call: Call, channel: Channel) -> dict[str, Any]:
    return channel.wire() if call.flag("return_im") else {"id": channel.id}


def _readable(call: Call) -> Channel:
    channel = call.slack.channel_for(call.needs("channel"))
    if BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _messages(call: Call, channel: Channel, found: list[Message]) -> dict[str, Any]:
    oldest, latest, inclusive = call.text("oldest"), call.text("latest"), call.flag("inclusive")
    if oldest:
        first = micros(oldest, "invalid_ts_oldest")
        found = [m for m in found if (at := micros(m.ts)) > first or (inclusive and at == first)]
    if latest:
        last = micros(latest, "invalid_ts_latest")
        found = [m for m in found if (at := micros(m.ts)) < last or (inclusive and at == last)]
    page, more = call.page(found, 100, 999)
    metadata = call.flag("include_all_metadata")
    has_more = bool(more["response_metadata"]["next_cursor"])
    answer: dict[str, Any] = {
        "messages": [message.wire(metadata=metadata) for message in page],
        "has_more": has_more,
        "pin_count": len(channel.pins),
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    return {**answer, **more} if has_more else answer


def micros(ts: str, code: str = "invalid_arguments") -> int:
    """A timestamp such as 1767225600.000100 in microseconds, exactly.

    Raises:
        ApiError: `code` when it is none.
    """
    seconds, _, rest = ts.partition(".")
    if not (seconds or "0").isdigit() or not (rest or "0").isdigit():
        raise ApiError(code)
    return int(seconds or 0) * 1_000_000 + int(rest[:6].ljust(6, "0"))
