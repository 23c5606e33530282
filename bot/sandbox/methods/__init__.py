"""The Web API methods that the sandbox knows, one line each.

Every function takes a Call and gives the keys of Slack's answer besides `ok`; it refuses with an ApiError that has
Slack's own code. Its docstring names the method.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bot.sandbox.methods import auth, chat, conversations, files, reactions, users, views

if TYPE_CHECKING:
    from bot.sandbox.calls import Call


class Method(NamedTuple):
    """How a method is answered; its rate tier (None: no tier of its own); the scope that its token needs.

    An empty scope stands for a bot token with any scopes, None for any token of the app; `{kind}` in it for channels,
    groups or im, by the channel or the `types` of the call.
    """

    run: Callable[[Call], dict[str, Any]]
    tier: int | None
    scope: str | None


METHODS: Final[dict[str, Method]] = {
    "apps.connections.open": Method(auth.connections_open, None, "connections:write"),
    "auth.test": Method(auth.test, None, None),
    "bots.info": Method(auth.bots_info, 3, "users:read"),
    "chat.delete": Method(chat.delete, 3, "chat:write"),
    "chat.getPermalink": Method(chat.get_permalink, None, ""),
    "chat.postEphemeral": Method(chat.post_ephemeral, 4, "chat:write"),
    "chat.postMessage": Method(chat.post_message, None, "chat:write"),
    "chat.update": Method(chat.update, 3, "chat:write"),
    "conversations.history": Method(conversations.history, 3, "{kind}:history"),
    "conversations.info": Method(conversations.info, 3, "{kind}:read"),
    "conversations.join": Method(conversations.join, 3, "channels:join"),
    "conversations.list": Method(conversations.list_all, 2, "{kind}:read"),
    "conversations.members": Method(conversations.members, 4, "{kind}:read"),
    "conversations.open": Method(conversations.open_direct, 3, "im:write"),
    "conversations.replies": Method(conversations.replies, 3, "{kind}:history"),
    "files.completeUploadExternal": Method(files.complete_upload, 4, "files:write"),
    "files.getUploadURLExternal": Method(files.get_upload_url, 4, "files:write"),
    "files.info": Method(files.info, 4, "files:read"),
    "reactions.add": Method(reactions.add, 3, "reactions:write"),
    "reactions.remove": Method(reactions.remove, 2, "reactions:write"),
    "team.info": Method(auth.team_info, 3, "team:read"),
    "users.conversations": Method(users.conversations, 3, "{kind}:read"),
    "users.info": Method(users.info, 4, "users:read"),
    "users.list": Method(users.list_all, 2, "users:read"),
    "users.lookupByEmail": Method(users.lookup_by_email, 3, "users:read.email"),
    "views.open": Method(views.open_modal, 4, ""),
    "views.publish": Method(views.publish, 4, ""),
    "views.push": Method(views.push, 4, ""),
    "views.update": Method(views.update, 4, ""),
}
