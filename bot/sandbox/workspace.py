"""What the sandbox's Slack remembers: people, channels, messages and the one app."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.sandbox.journal import Journal, Kind
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


class Workspace:
    """The one workspace. Every message gets a timestamp of its own, by the clock handed in."""

    def __init__(self, clock: Clock, team: str) -> None:
        self.clock = clock
        self.team = team
        self.team_name = "Social Protection Network"
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.journal = Journal()
        self.changes = self.journal.changes
        self.app_commands: list[dict[str, Any]] = []
        self.app_shortcuts: list[dict[str, Any]] = []
        self._direct: dict[str, Channel] = {}
        self._emails: dict[str, str] = {}
        self._last = 0
        self._numbers: dict[str, int] = {}
        bot = User(id=BOT_USER, name="spnet", email="", tz="UTC", team=team, is_bot=True)
        self.users[bot.id] = bot

    def next_id(self, prefix: str) -> str:
        """A new id such as V000001."""
        number = self._numbers.get(prefix, 0) + 1
        self._numbers[prefix] = number
        return f"{prefix}{number:09d}"

    def next_ts(self) -> str:
        """A new timestamp, later than every one before; the clock may stand still. Ten digits, as Slack's are since
        2001, so that timestamps follow each other as text too."""
        now = self.clock.now().timestamp()
        self._last = max(round(now * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000:010d}.{self._last % 1_000_000:06d}"

    def seconds(self) -> int:
        """The present moment in whole seconds, as Slack writes it."""
        return int(self.clock.now().timestamp())

    def add_user(
        self,
        id: str,
        name: str,
        email: str,
        tz: str,
        *,
        guest: bool = False,
        team: str | None = None,
        deactivated: bool = False,
        title: str = "",
        single_channel: bool = False,
    ) -> User:
        """Add a person. `team` is another organisation's id for people over Slack Connect; `title` what they do;
        `single_channel` a guest who may be in one channel only."""
        user = User(id, name, email, tz, team or self.team, deactivated=deactivated, title=title)
        user.guest, user.single_channel = guest or single_channel, single_channel
        self.users[id] = user
        self.touch("user", id)
        if email:
            self._emails[email.casefold()] = id
        return user

    def add_channel(
        self, id: str, name: str, members: Iterable[str] = (), private: bool = False, archived: bool = False
    ) -> Channel:
        """Add a channel; the bot is in it only when its user id is among the members."""
        channel = Channel(id, name.lstrip("#"), "group" if private else "channel", self.seconds(), self.team)
        channel.members = dict.fromkeys(members)
        channel.archived = archived
        self.channels[id] = channel
        self.touch("channel", id)
        return channel

    def direct(self, user: str) -> Channel:
        """The direct message of a person with the bot, opened when needed."""
        channel = self._direct.get(user)
        if channel is None:
            channel = Channel(f"D{user[1:]}", "", "im", self.seconds(), self.team, {user: None, BOT_USER: None})
            self._direct[user] = channel
            self.channels[channel.id] = channel
            self.touch("channel", channel.id)
        return channel

    def has_direct(self, user: str) -> bool:
        """Whether the direct message with the bot was opened before."""
        return user in self._direct

    @property
    def counters(self) -> dict[str, int]:
        """How far ids and timestamps have come; set again, no later one repeats an earlier."""
        return {"ts": self._last, **self._numbers}

    @counters.setter
    def counters(self, found: dict[str, int]) -> None:
        self._last = max(self._last, found["ts"])
        self._numbers |= {prefix: number for prefix, number in found.items() if prefix != "ts"}

    def take_back(self, thing: User | Channel) -> None:
        """A person or a channel as it was kept, in the place of what stands there."""
        if isinstance(thing, User):
            self.users[thing.id] = thing
            if thing.email:
                self._emails[thing.email.casefold()] = thing.id
            return
        self.channels[thing.id] = thing
        if thing.direct:
            self._direct[next(member for member in thing.members if member != BOT_USER)] = thing

    def by_email(self, email: str) -> User | None:
        """The person with this address."""
        found = self._emails.get(email.strip().casefold())
        return self.users.get(found) if found else None

    def named(self, name: str) -> Channel | None:
        """The channel with this name, with or without #."""
        wanted = name.lstrip("#")
        return next((c for c in self.channels.values() if c.name == wanted and not c.direct), None)

    def put(self, message: Message) -> Message:
        """Lay a message into its channel and tell those who wait."""
        channel = self.channels[message.channel]
        channel.messages[message.ts] = message
        channel.closed = False
        if message.thread_ts and message.thread_ts != message.ts:
            parent = channel.messages.get(message.thread_ts)
            if parent:
                parent.reply_count += 1
                parent.latest_reply = message.ts
                if message.user not in parent.repliers:
                    parent.repliers.append(message.user)
                parent.thread_ts = parent.ts
                message.parent_user = parent.user
                self.shown(parent)
        self.shown(message)
        return message

    def touch(self, kind: Kind, *ids: str) -> None:
        """Something that people can see changed: tell those who wait."""
        self.journal.touch(kind, *ids)

    def shown(self, message: Message) -> None:
        """A message came or changed."""
        self.touch("message", message.channel, message.ts)

    def remove(self, message: Message) -> None:
        """Take a message out of its channel and tell those who wait."""
        messages = self.channels[message.channel].messages
        if messages.pop(message.ts, None) and message.thread_ts not in (None, message.ts):
            parent = messages.get(message.thread_ts or "")
            if parent:
                replies = [m for m in messages.values() if m.thread_ts == parent.ts != m.ts]
                parent.reply_count = len(replies)
                parent.repliers = list(dict.fromkeys(reply.user for reply in replies))
                parent.latest_reply = replies[-1].ts if replies else None
                self.shown(parent)
        self.shown(message)

    def offset(self, tz: str) -> int:
        """Seconds east of UTC at this moment."""
        delta = self.clock.now().astimezone(ZoneInfo(tz or "UTC")).utcoffset()
        return int((delta or timedelta()).total_seconds())
