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
        headers = {
            **HEADERS,
            # Whatever the file holds, no browser runs it here.
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Disposition": f'attachment; filename="{scan.name}"',
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        return web.Response(body=scan.content, content_type=scan.media_type, headers=headers)

    return [web.get("/scan/{token}", desk.guarded(download))]
