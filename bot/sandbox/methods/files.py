"""Files: an address to upload to, the completion that shares them, and what is known of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from bot.sandbox.failures import ApiError, missing
from bot.sandbox.methods.chat import writable
from bot.sandbox.workspace import BOT_ID, BOT_USER, Message

if TYPE_CHECKING:
    from bot.sandbox.calls import Call


def get_upload_url(call: Call) -> dict[str, Any]:
    """files.getUploadURLExternal"""
    name, length = call.needs("filename"), call.needs("length")
    if not length.isdigit():
        raise ApiError("invalid_arguments", ["must be an integer [json-pointer:/length]"])
    if int(length) < 1:
        raise ApiError("invalid_arguments", ["must be greater than 0 [json-pointer:/length]"])
    file, path = call.slack.files.announce(name, int(length), BOT_USER)
    return {"upload_url": call.slack.origin + path, "file_id": file.id}


def complete_upload(call: Call) -> dict[str, Any]:
    """files.completeUploadExternal: names the files, and shares them as one message when a channel is given."""
    wanted = call.arguments.get("files")
    if not wanted:
        raise missing("files")
    if not isinstance(wanted, list):
        raise ApiError("invalid_arguments", ["must provide an array [json-pointer:/files]"])
    listed = cast(list[dict[str, Any]], wanted)
    files = [call.slack.files.find(str(row.get("id"))) for row in listed]
    channels = [c for c in (call.text("channel_id"), *(call.text("channels") or "").split(",")) if c]
    places = [writable(call, channel) for channel in channels]
    for file, row in zip(files, listed, strict=True):
        file.title = str(row.get("title") or file.name)
        file.complete = True
        file.channels.extend(place.id for place in places)
    for place in places:
        message = Message(
            call.workspace.next_ts(), place.id, BOT_USER, call.text("initial_comment") or "", call.workspace.team
        )
        message.bot_id = BOT_ID
        message.thread_ts = call.text("thread_ts")
        message.files = [file.wire(call.slack.origin) for file in files]
        call.slack.say(message)
    return {"files": [file.wire(call.slack.origin) for file in files]}


def info(call: Call) -> dict[str, Any]:
    """files.info"""
    file = call.slack.files.find(call.needs("file"))
    return {"file": file.wire(call.slack.origin), "comments": [], "response_metadata": {"next_cursor": ""}}
