"""Prompts and answers: what a focal point or an alternate writes and clicks in direct messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import interview, people, profile
from bot.errors import NotFound, Refusal
from bot.interview import MOST_FILES, Said
from bot.messages import Message
from bot.reading import Act as Word
from bot.reading import phrase
from bot.speaker import Speaker
from db.engine import Session
from db.queries import assessments as assessment_queries
from handlers.actions import ASSESSMENT, HATS, any_of, deed_of
from handlers.bolt import Bolt, Listener, chosen, inside
from handlers.files import fetched
from handlers.saying import Outcome
from handlers.speaker import Desk, Repeated, hats, refused

# What a person's own message looks like among all events of kind `message`.
SPOKEN = (None, "file_share", "thread_broadcast", "me_message")


def register(app: Bolt, desk: Desk) -> None:
    """Listen to messages, edits, deletions, mentions, and the buttons of the conversation."""
    app.event("message")(_on_message(desk))
    app.event("app_mention")(_on_mention(desk))
    app.action(any_of(ASSESSMENT))(_on_click(desk))
    app.action(any_of(HATS))(_on_hat(desk))


def _on_message(desk: Desk) -> Listener:
    async def on_message(event: dict[str, Any]) -> None:
        if event.get("channel_type") != "im":
            return
        subtype = event.get("subtype")
        if subtype in SPOKEN and not event.get("bot_id"):
            await _heard(desk, event)
        elif subtype == "message_changed" and not event["message"].get("bot_id"):
            await _edited(desk, event)
        elif subtype == "message_deleted" and not inside(event, "previous_message").get("bot_id"):
            await _deleted(desk, event)

    return on_message


async def _heard(desk: Desk, event: dict[str, Any]) -> None:
    user, channel, ts = event.get("user"), event["channel"], event["ts"]
    if not user:
        return
    said = Said(f"{channel}:{ts}", ts, event.get("text") or "", limits=desk.place.evidence_limits)
    shared: list[dict[str, Any]] = event.get("files") or []
    file_ids = tuple(str(file["id"]) for file in shared if file.get("id"))[:MOST_FILES]

    async def before() -> None:
        nonlocal said
        if file_ids:
            said = replace(said, file_ids=file_ids, handed=tuple(await fetched(desk, user, file_ids)))

    async def do(session: Session, by: Speaker, now: datetime) -> Message | Repeated | None:
        absent = await profile.absence_said(session, by, said.key, said.text, now)
        if absent is not None:
            return Repeated(absent.message, absent.since) if absent.since else absent.message
        return await heard_in_private(session, by, said, now)

    async def keep(session: Session, by: Speaker, now: datetime) -> None:
        if interview.converses(by):
            await interview.kept_all_the_same(session, by, said, now)

    await desk.answer(user, channel, said.key, do, recover=keep, before=before)


async def heard_in_private(session: Session, by: Speaker, said: Said, now: datetime) -> Message | Repeated | None:
    """What a person wrote to the bot, once it is known to be about no leave."""
    word = phrase(said.text)
    if word is not None and word.act is Word.HAT:
        known = await people.all_hats(session, by.person_id, now)
        # Whoever has one role only and wants to change wants another cycle.
        return hats(known) if len(known.hats) > 1 else await interview.greeting(session, by, now)
    if not interview.converses(by):
        return await interview.no_answers_from(session, by, now)
    return await interview.hear(session, by, said, now) or await _again(session, by, said, now)


async def _again(session: Session, by: Speaker, said: Said, now: datetime) -> Repeated | None:
    """Something delivered again after a restart: answered again only if its answer never arrived."""
    heard = await assessment_queries.heard(session, said.key)
    if heard is not None and heard.edit_ts != said.edit_ts:
        # Its edit was heard and answered.
        return None
    return Repeated(await interview.where_we_are(session, by, said, now), heard.heard_at if heard else now)


async def _edited(desk: Desk, event: dict[str, Any]) -> None:
    message, channel = event["message"], event["channel"]
    edited = inside(message, "edited")
    if not edited or not message.get("user"):
        # Slack changes messages of its own accord too, to unfurl a link.
        return
    user, ts = message["user"], message["ts"]
    said = Said(f"{channel}:{ts}", ts, message.get("text") or "", edit_ts=edited["ts"])

    async def do(session: Session, by: Speaker, now: datetime) -> Message | Repeated | None:
        before = await assessment_queries.heard(session, said.key)
        if before is not None and before.assessment_id is None:
            # It was about a leave: the edit gives other days, or says something new.
            absent = await profile.absence_said(session, by, said.cause, said.text, now)
            if absent is not None:
                return None if absent.since else absent.message
            return await heard_in_private(session, by, replace(said, key=said.cause, edit_ts=None), now)
        if not interview.converses(by):
            return None
        if before is not None and before.edit_ts == said.edit_ts:
            return await _again(session, by, said, now)
        return await interview.amend(session, by, said, now)

    await desk.answer(user, channel, said.cause, do)


async def _deleted(desk: Desk, event: dict[str, Any]) -> None:
    before, channel = inside(event, "previous_message"), event["channel"]
    user, ts = before.get("user"), event.get("deleted_ts")
    if not user or not ts:
        return

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        if not interview.converses(by):
            return None
        return await interview.deleted(session, by, f"{channel}:{ts}", now)

    await desk.answer(user, channel, f"{channel}:{ts}:deleted", do)


def _on_mention(desk: Desk) -> Listener:
    async def on_mention(event: dict[str, Any], client: Any) -> None:
        # In public no answer is taken and none is quoted.
        user = event.get("user")
        if not user or event.get("bot_id") or event["channel"].startswith("D"):
            return

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            return Message("network/in_private")

        async with desk.in_order(user):
            if desk.is_first(f"mention:{event['channel']}:{event['ts']}"):
                await desk.whisper(client, event["channel"], user, await desk.turn(user, do))

    return on_mention


def _on_click(desk: Desk) -> Listener:
    async def on_click(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        action = body["actions"][0]
        user, channel = body["user"]["id"], where_answered(body)
        value = chosen(body)
        said = Said(f"click:{body['trigger_id']}", action["action_ts"])

        async def do(session: Session, by: Speaker, now: datetime) -> Message | Repeated | None:
            try:
                done = await interview.choose(session, by, deed_of(action["action_id"]), value, said, now)
            except NotFound:
                # Perhaps it is for this person in their other role.
                known = await people.all_hats(session, by.person_id, now)
                if len(known.hats) < 2:
                    raise
                return hats(known)
            return done or await _again(session, by, said, now)

        await desk.answer(user, channel, said.key, do)

    return on_click


def _on_hat(desk: Desk) -> Listener:
    async def on_hat(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        user = body["user"]["id"]
        async with desk.in_order(user):
            outcome = await _wear(desk, user, body["actions"][0].get("value") or "")
            await desk.say(where_answered(body), outcome)

    return on_hat


async def _wear(desk: Desk, user: str, value: str) -> Outcome:
    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        return await interview.greeting(session, by, now)

    try:
        async with desk.database.writing() as session:
            await people.wear(session, user, value, desk.clock.now())
    except Refusal as refusal:
        return Outcome(refused(refusal), desk.default_reader, done=False)
    return await desk.turn(user, do)


def where_answered(body: dict[str, Any]) -> str:
    """Where a click is answered: always in private. The buttons under the answer to a command stand in the channel
    where it was typed, and those of App Home in none: they lead to the person's direct messages."""
    channel = str(inside(body, "channel").get("id") or "")
    return channel if channel.startswith("D") else body["user"]["id"]
