"""The Web API methods that the sandbox knows, one line each.

Every function takes a Call and gives the keys of Slack's answer besides `ok`; it refuses with an ApiError that has
Slack's own code. Its docstring names the method.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bot.sandbox.methods import (
    auth,
    bookmarks,
    channels,
    chat,
    conversations,
    files,
    pins,
    reactions,
    scheduling,
    users,
    views,
)

if TYPE_CHECKING:
    from bot.sandbox.calls import Call


FREE: Final = "free"
"""In the place of a scope: the method needs no token."""

WRITE: Final = "write"
"""In the place of a scope: channels:manage, groups:write or im:write, by the channel of the call."""


class Method(NamedTuple):
    """How a method is answered; its rate tier (None: no tier of its own); the scope that its token needs.

    An empty scope stands for a bot token with any scopes, None for any token of the app; `{kind}` in it for channels,
    groups or im, by the channel or the `types` of the call.
    """

    run: Callable[[Call], dict[str, Any]]
    tier: int | None
    scope: str | None


METHODS: Final[dict[str, Method]] = {
    "api.test": Method(auth.api_test, 4, FREE),
    "apps.connections.open": Method(auth.connections_open, None, "connections:write"),
    "auth.revoke": Method(auth.revoke, 3, None),
    "auth.test": Method(auth.test, None, None),
    "bookmarks.add": Method(bookmarks.add, 2, "bookmarks:write"),
    "bookmarks.edit": Method(bookmarks.edit, 2, "bookmarks:write"),
    "bookmarks.list": Method(bookmarks.list_all, 3, "bookmarks:read"),
    "bookmarks.remove": Method(bookmarks.remove, 2, "bookmarks:write"),
    "bots.info": Method(auth.bots_info, 3, "users:read"),
    "chat.delete": Method(chat.delete, 3, "chat:write"),
    "chat.deleteScheduledMessage": Method(scheduling.delete, 3, "chat:write"),
    "chat.getPermalink": Method(chat.get_permalink, None, ""),
    "chat.meMessage": Method(chat.me_message, 3, "chat:write"),
    "chat.postEphemeral": Method(chat.post_ephemeral, 4, "chat:write"),
    "chat.postMessage": Method(chat.post_message, None, "chat:write"),
    "chat.scheduledMessages.list": Method(scheduling.list_all, 3, ""),
    "chat.scheduleMessage": Method(scheduling.schedule, 3, "chat:write"),
    "chat.update": Method(chat.update, 3, "chat:write"),
    "conversations.archive": Method(channels.archive, 2, WRITE),
    "conversations.close": Method(channels.close, 2, WRITE),
    "conversations.create": Method(channels.create, 2, WRITE),
    "conversations.history": Method(conversations.history, 3, "{kind}:history"),
    "conversations.info": Method(conversations.info, 3, "{kind}:read"),
    "conversations.invite": Method(channels.invite, 3, WRITE),
    "conversations.join": Method(conversations.join, 3, "channels:join"),
    "conversations.kick": Method(channels.kick, 3, WRITE),
    "conversations.leave": Method(channels.leave, 3, WRITE),
    "conversations.list": Method(conversations.list_all, 2, "{kind}:read"),
    "conversations.mark": Method(channels.mark, 3, WRITE),
    "conversations.members": Method(conversations.members, 4, "{kind}:read"),
    "conversations.open": Method(conversations.open_direct, 3, "im:write"),
    "conversations.rename": Method(channels.rename, 2, WRITE),
    "conversations.replies": Method(conversations.replies, 3, "{kind}:history"),
    "conversations.setPurpose": Method(channels.set_purpose, 2, WRITE),
    "conversations.setTopic": Method(channels.set_topic, 2, WRITE),
    "conversations.unarchive": Method(channels.unarchive, 2, WRITE),
    "emoji.list": Method(auth.emoji_list, 2, "emoji:read"),
    "files.completeUploadExternal": Method(files.complete_upload, 4, "files:write"),
    "files.delete": Method(files.delete, 3, "files:write"),
    "files.getUploadURLExternal": Method(files.get_upload_url, 4, "files:write"),
    "files.info": Method(files.info, 4, "files:read"),
    "files.list": Method(files.list_all, 3, "files:read"),
    "pins.add": Method(pins.add, 2, "pins:write"),
    "pins.list": Method(pins.list_all, 2, "pins:read"),
    "pins.remove": Method(pins.remove, 2, "pins:write"),
    "reactions.add": Method(reactions.add, 3, "reactions:write"),
    "reactions.get": Method(reactions.get, 3, "reactions:read"),
    "reactions.list": Method(reactions.list_all, 2, "reactions:read"),
    "reactions.remove": Method(reactions.remove, 2, "reactions:write"),
    "team.info": Method(auth.team_info, 3, "team:read"),
    "team.profile.get": Method(auth.team_profile, 3, "users.profile:read"),
    "users.conversations": Method(users.conversations, 3, "{kind}:read"),
    "users.getPresence": Method(users.presence, 3, "users:read"),
    "users.info": Method(users.info, 4, "users:read"),
    "users.list": Method(users.list_all, 2, "users:read"),
    "users.lookupByEmail": Method(users.lookup_by_email, 3, "users:read.email"),
    "users.profile.get": Method(users.profile, 4, "users.profile:read"),
    "users.profile.set": Method(users.profile_set, 3, ""),
    "views.open": Method(views.open_modal, 4, ""),
    "views.publish": Method(views.publish, 4, ""),
    "views.push": Method(views.push, 4, ""),
    "views.update": Method(views.update, 4, ""),
}
