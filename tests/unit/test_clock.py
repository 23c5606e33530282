"""A clock that runs on from a given moment, and can be put forward."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock import RunningClock

FEBRUARY = datetime(2015, 2, 10, 10, tzinfo=ZoneInfo("Asia/Jakarta"))


def test_it_begins_where_it_is_told_and_runs_on() -> None:
    clock = RunningClock(FEBRUARY)
    first, second = clock.now(), clock.now()
    assert FEBRUARY <= first <= second
    assert first.utcoffset() == timedelta()


def test_it_is_put_forward_and_never_back() -> None:
    clock = RunningClock(FEBRUARY)
    week = FEBRUARY + timedelta(days=7)
    clock.set(week)
    assert clock.now() >= week
    with pytest.raises(ValueError, match="does not run back"):
        clock.set(FEBRUARY)


def test_it_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        RunningClock(datetime(2015, 2, 10))  # noqa: DTZ001


async def test_waiting_by_it_is_real_and_moves_nothing() -> None:
    clock = RunningClock(FEBRUARY)
    waiting = asyncio.create_task(clock.sleep(3600))
    await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()
    await asyncio.wait([waiting])
    await clock.sleep(-1)
    assert clock.now() < FEBRUARY + timedelta(hours=1)
