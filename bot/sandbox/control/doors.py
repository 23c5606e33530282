"""Who may come in: programs of this machine, and the page that the sandbox itself serves.

Whoever is in may be anybody: the page chooses who it is, so every letter and every shared file can be read by it.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

OWN = frozenset({"same-origin", "none"})
"""What a browser says of its own page's requests, and of an address that somebody typed."""

GUARDED = ("/control", "/api/", "/link", "/actions/", "/upload/", "/files-pri/")
"""Everything but the page."""

PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; frame-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


def is_foreign(request: web.BaseRequest) -> str | None:
    """Why a request is turned away; None when it may come in.

    A page of another site that a browser on this machine shows could call here: it carries its own Origin, or, by a
    name that it points to 127.0.0.1, a foreign Host.
    """
    host = _name(f"//{request.headers.get('Host', '')}")
    if host not in LOOPBACK:
        return "foreign_host"
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.headers.get("Host"):
        return "foreign_origin"
    # A page on another port of this machine is of the same site, and foreign all the same; links to the page are fine.
    if request.headers.get("Sec-Fetch-Site", "none") not in OWN and request.path.startswith(GUARDED):
        return "foreign_origin"
    return None


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
