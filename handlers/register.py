"""The register by hand: the forms of `/spnet focal`, what they would do, the confirm, and the undo."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import structlog

from bot import permissions, succession
from bot.errors import ChannelError, Refusal, numbered
from bot.messages import Deed, Form, Message
from bot.people import members
from bot.people.kept import Given, again, mark
from bot.people.slack_profiles import SlackProfile
from bot.permissions import Act
from bot.rendering import modals
from bot.speaker import Speaker
from bot.succession import Done, Order, forms, orders
from db.engine import Session
from handlers import home
from handlers.actions import REGISTER_FORMS, any_of, deed_of
from handlers.bolt import Bolt, Listener, chosen
from handlers.saying import Outcome
from handlers.speaker import Desk, reader_of, refused

log = structlog.get_logger("spnet.register")

# Slack wants a form acknowledged within three seconds, and what it says of an account is asked before.
SECONDS_TO_LOOK = 1.5


def register(app: Bolt, desk: Desk) -> None:
    """Listen to the buttons that open a form, to the forms, to their confirm, and to the undo."""
    app.action(any_of(REGISTER_FORMS))(_on_open(desk))
    app.view(any_of(REGISTER_FORMS))(_on_filled(desk))
    app.view(Deed.CARRY_OUT.value)(_on_confirmed(desk))
    app.action(any_of((Deed.UNDO_ROLE,)))(_on_undo(desk))
    app.action(any_of((Deed.END_CONTRIBUTOR,)))(_on_end_contributor(desk))


async def open_form(desk: Desk, client: Any, user: str, trigger_id: str, deed: Deed, named: str) -> Outcome:
    """Open one of the forms for a member; the outcome holds what to say where it was not opened."""

    async def make(session: Session, by: Speaker, now: datetime) -> Form:
        return await forms.form(session, by, deed, await members.named(session, named), now, desk.words.label)

    return await desk.opened(client, user, trigger_id, make)


def _on_open(desk: Desk) -> Listener:
    async def on_open(ack: Any, body: dict[str, Any], client: Any, respond: Any) -> None:
        await ack()
        action = body["actions"][0]
        value = chosen(body)
        user, deed = body["user"]["id"], deed_of(action["action_id"])
        outcome = await open_form(desk, client, user, body["trigger_id"], deed, value)
        if outcome.message is not None:
            # What the button stands under stays where it is.
            await desk.respond(respond, user, Outcome(outcome.message, outcome.reader, done=False))

    return on_open


def _on_filled(desk: Desk) -> Listener:
    async def on_filled(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        user, deed, member = body["user"]["id"], deed_of(view["callback_id"]), view["private_metadata"]
        given = modals.filled(view)
        order, problems = forms.read(deed, member, given)
        if order is not None and order.slack_id:
            may = await desk.turn(user, _may)
            if may.message is not None:
                # Slack is asked about nobody for somebody who may do nothing with it.
                await ack(response_action="clear")
                await desk.say(user, may, about=f"reply:{view['id']}")
                return
            order, problems = await _looked_up(desk, order)
        if order is None:
            await desk.wrong(ack, problems)
            return
        found: list[tuple[Form, Speaker]] = []
        missing: dict[str, str] = {}

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            try:
                if not order.name and order.what is not orders.What.END and await orders.known(session, order) is None:
                    missing["name"] = "focal_no_name"
                    return None
                found.append((await forms.shown(session, by, order, now), by))
            except Refusal as refusal:
                # Nothing was changed: the form comes back with the reason above what was filled in.
                found.append((await _back(session, by, deed, member, given, refusal, now), by))
            return None

        async def _back(
            session: Session, by: Speaker, deed: Deed, member: str, given: Given, refusal: Refusal, now: datetime
        ) -> Form:
            form = await forms.form(session, by, deed, await members.named(session, member), now, desk.words.label)
            return again(form, given, refused(refusal))

        outcome = await desk.turn(user, do)
        if missing:
            await desk.wrong(ack, missing)
        elif found:
            form, by = found[-1]
            how = "push" if form.deed is Deed.CARRY_OUT else "update"
            await ack(response_action=how, view=modals.render(form, desk.words, reader_of(by)))
        else:
            await ack(response_action="clear")
            await desk.say(user, outcome, about=f"reply:{view['id']}")

    return on_filled


async def _may(_session: Session, by: Speaker, _now: datetime) -> None:
    permissions.require(by, Act.APPOINT)


async def _looked_up(desk: Desk, order: Order) -> tuple[Order | None, dict[str, str]]:
    """The order with what Slack says of the account that was chosen."""
    try:
        async with asyncio.timeout(SECONDS_TO_LOOK):
            profile, team = await desk.slack.directory.profile(order.slack_id or ""), await desk.slack.directory.team()
    except (ChannelError, TimeoutError) as error:
        log.warning("not_looked", code=error.code if isinstance(error, ChannelError) else "slow")
        return (order, {}) if order.name else (None, {"person": "focal_slack_silent"})
    if profile is None or profile.is_bot or profile.deleted:
        return None, {"person": "focal_no_account"}
    return _with(order, profile, team), {}


def _with(order: Order, profile: SlackProfile, team: str) -> Order:
    email = profile.email if profile.proves_its_address(team) else None
    return orders.looked_up(order, profile.name or None, email, profile.zone)


def _on_confirmed(desk: Desk) -> Listener:
    async def on_confirmed(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        user = body["user"]["id"]
        found: list[Done] = []

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            order = succession.order_of(view["private_metadata"])
            found[:] = [await succession.carry_out(session, by, order, now, desk.place.rules)]
            return found[0].said

        async with desk.in_order(user):
            if not desk.is_first(f"confirm:{view['id']}:{mark(view['private_metadata'])}"):
                # A second press of the same button, or the same one delivered again.
                await ack(response_action="clear")
                return
            outcome = await desk.turn(user, do)
            await ack(response_action="clear")
            await desk.say(user, outcome, about=f"reply:{view['id']}")
        if outcome.done:
            await show_homes(desk, found[0].touched if found else ())

    return on_confirmed


def _on_undo(desk: Desk) -> Listener:
    async def on_undo(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        user, value = body["user"]["id"], chosen(body)

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            return await succession.undo(session, by, numbered(value), now)

        async with desk.in_order(user):
            outcome = await desk.turn(user, do)
        await desk.respond(respond, user, outcome)

    return on_undo


def _on_end_contributor(desk: Desk) -> Listener:
    async def on_end_contributor(ack: Any, body: dict[str, Any], client: Any, respond: Any) -> None:
        await ack()
        value, user = chosen(body), body["user"]["id"]

        async def make(session: Session, by: Speaker, now: datetime) -> Form:
            return await forms.end_of_contributor(session, by, numbered(value), now)

        outcome = await desk.opened(client, user, body["trigger_id"], make)
        if outcome.message is not None:
            # The list stays where it is.
            await desk.respond(respond, user, Outcome(outcome.message, outcome.reader, done=False))

    return on_end_contributor


async def show_homes(desk: Desk, slack_ids: Iterable[str]) -> None:
    """Whose role began or ended sees another Home at once, and not only when they open it next; in a rehearsal only
    those who have opened theirs, and the person to whom everything is said."""
    shown = dict.fromkeys(slack_ids)
    if desk.rehearse is not None:
        shown = [each for each in shown if each in desk.homes or each == desk.rehearse.slack_id]
    await home.publish(desk, *shown)
