"""Which scopes a call and an event need (Slack's reference of each method and event)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.sandbox.methods import METHODS
from bot.sandbox.tokens import APP_SCOPE
from bot.sandbox.workspace import Workspace

EVENTS: Final[Mapping[str, str]] = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "member_joined_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
}
"""Every event that the sandbox sends, and the scope without which it does not come."""

KINDS: Final[Mapping[str, str]] = {"channel": "channels", "group": "groups", "im": "im"}
TYPES: Final[Mapping[str, str]] = {
    "public_channel": "channels",
    "private_channel": "groups",
    "im": "im",
    "mpim": "mpim",
}


def needed(method: str, arguments: Mapping[str, Any], workspace: Workspace) -> list[str] | None:
    """The scopes that a call needs; None when any token of the app will do."""
    scope = METHODS[method].scope
    if scope is None:
        return None
    if "{kind}" not in scope:
        return [scope] if scope else []
    if "channel" in arguments:
        channel = workspace.channels.get(str(arguments["channel"]))
        return [scope.format(kind=KINDS[channel.kind] if channel else "channels")]
    types = str(arguments.get("types") or "public_channel").split(",")
    return [scope.format(kind=TYPES[kind.strip()]) for kind in types if kind.strip() in TYPES]


def every() -> set[str]:
    """Every bot scope that some method, event or command here needs."""
    found = {"commands", *filter(None, EVENTS.values())}
    for row in METHODS.values():
        if row.scope and row.scope != APP_SCOPE:
            found.update(row.scope.format(kind=kind) for kind in (KINDS.values() if "{" in row.scope else [""]))
    return found
