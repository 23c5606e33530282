"""Rate limits, kept from our side, by the clock handed in: better to wait a second than to be refused for thirty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock


@dataclass(frozen=True)
class Rate:
    """So many a second in the long run, with so many at once."""

    per_second: float
    burst: int


# Slack's tiers are 1, 20, 50 and 100 a minute, and a message a second in a channel. The bursts stay short of what
# refuses.
POSTS_A_CHANNEL = Rate(1.0, 4)
TIERS = {2: Rate(20 / 60, 15), 3: Rate(50 / 60, 40), 4: Rate(100 / 60, 80)}


class Pacing:
    """When the next call of each sort may go out. Turns are given in the order they are asked for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # For each sort of call, the moment at which its whole burst would be free again.
        self._free: dict[str, datetime] = {}

    def pause(self, sort: str, rate: Rate) -> float:
        """How many seconds the next call of this sort would wait."""
        now = self._clock.now()
        free = max(self._free.get(sort, now), now)
        return max(0.0, (free - now).total_seconds() - (rate.burst - 1) / rate.per_second)

    async def wait(self, sort: str, rate: Rate) -> None:
        """Wait for this call's turn."""
        pause = self.pause(sort, rate)
        now = self._clock.now()
        self._free[sort] = max(self._free.get(sort, now), now) + timedelta(seconds=1 / rate.per_second)
        if pause > 0:
            await self._clock.sleep(pause)

    def hold(self, sort: str, seconds: float, rate: Rate) -> None:
        """The other side asked for a pause: nothing of this sort for so long, and no burst after it."""
        until = self._clock.now() + timedelta(seconds=seconds)
        spent = until + timedelta(seconds=(rate.burst - 1) / rate.per_second)
        self._free[sort] = max(self._free.get(sort, spent), spent)
