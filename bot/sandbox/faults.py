"""Switches for what goes wrong at Slack. Each is off until it is called."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.sandbox.failures import ApiError, RateLimited, ServerTrouble
from bot.sandbox.workspace import BOT_USER

if TYPE_CHECKING:
    from bot.sandbox.slack import Slack


class Faults:
    """What a test may switch on. A method name of `*` stands for every method."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._slow: dict[str, float] = {}
        self._planned: list[tuple[str, str | None, int, Callable[[], ApiError]]] = []
        self.duplicates = 0
        self.duplicates_get_new_ids = False
        self.acks_to_drop = 0
        self.reorder = 0

    # the Web API

    def slow(self, method: str, seconds: float) -> None:
        """Answer this method only after so many real seconds; 0 switches it off."""
        self._slow[method] = seconds

    def limit(self, method: str, times: int, retry_after: int) -> None:
        """Answer the next `times` calls with HTTP 429 and this Retry-After."""
        self._planned.append((method, None, times, lambda: RateLimited(retry_after)))

    def fail(self, method: str, error: str, times: int = 1, channel: str | None = None) -> None:
        """Answer the next `times` calls (in this channel) with this error code."""
        self._planned.append((method, channel, times, lambda: ApiError(error)))

    def crash(self, method: str, times: int = 1, status: int = 503) -> None:
        """Answer the next `times` calls with an HTTP status from 500 on and no JSON."""
        self._planned.append((method, None, times, lambda: ServerTrouble(status)))

    def expire_triggers(self) -> None:
        """Every trigger_id given so far has expired."""
        self._slack.triggers.expire()

    def revoke_token(self) -> None:
        """The bot's token was revoked: token_revoked from now on."""
        self._slack.tokens.revoked.add(self._slack.tokens.bot)

    def deactivate(self, user: str) -> None:
        """An account was closed. Of the bot itself: account_inactive from now on."""
        self._slack.workspace.users[user].deactivated = True
        if user == BOT_USER:
            self._slack.tokens.inactive.add(self._slack.tokens.bot)

    def remove_from_channel(self, channel: str) -> None:
        """The bot was removed from a channel."""
        self._slack.workspace.channels[channel].members.pop(BOT_USER, None)

    def archive(self, channel: str) -> None:
        """The channel was archived."""
        self._slack.workspace.channels[channel].archived = True

    # payloads: what people do; the bot's own messages coming back to it are left alone

    def duplicate_next(self, times: int, *, new_ids: bool = False) -> None:
        """Deliver each of the next payloads twice: the same envelope again, or under ids of its own."""
        self.duplicates = times
        self.duplicates_get_new_ids = new_ids

    def drop_ack_next(self, times: int) -> None:
        """Lose the acknowledgement of the next payloads: they come again at the next redelivery."""
        self.acks_to_drop = times

    def reorder_next(self, times: int) -> None:
        """Hold the next payloads until there are so many, then deliver them last first."""
        self.reorder = times

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every socket to go. Reasons: warning, refresh_requested, too_many_websockets, link_disabled."""
        await self._slack.outbox.sockets.tell_to_go(reason)

    def cut(self) -> None:
        """Cut every socket without a word."""
        self._slack.outbox.sockets.cut()

    def half_open(self) -> None:
        """The sockets of this moment stay open, but nothing comes through any more, not even a pong."""
        self._slack.outbox.sockets.freeze()

    # used by the server

    async def wait(self, method: str) -> None:
        """Let the planned time pass."""
        if self._slow:
            seconds = self._slow.get(method, self._slow.get("*", 0))
            if seconds:
                await asyncio.sleep(seconds)

    def strike(self, method: str, arguments: dict[str, Any]) -> None:
        """Raise the error that was planned for this call, if one was."""
        for place, (wanted, channel, times, error) in enumerate(self._planned):
            if wanted in (method, "*") and channel in (None, arguments.get("channel")):
                if times <= 1:
                    del self._planned[place]
                else:
                    self._planned[place] = (wanted, channel, times - 1, error)
                raise error()
