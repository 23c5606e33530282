"""What a delivery says: the form of a composer, and NOTICES, those of this room.

A composer is asked at the moment of sending. It looks at the database again, and answers with the message, or with
None when the need is gone: then the delivery is cancelled. Composers live where their subject lives (assessments,
reminders, digests), and bot/composers.py lists them all; the ones here are delivery's own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.messages import Message
from bot.people import Contact
from db.engine import Session
from db.models import Delivery
from db.queries import people as people_queries
from db.vocabulary import Medium

Composer = Callable[[Session, Delivery, Contact | None, datetime], Awaitable[Message | None]]

CHANNEL_REFUSED = "channel_refused"
ROOM_CLOSED = "room_closed"
OUT_OF_REACH = "out_of_reach"


async def channel_refused(
    session: Session,  # noqa: ARG001 - every composer takes the same
    delivery: Delivery,
    contact: Contact | None,  # noqa: ARG001
    now: datetime,  # noqa: ARG001
) -> Message:
    """A channel does not let the bot in: said to the secretariat over another one."""
    facts = {
        "medium": Medium(delivery.facts["medium"]),
        "code": delivery.facts["code"],
        "since": datetime.fromisoformat(delivery.facts["since"]),
    }
    return Message("delivery/channel_refused", facts)


async def room_closed(
    session: Session,  # noqa: ARG001 - every composer takes the same
    delivery: Delivery,
    contact: Contact | None,  # noqa: ARG001
    now: datetime,  # noqa: ARG001
) -> Message:
    """A channel of Slack does not let the bot write: said to each of the secretariat in private."""
    facts = {
        "room": delivery.facts["room"],
        "code": delivery.facts["code"],
        "since": datetime.fromisoformat(delivery.facts["since"]),
    }
    return Message("delivery/room_closed", facts)


async def out_of_reach(
    session: Session,
    delivery: Delivery,
    contact: Contact | None,  # noqa: ARG001
    now: datetime,  # noqa: ARG001
) -> Message:
    """A person cannot be written to in Slack: said to each of the secretariat."""
    country = await people_queries.member(session, delivery.facts["member"]) if delivery.facts["member"] else None
    facts = {
        "name": delivery.facts["name"],
        "member": country.name if country else None,
        "role": delivery.facts.get("role"),
        "mail": delivery.facts.get("mail", True),
        "code": delivery.facts["code"],
        "since": datetime.fromisoformat(delivery.facts["since"]),
    }
    return Message("delivery/out_of_reach", facts)


NOTICES: dict[str, Composer] = {
    CHANNEL_REFUSED: channel_refused,
    ROOM_CLOSED: room_closed,
    OUT_OF_REACH: out_of_reach,
}
