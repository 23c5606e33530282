"""What goes over the wire to an app, kept and compared with tables of keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Person, Sandbox

Body = dict[str, Any]


@dataclass
class World:
    """What a payload comes from, and every body that the app got."""

    sandbox: Sandbox
    client: AsyncWebClient
    siti: Person
    bounmy: Person
    bodies: list[Body]

    def last(self, kind: str) -> Body:
        """The newest event, interactive payload or command of a kind."""
        for body in reversed(self.bodies):
            event = body.get("event")
            found = event["type"] if event else body.get("type", "command")
            subtype = event.get("subtype") if event else None
            if kind in (found, f"{found} {subtype}"):
                return body
        raise AssertionError(f"no {kind} among {[body.get('event', body).get('type') for body in self.bodies]}")


def keys(text: str) -> set[str]:
    """The names in a text."""
    return set(text.split())


TYPED = keys("type user ts client_msg_id text team blocks")
SAID_BY_BOT = keys("type user ts text team bot_id app_id bot_profile")
VIEW = keys(
    "id team_id type blocks private_metadata callback_id state hash title clear_on_close notify_on_close close submit "
    "previous_view_id root_view_id app_id external_id app_installed_team_id bot_id"
)
Act = Callable[[World], Awaitable[Any]]
Shape = Mapping[str, set[str]]
"""The keys of an object by its path; the event itself has the path of no letters."""


def compare(body: Body, shape: Shape) -> None:
    """The keys of an object, and of what lies in it, are those of the table."""
    for path, wanted in shape.items():
        found: Any = body
        for step in path.split(".") if path else ():
            found = found[int(step) if step.isdigit() else step]
        assert set(found) == wanted, path
