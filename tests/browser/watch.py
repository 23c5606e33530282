"""What must not happen on a page: errors, failed requests, other hosts, dialogs of the browser."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Dialog, Request, WebError

# A page that is left or that sees with other eyes lets its requests go.
LET_GO = "net::ERR_ABORTED"


class Watch:
    """Writes down every trouble of the pages that it follows."""

    def __init__(self) -> None:
        self.troubles: list[str] = []
        self._expected: list[re.Pattern[str]] = []
        self._dismissing: set[asyncio.Task[None]] = set()

    def follows(self, context: BrowserContext) -> None:
        """Watch all pages of a context."""
        context.on("console", self._said)
        context.on("weberror", self._failed)
        context.on("request", self._asked)
        context.on("requestfailed", self._unanswered)
        context.on("dialog", self._interrupted)

    def expects(self, pattern: str) -> None:
        """This trouble is what the story is about."""
        self._expected.append(re.compile(pattern))

    def closes(self) -> None:
        """Fail if there was any that nobody expected."""
        found = [told for told in self.troubles if not any(each.search(told) for each in self._expected)]
        assert not found, "\n".join(["the page was in trouble:", *dict.fromkeys(found)])

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _failed(self, error: WebError) -> None:
        self.troubles.append(f"page error: {error.error}")

    def _asked(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and url.hostname != "127.0.0.1":
            self.troubles.append(f"asked another host: {request.url}")

    def _unanswered(self, request: Request) -> None:
        if request.failure != LET_GO:
            self.troubles.append(f"request failed: {request.failure} {request.url}")

    def _interrupted(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog {dialog.type}: {dialog.message}")
        task = asyncio.get_running_loop().create_task(dialog.dismiss())
        self._dismissing.add(task)
        task.add_done_callback(self._dismissing.discard)
