"""The time, handed in: what the process runs on, and what tests and replays run on."""

from __future__ import annotations

import asyncio
import time
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


class RunningClock:
    """A clock that begins at a given moment, runs on with real time, and can be put forward.

    The demo lives by it: its story has a date of its own, and its hours are as long as anybody's.
    """

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock starts at an aware moment")
        self._ahead = start.astimezone(UTC) - self._real()

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return self._real() + self._ahead

    def set(self, moment: datetime) -> None:
        """Go to a moment, and run on from there; never back.

        Raises:
            ValueError: the moment lies before the present one.
        """
        if moment < (now := self.now()):
            raise ValueError(f"the clock does not run back from {now} to {moment}")
        self._ahead = moment.astimezone(UTC) - self._real()

    async def sleep(self, seconds: float) -> None:
        """Wait so long in real time."""
        await asyncio.sleep(max(0.0, seconds))

    @staticmethod
    def _real() -> datetime:
        # Not the machine's date, which somebody may put back.
        return datetime.fromtimestamp(0, UTC) + timedelta(seconds=time.monotonic())


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
