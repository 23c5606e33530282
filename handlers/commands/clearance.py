"""`/spnet clearance` and `/spnet clearance set`."""

from __future__ import annotations

from datetime import datetime

from bot import clearance
from bot.clearance.setting import form_for
from bot.messages import Form, Message
from bot.reading import plain
from bot.speaker import Speaker
from db.engine import Session
from handlers.commands.table import Call
from handlers.saying import Outcome


async def show(call: Call) -> Outcome:
    """`clearance [country]`: who must say yes before an assessment leaves the country."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        return await clearance.show_setting(session, by, plain(call.text), now)

    return await call.desk.turn(call.user, do)


async def change(call: Call) -> Outcome:
    """`clearance set [country]`: the form in which that is set."""

    async def make(session: Session, by: Speaker, now: datetime) -> Form:
        return await form_for(session, by, plain(call.text), call.desk.words.label)

    return await call.desk.opened(call.client, call.user, call.trigger_id, make)
