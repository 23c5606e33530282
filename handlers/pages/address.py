"""A further e-mail address is confirmed: the page behind the link of the mail that was sent to it.

Whoever holds the link reads the mails of that address. Opening the page changes nothing, as mail gateways open links
too; the button binds the address to the person who asked for it, once.
"""

from __future__ import annotations

import structlog
from aiohttp import web

from bot import links
from bot.people import profile
from bot.profile import ADDRESS_LINK
from handlers.pages.desk import PageDesk

log = structlog.stdlib.get_logger("spnet.pages")


def routes(desk: PageDesk) -> list[web.RouteDef]:
    """The page and its button."""

    def wanted(request: web.Request) -> tuple[int, int, str]:
        link = desk.link(request, ADDRESS_LINK)
        row, address = link.facts.get("row"), link.facts.get("address")
        if not isinstance(row, int) or not isinstance(address, str):
            raise links.LinkForged
        return desk.person(link), row, address

    async def show(request: web.Request) -> web.StreamResponse:
        person_id, row, address = wanted(request)
        async with desk.database.reading() as session:
            person, waiting = await profile.to_confirm(session, person_id, row, address, desk.clock.now())
        return desk.page("address", {"name": person.name, "address": address, "done": waiting is None})

    async def confirm(request: web.Request) -> web.StreamResponse:
        person_id, row, address = wanted(request)
        async with desk.database.writing() as session:
            new = await profile.confirm_address(session, person_id, row, address, desk.clock.now())
            person = await profile.of(session, person_id)
        if new:
            log.info("address_confirmed", person=person_id)
        return desk.page("address", {"name": person.name, "address": address, "done": True})

    return [
        web.get("/address/{token}", desk.guarded(show)),
        web.post("/address/{token}", desk.guarded(confirm)),
    ]
