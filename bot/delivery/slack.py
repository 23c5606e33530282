"""Slack as a channel: open the conversation, keep its pace, post, and say in our words what went wrong.

Every post carries its purpose as metadata, so that after a crash it is looked up before it is said again. Pictures and
files come below the words; where they do not come, that is said.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.delivery.channel import Parcel
from bot.delivery.pacing import POSTS_A_CHANNEL, TIERS, Pacing, Rate
from bot.delivery.slack_directory import SlackDirectory
from bot.delivery.slack_files import SlackFiles, names_of, wire_of
from bot.errors import ChannelError
from bot.messages import Message, drawn
from bot.people import Contact
from bot.rendering.blocks import BLOCKS_A_MESSAGE, Post, render, without_tables
from bot.words import Reader, Words

log = structlog.get_logger("spnet.slack")

EVENT_TYPE = "spnet"
NOT_SHARED = "delivery/not_shared"
HISTORY_PAGE = 200
HISTORY_PAGES = 10
PATIENCE_SECONDS = 20.0
# Slack's clock and ours may differ.
SKEW = timedelta(minutes=10)

# Slack refuses us, whomever we write to.
REFUSES_US = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "account_inactive",
        "missing_scope",
        "not_allowed_token_type",
        "team_access_not_granted",
        "org_login_required",
        "access_denied",
        "ekm_access_denied",
    }
)
# This person cannot be reached in Slack; another channel may.
REFUSES_RECIPIENT = frozenset(
    {
        "user_not_found",
        "users_not_found",
        "user_not_visible",
        "user_disabled",
        "cannot_dm_bot",
        "messages_tab_disabled",
        "invalid_user_combination",
    }
)
# Trouble of Slack's own.
PASSES = frozenset(
    {
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
    }
)
# What Slack says of blocks that it does not take; of a second table it speaks as of an attachment.
REFUSES_BLOCKS = frozenset({"invalid_blocks", "invalid_attachments", "msg_blocks_too_long"})
# In a conversation with one person, these too mean that the person cannot be reached.
CLOSED = frozenset({"channel_not_found", "is_archived", "not_in_channel"})
# AttributeError is what slack-sdk says of an answer that is not JSON.
WIRE = (SlackApiError, SlackRequestError, aiohttp.ClientError, TimeoutError, OSError, AttributeError)


class SlackChannel:
    """Says messages in Slack.

    Args:
        client: handed in with its token and address. It should repeat nothing by itself but what was rate limited: a
            call whose answer was lost is looked up first.
        rooms: the channel ids behind the names that the ledger uses, such as `network` and `secretariat`.
    """

    def __init__(
        self, client: AsyncWebClient, clock: Clock, words: Words, rooms: Mapping[str, str] | None = None
    ) -> None:
        # The one place where slack-sdk's partly unknown types come in.
        self._client: Any = client
        self._words = words
        self._pacing = Pacing(clock)
        self._session: aiohttp.ClientSession | None = None
        self._conversations: dict[str, str] = {}
        self._rooms = dict(rooms or {})
        # What Slack knows of people and of files.
        self.directory = SlackDirectory(client, self._call)
        self._files = SlackFiles(client, clock, self._call, self._rows)

    async def open(self) -> None:
        """Keep connections to Slack: without this, each call makes and ends one of its own."""
        self._session = self._client.session = aiohttp.ClientSession()

    async def close(self) -> None:
        """End what `open` keeps."""
        if self._session is not None:
            self._client.session, session = None, self._session
            self._session = None
            await session.close()

    def reaches(self, contact: Contact) -> bool:
        """Whether the person is in Slack."""
        return bool(contact.slack_id)

    async def send(self, parcel: Parcel) -> str:
        """Say it; returns the `ts` of its first post.

        Raises:
            ChannelError: it was not said, or not wholly, or nobody knows.
        """
        where = parcel.channel or (parcel.contact.slack_id if parcel.contact else None)
        if not where:
            raise ChannelError("no_slack_id", permanent=True, recipient=True)
        said = await self.say(
            where, parcel.message, parcel.reader, parcel.about, preface=parcel.preface, look_since=parcel.look_since
        )
        return said[0]

    async def say(
        self,
        where: str,
        message: Message,
        reader: Reader,
        about: str | None = None,
        *,
        preface: Message | None = None,
        look_since: datetime | None = None,
    ) -> list[str]:
        """Say a message in a channel, or to a person in direct messages.

        Args:
            where: a person's id (U..., W...), a channel's (C..., D..., G...), or the name of a room.
            about: what marks it; by default the message's own `about`.
            preface: said above it.
            look_since: what was said about the same since this moment is not said again.

        Returns:
            The `ts` of each post of words.

        Raises:
            ChannelError: as for `send`.
        """
        about = about or message.about
        where = self._rooms.get(where, where)
        channel = await self._conversation(where)
        posts = self._posts(message, reader, preface)
        try:
            there = await self._find(channel, about, look_since) if about and look_since else {}
            said: list[str] = []
            for part, post in enumerate(posts, 1):
                mark = {"about": about, "part": part, "parts": len(posts)} if about else None
                try:
                    said.append(there.get(part) or await self._post(channel, post, mark))
                except ChannelError as error:
                    # What stands already must not be said again.
                    error.in_doubt = error.in_doubt or bool(said)
                    raise
            await self._hand_over(channel, message, reader, about, said, there)
        except ChannelError as error:
            if error.code in CLOSED and where != channel:
                self._conversations.pop(where, None)
                error.recipient = True
            raise
        return said

    async def hand_over(self, slack_id: str, message: Message) -> bool:
        """Put the pictures and files of a message, without its words, into a person's direct messages.

        Returns:
            Whether they came; where nobody knows, False.
        """
        files = wire_of(message)
        try:
            if files:
                await self._files.share(await self._conversation(slack_id), files, after=None)
        except ChannelError as error:
            log.warning("files_not_shared", code=error.code, kind=message.kind)
            return False
        return True

    async def _hand_over(
        self, channel: str, message: Message, reader: Reader, about: str | None, said: list[str], there: dict[int, str]
    ) -> None:
        """The pictures and files below the words; where they do not come, a word of that, which is a part as well."""
        part = len(said) + 1
        if not message.more_than_words or part in there:
            return
        message = await drawn(message)
        files = wire_of(message)
        if not files:
            return
        try:
            await self._files.share(channel, files, after=said[-1], look=bool(there))
        except ChannelError as error:
            log.warning("files_not_shared", code=error.code, kind=message.kind)
            if error.retry_after is not None and about:
                # A delivery comes back when Slack says; then the words are found, and the files come below them.
                error.in_doubt = True
                raise
            mark = {"about": about, "part": part, "parts": part} if about else None
            try:
                for post in render(Message(NOT_SHARED, {"names": names_of(message)}), reader, self._words)[:1]:
                    await self._post(channel, post, mark)
            except ChannelError as trouble:
                trouble.in_doubt = True
                raise

    async def refuses(self, slack_id: str) -> str | None:
        """Why no conversation with a person can be opened, in Slack's word; None where it can. Nothing is said.

        Raises:
            ChannelError: Slack did not say.
        """
        try:
            await self._call("conversations.open", TIERS[3], self._client.conversations_open, users=slack_id)
        except ChannelError as error:
            if error.recipient or error.code in CLOSED:
                self._conversations.pop(slack_id, None)
                return error.code
            raise
        return None

    async def show_home(self, slack_id: str, view: Mapping[str, Any]) -> None:
        """Show somebody another Home (views.publish).

        Raises:
            ChannelError: it was not shown.
        """
        await self._call("views.publish", TIERS[4], self._client.views_publish, user_id=slack_id, view=view)

    def _posts(self, message: Message, reader: Reader, preface: Message | None) -> list[Post]:
        posts = render(message, reader, self._words)
        if not posts:
            raise ChannelError("empty_message", permanent=True)
        if preface is None:
            return posts
        head = render(preface, reader, self._words)
        joined = Post(f"{head[0].text}\n{posts[0].text}", head[0].blocks + posts[0].blocks)
        fits = len(head) == 1 and len(joined.blocks) <= BLOCKS_A_MESSAGE
        return [joined, *posts[1:]] if fits else head + posts

    async def _conversation(self, where: str) -> str:
        if not where.startswith(("U", "W")):
            return where
        if where not in self._conversations:
            answer = await self._call("conversations.open", TIERS[3], self._client.conversations_open, users=where)
            self._conversations[where] = answer["channel"]["id"]
        return self._conversations[where]

    async def _post(self, channel: str, post: Post, mark: dict[str, Any] | None) -> str:
        """One post; where Slack takes no table in it, the table's rows as lines."""
        try:
            return await self._post_once(channel, post, mark)
        except ChannelError as error:
            plain = without_tables(post.blocks)
            if error.code not in REFUSES_BLOCKS or plain == post.blocks:
                raise
            return await self._post_once(channel, Post(post.text, plain), mark)

    async def _post_once(self, channel: str, post: Post, mark: dict[str, Any] | None) -> str:
        metadata = {"event_type": EVENT_TYPE, "event_payload": mark} if mark else None
        answer = await self._call(
            f"chat.postMessage {channel}",
            POSTS_A_CHANNEL,
            self._client.chat_postMessage,
            channel=channel,
            text=post.text,
            blocks=post.blocks,
            metadata=metadata,
            unfurl_links=False,
            unfurl_media=False,
        )
        return answer["ts"]

    async def _find(self, channel: str, about: str, since: datetime) -> dict[int, str]:
        """The posts about something that stand in a channel already: part -> `ts`."""
        found: dict[int, str] = {}
        async for row in self._rows(channel, f"{(since - SKEW).timestamp():.6f}"):
            metadata: dict[str, Any] = row.get("metadata") or {}
            payload: dict[str, Any] = metadata.get("event_payload") or {}
            if metadata.get("event_type") == EVENT_TYPE and payload.get("about") == about:
                found[int(payload.get("part", 1))] = row["ts"]
        return found

    async def _rows(self, channel: str, oldest: str) -> AsyncIterator[dict[str, Any]]:
        """The messages of a channel since a `ts`, the newest first."""
        cursor: str | None = None
        for _ in range(HISTORY_PAGES):
            answer = await self._call(
                "conversations.history",
                TIERS[3],
                self._client.conversations_history,
                channel=channel,
                include_all_metadata=True,
                oldest=oldest,
                limit=HISTORY_PAGE,
                cursor=cursor,
            )
            for row in cast("list[dict[str, Any]]", answer.get("messages", [])):
                yield row
            paging: dict[str, Any] = answer.get("response_metadata") or {}
            cursor = paging.get("next_cursor")
            if not cursor:
                break

    async def _call(self, sort: str, rate: Rate, method: Callable[..., Awaitable[Any]], **arguments: Any) -> Any:
        if (pause := self._pacing.pause(sort, rate)) > PATIENCE_SECONDS:
            # Slack asked for a long pause: better to come back than to hold others up here.
            raise ChannelError("ratelimited", retry_after=pause)
        await self._pacing.wait(sort, rate)
        try:
            return await method(**arguments)
        except WIRE as error:
            translated = translate(error)
            if translated.retry_after is not None:
                self._pacing.hold(sort, translated.retry_after, rate)
            raise translated from error


def translate(error: Exception) -> ChannelError:
    """What slack-sdk or the connection said, as the one error of channels."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return ChannelError("slack_unreachable")
    if not isinstance(error, SlackApiError):
        # The connection broke, or the answer was none of Slack's: it may have been said all the same.
        return ChannelError("slack_no_answer", in_doubt=True)
    response: Any = cast("Any", error).response
    status = int(getattr(response, "status_code", None) or getattr(response, "status", 0))
    data: Any = getattr(response, "data", None)
    code = str(cast("dict[str, Any]", data).get("error", "")) if isinstance(data, dict) else ""
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return ChannelError("ratelimited", retry_after=_seconds(getattr(response, "headers", {})))
    if status >= 500 or not code or code in PASSES:
        return ChannelError(code or f"http_{status}", in_doubt=True)
    if code in REFUSES_US:
        return ChannelError(code, authentication=True)
    return ChannelError(code, permanent=True, recipient=code in REFUSES_RECIPIENT)


def _seconds(headers: Mapping[str, str]) -> float:
    asked = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return max(1.0, float(asked)) if asked.isdigit() else 30.0
