"""What the listeners need of Bolt, typed: its own decorators are partly unknown to a type checker."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, cast

from bot.reading import storable

Listener = Callable[..., Awaitable[None]]
Payload = dict[str, Any]


class Bolt(Protocol):
    """A Bolt app, as far as listeners are registered on it."""

    def event(self, event: str | re.Pattern[str]) -> Callable[[Listener], object]:
        """Listen to an event."""
        ...

    def action(self, constraints: re.Pattern[str]) -> Callable[[Listener], object]:
        """Listen to buttons and selects."""
        ...

    def view(self, constraints: str | re.Pattern[str]) -> Callable[..., object]:
        """Listen to a filled-in modal; `ack=` answers at once, `lazy=` does what takes long."""
        ...

    def shortcut(self, constraints: str | re.Pattern[str]) -> Callable[[Listener], object]:
        """Listen to a message shortcut."""
        ...

    def command(self, command: str) -> Callable[..., object]:
        """Listen to a slash command; `ack=` answers at once, `lazy=` does the work."""
        ...

    def error(self, func: Listener) -> object:
        """What is done when a listener ends in an error."""
        ...

    def use(self, middleware: Listener) -> object:
        """What every payload passes before its listener."""
        ...


# Set on every payload whose signature was found to be right: only then does it say whose it is.
GENUINE = "spnet_genuine"


async def tidy(body: Payload, context: Payload, next: Listener) -> None:
    """Take out of every payload what no database keeps: control signs, halves of letters. It comes after Bolt has
    checked the signature, and marks the payload as Slack's own."""
    context[GENUINE] = True
    # Python writes such signs as escapes: one look at the whole tells the few payloads that need a walk through them.
    written = repr(body)
    if "\\x" in written or "\\u" in written:
        _tidied(body)
    await next()


def _tidied(part: Any) -> Any:
    if isinstance(part, str):
        return storable(part)
    if isinstance(part, dict):
        held = cast("dict[str, Any]", part)
        for name, value in held.items():
            held[name] = _tidied(value)
    elif isinstance(part, list):
        listed = cast("list[Any]", part)
        listed[:] = map(_tidied, listed)
    return cast("Any", part)


def inside(payload: Payload, name: str) -> Payload:
    """A part of a payload; empty where Slack left it out."""
    part: Payload | None = payload.get(name)
    return part or {}


def chosen(body: Payload) -> str:
    """What the button, or the option of a menu, that was taken carries; empty where it carries nothing."""
    action = body["actions"][0]
    return str(action.get("value") or inside(action, "selected_option").get("value") or "")
