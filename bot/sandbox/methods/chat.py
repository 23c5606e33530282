"""Messages: post, change, delete, link."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from bot.sandbox import events, payloads
from bot.sandbox.failures import ApiError
from bot.sandbox.limits import MARKDOWN_TEXT, POST_TEXT, UPDATE_TEXT
from bot.sandbox.things import BOT_ID, BOT_USER, Channel, Message

if TYPE_CHECKING:
    from bot.sandbox.calls import Call

TIMESTAMP = re.compile(r"\d{1,12}\.\d{1,6}")
"""A message's ts, as Slack writes it."""


def post_message(call: Call) -> dict[str, Any]:
    """chat.postMessage"""
    channel = writable(call, call.needs("channel"), named=True)
    message = Message("", channel.id, BOT_USER, "", call.workspace.team, bot_id=BOT_ID)
    fill(call, message)
    message.thread_ts = thread(call)
    message.broadcast = message.thread_ts is not None and call.flag("reply_broadcast")
    message.ts = call.workspace.next_ts()
    call.slack.say(message)
    return {"channel": channel.id, "ts": message.ts, "message": message.wire(metadata=True)}


def post_ephemeral(call: Call) -> dict[str, Any]:
    """chat.postEphemeral"""
    channel = writable(call, call.needs("channel"), named=True)
    user = call.needs("user")
    if user not in channel.members:
        raise ApiError("user_not_in_channel")
    message = Message("", channel.id, BOT_USER, "", call.workspace.team, bot_id=BOT_ID, ephemeral_for=user)
    fill(call, message)
    message.thread_ts = thread(call)
    message.ts = call.workspace.next_ts()
    call.slack.say(message)
    return {"message_ts": message.ts}


def me_message(call: Call) -> dict[str, Any]:
    """chat.meMessage: what somebody does, in italics."""
    channel = writable(call, call.needs("channel"), named=True)
    text = call.text("text")
    if text is None:
        raise ApiError("no_text")
    if len(text) > POST_TEXT:
        raise ApiError("msg_too_long")
    message = Message(call.workspace.next_ts(), channel.id, BOT_USER, text, call.workspace.team, bot_id=BOT_ID)
    message.subtype = "me_message"
    call.slack.say(message)
    return {"channel": channel.id, "ts": message.ts}


def update(call: Call) -> dict[str, Any]:
    """chat.update. Blocks that are not given stay only when no text is given; attachments and metadata stay.

    A message that is changed by its blocks is not shown as edited. Ephemeral messages cannot be changed, and neither
    a person's id nor a name stands for a channel here. (Slack's reference of the method.)
    """
    channel = writable(call, call.needs("channel"))
    message = own(channel, call.needs("ts"), "cant_update_message")
    before = message.wire(metadata=True)
    text = call.text("text")
    if text is not None and len(text) > UPDATE_TEXT:
        raise ApiError("msg_too_long")
    fill(call, message)
    ts = call.workspace.next_ts()
    if call.arguments.get("blocks"):
        message.edited = None
    else:
        message.edited = ts
        message.blocks = [] if text is not None else message.blocks
    message.chosen.clear()
    call.workspace.shown(message)
    call.slack.event(payloads.changed_event(message, before, channel, ts))
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message.wire(metadata=True),
    }


def delete(call: Call) -> dict[str, Any]:
    """chat.delete"""
    channel = call.slack.channel_for(call.needs("channel"))
    message = own(channel, call.needs("ts"), "cant_delete_message")
    before = message.wire()
    call.workspace.remove(message)
    call.slack.event(payloads.deleted_event(before, channel, call.workspace.next_ts()))
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: Call) -> dict[str, Any]:
    """chat.getPermalink"""
    channel = call.slack.channel_for(call.needs("channel"))
    message = channel.messages.get(call.needs("message_ts"))
    if message is None or message.ephemeral:
        raise ApiError("message_not_found")
    return {"channel": channel.id, "permalink": events.permalink(message)}


def thread(call: Call) -> str | None:
    """The thread to write into. Any timestamp will do, as with Slack: what answers no message is seen nowhere.

    Raises:
        ApiError: invalid_thread_ts.
    """
    ts = call.text("thread_ts")
    if ts is not None and not TIMESTAMP.fullmatch(ts):
        raise ApiError("invalid_thread_ts", [f"{ts} is not a valid thread_ts"])
    return ts


def writable(call: Call, wanted: str, *, named: bool = False) -> Channel:
    """The channel to write to; `named` as with `channel_for`.

    Raises:
        ApiError: channel_not_found, is_archived, not_in_channel.
    """
    channel = call.slack.channel_for(wanted, named=named)
    if channel.archived:
        raise ApiError("is_archived")
    if BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def own(channel: Channel, ts: str, code: str) -> Message:
    """The bot's own message, to be changed.

    Raises:
        ApiError: message_not_found for what is gone and for ephemeral messages; `code` for another's.
    """
    message = channel.messages.get(ts)
    if message is None or message.ephemeral:
        raise ApiError("message_not_found")
    if message.user != BOT_USER:
        raise ApiError(code)
    return message


def fill(call: Call, message: Message) -> None:
    """Put text, blocks, attachments and metadata of a call into a message, all checked first.

    Raises:
        ApiError: no_text, markdown_text_conflict, msg_too_long, invalid_blocks, msg_blocks_too_long,
            invalid_attachments, too_many_attachments, invalid_metadata_format.
    """
    arguments = call.arguments
    blocks, attachments, metadata = (arguments.get(key) for key in ("blocks", "attachments", "metadata"))
    text, markdown = call.text("text"), call.text("markdown_text")
    if markdown is not None:
        if text is not None or blocks:
            raise ApiError("markdown_text_conflict")
        if len(markdown) > MARKDOWN_TEXT:
            raise ApiError("msg_too_long")
        text = markdown
    if text is None and not blocks and not attachments:
        raise ApiError("no_text")
    read_blocks = None if blocks is None or blocks == "" else call.slack.reader.message(blocks)
    read_attachments = None if not attachments else call.slack.reader.attachments(attachments)
    if metadata is not None and metadata != "" and not _is_metadata(metadata):
        raise ApiError("invalid_metadata_format")
    message.text = (text or "")[:POST_TEXT]
    if read_blocks is not None:
        message.blocks = read_blocks
    if read_attachments is not None:
        message.attachments = read_attachments
    if metadata is not None and metadata != "":
        message.metadata = metadata or None


def _is_metadata(metadata: Any) -> bool:
    if not isinstance(metadata, dict):
        return False
    found = cast(dict[str, Any], metadata)
    return not found or ("event_type" in found and isinstance(found.get("event_payload"), dict))
