"""`/spnet history`."""

from __future__ import annotations

from datetime import datetime

from bot import trail
from bot.messages import Message
from bot.speaker import Speaker
from db.engine import Session
from handlers.commands.table import Call
from handlers.saying import Outcome


async def history(call: Call) -> Outcome:
    """`history INDICATOR [CYCLE]`: my country's accepted answers over the cycles, or all that was said in one."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        return await trail.command(session, by, call.text, now)

    return await call.desk.turn(call.user, do)
