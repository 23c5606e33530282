"""The small web server: is the bot healthy, the pages of PAGES, and Slack's events in http mode."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from bot import people
from db.engine import DatabaseError
from handlers.manifest import EVENTS_PATH
from handlers.pages import PAGES
from handlers.pages.desk import PageDesk

DRAIN_SECONDS = 2.0
# A form with the answers to a whole section, or a few scanned pages.
LARGEST_FORM = 1_000_000


class Pages:
    """The small web server.

    Args:
        listen: the address that it listens on.
        port: 0 takes any free one.
        bolt: hears Slack's events in http mode; None in socket mode.
        is_connected: whether what people say in chat comes through.
    """

    def __init__(
        self,
        desk: PageDesk,
        *,
        listen: str,
        port: int,
        bolt: AsyncApp | None = None,
        is_connected: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self._desk = desk
        self._listen = listen
        self._port = port
        self._bolt = bolt
        self._is_connected = is_connected
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: the port is taken, or the address is not this machine's.
        """
        app = web.Application(client_max_size=LARGEST_FORM)
        app.router.add_get("/health", self._health)
        for page in PAGES:
            app.add_routes(page.routes(self._desk))
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
    def is_open(self) -> bool:
        """Whether it listens."""
        return self._runner is not None

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
            async with self._desk.database.reading() as session:
                await people.count(session)
        except DatabaseError as error:
            parts["database"] = error.code
        if self._is_connected is not None and not await self._is_connected():
            parts["chat"] = "not_connected"
        healthy = set(parts.values()) == {"ok"}
        body = {"status": "ok" if healthy else "trouble", **parts}
        return web.json_response(body, status=200 if healthy else 503, headers={"Cache-Control": "no-store"})

    async def _slack(self, request: web.Request) -> web.Response:
        """What Slack sends in http mode; Bolt checks the signature."""
        assert self._bolt is not None  # noqa: S101 - the route is only there with it
        try:
            asked = await to_bolt_request(request)
        except (ValueError, LookupError):
            # Not text, or in no charset that there is: Slack sends no such thing.
            return web.Response(status=400)
        return await to_aiohttp_response(await self._bolt.async_dispatch(asked))
