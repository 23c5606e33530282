"""People: who they are, and where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.failures import ApiError
from bot.sandbox.methods.conversations import visible, wanted_channels
from bot.sandbox.workspace import APP_ID, BOT_ID, BOT_USER, User, Workspace

if TYPE_CHECKING:
    from bot.sandbox.calls import Call


def info(call: Call) -> dict[str, Any]:
    """users.info"""
    user = call.workspace.users.get(call.needs("user"))
    if user is None:
        raise ApiError("user_not_found")
    return {"user": wire(call, user)}


def list_all(call: Call) -> dict[str, Any]:
    """users.list, in pages"""
    page, more = call.page(list(call.workspace.users.values()), 1000, 1000)
    return {"members": [wire(call, user) for user in page], "cache_ts": call.workspace.seconds(), **more}


def lookup_by_email(call: Call) -> dict[str, Any]:
    """users.lookupByEmail; deactivated people are not found."""
    user = call.workspace.by_email(call.needs("email"))
    if user is None or user.deactivated:
        raise ApiError("users_not_found")
    return {"user": wire(call, user)}


def conversations(call: Call) -> dict[str, Any]:
    """users.conversations: where a person (the bot unless told) is a member."""
    user = call.text("user") or BOT_USER
    if user not in call.workspace.users:
        raise ApiError("user_not_found")
    found = wanted_channels(call, (c for c in call.workspace.channels.values() if user in c.members and visible(c)))
    page, more = call.page(found, 100, 999)
    return {"channels": [channel.wire() for channel in page], **more}


def wire(call: Call, user: User) -> dict[str, Any]:
    """The user object of the Web API; the address only with the scope for it."""
    workspace: Workspace = call.workspace
    profile: dict[str, Any] = {
        "real_name": user.name,
        "real_name_normalized": user.name,
        "display_name": user.handle,
        "display_name_normalized": user.handle,
        "first_name": user.name.partition(" ")[0],
        "last_name": user.name.partition(" ")[2],
        "team": user.team,
        "status_text": "",
        "status_emoji": "",
    }
    if user.is_bot:
        profile |= {"bot_id": BOT_ID, "api_app_id": APP_ID}
    elif "users:read.email" in call.slack.tokens.scopes and user.email:
        profile["email"] = user.email
    body: dict[str, Any] = {
        "id": user.id,
        "team_id": user.team,
        "name": user.handle,
        "deleted": user.deactivated,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": workspace.seconds(),
    }
    if user.deactivated:
        return body
    stranger = user.team != workspace.team
    body |= {
        "real_name": user.name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": workspace.offset(user.tz),
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.guest,
        "is_ultra_restricted": False,
        "is_email_confirmed": True,
    }
    if stranger:
        body["is_stranger"] = True
    if call.flag("include_locale"):
        body["locale"] = "en-GB"
    return body
