"""What one person sees, whole or only what changed since they last looked."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.drawing import Reader, drawn, drawn_attachments, drawn_text
from bot.sandbox.drawing.emoji import character
from bot.sandbox.elements import STATEFUL
from bot.sandbox.slack import Slack
from bot.sandbox.things import APP_ID, BOT_USER, Channel, Message, User, elements_of
from bot.sandbox.workspace import Workspace

APP_NAME = "spnet"

_CALLED = re.compile(r"<!(?:channel|here|everyone|subteam)\b")


class Seen:
    """Reads the workspace with one person's eyes.

    Args:
        slack: the sandbox's Slack.
        user: the person.
        drawn: whether texts come with what a page draws.
    """

    def __init__(self, slack: Slack, user: User, *, drawn: bool = True) -> None:
        self._slack = slack
        self._workspace: Workspace = slack.workspace
        self._user = user
        self._reader = self._eyes() if drawn else None

    def _eyes(self) -> Reader:
        workspace = self._workspace

        def name(id: str) -> str | None:
            user, channel = workspace.users.get(id), workspace.channels.get(id)
            if user is not None:
                return user.name
            # What a person may not look into has no name for them.
            return channel.name if channel is not None and self._inside(channel) else None

        return Reader(ZoneInfo(self._user.tz or "UTC"), workspace.clock.now(), name, clock24=True)

    def since(self, n: int) -> dict[str, Any]:
        """What changed after number `n` of the journal; all there is (`whole`) when 0, or when a channel was left."""
        workspace = self._workspace
        if self._reader is not None:
            self._reader = self._eyes()
        body: dict[str, Any] = {
            "n": workspace.journal.n,
            "now": workspace.clock.now().isoformat(),
            "me": self._user.id,
            "people": [],
            "channels": [],
            "messages": [],
            "gone": [],
        }
        changed = workspace.journal.since(n)
        if n <= 0 or n > workspace.journal.n or any(key[:2] == ("left", self._user.id) for key in changed):
            return {**self._all(body), "whole": True}
        channels: dict[str, None] = {}
        for kind, *ids in changed:
            if kind == "user":
                body["people"].append(self.person(workspace.users[ids[0]]))
            elif kind == "channel":
                channels[ids[0]] = None
            elif kind == "message":
                self._message_changed(body, *ids)
                channels[ids[0]] = None
            elif kind == "views" and ids[0] == self._user.id:
                body["modals"] = self._modals()
            elif kind == "home" and ids[0] == self._user.id:
                body["home"] = self._home()
            elif kind == "mail" and ids[0] == self._user.email.casefold():
                body["letters"] = True
        for id in channels:
            self._channel_changed(body, id)
        return body

    def _all(self, body: dict[str, Any]) -> dict[str, Any]:
        workspace = self._workspace
        body["people"] = [self.person(user) for user in workspace.users.values()]
        for channel in workspace.channels.values():
            self._channel_changed(body, channel.id)
            if self._inside(channel):
                body["messages"] += [self.message(m) for m in channel.messages.values() if self._may_see(m)]
        body["modals"] = self._modals()
        body["home"] = self._home()
        body["letters"] = True
        body["app"] = {
            "id": APP_ID,
            "user": BOT_USER,
            "name": APP_NAME,
            "commands": workspace.app_commands,
            "shortcuts": workspace.app_shortcuts,
        }
        return body

    def _message_changed(self, body: dict[str, Any], channel: str, ts: str) -> None:
        place = self._workspace.channels.get(channel)
        if place is None or not self._inside(place):
            return
        message = place.messages.get(ts)
        if message is None:
            body["gone"].append({"channel": channel, "ts": ts})
        elif self._may_see(message):
            body["messages"].append(self.message(message))

    def _channel_changed(self, body: dict[str, Any], id: str) -> None:
        channel = self._workspace.channels.get(id)
        if channel is not None and (channel.kind == "channel" or self._inside(channel)):
            body["channels"].append(self.channel(channel))

    def _inside(self, channel: Channel) -> bool:
        return channel.seen_by(self._user)

    def _may_see(self, message: Message) -> bool:
        return message.ephemeral_for in (None, self._user.id)

    def person(self, user: User) -> dict[str, Any]:
        """Somebody of the workspace."""
        return {
            "id": user.id,
            "name": user.name,
            "handle": user.handle,
            "title": user.title,
            "email": user.email,
            "tz": user.tz,
            "team": user.team,
            "guest": user.guest,
            "stranger": user.team != self._workspace.team,
            "deactivated": user.deactivated,
            "bot": user.is_bot,
            "status": user.status,
        }

    def channel(self, channel: Channel) -> dict[str, Any]:
        """A channel, with what is unread in it for this person."""
        me = self._user.id
        read = channel.read.get(me, "")
        unread = [
            m
            for m in channel.messages.values()
            if m.ts > read and m.user != me and self._may_see(m) and (m.thread_ts in (None, m.ts) or m.broadcast)
        ]
        body: dict[str, Any] = {
            "id": channel.id,
            "name": channel.name,
            "kind": channel.kind,
            "members": list(channel.members),
            "member": me in channel.members,
            "topic": channel.topic,
            "purpose": channel.purpose,
            "archived": channel.archived,
            "unread": len(unread),
            "mentions": sum(f"<@{me}>" in m.text or _CALLED.search(m.text) is not None for m in unread),
            "read": read,
            "pins": [message.ts for message in channel.pins],
            "bookmarks": [
                {key: bookmark[key] for key in ("id", "title", "link", "emoji")}
                for bookmark in channel.bookmarks.values()
            ],
        }
        if channel.direct:
            body["with"] = next(member for member in channel.members if member != me)
        return body

    def message(self, message: Message) -> dict[str, Any]:
        """A message as this person sees it."""
        mine = {place[1:]: held for place, held in message.chosen.items() if place[0] == self._user.id}
        chosen: dict[str, dict[str, Any]] = {}
        for block, element in elements_of(message.blocks) if mine else ():
            place = (block["block_id"], element.get("action_id", ""))
            if place in mine:
                key = STATEFUL[element["type"]].key
                chosen.setdefault(place[0], {})[place[1]] = {"type": element["type"], key: mine[place]}
        replies = [] if not message.reply_count else self._replies(message)
        return {
            "ts": message.ts,
            "channel": message.channel,
            "thread": message.thread_ts,
            "user": message.user,
            "bot": message.bot,
            "text": message.text,
            **self._words(message),
            "files": [self._file(file) for file in message.files],
            "reactions": [
                {"name": name, "char": character(name), "users": users} for name, users in message.reactions.items()
            ],
            "edited": message.edited,
            "ephemeral": message.ephemeral,
            "replies": len(replies),
            "repliers": list(dict.fromkeys(reply.user for reply in replies)),
            "latest_reply": replies[-1].ts if replies else None,
            "broadcast": message.broadcast,
            "subtype": message.subtype,
            "pinned": message.pinned is not None,
            "chosen": chosen,
        }

    def _words(self, message: Message) -> dict[str, Any]:
        reader = self._reader
        if reader is None:
            return {"blocks": message.blocks, "attachments": message.attachments}
        found: dict[str, Any] = {
            "blocks": drawn(message.blocks, reader),
            "attachments": drawn_attachments(message.attachments, reader),
        }
        if not message.blocks and message.text:
            found["drawn"] = drawn_text(message.text, reader)
        return found

    def _replies(self, message: Message) -> list[Message]:
        channel = self._workspace.channels[message.channel]
        return [m for m in channel.messages.values() if m.thread_ts == message.ts != m.ts and self._may_see(m)]

    def _file(self, file: dict[str, Any]) -> dict[str, Any]:
        found = {key: file[key] for key in ("id", "name", "title", "mimetype", "size")}
        found["alt"] = file.get("alt_txt", "")
        return {**found, "url": f"/control/file/{file['id']}"}

    def _modals(self) -> list[dict[str, Any]]:
        return [self._view(view) for view in self._user.stack]

    def _home(self) -> dict[str, Any] | None:
        return self._view(self._user.home) if self._user.home else None

    def _view(self, view: dict[str, Any]) -> dict[str, Any]:
        return view if self._reader is None else {**view, "blocks": drawn(view["blocks"], self._reader)}
