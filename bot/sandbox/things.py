"""What the sandbox's Slack is made of: people, messages, channels and the one app, and how each goes over the wire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

from bot.sandbox.shown import plain, words

BOT_USER = "U0SPNETBOT"
BOT_ID = "B0SPNET"
APP_ID = "A0SPNET"
DOMAIN = "spnet-sandbox"
BOT_PROFILE: Final[dict[str, Any]] = {
    "id": BOT_ID,
    "app_id": APP_ID,
    "user_id": BOT_USER,
    "name": "spnet",
    "icons": {f"image_{size}": f"https://{DOMAIN}.slack.com/icon_{size}.png" for size in (36, 48, 72)},
    "deleted": False,
    "updated": 0,
}
"""What messages tell of the app that wrote them."""

NEVER = "0000000000.000000"
"""The mark of somebody who has read nothing yet."""


@dataclass(slots=True)
class User:
    """A member of the workspace, a guest, a person of another organisation, or the bot."""

    id: str
    name: str
    email: str
    tz: str
    team: str
    guest: bool = False
    single_channel: bool = False
    deactivated: bool = False
    is_bot: bool = False
    title: str = ""
    status: str = ""
    home: dict[str, Any] | None = None
    stack: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    @property
    def handle(self) -> str:
        """The short name, as in @siti."""
        return self.id[2:].lower() if self.id.startswith("U0") else self.name.lower().replace(" ", ".")


@dataclass(slots=True)
class Message:
    """A message as it lies in a channel.

    `user` is its author (the bot's user id for the bot), `bot_id` is set when an app wrote it,
    `ephemeral_for` names the only person who sees it, `edited` is the time of the last edit, `pinned` says who pinned
    it (`by`) and when (`at`, in seconds), `repliers` are the authors of its replies, each once, the first one first.
    """

    ts: str
    channel: str
    user: str
    text: str
    team: str
    blocks: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    attachments: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    bot_id: str | None = None
    metadata: dict[str, Any] | None = None
    thread_ts: str | None = None
    parent_user: str | None = None
    broadcast: bool = False
    edited: str | None = None
    ephemeral_for: str | None = None
    subtype: str | None = None
    files: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    reactions: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    pinned: dict[str, Any] | None = None
    reply_count: int = 0
    repliers: list[str] = field(default_factory=list[str])
    latest_reply: str | None = None
    chosen: dict[tuple[str, str, str], Any] = field(default_factory=dict[tuple[str, str, str], Any])

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return self.ephemeral_for is not None

    @property
    def bot(self) -> bool:
        """Whether an app wrote it."""
        return self.bot_id is not None

    @property
    def words(self) -> str:
        """What a person reads: the blocks when it has some, else the text; without Slack's notation."""
        return words(self.blocks) if self.blocks else plain(self.text)

    def wire(self, *, metadata: bool = False) -> dict[str, Any]:
        """The message object of the Web API and of events."""
        body: dict[str, Any] = {
            "type": "message",
            "user": self.user,
            "ts": self.ts,
            "text": self.text,
            "team": self.team,
        }
        if self.subtype or self.broadcast:
            body["subtype"] = self.subtype or "thread_broadcast"
        if self.bot_id:
            body["bot_id"] = self.bot_id
            body["app_id"] = APP_ID
            body["bot_profile"] = {**BOT_PROFILE, "team_id": self.team}
        else:
            body["client_msg_id"] = str(uuid5(NAMESPACE_OID, self.channel + self.ts))
        if self.blocks:
            body["blocks"] = self.blocks
        if self.attachments:
            body["attachments"] = self.attachments
        if self.thread_ts:
            body["thread_ts"] = self.thread_ts
            if self.parent_user:
                body["parent_user_id"] = self.parent_user
        if self.reply_count:
            body |= {
                "reply_count": self.reply_count,
                "reply_users_count": len(self.repliers),
                "reply_users": self.repliers,
                "latest_reply": self.latest_reply,
                "is_locked": False,
                "subscribed": self.user == BOT_USER or BOT_USER in self.repliers,
            }
        if self.edited:
            body["edited"] = {"user": self.user, "ts": self.edited}
        if self.files:
            body |= {"files": self.files, "upload": False, "display_as_bot": False}
        if self.reactions:
            body["reactions"] = [
                {"name": name, "users": users, "count": len(users)} for name, users in self.reactions.items()
            ]
        if self.pinned:
            body["pinned_to"] = [self.channel]
            body["pinned_info"] = {
                "channel": self.channel,
                "pinned_by": self.pinned["by"],
                "pinned_ts": self.pinned["at"],
            }
        if metadata and self.metadata:
            body["metadata"] = self.metadata
        return body


def elements_of(blocks: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each interactive element of some blocks, as (block, element), in the order people see them."""
    for block in blocks:
        kind = block.get("type")
        if kind == "actions":
            for element in block.get("elements", ()):
                yield block, element
        elif kind == "section" and block.get("accessory"):
            yield block, block["accessory"]
        elif kind == "input":
            yield block, block["element"]


@dataclass(slots=True)
class Channel:
    """A channel, a private channel or a direct message (`kind` is channel, group or im).

    `topic_set` and `purpose_set` say who wrote them and when (in seconds); `bookmarks` are Slack's bookmark objects by
    id; `scheduled` are messages that are still to come, by id; `closed` is a direct message that the bot closed.
    """

    id: str
    name: str
    kind: str
    created: int
    team: str = ""
    members: dict[str, None] = field(default_factory=dict[str, None])
    archived: bool = False
    topic: str = ""
    purpose: str = ""
    topic_set: list[Any] = field(default_factory=lambda: ["", 0])
    purpose_set: list[Any] = field(default_factory=lambda: ["", 0])
    creator: str = ""
    previous_names: list[str] = field(default_factory=list[str])
    closed: bool = False
    bookmarks: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    scheduled: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    messages: dict[str, Message] = field(default_factory=dict[str, Message])
    read: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def direct(self) -> bool:
        """Whether it is a direct message with the bot."""
        return self.kind == "im"

    def seen_by(self, user: User) -> bool:
        """Whether a person can look into it: those inside, and into a public one everybody but guests."""
        return user.id in self.members or (self.kind == "channel" and not user.guest)

    @property
    def shown_name(self) -> str:
        """The name that interactive payloads carry."""
        return "directmessage" if self.direct else "privategroup" if self.kind == "group" else self.name

    @property
    def pins(self) -> list[Message]:
        """The pinned messages, what was pinned last first."""
        pinned = [message for message in self.messages.values() if message.pinned]
        return sorted(pinned, key=lambda message: (message.pinned or {})["at"], reverse=True)

    def wire(self) -> dict[str, Any]:
        """The conversation object of the Web API, as the bot sees it."""
        shared: dict[str, Any] = {
            "context_team_id": self.team,
            "updated": self.created * 1000,
            "is_org_shared": False,
        }
        if self.direct:
            other = next(member for member in self.members if member != BOT_USER)
            return {
                **shared,
                "id": self.id,
                "created": self.created,
                "is_archived": self.archived,
                "is_im": True,
                "user": other,
                "is_user_deleted": False,
                "is_open": not self.closed,
                "last_read": self.read.get(BOT_USER, NEVER),
                "latest": None,
                "unread_count": 0,
                "unread_count_display": 0,
                "priority": 0,
            }
        return {
            **shared,
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "created": self.created,
            "creator": self.creator or next(iter(self.members), BOT_USER),
            "is_channel": True,
            "is_group": False,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.kind == "group",
            "is_archived": self.archived,
            "is_general": False,
            "is_shared": False,
            "is_ext_shared": False,
            "is_pending_ext_shared": False,
            "pending_shared": [],
            "pending_connected_team_ids": [],
            "shared_team_ids": [self.team],
            "parent_conversation": None,
            "unlinked": 0,
            "is_member": BOT_USER in self.members,
            "last_read": self.read.get(BOT_USER, NEVER),
            "topic": {"value": self.topic, "creator": self.topic_set[0], "last_set": self.topic_set[1]},
            "purpose": {"value": self.purpose, "creator": self.purpose_set[0], "last_set": self.purpose_set[1]},
            "previous_names": self.previous_names,
            "num_members": len(self.members),
        }
