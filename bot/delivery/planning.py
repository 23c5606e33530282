"""What a delivery says, to whom, and over which ways: found anew at the moment of sending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot import people
from bot.delivery.channel import Channel, Parcel
from bot.delivery.notices import Composer
from bot.errors import NotFound
from bot.messages import Message
from bot.people import Contact
from bot.words import Reader
from db.engine import Session
from db.models import Delivery
from db.queries import people as people_queries
from db.vocabulary import Medium


@dataclass(frozen=True)
class Plan:
    """What is to be sent, to whom (None: a Slack channel), and over which ways, the wanted one first."""

    message: Message
    contact: Contact | None
    media: tuple[Medium, ...]
    preface: Message | None
    reader: Reader


class Planner:
    """Makes plans from the database as it is now.

    Args:
        channels: the ways to send, in order of preference.
        notices: the composers, by kind.
        rehearse: everything is said to this one person, marked with whom it was for.
        channel_reader: in whose zone and date style messages to a Slack channel are said.
    """

    def __init__(
        self,
        channels: Mapping[Medium, Channel],
        notices: Mapping[str, Composer],
        rehearse: Contact | None,
        channel_reader: Reader,
    ) -> None:
        self._channels = channels
        self._notices = notices
        self._rehearse = rehearse
        self._channel_reader = channel_reader

    def knows(self, kind: str) -> bool:
        """Whether there is a composer for this kind."""
        return kind in self._notices

    async def plan(self, session: Session, delivery: Delivery, now: datetime) -> Plan | None:
        """What is to be sent, or None when nothing is any more.

        Raises:
            PutOff: later, says the composer.
        """
        contact = None
        if wanted := delivery.facts.get("addressee"):
            contact = await people.addressee(session, wanted, now)
            if contact is None:
                return None
        elif delivery.person_id is not None:
            try:
                contact = await people.contact(session, delivery.person_id, now)
            except NotFound:
                return None
        if contact is not None and (mail_to := delivery.facts.get("mail_to")):
            # For one address of theirs, whichever is in use.
            contact = replace(contact, email=mail_to, slack_id=None)
        message = await self._notices[delivery.kind](session, delivery, contact, now)
        if message is None:
            return None
        media = self._media(delivery, contact)
        if self._rehearse is not None:
            return await self._rehearsed(session, delivery, message, contact, media, self._rehearse)
        return Plan(message, contact, media, None, contact.reader if contact else self._channel_reader)

    def _media(self, delivery: Delivery, contact: Contact | None) -> tuple[Medium, ...]:
        if contact is None:
            return (Medium.SLACK,)
        ways = self._reaching(contact)
        # A delivery that was turned to another way stays on it.
        return ways if delivery.medium is None else tuple(way for way in ways if way is delivery.medium)

    def _reaching(self, contact: Contact) -> tuple[Medium, ...]:
        return tuple(medium for medium, channel in self._channels.items() if channel.reaches(contact))

    async def _rehearsed(
        self,
        session: Session,
        delivery: Delivery,
        message: Message,
        contact: Contact | None,
        media: tuple[Medium, ...],
        rehearse: Contact,
    ) -> Plan:
        member = await people_queries.member(session, contact.member) if contact and contact.member else None
        wanted = media[0] if media else Medium.EMAIL
        facts = {
            "name": contact.name if contact else "",
            "channel": delivery.channel or "",
            "country": member.name if member else "",
            "medium": wanted,
        }
        ways = tuple(sorted(self._reaching(rehearse), key=lambda way: way is not wanted))
        # Their way out of the digest is theirs alone.
        message = replace(message, stop_link=None)
        return Plan(message, rehearse, ways, Message("delivery/rehearsal", facts), rehearse.reader)


def parcel_of(delivery: Delivery, plan: Plan) -> Parcel:
    """The plan as a channel takes it; its marks are the delivery's own, the same at every attempt."""
    return Parcel(
        about=f"delivery:{delivery.id}",
        identity=f"{delivery.key} {delivery.queued_at.isoformat()}",
        message=plan.message,
        contact=plan.contact,
        channel=delivery.channel if plan.contact is None else None,
        reader=plan.reader,
        preface=plan.preface,
        look_since=delivery.queued_at if delivery.in_doubt else None,
    )
