"""Rate limits hold by the clock handed in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SimulatedClock
from bot.sandbox import Sandbox
from bot.sandbox.rates import POST_BURST


async def limited(client: AsyncWebClient, channel: str = "C0NETWORK") -> int | None:
    """Post once; the seconds to wait when that is too often."""
    try:
        await client.chat_postMessage(channel=channel, text="x")
    except SlackApiError as error:
        assert (error.response.status_code, error.response["error"]) == (429, "ratelimited")
        return int(error.response.headers["Retry-After"])
    return None


async def test_one_message_a_second_a_channel_with_a_short_burst(client: AsyncWebClient, clock: SimulatedClock) -> None:
    assert [await limited(client) for _ in range(POST_BURST)] == [None] * POST_BURST
    assert await limited(client) == 1
    assert await limited(client, "U0SITI") is None, "another channel has a limit of its own"

    clock.advance(timedelta(seconds=1))
    assert await limited(client) is None
    assert await limited(client) == 1


async def test_a_persons_id_and_their_channel_are_one_channel(client: AsyncWebClient) -> None:
    direct = (await client.conversations_open(users="U0SITI"))["channel"]["id"]
    for _ in range(POST_BURST):
        assert await limited(client, "U0SITI") is None

    assert await limited(client, direct) == 1


async def test_tiers_count_by_method(client: AsyncWebClient, clock: SimulatedClock) -> None:
    for _ in range(20):
        await client.users_list()
    with pytest.raises(SlackApiError) as caught:
        await client.users_list()

    assert caught.value.response.headers["Retry-After"] == "3"
    await client.users_info(user="U0SITI")
    clock.advance(timedelta(seconds=3))
    await client.users_list()


async def test_rates_can_be_switched_off(client: AsyncWebClient, sandbox: Sandbox) -> None:
    sandbox.slack.rates.on = False

    assert [await limited(client) for _ in range(30)] == [None] * 30


async def test_a_limit_can_be_ordered(client: AsyncWebClient, sandbox: Sandbox) -> None:
    sandbox.faults.limit("chat.postMessage", times=2, retry_after=30)

    assert [await limited(client) for _ in range(3)] == [30, 30, None]
