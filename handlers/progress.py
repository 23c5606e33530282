"""The buttons and menus that lead to the progress: from Home, from a message, from one view to the next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import progress
from bot.messages import Message
from bot.speaker import Speaker
from db.engine import Session
from handlers.actions import PROGRESS, any_of
from handlers.bolt import Bolt, Listener, chosen
from handlers.saying import Outcome
from handlers.speaker import Desk


def register(app: Bolt, desk: Desk) -> None:
    """Listen to what asks for a view."""
    app.action(any_of(PROGRESS))(_on_view(desk))


def _on_view(desk: Desk) -> Listener:
    async def on_view(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        value = chosen(body)

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            return await progress.show(session, by, value, now)

        user = body["user"]["id"]
        outcome = await desk.turn(user, do, only_reads=True)
        # What was clicked stays: two views are read beside each other.
        said = Outcome(outcome.message, outcome.reader, done=False)
        if body.get("response_url"):
            await desk.respond(respond, user, said)
        else:
            # From Home there is no way back but the person's direct messages.
            await desk.say(user, said)

    return on_view
