"""The page on which a member keeps its answer to a corrected question, behind the signed link of a mail.

Opening it changes nothing, as mail gateways and previews open links too; only its buttons do.
"""

from __future__ import annotations

import structlog
from aiohttp import web

from bot import links
from bot.clearance.on_page import reader_of
from bot.errata import ERRATUM_LINK, on_page
from handlers.pages.desk import PageDesk

log = structlog.stdlib.get_logger("spnet.pages")


def routes(desk: PageDesk) -> list[web.RouteDef]:
    """Look, or say."""
    page = Correcting(desk)
    return [
        web.get("/erratum/{token}", desk.guarded(page.shown)),
        web.post("/erratum/{token}", desk.guarded(page.said)),
    ]


class Correcting:
    """The page of one person about one answer."""

    def __init__(self, desk: PageDesk) -> None:
        self._desk = desk

    def _wanted(self, request: web.Request) -> tuple[int, int]:
        link = self._desk.link(request, ERRATUM_LINK)
        number = link.facts.get("asked")
        if not isinstance(number, int):
            raise links.LinkForged
        return self._desk.person(link), number

    async def shown(self, request: web.Request) -> web.StreamResponse:
        """The question as it was and as it is, the answer, and both buttons."""
        person_id, number = self._wanted(request)
        async with self._desk.database.reading() as session:
            by, facts = await on_page.look(session, person_id, number, self._desk.clock.now())
        return self._desk.page("erratum", facts, reader=reader_of(by))

    async def said(self, request: web.Request) -> web.StreamResponse:
        """Kept, or it must change."""
        person_id, number = self._wanted(request)
        choice = (await self._desk.form(request)).get("choice")
        if choice not in ("keep", "change"):
            return await self.shown(request)
        async with self._desk.database.writing() as session:
            by, facts = await on_page.say(session, person_id, number, self._desk.clock.now(), keeps=choice == "keep")
        self._desk.wake()
        log.info("erratum_answered_on_page", asked=number, person=person_id, kept=choice == "keep")
        return self._desk.page("erratum_said", facts, reader=reader_of(by))
