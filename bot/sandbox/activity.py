"""Who is busy: calls that run and payloads that nobody acknowledged yet. `settled` waits until there is no more."""

from __future__ import annotations

import asyncio

LOOP_TURNS = 8
"""Turns of the loop that stand for silence when no time shall pass: enough for what is on a local socket."""


class Activity:
    """Counts what is under way. Times here are real: they measure silence on the wire, not the story's time."""

    def __init__(self) -> None:
        self._under_way: dict[int, str] = {}
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return self._idle.is_set()

    def begin(self, what: str) -> int:
        """Something starts; gives its number."""
        self._count += 1
        self._under_way[self._count] = what
        self._idle.clear()
        return self._count

    def end(self, number: int) -> None:
        """It is done, or nobody waits for it any more."""
        if self._under_way.pop(number, None) is not None:
            self._count += 1
            if not self._under_way:
                self._idle.set()

    async def settled(self, timeout: float, quiet: float) -> None:  # noqa: ASYNC109
        """Wait until nothing is under way and nothing has come for `quiet` seconds.

        Raises:
            TimeoutError: names what is still under way after `timeout` seconds.
        """
        try:
            async with asyncio.timeout(timeout):
                while True:
                    await self._idle.wait()
                    seen = self._count
                    await _silence(quiet)
                    if seen == self._count and self.is_idle:
                        return
        except TimeoutError:
            waiting = ", ".join(self._under_way.values()) or "calls that keep coming"
            raise TimeoutError(f"not settled after {timeout} s: {waiting}") from None


class Promises:
    """Answers that are still to come: a command that was acknowledged with nothing is answered later.

    `settled` waits for such an answer: for a post to the response URL, a use of the trigger, or an ephemeral message
    to the person; for `PATIENCE` real seconds at most, for a bot that says nothing.
    """

    PATIENCE = 2.0

    def __init__(self, activity: Activity) -> None:
        self._activity = activity
        self._signs: dict[str, int] = {}

    def make(self, what: str, *signs: str) -> None:
        """An answer will come; any one of the signs will show it."""
        number = self._activity.begin(what)
        self._signs.update(dict.fromkeys(signs, number))
        asyncio.get_running_loop().call_later(self.PATIENCE, self._activity.end, number)

    def kept(self, sign: str) -> None:
        """A sign of an answer."""
        number = self._signs.pop(sign, None)
        if number is not None:
            self._activity.end(number)


async def _silence(seconds: float) -> None:
    if seconds > 0:
        await asyncio.sleep(seconds)
        return
    for _ in range(LOOP_TURNS):
        await asyncio.sleep(0)
