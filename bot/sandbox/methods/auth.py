"""Who the app is, and its door for Socket Mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.failures import ApiError
from bot.sandbox.workspace import APP_ID, BOT_ID, BOT_USER, DOMAIN

if TYPE_CHECKING:
    from bot.sandbox.calls import Call


def test(call: Call) -> dict[str, Any]:
    """auth.test"""
    workspace = call.workspace
    return {
        "url": f"https://{DOMAIN}.slack.com/",
        "team": workspace.team_name,
        "user": "spnet",
        "team_id": workspace.team,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def connections_open(call: Call) -> dict[str, Any]:
    """apps.connections.open: a websocket address that opens once."""
    origin = call.slack.origin.replace("http://", "ws://", 1)
    return {"url": origin + call.slack.outbox.sockets.ticket()}


def bots_info(call: Call) -> dict[str, Any]:
    """bots.info"""
    wanted = call.text("bot")
    if wanted not in (None, BOT_ID):
        raise ApiError("bot_not_found")
    return {
        "bot": {
            "id": BOT_ID,
            "deleted": False,
            "name": "spnet",
            "updated": call.workspace.seconds(),
            "app_id": APP_ID,
            "user_id": BOT_USER,
            "icons": {},
        }
    }


def team_info(call: Call) -> dict[str, Any]:
    """team.info"""
    workspace = call.workspace
    wanted = call.text("team")
    if wanted not in (None, workspace.team):
        raise ApiError("team_not_found")
    return {
        "team": {
            "id": workspace.team,
            "name": workspace.team_name,
            "url": f"https://{DOMAIN}.slack.com/",
            "domain": DOMAIN,
            "email_domain": "",
            "icon": {},
        }
    }
