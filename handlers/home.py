"""App Home for each role: where we stand, what is next.

It is made anew whenever it is opened, and after each deed of whoever has looked at it: what a person sees there is
never older than what they did last.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import structlog

from bot import homes, people
from bot.errors import ChannelError
from bot.messages import Message
from bot.people import Recognised
from bot.rendering import blocks
from bot.words import Reader
from db.engine import DatabaseError
from handlers.bolt import Bolt, Listener
from handlers.saying import fault
from handlers.speaker import Desk, reader_of

log = structlog.stdlib.get_logger(__name__)

# So many of those who looked last have their Home brought up to date after their own deeds.
LOOKERS = 2000


def register(app: Bolt, desk: Desk) -> None:
    """Listen to the opening of App Home; from then on it follows what its owner does."""
    app.event("app_home_opened")(_on_home(desk))
    desk.after_turn = _follower(desk)


def _on_home(desk: Desk) -> Listener:
    async def on_home(event: dict[str, Any]) -> None:
        if event.get("tab") != "home":
            return
        user = event["user"]
        desk.homes.pop(user, None)
        desk.homes[user] = ""
        while len(desk.homes) > LOOKERS:
            del desk.homes[next(iter(desk.homes))]
        await publish(desk, user)

    return on_home


def _follower(desk: Desk) -> Callable[[str], None]:
    """What is called after each turn of somebody: their Home is brought up to date if they have looked at it."""
    waiting: set[str] = set()
    # A task that nobody holds may be swept away.
    under_way: set[asyncio.Task[None]] = set()

    async def follow(user: str) -> None:
        async with desk.in_order(f"home:{user}"):
            # From here on it is read: what is done later needs another look.
            waiting.discard(user)
            await _bring(desk, user, only_news=True)

    def after_turn(user: str) -> None:
        if user not in desk.homes or user in waiting:
            return
        # An orderly end waits for it from now on, not only once it has begun.
        work = ExitStack()
        work.enter_context(desk.at_work())
        waiting.add(user)
        task = asyncio.create_task(follow(user))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        task.add_done_callback(lambda _task: work.close())

    return after_turn


async def publish(desk: Desk, *slack_ids: str) -> None:
    """Show each of these people their Home as it is now: who holds no role any more sees what a stranger sees.

    What goes wrong is logged, and shown when they open it next. Of two calls in quick succession the later one stands.
    """
    for user in slack_ids:
        async with desk.in_order(f"home:{user}"):
            await _bring(desk, user)


async def _bring(desk: Desk, user: str, *, only_news: bool = False) -> None:
    try:
        view = await _view(desk, user)
        mark = hashlib.sha256(json.dumps(view).encode()).hexdigest()
        if only_news and desk.homes.get(user) == mark:
            return
        await desk.slack.show_home(user, view)
    except ChannelError as error:
        log.warning("home_not_shown", code=error.code)
    except DatabaseError as error:
        log.error("database", code=error.code)
    except Exception as error:
        # A Home that fails must not take the deed with it that it follows.
        log.error("home_fault", **fault(error))
    else:
        if user in desk.homes:
            desk.homes[user] = mark


async def _view(desk: Desk, user: str) -> dict[str, Any]:
    known, cards = await _seen(desk, user)
    if not known.hats and desk.unknown(known).stranger and await desk.introduced(user):
        known, cards = await _seen(desk, user)
    if known.hats:
        return blocks.home(cards, _reader(known), desk.words)
    stranger = desk.unknown(known)
    return blocks.home([stranger.message] if stranger.message else [], stranger.reader, desk.words)


async def _seen(desk: Desk, user: str) -> tuple[Recognised, list[Message]]:
    now = desk.clock.now()
    async with desk.database.reading() as session:
        known = await people.recognise(session, user, now)
        return known, await homes.whole(session, known, now) if known.hats else []


def _reader(known: Recognised) -> Reader:
    if known.speaker is not None:
        return reader_of(known.speaker)
    return Reader(known.hats[0].zone or "UTC")
