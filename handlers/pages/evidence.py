"""A file that stands behind an answer, behind a signed link of one person: a file to keep, never a page of ours."""

from __future__ import annotations

from aiohttp import web

from bot import evidence, links
from handlers.pages.desk import PageDesk
from handlers.pages.scan import handed_out


def routes(desk: PageDesk) -> list[web.RouteDef]:
    """The file."""

    async def download(request: web.Request) -> web.StreamResponse:
        link = desk.link(request, evidence.EVIDENCE_LINK)
        number = link.facts.get("evidence")
        if not isinstance(number, int):
            raise links.LinkForged
        async with desk.database.reading() as session:
            file = await evidence.file_for(session, desk.person(link), number, desk.clock.now())
        return handed_out(file.name, file.media_type, file.content)

    return [web.get("/evidence/{token}", desk.guarded(download))]
