"""Links at the top of a channel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.failures import ApiError
from bot.sandbox.things import APP_ID, BOT_USER, Channel

if TYPE_CHECKING:
    from bot.sandbox.calls import Call

MOST_BOOKMARKS = 100
EMOJI = re.compile(r":[a-z0-9_+'-]+:")
LINK = re.compile(r"https?://\S+", re.IGNORECASE)


def add(call: Call) -> dict[str, Any]:
    """bookmarks.add: links; files and messages as bookmarks are not known here."""
    channel = _place(call)
    title, kind = call.needs("title"), call.needs("type")
    if kind != "link":
        raise ApiError("invalid_bookmark_type")
    if len(channel.bookmarks) >= MOST_BOOKMARKS:
        raise ApiError("too_many_bookmarks")
    link = _link(call.text("link") or "")
    bookmark: dict[str, Any] = {
        "id": call.workspace.next_id("Bk"),
        "channel_id": channel.id,
        "title": title,
        "link": link,
        "emoji": _emoji(call.text("emoji")),
        "icon_url": None,
        "type": kind,
        "entity_id": None,
        "date_created": call.workspace.seconds(),
        "date_updated": 0,
        "rank": f"{len(channel.bookmarks):04d}",
        "last_updated_by_user_id": BOT_USER,
        "last_updated_by_team_id": call.workspace.team,
        "shortcut_id": None,
        "app_id": APP_ID,
        "app_action_id": None,
        "parent_id": call.text("parent_id"),
    }
    channel.bookmarks[bookmark["id"]] = bookmark
    call.workspace.touch("channel", channel.id)
    return {"bookmark": bookmark}


def edit(call: Call) -> dict[str, Any]:
    """bookmarks.edit: only what is given changes."""
    channel = _place(call)
    old = _find(call, channel)
    new = {
        **old,
        "title": call.text("title") or old["title"],
        "link": _link(call.text("link") or old["link"]),
        "emoji": _emoji(call.text("emoji")) or old["emoji"],
        "date_updated": call.workspace.seconds(),
    }
    channel.bookmarks[old["id"]] = new
    call.workspace.touch("channel", channel.id)
    return {"bookmark": new}


def remove(call: Call) -> dict[str, Any]:
    """bookmarks.remove"""
    channel = _place(call)
    del channel.bookmarks[_find(call, channel)["id"]]
    call.workspace.touch("channel", channel.id)
    return {}


def list_all(call: Call) -> dict[str, Any]:
    """bookmarks.list; Slack does not page it."""
    channel = call.slack.channel_for(call.needs("channel_id"))
    return {"bookmarks": list(channel.bookmarks.values())}


def _place(call: Call) -> Channel:
    channel = call.slack.channel_for(call.needs("channel_id"))
    if BOT_USER not in channel.members:
        raise ApiError("permission_denied")
    return channel


def _find(call: Call, channel: Channel) -> dict[str, Any]:
    found = channel.bookmarks.get(call.needs("bookmark_id"))
    if found is None:
        raise ApiError("not_found")
    return found


def _link(link: str) -> str:
    if not LINK.fullmatch(link):
        raise ApiError("invalid_link")
    return link


def _emoji(name: str | None) -> str:
    if name and not EMOJI.fullmatch(name):
        raise ApiError("invalid_emoji")
    return name or ""
