"""What every page needs: the database, the clock, the words, signed links, and a friendly page for what goes wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from markupsafe import Markup
from pydantic import SecretStr

from bot import links
from bot.clock import Clock
from bot.errors import NotFound, Refusal
from bot.evidence import Limits
from bot.links import Link
from bot.reading import storable
from bot.rendering.chat import title_of, to_html
from bot.words import UTC_READER, Reader, Words
from db.engine import Conflict, Database, DatabaseError

log = structlog.stdlib.get_logger("spnet.pages")

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
# What a link leads to may be gone, too.
LINK_REFUSED = (links.LinkForged, links.LinkExpired, links.LinkWrongPurpose, NotFound)

# What aiohttp says of a form that cannot be read.
UNREADABLE = (ValueError, LookupError, AssertionError, RuntimeError, web.RequestPayloadError, HttpProcessingError)

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class PageDesk:
    """What every page needs.

    Attributes:
        secret: what links are signed with.
        network: its name, as people read it.
        public_address: how people reach these pages from outside; None: not at all.
        wake: there may be something to send.
        evidence_limits: what is taken as evidence.
    """

    database: Database
    clock: Clock
    words: Words
    secret: SecretStr
    network: str
    public_address: str | None
    wake: Callable[[], None]
    evidence_limits: Limits = field(default_factory=Limits)

    @property
    def is_secure(self) -> bool:
        """Whether people come here over TLS: their cookies then travel over nothing else."""
        return bool(self.public_address and self.public_address.startswith("https://"))

    def link(self, request: web.Request, purpose: str) -> Link:
        """The signed link that a page was opened by; its token is `{token}` of the route.

        Raises:
            LinkForged, LinkWrongPurpose, LinkExpired.
        """
        return links.verify(self.secret, request.match_info["token"], purpose, self.clock.now())

    def person(self, link: Link) -> int:
        """The person whose link it is, where its subject is one.

        Raises:
            LinkForged: it is none.
        """
        if not (link.subject.isascii() and link.subject.isdecimal()):
            raise links.LinkForged
        return int(link.subject)

    async def form(self, request: web.Request) -> dict[str, str]:
        """What was filled in: the text fields, free of what no database keeps, their line breaks as `\n`."""
        try:
            given = await request.post()
        except UNREADABLE:
            # No browser sends it: in no charset that there is, half of a form, said to be packed and not packed.
            raise web.HTTPBadRequest from None
        return {name: storable(value).replace("\r\n", "\n") for name, value in given.items() if isinstance(value, str)}

    def page(self, name: str, facts: Mapping[str, Any], status: int = 200, reader: Reader = UTC_READER) -> web.Response:
        """One of templates/pages, filled.

        Args:
            reader: in whose zone and date style.
        """
        text = self.words.render(f"pages/{name}", "html", {"network": self.network, **facts}, reader)
        return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)

    def trouble(self, error: Refusal | DatabaseError, reader: Reader = UTC_READER) -> web.Response:
        """The page that says why not, and that nothing was changed."""
        if isinstance(error, DatabaseError):
            log.error("database", code=error.code)
            return self.page("later", {}, 503)
        if isinstance(error, LINK_REFUSED):
            expired = isinstance(error, links.LinkExpired)
            return self.page("refused", {"expired": expired}, 410 if expired else 404)
        chat = self.words.render(f"refusals/{error.name}", "chat", error.facts, reader)
        return self.page("refusal", {"title": title_of(chat), "body": Markup(to_html(chat))}, 409, reader)  # noqa: S704 - escaped by to_html

    def guarded(self, answer: Answer) -> Answer:
        """A page whose refusals and database troubles become pages too; a lost race is tried once more."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                try:
                    return await answer(request)
                except Conflict:
                    # Another process wrote first; with what it wrote known, it is done once more.
                    return await answer(request)
            except (Refusal, DatabaseError) as error:
                return self.trouble(error)

        return guarded
