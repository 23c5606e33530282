"""The sandbox's Slack without its wire: answers calls, remembers, and puts events on their way."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from bot.clock import Clock
from bot.sandbox import payloads, scopes
from bot.sandbox.activity import Activity, Promises
from bot.sandbox.blocks import BlockReader
from bot.sandbox.calls import Call
from bot.sandbox.failures import ApiError
from bot.sandbox.files import Files
from bot.sandbox.methods import FREE, METHODS
from bot.sandbox.outbox import Outbox
from bot.sandbox.rates import Rates
from bot.sandbox.scheduled import Scheduled
from bot.sandbox.switches import Faults
from bot.sandbox.things import BOT_USER, Channel, Message
from bot.sandbox.tokens import Tokens
from bot.sandbox.triggers import ResponseUrls, Triggers
from bot.sandbox.views import Views
from bot.sandbox.workspace import Workspace

SUBSCRIPTIONS = frozenset(scopes.USUAL)
"""The events that the app receives unless told otherwise."""

KEPT_CALLS = 20_000


class ApiCall(NamedTuple):
    """One call of the bot and what it was answered."""

    method: str
    arguments: dict[str, Any]
    response: dict[str, Any]


class Slack:
    """All state of one sandbox. Parts are public: tests look into them and switch faults."""

    def __init__(
        self,
        clock: Clock,
        *,
        bot_token: str,
        app_token: str,
        signing_secret: str,
        team: str,
        rates: bool,
        granted: Iterable[str] | None,
        redelivery_after: float | None,
        subscriptions: Iterable[str],
    ) -> None:
        self.clock = clock
        self.signing_secret = signing_secret
        self.redelivery_after = redelivery_after
        self.subscriptions = frozenset(subscriptions)
        self.delivery: Literal["socket", "http"] = "socket"
        self.origin = ""
        self.workspace = Workspace(clock, team)
        self.tokens = Tokens(bot_token, app_token, scopes.every() if granted is None else granted)
        self.rates = Rates(clock, on=rates)
        self.activity = Activity()
        self.promises = Promises(self.activity)
        self.faults = Faults(self)
        self.triggers = Triggers(clock)
        self.urls = ResponseUrls(clock, team)
        self.reader = BlockReader()
        self.views = Views(self.workspace)
        self.files = Files(self.workspace)
        self.scheduled = Scheduled(self)
        self.outbox = Outbox(self)
        self.recorded: deque[ApiCall] = deque(maxlen=KEPT_CALLS)
        self.recorded_in_all = 0

    def answer(self, name: str, token: str | None, arguments: dict[str, Any]) -> dict[str, Any]:
        """Answer one call of the Web API: known, allowed, within the rate, then done.

        Raises:
            ApiError: the refusal, with Slack's code.
        """
        method = METHODS.get(name)
        if method is None:
            raise ApiError("unknown_method", req_method=name)
        try:
            if method.scope != FREE:
                self.tokens.check(token, scopes.needed(name, arguments, self.workspace))
            self.faults.strike(name, arguments)
            channel = arguments.get("channel")
            self.rates.check(name, method.tier, self.direct_id(channel) if isinstance(channel, str) else None)
            return {"ok": True, **method.run(Call(self, arguments, token or ""))}
        finally:
            # A refused answer was an answer too: nobody waits for another.
            for key in ("trigger_id", "user"):
                if key in arguments:
                    self.promises.kept(str(arguments[key]))

    def record(self, name: str, arguments: dict[str, Any], response: dict[str, Any]) -> None:
        """Keep a call for assertions (the last 20,000)."""
        self.recorded.append(ApiCall(name, arguments, response))
        self.recorded_in_all += 1

    def event(self, event: dict[str, Any], *, external: bool = False) -> None:
        """Put an Events API event on its way, if the app subscribed to it and has the scope for it."""
        name = subscription(event)
        scope = scopes.EVENTS[name]
        if name in self.subscriptions and (not scope or scope in self.tokens.scopes):
            self.outbox.post("events_api", payloads.event_wrapper(self.workspace, event, external=external))

    def tell(self, event: dict[str, Any], channel: Channel, *, external: bool = False) -> None:
        """Tell the bot of what happened in a channel, if it is in it."""
        if BOT_USER in channel.members:
            self.event(event, external=external)

    def say(self, message: Message) -> Message:
        """Lay a message into its channel; whoever is in it is told, the bot too."""
        channel = self.workspace.channels[message.channel]
        self.workspace.put(message)
        if not message.ephemeral and BOT_USER in channel.members:
            self.event(payloads.message_event(message, channel))
        return message

    def channel_for(self, wanted: str, *, named: bool = False) -> Channel:
        """The channel that a call names.

        The direct message of a deactivated person takes messages without an error, as Slack's does.

        Args:
            wanted: its id.
            named: a #name, or a person's id for the direct message, will do too: so with the methods that post.

        Raises:
            ApiError: channel_not_found; also for what the bot cannot see or may not write to.
        """
        workspace = self.workspace
        channel = workspace.channels.get(wanted)
        if channel is None and named and wanted in workspace.users:
            user = workspace.users[wanted]
            if wanted == BOT_USER or user.team != workspace.team:
                raise ApiError("channel_not_found")
            channel = workspace.direct(wanted)
        if channel is None and named:
            channel = workspace.named(wanted)
        if channel is None or (channel.kind != "channel" and BOT_USER not in channel.members):
            raise ApiError("channel_not_found")
        return channel

    def direct_id(self, channel: str) -> str:
        """The id of the direct message when a person's id stands for a channel."""
        return f"D{channel[1:]}" if channel in self.workspace.users else channel


def subscription(event: dict[str, Any]) -> str:
    """The name under which an app subscribes to an event."""
    if event["type"] != "message":
        return event["type"]
    return {"im": "message.im", "group": "message.groups"}.get(event["channel_type"], "message.channels")
