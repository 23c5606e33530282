"""Who the app is, and its door for Socket Mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import events
from bot.sandbox.failures import ApiError
from bot.sandbox.things import APP_ID, BOT_ID, BOT_PROFILE, BOT_USER, DOMAIN

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
            "icons": BOT_PROFILE["icons"],
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
            "icon": {"image_default": True},
            "avatar_base_url": f"https://{DOMAIN}.slack.com/avatars/",
            "is_verified": False,
            "discoverable": "closed",
            "lob_sales_home_enabled": False,
        }
    }


def api_test(call: Call) -> dict[str, Any]:
    """api.test: gives back what it got; with `error` it is refused with that."""
    code = call.text("error")
    if code is not None:
        raise ApiError(code, args=call.arguments)
    return {"args": call.arguments}


def revoke(call: Call) -> dict[str, Any]:
    """auth.revoke: the token of the call is good for nothing any more, unless it is only a test."""
    if call.flag("test"):
        return {"revoked": False}
    call.slack.tokens.revoked.add(call.token)
    if call.token == call.slack.tokens.bot:
        call.slack.event(events.revoked_event(call.workspace.next_ts()))
    return {"revoked": True}


def emoji_list(call: Call) -> dict[str, Any]:
    """emoji.list: a workspace's own emoji; this one has none."""
    return {"emoji": {}, "cache_ts": call.workspace.next_ts()}


def team_profile(_call: Call) -> dict[str, Any]:
    """team.profile.get: a workspace's own profile fields; this one has none."""
    return {"profile": {"fields": [], "sections": []}}
