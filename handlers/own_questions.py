"""A country's own questions: the list, the form that adds one, and the one that ends one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.floors import own_forms
from bot.messages import Deed, Form, Message
from bot.people.kept import Kept
from bot.rendering import modals
from bot.speaker import Speaker
from db.engine import Session
from handlers.actions import OWN_QUESTION_FORMS, OWN_QUESTIONS, any_of, deed_of
from handlers.assessment import where_answered
from handlers.bolt import Bolt, Listener, chosen
from handlers.speaker import Desk


def register(app: Bolt, desk: Desk) -> None:
    """Listen to the buttons of a country's own questions and to the forms behind them."""
    app.action(any_of(OWN_QUESTIONS))(_on_see(desk))
    app.action(any_of(OWN_QUESTION_FORMS))(_on_form(desk))
    app.view(any_of(OWN_QUESTION_FORMS))(_on_filled(desk))


def _on_see(desk: Desk) -> Listener:
    async def on_see(ack: Any, body: dict[str, Any]) -> None:
        await ack()

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            return await own_forms.card(session, by)

        await desk.answer(body["user"]["id"], where_answered(body), f"click:{body['trigger_id']}", do)

    return on_see


def _on_form(desk: Desk) -> Listener:
    async def on_form(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        action = body["actions"][0]
        value = chosen(body)
        adds = deed_of(action["action_id"]) is Deed.ADD_QUESTION

        async def make(session: Session, by: Speaker, now: datetime) -> Form:
            if adds:
                return await own_forms.add_form(session, by, value, desk.place.edition, desk.words.label)
            return await own_forms.retire_form(session, by, value)

        outcome = await desk.opened(client, body["user"]["id"], body["trigger_id"], make)
        await desk.say(where_answered(body), outcome)

    return on_form


def _on_filled(desk: Desk) -> Listener:
    async def on_filled(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        given, private = modals.filled(view), view["private_metadata"]
        adds = deed_of(view["callback_id"]) is Deed.ADD_QUESTION

        async def store(session: Session, by: Speaker, now: datetime) -> Kept:
            if adds:
                return await own_forms.store(session, by, private, given, desk.place.edition, now)
            return await own_forms.ended(session, by, private, now)

        await desk.filled(ack, body["user"]["id"], view, store)

    return on_filled
