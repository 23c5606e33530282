"""Channels: make, rename, describe, archive; who comes in and who goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import events, payloads
from bot.sandbox.failures import ApiError
from bot.sandbox.methods.chat import TIMESTAMP
from bot.sandbox.things import BOT_USER, Channel

if TYPE_CHECKING:
    from bot.sandbox.calls import Call

LONGEST_NAME = 80
LONGEST_TOPIC = 250


def create(call: Call) -> dict[str, Any]:
    """conversations.create: the bot is in it."""
    name = _name(call)
    channel = call.workspace.add_channel(call.workspace.next_id("C"), name, [BOT_USER], private=call.flag("is_private"))
    channel.creator = BOT_USER
    if channel.kind == "channel":
        call.slack.event(events.created_event(channel, call.workspace.next_ts()))
    return {"channel": channel.wire()}


def rename(call: Call) -> dict[str, Any]:
    """conversations.rename: only who made a channel may rename it (Slack: or an administrator)."""
    channel = _inside(call)
    if channel.archived:
        raise ApiError("is_archived")
    if channel.creator != BOT_USER:
        raise ApiError("not_authorized")
    name = _name(call)
    channel.previous_names = [channel.name, *channel.previous_names]
    channel.name = name
    _changed(call, channel, events.renamed_event(channel, call.workspace.next_ts()))
    return {"channel": channel.wire()}


def set_topic(call: Call) -> dict[str, Any]:
    """conversations.setTopic"""
    channel = _open(call)
    channel.topic, channel.topic_set = _words(call, "topic"), [BOT_USER, call.workspace.seconds()]
    _changed(call, channel)
    return {"channel": channel.wire()}


def set_purpose(call: Call) -> dict[str, Any]:
    """conversations.setPurpose"""
    channel = _open(call)
    channel.purpose, channel.purpose_set = _words(call, "purpose"), [BOT_USER, call.workspace.seconds()]
    _changed(call, channel)
    return {"channel": channel.wire()}


def archive(call: Call) -> dict[str, Any]:
    """conversations.archive"""
    channel = _channel(call)
    if channel.archived:
        raise ApiError("already_archived")
    if BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    channel.archived = True
    _changed(call, channel, events.archived_event(channel, BOT_USER, call.workspace.next_ts()))
    return {}


def unarchive(call: Call) -> dict[str, Any]:
    """conversations.unarchive"""
    channel = _channel(call)
    if not channel.archived:
        raise ApiError("not_archived")
    channel.archived = False
    _changed(call, channel, events.archived_event(channel, BOT_USER, call.workspace.next_ts()))
    return {}


def invite(call: Call) -> dict[str, Any]:
    """conversations.invite: all or none of them, or with `force` those who can come."""
    channel = _channel(call)
    wanted = [user for user in (call.text("users") or "").replace(" ", "").split(",") if user]
    if not wanted:
        raise ApiError("no_user")
    if channel.archived:
        raise ApiError("is_archived")
    if BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    refused = {user: code for user in wanted if (code := _why_not(call, channel, user))}
    errors = [{"user": user, "ok": False, "error": code} for user, code in refused.items()]
    if errors and (not call.flag("force") or len(errors) == len(wanted)):
        raise ApiError(next(iter(refused.values())), errors=errors)
    for id in wanted:
        if id not in refused:
            channel.members[id] = None
            event = payloads.joined_event(call.workspace.users[id], channel, call.workspace.next_ts(), BOT_USER)
            _changed(call, channel, event)
    answer: dict[str, Any] = {"channel": channel.wire()}
    return {**answer, "errors": errors} if errors else answer


def kick(call: Call) -> dict[str, Any]:
    """conversations.kick"""
    channel = _channel(call)
    id = call.text("user")
    if id is None:
        raise ApiError("no_user")
    if id == BOT_USER:
        raise ApiError("cant_kick_self")
    user = call.workspace.users.get(id)
    if user is None:
        raise ApiError("user_not_found")
    if id not in channel.members or BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    del channel.members[id]
    call.workspace.touch("left", id, channel.id)
    _changed(call, channel, events.left_event(user, channel, call.workspace.next_ts()))
    return {"errors": {}}


def leave(call: Call) -> dict[str, Any]:
    """conversations.leave"""
    channel = _channel(call)
    if channel.archived:
        raise ApiError("is_archived")
    if BOT_USER not in channel.members:
        return {"not_in_channel": True}
    if len(channel.members) == 1:
        raise ApiError("last_member")
    _changed(call, channel, events.gone_event(channel, BOT_USER, call.workspace.next_ts()))
    del channel.members[BOT_USER]
    call.workspace.touch("channel", channel.id)
    return {}


def mark(call: Call) -> dict[str, Any]:
    """conversations.mark: how far the bot has read."""
    channel = call.slack.channel_for(call.needs("channel"))
    ts = call.needs("ts")
    if not TIMESTAMP.fullmatch(ts):
        raise ApiError("invalid_timestamp")
    if BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    channel.read[BOT_USER] = ts
    call.workspace.touch("channel", channel.id)
    return {}


def close(call: Call) -> dict[str, Any]:
    """conversations.close: a direct message; the next message opens it again."""
    channel = call.slack.channel_for(call.needs("channel"))
    if not channel.direct:
        raise ApiError("method_not_supported_for_channel_type")
    if channel.closed:
        return {"no_op": True, "already_closed": True}
    channel.closed = True
    call.workspace.touch("channel", channel.id)
    return {}


def _channel(call: Call) -> Channel:
    channel = call.slack.channel_for(call.needs("channel"))
    if channel.direct:
        raise ApiError("method_not_supported_for_channel_type")
    return channel


def _inside(call: Call) -> Channel:
    channel = _channel(call)
    if BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _open(call: Call) -> Channel:
    channel = _inside(call)
    if channel.archived:
        raise ApiError("is_archived")
    return channel


def _words(call: Call, name: str) -> str:
    found = str(call.arguments.get(name) or "")
    if len(found) > LONGEST_TOPIC:
        raise ApiError("too_long")
    return found


def _name(call: Call) -> str:
    name = (call.text("name") or "").lstrip("#")
    if not name:
        raise ApiError("invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise ApiError("invalid_name_maxlength")
    if name != name.lower() or not all(sign.isalnum() or sign in "-_" for sign in name):
        raise ApiError("invalid_name_specials")
    if not any(sign.isalnum() for sign in name):
        raise ApiError("invalid_name_punctuation")
    if call.workspace.named(name) is not None:
        raise ApiError("name_taken")
    return name


def _why_not(call: Call, channel: Channel, id: str) -> str | None:
    """Slack's code for somebody who cannot be invited; people of other organisations come by another method."""
    if id == BOT_USER:
        return "cant_invite_self"
    user = call.workspace.users.get(id)
    if user is None:
        return "user_not_found"
    if id in channel.members:
        return "already_in_channel"
    if user.deactivated or user.team != call.workspace.team:
        return "cant_invite"
    inside = [c for c in call.workspace.channels.values() if not c.direct and id in c.members]
    return "ura_max_channels" if user.single_channel and inside else None


def _changed(call: Call, channel: Channel, event: dict[str, Any] | None = None) -> None:
    call.workspace.touch("channel", channel.id)
    if event is not None:
        call.slack.tell(event, channel)
