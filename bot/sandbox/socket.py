"""Socket Mode: tickets, hello, one of several sockets for each payload, ping and pong, goodbye."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, cast

from aiohttp import WSMsgType, web

from bot.sandbox.changes import Changes
from bot.sandbox.things import APP_ID

if TYPE_CHECKING:
    from bot.sandbox.outbox import Envelope
    from bot.sandbox.slack import Slack

MOST_SOCKETS = 10
"""Sockets an app may have open (Slack: Socket Mode)."""

CLOSING = 0.5
"""Real seconds that a closing socket waits for the other side's goodbye."""

LIFE = 3600
"""Seconds that a socket may live, as hello says it; here nothing ends it but a fault."""

LINGER = 10.0
"""Real seconds after which Slack closes a socket that it told to go, if the app did not leave it."""

HOST, STARTED, BUILD = "sandbox", "2026-11-02 02:00:00.000", 1
"""What hello tells of Slack's own machine (Slack: Socket Mode implementation)."""


class Socket:
    """One open socket. `frozen`: half open, nothing passes; `leaving`: told to go, gets nothing new."""

    def __init__(self, ws: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.ws = ws
        self.transport = transport
        self.frozen = False
        self.leaving = False
        self.timer: asyncio.TimerHandle | None = None

    def abort(self) -> None:
        """Let the connection go without a word."""
        if self.transport is not None:
            self.transport.abort()


class Sockets:
    """All sockets of the app."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._tickets: set[str] = set()
        self._open: list[Socket] = []
        self._turn = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.changes = Changes()

    def ticket(self) -> str:
        """The path and query of a websocket address that opens once."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return f"/link/?ticket={ticket}&app_id={APP_ID}"

    @property
    def count(self) -> int:
        """How many sockets are open and alive."""
        return sum(not (socket.frozen or socket.leaving) for socket in self._open)

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Hold one socket until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="invalid ticket")
        self._tickets.discard(ticket)
        ws = web.WebSocketResponse(autoping=False, timeout=CLOSING)
        await ws.prepare(request)
        socket = Socket(ws, request.transport)
        if len(self._open) >= MOST_SOCKETS:
            await self._goodbye(socket, "too_many_websockets")
            await ws.close()
            return ws
        self._open.append(socket)
        try:
            await ws.send_str(json.dumps(self._hello()))
            self._slack.outbox.connected()
            self.changes.tell()
            async for message in ws:
                if socket.frozen:
                    continue
                if message.type == WSMsgType.TEXT:
                    self._heard(message.data)
                elif message.type == WSMsgType.PING:
                    await ws.pong(message.data)
        finally:
            if socket in self._open:
                self._open.remove(socket)
            if socket.timer is not None:
                socket.timer.cancel()
            if not socket.leaving:
                self._slack.outbox.socket_closed(socket)
        return ws

    async def deliver(self, envelope: Envelope) -> bool:
        """Send an envelope over one of the sockets; False when there is none."""
        ready = [socket for socket in self._open if not socket.leaving and not socket.ws.closed]
        if not ready:
            return False
        self._turn += 1
        socket = ready[self._turn % len(ready)]
        envelope.socket = socket
        if socket.frozen:
            self._slack.outbox.lost(envelope)
            return True
        try:
            await socket.ws.send_str(envelope.text())
        except (ConnectionError, RuntimeError):
            socket.leaving = True
            return await self.deliver(envelope)
        return True

    async def tell_to_go(self, reason: str, warned: float = 0) -> None:
        """Send `disconnect` to every socket; the bot opens new ones.

        Args:
            reason: as Slack names it.
            warned: real seconds before, in which a socket has been sent `warning` and may leave by itself.
        """
        for socket in list(self._open):
            socket.leaving = True
            if warned > 0:
                await self._goodbye(socket, "warning")
                self._later(socket, warned, self._send_away(socket, reason))
            else:
                await self._send_away(socket, reason)

    async def _send_away(self, socket: Socket, reason: str) -> None:
        await self._goodbye(socket, reason)
        socket.timer = asyncio.get_running_loop().call_later(LINGER, socket.abort)

    def _later(self, socket: Socket, seconds: float, work: Coroutine[Any, Any, None]) -> None:
        """Do something to a socket after some real seconds, if it is still open then."""

        async def wait() -> None:
            try:
                await asyncio.sleep(seconds)
                if not socket.ws.closed:
                    await work
            finally:
                work.close()

        task = asyncio.create_task(wait())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def cut(self) -> None:
        """Drop every connection at once."""
        for socket in list(self._open):
            self._slack.outbox.socket_closed(socket)
            socket.leaving = True
            socket.abort()

    @property
    def frozen(self) -> bool:
        """Whether a socket looks open and is not."""
        return any(socket.frozen for socket in self._open)

    def freeze(self) -> None:
        """From now on nothing passes through the sockets that are open."""
        for socket in self._open:
            socket.frozen = True

    def thaw(self) -> None:
        """What comes from now on passes again."""
        for socket in self._open:
            socket.frozen = False
        self.changes.tell()

    async def close(self) -> None:
        """Close all."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for socket in list(self._open):
            await socket.ws.close()

    def _heard(self, data: str) -> None:
        try:
            message = json.loads(data)
        except ValueError:
            return
        if isinstance(message, dict):
            found = cast(dict[str, Any], message)
            self._slack.outbox.acknowledged(str(found.get("envelope_id", "")), found.get("payload"))

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "debug_info": {
                "host": HOST,
                "started": STARTED,
                "build_number": BUILD,
                "approximate_connection_time": LIFE,
            },
            "connection_info": {"app_id": APP_ID},
        }

    async def _goodbye(self, socket: Socket, reason: str) -> None:
        body = {"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}}
        await socket.ws.send_str(json.dumps(body))
