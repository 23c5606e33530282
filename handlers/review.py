"""Review: accept, or return with a question, by the buttons under a submission in the secretariat's channel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import assessments, review
from bot.messages import Deed, Form, Message
from bot.permissions import Act
from bot.rendering import modals
from bot.speaker import Speaker
from db.engine import Session
from handlers.actions import RETURN_FORM, any_of
from handlers.bolt import Bolt, Listener
from handlers.speaker import Desk


def register(app: Bolt, desk: Desk) -> None:
    """Listen to Accept, to Return, and to the form in which the question is written."""
    app.action(any_of([Deed.ACCEPT]))(_on_accept(desk))
    app.action(any_of([Deed.RETURN]))(_on_return(desk))
    app.view(RETURN_FORM)(_on_returned(desk))


def _on_accept(desk: Desk) -> Listener:
    async def on_accept(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            assessment_id, version = review.parse(body["actions"][0].get("value") or "")
            talk = await assessments.find(session, by, Act.REVIEW, assessment_id)
            await assessments.accept(session, by, talk, version, now)
            return await review.decided(session, by, talk, now)

        async with desk.in_order(body["user"]["id"]):
            outcome = await desk.turn(body["user"]["id"], do)
        # A submission called up by a command in another channel is decided before the eyes of one person only.
        public = not body["container"].get("is_ephemeral")
        await desk.respond(respond, body["user"]["id"], outcome, public=public)

    return on_accept


def _on_return(desk: Desk) -> Listener:
    async def on_return(ack: Any, body: dict[str, Any], client: Any, respond: Any) -> None:
        await ack()

        async def make(session: Session, by: Speaker, now: datetime) -> Form:
            assessment_id, version = review.parse(body["actions"][0].get("value") or "")
            talk = await assessments.find(session, by, Act.REVIEW, assessment_id)
            await assessments.begin_review(session, by, talk, now)
            where = f"{body['container']['channel_id']}:{body['container']['message_ts']}"
            return review.return_form(talk, version, where)

        outcome = await desk.opened(client, body["user"]["id"], body["trigger_id"], make)
        if outcome.message is not None:
            await desk.respond(respond, body["user"]["id"], outcome, public=True)

    return on_return


def _on_returned(desk: Desk) -> Listener:
    async def on_returned(ack: Any, body: dict[str, Any], view: dict[str, Any], client: Any) -> None:
        await ack()
        given = modals.filled(view)

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            asked = review.read_return(view["private_metadata"], given)
            talk = await assessments.find(session, by, Act.REVIEW, asked.assessment_id)
            await assessments.return_with_questions(session, by, talk, asked.version, asked.questions, now)
            return await review.decided(session, by, talk, now)

        user = body["user"]["id"]
        async with desk.in_order(user):
            outcome = await desk.turn(user, do)
        channel, _, ts = review.shown_at(view["private_metadata"]).partition(":")
        if not outcome.done:
            await desk.whisper(client, channel, user, outcome)
        elif not await desk.put_in_place(client, channel, ts, outcome):
            await desk.say(user, outcome)

    return on_returned
