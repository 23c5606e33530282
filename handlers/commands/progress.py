"""`/spnet progress` and `/spnet compare`."""

from __future__ import annotations

from datetime import datetime

from bot import progress
from bot.messages import Message
from bot.speaker import Speaker
from db.engine import Session
from handlers.commands.table import Call
from handlers.saying import Outcome


async def one(call: Call) -> Outcome:
    """`progress [country or indicator]`: without either my own country, or, for who stands for none, the region."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        return await progress.typed(session, by, call.text)

    return await call.desk.turn(call.user, do, only_reads=True)


async def compare(call: Call) -> Outcome:
    """`compare INDICATOR`: all countries side by side."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        return await progress.compare(session, by, call.text)

    return await call.desk.turn(call.user, do, only_reads=True)
