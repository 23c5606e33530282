"""What the secretariat is told when a way does not let us in: once a day, over another way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot import ledger, workdays
from bot.delivery.notices import CHANNEL_REFUSED, OUT_OF_REACH, ROOM_CLOSED
from bot.people import Contact
from db.engine import Session
from db.queries import people as people_queries
from db.queries import profiles as profile_queries
from db.vocabulary import Medium, Role

# What Slack says of a channel that the bot cannot write in; somebody can mend it, so what is for it waits.
CLOSED_ROOM = frozenset({"not_in_channel", "channel_not_found", "is_archived", "restricted_action"})

A_DAY = timedelta(days=1)
# It is told once, so it waits where the secretariat cannot be reached either.
UNTIL_MENDED = timedelta(days=14)


async def channel_refused(session: Session, medium: Medium, code: str, other: Medium, now: datetime) -> None:
    """A whole channel refuses us, such as Slack with a revoked token."""
    facts = {"medium": medium, "code": code, "since": now.isoformat()}
    await _tell(session, CHANNEL_REFUSED, f"channel:{medium}", facts, other, now)


async def room_closed(session: Session, room: str, code: str, now: datetime) -> None:
    """One channel of Slack, `network` or `secretariat`, does not let us write; the people are told in private."""
    facts = {"room": room, "code": code, "since": now.isoformat()}
    await _tell(session, ROOM_CLOSED, f"room:{room}", facts, None, now)


async def out_of_reach(session: Session, contact: Contact, code: str, now: datetime) -> None:
    """A person cannot be written to in Slack, as people of another organisation's workspace often cannot. Mails reach
    them, but answers are given in chat: the secretariat should know before the first deadline, not after.

    Told once for a trouble, not daily: whoever calls this has found that it is new.
    """
    facts = {
        "name": contact.name,
        "member": contact.member,
        "role": contact.role.value if contact.role else None,
        "mail": contact.email is not None,
        "code": code,
        "since": now.isoformat(),
    }
    week = workdays.register_day(now).isocalendar()
    subject = f"person:{contact.person_id}"
    mark = (subject, code, f"{week.year}-{week.week:02d}")
    await _tell(session, OUT_OF_REACH, subject, facts, None, now, mark=mark, worth=UNTIL_MENDED)


async def address_refused(session: Session, contact: Contact | None, code: str, now: datetime) -> None:
    """The mail server refuses an address for good: it is marked, and stands in the weekly report of the register."""
    if contact is not None and contact.email:
        await profile_queries.address_refused(session, contact.email, code, now)


async def address_taken(session: Session, contact: Contact | None) -> None:
    """A mail server takes mails for an address: if it was marked, it is so no more."""
    if contact is not None and contact.email:
        await profile_queries.address_taken(session, contact.email)


async def _tell(
    session: Session,
    kind: str,
    subject: str,
    facts: dict[str, Any],
    medium: Medium | None,
    now: datetime,
    *,
    mark: tuple[str, ...] | None = None,
    worth: timedelta = A_DAY,
) -> None:
    """Queue it for each of the secretariat.

    Args:
        mark: what makes it the same alarm; by default its subject, once a day.
        worth: how long it is still worth saying.
    """
    today = workdays.register_day(now)
    alarms = [
        ledger.Entry(
            key=ledger.key(kind, *(mark or (subject, today)), hat.person_id),
            kind=kind,
            subject=subject,
            person_id=hat.person_id,
            medium=medium,
            facts=facts,
            not_after=now + worth,
        )
        for hat in await people_queries.holders(session, [Role.SECRETARIAT], today)
    ]
    await ledger.queue_all(session, now, alarms)
