"""Socket Mode: tickets, hello, one of several sockets for each payload, ping and pong, goodbye."""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import TYPE_CHECKING, Any, cast

from aiohttp import WSMsgType, web

from bot.sandbox.changes import Changes
from bot.sandbox.workspace import APP_ID

if TYPE_CHECKING:
    from bot.sandbox.outbox import Envelope
    from bot.sandbox.slack import Slack

MOST_SOCKETS = 10
"""Sockets an app may have open (SLACK.md)."""

CLOSING = 0.5
"""Real seconds that a closing socket waits for the other side's goodbye."""


class Socket:
    """One open socket. `frozen`: half open, nothing passes; `leaving`: told to go, gets nothing new."""

    def __init__(self, ws: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.ws = ws
        self.transport = transport
        self.frozen = False
        self.leaving = False


class Sockets:
    """All sockets of the app."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._tickets: set[str] = set()
        self._open: list[Socket] = []
        self._turn = 0
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

    async def tell_to_go(self, reason: str) -> None:
        """Send `disconnect` to every socket; the bot opens new ones."""
        for socket in list(self._open):
            socket.leaving = True
            await self._goodbye(socket, reason)

    def cut(self) -> None:
        """Drop every connection at once."""
        for socket in list(self._open):
            self._slack.outbox.socket_closed(socket)
            socket.leaving = True
            if socket.transport is not None:
                socket.transport.abort()

    def freeze(self) -> None:
        """From now on nothing passes through the sockets that are open."""
        for socket in self._open:
            socket.frozen = True

    async def close(self) -> None:
        """Close all."""
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
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": APP_ID},
        }

    async def _goodbye(self, socket: Socket, reason: str) -> None:
        body = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
        await socket.ws.send_str(json.dumps(body))
