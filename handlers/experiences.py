"""Experiences: share by command or from a message, publish or decline by the secretariat's buttons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import experiences
from bot.errors import numbered
from bot.messages import Deed, Form, Message
from bot.reading import plain
from bot.rendering import modals
from bot.speaker import Speaker
from db.engine import Session
from handlers.actions import SHARE_FORM, SHARE_SHORTCUT, any_of, deed_of
from handlers.bolt import Bolt, Listener
from handlers.saying import Outcome
from handlers.speaker import Desk


def register(app: Bolt, desk: Desk) -> None:
    """Listen to the share button, the message shortcut, the form, and the secretariat's buttons."""
    app.shortcut(SHARE_SHORTCUT)(_on_shortcut(desk))
    app.action(any_of([Deed.SHARE]))(_on_button(desk))
    app.view(SHARE_FORM)(_on_shared(desk))
    app.action(any_of([Deed.PUBLISH, Deed.DECLINE]))(_on_decision(desk))


async def open_form(desk: Desk, client: Any, user: str, trigger_id: str, text: str = "") -> Message | None:
    """Open the form for whoever may share; returns what to say to whoever may not."""

    async def make(session: Session, by: Speaker, now: datetime) -> Form:
        return await experiences.form_for(session, by, desk.words.label, text)

    return (await desk.opened(client, user, trigger_id, make)).message


def _on_shortcut(desk: Desk) -> Listener:
    async def on_shortcut(ack: Any, body: dict[str, Any], client: Any, respond: Any) -> None:
        await ack()
        user = body["user"]["id"]
        message = await open_form(desk, client, user, body["trigger_id"], plain(body["message"].get("text") or ""))
        if message is not None:
            await desk.respond(respond, user, Outcome(message, desk.default_reader, done=False))

    return on_shortcut


def _on_button(desk: Desk) -> Listener:
    async def on_button(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await open_form(desk, client, body["user"]["id"], body["trigger_id"])

    return on_button


def _on_shared(desk: Desk) -> Listener:
    async def on_shared(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        given = modals.filled(view)
        problems = experiences.check(given)
        if problems:
            await desk.wrong(ack, problems)
            return
        await ack()

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            await experiences.share_form(session, by, given, f"share:{view['id']}", now)
            return Message("experience/thanks", {"title": given["title"][0]})

        user = body["user"]["id"]
        async with desk.in_order(user):
            await desk.say(user, await desk.turn(user, do), about=f"reply:{view['id']}")

    return on_shared


def _on_decision(desk: Desk) -> Listener:
    async def on_decision(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        action = body["actions"][0]
        publish = deed_of(action["action_id"]) is Deed.PUBLISH

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            experience = await experiences.decide(
                session, by, numbered(action.get("value") or ""), now, publish=publish
            )
            facts = {"title": experience.title, "state": experience.state.value, "person": by.name, "when": now}
            return Message("experience/decided", facts)

        user = body["user"]["id"]
        await desk.respond(respond, user, await desk.turn(user, do), public=True)

    return on_decision
