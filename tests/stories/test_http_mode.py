"""Slack calls the bot: signed requests, refused where the signature is not right, tried again by Slack's plan."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.stage import NETWORK, Network

pytestmark = pytest.mark.only_over("http", "requests, signatures and their retries are of this way alone")


async def test_slack_finds_the_bot_and_siti_is_answered(network: Network) -> None:
    assert await network.sandbox.verify_url()
    await network["siti"].says("hello")
    assert network["siti"].messages()


async def test_a_command_and_a_click_come_the_same_way(network: Network) -> None:
    answer = await network["aisyah"].command("help")
    assert "/spnet cycle open" in answer


async def test_a_request_that_slack_did_not_sign_is_refused(network: Network) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(network.sandbox.request_url, json={"type": "url_verification", "challenge": "x"}) as answer,
    ):
        assert answer.status == 401
    assert await network.app.is_connected()


async def test_nothing_is_said_to_whom_an_unsigned_request_names(network: Network) -> None:
    """An error before the signature is checked is nobody's: a stranger could make the bot write to anybody."""
    siti = network["siti"]
    said, shown = siti.messages(), siti.messages(NETWORK)
    headers = {"X-Slack-Request-Timestamp": "no number", "X-Slack-Signature": "v0=0"}
    bodies: list[dict[str, Any]] = [
        {"type": "block_actions", "user": {"id": siti.slack_id}, "actions": [{"action_id": "start:0", "value": "1"}]},
        {"type": "event_callback", "event": {"type": "message", "user": NETWORK}},
    ]
    async with aiohttp.ClientSession() as session:
        for body in bodies:
            async with session.post(network.sandbox.request_url, json=body, headers=headers) as answer:
                assert answer.status == 401
        for garbage in (b"\xff\xfe\x00", b"{"):
            async with session.post(network.sandbox.request_url, data=garbage, headers=headers) as answer:
                assert answer.status in (400, 401)
    await network.settled()
    assert (siti.messages(), siti.messages(NETWORK)) == (said, shown)


async def test_what_is_signed_with_another_secret_is_not_heard(asked: Network) -> None:
    siti = asked["siti"]
    before = siti.messages()
    asked.sandbox.slack.signing_secret = "another secret"
    await siti.says("9.4 2023 SUSENAS")
    assert siti.messages() == before


@asynccontextmanager
async def down(network: Network) -> AsyncIterator[list[tuple[str | None, str | None]]]:
    """The bot's machine answers with an error; gives the number and reason of every try that reaches it."""
    tries: list[tuple[str | None, str | None]] = []

    async def refuse(request: web.BaseRequest) -> web.Response:
        tries.append((request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")))
        return web.Response(status=503)

    broken = web.ServerRunner(web.Server(refuse))
    await broken.setup()
    await web.TCPSite(broken, "127.0.0.1", 0).start()
    address = network.sandbox.request_url
    network.sandbox.request_url = f"http://127.0.0.1:{broken.addresses[0][1]}/slack/events"
    yield tries
    await broken.cleanup()
    network.sandbox.request_url = address


async def test_a_retry_may_be_the_only_delivery_that_arrives(asked: Network) -> None:
    """Slack's retries carry a number; who skips them by it loses what a restart missed."""
    siti = asked["siti"]
    before = len(siti.messages())
    async with down(asked) as tries:
        await siti.says("9.4 2023 SUSENAS")
        assert tries == [(None, None), ("1", "http_error")]
        assert len(siti.messages()) == before
    await asked.passes(seconds=59)
    assert len(siti.messages()) == before
    await asked.passes(seconds=1)
    assert len(siti.messages()) == before + 1
    siti.hears("9.4 % (2023, SUSENAS)")


async def test_the_last_retry_comes_after_five_minutes_and_none_after_it(asked: Network) -> None:
    siti = asked["siti"]
    # The week's report goes out before: its own event would be tried again as well.
    await asked.passes(seconds=1)
    before = len(siti.messages())
    async with down(asked) as tries:
        await siti.says("9.4 2023 SUSENAS")
        await asked.passes(minutes=1)
        await asked.passes(minutes=4, seconds=59)
        assert tries[2:] == [("2", "http_error")]
    await asked.passes(seconds=1)
    siti.hears("9.4 % (2023, SUSENAS)")
    await asked.passes(hours=1)
    assert len(siti.messages()) == before + 1


async def test_a_click_that_does_not_arrive_is_not_tried_again(asked: Network) -> None:
    siti = asked["siti"]
    before = siti.messages()
    async with down(asked) as tries:
        await siti.clicks("Skip")
        assert tries == [(None, None)]
    asked.clock.advance(timedelta(minutes=10))
    assert await asked.control.redeliver() == 0
    assert siti.messages() == before
    await siti.clicks("Skip")
    assert siti.messages() != before
