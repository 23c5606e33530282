"""Messages for later: schedule, list, take back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from bot.sandbox.failures import ApiError
from bot.sandbox.methods.chat import fill, thread, writable
from bot.sandbox.methods.conversations import visible
from bot.sandbox.things import BOT_ID, BOT_USER, Message

if TYPE_CHECKING:
    from bot.sandbox.calls import Call


def schedule(call: Call) -> dict[str, Any]:
    """chat.scheduleMessage"""
    channel = writable(call, call.needs("channel"), named=True)
    post_at = call.needs("post_at")
    message = Message("", channel.id, BOT_USER, "", call.workspace.team, bot_id=BOT_ID)
    fill(call, message)
    message.thread_ts = thread(call)
    message.broadcast = message.thread_ts is not None and call.flag("reply_broadcast")
    if not post_at.isdecimal() or len(post_at) > 12:
        raise ApiError("invalid_time")
    id = call.slack.scheduled.add(message, int(post_at))
    shown = message.wire(metadata=True)
    del shown["ts"]
    return {
        "channel": channel.id,
        "scheduled_message_id": id,
        "post_at": int(post_at),
        "message": {**shown, "type": "delayed_message"},
    }


def list_all(call: Call) -> dict[str, Any]:
    """chat.scheduledMessages.list: the earliest first, in pages."""
    wanted = call.text("channel")
    if wanted is not None:
        channel = call.workspace.channels.get(call.slack.direct_id(wanted))
        if channel is None or not visible(channel):
            raise ApiError("invalid_channel")
        wanted = channel.id
    oldest, latest = call.decimal("oldest", 0), call.decimal("latest", math.inf)
    found = [
        {
            "id": id,
            "channel_id": channel.id,
            "post_at": row["post_at"],
            "date_created": row["date_created"],
            "text": row["message"]["text"],
        }
        for channel, id, row in call.slack.scheduled.all()
        if wanted in (None, channel.id) and oldest <= row["post_at"] <= latest
    ]
    page, more = call.page(found, 100, 1000)
    return {"scheduled_messages": list(page), **more}


def delete(call: Call) -> dict[str, Any]:
    """chat.deleteScheduledMessage"""
    channel = call.slack.channel_for(call.needs("channel"))
    call.slack.scheduled.delete(channel, call.needs("scheduled_message_id"))
    return {}
