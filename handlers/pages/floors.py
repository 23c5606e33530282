"""The page on which a coordinator says yes or no to floors, behind the signed link of a mail.

Opening it changes nothing, as mail gateways and previews open links too; only its buttons do.
"""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from aiohttp import web

from bot import links
from bot.clearance.on_page import reader_of
from bot.errors import Refusal
from bot.floors import FLOORS_LINK, on_page
from bot.words import UTC_READER, Reader
from handlers.pages.desk import LINK_REFUSED, PageDesk

log = structlog.stdlib.get_logger("spnet.pages")


def routes(desk: PageDesk) -> list[web.RouteDef]:
    """Look, or decide."""
    page = Deciding(desk)
    return [
        web.get("/floors/{token}", desk.guarded(page.shown)),
        web.post("/floors/{token}", desk.guarded(page.decided)),
    ]


class Deciding:
    """The page of one person about the floors of one country."""

    def __init__(self, desk: PageDesk) -> None:
        self._desk = desk

    def _wanted(self, request: web.Request) -> tuple[int, str]:
        link = self._desk.link(request, FLOORS_LINK)
        member = link.facts.get("member")
        if not isinstance(member, str):
            raise links.LinkForged
        return self._desk.person(link), member

    async def shown(self, request: web.Request) -> web.StreamResponse:
        """What waits for the yes."""
        return await self._looked(request)

    async def _looked(
        self, request: web.Request, problem: str | None = None, given: Mapping[str, str] | None = None
    ) -> web.Response:
        person_id, member = self._wanted(request)
        reader = UTC_READER
        async with self._desk.database.reading() as session:
            now = self._desk.clock.now()
            try:
                by = await on_page.speaker(session, person_id, now)
                reader = reader_of(by)
                facts = await on_page.look(session, by, member, now, given)
            except Refusal as refusal:
                return self._refused(refusal, reader)
        return self._desk.page("floors", {**facts, "problem": problem}, 200 if problem is None else 400, reader)

    async def decided(self, request: web.Request) -> web.StreamResponse:
        """Yes to all, or what was chosen row by row."""
        person_id, member = self._wanted(request)
        given = await self._desk.form(request)
        yes, no, bare = on_page.chosen(given)
        if bare:
            return await self._looked(request, "no_reason", given)
        if not yes and not no:
            return await self._looked(request, "nothing", given)
        reader = UTC_READER
        try:
            async with self._desk.database.writing() as session:
                now = self._desk.clock.now()
                by = await on_page.speaker(session, person_id, now)
                reader = reader_of(by)
                facts = await on_page.decide_there(session, by, member, yes, no, now)
        except Refusal as refusal:
            return self._refused(refusal, reader)
        self._desk.wake()
        log.info("floors_decided_on_page", person=person_id, cleared=len(yes), refused=len(no))
        return self._desk.page("floors_decided", facts, reader=reader)

    def _refused(self, refusal: Refusal, reader: Reader) -> web.Response:
        return self._desk.trouble(refusal, UTC_READER if isinstance(refusal, LINK_REFUSED) else reader)
