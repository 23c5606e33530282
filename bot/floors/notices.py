"""What the coordinator and the focal point hear about floors: the question, the reminder, what was decided."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot import workdays
from bot.errors import NotFound
from bot.floors.asking import ASK_KIND, RECEIPT_KIND, REMIND_KIND, coordinators
from bot.floors.deciding import Decided, clearer
from bot.floors.proposing import the_member, title_of
from bot.floors.shown import proposals, row_facts
from bot.ledger import wait_for_work
from bot.messages import Choice, Deed, Menu, Message
from bot.people import Contact
from bot.speaker import Speaker
from bot.workdays import Place
from db.engine import Session
from db.models import Delivery, Member
from db.queries import floors as queries
from db.queries.floors import Noted
from db.vocabulary import FloorState

# (person id, member, until) -> the page on which this person decides; None without a public address.
LinkFor = Callable[[int, str, datetime], str | None]
Composer = Callable[[Session, Delivery, Contact | None, datetime], Awaitable[Message | None]]
LINK_LIVES = timedelta(days=60)


async def waiting(session: Session, member: str) -> list[Noted]:
    """What the coordinator of a member has been asked about and has not decided."""
    return [noted for noted in await queries.proposed(session, member) if noted.floor.asked_at is not None]


async def ask_facts(session: Session, member: Member, rows: Sequence[Noted], now: datetime) -> dict[str, Any]:
    """All that somebody who says yes must see."""
    shown = proposals(rows, await queries.cleared(session, [member.code]), workdays.register_day(now))
    asked = [noted.floor.asked_at for noted in rows if noted.floor.asked_at is not None]
    return {
        "member": member.name,
        "rows": shown,
        "authors": sorted({noted.proposed_by for noted in rows}),
        "since": min(asked),
    }


def decisions(member: str, rows: Sequence[Noted]) -> tuple[Choice | Menu, ...]:
    """Yes to all that is shown, or no to one of them."""
    ids = [noted.floor.id for noted in rows]
    label = "clear_floors" if len(ids) > 1 else "clear_one_floor"
    yes = Choice(Deed.CLEAR_FLOORS, f"{member}:{'.'.join(map(str, ids))}", label, {"count": len(ids)}, style="primary")
    options = tuple((str(noted.floor.id), title_of(noted.floor.indicator)) for noted in rows)
    return yes, Menu(Deed.REFUSE_FLOOR, options, "refuse_floor")


async def see(session: Session, by: Speaker, value: str, now: datetime) -> Message:
    """What waits for somebody's yes, with the two choices.

    Args:
        value: the member.

    Raises:
        NotFound: nothing waits.
        NotAllowed: not the member's coordinator.
    """
    member = value[:3]
    by = await clearer(session, by, member, now)
    rows = await waiting(session, member)
    if not rows:
        raise NotFound(what="floors", named=member)
    facts = await ask_facts(session, await the_member(session, member), rows, now)
    return Message(ASK_KIND, {**facts, "name": by.name, "link": None}, decisions(member, rows))


async def left(session: Session, by: Speaker, done: Decided, now: datetime) -> Message:
    """What stands from now on where one of several floors was decided: what waits still, with its two choices; where
    nothing waits, what was decided, without any."""
    rows = await waiting(session, done.member.code)
    facts = await ask_facts(session, done.member, rows or done.rows, now)
    choices = decisions(done.member.code, rows) if rows else ()
    return Message(ASK_KIND, {**facts, "name": by.name, "link": None}, choices)


async def _still_asked(
    session: Session, delivery: Delivery, contact: Contact | None, now: datetime
) -> tuple[Member, list[Noted]] | None:
    """What waits, where this person may say yes to it today."""
    member = await the_member(session, str(delivery.facts["member"]))
    rows = await waiting(session, member.code)
    hats = await coordinators(session, member, {noted.floor.proposed_by for noted in rows}, now)
    if contact is None or contact.person_id not in {hat.person_id for hat in hats}:
        return None
    return (member, rows) if rows else None


def ask_with(link: LinkFor) -> Composer:
    """The composer of the question for the yes.

    Args:
        link: where it is given on a page, by who reads mails.
    """

    async def ask(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
        found = await _still_asked(session, delivery, contact, now)
        if found is None or contact is None:
            return None
        member, rows = found
        page = link(contact.person_id, member.code, now + LINK_LIVES)
        facts = {**await ask_facts(session, member, rows, now), "name": contact.name, "link": page}
        return Message(ASK_KIND, facts, decisions(member.code, rows))

    return ask


def remind_with(link: LinkFor) -> Composer:
    """The composer of the reminder that a yes is waited for.

    Args:
        link: as for `ask_with`.
    """

    async def remind(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
        found = await _still_asked(session, delivery, contact, now)
        if found is None or contact is None:
            return None
        member, rows = found
        wait_for_work(Place(contact.reader.zone, member.calendar, delivery.facts["hour"]), now)
        facts = await ask_facts(session, member, rows, now)
        waited = workdays.working_days(facts["since"], now, zone=member.zone, calendar=member.calendar)
        page = link(contact.person_id, member.code, now + LINK_LIVES)
        see = Choice(Deed.SEE_PROPOSALS, member.code, style="primary")
        return Message(REMIND_KIND, {**facts, "name": contact.name, "link": page, "days": waited}, (see,))

    return remind


async def decided(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:  # noqa: ARG001 - a composer's signature
    """What the coordinator said, for the focal point; and as a receipt, for the coordinator."""
    rows = await queries.some(session, delivery.facts["rows"])
    if not rows:
        return None
    member = await the_member(session, rows[0].floor.member_code)
    return Message(str(delivery.kind), decided_facts(Decided(member, rows)))


def decided_facts(done: Decided) -> dict[str, Any]:
    """What was decided, by whom and when, for the words."""
    first = done.rows[0]
    return {
        "member": done.member.name,
        "person": first.decided_by,
        "when": first.floor.decided_at,
        "via": first.floor.decided_via.value if first.floor.decided_via else None,
        "yes": [_line(noted) for noted in done.rows if noted.floor.state is FloorState.CLEARED],
        "no": [_line(noted) for noted in done.rows if noted.floor.state is FloorState.REFUSED],
    }


def _line(noted: Noted) -> dict[str, Any]:
    row = noted.floor
    return {"title": title_of(row.indicator), "wanted": row_facts(row), "why": row.why}


async def receipt(session: Session, done: Decided) -> Message:
    """What is said to the coordinator in the chat, with what is left."""
    left = await waiting(session, done.member.code)
    choices = (Choice(Deed.SEE_PROPOSALS, done.member.code, style="primary"),) if left else ()
    return Message(RECEIPT_KIND, {**decided_facts(done), "left": len(left)}, choices)


async def receipt_by_mail(
    session: Session, delivery: Delivery, contact: Contact | None, now: datetime
) -> Message | None:
    """The same as a mail, to who decided on a page, so that they learn of it if it was not they."""
    message = await decided(session, delivery, contact, now)
    if message is None:
        return None
    return Message(message.kind, {**message.facts, "left": 0})
