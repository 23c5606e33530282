"""What the sandbox's Slack remembers: people, channels and messages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.sandbox.journal import Journal, Kind
from bot.sandbox.things import BOT_USER, Channel, Message, User


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
