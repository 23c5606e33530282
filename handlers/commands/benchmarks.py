"""`/spnet benchmarks`."""

from __future__ import annotations

from datetime import datetime

from bot import benchmarks
from bot.messages import Message
from bot.reading import plain
from bot.speaker import Speaker
from db.engine import Session
from handlers.commands.table import Call
from handlers.saying import Outcome


async def show(call: Call) -> Outcome:
    """`benchmarks [country | benchmark | all]`: where one stands, or all side by side."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        return await benchmarks.asked(session, by, plain(call.text))

    return await call.desk.turn(call.user, do)
