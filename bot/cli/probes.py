"""What can stand in the bot's way, tried one by one. A probe returns a short word of success, or raises a Trouble."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Awaitable, Callable
from typing import Any, cast

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import App
from bot.cli.troubles import Trouble
from bot.config import Settings
from bot.delivery.slack import translate
from bot.errors import ChannelError
from handlers.manifest import SCOPES

SECONDS = 15


async def slack_token(settings: Settings) -> str:
    """auth.test: does Slack know the bot's token, and may it do all that the bot does?"""
    answer = await _call(settings, "bot_token", lambda client: client.auth_test())
    granted = {scope.strip() for scope in _header(answer, "x-oauth-scopes").split(",")}
    if missing := [scope for scope in SCOPES if scope not in granted]:
        raise Trouble("slack_scopes", missing=", ".join(missing))
    return f"{answer['user']} · {answer['team']}"


async def app_token(settings: Settings) -> str:
    """apps.connections.open: does Slack let a socket in?"""
    token = settings.slack.app_token.get_secret_value()
    await _call(settings, "app_token", lambda client: client.apps_connections_open(app_token=token))
    return ""


async def channel(settings: Settings, key: str) -> str:
    """conversations.info: is the channel there, and the bot in it?

    Args:
        key: `network_channel` or `secretariat_channel`.
    """
    wanted: str = getattr(settings.slack, key)
    try:
        answer = await _call(settings, "bot_token", lambda client: client.conversations_info(channel=wanted))
    except Trouble as trouble:
        if trouble.facts.get("named") == "channel_not_found":
            raise Trouble("channel_not_there", key=key, id=wanted) from None
        raise
    found: dict[str, Any] = answer["channel"]
    name = str(found.get("name") or wanted)
    if found.get("is_archived"):
        raise Trouble("channel_archived", key=key, name=name)
    if not found.get("is_member"):
        raise Trouble("channel_without_bot", key=key, name=name)
    return f"#{name}"


async def mail(app: App) -> str:
    """Connect to the mail server, with its protection and login; nothing is sent."""
    server = app.settings.mail
    where = f"{server.host}:{server.port}"
    try:
        await asyncio.wait_for(app.check_mail(), SECONDS)
    except (ChannelError, TimeoutError) as error:
        code = error.code if isinstance(error, ChannelError) else "smtp_unreachable"
        known = {"smtp_unreachable": "unreachable", "smtp_tls": "tls", "smtp_no_tls_or_login": "no_tls"}
        kind = known.get(code, "refused")
        raise Trouble(f"mail_{kind}", where=where, named=code.removeprefix("smtp_"), port=server.port) from None
    return where


async def pages_port(settings: Settings) -> str:
    """Is the port of the pages free, or held by this very bot?"""
    where = (settings.pages.listen, settings.pages.port)
    try:
        found = socket.getaddrinfo(*where, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE and await _is_this_bot(*where):
            return "spnet"
        raise port_trouble(settings, error) from None
    return f"{where[0]}:{where[1]}"


def port_trouble(settings: Settings, error: OSError) -> Trouble:
    """Why the pages cannot listen."""
    pages = settings.pages
    code = {errno.EADDRINUSE: "port_taken", errno.EACCES: "port_forbidden"}.get(error.errno or 0, "listen_address")
    return Trouble(code, port=pages.port, listen=pages.listen)


async def _is_this_bot(host: str, port: int) -> bool:
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as session,
            session.get(f"http://{host}:{port}/health") as answer,
        ):
            return "chat" in await answer.json()
    except (aiohttp.ClientError, TimeoutError, ValueError, OSError):
        return False


async def _call(settings: Settings, key: str, method: Callable[[Any], Awaitable[Any]]) -> Any:
    """One call of Slack, its refusal as a trouble that names the setting."""
    token = settings.slack.bot_token.get_secret_value()
    client = AsyncWebClient(token=token, base_url=settings.slack.base_url, timeout=SECONDS)
    try:
        return await asyncio.wait_for(method(client), SECONDS)
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, AttributeError) as error:
        refused = translate(error)
        if refused.code == "missing_scope" and isinstance(error, SlackApiError):
            response: Any = cast("Any", error).response
            raise Trouble("slack_scopes", missing=str(response.get("needed"))) from None
        if refused.authentication:
            raise Trouble(f"slack_{key}", named=refused.code) from None
        if refused.permanent:
            raise Trouble("slack_refused", named=refused.code) from None
        raise Trouble("slack_unreachable", named=refused.code, address=settings.slack.base_url) from None


def _header(answer: Any, name: str) -> str:
    headers: dict[str, Any] = answer.headers
    return next((str(value) for key, value in headers.items() if key.lower() == name), "")
