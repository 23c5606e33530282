"""What is written about an erratum: to each member that had answered, and to the secretariat where one wants to
change an answer that it has handed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.assessments.moves import HANDED_IN
from bot.errata.issuing import ASKED_KIND
from bot.errata.settling import WANTED_KIND, answerable, asked_of, facts_of, wanted_of
from bot.messages import Choice, Deed, Message
from bot.people import Contact
from db.engine import Session
from db.models import Delivery

# (person id, number of what was asked, until) -> the page on which it is answered; None without a public address.
LinkFor = Callable[[int, int, datetime], str | None]
Composer = Callable[[Session, Delivery, Contact | None, datetime], Awaitable[Message | None]]
# What the link in a mail is good for.
ERRATUM_LINK = "erratum"
LINK_LIVES = timedelta(days=30)


def notices_with(link: LinkFor) -> dict[str, Composer]:
    """The composers.

    Args:
        link: where whoever reads mails keeps an answer, or says that it should be another.
    """

    async def asked(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
        one = await asked_of(session, delivery)
        if one is None or contact is None:
            return None
        value = str(one.asked.id)
        facts = {
            **await facts_of(session, one),
            "name": contact.name,
            "link": link(contact.person_id, one.asked.id, max(one.assessment.closes_in(one.cycle), now) + LINK_LIVES),
            "answerable": answerable(one, now),
        }
        choices = (Choice(Deed.KEEP_ANSWER, value, style="primary"), Choice(Deed.CHANGE_ANSWER, value))
        return Message(ASKED_KIND, facts, choices)

    async def wanted(
        session: Session,
        delivery: Delivery,
        contact: Contact | None,  # noqa: ARG001 - a composer's signature
        now: datetime,  # noqa: ARG001
    ) -> Message | None:
        one = await wanted_of(session, delivery)
        if one is None:
            return None
        facts = await facts_of(session, one)
        # The secretariat reads no answer that was never handed in.
        return Message(WANTED_KIND, facts if one.assessment.state in HANDED_IN else {**facts, "value": None})

    return {ASKED_KIND: asked, WANTED_KIND: wanted}
