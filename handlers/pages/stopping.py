"""The page where a reader stops the digest, or wants it again."""

from __future__ import annotations

import structlog
from aiohttp import web

from bot import links, people
from handlers.pages.desk import PageDesk

log = structlog.stdlib.get_logger("spnet.pages")


def routes(desk: PageDesk) -> list[web.RouteDef]:
    """Look, and stop."""
    page = Stopping(desk)
    return [
        web.get("/unsubscribe/{token}", desk.guarded(page.shown)),
        web.post("/unsubscribe/{token}", desk.guarded(page.chosen)),
    ]


class Stopping:
    """The page of one reader: the signed link is all that it needs."""

    def __init__(self, desk: PageDesk) -> None:
        self._desk = desk

    async def shown(self, request: web.Request) -> web.Response:
        """The page with its button. Whoever only looks (a mail gateway, a preview) changes nothing."""
        person_id = self._desk.person(self._desk.link(request, links.STOP_DIGEST))
        async with self._desk.database.reading() as session:
            stopped = await people.has_stopped_digests(session, person_id)
        return self._desk.page("stopped" if stopped else "stop", {})

    async def chosen(self, request: web.Request) -> web.Response:
        """Stop, or begin again. Also a mail program's one click (RFC 8058): no session, no other token."""
        person_id = self._desk.person(self._desk.link(request, links.STOP_DIGEST))
        again = (await self._desk.form(request)).get("choice") == "again"
        async with self._desk.database.writing() as session:
            await people.stop_digests(session, person_id, self._desk.clock.now(), again=again)
        log.info("digests_begun_again" if again else "digests_stopped", person=person_id)
        return self._desk.page("stop" if again else "stopped", {"again": again} if again else {})
