"""The regional benchmarks: the list under one's own position, and its form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import benchmarks
from bot.messages import Form
from bot.people.kept import Kept, slip
from bot.rendering import modals
from bot.speaker import Speaker
from db.engine import Session
from handlers.actions import BENCHMARKS, any_of
from handlers.bolt import Bolt, Listener, chosen
from handlers.speaker import Desk


def register(app: Bolt, desk: Desk) -> None:
    """Listen to the choice of a benchmark and to its form."""
    app.action(any_of(BENCHMARKS))(_on_open(desk))
    app.view(any_of(BENCHMARKS))(_on_filled(desk))


def _on_open(desk: Desk) -> Listener:
    async def on_open(ack: Any, body: dict[str, Any], client: Any, respond: Any) -> None:
        await ack()
        value = chosen(body)

        async def make(session: Session, by: Speaker, now: datetime) -> Form:
            return await benchmarks.form(session, by, slip(value), desk.words.label)

        user = body["user"]["id"]
        outcome = await desk.opened(client, user, body["trigger_id"], make)
        if outcome.message is not None:
            await desk.respond(respond, user, outcome)

    return on_open


def _on_filled(desk: Desk) -> Listener:
    async def on_filled(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        user, given = body["user"]["id"], modals.filled(view)

        async def store(session: Session, by: Speaker, now: datetime) -> Kept:
            about = slip(view["private_metadata"])
            return await benchmarks.store(session, by, about, given, now, desk.words.label)

        await desk.filled(ack, user, view, store)

    return on_filled
