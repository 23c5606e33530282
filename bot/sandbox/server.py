"""The sandbox: Slack's wire on 127.0.0.1."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import Any, Literal
from urllib.parse import quote

from aiohttp import web

from bot.clock import Clock, RunningClock, SystemClock
from bot.sandbox.arguments import decode
from bot.sandbox.control import Control
from bot.sandbox.failures import ApiError, RateLimited, ServerTrouble
from bot.sandbox.mailbox import Mailbox
from bot.sandbox.people import Person
from bot.sandbox.responses import use_response_url
from bot.sandbox.slack import SUBSCRIPTIONS, ApiCall, Slack
from bot.sandbox.switches import Faults
from bot.sandbox.workspace import Workspace

QUIET = 0.002
"""Seconds without a call after which the wire counts as silent."""

LONGEST_LINE = 1024**2
"""Bytes of a request's first line: the Python client puts whole texts into the query string."""

MOST_BYTES = 1024**3
"""Bytes of a request: Slack takes files of 1 GB."""


class Sandbox:
    """A Slack on this machine. Official clients talk to it through `base_url`; tests drive its people in process.

    Args:
        clock: gives every timestamp, the life of triggers and response URLs, and the pace of rate limits.
        bot_token: the xoxb token that calls must carry.
        app_token: the xapp token that opens sockets.
        signing_secret: signs what goes out over HTTP.
        rates: whether rate limits hold.
        team: the workspace's id.
        redelivery_after: real seconds after which an unacknowledged envelope comes again, over HTTP the third time
            after five times as long; None: only on `redeliver`.
        scopes: what the bot token may do; every scope that something here needs when None.
        subscriptions: the events that the app receives.
        mailbox: the mailbox that people look into.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        bot_token: str = "xoxb-sandbox",  # noqa: S107 - opens nothing but this sandbox
        app_token: str = "xapp-sandbox",  # noqa: S107
        signing_secret: str = "sandbox-signing-secret",  # noqa: S107
        rates: bool = True,
        team: str = "T0SPNET",
        redelivery_after: float | None = None,
        scopes: Iterable[str] | None = None,
        subscriptions: Iterable[str] = SUBSCRIPTIONS,
        mailbox: Mailbox | None = None,
    ) -> None:
        self.slack = Slack(
            clock,
            bot_token=bot_token,
            app_token=app_token,
            signing_secret=signing_secret,
            team=team,
            rates=rates,
            granted=scopes,
            redelivery_after=redelivery_after,
            subscriptions=subscriptions,
        )
        self.bot_token = bot_token
        self.app_token = app_token
        self.signing_secret = signing_secret
        self._runner: web.ServerRunner | None = None
        self._people: dict[str, Person] = {}
        self.control = Control(self, mailbox)

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1, on a free port when 0.

        Raises:
            OSError: the port is taken.
        """
        server = web.Server(self._handle, request_factory=_request, max_line_size=LONGEST_LINE)
        runner = web.ServerRunner(server, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self.slack.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self.slack.outbox.start()
        if isinstance(self.slack.clock, SystemClock | RunningClock):
            self.slack.scheduled.start()

    async def stop(self) -> None:
        """Close every socket and stop listening."""
        await self.control.stop()
        await self.slack.scheduled.stop()
        await self.slack.outbox.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def base_url(self) -> str:
        """What official clients take as `base_url`."""
        return f"{self.slack.origin}/api/"

    @property
    def address(self) -> str:
        """Where the page is, and, below /control, the control address."""
        return f"{self.slack.origin}/"

    @property
    def workspace(self) -> Workspace:
        """People, channels, messages."""
        return self.slack.workspace

    @property
    def faults(self) -> Faults:
        """Switches for what goes wrong."""
        return self.slack.faults

    @property
    def calls(self) -> list[ApiCall]:
        """The bot's calls so far with their answers (the last 20,000), oldest first."""
        return list(self.slack.recorded)

    @property
    def delivery(self) -> Literal["socket", "http"]:
        """How payloads reach the bot."""
        return self.slack.delivery

    @delivery.setter
    def delivery(self, way: Literal["socket", "http"]) -> None:
        self.slack.delivery = way

    @property
    def request_url(self) -> str:
        """Where payloads go when delivery is http."""
        return self.slack.outbox.http.request_url

    @request_url.setter
    def request_url(self, url: str) -> None:
        self.slack.outbox.http.request_url = url

    def person(self, id: str) -> Person:
        """A person to act as; they were added to the workspace before.

        Raises:
            KeyError: there is no such person.
        """
        if id not in self._people:
            self._people[id] = Person(self.slack, self.workspace.users[id])
        return self._people[id]

    async def settled(self, timeout: float = 10.0, quiet: float = QUIET) -> None:  # noqa: ASYNC109
        """Wait until every payload was acknowledged, no call runs and none has come for `quiet` seconds.

        With `quiet=0` no time passes: right for a bot in this process that answers before it acknowledges.

        Raises:
            TimeoutError: says what is still under way.
        """
        await self.slack.activity.settled(timeout, quiet)

    async def redeliver(self, *, due: bool = False) -> int:
        """Send every unacknowledged envelope again; gives how many.

        Args:
            due: only those whose time has come by the sandbox's clock: at once, a minute, and five minutes after a
                try that failed. Whoever moves the clock calls this then.
        """
        return await self.slack.outbox.redeliver(due=due)

    async def pass_time(self) -> None:
        """The clock was moved: what was scheduled appears, and what nobody acknowledged comes again.

        Whoever moves a clock calls this; for one that runs by itself, scheduled messages appear by themselves too.
        """
        self.slack.scheduled.appear()
        await self.redeliver(due=True)

    async def connected(self, sockets: int = 1, timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Wait until the bot has so many sockets open and alive."""
        held = self.slack.outbox.sockets
        await held.changes.until(lambda: True if held.count >= sockets else None, timeout)

    async def verify_url(self) -> bool:
        """Whether the bot's request URL answers Slack's challenge."""
        return await self.slack.outbox.http.verify()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        # The tokens are no secret, and a browser sends a foreign page's form to any address: /api is guarded too.
        refusal = self.control.turned_away(request)
        if refusal is not None:
            return refusal
        path = request.path
        if path.startswith("/api/"):
            return await self._api(request, path[5:])
        if path.startswith("/link"):
            return await self.slack.outbox.sockets.serve(request)
        if path.startswith("/actions/"):
            return await self._response_url(request, path)
        if path.startswith("/upload/"):
            return await self._upload(request, path)
        if path.startswith("/files-pri/"):
            return self._download(request, path)
        return await self.control.handle(request)

    async def _api(self, request: web.BaseRequest, method: str) -> web.StreamResponse:
        slack = self.slack
        number = slack.activity.begin(f"call {method}")
        arguments: dict[str, Any] = {}
        status = 200
        headers = {"X-OAuth-Scopes": slack.tokens.provided, "X-Slack-Req-Id": f"sandbox-{number}"}
        try:
            token, arguments = await decode(request)
            await slack.faults.wait(method)
            answer = slack.answer(method, token, arguments)
        except RateLimited as limited:
            status, answer = 429, limited.body()
            headers["Retry-After"] = str(limited.retry_after)
        except ServerTrouble as trouble:
            slack.activity.end(number)
            slack.record(method, arguments, trouble.body())
            return web.Response(status=trouble.status, text="<html>Server Error</html>", content_type="text/html")
        except ApiError as error:
            answer = error.body()
        finally:
            slack.activity.end(number)
        slack.record(method, arguments, answer)
        return web.Response(
            body=json.dumps(answer).encode(),
            status=status,
            headers=headers,
            content_type="application/json",
            charset="utf-8",
        )

    async def _response_url(self, request: web.BaseRequest, path: str) -> web.Response:
        slack = self.slack
        number = slack.activity.begin("response_url")
        body: dict[str, Any] = {}
        try:
            _, body = await decode(request)
            await slack.faults.wait("response_url")
            slack.faults.strike("response_url", body)
            use_response_url(slack, path, body)
        except ApiError as error:
            slack.record("response_url", body, error.body())
            status = 404 if error.code in ("expired_url", "used_url", "no_active_hooks") else 400
            if isinstance(error, RateLimited):
                headers = {"Retry-After": str(error.retry_after)}
                return web.json_response(error.body(), status=429, headers=headers)
            return web.json_response(error.body(), status=status)
        finally:
            slack.promises.kept(path)
            slack.activity.end(number)
        slack.record("response_url", body, {"ok": True})
        return web.Response(text="ok")

    async def _upload(self, request: web.BaseRequest, path: str) -> web.Response:
        if request.content_type.startswith("multipart/"):
            parts = (await request.post()).values()
            content = b"".join(part.file.read() for part in parts if isinstance(part, web.FileField))
        else:
            content = await request.read()
        file = self.slack.files.receive(path, content)
        if file is None:
            return web.Response(status=404, text="not found")
        return web.Response(text=f"OK - {len(content)}")

    def _download(self, request: web.BaseRequest, path: str) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        try:
            self.slack.tokens.check(token, ["files:read"])
        except ApiError:
            # Slack shows its sign-in page, so that a bot without the right token gets HTML instead of the file.
            return web.Response(status=302, headers={"Location": f"/?redir={quote(path, safe='')}"})
        file = self.slack.files.all.get(path.split("/")[2])
        if file is None or file.content is None:
            return web.Response(status=404, text="not found")
        kind = str(file.wire("")["mimetype"])
        return web.Response(body=file.content, content_type=kind, headers={"X-Content-Type-Options": "nosniff"})


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: asyncio.Task[None]) -> web.BaseRequest:
    """A request as aiohttp's server makes it, with room for large files."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=MOST_BYTES)
