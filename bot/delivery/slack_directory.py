"""What Slack knows of people and of files: whose an account or an address is, which team is ours, what a file holds.

It asks only; nothing is said to anybody.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.pacing import TIERS
from bot.errors import ChannelError
from bot.people.slack_profiles import SlackProfile

log = structlog.get_logger("spnet.slack")

FILE_TIMEOUT = aiohttp.ClientTimeout(total=60)


class SlackDirectory:
    """Asks Slack about people and files.

    Args:
        client: handed in with its token and address.
        ask: calls a method of it at Slack's pace, and says in our words what went wrong.
    """

    def __init__(self, client: AsyncWebClient, ask: Callable[..., Awaitable[Any]]) -> None:
        self._client: Any = client
        self._ask = ask
        self._team: str | None = None

    async def team(self) -> str:
        """Our own team's id (auth.test).

        Raises:
            ChannelError: Slack did not say.
        """
        if self._team is None:
            answer = await self._ask("auth.test", TIERS[4], self._client.auth_test)
            self._team = str(answer["team_id"])
        return self._team

    async def profile(self, slack_id: str) -> SlackProfile | None:
        """What Slack says of an account (users.info); None where it knows of none.

        Raises:
            ChannelError: Slack did not say.
        """
        try:
            answer = await self._ask("users.info", TIERS[4], self._client.users_info, user=slack_id)
        except ChannelError as error:
            if error.recipient:
                return None
            raise
        return SlackProfile.of(answer["user"])

    async def profile_of_address(self, email: str) -> SlackProfile | None:
        """Whose account has an e-mail address (users.lookupByEmail); None where nobody's has.

        Raises:
            ChannelError: Slack did not say.
        """
        try:
            answer = await self._ask("users.lookupByEmail", TIERS[3], self._client.users_lookupByEmail, email=email)
        except ChannelError as error:
            if error.recipient:
                return None
            raise
        return SlackProfile.of(answer["user"])

    async def file(self, file_id: str, by: str, most: int) -> tuple[str, bytes] | None:
        """A file that somebody has just handed in: its name and its content (files.info, and its private address).

        Args:
            by: the Slack id of who handed it in; another's file is none.
            most: bytes; of a larger file so many and one more are given.

        Returns:
            None where there is no such file, or it does not lie at Slack itself.

        Raises:
            ChannelError: Slack did not say.
        """
        try:
            answer = await self._ask("files.info", TIERS[4], self._client.files_info, file=file_id)
        except ChannelError as error:
            if error.permanent:
                return None
            raise
        found: dict[str, Any] = answer["file"]
        address = str(found.get("url_private_download") or found.get("url_private") or "")
        if found.get("user") != by or found.get("is_external") or not self._is_slacks(address):
            return None
        if int(found.get("size") or 0) > most:
            return str(found.get("name") or ""), bytes(most + 1)
        content = await self._fetch(address, most)
        return None if content is None else (str(found.get("name") or ""), content)

    def _is_slacks(self, address: str) -> bool:
        """Whether an address is one of Slack's own: our token is shown to nobody else."""
        there, here = urlsplit(address), urlsplit(str(self._client.base_url))
        slacks = there.scheme == "https" and (there.hostname or "").endswith((".slack.com", ".slack-edge.com"))
        return slacks or (there.scheme, there.netloc) == (here.scheme, here.netloc)

    async def _fetch(self, address: str, most: int) -> bytes | None:
        """What lies at an address of Slack's, at most one byte over `most`; None where Slack does not give it."""
        headers = {"Authorization": f"Bearer {self._client.token}"}
        try:
            async with (
                aiohttp.ClientSession(timeout=FILE_TIMEOUT) as session,
                # To whoever has no right, Slack shows its page to sign in.
                session.get(address, headers=headers, allow_redirects=False) as response,
            ):
                if response.status != 200:
                    log.warning("file_not_given", status=response.status)
                    return None
                content = bytearray()
                async for piece in response.content.iter_chunked(65_536):
                    content += piece
                    if len(content) > most:
                        break
                return bytes(content[: most + 1])
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ChannelError("slack_no_answer") from error
