"""A further address: the mail that confirms it, and the word to the address that was in use before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot import ledger
from bot.errors import numbered
from bot.messages import Message
from bot.people import Contact, profile
from bot.speaker import Speaker
from db.engine import Session
from db.models import Delivery
from db.queries import profiles as queries
from db.vocabulary import Medium

# What the link in the mail is good for.
ADDRESS_LINK = "confirm_address"
CONFIRM_KIND = "profile/confirm_address"
CHANGED_KIND = "profile/address_changed"
# So long the word to the address before is tried.
WORTH_TELLING = timedelta(days=7)

# The link of an address: its row's number, the person, the address, until when it is good. None: there are no pages.
LinkFor = Callable[[int, int, str, datetime], str | None]
Composer = Callable[[Session, Delivery, Contact | None, datetime], Awaitable[Message | None]]


def _subject(address_id: int) -> str:
    return f"address:{address_id}"


async def add_address(session: Session, by: Speaker, email: str, now: datetime, *, pages: bool) -> Message:
    """Put a further address down and write to it; it is bound only when that mail is answered.

    Args:
        email: from `profile.clean_address`.
        pages: whether there is a public address for the link.

    Raises:
        NoPages: there is none. AddressKnown, TooManyAddresses.
    """
    if not pages:
        raise profile.NoPages
    row = await profile.add_address(session, by, email, now)
    await ledger.cancel(session, _subject(row.id), (CONFIRM_KIND,), now)
    await ledger.queue(
        session,
        now,
        key=ledger.key("confirm-address", row.id, f"{now:%Y%m%dT%H%M%S}"),
        kind=CONFIRM_KIND,
        subject=_subject(row.id),
        person_id=by.person_id,
        medium=Medium.EMAIL,
        facts={"mail_to": email},
        not_after=profile.link_expires(row),
    )
    return Message("profile/address_added", {"address": email, "expires": profile.link_expires(row)})


def confirm_with(link: LinkFor) -> Composer:
    """The composer of the mail that asks whether an address is really somebody's."""

    async def confirm(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:  # noqa: ARG001 - a composer's signature
        row = await queries.address(session, int(delivery.subject.split(":")[1]))
        if row is None or contact is None or row.confirmed_at is not None or row.address != delivery.facts["mail_to"]:
            return None
        expires = profile.link_expires(row)
        address = link(row.id, row.person_id, row.address, expires)
        if address is None:
            return None
        return Message(CONFIRM_KIND, {"name": contact.name, "link": address, "expires": expires})

    return confirm


async def use_address(session: Session, by: Speaker, value: str, now: datetime) -> None:
    """A confirmed address is in use from now on; the one before is told.

    Raises:
        NotFound, AddressNotConfirmed, AddressNotFree, AddressGone.
    """
    _, before = await profile.use_address(session, by, numbered(value), now)
    if before is None:
        return
    await ledger.queue(
        session,
        now,
        key=ledger.key("address-changed", by.person_id, f"{now:%Y%m%dT%H%M%S}"),
        kind=CHANGED_KIND,
        subject=f"person:{by.person_id}",
        person_id=by.person_id,
        medium=Medium.EMAIL,
        facts={"mail_to": before, "at": now.isoformat()},
        not_after=now + WORTH_TELLING,
    )


async def address_changed(
    session: Session,  # noqa: ARG001 - a composer's signature
    delivery: Delivery,
    contact: Contact | None,
    now: datetime,  # noqa: ARG001
) -> Message | None:
    """The word to the address that was in use before. The new address is not named: others may read this one."""
    if contact is None:
        return None
    return Message(CHANGED_KIND, {"name": contact.name, "when": datetime.fromisoformat(delivery.facts["at"])})


async def remove_address(session: Session, by: Speaker, value: str, now: datetime) -> None:
    """A further address is taken away; its link leads nowhere from now on.

    Raises:
        NotFound: it is none of theirs.
    """
    address_id = numbered(value)
    await profile.remove_address(session, by, address_id, now)
    await ledger.cancel(session, _subject(address_id), (CONFIRM_KIND,), now)
