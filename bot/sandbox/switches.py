"""Switches for what goes wrong at Slack, each with its way back; faults.py is the table of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.sandbox import events
from bot.sandbox.changes import Changes
from bot.sandbox.failures import ApiError, RateLimited, ServerTrouble
from bot.sandbox.methods.users import changed
from bot.sandbox.things import BOT_USER
from bot.sandbox.verbs import BadArgument

if TYPE_CHECKING:
    from bot.sandbox.slack import Slack

REASONS = ("warning", "refresh_requested", "too_many_websockets", "link_disabled")
"""Why Slack sends a socket away (Slack: Socket Mode implementation; too_many_websockets from its clients' issues)."""

LOST = ("http_timeout", "too_many_redirects", "connection_failed", "ssl_error", "http_error", "unknown_error")
"""Why a request did not reach the app, in `x-slack-retry-reason` (Slack: Events API, error handling)."""


ELSEWHERE = "T0ELSEWHERE"
"""The other organisation."""


class Planned(NamedTuple):
    """A call that will be answered with an error: by which fault, of which method, where, how often, with what."""

    fault: str
    method: str
    channel: str | None
    times: int
    error: Callable[[], ApiError]


class Faults:
    """What a test, or somebody at the page, may switch on. A method name of `*` stands for every method."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._slow: dict[str, float] = {}
        self._quick = Changes()
        self.uninstalled = False
        self._planned: list[Planned] = []
        self._deactivated: dict[str, None] = {}
        self._moved: dict[str, str] = {}
        self._removed: dict[str, None] = {}
        self._archived: dict[str, None] = {}
        self.duplicates = 0
        self.duplicates_get_new_ids = False
        self.acks_to_drop = 0
        self.reorder = 0
        self.to_lose = 0
        self.loss = "connection_failed"

    # the Web API

    def slow(self, method: str = "*", seconds: float = 2) -> None:
        """Answer this method only after so many real seconds; 0 switches it off, and who waits is answered."""
        if seconds > 0:
            self._slow[method] = seconds
        else:
            self._slow.pop(method, None)
            self._quick.tell()

    def limit(self, method: str = "*", times: int = 1, retry_after: int = 30) -> None:
        """Answer the next `times` calls with HTTP 429 and this Retry-After."""
        self._planned.append(Planned("limit", method, None, times, lambda: RateLimited(retry_after)))

    def fail(self, method: str, error: str, times: int = 1, channel: str | None = None) -> None:
        """Answer the next `times` calls (in this channel) with this error code."""
        self._planned.append(Planned("fail", method, channel, times, lambda: ApiError(error)))

    def crash(self, method: str = "*", times: int = 1, status: int = 503) -> None:
        """Answer the next `times` calls with an HTTP status from 500 on and no JSON."""
        self._planned.append(Planned("crash", method, None, times, lambda: ServerTrouble(status)))

    def expire_triggers(self, times: int = 1) -> None:
        """Every trigger_id given so far has expired, and so will be those of the next `times` acts."""
        self._slack.triggers.expire()
        self._slack.triggers.born_old = times

    def revoke_token(self) -> None:
        """The bot's token was revoked: token_revoked from now on."""
        self._slack.tokens.revoked.add(self._slack.tokens.bot)
        self._slack.event(events.revoked_event(self._slack.workspace.next_ts()))

    def uninstall(self) -> None:
        """The app was taken out of the workspace: it is told so, and its token is of no use, account_inactive."""
        self.uninstalled = True
        self._slack.tokens.inactive.add(self._slack.tokens.bot)
        ts = self._slack.workspace.next_ts
        self._slack.event(events.uninstalled_event(ts()))
        self._slack.event(events.revoked_event(ts()))

    def install(self) -> None:
        """The app is in the workspace again."""
        self.uninstalled = False
        if BOT_USER not in self._deactivated:
            self._slack.tokens.inactive.discard(self._slack.tokens.bot)

    def deactivate(self, user: str) -> None:
        """An account was closed. Of the bot itself: account_inactive from now on.

        Raises:
            BadArgument: there is no such person.
        """
        found = self._slack.workspace.users.get(user)
        if found is None:
            raise BadArgument(f"there is nobody with the id {user}")
        found.deactivated = True
        self._deactivated[user] = None
        if user == BOT_USER:
            self._slack.tokens.inactive.add(self._slack.tokens.bot)
        changed(self._slack, found)

    def other_organisation(self, user: str) -> None:
        """Somebody belongs to another organisation, over Slack Connect: no direct message with them can be opened.

        Raises:
            BadArgument: there is no such person.
        """
        found = self._slack.workspace.users.get(user)
        if found is None or found.is_bot:
            raise BadArgument(f"there is nobody with the id {user}")
        self._moved.setdefault(user, found.team)
        found.team = ELSEWHERE
        self._slack.workspace.touch("user", user)

    def remove_from_channel(self, channel: str) -> None:
        """The bot was removed from a channel.

        Raises:
            BadArgument: there is no such channel.
        """
        place = self._channel(channel)
        actor = next((member for member in place.members if member != BOT_USER), BOT_USER)
        self._slack.tell(events.gone_event(place, actor, self._slack.workspace.next_ts()), place)
        place.members.pop(BOT_USER, None)
        self._removed[channel] = None
        self._slack.workspace.touch("channel", channel)

    def archive(self, channel: str) -> None:
        """The channel was archived.

        Raises:
            BadArgument: there is no such channel.
        """
        self._set_archived(channel, True)
        self._archived[channel] = None

    # payloads: what people do; the bot's own messages coming back to it are left alone

    def duplicate_next(self, times: int = 1, *, new_ids: bool = False) -> None:
        """Deliver each of the next payloads twice: the same envelope again, or under ids of its own."""
        self.duplicates = times
        self.duplicates_get_new_ids = new_ids

    def drop_ack_next(self, times: int = 1) -> None:
        """Lose the acknowledgement of the next payloads: they come again at the next redelivery."""
        self.acks_to_drop = times

    def lose_next(self, times: int = 1, reason: str = "connection_failed") -> None:
        """The next payloads do not reach the bot; they come again at the next redelivery.

        Args:
            times: how many sendings are lost, the first try and each retry counted.
            reason: what Slack names in x-slack-retry-reason, one of LOST; a socket has no such reason.

        Raises:
            BadArgument: Slack has no such reason.
        """
        if reason not in LOST:
            raise BadArgument(f"reason must be one of {', '.join(LOST)}")
        self.to_lose, self.loss = times, reason

    def reorder_next(self, times: int = 2) -> None:
        """Hold the next payloads until there are so many, then deliver them last first."""
        self.reorder = times

    async def disconnect(self, reason: str = "refresh_requested", warned: float = 0) -> None:
        """Tell every socket to go; the bot opens new ones.

        Args:
            reason: one of REASONS.
            warned: real seconds by which a `warning` comes before; Slack's comes about ten seconds before.

        Raises:
            BadArgument: Slack has no such reason.
        """
        if reason not in REASONS:
            raise BadArgument(f"reason must be one of {', '.join(REASONS)}")
        await self._slack.outbox.sockets.tell_to_go(reason, warned)

    def cut(self) -> None:
        """Cut every socket without a word."""
        self._slack.outbox.sockets.cut()

    def half_open(self) -> None:
        """The sockets of this moment stay open, but nothing comes through any more, not even a pong."""
        self._slack.outbox.sockets.freeze()

    # switched off

    def unplan(self, fault: str) -> None:
        """The errors that a fault planned do not come."""
        self._planned = [planned for planned in self._planned if planned.fault != fault]

    def plans(self, fault: str) -> bool:
        """Whether errors of this fault are still to come."""
        return any(planned.fault == fault for planned in self._planned)

    def not_slow(self) -> None:
        """Every method answers at once, also those who wait already."""
        self._slow.clear()
        self._quick.tell()

    def restore_token(self) -> None:
        """The bot's token is good."""
        self._slack.tokens.revoked.discard(self._slack.tokens.bot)

    def reactivate(self) -> None:
        """The accounts that were closed are open."""
        for user in self._deactivated:
            self._slack.workspace.users[user].deactivated = False
            changed(self._slack, self._slack.workspace.users[user])
        self._deactivated.clear()
        if not self.uninstalled:
            self._slack.tokens.inactive.discard(self._slack.tokens.bot)

    def back_home(self) -> None:
        """Who belonged to another organisation belongs to their own again."""
        for user, team in self._moved.items():
            self._slack.workspace.users[user].team = team
            self._slack.workspace.touch("user", user)
        self._moved.clear()

    def return_to_channels(self) -> None:
        """The bot is back in the channels that it was removed from."""
        for channel in self._removed:
            self._channel(channel).members[BOT_USER] = None
            self._slack.workspace.touch("channel", channel)
        self._removed.clear()

    def unarchive(self) -> None:
        """The channels that were archived are open."""
        for channel in self._archived:
            self._set_archived(channel, False)
        self._archived.clear()

    def set_off(self, counter: str) -> None:
        """Nothing more of what is counted: duplicates, acks_to_drop or to_lose."""
        setattr(self, counter, 0)

    def in_order(self) -> None:
        """What was held goes out as it came."""
        self.reorder = 0
        self._slack.outbox.release()

    def whole(self) -> None:
        """What comes now passes through half-open sockets again."""
        self._slack.outbox.sockets.thaw()

    # how it is

    @property
    def is_slow(self) -> bool:
        """Whether a method waits."""
        return bool(self._slow)

    @property
    def slack(self) -> Slack:
        """The Slack where it goes wrong."""
        return self._slack

    @property
    def closed_accounts(self) -> tuple[str, ...]:
        """The accounts that were closed."""
        return tuple(self._deactivated)

    @property
    def moved(self) -> tuple[str, ...]:
        """Who belongs to another organisation by this fault."""
        return tuple(self._moved)

    @property
    def removed_from(self) -> tuple[str, ...]:
        """The channels that the bot was removed from."""
        return tuple(self._removed)

    @property
    def archived(self) -> tuple[str, ...]:
        """The channels that were archived."""
        return tuple(self._archived)

    @property
    def lasting(self) -> dict[str, Any]:
        """What in the workspace is as it is by a fault: kept with it, so that there is a way back after a stop."""
        return {
            "deactivated": [*self._deactivated],
            "moved": dict(self._moved),
            "removed": [*self._removed],
            "archived": [*self._archived],
        }

    @lasting.setter
    def lasting(self, found: dict[str, Any]) -> None:
        self._deactivated = dict.fromkeys(found["deactivated"])
        self._moved = dict(found["moved"])
        self._removed, self._archived = dict.fromkeys(found["removed"]), dict.fromkeys(found["archived"])
        if BOT_USER in self._deactivated:
            self._slack.tokens.inactive.add(self._slack.tokens.bot)

    # used by the server and the outbox

    async def wait(self, method: str) -> None:
        """Let the planned time pass, or as much of it as is left when the fault is switched off."""
        seconds = self._seconds(method)
        if seconds:
            with suppress(TimeoutError):
                await self._quick.until(lambda: None if self._seconds(method) else True, seconds)

    def _seconds(self, method: str) -> float:
        return self._slow.get(method, self._slow.get("*", 0))

    def strike(self, method: str, arguments: dict[str, Any]) -> None:
        """Raise the error that was planned for this call, if one was."""
        for place, planned in enumerate(self._planned):
            if planned.method in (method, "*") and planned.channel in (None, arguments.get("channel")):
                if planned.times <= 1:
                    del self._planned[place]
                else:
                    self._planned[place] = planned._replace(times=planned.times - 1)
                raise planned.error()

    def loses(self) -> str | None:
        """Why the payload that leaves now does not arrive; None when it does."""
        if self.to_lose <= 0:
            return None
        self.to_lose -= 1
        return self.loss

    def _set_archived(self, channel: str, archived: bool) -> None:
        workspace, place = self._slack.workspace, self._channel(channel)
        place.archived = archived
        workspace.touch("channel", channel)
        actor = next((member for member in place.members if member != BOT_USER), BOT_USER)
        self._slack.tell(events.archived_event(place, actor, workspace.next_ts()), place)

    def _channel(self, channel: str) -> Any:
        found = self._slack.workspace.channels.get(channel)
        if found is None:
            raise BadArgument(f"there is no channel with the id {channel}")
        return found
