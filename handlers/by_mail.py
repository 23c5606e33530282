"""The button that sends a table of the chat by e-mail: one way for all tables."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot import benchmarks, overview, progress
from bot.messages import Deed, Message
from bot.speaker import Speaker
from db.engine import Session
from handlers.actions import BY_MAIL, any_of, deed_of
from handlers.bolt import Bolt, Listener, chosen
from handlers.saying import Outcome
from handlers.speaker import Desk

Sends = Callable[[Session, Speaker, str, datetime], Awaitable[Message]]


async def _mechanisms(session: Session, by: Speaker, _value: str, now: datetime) -> Message:
    return await overview.mail_mechanisms(session, by, now)


async def _benchmarks(session: Session, by: Speaker, _value: str, now: datetime) -> Message:
    return await benchmarks.mail(session, by, now)


# What each button sends.
TABLES: dict[Deed, Sends] = {
    Deed.MAIL_MECHANISMS: _mechanisms,
    Deed.MAIL_BENCHMARKS: _benchmarks,
    Deed.MAIL_COMPARISON: progress.mail,
    Deed.MAIL_STATUS: overview.mail_status,
}


def register(app: Bolt, desk: Desk) -> None:
    """Listen to the button under each table."""
    app.action(any_of(BY_MAIL))(_on_mail(desk))


def _on_mail(desk: Desk) -> Listener:
    async def on_mail(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        value, sends = chosen(body), TABLES[deed_of(body["actions"][0]["action_id"])]

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            return await sends(session, by, value, now)

        user = body["user"]["id"]
        outcome = await desk.turn(user, do)
        # The table stays where it is.
        await desk.respond(respond, user, Outcome(outcome.message, outcome.reader, done=False))

    return on_mail
