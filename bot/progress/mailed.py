"""One question side by side as a mail: the table of `/spnet compare`, its picture, and the way to the own country."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from bot import by_mail, permissions
from bot.errors import NotFound
from bot.messages import Message
from bot.people import Contact
from bot.permissions import Act
from bot.progress import asking
from bot.progress.asking import View
from bot.progress.showing import COMPARISON_KIND, show
from bot.speaker import Speaker
from db.engine import Session
from db.models import Delivery

Composer = Callable[[Session, Delivery, Contact | None, datetime], Awaitable[Message | None]]
# (person, member, cycle, now) -> the page of the person's own country; None without a public address.
OwnPage = Callable[[int, str, str, datetime], str | None]


async def mail(session: Session, by: Speaker, value: str, now: datetime) -> Message:
    """Send the comparison to whoever asked, by e-mail; the same goes once a day.

    Raises:
        NotFound, NotAllowed: as the command.
    """
    permissions.require(by, Act.READ_PROGRESS, by.member)
    if asking.of_button(value, by).view is not View.INDICATOR:
        raise NotFound(what="progress", named=value[: asking.SHOWN])
    said = await show(session, by, value, now)
    return await by_mail.send(
        session, by, now, kind=COMPARISON_KIND, table=[said.facts, value], facts={"wanted": value}
    )


def mailed_with(own: OwnPage) -> Composer:
    """What makes the mail.

    Args:
        own: where its reader sees the picture of their own country.
    """

    async def mailed(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
        by = await by_mail.reader(session, delivery, contact, Act.READ_PROGRESS, now)
        if by is None:
            return None
        value = delivery.facts["wanted"]
        try:
            said = await show(session, by, value, now)
        except NotFound:
            # The cycle was called off meanwhile, or is not this person's to see any more.
            return None
        page = own(by.person_id, by.member, asking.of_button(value, by).cycle, now) if by.member else None
        return replace(said, facts={**said.facts, "own": page}, choices=())

    return mailed
