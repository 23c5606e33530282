"""What changed, in order: those who look ask only for what is newer than what they have."""

from __future__ import annotations

from typing import Literal

from bot.sandbox.changes import Changes

Kind = Literal["user", "channel", "left", "message", "views", "home", "mail"]
Key = tuple[str, ...]
"""A kind and the ids that name one thing: ("message", channel, ts), ("user", id), ("views", user)."""


class Journal:
    """The last change of everything that people can see, by number; `changes` wakes those who wait."""

    def __init__(self) -> None:
        self.n = 0
        self.changes = Changes()
        self._last: dict[Key, int] = {}

    def touch(self, kind: Kind, *ids: str) -> None:
        """Something changed, came or went."""
        key = (kind, *ids)
        self.n += 1
        self._last.pop(key, None)
        self._last[key] = self.n
        self.changes.tell()

    def since(self, n: int) -> list[Key]:
        """What changed after number `n`, the oldest change first; each thing once."""
        found: list[Key] = []
        for key in reversed(self._last):
            if self._last[key] <= n:
                break
            found.append(key)
        found.reverse()
        return found
