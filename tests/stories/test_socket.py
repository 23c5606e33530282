"""A socket that dies is noticed, and what people say comes through again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SystemClock
from bot.sandbox import Sandbox
from handlers.listening import Listening
from tests.cast import PARTS
from tests.control import Control
from tests.stage import populate


class Ear:
    """A bot that only listens, with the control address of its sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.control = Control(f"{sandbox.slack.origin}/control")
        self.heard: asyncio.Queue[str] = asyncio.Queue()
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.base_url)
        bolt = AsyncApp(client=client, token=sandbox.bot_token)

        @bolt.event("message")
        async def on_message(event: dict[str, str]) -> None:
            self.heard.put_nowait(event["text"])

        self.listening = Listening(bolt, sandbox.app_token, ping_seconds=0.1)

    async def stops(self) -> None:
        await self.listening.stop()
        await self.control.close()

    async def hears(self, text: str) -> None:
        await self.sandbox.connected(timeout=20)
        await self.control.act("U0SITI", "says", text=text)
        assert await asyncio.wait_for(self.heard.get(), 20) == text

    async def has_moved(self) -> bool:
        """Whether it has left its first socket for another."""
        return [call.method for call in await self.control.calls()].count("apps.connections.open") > 1


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(SystemClock(), rates=False)
    await sandbox.start()
    populate(sandbox, PARTS)
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def ear(sandbox: Sandbox) -> AsyncIterator[Ear]:
    ear = Ear(sandbox)
    await ear.listening.start()
    yield ear
    await ear.stops()


@pytest.mark.pitfall("dead sockets")
async def test_a_cut_socket(ear: Ear) -> None:
    await ear.hears("one")
    await ear.control.fault("cut")
    await ear.hears("two")
    assert await ear.has_moved()


@pytest.mark.pitfall("dead sockets")
async def test_a_socket_through_which_nothing_comes_any_more(ear: Ear) -> None:
    await ear.hears("one")
    await ear.control.fault("half_open")
    await ear.hears("two")
    assert await ear.has_moved()


@pytest.mark.pitfall("dead sockets")
@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
async def test_slack_asks_to_come_back_anew(ear: Ear, reason: str) -> None:
    await ear.hears("one")
    await ear.control.fault("disconnect", reason=reason)
    await ear.hears("two")
    assert await ear.has_moved()


async def test_a_look_out_that_died_is_replaced_by_the_watch(ear: Ear) -> None:
    await ear.hears("one")
    # As if slack-sdk's own tasks had ended: nobody but the watch is left.
    ear.listening._client.current_session_monitor.cancel()
    ear.listening._client.message_receiver.cancel()
    await ear.control.fault("cut")
    async with watched(ear):
        await ear.hears("two")


async def test_a_try_that_holds_an_address_used_before_gets_a_new_one(sandbox: Sandbox) -> None:
    ear = Ear(sandbox)
    ear.listening._client.wss_uri = sandbox.base_url.replace("http", "ws").replace("/api/", "/link?ticket=used")
    starting = asyncio.create_task(ear.listening.start())
    async with watched(ear):
        await ear.hears("one")
    await starting
    await ear.stops()


@asynccontextmanager
async def watched(ear: Ear) -> AsyncIterator[None]:
    """The scheduler's tick, more often."""

    async def watch() -> None:
        while True:
            await ear.listening.watch()
            await asyncio.sleep(0.3)

    watching = asyncio.create_task(watch())
    yield
    watching.cancel()


async def test_it_stops_while_it_still_tries(sandbox: Sandbox) -> None:
    ear = Ear(sandbox)
    await sandbox.stop()
    starting = asyncio.create_task(ear.listening.start())
    await asyncio.sleep(0.05)
    async with asyncio.timeout(5):
        await ear.stops()
        await starting
