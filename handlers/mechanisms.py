"""The coordination mechanisms: the buttons under one and the forms behind them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.messages import Deed, Form
from bot.people import agencies, mechanisms, meetings
from bot.people.kept import Given, Kept, Slip, slip
from bot.people.mechanisms import Label
from bot.rendering import modals
from bot.speaker import Speaker
from db.engine import Session
from handlers.actions import MECHANISMS, any_of, deed_of
from handlers.bolt import Bolt, Listener, chosen
from handlers.speaker import Desk

Opens = Callable[[Session, Speaker, Slip, Label], Awaitable[Form]]
Stores = Callable[[Session, Speaker, Slip, Given, datetime, Label], Awaitable[Kept]]
# What each button opens, and what is done with what was filled in.
FORMS: dict[Deed, tuple[Opens, Stores]] = {
    Deed.EDIT_MECHANISM: (mechanisms.form, mechanisms.store),
    Deed.KEEP_AGENCY: (agencies.form, agencies.store),
    Deed.KEEP_BODY: (agencies.form, agencies.store),
    Deed.KEEP_MEETING: (meetings.meeting_form, meetings.store_meeting),
    Deed.KEEP_MILESTONE: (meetings.milestone_form, meetings.store_milestone),
}


def register(app: Bolt, desk: Desk) -> None:
    """Listen to the buttons and selects under a mechanism and to their forms."""
    app.action(any_of(MECHANISMS))(_on_open(desk))
    app.view(any_of(MECHANISMS))(_on_filled(desk))


def _on_open(desk: Desk) -> Listener:
    async def on_open(ack: Any, body: dict[str, Any], client: Any, respond: Any) -> None:
        await ack()
        action = body["actions"][0]
        value = chosen(body)
        opens, _ = FORMS[deed_of(action["action_id"])]

        async def make(session: Session, by: Speaker, now: datetime) -> Form:
            return await opens(session, by, slip(value), desk.words.label)

        user = body["user"]["id"]
        outcome = await desk.opened(client, user, body["trigger_id"], make)
        if outcome.message is not None:
            await desk.respond(respond, user, outcome)

    return on_open


def _on_filled(desk: Desk) -> Listener:
    async def on_filled(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        _, stores = FORMS[deed_of(view["callback_id"])]
        user, given = body["user"]["id"], modals.filled(view)

        async def store(session: Session, by: Speaker, now: datetime) -> Kept:
            return await stores(session, by, slip(view["private_metadata"]), given, now, desk.words.label)

        await desk.filled(ack, user, view, store)

    return on_filled
