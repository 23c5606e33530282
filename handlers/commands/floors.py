"""`/spnet floors` and `/spnet questions`."""

from __future__ import annotations

from datetime import datetime

from bot.floors import own_forms, shown
from bot.messages import Message
from bot.reading import plain
from bot.speaker import Speaker
from db.engine import Session
from handlers.commands.table import Call
from handlers.saying import Outcome


async def show(call: Call) -> Outcome:
    """`floors [country]`: what a country has set for itself; its own people also see what waits."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        return await shown.show(session, by, plain(call.text), call.desk.place.edition, now)

    return await call.desk.turn(call.user, do)


async def questions(call: Call) -> Outcome:
    """`questions`: what my country asks itself, beside what all are asked."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        return await own_forms.card(session, by)

    return await call.desk.turn(call.user, do)
