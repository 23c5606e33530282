"""The page itself: the files of bot/sandbox/page, and nothing else."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from aiohttp import web

from bot.sandbox.control.doors import PAGE_POLICY

FOLDER = Path(__file__).resolve().parents[1] / "page"
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}


def page(path: str) -> web.StreamResponse | None:
    """The file that a path names; None when there is none."""
    try:
        wanted = (FOLDER / (path.lstrip("/") or "index.html")).resolve()
        if not wanted.is_relative_to(FOLDER) or not wanted.is_file():
            return None
    except (OSError, ValueError):
        # No file has a name that is so long, or that holds a zero.
        return None
    kind = TYPES.get(wanted.suffix) or mimetypes.guess_type(wanted.name)[0] or "application/octet-stream"
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": PAGE_POLICY,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    charset = "utf-8" if kind.startswith(("text/", "image/svg")) else None
    return web.Response(body=wanted.read_bytes(), content_type=kind, charset=charset, headers=headers)
