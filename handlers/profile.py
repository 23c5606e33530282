"""A person's own profile: what the bot knows of them, their addresses and their leave. Each changes only their own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bot import interview, profile, workdays
from bot.messages import Deed, Form, Message
from bot.people import leave as leaves
from bot.people import profile as wishes
from bot.rendering import modals
from bot.speaker import Speaker
from db.engine import Session
from handlers.actions import PROFILE, PROFILE_FORMS, any_of, deed_of
from handlers.assessment import heard_in_private, where_answered
from handlers.bolt import Bolt, Listener, chosen
from handlers.saying import Outcome
from handlers.speaker import Desk, Repeated


def register(app: Bolt, desk: Desk) -> None:
    """Listen to the buttons of the profile and of a leave, and to their forms."""
    app.action(any_of(PROFILE))(_on_click(desk))
    app.action(any_of(PROFILE_FORMS))(_on_form(desk))
    app.view(Deed.CHANGE_PROFILE.value)(_on_changed(desk))
    app.view(Deed.ADD_ADDRESS.value)(_on_address(desk))
    app.view(Deed.PLAN_LEAVE.value)(_on_leave(desk))


def _on_click(desk: Desk) -> Listener:
    async def on_click(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        action = body["actions"][0]
        deed, value = deed_of(action["action_id"]), chosen(body)
        user, key = body["user"]["id"], f"click:{body['trigger_id']}"

        async def do(session: Session, by: Speaker, now: datetime) -> Message | Repeated | None:
            if deed is Deed.WAS_ANSWER:
                text = await profile.answer_after_all(session, by, value, now)
                if text is None:
                    return await interview.greeting(session, by, now)
                return await heard_in_private(session, by, interview.Said(key, action["action_ts"], text), now)
            return await _done(session, by, deed, value, now)

        await desk.answer(user, where_answered(body), key, do)

    return on_click


async def _done(session: Session, by: Speaker, deed: Deed, value: str, now: datetime) -> Message:
    if deed is Deed.AM_AWAY:
        return await profile.chosen(session, by, value, now)
    if deed is Deed.END_LEAVE:
        return await profile.end_leave(session, by, value, now)
    changed = None
    if deed is Deed.USE_ADDRESS:
        await profile.use_address(session, by, value, now)
        changed = "used"
    elif deed is Deed.REMOVE_ADDRESS:
        await profile.remove_address(session, by, value, now)
        changed = "removed"
    return await profile.show(session, by, now, changed)


def _on_form(desk: Desk) -> Listener:
    async def on_form(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        deed, user = deed_of(body["actions"][0]["action_id"]), body["user"]["id"]

        async def make(session: Session, by: Speaker, now: datetime) -> Form:
            if deed is Deed.CHANGE_PROFILE:
                return await profile.form(session, by, now)
            return profile.address_form() if deed is Deed.ADD_ADDRESS else profile.leave_form(by, now)

        await desk.say(user, await desk.opened(client, user, body["trigger_id"], make))

    return on_form


def _on_changed(desk: Desk) -> Listener:
    async def on_changed(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        found, problems = wishes.read(modals.filled(view))
        if found is None:
            await desk.wrong(ack, problems)
            return
        await ack()

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            changed = await wishes.change(session, by, found, now)
            return await profile.show(session, by, now, "profile" if changed else "nothing")

        await _said(desk, body, view, await desk.turn(body["user"]["id"], do))

    return on_changed


def _on_address(desk: Desk) -> Listener:
    async def on_address(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        email = wishes.clean_address(next(iter(modals.filled(view).get("address", ())), ""))
        if email is None:
            await desk.wrong(ack, {"address": "profile_no_address"})
            return
        await ack()

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            return await profile.add_address(session, by, email, now, pages=desk.place.pages)

        await _said(desk, body, view, await desk.turn(body["user"]["id"], do))

    return on_address


def _on_leave(desk: Desk) -> Listener:
    async def on_leave(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        given = modals.filled(view)
        starts, ends = (_day(given.get(field, [])) for field in ("starts", "ends"))
        if starts is None or ends is None:
            await desk.wrong(ack, {"starts" if starts is None else "ends": "leave_no_day"})
            return
        wrong = leaves.problem(starts, ends, workdays.register_day(desk.clock.now()))
        if wrong is not None:
            await desk.wrong(ack, {"ends": f"leave_{wrong}"})
            return
        await ack()

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            return await profile.plan(session, by, starts, ends, now)

        await _said(desk, body, view, await desk.turn(body["user"]["id"], do))

    return on_leave


def _day(given: list[str]) -> date | None:
    try:
        return date.fromisoformat(given[0]) if given else None
    except ValueError:
        return None


async def _said(desk: Desk, body: dict[str, Any], view: dict[str, Any], outcome: Outcome) -> None:
    await desk.say(body["user"]["id"], outcome, about=f"reply:{view['id']}")
