"""One message and one modal with every block and element in them, on a page of their own.

`python -m tests.browser.gallery` serves it, to be looked at: http://127.0.0.1:8123/
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.sandbox.blocks import BlockReader
from bot.sandbox.control.doors import PAGE_POLICY
from bot.sandbox.control.files import page
from bot.sandbox.drawing import Reader, drawn, drawn_attachments, known
from tests.browser.gallery.asked import modal as every_input
from tests.browser.gallery.said import attachments, message, option

FOLDER = Path(__file__).parent
NAMES = known({"U0SITI": "Siti Rahmadani", "U0BOUNMY": "Bounmy Keo", "C0NETWORK": "network", "S0FOCAL": "focal-points"})
READER = Reader(ZoneInfo("Asia/Jakarta"), datetime(2026, 11, 2, 2, 0, tzinfo=UTC), NAMES)
PEOPLE = [
    {"id": "U0SITI", "name": "Siti Rahmadani", "title": "Focal point, Indonesia"},
    {"id": "U0BOUNMY", "name": "Bounmy Keo", "title": "Focal point, Lao PDR"},
    {"id": "U0GONE", "name": "Somebody who left", "deactivated": True},
    {"id": "U0BOT", "name": "spnet", "bot": True},
]
CHANNELS = [
    {"id": "C0NETWORK", "name": "network", "kind": "channel", "member": True},
    {"id": "G0SECRET", "name": "secretariat", "kind": "group", "member": True},
    {"id": "D0BOT", "kind": "im", "with": "U0BOT", "member": True},
]
ERRORS = {"share": "Must be at most 100", "final": "Please complete this required field."}


def data() -> dict[str, Any]:
    """What the gallery draws; checked against Slack's limits, so that it is no easier than what bots send."""
    reader = BlockReader()
    modal = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Every input"},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": every_input(),
    }
    return {
        "message": drawn(reader.message(message()), READER),
        "attachments": drawn_attachments(reader.attachments(attachments()), READER),
        "modal": drawn(reader.view(modal, "modal")["blocks"], READER),
        "errors": ERRORS,
        "suggested": [option(words) for words in ("Children covered", "Coverage of health services", "Poverty")],
        "names": {"me": "U0SITI", "zone": "Asia/Jakarta", "people": PEOPLE, "channels": CHANNELS},
    }


async def _answer(request: web.Request) -> web.StreamResponse:
    path = request.path
    if path == "/gallery/data.json":
        return web.json_response(data())
    ours = {"/": "index.html", "/gallery/gallery.js": "gallery.js", "/gallery/gallery.css": "gallery.css"}
    if path in ours:
        return web.FileResponse(FOLDER / ours[path], headers={"Content-Security-Policy": PAGE_POLICY})
    found = page(path)
    if found is None:
        raise web.HTTPNotFound
    return found


def app() -> web.Application:
    """The gallery as a web application: its page, the sandbox's own modules, and the blocks."""
    made = web.Application()
    made.router.add_get("/{path:.*}", _answer)
    return made
