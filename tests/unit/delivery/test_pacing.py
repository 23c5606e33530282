"""A short burst, then the pace; and the clock that is handed in decides what a second is."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SimulatedClock
from bot.delivery.pacing import POSTS_A_CHANNEL, TIERS, Pacing, Rate
from bot.sandbox.failures import RateLimited
from bot.sandbox.rates import Rates
from tests.conftest import MONDAY_MORNING


async def test_a_burst_goes_at_once_and_then_one_a_second(clock: SimulatedClock) -> None:
    pacing = Pacing(clock)
    waited: list[float] = []
    for _ in range(POSTS_A_CHANNEL.burst + 3):
        await pacing.wait("D0SITI", POSTS_A_CHANNEL)
        waited.append((clock.now() - MONDAY_MORNING).total_seconds())
    assert waited == [0, 0, 0, 0, 1, 2, 3]


async def test_channels_do_not_wait_for_each_other(clock: SimulatedClock) -> None:
    pacing = Pacing(clock)
    for place in range(50):
        await pacing.wait(f"D{place}", POSTS_A_CHANNEL)
    assert clock.now() == MONDAY_MORNING


async def test_a_pause_that_was_asked_for_is_kept(clock: SimulatedClock) -> None:
    pacing = Pacing(clock)
    await pacing.wait("D0SITI", POSTS_A_CHANNEL)
    pacing.hold("D0SITI", 30, POSTS_A_CHANNEL)
    assert pacing.pause("D0SITI", POSTS_A_CHANNEL) == 30
    assert pacing.pause("D0BOUNMY", POSTS_A_CHANNEL) == 0
    await pacing.wait("D0SITI", POSTS_A_CHANNEL)
    assert clock.now() - MONDAY_MORNING == timedelta(seconds=30)


async def test_many_at_once_get_their_turns(clock: SimulatedClock) -> None:
    pacing = Pacing(clock)
    await asyncio.gather(*(pacing.wait("C0NETWORK", Rate(1.0, 1)) for _ in range(10)))
    assert clock.now() - MONDAY_MORNING >= timedelta(seconds=9)


@pytest.mark.parametrize("method", ["chat.postMessage", "conversations.open"])
@given(pauses=st.lists(st.floats(0, 3), max_size=150))
def test_slack_never_needs_to_refuse(method: str, pauses: list[float]) -> None:
    async def play() -> None:
        clock = SimulatedClock(MONDAY_MORNING)
        pacing, rates = Pacing(clock), Rates(clock)
        posting = method == "chat.postMessage"
        for pause in pauses:
            clock.advance(timedelta(seconds=pause))
            await pacing.wait(method, POSTS_A_CHANNEL if posting else TIERS[3])
            try:
                rates.check(method, None if posting else 3, "D0SITI" if posting else None)
            except RateLimited:
                pytest.fail("the pace was too fast")

    asyncio.run(play())
