"""Floors and ceilings: set in a form, collected, asked about; the coordinator's yes by button, or no with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.errors import NotFound, numbered
from bot.floors import forms, notices, proposing, shown
from bot.floors.deciding import decide, reason_of
from bot.messages import Deed, Form, Message
from bot.people.kept import Kept
from bot.rendering import modals
from bot.speaker import Speaker
from db.engine import Session
from handlers.actions import FLOOR_DECISIONS, FLOOR_FORMS, FLOORS, any_of, deed_of
from handlers.assessment import where_answered
from handlers.bolt import Bolt, Listener, chosen, inside
from handlers.saying import Outcome
from handlers.speaker import Desk


def register(app: Bolt, desk: Desk) -> None:
    """Listen to the buttons of floors and to the forms behind them."""
    app.action(any_of(FLOORS))(_on_click(desk))
    app.action(any_of(FLOOR_DECISIONS))(_on_clear(desk))
    app.action(any_of(FLOOR_FORMS))(_on_form(desk))
    app.view(Deed.SET_FLOOR.value)(_on_set(desk))
    app.view(Deed.REFUSE_FLOOR.value)(_on_refused(desk))


def _on_click(desk: Desk) -> Listener:
    async def on_click(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        deed, value = deed_of(body["actions"][0]["action_id"]), chosen(body)
        edition = desk.place.edition

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            match deed:
                case Deed.SEE_FLOORS:
                    return await shown.show(session, by, value, edition, now)
                case Deed.FLOOR_HISTORY:
                    return await shown.history(session, by, value, edition, now)
                case Deed.WITHDRAW_FLOOR:
                    return await shown.withdrawn(session, by, numbered(value), edition, now)
                case Deed.ASK_FLOORS:
                    return await shown.asked(session, await proposing.ask(session, by, value[:3], now), value[:3])
                case _:
                    return await notices.see(session, by, value, now)

        await desk.answer(body["user"]["id"], where_answered(body), f"click:{body['trigger_id']}", do)

    return on_click


def _on_clear(desk: Desk) -> Listener:
    async def on_clear(ack: Any, body: dict[str, Any], client: Any, respond: Any) -> None:
        await ack()
        member, _, rows = chosen(body).partition(":")

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            if len(member) != 3:
                raise NotFound(what="button", named=member[:40])
            ids = [numbered(row) for row in rows.split(".")]
            return await notices.receipt(session, await decide(session, by, member, ids, {}, now))

        await desk.decided(body, client, respond, do)

    return on_clear


def _on_form(desk: Desk) -> Listener:
    async def on_form(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        deed, value, user = deed_of(body["actions"][0]["action_id"]), chosen(body), body["user"]["id"]
        container = inside(body, "container")
        where = f"{container.get('channel_id') or ''}:{container.get('message_ts') or ''}"

        async def make(session: Session, by: Speaker, now: datetime) -> Form:
            if deed is Deed.REFUSE_FLOOR:
                return await forms.refuse_form(session, by, value, where, now)
            return await forms.set_form(session, by, value, desk.place.edition, desk.words.label, now)

        outcome = await desk.opened(client, user, body["trigger_id"], make)
        await desk.say(where_answered(body), outcome)

    return on_form


def _on_set(desk: Desk) -> Listener:
    async def on_set(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        given, private = modals.filled(view), view["private_metadata"]

        async def store(session: Session, by: Speaker, now: datetime) -> Kept:
            return await forms.store(session, by, private, given, desk.place.edition, desk.words.label, now)

        await desk.filled(ack, body["user"]["id"], view, store)

    return on_set


def _on_refused(desk: Desk) -> Listener:
    async def on_refused(ack: Any, body: dict[str, Any], view: dict[str, Any], client: Any) -> None:
        user, why = body["user"]["id"], reason_of("\n".join(modals.filled(view).get("reason", [])))
        if not why:
            await desk.wrong(ack, {"reason": "refuse_floor_no_reason"})
            return
        await ack()
        about, _, where = view["private_metadata"].partition("|")
        member, _, row = about.partition(":")
        left: list[Message] = []

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            done = await decide(session, by, member[:3], [], {numbered(row): why}, now)
            left[:] = [await notices.left(session, by, done, now)]
            return await notices.receipt(session, done)

        async with desk.in_order(user):
            outcome = await desk.turn(user, do)
        channel, _, ts = where.partition(":")
        if outcome.done and left and ts:
            # A yes to all that stood there would name what is decided now.
            await desk.put_in_place(client, channel, ts, Outcome(left[-1], outcome.reader))
        await desk.say(user, outcome, about=f"reply:{view['id']}")

    return on_refused
