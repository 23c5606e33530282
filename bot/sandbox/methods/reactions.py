"""Emoji under a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.failures import ApiError
from bot.sandbox.workspace import BOT_USER

if TYPE_CHECKING:
    from bot.sandbox.calls import Call
    from bot.sandbox.workspace import Message

NAME = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")


def add(call: Call) -> dict[str, Any]:
    """reactions.add"""
    name, message = _find(call)
    people = message.reactions.setdefault(name, [])
    if BOT_USER in people:
        raise ApiError("already_reacted")
    people.append(BOT_USER)
    call.workspace.shown(message)
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
    call.workspace.shown(message)
    return {}


def _find(call: Call) -> tuple[str, Message]:
    name = call.needs("name").strip(":")
    if not NAME.fullmatch(name):
        raise ApiError("invalid_name")
    channel = call.slack.channel_for(call.needs("channel"))
    message = channel.messages.get(call.needs("timestamp"))
    if message is None or message.ephemeral:
        raise ApiError("message_not_found")
    return name, message
