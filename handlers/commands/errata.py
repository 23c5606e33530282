"""`/spnet erratum` and `/spnet errata`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot import errata
from bot.messages import Form, Message
from bot.reading import plain
from bot.speaker import Speaker
from db.engine import Session
from handlers.commands.table import Call
from handlers.saying import Outcome


async def issue(call: Call) -> Outcome:
    """`erratum [question] [edition]`: the form in which one question is corrected; without a question, a list."""
    desk = call.desk
    chosen: list[errata.About] = []

    async def find(session: Session, by: Speaker, now: datetime) -> Message | None:
        found = await errata.choose(session, by, plain(call.text), desk.place.edition)
        if isinstance(found, Message):
            return found
        chosen.append(found)
        return None

    async def make(session: Session, by: Speaker, now: datetime) -> Form:
        return await errata.form(session, by, replace(chosen[-1], where=call.channel))

    outcome = await desk.turn(call.user, find)
    if not chosen:
        return outcome
    return await desk.opened(call.client, call.user, call.trigger_id, make)


async def listed(call: Call) -> Outcome:
    """`errata`: those on record, and who said what."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        return await errata.listed(session, by)

    return await call.desk.turn(call.user, do)
