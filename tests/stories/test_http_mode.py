"""Slack calls the bot: the same conversation without a socket, signed, and refused where the signature is not right."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.app import build
from bot.clock import SystemClock
from bot.sandbox import Mailbox, Sandbox
from db.engine import Database
from tests import cast
from tests.stage import Network, populate, settings_for
from tests.stories.conftest import address


@pytest.fixture
async def network(sqlite_database: Database) -> AsyncIterator[Network]:
    # Bolt checks how old a request is by the machine's own clock.
    clock = SystemClock()
    sandbox, mailbox = Sandbox(clock, rates=False), Mailbox()
    await sandbox.start()
    await mailbox.start()
    populate(sandbox, cast.PARTS)
    people = await cast.make(sqlite_database, clock.now())
    settings = settings_for(address(sqlite_database), sandbox, mailbox.port, slack={"mode": "http"}, pages={"port": 0})
    app = build(settings, clock=clock, scheduled=False, serve_pages=True)
    await app.start()
    sandbox.delivery = "http"
    sandbox.request_url = f"http://127.0.0.1:{app.pages.port}/slack/events"
    yield Network(sandbox, mailbox, app, clock, people)  # type: ignore[arg-type]
    await app.stop()
    await mailbox.stop()
    await sandbox.stop()


async def test_slack_finds_the_bot_and_siti_is_answered(network: Network) -> None:
    assert await network.sandbox.verify_url()
    await network["siti"].says("hello")
    assert network["siti"].messages()


async def test_a_command_and_a_click_come_the_same_way(network: Network) -> None:
    answer = await network["aisyah"].command("help")
    assert "/spnet cycle open" in answer


async def test_a_wrong_signature_is_refused(network: Network) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(network.sandbox.request_url, json={"type": "url_verification", "challenge": "x"}) as answer,
    ):
        assert answer.status == 401
    assert await network.app.is_connected()


async def test_a_retry_may_be_the_only_delivery_that_arrives(network: Network) -> None:
    """Slack's retries carry a number; who skips them by it loses what a restart missed."""
    siti, tries, twice = network["siti"], [], asyncio.Event()

    async def down(request: web.BaseRequest) -> web.Response:
        tries.append(request.headers.get("X-Slack-Retry-Num"))
        if len(tries) == 2:
            twice.set()
        return web.Response(status=503)

    broken = web.ServerRunner(web.Server(down))
    await broken.setup()
    await web.TCPSite(broken, "127.0.0.1", 0).start()
    address = network.sandbox.request_url
    network.sandbox.request_url = f"http://127.0.0.1:{broken.addresses[0][1]}/slack/events"
    await siti.slack.says("hello")
    await asyncio.wait_for(twice.wait(), 5)
    assert tries == [None, "1"]
    assert siti.messages() == []
    await broken.cleanup()
    network.sandbox.request_url = address
    while not siti.messages():
        assert await network.sandbox.redeliver() <= 1
        await asyncio.sleep(0)
    await network.settled()
    assert len(siti.messages()) == 1
