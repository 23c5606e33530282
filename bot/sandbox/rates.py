"""Slack's rate limits, by the clock handed in (Slack: Rate limits, and its reference of each method)."""

from __future__ import annotations

import math

from bot.clock import Clock
from bot.sandbox.failures import RateLimited

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute for each tier, per method."""

POST_PER_SECOND = 1.0
POST_BURST = 5
"""chat.postMessage: about one a second a channel; how long a burst may be Slack does not say."""


class Rates:
    """Token buckets: one a method, and one a channel for chat.postMessage."""

    def __init__(self, clock: Clock, *, on: bool = True) -> None:
        self.on = on
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def check(self, method: str, tier: int | None, channel: str | None = None) -> None:
        """Count one call.

        Raises:
            RateLimited: with the whole seconds to wait.
        """
        if not self.on:
            return
        if tier is not None:
            size = PER_MINUTE[tier]
            self._take(method, size, size / 60)
        if method == "chat.postMessage" and channel:
            self._take(f"{method} {channel}", POST_BURST, POST_PER_SECOND)

    def _take(self, key: str, size: int, per_second: float) -> None:
        now = self._clock.now().timestamp()
        left, since = self._buckets.get(key, (float(size), now))
        left = min(float(size), left + (now - since) * per_second)
        if left < 1:
            self._buckets[key] = (left, now)
            raise RateLimited(max(1, math.ceil((1 - left) / per_second - 1e-9)))
        self._buckets[key] = (left - 1, now)
