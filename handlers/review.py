"""Review: accept, agree, comment, return, undo, by the buttons under a submission in the secretariat's channel; and the
country's answers to comments."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_bolt.context.respond.async_respond import AsyncRespond

from bot import assessments, review
from bot.assessments import threads
from bot.errors import numbered
from bot.messages import Deed, Form, Message
from bot.permissions import Act
from bot.rendering import modals
from bot.review import forms, said
from bot.speaker import Speaker
from db.engine import Session
from handlers.actions import REVIEW_FORMS, any_of, deed_of
from handlers.assessment import where_answered
from handlers.bolt import Bolt, Listener, chosen, inside
from handlers.saying import Outcome
from handlers.speaker import Desk


def register(app: Bolt, desk: Desk) -> None:
    """Listen to the buttons and selects of a review, and to the forms behind them."""
    app.action(any_of([Deed.ACCEPT]))(_on_accept(desk))
    app.action(any_of([Deed.FINE, Deed.SEE_SUBMISSION]))(_on_quiet(desk))
    app.action(any_of(REVIEW_FORMS))(_on_form(desk))
    app.view(Deed.RETURN.value)(_on_returned(desk))
    app.view(Deed.ACCEPT_WITHOUT.value)(_on_accepted_without(desk))
    app.view(Deed.UNDO_ACCEPT.value)(_on_undone(desk))
    app.view(Deed.COMMENT.value)(_on_written(desk, Act.REVIEW))
    app.view(Deed.REPLY_COMMENT.value)(_on_written(desk, Act.ANSWER))


def _on_accept(desk: Desk) -> Listener:
    async def on_accept(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            assessment_id, version = review.parse(chosen(body))
            talk = await assessments.find(session, by, Act.REVIEW, assessment_id)
            await assessments.accept(session, by, talk, version, now)
            return await review.decided(session, by, talk, now)

        async with desk.in_order(body["user"]["id"]):
            outcome = await desk.turn(body["user"]["id"], do)
        # A submission called up by a command in another channel is decided before the eyes of one person only.
        public = not body["container"].get("is_ephemeral")
        await desk.respond(respond, body["user"]["id"], outcome, public=public)

    return on_accept


def _on_quiet(desk: Desk) -> Listener:
    """An agreement, which the submission shows from then on; and a look at a submission. Both are answered where they
    were clicked, to who clicked."""

    async def on_quiet(ack: Any, body: dict[str, Any], client: Any, respond: Any) -> None:
        await ack()
        deed, value = deed_of(body["actions"][0]["action_id"]), chosen(body)
        user, key = body["user"]["id"], f"click:{body['trigger_id']}"
        cards: list[Message] = []

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            if deed is Deed.FINE:
                receipt = await said.marked(session, by, value, now)
                talk = await assessments.find(session, by, Act.REVIEW, review.parse_about(value).assessment_id)
                cards[:] = [await review.shown(session, talk)]
                return receipt
            return await review.see(session, by, numbered(value), now)

        async with desk.in_order(user):
            if not desk.is_first(key):
                return
            outcome = await desk.turn(user, do)
        if cards and outcome.done:
            await _redrawn(desk, client, _place(body), replace(outcome, message=cards[-1]))
        if where_answered(body).startswith("D"):
            await desk.say(user, outcome, about=f"reply:{key}")
        else:
            # What was clicked stays where it is.
            await desk.respond(respond, user, replace(outcome, done=False))

    return on_quiet


def _on_form(desk: Desk) -> Listener:
    async def on_form(ack: Any, body: dict[str, Any], client: Any, respond: Any) -> None:
        await ack()
        deed, user, value = deed_of(body["actions"][0]["action_id"]), body["user"]["id"], chosen(body)
        where = _place(body)

        async def make(session: Session, by: Speaker, now: datetime) -> Form:
            if deed is Deed.COMMENT:
                return await forms.comment_form(session, by, value, where)
            if deed is Deed.REPLY_COMMENT:
                return await forms.reply_form(session, by, value)
            if deed is Deed.UNDO_ACCEPT:
                return await forms.undo_form(session, by, value, where)
            assessment_id, version = review.parse(value)
            talk = await assessments.find(session, by, Act.REVIEW, assessment_id)
            await assessments.begin_review(session, by, talk, now)
            if deed is Deed.ACCEPT_WITHOUT:
                return await forms.aside_form(session, by, value, where)
            return forms.return_form(talk, version, where)

        outcome = await desk.opened(client, user, body["trigger_id"], make)
        if outcome.message is not None:
            await desk.respond(respond, user, outcome, public=deed is not Deed.REPLY_COMMENT)

    return on_form


Do = Callable[[Session, Speaker, datetime], Awaitable[Message | None]]


def _place(body: dict[str, Any]) -> str:
    """Where the submission stands that was clicked: its channel and message; of one that a single person sees, which
    has no other way to it, the address for answers to the click."""
    container = inside(body, "container")
    spot = body.get("response_url") if container.get("is_ephemeral") else container.get("message_ts")
    return f"{container.get('channel_id') or ''}:{spot or ''}"


async def _redrawn(desk: Desk, client: Any, where: str, outcome: Outcome) -> bool:
    """Let the submission that was clicked show what is so now; whether that worked."""
    channel, _, spot = where.partition(":")
    # The buttons are below the last part of a long submission, and it is this part that was clicked.
    post = (desk.posts(outcome) or [{}])[-1]
    if spot.startswith("https://") or spot.startswith("http://"):
        return await desk.put_through(AsyncRespond(response_url=spot), post)
    return bool(channel and spot) and await desk.update(client, channel, spot, post)


async def _in_place(desk: Desk, client: Any, body: dict[str, Any], where: str, do: Do) -> None:
    """What a form did stands in the place of the submission; a refusal only before the eyes of who filled it in."""
    user = body["user"]["id"]
    async with desk.in_order(user):
        outcome = await desk.turn(user, do)
    if not outcome.done:
        await _beside(desk, client, user, where, outcome)
    elif not await _redrawn(desk, client, where, outcome):
        await desk.say(user, outcome)


async def _beside(desk: Desk, client: Any, user: str, where: str, outcome: Outcome, about: str | None = None) -> None:
    """Said to one person in the channel in which they clicked."""
    channel = where.partition(":")[0]
    if channel and not channel.startswith("D"):
        await desk.whisper(client, channel, user, outcome)
    else:
        await desk.say(user, outcome, about=about)


def _on_returned(desk: Desk) -> Listener:
    async def on_returned(ack: Any, body: dict[str, Any], view: dict[str, Any], client: Any) -> None:
        given, private = modals.filled(view), view["private_metadata"]
        if not forms.typed(given, "question"):
            await desk.wrong(ack, {"question": "return_no_question"})
            return
        await ack()

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            asked = forms.read_return(private, given)
            talk = await assessments.find(session, by, Act.REVIEW, asked.assessment_id)
            await assessments.return_with_questions(session, by, talk, asked.version, asked.questions, now)
            return await review.decided(session, by, talk, now)

        await _in_place(desk, client, body, forms.shown_at(private), do)

    return on_returned


def _on_accepted_without(desk: Desk) -> Listener:
    async def on_accepted_without(ack: Any, body: dict[str, Any], view: dict[str, Any], client: Any) -> None:
        given, private, user = modals.filled(view), view["private_metadata"], body["user"]["id"]
        if not forms.chosen_asides(private):
            await _ask_why(desk, ack, user, private, given.get("indicators", []))
            return
        why, wrong = forms.read_reasons(private, given)
        if wrong:
            await desk.wrong(ack, wrong)
            return
        await ack()

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            assessment_id, version = review.parse(private.partition("|")[0])
            talk = await assessments.find(session, by, Act.REVIEW, assessment_id)
            await assessments.accept(session, by, talk, version, now, aside=why)
            return await review.decided(session, by, talk, now)

        await _in_place(desk, client, body, forms.shown_at(private), do)

    return on_accepted_without


async def _ask_why(desk: Desk, ack: Any, user: str, private: str, codes: list[str]) -> None:
    """The answers are chosen: the same form asks for a reason each."""
    made: list[dict[str, Any]] = []

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        form = await forms.reasons_form(session, by, private, codes)
        made.append(modals.render(form, desk.words))
        return None

    outcome = await desk.turn(user, do)
    if made and outcome.done:
        await ack(response_action="update", view=made[-1])
        return
    await ack()
    await desk.say(user, outcome)


def _on_undone(desk: Desk) -> Listener:
    async def on_undone(ack: Any, body: dict[str, Any], view: dict[str, Any], client: Any) -> None:
        given, private = modals.filled(view), view["private_metadata"]
        why = forms.typed(given, "reason")
        if not why:
            await desk.wrong(ack, {"reason": "reason_needed"})
            return
        await ack()

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            talk = await assessments.find(session, by, Act.REVIEW, forms.undone_of(private))
            stay = await assessments.undo_accept(session, by, talk, why, now)
            return said.undone(talk, by, why, stay, now)

        await _in_place(desk, client, body, forms.shown_at(private), do)

    return on_undone


def _on_written(desk: Desk, act: Act) -> Listener:
    """A line of a thread, of either side."""

    async def on_written(ack: Any, body: dict[str, Any], view: dict[str, Any], client: Any) -> None:
        text, user = forms.typed(modals.filled(view), "text"), body["user"]["id"]
        value, _, where = view["private_metadata"].partition("|")
        cards: list[Message] = []
        if not text:
            await desk.wrong(ack, {"text": "comment_empty"})
            return
        await ack()

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            about = review.parse_about(value)
            talk = await assessments.find(session, by, act, about.assessment_id)
            if act is Act.REVIEW:
                await threads.comment(session, by, talk, about.code, text, now)
                cards[:] = [await review.shown(session, talk)]
                return said.commented(talk, about.code, text)
            await threads.reply(session, by, talk, about.code, text, now)
            return await said.replied(session, talk, about.code, text)

        key = f"view:{view['id']}:{user}:{act.value}"
        async with desk.in_order(user):
            if not desk.is_first(key):
                return
            outcome = await desk.turn(user, do)
        if cards and outcome.done:
            await _redrawn(desk, client, where, replace(outcome, message=cards[-1]))
        await _beside(desk, client, user, where, outcome, f"reply:{key}")

    return on_written
