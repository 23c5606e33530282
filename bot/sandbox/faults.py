"""FAULTS: everything that can go wrong at Slack on demand, one line each; switches.py does it.

A fault is off until it is switched on, and is switched off again by `clear`. What happens once needs no way back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from bot.sandbox.switches import LOST, REASONS, Faults
from bot.sandbox.things import BOT_USER
from bot.sandbox.verbs import Argument, BadArgument, Verb


@dataclass(frozen=True, slots=True)
class Fault(Verb):
    """A fault as the control address offers it. `run`, `off` and `on` (how it stands) take the Faults of a sandbox."""

    on: Callable[[Faults], bool] = lambda _faults: False
    off: Callable[[Faults], None] = lambda _faults: None

    def told(self, faults: Faults) -> dict[str, Any]:
        """The line of GET /control/faults."""
        return {**self.wire(), "on": self.on(faults)}


def clear(faults: Faults, name: str = "") -> None:
    """Switch one fault off, or all of them: what comes now goes well.

    Raises:
        BadArgument: there is no such fault.
    """
    if name and name not in FAULTS:
        raise BadArgument(f"there is no fault called {name}")
    for fault in [FAULTS[name]] if name else FAULTS.values():
        fault.off(faults)


METHOD = Argument("method", default="*", help="A method of the Web API, such as chat.postMessage; * for every one")
TIMES = Argument("times", "number", default=1, help="How often")
CHANNEL = Argument("channel", needed=True, help="The channel's id")

_TABLE = (
    Fault(
        "slow",
        "Slack answers the bot slowly, until it is switched off.",
        Faults.slow,
        (METHOD, Argument("seconds", "number", default=2, help="Real seconds before each answer")),
        on=lambda faults: faults.is_slow,
        off=Faults.not_slow,
    ),
    Fault(
        "limit",
        "The bot's next calls come too fast: Slack answers 429 and says how long to wait.",
        Faults.limit,
        (METHOD, TIMES, Argument("retry_after", "number", default=30, help="Seconds to wait, by the bot's clock")),
        on=lambda faults: faults.plans("limit"),
        off=lambda faults: faults.unplan("limit"),
    ),
    Fault(
        "fail",
        "The bot's next calls are refused with an error code of your choice.",
        Faults.fail,
        (
            Argument("method", needed=True, help="A method of the Web API; response_url for answers to a click"),
            Argument("error", needed=True, help="Slack's code, such as channel_not_found"),
            TIMES,
            Argument("channel", help="Only calls about this channel"),
        ),
        on=lambda faults: faults.plans("fail"),
        off=lambda faults: faults.unplan("fail"),
    ),
    Fault(
        "crash",
        "Slack itself is in trouble: the bot's next calls get an HTTP error page.",
        Faults.crash,
        (METHOD, TIMES, Argument("status", "number", default=503, help="The HTTP status, from 500 on")),
        on=lambda faults: faults.plans("crash"),
        off=lambda faults: faults.unplan("crash"),
    ),
    Fault(
        "expire_triggers",
        "The bot is too late to open a form: the triggers of all acts so far, and of the next ones, have expired.",
        Faults.expire_triggers,
        (Argument("times", "number", default=1, help="How many of the next acts"),),
        on=lambda faults: faults.slack.triggers.born_old > 0,
        off=lambda faults: setattr(faults.slack.triggers, "born_old", 0),
    ),
    Fault(
        "revoke_token",
        "The bot's token is revoked: Slack refuses all its calls until it is switched off.",
        Faults.revoke_token,
        on=lambda faults: faults.slack.tokens.bot in faults.slack.tokens.revoked,
        off=Faults.restore_token,
    ),
    Fault(
        "uninstall",
        "The app is taken out of the workspace, until it is switched off.",
        Faults.uninstall,
        on=lambda faults: faults.uninstalled,
        off=Faults.install,
    ),
    Fault(
        "deactivate",
        "Somebody's account is closed, until it is switched off.",
        Faults.deactivate,
        (Argument("user", needed=True, help=f"The person's id; {BOT_USER} is the bot itself"),),
        on=lambda faults: bool(faults.closed_accounts),
        off=Faults.reactivate,
    ),
    Fault(
        "other_organisation",
        "Somebody belongs to another organisation, so that the bot cannot write to them, until it is switched off.",
        Faults.other_organisation,
        (Argument("user", needed=True, help="The person's id"),),
        on=lambda faults: bool(faults.moved),
        off=Faults.back_home,
    ),
    Fault(
        "remove_from_channel",
        "The bot is removed from a channel, until it is switched off.",
        Faults.remove_from_channel,
        (CHANNEL,),
        on=lambda faults: bool(faults.removed_from),
        off=Faults.return_to_channels,
    ),
    Fault(
        "archive",
        "A channel is archived, until it is switched off.",
        Faults.archive,
        (CHANNEL,),
        on=lambda faults: bool(faults.archived),
        off=Faults.unarchive,
    ),
    Fault(
        "duplicate_next",
        "The next things that people do reach the bot twice.",
        Faults.duplicate_next,
        (TIMES, Argument("new_ids", "flag", default=False, help="The second one under ids of its own")),
        on=lambda faults: faults.duplicates > 0,
        off=lambda faults: faults.set_off("duplicates"),
    ),
    Fault(
        "drop_ack_next",
        "The bot's next acknowledgements get lost, so that Slack sends the same again.",
        Faults.drop_ack_next,
        (TIMES,),
        on=lambda faults: faults.acks_to_drop > 0,
        off=lambda faults: faults.set_off("acks_to_drop"),
    ),
    Fault(
        "lose_next",
        "The next things that people do get lost on the way to the bot, and come with the next redelivery.",
        Faults.lose_next,
        (TIMES, Argument("reason", default="connection_failed", help=f"Over HTTP: {', '.join(LOST)}", choices=LOST)),
        on=lambda faults: faults.to_lose > 0,
        off=lambda faults: faults.set_off("to_lose"),
    ),
    Fault(
        "reorder_next",
        "The next things that people do are held back, and then reach the bot last first.",
        Faults.reorder_next,
        (Argument("times", "number", default=2, help="How many"),),
        on=lambda faults: faults.reorder > 0,
        off=Faults.in_order,
    ),
    Fault(
        "disconnect",
        "Slack tells the bot's sockets to go. This happens once; the bot opens new ones.",
        Faults.disconnect,
        (
            Argument("reason", default="refresh_requested", help=f"One of {', '.join(REASONS)}", choices=REASONS),
            Argument("warned", "number", default=0, help="Real seconds by which a warning comes before"),
        ),
    ),
    Fault(
        "cut",
        "The bot's sockets are cut without a word. This happens once; the bot opens new ones.",
        Faults.cut,
    ),
    Fault(
        "half_open",
        "The bot's sockets look open, but nothing comes through, until the bot leaves them or it is switched off.",
        Faults.half_open,
        on=lambda faults: faults.slack.outbox.sockets.frozen,
        off=Faults.whole,
    ),
    Fault(
        "clear",
        "Everything goes well again: one fault is switched off, or all of them.",
        clear,
        (Argument("name", default="", help="The fault; all when empty"),),
    ),
)
FAULTS: Final = {fault.name: fault for fault in _TABLE}
"""Every fault by its name, which is the name of its switch too."""
