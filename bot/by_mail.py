"""A table that somebody sees in chat and wants by e-mail: the same table goes once a day, and it is made when it goes,
for a role that may still read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot import ledger, people, permissions, workdays
from bot.messages import Message
from bot.people import Contact
from bot.people.kept import mark
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Delivery
from db.queries import people as people_queries
from db.vocabulary import Medium, Via


async def send(
    session: Session, by: Speaker, now: datetime, *, kind: str, table: object, facts: Mapping[str, Any] | None = None
) -> Message:
    """Send a table to whoever asked, by e-mail.

    Args:
        kind: of the delivery; its composer makes the mail.
        table: what the table says now: once it says something else, it is sent again.
        facts: JSON values for the composer.

    Returns:
        The word that it is on its way, or was sent before, or that no address is known.
    """
    person = await people_queries.person(session, by.person_id)
    email = bool(person and person.email)
    about = {**(facts or {}), "worn": [by.role.value, by.member]}
    sent = email and await ledger.queue(
        session,
        now,
        key=ledger.key(kind, by.person_id, workdays.register_day(now).isoformat(), mark(table, about)),
        kind=kind,
        subject=f"{kind}:{by.person_id}",
        person_id=by.person_id,
        medium=Medium.EMAIL,
        facts=about,
    )
    return Message("mechanism/mailed", {"email": email, "again": email and not sent})


async def reader(
    session: Session, delivery: Delivery, contact: Contact | None, act: Act, now: datetime
) -> Speaker | None:
    """Who asked for a table, in the role in which it was asked for; None where they may not read it any more."""
    if contact is None:
        return None
    worn = (delivery.facts or {}).get("worn")
    for hat in await people_queries.hats_of_person(session, contact.person_id, workdays.register_day(now)):
        by = people.speaker_of(hat, Via.EMAIL)
        if worn in (None, [by.role.value, by.member]) and permissions.allowed(by, act, by.member):
            return by
    return None
