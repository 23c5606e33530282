"""What the bot asks of Slack: its scopes, the events it hears, its command and shortcut, as an app manifest.

`spnet manifest` prints it, `spnet check` compares the token's scopes with SCOPES. A scope that is not here is not used.
"""

from __future__ import annotations

from typing import Any, Literal

from handlers.actions import SHARE_SHORTCUT

COMMAND = "/spnet"

# Each with what it is for.
SCOPES: dict[str, str] = {
    "app_mentions:read": "hear when somebody calls the bot in a channel, and ask them to talk in private",
    "channels:history": "look in the network's channel whether a message stands there already",
    "channels:read": "see whether the bot is in its channels",
    "chat:write": "write messages and change its own",
    "commands": "the command /spnet and the shortcut that shares a message",
    "files:read": "take the scan of a letter that is handed in with a form",
    "files:write": "share pictures and files that go with a message",
    "groups:history": "the same in a private channel",
    "groups:read": "the same in a private channel",
    "im:history": "hear what people write to the bot",
    "im:write": "open the conversation with a person",
    "users:read": "take a person's time zone, and see in time who cannot be written to",
    "users:read.email": "know people by their e-mail address when they first write",
}
APP_SCOPES = ("connections:write",)
# team_join: somebody new is known by their address; user_change: a closed account is noticed at once.
EVENTS = ("app_home_opened", "app_mention", "message.im", "team_join", "user_change")
EVENTS_PATH = "/slack/events"


def manifest(name: str, mode: Literal["socket", "http"], public_address: str | None = None) -> dict[str, Any]:
    """The app manifest for Slack (https://docs.slack.dev/reference/app-manifest).

    Args:
        name: the network's, for the description.
        mode: in http mode Slack calls `public_address`.

    Raises:
        ValueError: http mode without a public address.
    """
    if mode == "http" and not public_address:
        raise ValueError("http mode needs [pages] public_address")
    address = f"{(public_address or '').rstrip('/')}{EVENTS_PATH}"
    url = {"url": address} if mode == "http" else {}
    request_url = {"request_url": address} if mode == "http" else {}
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": "spnet",
            "description": f"Asks, reminds and tells: the bot of the {name}"[:140],
            "background_color": "#12664a",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "spnet", "always_online": True},
            "shortcuts": [
                {
                    "name": "Share with the network",
                    "type": "message",
                    "callback_id": SHARE_SHORTCUT,
                    "description": "Share this message as an experience",
                }
            ],
            "slash_commands": [
                {
                    "command": COMMAND,
                    **url,
                    "description": "Where we stand, and the secretariat's work",
                    "usage_hint": "help",
                    "should_escape": False,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": mode == "socket",
            "token_rotation_enabled": False,
        },
    }
