"""A worker in a process of its own that kills itself: `python -m tests.channels.dying DATABASE SLACK MOMENT POSTS`.

It dies by SIGKILL when it is about to post for the (POSTS + 1)th time, or, if it need not, before it settles.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from typing import Any, NoReturn

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SimulatedClock
from bot.delivery.channel import Parcel
from bot.delivery.slack import SlackChannel
from bot.delivery.worker import Worker
from bot.messages import Message
from bot.words import words
from db.engine import Database
from db.vocabulary import Medium

LONG = Message(
    "delivery/channel_refused",
    {"medium": Medium.EMAIL, "code": "x " * 15_000, "since": datetime(2026, 11, 2, tzinfo=UTC)},
)


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


class Dying(SlackChannel):
    """Slack, for a process that will not live long."""

    posts = 0

    async def _post(self, *arguments: Any) -> str:
        if self.posts == 0:
            die()
        self.posts -= 1
        return await super()._post(*arguments)

    async def send(self, parcel: Parcel) -> str:
        await super().send(parcel)
        die()


async def long(*_arguments: object) -> Message:
    """Three posts."""
    return LONG


async def main(database: str, base_url: str, moment: str, posts: str) -> None:
    clock = SimulatedClock(datetime.fromisoformat(moment))
    client = AsyncWebClient(token="xoxb-sandbox", base_url=base_url, retry_handlers=[])
    slack = Dying(client, clock, words())
    slack.posts = int(posts)
    await Worker(Database(database), {Medium.SLACK: slack}, clock, name="dies", notices={"long": long}).run_once()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
