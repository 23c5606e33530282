"""SIGKILL at any point of a sending: nothing is lost, and nothing is said twice."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SimulatedClock
from bot.delivery.slack import SlackChannel
from bot.delivery.worker import LEASE, Settled, Worker
from bot.sandbox import Sandbox
from bot.words import words
from db.vocabulary import DeliveryState, Medium
from tests.channels.conftest import Office
from tests.channels.dying import long


@pytest.mark.parametrize("posts", [0, 1, 2, 9], ids=["before it began", "after one", "after two", "before it settled"])
async def test_a_killed_process_repeats_nothing(
    posts: int, office: Office, sandbox: Sandbox, clock: SimulatedClock
) -> None:
    await office.queue("a", kind="long")
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.channels.dying",
        str(office.database.url),
        sandbox.base_url,
        clock.now().isoformat(),
        str(posts),
    )
    assert await child.wait() == -signal.SIGKILL
    siti = sandbox.person("U0SITI")
    assert len(siti.messages()) == min(posts, 3)
    assert (await office.row("a")).state is DeliveryState.CLAIMED
    clock.advance(LEASE + timedelta(seconds=1))
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.base_url, retry_handlers=[])
    slack = SlackChannel(client, clock, words())
    worker = Worker(office.database, {Medium.SLACK: slack}, clock, name="next", notices={"long": long})
    assert (await worker.run_once())[Settled.SENT] == 1
    parts = [message.metadata["event_payload"]["part"] for message in siti.messages() if message.metadata]
    assert parts == [1, 2, 3]
