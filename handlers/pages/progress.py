"""A country's own progress on a page, behind the signed link of a digest: the picture, and the numbers beside it."""

from __future__ import annotations

import base64

from aiohttp import web
from markupsafe import Markup

from bot import links, progress
from bot.messages import drawn
from bot.rendering.chat import title_of, to_html
from handlers.pages.desk import HEADERS, PageDesk

# The pictures are part of the page itself.
SHOWS_PICTURES = f"{HEADERS['Content-Security-Policy']}; img-src data:"


def routes(desk: PageDesk) -> list[web.RouteDef]:
    """Look."""

    async def shown(request: web.Request) -> web.StreamResponse:
        link = desk.link(request, progress.PROGRESS_LINK)
        member, cycle = link.facts.get("member"), link.facts.get("cycle")
        if not isinstance(member, str) or not isinstance(cycle, str):
            raise links.LinkForged
        async with desk.database.reading() as session:
            said, reader = await progress.on_page(session, desk.person(link), member, cycle, desk.clock.now())
        said = await drawn(said)
        chat = desk.words.render(said.kind, "chat", said.facts, reader)
        title, _, numbers = to_html(chat).partition("\n")
        pictures = [
            {"source": f"data:image/png;base64,{base64.b64encode(picture.content).decode()}", "alt": picture.alt}
            for picture in said.pictures
        ]
        facts = {
            "title": title_of(chat),
            "heading": Markup(title),  # noqa: S704 - escaped by to_html
            "numbers": Markup(numbers),  # noqa: S704 - escaped by to_html
            "pictures": pictures,
        }
        page = desk.page("progress", facts, reader=reader)
        page.headers["Content-Security-Policy"] = SHOWS_PICTURES
        return page

    return [web.get("/progress/{token}", desk.guarded(shown))]
