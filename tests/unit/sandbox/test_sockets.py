"""Socket Mode: sockets that are several, go, are cut, or look open; one of them gets each payload."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import APP_ID, Person, Sandbox
from bot.sandbox import socket as wire
from bot.sandbox.faults import clear
from bot.sandbox.verbs import BadArgument
from tests.unit.sandbox.conftest import echo, listening

Body = dict[str, Any]

# Real seconds after which what does not come is missed.
PATIENCE = 5.0


def texts(heard: list[Body]) -> list[str]:
    return [body["event"]["text"] for body in heard]


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
    async with listening(app, sandbox, ping_interval=0.02):
        await sandbox.connected()
        sandbox.faults.cut()
        await siti.says("Still there?")
        await siti.hears(lambda m: "Still" in m.text)
        await sandbox.settled()

    assert texts(heard) == ["Still there?"]


async def test_a_message_waits_for_a_socket(sandbox: Sandbox, client: AsyncWebClient, siti: Person) -> None:
    await siti.says("Anybody?")
    app = AsyncApp(client=client, process_before_response=True)
    heard = echo(app)
    async with listening(app, sandbox):
        await siti.hears(lambda m: "Anybody" in m.text)
        await sandbox.settled()

    assert texts(heard) == ["Anybody?"]


async def test_a_half_open_socket_is_noticed_by_the_client(
    sandbox: Sandbox, client: AsyncWebClient, siti: Person
) -> None:
    app = AsyncApp(client=client, process_before_response=True)
    echo(app)
    async with listening(app, sandbox, ping_interval=0.05):
        await sandbox.connected()
        sandbox.faults.half_open()
        await siti.says("Into the void")
        await sandbox.settled()
        assert len(siti.messages()) == 1

        await sandbox.connected()
        await sandbox.redeliver()
        await siti.hears(lambda m: "void" in m.text)
        await sandbox.settled()


async def test_several_sockets_share_the_payloads(sandbox: Sandbox, app: AsyncApp, siti: Person) -> None:
    sandbox.slack.rates.on = False
    heard = echo(app)
    async with listening(app, sandbox):
        await sandbox.connected(2)
        for number in range(10):
            await siti.says(f"word {number}")
        await sandbox.settled()

    assert sorted(texts(heard)) == sorted(f"word {number}" for number in range(10))


async def test_slack_can_be_down_for_a_while(sandbox: Sandbox, client: AsyncWebClient, siti: Person) -> None:
    app = AsyncApp(client=client, process_before_response=True)
    heard = echo(app)
    async with listening(app, sandbox, ping_interval=0.05):
        await sandbox.connected()
        port = int(sandbox.slack.origin.rpartition(":")[2])
        await sandbox.stop()
        with pytest.raises(aiohttp.ClientError):
            await client.auth_test()
        await sandbox.start(port)
        await siti.says("Back again?")
        await siti.hears(lambda m: "Back" in m.text)

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


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """For sockets without a client's own mind."""
    async with aiohttp.ClientSession() as session:
        yield session


Bare = aiohttp.ClientWebSocketResponse


async def opened(session: aiohttp.ClientSession, client: AsyncWebClient, sandbox: Sandbox) -> tuple[Bare, Body]:
    """A socket and its hello."""
    url = (await client.apps_connections_open(app_token=sandbox.app_token))["url"]
    socket = await session.ws_connect(url)
    return socket, await socket.receive_json()


async def test_each_hello_counts_the_sockets(
    session: aiohttp.ClientSession, sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sockets = [await opened(session, client, sandbox) for _ in range(10)]
    hellos = [hello for _, hello in sockets]

    assert [hello["num_connections"] for hello in hellos] == list(range(1, 11))
    assert set(hellos[0]) == {"type", "num_connections", "debug_info", "connection_info"}
    assert set(hellos[0]["debug_info"]) == {"host", "started", "build_number", "approximate_connection_time"}
    assert hellos[0]["connection_info"] == {"app_id": APP_ID}


async def test_each_of_ten_sockets_gets_its_share_and_no_payload_comes_twice(
    session: aiohttp.ClientSession, sandbox: Sandbox, client: AsyncWebClient, siti: Person
) -> None:
    sockets = [(await opened(session, client, sandbox))[0] for _ in range(10)]
    for number in range(20):
        await siti.says(f"word {number}")
    received = []
    for socket in sockets:
        for _ in range(2):
            envelope = await socket.receive_json(timeout=PATIENCE)
            received.append(envelope["payload"]["event"]["text"])
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
    await sandbox.settled()

    assert sorted(received) == sorted(f"word {number}" for number in range(20))
    assert await sandbox.redeliver() == 0


async def test_a_warning_comes_before_the_refresh(
    session: aiohttp.ClientSession, sandbox: Sandbox, client: AsyncWebClient, siti: Person
) -> None:
    old, _ = await opened(session, client, sandbox)
    await sandbox.faults.disconnect("refresh_requested", warned=0.02)
    warning = await old.receive_json()
    new, hello = await opened(session, client, sandbox)
    await siti.says("To the new one")
    envelope = await new.receive_json()
    goodbye = await old.receive_json()

    assert (warning["type"], warning["reason"]) == ("disconnect", "warning")
    assert (goodbye["type"], goodbye["reason"]) == ("disconnect", "refresh_requested")
    assert set(goodbye) == {"type", "reason", "debug_info"}
    assert hello["num_connections"] == 2
    assert envelope["payload"]["event"]["text"] == "To the new one"


async def test_who_left_after_the_warning_hears_no_more(
    session: aiohttp.ClientSession, sandbox: Sandbox, client: AsyncWebClient
) -> None:
    old, _ = await opened(session, client, sandbox)
    await sandbox.faults.disconnect("refresh_requested", warned=0.01)
    assert (await old.receive_json())["reason"] == "warning"
    await old.close()
    await opened(session, client, sandbox)
    await sandbox.connected(1)

    assert old.closed


async def test_whoever_stays_is_closed_by_slack(
    session: aiohttp.ClientSession, sandbox: Sandbox, client: AsyncWebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "LINGER", 0.01)
    old, _ = await opened(session, client, sandbox)
    await sandbox.faults.disconnect("link_disabled")

    assert (await old.receive_json())["reason"] == "link_disabled"
    assert (await old.receive()).type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)


async def test_slack_has_no_other_reason(sandbox: Sandbox) -> None:
    with pytest.raises(BadArgument, match="refresh_requested"):
        await sandbox.faults.disconnect("boredom")


async def test_a_half_open_socket_that_is_whole_again(
    session: aiohttp.ClientSession, sandbox: Sandbox, client: AsyncWebClient, siti: Person
) -> None:
    socket, _ = await opened(session, client, sandbox)
    sandbox.faults.half_open()
    await siti.says("Into the void")
    await sandbox.settled()
    clear(sandbox.faults, "half_open")
    await siti.says("Through again")
    envelope = await socket.receive_json()
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    await sandbox.settled()

    assert envelope["payload"]["event"]["text"] == "Through again"
    assert await sandbox.redeliver() == 1
