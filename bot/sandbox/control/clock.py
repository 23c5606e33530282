"""What hands the sandbox its moves of the clock: a demo has some, a test moves its clock itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Move:
    """One way to let time pass: its id, what stands on the button, and the moment it leads to."""

    id: str
    label: str
    to: datetime

    def wire(self) -> dict[str, Any]:
        """How the control address says it."""
        return {"id": self.id, "label": self.label, "to": self.to.isoformat()}


class Moves(Protocol):
    """Offers moves and makes them."""

    async def moves(self) -> list[Move]:
        """The moves that are possible now."""
        ...

    async def make(self, id: str) -> None:
        """Let the time pass, and come back when the bot has done what it asks for.

        Raises:
            LookupError: there is no such move now.
        """
        ...


class NoMoves:
    """A clock that nobody moves from the page."""

    async def moves(self) -> list[Move]:
        """None."""
        return []

    async def make(self, id: str) -> None:
        """Nothing can be made."""
        raise LookupError(f"no move {id}")
