"""What goes wrong at Slack: redelivery, duplicates, order, sockets that go, and delivery over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Person, Sandbox
from bot.sandbox.workspace import BOT_USER
from tests.unit.sandbox.conftest import asks, button, echo, modal, refused

Body = dict[str, Any]
Ack = Callable[..., Awaitable[Any]]


def texts(heard: list[Body]) -> list[str]:
    return [body["event"]["text"] for body in heard]


async def test_a_lost_acknowledgement_brings_the_event_again(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    heard: list[tuple[str, Any]] = []

    @app.event("message")
    async def answer(body: Body, request: Any) -> None:
        heard.append((body["event_id"], request.headers.get("x-slack-retry-num")))

    sandbox.faults.drop_ack_next(1)
    await siti.says("38.8")
    await sandbox.settled()
    assert await sandbox.redeliver() == 1
    await sandbox.settled()

    assert [number for _, number in heard] == [["0"], ["1"]]
    assert len({event_id for event_id, _ in heard}) == 1
    assert await sandbox.redeliver() == 0


async def test_an_event_comes_again_three_times_and_no_more(sandbox: Sandbox, app: AsyncApp, siti: Person) -> None:
    heard = echo(app)
    sandbox.faults.drop_ack_next(100)
    await siti.says("38.8")
    counts = []
    for _ in range(5):
        await sandbox.settled()
        counts.append(len([body for body in heard if body["event"].get("bot_id") is None]))
        await sandbox.redeliver()

    assert counts == [1, 2, 3, 4, 4]


async def test_redelivery_in_real_time(sandbox: Sandbox, app: AsyncApp, siti: Person) -> None:
    sandbox.slack.redelivery_after = 0.02
    heard = echo(app)
    sandbox.faults.drop_ack_next(1)
    await siti.says("38.8")
    await siti.hears(lambda m: m.text == "You said: 38.8")
    first = siti.messages()[-1].ts
    await siti.hears(lambda m: m.text == "You said: 38.8", after=first)

    assert len(heard) == 2


async def test_duplicates_with_the_same_ids_and_with_new_ones(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    heard = echo(app)
    sandbox.faults.duplicate_next(1)
    await siti.says("one")
    await sandbox.settled()
    sandbox.faults.duplicate_next(1, new_ids=True)
    await siti.says("two")
    await sandbox.settled()

    assert texts(heard) == ["one", "one", "two", "two"]
    ids = [body["event_id"] for body in heard]
    assert ids[0] == ids[1] and ids[2] != ids[3]
    assert heard[2]["event"]["ts"] == heard[3]["event"]["ts"]


async def test_the_order_can_be_turned_round(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    heard = echo(app)
    sandbox.faults.reorder_next(3)
    for word in ("one", "two", "three", "four"):
        await siti.says(word)
    await sandbox.settled()

    assert texts(heard) == ["three", "two", "one", "four"]


async def test_what_nobody_acknowledges_is_named(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    await siti.says("No listener for this")

    with pytest.raises(TimeoutError, match="events_api message"):
        await sandbox.settled(timeout=0.05)


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_the_bot_moves_to_a_new_socket(app: AsyncApp, sandbox: Sandbox, siti: Person, reason: str) -> None:
    heard = echo(app)
    await sandbox.faults.disconnect(reason)
    await siti.says("Still there?")
    await siti.hears(lambda m: "Still" in m.text)
    await sandbox.settled()

    assert texts(heard) == ["Still there?"]
    opened = [call for call in sandbox.calls if call.method == "apps.connections.open"]
    assert len(opened) == 2


async def test_a_cut_connection_is_made_anew(sandbox: Sandbox, client: AsyncWebClient, siti: Person) -> None:
    app = AsyncApp(client=client, process_before_response=True)
    heard = echo(app)
    handler = AsyncSocketModeHandler(app, sandbox.app_token, ping_interval=0.02)
    await handler.connect_async()
    await sandbox.connected()
    sandbox.faults.cut()
    await siti.says("Still there?")
    await siti.hears(lambda m: "Still" in m.text)
    await sandbox.settled()
    await handler.close_async()

    assert texts(heard) == ["Still there?"]


async def test_a_message_waits_for_a_socket(sandbox: Sandbox, client: AsyncWebClient, siti: Person) -> None:
    await siti.says("Anybody?")
    app = AsyncApp(client=client, process_before_response=True)
    heard = echo(app)
    handler = AsyncSocketModeHandler(app, sandbox.app_token)
    await handler.connect_async()
    await siti.hears(lambda m: "Anybody" in m.text)
    await sandbox.settled()
    await handler.close_async()

    assert texts(heard) == ["Anybody?"]


async def test_a_half_open_socket_is_noticed_by_the_client(
    sandbox: Sandbox, client: AsyncWebClient, siti: Person
) -> None:
    app = AsyncApp(client=client, process_before_response=True)
    echo(app)
    handler = AsyncSocketModeHandler(app, sandbox.app_token, ping_interval=0.05)
    await handler.connect_async()
    await sandbox.connected()
    sandbox.faults.half_open()
    await siti.says("Into the void")
    await sandbox.settled()
    assert len(siti.messages()) == 1

    await sandbox.connected()
    await sandbox.redeliver()
    await siti.hears(lambda m: "void" in m.text)
    await sandbox.settled()
    await handler.close_async()


async def test_several_sockets_share_the_payloads(sandbox: Sandbox, app: AsyncApp, siti: Person) -> None:
    sandbox.slack.rates.on = False
    heard = echo(app)
    second = AsyncSocketModeHandler(app, sandbox.app_token)
    await second.connect_async()
    await sandbox.connected(2)
    for number in range(10):
        await siti.says(f"word {number}")
    await sandbox.settled()
    await second.close_async()

    assert sorted(texts(heard)) == sorted(f"word {number}" for number in range(10))


async def test_slack_can_be_down_for_a_while(sandbox: Sandbox, client: AsyncWebClient, siti: Person) -> None:
    app = AsyncApp(client=client, process_before_response=True)
    heard = echo(app)
    handler = AsyncSocketModeHandler(app, sandbox.app_token, ping_interval=0.05)
    await handler.connect_async()
    await sandbox.connected()
    port = int(sandbox.slack.origin.rpartition(":")[2])
    await sandbox.stop()
    with pytest.raises(aiohttp.ClientError):
        await client.auth_test()
    await sandbox.start(port)
    await siti.says("Back again?")
    await siti.hears(lambda m: "Back" in m.text)
    await handler.close_async()

    assert texts(heard) == ["Back again?"]
    with pytest.raises(OSError, match="in use"):
        await Sandbox(sandbox.workspace.clock).start(port)


async def test_the_eleventh_socket_is_sent_away(sandbox: Sandbox, client: AsyncWebClient) -> None:
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(11):
            url = (await client.apps_connections_open(app_token=sandbox.app_token))["url"]
            sockets.append(await session.ws_connect(url))
        hellos = [await socket.receive_json() for socket in sockets]

        assert [hello["type"] for hello in hellos] == ["hello"] * 10 + ["disconnect"]
        assert hellos[10]["reason"] == "too_many_websockets"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_a_bot_that_dies_leaves_its_events_for_redelivery(
    sandbox: Sandbox, client: AsyncWebClient, siti: Person
) -> None:
    async with aiohttp.ClientSession() as session:
        url = (await client.apps_connections_open(app_token=sandbox.app_token))["url"]
        socket = await session.ws_connect(url)
        await siti.says("one")
        await siti.says("two")
        received = [(await socket.receive_json())["type"] for _ in range(3)]
        await socket.close()
    await sandbox.settled()
    app = AsyncApp(client=client, process_before_response=True)
    heard = echo(app)
    handler = AsyncSocketModeHandler(app, sandbox.app_token)
    await handler.connect_async()
    await sandbox.connected()
    again = await sandbox.redeliver()
    await sandbox.settled()
    await handler.close_async()

    assert (received, again) == (["hello", "events_api", "events_api"], 2)
    assert texts(heard) == ["one", "two"]


async def test_calls_fail_as_ordered(client: AsyncWebClient, sandbox: Sandbox) -> None:
    sandbox.faults.fail("chat.postMessage", "channel_not_found", times=2, channel="C0NETWORK")
    assert await refused(client.chat_postMessage(channel="C0NETWORK", text="x")) == "channel_not_found"
    await client.chat_postMessage(channel="U0SITI", text="x")
    assert await refused(client.chat_postMessage(channel="C0NETWORK", text="x")) == "channel_not_found"
    await client.chat_postMessage(channel="C0NETWORK", text="x")

    sandbox.faults.crash("chat.postMessage")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0NETWORK", text="x")
    assert caught.value.response.status_code == 503

    sandbox.faults.remove_from_channel("C0NETWORK")
    assert await refused(client.chat_postMessage(channel="C0NETWORK", text="x")) == "not_in_channel"
    sandbox.faults.archive("C0NETWORK")
    assert await refused(client.chat_postMessage(channel="C0NETWORK", text="x")) == "is_archived"


async def test_a_slow_answer_runs_into_the_clients_timeout(sandbox: Sandbox) -> None:
    sandbox.faults.slow("chat.postMessage", 5)
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.base_url)
    client.timeout = 0.05  # type: ignore[assignment]

    with pytest.raises(TimeoutError):
        await client.chat_postMessage(channel="C0NETWORK", text="x")


# Delivery over HTTP


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


async def test_http_retries_carry_their_number_and_reason(sandbox: Sandbox, siti: Person) -> None:
    seen: list[tuple[str | None, str | None]] = []
    verifier = SignatureVerifier(sandbox.signing_secret)

    async def fail(request: web.Request) -> web.Response:
        assert verifier.is_valid_request(await request.read(), dict(request.headers))
        seen.append((request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")))
        return web.Response(status=500)

    server = web.Application()
    server.router.add_post("/", fail)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sandbox.delivery = "http"
    sandbox.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await siti.says("38.8")
    await sandbox.settled()
    for _ in range(4):
        await sandbox.redeliver()
        await sandbox.settled()
    await runner.cleanup()

    assert seen == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]


async def test_nobody_at_the_request_url(sandbox: Sandbox, siti: Person) -> None:
    sandbox.delivery = "http"
    sandbox.request_url = "http://127.0.0.1:9/"
    await siti.says("38.8")
    await sandbox.settled()

    assert len(sandbox.slack.outbox.open) == 1
    assert BOT_USER in siti.channel(None).members
