"""Time that passes by what it brings: everything that the clock alone brings is done and stamped at its own hour."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import datetime, timedelta

from bot import ledger, workdays
from bot.app import App
from db.queries import cycles
from db.vocabulary import CycleState

# What waits for less is sent at the next stop: nothing is gained by stopping for each try at a channel that is shut.
SHORTEST = timedelta(minutes=1)

GoesTo = Callable[[datetime], Awaitable[None]]


async def passes(app: App, until: datetime, zones: Iterable[str], goes_to: GoesTo) -> None:
    """Let the time pass until a moment, with a stop wherever there may be something to do.

    The stops are the hour of reminders in each zone, the dates of open cycles, and what the ledger holds for later.

    Args:
        until: aware; does nothing but to go there when it is not ahead.
        zones: where people live (IANA names).
        goes_to: sets the clock, and lets the bot do and send what is due then.
    """
    hour, places = app.settings.reminders.hour, set(zones)
    while (now := app.clock.now()) < until:
        ahead = [until, *mornings(now, until, places, hour), *await _dates(app)]
        await goes_to(min(moment for moment in ahead if moment > now))


def mornings(after: datetime, until: datetime, zones: Iterable[str], hour: int) -> Iterator[datetime]:
    """The next time, in each zone, that the clock there shows this hour; only what lies before `until`."""
    for zone in zones:
        day = workdays.local(after, zone).date()
        moment = workdays.at(day, hour, zone)
        if moment <= after:
            moment = workdays.at(day + workdays.DAY, hour, zone)
        if moment < until:
            yield moment


async def _dates(app: App) -> list[datetime]:
    """What has a date of its own: cycles, and what waits in the ledger."""
    async with app.database.reading() as session:
        rounds = await cycles.asked(session, [CycleState.OPEN])
        due = await ledger.next_due(session)
    found = [date for cycle in rounds for date in (cycle.due_at, cycle.closes_at)]
    if due is not None:
        found.append(max(due, app.clock.now() + SHORTEST))
    return found
