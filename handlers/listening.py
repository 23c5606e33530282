"""Socket Mode, kept alive: connect without holding anybody up, notice a dead socket, connect anew.

slack-sdk looks after its socket itself, with two gaps: `start_async` sleeps for ever, and a connecting that failed
half-way is repeated with an address that Slack lets in only once.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

log = structlog.stdlib.get_logger("spnet.socket")

PING_SECONDS = 5.0
PATIENCE_SECONDS = 3.0


class Listening:
    """One Socket Mode connection.

    Args:
        bolt: the app that hears what comes.
        app_token: opens the socket.
        ping_seconds: how often the socket is tried; a socket that does not answer four times is left.
    """

    def __init__(self, bolt: AsyncApp, app_token: str, *, ping_seconds: float = PING_SECONDS) -> None:
        self._handler = AsyncSocketModeHandler(bolt, app_token, ping_interval=ping_seconds)
        # slack-sdk's types are partly unknown.
        self._client: Any = self._handler.client
        self._connecting: asyncio.Task[None] | None = None
        self._tried: str | None = None

    async def start(self) -> None:
        """Connect; if Slack does not answer soon, go on trying in the background."""
        self._connecting = asyncio.create_task(self._client.connect())
        await asyncio.wait([self._connecting], timeout=PATIENCE_SECONDS)
        if not await self.is_connected():
            log.warning("slack_unreachable")

    async def is_connected(self) -> bool:
        """Whether what people say comes through now."""
        return bool(await self._client.is_connected())

    async def watch(self) -> None:
        """Look after the socket; called now and then."""
        client = self._client
        tended = all(task is not None and not task.done() for task in self._tenders())
        if tended and await self.is_connected():
            return
        log.warning("socket_dead")
        under_way = self._connecting is not None and not self._connecting.done()
        if under_way or client.connect_operation_lock.locked():
            if client.wss_uri == self._tried:
                # It still tries the address of the last watch, which may have been used: it asks for a new one.
                client.wss_uri = None
            self._tried = client.wss_uri
            return
        self._connecting = asyncio.create_task(self._connect_anew())

    def _tenders(self) -> tuple[asyncio.Task[None] | None, ...]:
        """What slack-sdk has running for a socket: one looks whether it lives, one takes what comes."""
        return self._client.current_session_monitor, self._client.message_receiver

    async def _connect_anew(self) -> None:
        try:
            await self._client.connect_to_new_endpoint(force=True)
        except Exception as error:
            # Whatever it was, the next watch tries again.
            log.warning("not_connected", error=type(error).__name__)

    async def stop(self) -> None:
        """Hear nothing more, and let the connection go."""
        if self._connecting is not None and not self._connecting.done():
            self._connecting.cancel()
            await asyncio.wait([self._connecting])
        await self._handler.close_async()
