"""A sandbox with some of the cast in it, the official clients, and a bare Bolt app on the wire."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SimulatedClock
from bot.sandbox import BOT_USER, Person, Sandbox, scopes
from tests.unit.sandbox.wire import Body, World


@pytest.fixture
async def sandbox(clock: SimulatedClock) -> AsyncIterator[Sandbox]:
    """A workspace with Siti, Bounmy and Per (who is of another organisation), and three channels."""
    sandbox = Sandbox(clock)
    people = sandbox.workspace
    people.add_user("U0SITI", "Siti Rahmadani", "siti@example.org", "Asia/Jakarta")
    people.add_user("U0BOUNMY", "Bounmy Keo", "bounmy@example.org", "Asia/Vientiane", guest=True)
    people.add_user("U0PER", "Per Larsen", "per@example.org", "Europe/Oslo", team="T0PARTNER")
    people.add_channel("C0NETWORK", "network", ["U0SITI", BOT_USER])
    people.add_channel("C0LOUNGE", "lounge", ["U0SITI"])
    people.add_channel("G0SECRET", "secretariat", ["U0BOUNMY"], private=True)
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[AsyncWebClient]:
    """Slack's own asynchronous client."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.base_url, session=session)


@pytest.fixture
def siti(sandbox: Sandbox) -> Person:
    """Siti at her Slack client."""
    return sandbox.person("U0SITI")


@pytest.fixture
def bounmy(sandbox: Sandbox) -> Person:
    """Bounmy at his Slack client."""
    return sandbox.person("U0BOUNMY")


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[AsyncApp]:
    """A bare Bolt app in Socket Mode; a test adds its listeners.

    Its client opens a session for each call: Bolt copies the client for lazy listeners, and a session cannot be copied.
    """
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.base_url)
    app = AsyncApp(
        name="slack_bolt.bare", client=client, process_before_response=True, signing_secret=sandbox.signing_secret
    )
    async with listening(app, sandbox):
        await sandbox.connected()
        yield app


@asynccontextmanager
async def listening(app: AsyncApp, sandbox: Sandbox, **how: float) -> AsyncIterator[None]:
    """The app at a socket of its own. It lets go in the end however that comes: else the sandbox waits for it."""
    handler = AsyncSocketModeHandler(app, sandbox.app_token, **how)
    await handler.connect_async()
    try:
        yield
    finally:
        await handler.close_async()


@pytest.fixture
async def world(sandbox: Sandbox, client: AsyncWebClient, siti: Person, bounmy: Person) -> AsyncIterator[World]:
    """An app that is subscribed to everything and keeps every body, also of what it did itself."""
    bodies: list[Body] = []
    sandbox.slack.subscriptions = frozenset(scopes.EVENTS)
    app = AsyncApp(
        client=AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.base_url),
        process_before_response=True,
        ignoring_self_events_enabled=False,
    )

    async def keep(body: Body) -> None:
        bodies.append(body)

    async def acknowledge(ack: Callable[..., Awaitable[None]], body: Body) -> None:
        bodies.append(body)
        await ack()

    async def answer(ack: Callable[..., Awaitable[None]], body: Body) -> None:
        bodies.append(body)
        await ack("Here I am")

    async def offer(ack: Callable[..., Awaitable[None]], body: Body) -> None:
        bodies.append(body)
        await ack(options=[{"text": {"type": "plain_text", "text": "Lao PDR"}, "value": "LAO"}])

    anything = re.compile(".*")
    app.event(anything)(keep)
    for listens in (app.action, app.view, app.view_closed, app.shortcut):
        listens(anything)(acknowledge)
    app.options(anything)(offer)
    app.command(anything)(answer)
    async with listening(app, sandbox):
        await sandbox.connected()
        yield World(sandbox, client, siti, bounmy, bodies)


async def refused(call: Awaitable[Any]) -> str:
    """The error code that a call is refused with."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


def echo(app: AsyncApp) -> list[dict[str, Any]]:
    """Let the app answer every message with its own words; gives the list of what it heard."""
    heard: list[dict[str, Any]] = []

    @app.event("message")
    async def answer(body: dict[str, Any], event: dict[str, Any], say: Callable[..., Awaitable[Any]]) -> None:
        heard.append(body)
        if "subtype" not in event:
            await say(text=f"You said: {event['text']}")

    return heard


def button(action_id: str, label: str = "Start", value: str = "1") -> dict[str, Any]:
    """A message's block with one button."""
    text = {"type": "plain_text", "text": label}
    return {
        "type": "actions",
        "elements": [{"type": "button", "action_id": action_id, "text": text, "value": value}],
    }


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A modal with a submit button."""
    title, submit = ({"type": "plain_text", "text": text} for text in ("Share", "Send"))
    return {"type": "modal", "callback_id": "share", "title": title, "submit": submit, "blocks": list(blocks), **more}


def asks(name: str, **element: Any) -> dict[str, Any]:
    """An input block whose block_id and action_id are `name`; a plain text input unless told."""
    label = {"type": "plain_text", "text": name}
    return {
        "type": "input",
        "block_id": name,
        "label": label,
        "element": {"type": "plain_text_input", "action_id": name, **element},
    }
