"""What a Home says about floors: how many are set, what is collected, what waits for the coordinator's yes."""

from __future__ import annotations

from datetime import datetime

from bot import editions, floors, permissions, workdays
from bot.messages import Choice, Deed, Message
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.queries import floors as queries
from db.vocabulary import FloorState


async def card(session: Session, by: Speaker, now: datetime) -> Message:
    """A member's floors, for who sets them: of the questions that are asked today, each counted once, whatever it was
    called when its floor was set.

    Raises:
        NotAllowed: not somebody who does.
    """
    member = by.member or ""
    permissions.require(by, Act.SET_FLOORS, member)
    rows = await queries.counting_or_waiting(session, member)
    cleared = [row for row in rows if row.state is FloorState.CLEARED]
    edition = editions.today()
    asked = {indicator.code for indicator in floors.floored(edition)} if edition is not None else set[str]()
    canonical = editions.canonical(edition) if edition is not None else None
    standing = floors.standing_on(cleared, workdays.register_day(now), canonical)
    proposed = [row for row in rows if row.state is FloorState.PROPOSED]
    collected = sum(row.asked_at is None for row in proposed)
    facts = {
        "set": sum(row.floor is not None for (_, code), row in standing.items() if code in asked),
        "collected": collected,
        "asked": len(proposed) - collected,
    }
    ask = (Choice(Deed.ASK_FLOORS, member, style="primary"),) if collected else ()
    see = (
        Choice(Deed.PROGRESS, ""),
        Choice(Deed.EXPORT, ""),
        Choice(Deed.SEE_FLOORS, member),
        Choice(Deed.SEE_OWN_QUESTIONS, member),
    )
    return Message("home/floors", facts, (*ask, *see))


async def to_clear(session: Session, by: Speaker, *, first: bool) -> list[Message]:
    """What waits for a coordinator's yes; nothing where nothing does.

    Args:
        first: whether it stands before everything else that waits.

    Raises:
        NotAllowed: not a coordinator.
    """
    member = by.member or ""
    permissions.require(by, Act.CLEAR_FLOORS, member)
    asked = [noted for noted in await queries.proposed(session, member) if noted.floor.asked_at is not None]
    if not asked:
        return []
    facts = {
        "first": first,
        "count": len(asked),
        "authors": sorted({noted.proposed_by for noted in asked}),
        "since": min(noted.floor.asked_at for noted in asked if noted.floor.asked_at is not None),
    }
    return [Message("home/floors_to_clear", facts, (Choice(Deed.SEE_PROPOSALS, member, style="primary"),))]
