"""A sandbox with a mailbox, and who asks its control address."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.clock import SimulatedClock
from bot.sandbox import BOT_USER, Mailbox, Sandbox
from tests.unit.sandbox.control.caller import Caller


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    mailbox = Mailbox()
    await mailbox.start()
    yield mailbox
    await mailbox.stop()


@pytest.fixture
async def sandbox(clock: SimulatedClock, mailbox: Mailbox) -> AsyncIterator[Sandbox]:
    """Siti, Bounmy (a guest) and Aisyah of the secretariat, who alone is in its channel with the bot."""
    sandbox = Sandbox(clock, mailbox=mailbox)
    people = sandbox.workspace
    people.add_user("U0SITI", "Siti Rahmadani", "siti@example.org", "Asia/Jakarta", title="Focal point, Indonesia")
    people.add_user("U0BOUNMY", "Bounmy Keo", "bounmy@example.org", "Asia/Vientiane", guest=True)
    people.add_user("U0AISYAH", "Aisyah Noor", "aisyah@example.org", "Asia/Jakarta")
    people.add_channel("C0NETWORK", "network", ["U0SITI", "U0AISYAH", BOT_USER])
    people.add_channel("G0SECRET", "secretariat", ["U0AISYAH", BOT_USER], private=True)
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def call(sandbox: Sandbox) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(session, sandbox)
