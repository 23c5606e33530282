"""Errata: the form of the secretariat, and what a member says of its answer to a corrected question."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import errata, interview
from bot.errors import numbered
from bot.interview import Said
from bot.messages import Deed, Form, Message
from bot.people.kept import Kept
from bot.rendering import modals
from bot.speaker import Speaker
from db.engine import DatabaseError, Session
from handlers.actions import CORRECTED, ERRATUM_FORMS, any_of, deed_of
from handlers.assessment import where_answered
from handlers.bolt import Bolt, Listener, chosen, inside
from handlers.speaker import Desk


def register(app: Bolt, desk: Desk) -> None:
    """Listen to the list of questions, to the form and its preview, and to Keep and Change."""
    app.action(any_of(ERRATUM_FORMS))(_on_open(desk))
    app.view(any_of(ERRATUM_FORMS))(_on_filled(desk))
    app.action(any_of(CORRECTED))(_on_said(desk))


def _on_open(desk: Desk) -> Listener:
    async def on_open(ack: Any, body: dict[str, Any], client: Any, respond: Any) -> None:
        await ack()
        value, channel = chosen(body), str(inside(body, "channel").get("id") or "")

        async def make(session: Session, by: Speaker, now: datetime) -> Form:
            return await errata.form(session, by, replace(errata.read_about(value), where=channel))

        user = body["user"]["id"]
        outcome = await desk.opened(client, user, body["trigger_id"], make)
        if outcome.message is not None:
            await desk.respond(respond, user, outcome)

    return on_open


def _on_filled(desk: Desk) -> Listener:
    async def on_filled(ack: Any, body: dict[str, Any], view: dict[str, Any], client: Any) -> None:
        user, given, private = body["user"]["id"], modals.filled(view), view["private_metadata"]

        async def store(session: Session, by: Speaker, now: datetime) -> Kept:
            return await errata.store(session, by, private, given, now)

        await desk.filled(ack, user, view, store, client=client, where=errata.typed_in(private))
        try:
            async with desk.database.reading() as session:
                await errata.catch_up(session)
        except DatabaseError:
            # The next tick reads it.
            return

    return on_filled


def _on_said(desk: Desk) -> Listener:
    async def on_said(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        action = body["actions"][0]
        number = chosen(body)
        said = Said(f"click:{body['trigger_id']}", action["action_ts"])

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            if deed_of(action["action_id"]) is Deed.KEEP_ANSWER:
                return await errata.keep(session, by, numbered(number), now)
            return await interview.change_corrected(session, by, numbered(number), said, now)

        await desk.answer(body["user"]["id"], where_answered(body), said.key, do)

    return on_said
