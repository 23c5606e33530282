"""Arguments come as each client likes to send them: query string, GET, form with JSON fields, JSON, multipart."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
import pytest
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.client import WebClient

from bot.sandbox import Person, Sandbox
from bot.sandbox.methods import METHODS
from tests.unit.sandbox.conftest import asks, modal

Arguments = Mapping[str, Any]
ENCODINGS = ("query", "get", "form", "json", "multipart")


async def called(sandbox: Sandbox, method: str, arguments: Arguments, encoding: str) -> dict[str, Any]:
    """Call a method with its arguments in one encoding; nested ones are JSON in all but a JSON body."""
    flat = {name: value if isinstance(value, str) else json.dumps(value) for name, value in arguments.items()}
    form = aiohttp.FormData(flat, default_to_multipart=True)
    how: dict[str, tuple[str, dict[str, Any]]] = {
        "query": ("POST", {"params": flat}),
        "get": ("GET", {"params": flat}),
        "form": ("POST", {"data": flat}),
        "json": ("POST", {"json": dict(arguments)}),
        "multipart": ("POST", {"data": form}),
    }
    verb, options = how[encoding]
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    url = sandbox.base_url + method
    async with aiohttp.ClientSession(headers=headers) as session, session.request(verb, url, **options) as response:
        assert response.status == 200
        return await response.json()


HOME = {"type": "home", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Hello"}}]}
CALLS: list[tuple[str, Callable[[Sandbox, str], Arguments]]] = [
    ("api.test", lambda s, ts: {"hello": "you"}),
    ("chat.update", lambda s, ts: {"channel": "C0NETWORK", "ts": ts, "text": "x", "blocks": HOME["blocks"]}),
    (
        "chat.scheduleMessage",
        lambda s, ts: {"channel": "C0NETWORK", "text": "x", "post_at": s.workspace.seconds() + 600, "attachments": []},
    ),
    ("chat.scheduledMessages.list", lambda s, ts: {"channel": "C0NETWORK", "limit": 5}),
    ("conversations.list", lambda s, ts: {"types": "public_channel,im", "exclude_archived": True, "limit": 2}),
    ("conversations.open", lambda s, ts: {"users": "U0SITI", "return_im": True}),
    ("conversations.invite", lambda s, ts: {"channel": "C0NETWORK", "users": "U0BOUNMY,U0PER", "force": True}),
    ("conversations.setTopic", lambda s, ts: {"channel": "C0NETWORK", "topic": "Söil & water"}),
    ("conversations.history", lambda s, ts: {"channel": "C0NETWORK", "inclusive": True, "latest": ts}),
    ("pins.add", lambda s, ts: {"channel": "C0NETWORK", "timestamp": ts}),
    (
        "bookmarks.add",
        lambda s, ts: {"channel_id": "C0NETWORK", "title": "x", "type": "link", "link": "https://a.org?b=1&c=2"},
    ),
    ("reactions.add", lambda s, ts: {"channel": "C0NETWORK", "timestamp": ts, "name": "tada"}),
    ("users.info", lambda s, ts: {"user": "U0SITI", "include_locale": True}),
    ("users.lookupByEmail", lambda s, ts: {"email": "siti@example.org"}),
    ("views.publish", lambda s, ts: {"user_id": "U0SITI", "view": HOME}),
    ("views.open", lambda s, ts: {"trigger_id": s.slack.triggers.give("U0SITI"), "view": modal(asks("a"))}),
    ("files.getUploadURLExternal", lambda s, ts: {"filename": "a.txt", "length": 3}),
]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(("method", "arguments"), CALLS, ids=[row[0] for row in CALLS])
async def test_a_method_takes_it(
    sandbox: Sandbox,
    client: AsyncWebClient,
    method: str,
    arguments: Callable[[Sandbox, str], Arguments],
    encoding: str,
) -> None:
    ts = str((await client.chat_postMessage(channel="C0NETWORK", text="Hello"))["ts"])

    answer = await called(sandbox, method, arguments(sandbox, ts), encoding)

    assert answer["ok"], answer


@pytest.mark.parametrize("method", sorted(METHODS))
async def test_every_method_is_refused_alike_in_every_encoding(sandbox: Sandbox, method: str) -> None:
    """No method has a way of its own to read arguments: what one lacks, it lacks in each encoding."""
    answers = [await called(sandbox, method, {"channel": "C0NOWHERE", "error": "", "test": "1"}, e) for e in ENCODINGS]

    kinds = {(answer["ok"], answer.get("error"), str(answer.get("errors"))) for answer in answers}
    assert len(kinds) == 1, kinds


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_a_file_is_uploaded_and_downloaded(sandbox: Sandbox, siti: Person, encoding: str) -> None:
    """The three steps of an upload: ask where to, send the bytes (raw or as a form), complete."""
    content = b"year,share\n2026,38.8\n"
    place = await called(
        sandbox, "files.getUploadURLExternal", {"filename": "chart.csv", "length": len(content)}, encoding
    )
    form = aiohttp.FormData()
    form.add_field("filename", content, filename="chart.csv")
    async with aiohttp.ClientSession() as session:
        data = form if encoding == "multipart" else content
        async with session.post(place["upload_url"], data=data) as response:
            assert (response.status, await response.text()) == (200, f"OK - {len(content)}")
        async with session.post(place["upload_url"], data=content) as again:
            assert again.status == 404, "an address works once"
        done = await called(
            sandbox,
            "files.completeUploadExternal",
            {
                "files": [{"id": place["file_id"], "title": "The chart"}],
                "channel_id": "C0NETWORK",
                "initial_comment": "See",
            },
            encoding,
        )
        (message,) = siti.messages("C0NETWORK")
        assert (message.text, message.files[0]["title"]) == ("See", "The chart")
        url = done["files"][0]["url_private"]
        headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
        async with session.get(url, headers=headers) as response:
            assert (response.content_type, await response.read()) == ("text/csv", content)
        for wrong in ({}, {"Authorization": "Bearer xoxb-wrong"}):
            async with session.get(url, headers=wrong, allow_redirects=False) as response:
                assert response.status == 302, "Slack leads to its sign-in page"
                assert response.headers["Location"].startswith("/?redir=%2Ffiles-pri%2F")
        sandbox.faults.revoke_token()
        async with session.get(url, headers=headers, allow_redirects=False) as response:
            assert response.status == 302


async def test_the_synchronous_socket_mode_client_hears_and_answers(sandbox: Sandbox, siti: Person) -> None:
    """The built-in client of the Python SDK has a websocket implementation of its own."""
    web = WebClient(token=sandbox.bot_token, base_url=sandbox.base_url)
    client = SocketModeClient(app_token=sandbox.app_token, web_client=web, auto_reconnect_enabled=False)

    def hear(client: Any, request: SocketModeRequest) -> None:
        client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
        event = request.payload["event"]
        if "bot_id" not in event:
            web.chat_postMessage(channel=event["channel"], text=f"You said: {event['text']}")

    client.socket_mode_request_listeners.append(hear)
    await asyncio.to_thread(client.connect)
    try:
        await sandbox.connected()
        await siti.says("Good morning")
        await siti.hears(lambda message: message.text == "You said: Good morning", timeout=20)
        await sandbox.settled()
    finally:
        sandbox.faults.cut()  # else its thread reads on for three seconds
        await asyncio.to_thread(client.close)
