"""A part in a contributor's hands: handed over by a form, listed, nudged about, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import assessments, delegation
from bot.errors import numbered
from bot.messages import Deed, Form, Message
from bot.permissions import Act
from bot.rendering import modals
from bot.speaker import Speaker
from db.engine import Session
from handlers.actions import DELEGATION, DELEGATION_FORMS, any_of, deed_of
from handlers.assessment import where_answered
from handlers.bolt import Bolt, Listener, chosen
from handlers.speaker import Desk


def register(app: Bolt, desk: Desk) -> None:
    """Listen to the button that hands something over, to its form, and to the buttons of the list."""
    app.action(any_of(DELEGATION_FORMS))(_on_open(desk))
    app.view(Deed.DELEGATE.value)(_on_filled(desk))
    app.action(any_of(DELEGATION))(_on_click(desk))


def _on_open(desk: Desk) -> Listener:
    async def on_open(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        value, user = chosen(body), body["user"]["id"]

        async def make(session: Session, by: Speaker, now: datetime) -> Form:
            return await delegation.form(session, by, value, now)

        await desk.say(where_answered(body), await desk.opened(client, user, body["trigger_id"], make))

    return on_open


def _on_filled(desk: Desk) -> Listener:
    async def on_filled(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        user, given = body["user"]["id"], modals.filled(view)
        wrong: dict[str, str] = {}

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            wrong.clear()
            private, pages = view["private_metadata"], desk.place.pages
            done = await delegation.hand(session, by, private, given, now, pages=pages)
            if isinstance(done, Message):
                return done
            wrong.update(done)
            return None

        async with desk.in_order(user):
            outcome = await desk.turn(user, do)
            if wrong:
                await desk.wrong(ack, wrong)
                return
            await ack()
            await desk.say(user, outcome, about=f"reply:{view['id']}")

    return on_filled


def _on_click(desk: Desk) -> Listener:
    async def on_click(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        action = body["actions"][0]
        deed = deed_of(action["action_id"])
        value = chosen(body)

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            if deed is Deed.WRITTEN:
                talk = await assessments.find(session, by, Act.DELEGATE, numbered(value))
                return await delegation.written(session, by, talk)
            said = None
            if deed is Deed.NUDGE:
                said = await delegation.nudge(session, by, numbered(value), now)
            elif deed is Deed.TAKE_BACK:
                said = await delegation.take_back(session, by, numbered(value), now)
            return await delegation.contributors(session, by, now, said=said)

        await desk.answer(body["user"]["id"], where_answered(body), f"click:{body['trigger_id']}", do)

    return on_click
