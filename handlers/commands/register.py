"""`/spnet focal` and `/spnet register`: who holds which role, the forms that change it, and what the register needs."""

from __future__ import annotations

from datetime import datetime

from bot import succession
from bot.messages import Deed, Message
from bot.people import members
from bot.reading import plain
from bot.reminders import register as needs
from bot.speaker import Speaker
from db.engine import Session
from handlers.commands.table import Call
from handlers.register import open_form
from handlers.saying import Outcome


async def appoint(call: Call) -> Outcome:
    """`focal appoint Indonesia`: the form in which somebody is appointed; nothing is done before a confirm."""
    return await _form(call, Deed.FOCAL_APPOINT)


async def handover(call: Call) -> Outcome:
    """`focal handover Indonesia`: the form in which the focal point hands over to somebody else."""
    return await _form(call, Deed.FOCAL_HANDOVER)


async def end(call: Call) -> Outcome:
    """`focal end Indonesia`: the form in which somebody's role ends."""
    return await _form(call, Deed.FOCAL_END)


async def _form(call: Call, deed: Deed) -> Outcome:
    return await open_form(call.desk, call.client, call.user, call.trigger_id, deed, plain(call.text))


async def history(call: Call) -> Outcome:
    """`focal history [country]`: who held which role when; without a country, the own one."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        member = await members.named(session, plain(call.text) or by.member or "")
        return await succession.history(session, by, member, now)

    return await call.desk.turn(call.user, do)


async def register(call: Call) -> Outcome:
    """`register`: what the register needs now, with what to do for each."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        return await needs.report(session, by, now)

    return await call.desk.turn(call.user, do)
