"""The national yes: given or refused by button, a letter on paper recorded instead, and the member's setting."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import clearance
from bot.assessments import clearing
from bot.clearance import setting as settings
from bot.errors import ChannelError, Refusal, numbered
from bot.messages import Deed, Form, Message
from bot.people.kept import Kept, slip
from bot.rendering import modals
from bot.speaker import Speaker
from db.engine import Session
from handlers.actions import CLEARANCE_FORMS, any_of, deed_of
from handlers.assessment import where_answered
from handlers.bolt import Bolt, Listener, chosen, inside
from handlers.saying import Outcome
from handlers.speaker import Desk, refused


def register(app: Bolt, desk: Desk) -> None:
    """Listen to the buttons of a clearance and to the forms behind them."""
    app.action(any_of([Deed.CLEAR]))(_on_clear(desk))
    app.action(any_of([Deed.SEE_CLEARANCE, Deed.SEE_LETTER]))(_on_see(desk))
    app.action(any_of(CLEARANCE_FORMS))(_on_form(desk))
    app.view(Deed.SEND_BACK.value)(_on_sent_back(desk))
    app.view(Deed.RECORD_LETTER.value)(_on_letter(desk))
    app.view(Deed.SET_CLEARANCE.value)(_on_set(desk))


def _on_clear(desk: Desk) -> Listener:
    async def on_clear(ack: Any, body: dict[str, Any], client: Any, respond: Any) -> None:
        await ack()

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            passed = await clearing.clear(session, by, numbered(chosen(body)), now)
            return await clearance.cleared_message(session, passed, now)

        await desk.decided(body, client, respond, do)

    return on_clear


def _on_see(desk: Desk) -> Listener:
    async def on_see(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        deed, value = deed_of(body["actions"][0]["action_id"]), chosen(body)
        # What stands in a channel, such as the secretariat's card, is answered in private all the same.
        user, key = body["user"]["id"], f"click:{body['trigger_id']}"

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            if deed is Deed.SEE_LETTER:
                return await clearance.see_letter(session, by, value, now, desk.place.scan_link)
            return await clearance.see(session, by, value, now)

        await desk.answer(user, where_answered(body), key, do)

    return on_see


def _on_form(desk: Desk) -> Listener:
    async def on_form(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        deed, user, value = deed_of(body["actions"][0]["action_id"]), body["user"]["id"], chosen(body)
        container = inside(body, "container")
        where = f"{container.get('channel_id') or ''}:{container.get('message_ts') or ''}"

        async def make(session: Session, by: Speaker, now: datetime) -> Form:
            if deed is Deed.SEND_BACK:
                return await clearance.send_back_form(session, by, value, where, now)
            if deed is Deed.RECORD_LETTER:
                return await clearance.letter_form(session, by, value, now)
            return await settings.form(session, by, slip(value), desk.words.label)

        outcome = await desk.opened(client, user, body["trigger_id"], make)
        # A refusal stands under the button that was clicked, and only who clicked sees it.
        await desk.say(where_answered(body), outcome)

    return on_form


def _on_sent_back(desk: Desk) -> Listener:
    async def on_sent_back(ack: Any, body: dict[str, Any], view: dict[str, Any], client: Any) -> None:
        why = clearance.reason_of("\n".join(modals.filled(view).get("reason", [])))
        if not why:
            await desk.wrong(ack, {"reason": "send_back_no_reason"})
            return
        await ack()
        value, _, where = view["private_metadata"].partition("|")
        user = body["user"]["id"]

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            talk = await clearing.send_back(session, by, numbered(value), why, now)
            return clearance.sent_back_message(talk, by, why, now)

        async with desk.in_order(user):
            outcome = await desk.turn(user, do)
        channel, _, ts = where.partition(":")
        in_place = outcome.done and bool(channel and ts) and await desk.put_in_place(client, channel, ts, outcome)
        if not in_place:
            await desk.say(user, outcome, about=f"reply:{view['id']}")

    return on_sent_back


def _on_letter(desk: Desk) -> Listener:
    async def on_letter(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        filled, problems = clearance.read_letter(modals.filled(view))
        if filled is None:
            await desk.wrong(ack, problems)
            return
        user, value = body["user"]["id"], view["private_metadata"]

        async def look(session: Session, by: Speaker, now: datetime) -> Message | None:
            wrong.update(await clearance.wrong_letter(session, by, value, filled, now, desk.words.label))
            return None

        wrong: dict[str, str] = {}
        with desk.at_work():
            # What else stands in its way is said after the scan was looked at, or in its place.
            await desk.turn(user, look)
            if wrong:
                await ack(response_action="errors", errors=wrong)
                return
            await ack()
            async with desk.in_order(user):
                if not desk.is_first(f"view:{view['id']}"):
                    return
                outcome = await _recorded(desk, user, value, filled)
                if outcome.message is not None and not outcome.done:
                    # What was typed is not lost with the form.
                    outcome = replace(outcome, message=clearance.once_more(outcome.message, value, filled))
                await desk.say(user, outcome, about=f"reply:{view['id']}")

    return on_letter


async def _recorded(desk: Desk, user: str, value: str, filled: clearance.FilledIn) -> Outcome:
    """The scan is fetched first, with no transaction open; then all is stored at once."""
    try:
        found = await desk.slack.directory.file(filled.file, user, clearance.LARGEST_SCAN)
        if found is None:
            raise clearance.gone()
        scan = clearance.scan_of(*found)
    except (ChannelError, Refusal) as error:
        words = refused(error if isinstance(error, Refusal) else clearance.gone())
        return Outcome(words, desk.default_reader, done=False)

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        passed = await clearing.record_letter(session, by, numbered(value), filled.letter, scan, now)
        return await clearance.cleared_message(session, passed, now)

    return await desk.turn(user, do)


def _on_set(desk: Desk) -> Listener:
    async def on_set(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        user, given = body["user"]["id"], modals.filled(view)

        async def store(session: Session, by: Speaker, now: datetime) -> Kept:
            return await settings.store(session, by, slip(view["private_metadata"]), given, now, desk.words.label)

        await desk.filled(ack, user, view, store)

    return on_set
