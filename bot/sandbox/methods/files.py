"""Files: an address to upload to, the completion that shares them, and what is known of one."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final, cast

from bot.sandbox import events
from bot.sandbox.failures import ApiError, missing
from bot.sandbox.methods.chat import thread, writable
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

ALT_TEXT: Final = 1000
CHANNEL: Final = re.compile(r"[CGDZ][A-Z0-9]+")
NO_CHANNEL: Final = "input must match regex pattern: ^[CGDZ][A-Z0-9]{8,}$"
"""What Slack says to a name or a person's id; ids here may be shorter than Slack's (slackapi/python-slack-sdk#1426)."""


def get_upload_url(call: Call) -> dict[str, Any]:
    """files.getUploadURLExternal"""
    name, length = call.needs("filename"), call.needs("length")
    if not length.isdigit():
        raise ApiError("invalid_arguments", ["must be an integer [json-pointer:/length]"])
    if int(length) < 1:
        raise ApiError("invalid_arguments", ["must be greater than 0 [json-pointer:/length]"])
    alt = call.text("alt_txt") or ""
    if len(alt) > ALT_TEXT:
        raise ApiError("alt_txt_too_large")
    file, path = call.slack.files.announce(name, int(length), BOT_USER)
    file.alt = alt
    return {"upload_url": call.slack.origin + path, "file_id": file.id}


def complete_upload(call: Call) -> dict[str, Any]:
    """files.completeUploadExternal: names the files, and shares them as one message when a channel is given."""
    wanted = call.arguments.get("files")
    if not wanted:
        raise missing("files")
    if not isinstance(wanted, list):
        raise ApiError("invalid_arguments", ["must provide an array [json-pointer:/files]"])
    listed = cast(list[Any], wanted)
    for place, row in enumerate(listed):
        if not isinstance(row, dict):
            raise ApiError("invalid_arguments", [f"must provide an object [json-pointer:/files/{place}]"])
    files = [call.slack.files.find(str(row.get("id"))) for row in listed]
    channel, thread_ts = call.text("channel_id"), thread(call)
    if channel is not None and not CHANNEL.fullmatch(channel):
        raise ApiError("invalid_arguments", [f"{NO_CHANNEL} [json-pointer:/channel_id]"])
    places = [writable(call, channel)] if channel is not None else []
    places += [writable(call, one, named=True) for one in (call.text("channels") or "").split(",") if one]
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
        message.thread_ts = thread_ts
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
    first, last = call.decimal("ts_from", 0), call.decimal("ts_to", math.inf)
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
