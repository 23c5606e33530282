"""`/spnet status`, `profile`, `contributors`, `review` and `share`."""

from __future__ import annotations

from datetime import datetime

from bot import delegation, interview, overview, review
from bot import profile as profiles
from bot.messages import Message
from bot.permissions import Act, allowed
from bot.review import said
from bot.speaker import Speaker
from db.engine import Session
from handlers.commands.table import Call
from handlers.experiences import open_form
from handlers.saying import Outcome


async def status(call: Call) -> Outcome:
    """`status`: where my country stands, or, for the secretariat, where all stand."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        if allowed(by, Act.SEE_NETWORK_STATUS):
            return await overview.status(session, by, None, now)
        return await interview.greeting(session, by, now)

    return await call.desk.turn(call.user, do)


async def profile(call: Call) -> Outcome:
    """`profile`: what is known of the person, with the buttons that change it."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        return await profiles.show(session, by, now)

    return await call.desk.turn(call.user, do)


async def contributors(call: Call) -> Outcome:
    """`contributors`: which part of my country's answers is with whom, with buttons to remind and to take back."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        return await delegation.contributors(session, by, now)

    return await call.desk.turn(call.user, do)


async def open_review(call: Call) -> Outcome:
    """`review [country]`: what waits for review, or one submission with its buttons."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        if not call.text:
            return await review.waiting(session, by)
        return await review.open_for(session, by, call.text, now)

    return await call.desk.turn(call.user, do)


async def comments(call: Call) -> Outcome:
    """`comments [country]`: what the secretariat and the country said about single answers."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        return await said.comments_of(session, by, call.text.strip())

    return await call.desk.turn(call.user, do)


async def share(call: Call) -> Outcome:
    """`share`: the form in which an experience is shared."""
    message = await open_form(call.desk, call.client, call.user, call.trigger_id, call.text)
    return Outcome(message, call.desk.default_reader)
