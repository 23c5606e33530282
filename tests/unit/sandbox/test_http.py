"""Delivery over HTTP: signed, and tried again by Slack's plan and with Slack's reasons."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SimulatedClock
from bot.sandbox import Person, Sandbox
from bot.sandbox.switches import LOST
from bot.sandbox.things import BOT_USER
from bot.sandbox.verbs import BadArgument
from tests.unit.sandbox.conftest import asks, button, echo, modal

Body = dict[str, Any]
Ack = Callable[..., Awaitable[Any]]


def texts(heard: list[Body]) -> list[str]:
    return [body["event"]["text"] for body in heard]


@pytest.fixture
async def http_app(sandbox: Sandbox, client: AsyncWebClient) -> AsyncIterator[AsyncApp]:
    """The same bare Bolt app behind its own HTTP server."""
    app = AsyncApp(client=client, process_before_response=True, signing_secret=sandbox.signing_secret)
    runner = web.AppRunner(app.web_app(path="/slack/events"), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sandbox.delivery = "http"
    sandbox.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield app
    await runner.cleanup()


async def test_the_same_conversation_over_http(http_app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    heard = echo(http_app)

    @http_app.action("start")
    async def clicked(ack: Ack, body: Body) -> None:
        await http_app.client.views_open(trigger_id=body["trigger_id"], view=modal(asks("title")))
        await ack()

    @http_app.view("share")
    async def submitted(ack: Ack) -> None:
        await ack(response_action="errors", errors={"title": "Say more"})

    @http_app.command("/spnet")
    async def command(ack: Ack) -> None:
        await ack("Here is help")

    assert await sandbox.verify_url()
    await siti.says("38.8 & more")
    await sandbox.settled()
    await http_app.client.chat_postMessage(channel="U0SITI", text="Ready?", blocks=[button("start")])
    await siti.clicks("start")
    await sandbox.settled()
    await siti.fills(title="x")

    assert texts(heard) == ["38.8 &amp; more"]
    assert await siti.submits() == {"title": "Say more"}
    assert await siti.command("/spnet", "help") == {"text": "Here is help"}


async def test_a_wrong_signature_is_refused_by_bolt(http_app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    heard = echo(http_app)
    sandbox.slack.signing_secret = "another secret"
    await siti.says("38.8")
    await sandbox.settled()

    assert heard == []


class Receiver:
    """Somebody's server at the request URL, who answers as told."""

    def __init__(self) -> None:
        self.seen: list[tuple[str | None, str | None]] = []
        self.answer: Callable[[], web.Response] = lambda: web.Response(status=500)
        self.url = ""

    async def receive(self, request: web.Request) -> web.Response:
        self.seen.append((request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")))
        return self.answer()


@pytest.fixture
async def receiver(sandbox: Sandbox) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    verifier = SignatureVerifier(sandbox.signing_secret)

    async def verified(request: web.Request) -> web.Response:
        assert verifier.is_valid_request(await request.read(), dict(request.headers))
        return await receiver.receive(request)

    server = web.Application()
    server.router.add_post("/", verified)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    sandbox.delivery = "http"
    sandbox.request_url = receiver.url
    yield receiver
    await runner.cleanup()


async def test_retries_carry_their_number_and_reason(receiver: Receiver, sandbox: Sandbox, siti: Person) -> None:
    await siti.says("38.8")
    await sandbox.settled()
    for _ in range(4):
        await sandbox.redeliver()
        await sandbox.settled()

    assert receiver.seen == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]


async def test_retries_come_at_once_after_a_minute_and_after_five(
    receiver: Receiver, sandbox: Sandbox, siti: Person, clock: SimulatedClock
) -> None:
    await siti.says("38.8")
    await sandbox.settled()
    tried = [len(receiver.seen)]
    for seconds in (59, 1, 299, 1, 3600):
        clock.advance(timedelta(seconds=seconds))
        await sandbox.redeliver(due=True)
        await sandbox.settled()
        tried.append(len(receiver.seen))

    assert tried == [2, 2, 3, 3, 4, 4]


async def test_retries_in_real_time(receiver: Receiver, sandbox: Sandbox, siti: Person) -> None:
    sandbox.slack.redelivery_after = 0.01
    await siti.says("38.8")
    async with asyncio.timeout(5):
        while len(receiver.seen) < 4:
            await sandbox.settled()

    assert [number for number, _ in receiver.seen] == [None, "1", "2", "3"]


async def test_an_app_that_wants_no_retry(receiver: Receiver, sandbox: Sandbox, siti: Person) -> None:
    receiver.answer = lambda: web.Response(status=500, headers={"X-Slack-No-Retry": "1"})
    await siti.says("38.8")
    await sandbox.settled()

    assert receiver.seen == [(None, None)]
    assert await sandbox.redeliver() == 0


async def test_two_redirects_are_followed_and_not_three(receiver: Receiver, sandbox: Sandbox, siti: Person) -> None:
    left = 2

    def onwards() -> web.Response:
        nonlocal left
        left -= 1
        return web.Response(status=307, headers={"Location": receiver.url}) if left >= 0 else web.Response()

    receiver.answer = onwards
    await siti.says("38.8")
    await sandbox.settled()
    assert receiver.seen == [(None, None)] * 3

    receiver.seen.clear()
    left = 3
    await siti.says("38.9")
    await sandbox.settled()
    assert receiver.seen == [(None, None)] * 3 + [("1", "too_many_redirects")]


async def test_an_address_without_tls(receiver: Receiver, sandbox: Sandbox, siti: Person) -> None:
    sandbox.request_url = receiver.url.replace("http://", "https://")
    await siti.says("38.8")
    await sandbox.settled()
    sandbox.request_url = receiver.url
    await sandbox.redeliver()
    await sandbox.settled()

    assert receiver.seen == [("2", "ssl_error")]


async def test_an_app_that_answers_too_late(receiver: Receiver, sandbox: Sandbox, siti: Person) -> None:
    never, receive = asyncio.Event(), receiver.receive

    async def late(request: web.Request) -> web.Response:
        answer = await receive(request)
        await never.wait()
        return answer

    receiver.receive = late  # type: ignore[method-assign]
    sandbox.slack.outbox.http.patience = 0.3
    await siti.says("38.8")
    await sandbox.settled()
    never.set()

    assert receiver.seen == [(None, None), ("1", "http_timeout")]


@pytest.mark.parametrize("reason", LOST)
async def test_every_reason_by_a_fault(receiver: Receiver, sandbox: Sandbox, siti: Person, reason: str) -> None:
    receiver.answer = web.Response
    sandbox.faults.lose_next(1, reason)
    await siti.says("38.8")
    await sandbox.settled()

    assert receiver.seen == [("1", reason)]
    assert await sandbox.redeliver() == 0


async def test_slack_has_no_other_reason(sandbox: Sandbox) -> None:
    with pytest.raises(BadArgument, match="http_timeout"):
        sandbox.faults.lose_next(1, "boredom")


async def test_a_lost_acknowledgement_brings_an_event_again_at_once(
    receiver: Receiver, sandbox: Sandbox, siti: Person
) -> None:
    receiver.answer = web.Response
    sandbox.faults.drop_ack_next(1)
    await siti.says("38.8")
    await sandbox.settled()

    assert receiver.seen == [(None, None), ("1", "http_timeout")]


async def test_a_click_is_not_tried_again(
    receiver: Receiver, sandbox: Sandbox, client: AsyncWebClient, siti: Person
) -> None:
    receiver.answer = web.Response
    await client.chat_postMessage(channel="U0SITI", text="Ready?", blocks=[button("start")])
    await sandbox.settled()
    receiver.seen.clear()
    receiver.answer = lambda: web.Response(status=500)
    await siti.clicks("start")
    await sandbox.settled()

    assert receiver.seen == [(None, None)]
    assert await sandbox.redeliver() == 0


async def test_nobody_at_the_request_url(sandbox: Sandbox, siti: Person) -> None:
    sandbox.delivery = "http"
    sandbox.request_url = "http://127.0.0.1:9/"
    await siti.says("38.8")
    await sandbox.settled()

    assert len(sandbox.slack.outbox.open) == 1
    assert BOT_USER in siti.channel(None).members
