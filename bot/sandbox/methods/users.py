"""People: who they are, and where they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.sandbox import events
from bot.sandbox.failures import ApiError
from bot.sandbox.methods.conversations import visible, wanted_channels
from bot.sandbox.things import APP_ID, BOT_ID, BOT_USER, DOMAIN, User
from bot.sandbox.workspace import Workspace

if TYPE_CHECKING:
    from bot.sandbox.calls import Call
    from bot.sandbox.slack import Slack

STATUS = re.compile(r"(:[a-z0-9_+'-]+:)\s*(.*)")
"""A status with an emoji in front, as in `:palm_tree: on leave`."""


def info(call: Call) -> dict[str, Any]:
    """users.info"""
    user = call.workspace.users.get(call.needs("user"))
    if user is None:
        raise ApiError("user_not_found")
    return {"user": wire(call.slack, user, locale=call.flag("include_locale"))}


def list_all(call: Call) -> dict[str, Any]:
    """users.list, in pages"""
    page, more = call.page(list(call.workspace.users.values()), 1000, 1000)
    locale = call.flag("include_locale")
    members = [wire(call.slack, user, locale=locale) for user in page]
    return {"members": members, "cache_ts": call.workspace.seconds(), **more}


def lookup_by_email(call: Call) -> dict[str, Any]:
    """users.lookupByEmail; deactivated people are not found."""
    user = call.workspace.by_email(call.needs("email"))
    if user is None or user.deactivated:
        raise ApiError("users_not_found")
    return {"user": wire(call.slack, user, locale=call.flag("include_locale"))}


def conversations(call: Call) -> dict[str, Any]:
    """users.conversations: where a person (the bot unless told) is a member."""
    user = call.text("user") or BOT_USER
    if user not in call.workspace.users:
        raise ApiError("user_not_found")
    found = wanted_channels(call, (c for c in call.workspace.channels.values() if user in c.members and visible(c)))
    page, more = call.page(found, 100, 999)
    return {"channels": [channel.wire() for channel in page], **more}


def profile(call: Call) -> dict[str, Any]:
    """users.profile.get: of a person, of the bot unless told."""
    user = call.workspace.users.get(call.text("user") or BOT_USER)
    if user is None:
        raise ApiError("user_not_found")
    return {"profile": profile_of(call.slack, user)}


def profile_set(_call: Call) -> dict[str, Any]:
    """users.profile.set: Slack takes a person's token only, and this app has none."""
    raise ApiError("not_allowed_token_type")


def presence(call: Call) -> dict[str, Any]:
    """users.getPresence: everybody whose account is open is there; of the bot itself it tells more.

    Of somebody whom nobody knows Slack's reference says nothing; it is refused as users.info does.
    """
    user = call.workspace.users.get(call.text("user") or BOT_USER)
    if user is None:
        raise ApiError("user_not_found")
    if user.id != BOT_USER:
        return {"presence": "away" if user.deactivated else "active"}
    sockets = call.slack.outbox.sockets.count
    return {
        "presence": "active" if sockets else "away",
        "online": bool(sockets),
        "auto_away": False,
        "manual_away": False,
        "connection_count": sockets,
        "last_activity": call.workspace.seconds(),
    }


def profile_of(slack: Slack, user: User) -> dict[str, Any]:
    """The profile of the Web API; the address only with the scope for it."""
    status = STATUS.fullmatch(user.status)
    emoji, text = status.groups() if status else ("", user.status)
    avatar = f"https://{DOMAIN}.slack.com/avatars/{user.id}"
    found: dict[str, Any] = {
        "title": user.title,
        "phone": "",
        "skype": "",
        "real_name": user.name,
        "real_name_normalized": user.name,
        "display_name": user.handle,
        "display_name_normalized": user.handle,
        "fields": None,
        "first_name": user.name.partition(" ")[0],
        "last_name": user.name.partition(" ")[2],
        "team": user.team,
        "status_text": text,
        "status_text_canonical": "",
        "status_emoji": emoji,
        "status_emoji_display_info": [],
        "status_expiration": 0,
        "avatar_hash": "",
        **{f"image_{size}": f"{avatar}-{size}.png" for size in (24, 32, 48, 72, 192, 512)},
    }
    if user.is_bot:
        found |= {"bot_id": BOT_ID, "api_app_id": APP_ID, "always_active": True}
    elif "users:read.email" in slack.tokens.scopes and user.email:
        found["email"] = user.email
    return found


def wire(slack: Slack, user: User, *, locale: bool = False) -> dict[str, Any]:
    """The user object of the Web API and of events; of a closed account Slack tells less."""
    workspace: Workspace = slack.workspace
    body: dict[str, Any] = {
        "id": user.id,
        "team_id": user.team,
        "name": user.handle,
        "deleted": user.deactivated,
        "profile": profile_of(slack, user),
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": workspace.seconds(),
    }
    if user.deactivated:
        return body
    body |= {
        "color": "9f69e7",
        "real_name": user.name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": workspace.offset(user.tz),
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.guest,
        "is_ultra_restricted": user.single_channel,
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }
    if user.team != workspace.team:
        body["is_stranger"] = True
    if locale:
        body["locale"] = "en-GB"
    return body


def changed(slack: Slack, user: User, kind: str = "user_change") -> None:
    """Somebody changed, or came into the workspace (`team_join`): who looks on sees it, and the bot is told."""
    workspace = slack.workspace
    workspace.touch("user", user.id)
    event = events.user_event(kind, wire(slack, user), workspace.seconds(), workspace.next_ts())
    slack.event(event, external=user.team != workspace.team)
