"""Slash commands, their late answers, response URLs and shortcuts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.clock import SimulatedClock
from bot.sandbox import Person, Sandbox, Trouble
from tests.unit.sandbox.conftest import asks, echo, modal

Body = dict[str, Any]
Ack = Callable[..., Awaitable[Any]]


async def test_a_command_is_answered_at_once_and_later(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    bodies: list[Body] = []

    async def first(ack: Ack, body: Body) -> None:
        bodies.append(body)
        await ack("One moment")

    async def later(respond: Ack) -> None:
        await respond("Three members reported", response_type="in_channel")

    app.command("/spnet")(ack=first, lazy=[later])

    answer = await siti.command("/spnet", "cycle status <now>", channel="C0NETWORK")
    said = await siti.hears(lambda m: "Three" in m.text, channel="C0NETWORK")

    assert answer == {"text": "One moment"}
    assert (bodies[0]["text"], bodies[0]["channel_name"], bodies[0]["user_id"]) == (
        "cycle status &lt;now&gt;",
        "network",
        "U0SITI",
    )
    assert [(m.text, m.ephemeral) for m in siti.messages("C0NETWORK")] == [
        ("One moment", True),
        ("Three members reported", False),
    ]
    assert not said.ephemeral


async def test_settled_waits_for_the_late_answer_to_a_command(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    go_on = asyncio.Event()

    async def first(ack: Ack) -> None:
        await ack()

    async def later(respond: Ack) -> None:
        await go_on.wait()
        await respond("At last")

    app.command("/spnet")(ack=first, lazy=[later])

    assert await siti.command("/spnet", "slow") is None
    with pytest.raises(TimeoutError, match="answer to /spnet slow"):
        await sandbox.settled(timeout=0.05)
    go_on.set()
    await sandbox.settled()
    assert [m.text for m in siti.messages()] == ["At last"]


async def test_a_command_that_opens_a_modal_is_answered_by_it(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    async def first(ack: Ack) -> None:
        await ack()

    async def later(body: Body, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal(asks("title")))

    app.command("/spnet")(ack=first, lazy=[later])
    await siti.command("/spnet", "share")
    await sandbox.settled(timeout=1.0)

    assert siti.view is not None


async def test_a_command_without_an_answer_times_out(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    siti.patience = 0.05

    with pytest.raises(Trouble, match="operation_timeout"):
        await siti.command("/unknown")
    await sandbox.settled()
    assert await sandbox.redeliver() == 0


async def test_a_response_url_works_five_times_within_thirty_minutes(
    app: AsyncApp, sandbox: Sandbox, siti: Person, clock: SimulatedClock
) -> None:
    urls: list[str] = []

    @app.command("/spnet")
    async def command(ack: Ack, body: Body) -> None:
        urls.append(body["response_url"])
        await ack()

    await siti.command("/spnet")
    await siti.command("/spnet")
    first, second = (AsyncWebhookClient(url) for url in urls)
    answers = [await first.send(text=f"Use {number}") for number in range(6)]
    clock.advance(timedelta(minutes=31))
    late = await second.send(text="Too late")

    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert "used_url" in answers[5].body and "expired_url" in late.body
    assert len(siti.messages()) == 5


async def test_shortcuts(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    echo(app)
    bodies: list[Body] = []

    @app.shortcut("share")
    async def shared(ack: Ack, body: Body) -> None:
        bodies.append(body)
        await ack()

    ts = await siti.says("We lowered the registration fee", "C0NETWORK")
    await siti.shortcut("share", ts, "C0NETWORK")
    await siti.shortcut("share")
    await sandbox.settled()

    on_message, everywhere = bodies
    assert (on_message["type"], on_message["message"]["text"], on_message["channel"]["id"]) == (
        "message_action",
        "We lowered the registration fee",
        "C0NETWORK",
    )
    assert everywhere["type"] == "shortcut" and "message" not in everywhere
