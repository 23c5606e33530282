"""A file of what was reported: by a command, by a form, by a button. It comes to the asker's direct messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot import exports
from bot.exports import Order
from bot.messages import Deed, Form, Message
from bot.papers import Wish, presented
from bot.rendering import modals
from bot.speaker import Speaker
from db.engine import Session
from handlers.actions import EXPORT_FORMS, EXPORTS, any_of
from handlers.bolt import Bolt, Listener, chosen
from handlers.saying import Outcome
from handlers.speaker import Desk, reader_of

Wished = Callable[[Session, Speaker], Awaitable[Wish]]


def register(app: Bolt, desk: Desk) -> None:
    """Listen to the buttons that give a file, and to the form in which one is chosen."""
    app.action(any_of(EXPORTS))(_on_button(desk))
    app.action(any_of(EXPORT_FORMS))(_on_form(desk))
    app.view(Deed.EXPORT.value)(_on_filled(desk))


async def opened(desk: Desk, client: Any, user: str, trigger_id: str) -> Outcome:
    """Open the form."""

    async def make(session: Session, by: Speaker, now: datetime) -> Form:
        return await exports.form(session, by)

    return await desk.opened(client, user, trigger_id, make)


async def asked(desk: Desk, user: str, typed: str) -> Outcome:
    """What was typed behind the command, as a file."""

    async def wished(session: Session, by: Speaker) -> Wish:
        return await exports.read(session, by, typed)

    return await _made(desk, user, wished)


async def _made(desk: Desk, user: str, wished: Wished) -> Outcome:
    """Read what is needed as a turn; make the files after it. What takes a while is said before it is read: such a
    turn writes nothing, and nobody waits for it."""
    found: list[Order] = []

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        async def first(message: Message) -> None:
            await desk.say(user, Outcome(message, reader_of(by), by))

        found.append(await exports.order(session, by, await wished(session, by), desk.place.network, now, first))
        return None

    outcome = await desk.turn(user, do, only_reads=True)
    if not outcome.done or not found:
        return outcome
    return Outcome(await exports.handed(found[-1]), outcome.reader, outcome.speaker)


def _on_button(desk: Desk) -> Listener:
    async def on_button(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        user, key = body["user"]["id"], f"click:{body['trigger_id']}"
        value = chosen(body)

        async def wished(session: Session, by: Speaker) -> Wish:
            return presented(value)

        async with desk.in_order(user):
            if desk.is_first(key):
                await desk.say(user, await _made(desk, user, wished), about=f"reply:{key}")

    return on_button


def _on_form(desk: Desk) -> Listener:
    async def on_form(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        user = body["user"]["id"]
        await desk.say(user, await opened(desk, client, user, body["trigger_id"]))

    return on_form


def _on_filled(desk: Desk) -> Listener:
    async def on_filled(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        await ack()
        user, given = body["user"]["id"], modals.filled(view)

        async def wished(session: Session, by: Speaker) -> Wish:
            return exports.filled(given)

        async with desk.in_order(user):
            await desk.say(user, await _made(desk, user, wished), about=f"reply:{view['id']}")

    return on_filled
