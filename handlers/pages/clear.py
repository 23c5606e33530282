"""The page on which the national yes is given or refused, behind the signed link of a mail.

Opening it changes nothing, as mail gateways and previews open links too; only its buttons do.
"""

from __future__ import annotations

import structlog
from aiohttp import web

from bot import clearance, links
from bot.clearance import on_page
from bot.errors import Refusal
from bot.speaker import Speaker
from bot.words import UTC_READER, Reader
from db.engine import Session
from handlers.pages.desk import LINK_REFUSED, PageDesk

log = structlog.stdlib.get_logger("spnet.pages")


def routes(desk: PageDesk) -> list[web.RouteDef]:
    """Look, clear, or send back."""
    page = Clearing(desk)
    return [
        web.get("/clear/{token}", desk.guarded(page.shown)),
        web.post("/clear/{token}", desk.guarded(page.decided)),
    ]


class Clearing:
    """The page of one person about one yes."""

    def __init__(self, desk: PageDesk) -> None:
        self._desk = desk

    def _wanted(self, request: web.Request) -> tuple[int, int]:
        link = self._desk.link(request, clearance.CLEAR_LINK)
        number = link.facts.get("clearance")
        if not isinstance(number, int):
            raise links.LinkForged
        return self._desk.person(link), number

    async def shown(self, request: web.Request) -> web.StreamResponse:
        """The whole assessment, with both forms."""
        return await self._looked(request)

    async def _looked(self, request: web.Request, problem: str | None = None) -> web.Response:
        person_id, number = self._wanted(request)
        reader = UTC_READER
        async with self._desk.database.reading() as session:
            now = self._desk.clock.now()
            try:
                by = await on_page.speaker(session, person_id, now)
                reader = on_page.reader_of(by)
                looked = await on_page.look(session, by, number, now)
            except Refusal as refusal:
                return self._refused(refusal, reader)
        status = 200 if problem is None else 400
        return self._desk.page("clear", {**looked.facts, "problem": problem}, status, reader)

    async def decided(self, request: web.Request) -> web.StreamResponse:
        """The yes, or the no with its reason."""
        person_id, number = self._wanted(request)
        form = await self._desk.form(request)
        why = clearance.reason_of(form.get("reason", ""))
        sends_back = form.get("choice") == "send_back"
        if form.get("choice") not in ("clear", "send_back"):
            return await self._looked(request)
        if sends_back and not why:
            return await self._looked(request, "no_reason")
        try:
            by, facts = await self._decide(person_id, number, why if sends_back else None)
        except _RefusedFor as refused:
            return self._refused(refused.refusal, refused.reader)
        self._desk.wake()
        log.info("sent_back_on_page" if sends_back else "cleared_on_page", clearance=number, person=person_id)
        return self._desk.page("cleared", facts, reader=on_page.reader_of(by))

    async def _decide(self, person_id: int, number: int, why: str | None) -> tuple[Speaker, dict[str, object]]:
        reader = UTC_READER
        try:
            async with self._desk.database.writing() as session:
                by = await on_page.speaker(session, person_id, self._desk.clock.now())
                reader = on_page.reader_of(by)
                return by, await self._done(session, by, number, why)
        except Refusal as refusal:
            raise _RefusedFor(refusal, reader) from None

    async def _done(self, session: Session, by: Speaker, number: int, why: str | None) -> dict[str, object]:
        now = self._desk.clock.now()
        if why is not None:
            return await on_page.send_back(session, by, number, why, now)
        return await on_page.clear(session, by, number, now)

    def _refused(self, refusal: Refusal, reader: Reader) -> web.Response:
        return self._desk.trouble(refusal, UTC_READER if isinstance(refusal, LINK_REFUSED) else reader)


class _RefusedFor(Exception):
    """A refusal, with in whose zone and date style it is said."""

    def __init__(self, refusal: Refusal, reader: Reader) -> None:
        super().__init__(refusal.name)
        self.refusal = refusal
        self.reader = reader
