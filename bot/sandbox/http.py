"""Delivery over HTTP: signed, form or JSON as Slack sends it, with Slack's three retries of events."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

if TYPE_CHECKING:
    from bot.sandbox.outbox import Envelope
    from bot.sandbox.slack import Slack

PATIENCE = 3.0
"""Seconds within which an app must answer."""

REDIRECTS = 2
"""Redirects that Slack follows (Slack: Events API, error handling)."""

NO_RETRY = "X-Slack-No-Retry"
"""With it, and a status that is not 2xx, an app says that it does not want the event again (the same page)."""


class HttpDelivery:
    """Posts payloads to the bot's request URL."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._session: aiohttp.ClientSession | None = None
        self.patience = PATIENCE
        self.request_url = ""

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def deliver(self, envelope: Envelope) -> None:
        """Post one payload; whether the bot took it is said to the outbox."""
        reason, answer = await self._post(envelope)
        if reason is not None:
            self.failed(envelope, reason)
        elif envelope.deaf:
            self.failed(envelope, "http_timeout")
        else:
            self._slack.outbox.acknowledged(envelope.id, answer)

    def failed(self, envelope: Envelope, reason: str) -> None:
        """A try did not reach the app, or the app did not take it.

        Slack tries events three times more: at once, after a minute, after five (Slack: Events API, error handling);
        the later two come with `redeliver`. Interactive payloads and commands are not tried again, nor what the app
        does not want again.
        """
        outbox = self._slack.outbox
        envelope.reason = reason
        outbox.lost(envelope)
        if envelope.kind != "events_api" or envelope.unwanted:
            outbox.withdraw(envelope)
        elif envelope.attempt == 0:
            outbox.again(envelope)
        else:
            outbox.later(envelope, 1 if envelope.attempt == 1 else 5)

    async def verify(self) -> bool:
        """Slack's url_verification: whether the request URL answers the challenge."""
        challenge = self._slack.workspace.next_id("challenge")
        body = json.dumps({"type": "url_verification", "token": "sandbox", "challenge": challenge})
        async with self._open().post(
            self.request_url, data=body, headers=self._headers(body, "application/json")
        ) as response:
            text = await response.text()
        return response.status == 200 and challenge in text

    async def _post(self, envelope: Envelope) -> tuple[str | None, dict[str, Any] | None]:
        body, content_type = encode(envelope.kind, envelope.payload)
        headers = self._headers(body, content_type)
        if envelope.attempt:
            headers["X-Slack-Retry-Num"] = str(envelope.attempt)
            headers["X-Slack-Retry-Reason"] = envelope.reason or "http_error"
        timeout = aiohttp.ClientTimeout(total=self.patience)
        try:
            async with self._open().post(
                self.request_url, data=body, headers=headers, timeout=timeout, max_redirects=REDIRECTS + 1
            ) as response:
                text = await response.text()
        except TimeoutError:
            return "http_timeout", None
        except aiohttp.TooManyRedirects:
            return "too_many_redirects", None
        except aiohttp.ClientSSLError:
            return "ssl_error", None
        except aiohttp.ClientConnectionError:
            return "connection_failed", None
        except (aiohttp.ClientError, ValueError):
            return "unknown_error", None
        if not 200 <= response.status < 300:
            envelope.unwanted = response.headers.get(NO_RETRY) == "1"
            return "http_error", None
        if not text:
            return None, None
        if response.content_type == "application/json":
            return None, json.loads(text)
        return None, {"text": text}

    def _headers(self, body: str, content_type: str) -> dict[str, str]:
        # Receivers compare this time with the machine's clock, so it is the machine's and not the story's.
        stamp = str(int(time.time()))
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(self._slack.signing_secret, stamp, body),
        }

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        return self._session


def sign(secret: str, stamp: str, body: str) -> str:
    """Slack's v0 signature of a body at a time (Slack: Verifying requests)."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()


def encode(kind: str, payload: dict[str, Any]) -> tuple[str, str]:
    """The body and content type of a payload: events as JSON, interaction as a form with JSON, commands as a form."""
    if kind == "events_api":
        return json.dumps(payload, separators=(",", ":")), "application/json"
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload, separators=(",", ":"))}), "application/x-www-form-urlencoded"
    # A form is UTF-8, in which half of a sign has no place.
    return urlencode(payload, errors="replace"), "application/x-www-form-urlencoded"
