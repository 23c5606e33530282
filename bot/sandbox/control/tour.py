"""The steps of a guided tour, handed in by who sets the scene."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TourStep:
    """One step.

    Attributes:
        id: a short name.
        person: the Slack id of who looks.
        place: where they look: {"channel": id}, {"app": "home" | "messages"}, or {"mail": "newest"}.
        title: a few words.
        text: what there is to see and to do, in paragraphs.
        do: what the page can do for them: {"label": words, "acts": [{"act": name, ...its arguments}, ...]}, or None.
            A click names its button by `label`, the words on it, or by how its `action_id` begins: that of the open
            modal, else of the newest message of the last twelve hours, else of the app's home. `as` is somebody else
            who acts. The act "clock" makes the `move` of that id.
        look: what the page shall point to: "composer", "message" (the newest), "home", "clock", "mail", or None.
    """

    id: str
    person: str
    place: dict[str, str]
    title: str
    text: str
    do: dict[str, Any] | None = None
    look: str | None = None

    def wire(self) -> dict[str, Any]:
        """How the control address says it; the person is `as`."""
        found = asdict(self)
        found["as"] = found.pop("person")
        return found
