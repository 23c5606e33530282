"""The time, handed in: what the process runs on, and what tests and replays run on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait so long by this clock."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait so long in real time."""
        await asyncio.sleep(seconds)


class SimulatedClock:
    """A clock that stands still until it is moved; whoever waits on it moves it.

    Replays and tests pace themselves by it: a minute of waiting costs nothing.
    """

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock starts at an aware moment")
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return self._now

    def set(self, moment: datetime) -> None:
        """Go to a moment; never back.

        Raises:
            ValueError: the moment lies before the present one.
        """
        if moment < self._now:
            raise ValueError(f"the clock does not run back from {self._now} to {moment}")
        self._now = moment.astimezone(UTC)

    def advance(self, step: timedelta) -> None:
        """Go on by a step."""
        self.set(self._now + step)

    async def sleep(self, seconds: float) -> None:
        """Let so many simulated seconds pass at once, and give way to others."""
        self.advance(timedelta(seconds=max(0.0, seconds)))
        await asyncio.sleep(0)
