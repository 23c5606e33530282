"""What a browser meets: is the bot healthy, the page where digests are stopped, and Slack's events in http mode."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from aiohttp import web
from pydantic import SecretStr
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from bot import links, people
from bot.clock import Clock
from bot.errors import Refusal
from bot.words import UTC_READER, Words
from db.engine import Database, DatabaseError
from handlers.manifest import EVENTS_PATH

log = structlog.stdlib.get_logger("spnet.pages")

DRAIN_SECONDS = 2.0
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


class Pages:
    """The small web server.

    Args:
        listen: the address that it listens on.
        port: 0 takes any free one.
        secret: what links are signed with.
        network: its name, as people read it.
        bolt: hears Slack's events in http mode; None in socket mode.
        is_connected: whether what people say in chat comes through.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        words: Words,
        *,
        listen: str,
        port: int,
        secret: SecretStr,
        network: str,
        bolt: AsyncApp | None = None,
        is_connected: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._words = words
        self._listen = listen
        self._port = port
        self._secret = secret
        self._network = network
        self._bolt = bolt
        self._is_connected = is_connected
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: the port is taken, or the address is not this machine's.
        """
        app = web.Application()
        app.router.add_get("/health", self._health)
        app.router.add_get("/unsubscribe/{token}", self._show_stop)
        app.router.add_post("/unsubscribe/{token}", self._stop)
        if self._bolt is not None:
            app.router.add_post(EVENTS_PATH, self._slack)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=DRAIN_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._listen, self._port).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner

    async def stop(self) -> None:
        """Answer what was asked, and listen no more."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def port(self) -> int:
        """The port that it listens on."""
        if self._runner is None:
            raise RuntimeError("the pages have not started")
        return self._runner.addresses[0][1]

    async def _health(self, _request: web.Request) -> web.Response:
        """200 when the database answers and the chat is connected, else 503; never what is inside."""
        parts = {"database": "ok", "chat": "ok"}
        try:
            async with self._database.reading() as session:
                await people.count(session)
        except DatabaseError as error:
            parts["database"] = error.code
        if self._is_connected is not None and not await self._is_connected():
            parts["chat"] = "not_connected"
        healthy = set(parts.values()) == {"ok"}
        body = {"status": "ok" if healthy else "trouble", **parts}
        return web.json_response(body, status=200 if healthy else 503, headers={"Cache-Control": "no-store"})

    async def _show_stop(self, request: web.Request) -> web.Response:
        """The page with its button. Whoever only looks (a mail gateway, a preview) changes nothing."""
        try:
            person_id = self._person(request)
            async with self._database.reading() as session:
                stopped = await people.has_stopped_digests(session, person_id)
        except (Refusal, DatabaseError) as error:
            return self._trouble(error)
        return self._page("stopped" if stopped else "stop", {})

    async def _stop(self, request: web.Request) -> web.Response:
        """Stop, or begin again. Also a mail program's one click (RFC 8058): the signed link is all that it needs."""
        try:
            person_id = self._person(request)
            form = await request.post()
            again = form.get("choice") == "again"
            async with self._database.writing() as session:
                await people.stop_digests(session, person_id, self._clock.now(), again=again)
        except (Refusal, DatabaseError) as error:
            return self._trouble(error)
        log.info("digests_begun_again" if again else "digests_stopped", person=person_id)
        return self._page("stop" if again else "stopped", {"again": again} if again else {})

    def _person(self, request: web.Request) -> int:
        link = links.verify(self._secret, request.match_info["token"], links.STOP_DIGEST, self._clock.now())
        if not link.subject.isdecimal():
            raise links.LinkForged
        return int(link.subject)

    def _trouble(self, error: Refusal | DatabaseError) -> web.Response:
        if isinstance(error, DatabaseError):
            log.error("database", code=error.code)
            return self._page("later", {}, 503)
        expired = isinstance(error, links.LinkExpired)
        return self._page("refused", {"expired": expired}, 410 if expired else 404)

    def _page(self, name: str, facts: Mapping[str, Any], status: int = 200) -> web.Response:
        text = self._words.render(f"pages/{name}", "html", {"network": self._network, **facts}, UTC_READER)
        return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)

    async def _slack(self, request: web.Request) -> web.Response:
        """What Slack sends in http mode; Bolt checks the signature."""
        assert self._bolt is not None  # noqa: S101 - the route is only there with it
        return await to_aiohttp_response(await self._bolt.async_dispatch(await to_bolt_request(request)))
