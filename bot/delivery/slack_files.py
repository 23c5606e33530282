"""Pictures and files on their way into a conversation of Slack: uploaded, and shared as one message below the words.

Slack takes no metadata with a shared file. So after a crash what stands below the words is known by the files' names.
A share whose answer was lost is looked up in the same way, then tried once more. Slack may show a file some moments
after it took it: a look-up that comes too early shares it twice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.delivery.pacing import TIERS
from bot.errors import ChannelError
from bot.messages import Message

# Slack's limit (alt_txt_too_large).
ALT_TEXT = 1000
NAME = 250
TRIES = 2
PATIENCE_SECONDS = 20.0
# Slack shows a shared file a moment after it took it.
SETTLING = timedelta(seconds=2)

Wire = dict[str, Any]


def names_of(message: Message) -> list[str]:
    """What the pictures and files of a message are called when they are spoken of."""
    return [each.title or each.name for each in (*message.pictures, *message.files)]


def wire_of(message: Message) -> list[Wire]:
    """The pictures and files of a message as slack-sdk takes them."""
    pictures: list[Wire] = [
        {
            "filename": _line(picture.name),
            "title": _line(picture.title or picture.name),
            "alt_txt": _shortened(picture.alt, ALT_TEXT),
            "content": picture.content,
        }
        for picture in message.pictures
    ]
    files: list[Wire] = [
        {"filename": _line(file.name), "title": _line(file.title or file.name), "content": file.content}
        for file in message.files
    ]
    return pictures + files


class SlackFiles:
    """Shares files.

    Args:
        client: handed in with its token and address.
        ask: calls a method of it at Slack's pace, and says in our words what went wrong.
        rows: the messages of a channel since a `ts`.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        clock: Clock,
        ask: Callable[..., Awaitable[Any]],
        rows: Callable[[str, str], AsyncIterator[dict[str, Any]]],
    ) -> None:
        self._client: Any = client
        self._clock = clock
        self._ask = ask
        self._rows = rows

    async def share(self, channel: str, files: Sequence[Wire], *, after: str | None, look: bool = False) -> None:
        """Share files in a channel, as one message.

        Args:
            after: the `ts` of the words that they belong to; None where it is not known.
            look: they may be there already.

        Raises:
            ChannelError: they were not shared, or nobody knows.
        """
        for left in reversed(range(TRIES)):
            if look and after and await self._there(channel, files, after):
                return
            try:
                await self._ask(
                    "files", TIERS[4], self._client.files_upload_v2, channel=channel, file_uploads=[*map(dict, files)]
                )
            except ChannelError as error:
                if error.permanent or error.authentication or not left or (error.retry_after or 0) > PATIENCE_SECONDS:
                    raise
                look = look or error.in_doubt
                await self._clock.sleep(error.retry_after or SETTLING.total_seconds())
            else:
                return

    async def _there(self, channel: str, files: Sequence[Wire], after: str) -> bool:
        """Whether these were shared in one message of ours below some words."""
        wanted = {file["filename"] for file in files}
        async for row in self._rows(channel, after):
            if row.get("bot_id") and wanted <= {shared.get("name") for shared in row.get("files") or ()}:
                return True
        return False


def _line(text: str) -> str:
    return _shortened(" ".join(text.split()), NAME)


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
