"""App Home for each role: where we stand, what is next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import interview, overview
from bot.messages import Message
from bot.permissions import Act, allowed
from bot.rendering import blocks
from bot.speaker import Speaker
from db.engine import Session
from handlers.bolt import Bolt, Listener
from handlers.speaker import Desk


def register(app: Bolt, desk: Desk) -> None:
    """Listen to the opening of App Home."""
    app.event("app_home_opened")(_on_home(desk))


def _on_home(desk: Desk) -> Listener:
    async def on_home(event: dict[str, Any], client: Any) -> None:
        if event.get("tab") != "home":
            return

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            if allowed(by, Act.SEE_NETWORK_STATUS):
                return await overview.home(session, by, now)
            return await interview.greeting(session, by, now)

        outcome = await desk.turn(event["user"], do)
        if outcome.message is not None:
            view = blocks.home(outcome.message, outcome.reader, desk.words)
            await client.views_publish(user_id=event["user"], view=view)

    return on_home
