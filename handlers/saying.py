"""How a turn's outcome is said: at once, later where the channel does not take it, and never in a traceback."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import structlog

from bot.clock import Clock
from bot.delivery import alarms
from bot.delivery.slack import NOT_SHARED, WIRE, SlackChannel, translate
from bot.delivery.slack_files import names_of
from bot.errors import ChannelError
from bot.messages import Message, drawn
from bot.rendering.blocks import BLOCKS_A_MESSAGE, render, without_tables
from bot.speaker import Speaker
from bot.words import Reader, Words
from db.engine import Database, DatabaseError
from db.queries import assessments as assessment_queries
from db.vocabulary import Medium
from handlers.bolt import inside

log = structlog.stdlib.get_logger(__name__)

# A say is tried so often in place, then at every tick until it is too old to mean anything.
TRIES = 2
PATIENCE_SECONDS = 5.0
WORTH_SAYING = timedelta(hours=1)
# Slack takes five answers through one response URL.
ANSWERS_AT_MOST = 5
# What is said below an answer, to its asker alone.
APART = {"replace_original": False, "response_type": "ephemeral"}
TRIGGER_GONE = ("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id")


@dataclass(frozen=True)
class Outcome:
    """What a turn ended in.

    Attributes:
        message: what to say; None where nothing is.
        reader: in whose zone and date style.
        speaker: who it was; None for a stranger, and for somebody who must first choose a hat.
        done: whether the deed was done; False where it was refused.
        more: said after it, each on its own.
        look_since: it may have been said already since this moment.
        stored: False where nothing could be written down: the same may come again.
        stranger: nobody knows whose account this is.
    """

    message: Message | None
    reader: Reader
    speaker: Speaker | None = None
    done: bool = True
    more: tuple[Message, ...] = ()
    look_since: datetime | None = None
    stored: bool = True
    stranger: bool = False


@dataclass(frozen=True)
class Unsaid:
    """An answer that the channel did not take yet."""

    where: str
    outcome: Outcome
    about: str | None
    since: datetime


class Voice:
    """Says what turns end in, and knows what the channel did not take yet."""

    def __init__(
        self, database: Database, clock: Clock, words: Words, slack: SlackChannel, default_reader: Reader
    ) -> None:
        self.database = database
        self.clock = clock
        self.words = words
        self.slack = slack
        self.default_reader = default_reader
        self._said: dict[tuple[int, int, int | None], str] = {}
        self._unsaid: list[Unsaid] = []

    async def say(self, where: str, outcome: Outcome, *, about: str | None = None) -> None:
        """Say what a turn ended in, after its commit. What cannot be said now is tried again at the next ticks."""
        if outcome.message is None:
            return
        unsaid = Unsaid(where, outcome, about, self.clock.now())
        for attempt in range(TRIES):
            error, unsaid = await self._try(unsaid)
            if error is None:
                # Whoever was answered need not hear what came before.
                self._unsaid = [each for each in self._unsaid if each.where != where]
                return
            if error.permanent:
                return
            if attempt + 1 < TRIES and (error.retry_after or 0) <= PATIENCE_SECONDS:
                await self.clock.sleep(error.retry_after or 1.0)
        self._unsaid.append(unsaid)

    async def _try(self, unsaid: Unsaid) -> tuple[ChannelError | None, Unsaid]:
        outcome = unsaid.outcome
        message = outcome.message
        if message is None:
            return None, unsaid
        try:
            said = await self.slack.say(
                unsaid.where, message, outcome.reader, unsaid.about, look_since=outcome.look_since
            )
        except ChannelError as error:
            log.warning("not_said", code=error.code, kind=message.kind)
            if error.authentication:
                await self._alarm(error)
            if error.in_doubt:
                unsaid = replace(unsaid, outcome=replace(outcome, look_since=outcome.look_since or unsaid.since))
            return error, unsaid
        if message.about and message.about.startswith("prompt:"):
            _, assessment_id, serial, *part = message.about.split(":")
            self._said[int(assessment_id), int(serial), int(part[0]) if part else None] = said[-1]
        return None, unsaid

    async def _alarm(self, error: ChannelError) -> None:
        """Slack does not let us in at all: the secretariat learns it by mail, once a day."""
        now = self.clock.now()
        try:
            async with self.database.writing() as session:
                await alarms.channel_refused(session, Medium.SLACK, error.code, Medium.EMAIL, now)
        except DatabaseError as trouble:
            # The next answer that is not said raises it again.
            log.error("database", code=trouble.code)

    async def say_unsaid(self) -> None:
        """Try once more what the channel did not take."""
        waiting, self._unsaid = self._unsaid, []
        for unsaid in waiting:
            error, unsaid = await self._try(unsaid)
            if error is not None and not error.permanent and self.clock.now() - unsaid.since < WORTH_SAYING:
                self._unsaid.append(unsaid)

    async def respond(self, respond: Any, user: str, outcome: Outcome, *, public: bool = False) -> None:
        """Answer through Bolt's `respond`, in the place of the buttons where the deed was done; where the way back is
        used up or gone, in the person's direct messages.

        Args:
            public: everybody in the channel sees it; a refusal is shown only to who clicked.
        """
        outcome = await _drawn(outcome)
        for number, post in enumerate(self.posts(outcome, apart=True)[:ANSWERS_AT_MOST]):
            how = "in_channel" if public and outcome.done else "ephemeral"
            whereto = {"replace_original": outcome.done and not number, "response_type": how}
            status = await _responded(respond, {**post, **whereto})
            plain = without_tables(post["blocks"])
            if status not in (200, None) and plain != post["blocks"]:
                # Where Slack takes no table, its rows are lines.
                status = await _responded(respond, {**post, "blocks": plain, **whereto})
            if status != 200:
                log.warning("not_responded", status=status)
                await self.say(user, outcome)
                return
        for trouble in await self._hand_over(user, outcome):
            await _responded(respond, {**self.blocks(replace(outcome, message=trouble, more=())), **APART})

    async def whisper(self, client: Any, channel: str, user: str, outcome: Outcome) -> None:
        """Say something in a channel that only one person sees; where that does not work, in direct messages."""
        outcome = await _drawn(outcome)
        try:
            for post in self.posts(outcome, apart=True):
                await client.chat_postEphemeral(channel=channel, user=user, **post)
            for trouble in await self._hand_over(user, outcome):
                post = self.blocks(replace(outcome, message=trouble, more=()))
                await client.chat_postEphemeral(channel=channel, user=user, **post)
        except WIRE as error:
            log.warning("not_whispered", code=translate(error).code)
            await self.say(user, outcome)

    async def _hand_over(self, user: str, outcome: Outcome) -> list[Message]:
        """The pictures and files of an answer that only its asker sees go to the asker's direct messages; what to say
        of those that do not come."""
        sent = [message for message in (outcome.message, *outcome.more) if message and names_of(message)]
        return [
            Message(NOT_SHARED, {"names": names_of(message)})
            for message in sent
            if not await self.slack.hand_over(user, message)
        ]

    async def put_in_place(self, client: Any, channel: str, ts: str, outcome: Outcome) -> bool:
        """Let a message of ours say something else from now on; False when it is not there any more."""
        return await self.update(client, channel, ts, self.blocks(outcome))

    async def update(self, client: Any, channel: str, ts: str, post: dict[str, Any]) -> bool:
        """The same with a post that is rendered already."""
        try:
            await client.chat_update(channel=channel, ts=ts, **post)
        except WIRE as error:
            log.warning("not_put_in_place", code=translate(error).code)
            return False
        return True

    async def put_through(self, respond: Any, post: dict[str, Any]) -> bool:
        """Let the message that was clicked say something else, by the way back of the click; False when that is used
        up or too old."""
        status = await _responded(respond, {**post, "replace_original": True, "response_type": "ephemeral"})
        plain = without_tables(post["blocks"])
        if status not in (200, None) and plain != post["blocks"]:
            status = await _responded(respond, {**post, "blocks": plain, "replace_original": True})
        if status != 200:
            log.warning("not_responded", status=status)
        return status == 200

    async def take_buttons(self, client: Any, body: dict[str, Any]) -> None:
        """Let the message that was clicked stand as it is, without its buttons."""
        shown = inside(body, "message")
        there: list[dict[str, Any]] = shown.get("blocks") or []
        blocks = [block for block in there if block.get("type") != "actions"]
        channel = str(inside(body, "channel").get("id") or "")
        if not blocks or not channel:
            return
        try:
            await client.chat_update(channel=channel, ts=shown["ts"], text=shown.get("text") or "", blocks=blocks)
        except WIRE as error:
            # A second click is refused in any case.
            log.warning("not_put_in_place", code=translate(error).code)

    async def excuse(self, error: Exception, body: dict[str, Any]) -> None:
        """A listener ended in an error: a line in the log, and a friendly one to whom it happened."""
        code = translate(error).code if isinstance(error, WIRE) else ""
        log.error("listener_fault", **fault(error), code=code)
        user = who(body)
        if user:
            message = Message("network/too_late" if code in TRIGGER_GONE else "network/fault")
            await self.say(user, Outcome(message, self.default_reader, done=False))

    def posts(self, outcome: Outcome, *, apart: bool = False) -> list[dict[str, Any]]:
        """What a turn ended in, as arguments of Bolt's `respond`, a post each.

        Args:
            apart: pictures and files come in direct messages, and that is said below their words.
        """
        posts: list[dict[str, Any]] = []
        for message in (outcome.message, *outcome.more):
            if message is None:
                continue
            said = render(message, outcome.reader, self.words)
            names = names_of(message) if apart else []
            below = (
                render(Message("delivery/handed_over", {"names": names}), outcome.reader, self.words) if names else []
            )
            if below and said and len(said[-1].blocks) + len(below[0].blocks) <= BLOCKS_A_MESSAGE:
                said[-1].blocks.extend(below.pop().blocks)
            posts += [{"text": post.text, "blocks": post.blocks} for post in [*said, *below]]
        return posts

    def blocks(self, outcome: Outcome) -> dict[str, Any]:
        """The first of these: for what is known to be short."""
        posts = self.posts(outcome)
        return posts[0] if posts else {}

    async def settle_said(self) -> None:
        """Write down which prompts the channel has confirmed; what a crash leaves out is looked up in the channel."""
        said, self._said = self._said, {}
        if not said:
            return
        async with self.database.writing() as session:
            for (assessment_id, serial, part), ts in said.items():
                await assessment_queries.said(session, assessment_id, serial, ts, part)


async def _drawn(outcome: Outcome) -> Outcome:
    """The outcome with its pictures drawn."""
    if not any(message and message.draws for message in (outcome.message, *outcome.more)):
        return outcome
    message = await drawn(outcome.message) if outcome.message else None
    return replace(outcome, message=message, more=tuple([await drawn(each) for each in outcome.more]))


async def _responded(respond: Any, post: Mapping[str, Any]) -> int | None:
    """The HTTP status that Slack answers with; None where nobody answers."""
    try:
        answer = await respond(**post)
    except (aiohttp.ClientError, OSError):
        return None
    return answer.status_code


def who(body: dict[str, Any]) -> str | None:
    """Whose deed a payload of Slack tells of."""
    event = inside(body, "event")
    said_by = event.get("user") or inside(event, "message").get("user") or inside(event, "previous_message").get("user")
    found = inside(body, "user").get("id") or body.get("user_id") or said_by
    return found if isinstance(found, str) and found else None


def fault(error: Exception) -> dict[str, str]:
    """An error as a log line: its name and where it arose; its own words may hold what people wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = [f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno}" for frame in frames]
    return {"error": type(error).__name__, "at": " > ".join(places)}
