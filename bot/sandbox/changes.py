"""Waiting until something that people can see has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")


class Changes:
    """Wakes those who wait on each change; nothing polls."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    def tell(self) -> None:
        """Something changed."""
        if self._waiting:
            woken, self._waiting = self._waiting, []
            for waiter in woken:
                if not waiter.done():
                    waiter.set_result(None)

    async def next(self, timeout: float) -> bool:  # noqa: ASYNC109
        """Wait for the next change, `timeout` real seconds at most; whether one came."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            async with asyncio.timeout(timeout):
                await waiter
        except TimeoutError:
            self._waiting.remove(waiter)
            return False
        return True

    async def until(self, look: Callable[[], Seen | None], timeout: float) -> Seen:  # noqa: ASYNC109
        """Look now and after each change, until `look` returns something.

        Raises:
            TimeoutError: nothing came within `timeout` real seconds.
        """
        async with asyncio.timeout(timeout):
            while (seen := look()) is None:
                waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._waiting.append(waiter)
                await waiter
            return seen
