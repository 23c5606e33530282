"""Where a person can click: every element that they see, the likeliest first."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from bot.sandbox.things import Message, User, elements_of
from bot.sandbox.workspace import Workspace

Place = Literal["modal", "message", "home"]


@dataclass(slots=True)
class Spot:
    """One element and the block it stands in, in a message or in a view."""

    block: dict[str, Any]
    element: dict[str, Any]
    message: Message | None = None
    view: dict[str, Any] | None = None


def spots(workspace: Workspace, user: User, message: str | None, where: Place | None) -> Iterator[Spot]:
    """Every element that a person sees.

    Args:
        workspace: where they are.
        user: the person.
        message: the ts of the only message to look in, however old.
        where: the only kind of place to look in; else the modal on top, the messages from the newest on, Home.
    """
    own = [channel for channel in workspace.channels.values() if user.id in channel.members]
    if message is not None:
        for channel in own:
            if message in channel.messages and channel.messages[message].ephemeral_for in (None, user.id):
                yield from _in_message(channel.messages[message])
        return
    if where in (None, "modal") and user.stack:
        yield from _in_view(user.stack[-1])
    if where in (None, "message"):
        newest = [reversed(channel.messages.values()) for channel in own]
        for found in heapq.merge(*newest, key=lambda item: item.ts, reverse=True):
            if found.bot and found.ephemeral_for in (None, user.id):
                yield from _in_message(found)
    if where in (None, "home") and user.home is not None:
        yield from _in_view(user.home)


def _in_message(message: Message) -> Iterator[Spot]:
    for block, element in elements_of(message.blocks):
        yield Spot(block, element, message=message)


def _in_view(view: dict[str, Any]) -> Iterator[Spot]:
    for block, element in elements_of(view["blocks"]):
        yield Spot(block, element, view=view)
