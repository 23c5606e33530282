"""What nobody else hears: a button of an older version, an event that means nothing here; and what goes wrong.

Everything is acknowledged, or Slack would send it again and again. Registered last: the first listener that fits hears.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import structlog
from slack_bolt.response import BoltResponse

from bot.messages import Message
from bot.speaker import Speaker
from db.engine import Session
from handlers.bolt import GENUINE, Bolt, Listener
from handlers.saying import fault, who
from handlers.speaker import Desk

log = structlog.stdlib.get_logger(__name__)

ANYTHING = re.compile(r"(?s).*")


def register(app: Bolt, desk: Desk) -> None:
    """Listen to all the rest."""
    app.action(ANYTHING)(_on_unknown(desk))
    app.view(ANYTHING)(_let_go)
    app.shortcut(ANYTHING)(_let_go)
    app.event(ANYTHING)(_let_go)
    app.error(_on_error(desk))


async def _let_go(ack: Any) -> None:
    await ack()


def _on_unknown(desk: Desk) -> Listener:
    async def on_unknown(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        user = who(body)
        if not user:
            return

        async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
            return Message("network/unknown_button")

        await desk.say(user, await desk.turn(user, do))

    return on_unknown


def _on_error(desk: Desk) -> Listener:
    async def on_error(error: Exception, body: dict[str, Any], context: dict[str, Any]) -> Any:
        if GENUINE not in context:
            # Anybody may have sent it: nothing is said to whom it names.
            log.warning("not_genuine", **fault(error))
            return BoltResponse(status=401)
        await desk.excuse(error, body)
        return BoltResponse(status=200)

    return on_error
