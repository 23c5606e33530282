"""Which scopes a call and an event need (Slack's reference of each method and event)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.sandbox.methods import FREE, METHODS, WRITE
from bot.sandbox.tokens import APP_SCOPE
from bot.sandbox.workspace import Workspace

EVENTS: Final[Mapping[str, str]] = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "channel_archive": "channels:read",
    "channel_created": "channels:read",
    "channel_left": "channels:read",
    "channel_rename": "channels:read",
    "channel_unarchive": "channels:read",
    "file_created": "files:read",
    "file_deleted": "files:read",
    "file_shared": "files:read",
    "group_archive": "groups:read",
    "group_left": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "team_join": "users:read",
    "tokens_revoked": "",
    "user_change": "users:read",
}
"""Every event that the sandbox sends, and the scope without which it does not come."""

USUAL: Final = (
    "app_home_opened",
    "app_mention",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "reaction_removed",
)
"""What an app is subscribed to unless it says something else."""

KINDS: Final[Mapping[str, str]] = {"channel": "channels", "group": "groups", "im": "im"}
WRITES: Final[Mapping[str, str]] = {"channel": "channels:manage", "group": "groups:write", "im": "im:write"}
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
    if scope == WRITE:
        channel = workspace.channels.get(str(arguments.get("channel")))
        private = str(arguments.get("is_private", "")).lower() in ("1", "true")
        return [WRITES["group" if private else channel.kind if channel else "channel"]]
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
        if row.scope == WRITE:
            found.update(WRITES.values())
        elif row.scope and row.scope not in (APP_SCOPE, FREE):
            found.update(row.scope.format(kind=kind) for kind in (KINDS.values() if "{" in row.scope else [""]))
    return found
