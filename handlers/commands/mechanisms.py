"""`/spnet mechanism`, `/spnet mechanisms` and `/spnet bodies`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.exports.charts import mechanism_steps, sketch
from bot.messages import Message
from bot.people import agencies, mechanisms
from bot.reading import plain
from bot.speaker import Speaker
from db.engine import Session
from handlers.commands.table import Call
from handlers.saying import Outcome


async def one(call: Call) -> Outcome:
    """`mechanism [country]`: one with all that belongs to it; who stands for no country and names none sees all."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        wanted = plain(call.text)
        if not wanted and by.member is None:
            return pictured(await mechanisms.side_by_side(session, by, now))
        return await mechanisms.card(session, by, await mechanisms.named(session, by, wanted), now)

    return await call.desk.turn(call.user, do)


def pictured(said: Message) -> Message:
    """All mechanisms, with the picture of how far each has come."""
    return replace(said, draws=sketch(mechanism_steps, said.facts["rows"]))


async def every(call: Call) -> Outcome:
    """`mechanisms`: those of all countries side by side."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        return pictured(await mechanisms.side_by_side(session, by, now))

    return await call.desk.turn(call.user, do)


async def bodies(call: Call) -> Outcome:
    """`bodies`: those that stand for no country, with their people."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        return await agencies.bodies(session, by, now)

    return await call.desk.turn(call.user, do)
