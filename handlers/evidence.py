"""What stands behind an answer: links and files, the list with its form, what is taken away; and the trail of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import evidence, interview, trail
from bot.errors import NotFound, numbered
from bot.evidence import EvidenceRefused, Handed
from bot.interview import Said
from bot.messages import Deed, Form, Message
from bot.rendering import modals
from bot.speaker import Speaker
from db.engine import Session
from handlers.actions import ATTACH, EVIDENCE, EVIDENCE_FILES, EVIDENCE_FORMS, any_of, deed_of
from handlers.assessment import where_answered
from handlers.bolt import Bolt, Listener, chosen
from handlers.files import fetched
from handlers.speaker import Desk


def register(app: Bolt, desk: Desk) -> None:
    """Listen to the choice of the answer, to the list and its buttons, to who wants a file, and to the form."""
    app.action(any_of(ATTACH))(_on_which(desk))
    app.action(any_of(EVIDENCE))(_on_click(desk))
    app.action(any_of(EVIDENCE_FILES))(_on_file(desk))
    app.action(any_of(EVIDENCE_FORMS))(_on_form(desk))
    app.view(Deed.ADD_EVIDENCE.value)(_on_filled(desk))


def _on_which(desk: Desk) -> Listener:
    async def on_which(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        user, value = body["user"]["id"], chosen(body)
        said = Said(f"click:{body['trigger_id']}", body["actions"][0]["action_ts"], limits=desk.place.evidence_limits)
        handed: list[Handed | EvidenceRefused] = []

        async def before() -> None:
            # What was not made by this bot is refused in the turn itself.
            with suppress(NotFound):
                handed.extend(await fetched(desk, user, interview.parse_which(value).file_ids))

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            return await interview.attach(session, by, value, replace(said, handed=tuple(handed)), now)

        await desk.answer(user, where_answered(body), said.key, do, before=before)

    return on_which


def _on_click(desk: Desk) -> Listener:
    async def on_click(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        value, deed = chosen(body), deed_of(body["actions"][0]["action_id"])

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            if deed is Deed.REMOVE_EVIDENCE:
                found = await evidence.remove(session, by, numbered(value), now)
                return await evidence.removed(session, by, found, now, desk.place.evidence_link)
            if deed is Deed.TRAIL:
                return await trail.of_question(session, by, value, now)
            return await evidence.listing(session, by, value, now, desk.place.evidence_link)

        await desk.answer(body["user"]["id"], where_answered(body), f"click:{body['trigger_id']}", do)

    return on_click


def _on_file(desk: Desk) -> Listener:
    async def on_file(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        user, value = body["user"]["id"], chosen(body)

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            return await evidence.handed_out(session, by, numbered(value), now)

        with desk.at_work():
            # Wherever it is asked for, others may be reading there.
            await desk.answer(user, user, f"click:{body['trigger_id']}", do)

    return on_file


def _on_form(desk: Desk) -> Listener:
    async def on_form(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        value, user = chosen(body), body["user"]["id"]

        async def make(session: Session, by: Speaker, now: datetime) -> Form:
            return await evidence.form(session, by, value, now, desk.place.evidence_limits)

        await desk.say(where_answered(body), await desk.opened(client, user, body["trigger_id"], make))

    return on_form


def _on_filled(desk: Desk) -> Listener:
    async def on_filled(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        user, value = body["user"]["id"], view["private_metadata"]
        filled, problems = evidence.read_form(modals.filled(view), desk.place.evidence_limits)
        if filled is None:
            await desk.wrong(ack, problems)
            return
        await ack()
        handed: list[Handed | EvidenceRefused] = []

        async def before() -> None:
            handed.extend(await fetched(desk, user, filled.file_ids))

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            return await evidence.take(
                session, by, value, filled, handed, desk.place.evidence_limits, now, desk.place.evidence_link
            )

        with desk.at_work():
            await desk.answer(user, user, f"view:{view['id']}", do, before=before)

    return on_filled
