"""What a person's act leaves behind for a while: trigger ids and response URLs (Slack: Handling user interaction)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.sandbox.failures import ApiError

TRIGGER_LIFE = timedelta(seconds=3)
URL_LIFE = timedelta(minutes=30)
URL_USES = 5


class Triggers:
    """Trigger ids: they live three seconds and are used once. The next `born_old` come with their time over."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._given: dict[str, tuple[str, datetime]] = {}
        self._used: set[str] = set()
        self._number = 0
        self.born_old = 0

    def give(self, user: str) -> str:
        """A new trigger id for what this person just did."""
        self._number += 1
        trigger = f"{self._number}.{secrets.randbelow(10**9)}.{secrets.token_hex(8)}"
        until = self._clock.now() + TRIGGER_LIFE
        if self.born_old > 0:
            self.born_old -= 1
            until -= 2 * TRIGGER_LIFE
        self._given[trigger] = (user, until)
        return trigger

    def expire(self) -> None:
        """All that were given are too old now."""
        for trigger, (user, _) in self._given.items():
            self._given[trigger] = (user, self._clock.now() - TRIGGER_LIFE)

    def use(self, trigger: str) -> str:
        """The person whose act it was; the trigger is spent.

        Raises:
            ApiError: invalid_trigger_id, exchanged_trigger_id or expired_trigger_id.
        """
        if trigger in self._used:
            raise ApiError("exchanged_trigger_id")
        if trigger not in self._given:
            raise ApiError("invalid_trigger_id")
        user, until = self._given[trigger]
        if self._clock.now() > until:
            raise ApiError("expired_trigger_id")
        self._used.add(trigger)
        return user


@dataclass(slots=True)
class ResponseUrl:
    """Where one response URL leads: the person, the channel, and the message that was acted on, if any."""

    user: str
    channel: str
    original: str | None
    until: datetime
    uses: int = 0
    thread_ts: str | None = None


class ResponseUrls:
    """Response URLs: five uses within thirty minutes."""

    def __init__(self, clock: Clock, team: str) -> None:
        self._clock = clock
        self._team = team
        self._given: dict[str, ResponseUrl] = {}

    def give(self, user: str, channel: str, original: str | None = None) -> str:
        """The path of a new response URL."""
        path = f"/actions/{self._team}/{len(self._given) + 1}/{secrets.token_urlsafe(12)}"
        self._given[path] = ResponseUrl(user, channel, original, self._clock.now() + URL_LIFE)
        return path

    def unused(self, path: str) -> bool:
        """Whether nothing was posted to this path yet."""
        return self._given[path].uses == 0

    def use(self, path: str) -> ResponseUrl:
        """Where a path leads; one use is counted.

        Raises:
            ApiError: no_active_hooks for an unknown path, expired_url, used_url.
        """
        found = self._given.get(path)
        if found is None:
            raise ApiError("no_active_hooks")
        if self._clock.now() > found.until:
            raise ApiError("expired_url")
        if found.uses >= URL_USES:
            raise ApiError("used_url")
        found.uses += 1
        return found
