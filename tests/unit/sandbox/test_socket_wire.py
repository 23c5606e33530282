"""Socket Mode as it goes over the wire, read without any client: hello, envelopes, acknowledgements, goodbye."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Person, Sandbox

Frame = dict[str, Any]


class Line:
    """One open websocket, read frame by frame."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    async def next(self) -> Frame:
        """The next frame."""
        return json.loads(await self.ws.receive_str(timeout=10))

    async def acknowledge(self, envelope: Frame, **payload: Any) -> None:
        """Answer an envelope."""
        answer = {"envelope_id": envelope["envelope_id"], **({"payload": payload} if payload else {})}
        await self.ws.send_str(json.dumps(answer))


@pytest.fixture
async def line(sandbox: Sandbox, client: AsyncWebClient) -> AsyncIterator[Line]:
    """A websocket as apps.connections.open gives it; its hello was read."""
    url = (await client.apps_connections_open(app_token=sandbox.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
        line = Line(ws)
        hello = await line.next()
        assert set(hello) == {"type", "num_connections", "debug_info", "connection_info"}
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        assert hello["connection_info"] == {"app_id": "A0SPNET"}
        assert set(hello["debug_info"]) == {"host", "started", "build_number", "approximate_connection_time"}
        yield line


async def test_an_address_opens_once(sandbox: Sandbox, client: AsyncWebClient) -> None:
    url = (await client.apps_connections_open(app_token=sandbox.app_token))["url"]
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url):
            pass
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_an_event_comes_again_with_its_number_until_it_is_acknowledged(
    sandbox: Sandbox, line: Line, siti: Person
) -> None:
    await siti.says("Hello")

    first = await line.next()
    assert set(first) == {
        "envelope_id",
        "type",
        "accepts_response_payload",
        "payload",
        "retry_attempt",
        "retry_reason",
    }
    assert (first["type"], first["accepts_response_payload"]) == ("events_api", False)
    assert (first["retry_attempt"], first["retry_reason"]) == (0, "")
    await sandbox.redeliver()
    again = await line.next()
    assert (again["envelope_id"], again["payload"]) == (first["envelope_id"], first["payload"])
    assert (again["retry_attempt"], again["retry_reason"]) == (1, "timeout")
    await line.acknowledge(again)
    await sandbox.settled()
    assert await sandbox.redeliver() == 0


async def test_commands_and_clicks_take_an_answer_with_the_acknowledgement(
    sandbox: Sandbox, client: AsyncWebClient, line: Line, siti: Person
) -> None:
    command = sandbox.slack.outbox.post("slash_commands", {"command": "/spnet"}, answered=True)
    envelope = await line.next()
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    assert set(envelope) == {"envelope_id", "type", "accepts_response_payload", "payload"}
    await line.acknowledge(envelope, text="Yes?")
    assert command.answer is not None
    assert await command.answer == {"text": "Yes?"}

    await siti.shortcut("share")
    envelope = await line.next()
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("interactive", True)
    await line.acknowledge(envelope)
    await sandbox.settled()


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "too_many_websockets", "link_disabled"])
async def test_a_goodbye_has_its_reason(sandbox: Sandbox, line: Line, reason: str) -> None:
    await sandbox.faults.disconnect(reason)

    goodbye = await line.next()
    assert (goodbye["type"], goodbye["reason"]) == ("disconnect", reason)
    assert set(goodbye) == {"type", "reason", "debug_info"}


async def test_a_ping_is_answered_and_nonsense_is_not(sandbox: Sandbox, client: AsyncWebClient) -> None:
    url = (await client.apps_connections_open(app_token=sandbox.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url, autoping=False) as ws:
        await ws.receive()
        await ws.send_str("no JSON")
        await ws.send_str("[]")
        await ws.ping(b"are you there")
        pong = await ws.receive(timeout=10)

    assert (pong.type, pong.data) == (aiohttp.WSMsgType.PONG, b"are you there")
