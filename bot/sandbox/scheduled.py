"""Messages that are still to come: each appears when the clock has passed its time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.sandbox.failures import ApiError
from bot.sandbox.things import BOT_USER, Channel, Message

if TYPE_CHECKING:
    from bot.sandbox.slack import Slack

FARTHEST = timedelta(days=120)
"""How far ahead a message may be scheduled (Slack's reference of chat.scheduleMessage)."""

MOST, WINDOW = 30, 300
"""So many messages within so many seconds in one channel (the same page)."""

TOO_LATE = 60
"""Seconds before its time from which on a message cannot be deleted any more (chat.deleteScheduledMessage)."""

KEPT = ("text", "blocks", "attachments", "metadata", "thread_ts", "broadcast", "team", "bot_id")
"""What is kept of a message until it appears."""

NAPS = 1.0
"""Real seconds after which a running clock is looked at again: it may have been put forward."""


class Scheduled:
    """What the bot scheduled. It lies in the channels, as `scheduled`, so that it is kept with them."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._new = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def add(self, message: Message, post_at: int) -> str:
        """Schedule a message for a moment in Unix seconds; gives its id.

        Raises:
            ApiError: time_in_past, time_too_far, restricted_too_many.
        """
        workspace = self._slack.workspace
        now = workspace.seconds()
        if post_at <= now:
            raise ApiError("time_in_past")
        if post_at > now + FARTHEST.total_seconds():
            raise ApiError("time_too_far")
        channel = workspace.channels[message.channel]
        near = [row for row in channel.scheduled.values() if abs(row["post_at"] - post_at) < WINDOW]
        if len(near) >= MOST:
            raise ApiError("restricted_too_many")
        id = workspace.next_id("Q")
        channel.scheduled[id] = {
            "post_at": post_at,
            "date_created": now,
            "message": {field.name: getattr(message, field.name) for field in fields(message) if field.name in KEPT},
        }
        workspace.touch("channel", channel.id)
        self._new.set()
        return id

    def all(self) -> Iterator[tuple[Channel, str, dict[str, Any]]]:
        """Everything that is still to come, as channel, id and row; the earliest first."""
        rows = [
            (row["post_at"], id, channel, row)
            for channel in self._slack.workspace.channels.values()
            for id, row in channel.scheduled.items()
        ]
        for _, id, channel, row in sorted(rows, key=lambda item: item[:2]):
            yield channel, id, row

    def delete(self, channel: Channel, id: str) -> None:
        """Take a message back.

        Raises:
            ApiError: invalid_scheduled_message_id; also for one that appears within a minute.
        """
        row = channel.scheduled.get(id)
        if row is None or row["post_at"] - self._slack.workspace.seconds() < TOO_LATE:
            raise ApiError("invalid_scheduled_message_id")
        del channel.scheduled[id]
        self._slack.workspace.touch("channel", channel.id)

    def appear(self) -> int:
        """Everything whose time has come appears; gives how many messages.

        What was scheduled into a channel that is archived now, or without the bot, is lost; so is what carries
        metadata: Slack's reference of chat.scheduleMessage says of itself that such messages never come.
        """
        workspace = self._slack.workspace
        count = 0
        for channel, id, row in list(self.all()):
            if row["post_at"] > workspace.seconds():
                break
            del channel.scheduled[id]
            workspace.touch("channel", channel.id)
            if channel.archived or BOT_USER not in channel.members or row["message"]["metadata"]:
                continue
            self._slack.say(Message(ts=workspace.next_ts(), channel=channel.id, user=BOT_USER, **row["message"]))
            count += 1
        return count

    def start(self) -> None:
        """Let messages appear by themselves: for a clock that runs."""
        self._task = asyncio.create_task(self._run(), name="sandbox scheduled")

    async def stop(self) -> None:
        """No more by itself."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def _run(self) -> None:
        while True:
            self._new.clear()
            self.appear()
            first = next(self.all(), None)
            wait = NAPS if first is None else first[2]["post_at"] - self._slack.clock.now().timestamp()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._new.wait(), max(0.0, min(NAPS, wait)))
