"""Files: an address to upload to, the completion that shares them, and what is known of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from bot.sandbox import events
from bot.sandbox.failures import ApiError, missing
from bot.sandbox.methods.chat import writable
from bot.sandbox.things import BOT_ID, BOT_USER, Message

if TYPE_CHECKING:
    from bot.sandbox.calls import Call
    from bot.sandbox.files import File

KINDS = {
    "spaces": ("application/vnd.slack",),
    "snippets": ("text/",),
    "images": ("image/",),
    "gdocs": ("application/vnd.google-apps",),
    "zips": ("application/zip", "application/x-zip-compressed"),
    "pdfs": ("application/pdf",),
}
"""The `types` that files.list can ask for, by what their media type begins with."""


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
        _told(call, "file_created", file)
        file.complete = True
        for place in places:
            file.share(place)
    for place in places:
        message = Message(
            call.workspace.next_ts(), place.id, BOT_USER, call.text("initial_comment") or "", call.workspace.team
        )
        message.bot_id = BOT_ID
        message.thread_ts = call.text("thread_ts")
        message.files = [file.wire(call.slack.origin) for file in files]
        call.slack.say(message)
        for file in files:
            call.slack.tell(events.file_event("file_shared", file, call.workspace.next_ts(), place.id), place)
    return {"files": [file.wire(call.slack.origin) for file in files]}


def info(call: Call) -> dict[str, Any]:
    """files.info"""
    file = call.slack.files.find(call.needs("file"))
    return {"file": file.wire(call.slack.origin), "comments": [], "response_metadata": {"next_cursor": ""}}


def list_all(call: Call) -> dict[str, Any]:
    """files.list: the newest first, filtered by channel, user, time and types, in numbered pages."""
    channel, user = call.text("channel"), call.text("user")
    if user is not None and user not in call.workspace.users:
        raise ApiError("user_not_found")
    kinds = (call.text("types") or "all").replace(" ", "").split(",")
    if not set(kinds) <= {"all", *KINDS}:
        raise ApiError("unknown_type")
    first, last = float(call.text("ts_from") or 0), float(call.text("ts_to") or "inf")
    found = [
        file
        for file in reversed(call.slack.files.all.values())
        if file.complete
        and not file.deleted
        and (channel is None or channel in file.places)
        and user in (None, file.user)
        and first <= file.created <= last
        and ("all" in kinds or any(_is(file, kind) for kind in kinds))
    ]
    page, paging = call.numbered(found)
    return {"files": [file.wire(call.slack.origin) for file in page], **paging}


def delete(call: Call) -> dict[str, Any]:
    """files.delete: the bot's own only."""
    _told(call, "file_deleted", call.slack.files.delete(call.needs("file"), BOT_USER))
    return {}


def _is(file: File, kind: str) -> bool:
    return str(file.wire("")["mimetype"]).startswith(KINDS[kind])


def _told(call: Call, kind: str, file: File) -> None:
    call.slack.event(events.file_event(kind, file, call.workspace.next_ts()))
