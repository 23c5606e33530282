"""The scan of a recorded letter, behind a signed link of one person: a file to keep, never a page of ours."""

from __future__ import annotations

from aiohttp import web

from bot import clearance, links
from handlers.pages.desk import HEADERS, PageDesk


def routes(desk: PageDesk) -> list[web.RouteDef]:
    """The file."""

    async def download(request: web.Request) -> web.StreamResponse:
        link = desk.link(request, clearance.SCAN_LINK)
        number = link.facts.get("file")
        if not isinstance(number, int):
            raise links.LinkForged
        async with desk.database.reading() as session:
            scan = await clearance.scan_file(session, desk.person(link), number, desk.clock.now())
        return handed_out(scan.name, scan.media_type, scan.content)

    return [web.get("/scan/{token}", desk.guarded(download))]


def handed_out(name: str, media_type: str, content: bytes) -> web.Response:
    """A file to keep: whatever it holds, no browser shows or runs it here."""
    headers = {
        **HEADERS,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return web.Response(body=content, content_type=media_type, headers=headers)
