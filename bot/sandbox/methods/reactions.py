"""Emoji under a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.sandbox import events, payloads
from bot.sandbox.failures import ApiError
from bot.sandbox.methods.conversations import visible
from bot.sandbox.methods.pins import item
from bot.sandbox.things import BOT_USER

if TYPE_CHECKING:
    from bot.sandbox.calls import Call
    from bot.sandbox.things import Message

NAME = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")


def add(call: Call) -> dict[str, Any]:
    """reactions.add"""
    name, message = _find(call)
    people = message.reactions.setdefault(name, [])
    if BOT_USER in people:
        raise ApiError("already_reacted")
    people.append(BOT_USER)
    _reacted(call, "reaction_added", name, message)
    return {}


def remove(call: Call) -> dict[str, Any]:
    """reactions.remove"""
    name, message = _find(call)
    people = message.reactions.get(name, [])
    if BOT_USER not in people:
        raise ApiError("no_reaction")
    people.remove(BOT_USER)
    if not people:
        del message.reactions[name]
    _reacted(call, "reaction_removed", name, message)
    return {}


def get(call: Call) -> dict[str, Any]:
    """reactions.get: of a message; files carry none here."""
    if call.text("file") is not None:
        file = call.slack.files.find(call.needs("file"))
        return {"type": "file", "file": {**file.wire(call.slack.origin), "reactions": []}}
    if call.text("channel") is None:
        raise ApiError("no_item_specified")
    channel, message = item(call)
    shown = {**message.wire(), "permalink": events.permalink(message)}
    return {"type": "message", "channel": channel.id, "message": shown}


def list_all(call: Call) -> dict[str, Any]:
    """reactions.list: the messages that somebody (the bot unless told) reacted to, newest first, in pages."""
    user = call.text("user") or BOT_USER
    if user not in call.workspace.users:
        raise ApiError("user_not_found")
    found = [
        message
        for channel in call.workspace.channels.values()
        if visible(channel)
        for message in channel.messages.values()
        if any(user in people for people in message.reactions.values())
    ]
    found.sort(key=lambda message: message.ts, reverse=True)
    paging: dict[str, Any] = {}
    if call.text("cursor") or call.text("limit"):
        page, paging = call.page(found, 100, 1000)
    else:
        page, paging = call.numbered(found)
    items = [{"type": "message", "channel": message.channel, "message": message.wire()} for message in page]
    return {"items": items, **paging}


def _reacted(call: Call, kind: str, name: str, message: Message) -> None:
    workspace = call.workspace
    workspace.shown(message)
    event = payloads.reaction_event(kind, workspace.users[BOT_USER], name, message, workspace.next_ts())
    call.slack.tell(event, workspace.channels[message.channel])


def _find(call: Call) -> tuple[str, Message]:
    name = call.needs("name").strip(":")
    if not NAME.fullmatch(name):
        raise ApiError("invalid_name")
    channel = call.slack.channel_for(call.needs("channel"))
    message = channel.messages.get(call.needs("timestamp"))
    if message is None or message.ephemeral:
        raise ApiError("message_not_found")
    return name, message
