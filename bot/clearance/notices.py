"""What the ledger brings about a clearance, composed anew when it is sent. None: the need is gone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from bot import assessments, editions, workdays
from bot.assessments import asking, clearing
from bot.clearance.shown import about, choices, how_given, waited, waits, whole
from bot.ledger import wait_for_work
from bot.messages import Choice, Deed, Message
from bot.people import Contact
from bot.workdays import Place
from db.engine import Session
from db.models import Delivery
from db.queries import assessments as assessment_queries
from db.queries import clearances as queries
from db.queries import people as people_queries
from db.queries.assessments import Talk
from db.queries.clearances import Yes
from db.vocabulary import AssessmentState, ClearanceState

# (person id, clearance id, until) -> the page on which this person clears; None without a public address.
LinkFor = Callable[[int, int, datetime], str | None]
Composer = Callable[[Session, Delivery, Contact | None, datetime], Awaitable[Message | None]]
# What the link in a mail is good for.
CLEAR_LINK = "clear"
# A cycle may get more time, and its links go on.
LINK_LIVES = timedelta(days=30)


async def _of(session: Session, delivery: Delivery) -> tuple[Yes, Talk] | None:
    yes = await queries.yes(session, int(delivery.facts["clearance"]))
    talk = await assessment_queries.talk(session, yes.clearance.assessment_id) if yes else None
    return (yes, talk) if yes is not None and talk is not None else None


async def _still_asked(
    session: Session, delivery: Delivery, contact: Contact | None, now: datetime
) -> tuple[Yes, Talk] | None:
    """The yes that is waited for, where this person may give it today."""
    found = await _of(session, delivery)
    if found is None or contact is None:
        return None
    yes, talk = found
    if yes.clearance.state is not ClearanceState.ASKED or assessments.is_locked(talk, now):
        return None
    holders = await asking.holders(session, talk, yes.clearance, now)
    return found if contact.person_id in {hat.person_id for hat in holders} else None


def ask_with(link: LinkFor) -> Composer:
    """The composer of the question for the national yes.

    Args:
        link: where it is given on a page, by who reads mails.
    """

    async def ask(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
        found = await _still_asked(session, delivery, contact, now)
        if found is None or contact is None:
            return None
        yes, talk = found
        page = link(contact.person_id, yes.clearance.id, talk.closes_at + LINK_LIVES)
        facts = {**await whole(session, talk, yes), "name": contact.name, "link": page}
        return Message(asking.ASK_KIND, facts, choices(yes))

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
        yes, talk = found
        wait_for_work(Place(contact.reader.zone, talk.member.calendar, delivery.facts["hour"]), now)
        facts = {
            **about(talk),
            "name": contact.name,
            "author": yes.asked_by,
            "asked": yes.clearance.asked_at,
            "days": waited(talk, yes.clearance.asked_at, now),
            "late": now > talk.due_at,
            "link": link(contact.person_id, yes.clearance.id, talk.closes_at + LINK_LIVES),
        }
        see = Choice(Deed.SEE_CLEARANCE, str(yes.clearance.id), style="primary")
        return Message(asking.REMIND_KIND, facts, (see,))

    return remind


async def nobody(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """Nobody can be asked for a yes: to the secretariat, and to those who answer."""
    found = await _of(session, delivery)
    if found is None:
        return None
    yes, talk = found
    if yes.clearance.state is not ClearanceState.ASKED or await asking.holders(session, talk, yes.clearance, now):
        return None
    facts = {
        **about(talk),
        "role": yes.clearance.role.value,
        "agency": yes.agency,
        "author": yes.asked_by,
        "held": await asking.in_the_way(session, talk, yes.clearance, now),
        "secretariat": contact is None,
    }
    letter = Choice(Deed.RECORD_LETTER, str(yes.clearance.id))
    return Message(asking.NOBODY_KIND, facts, () if contact is None else (letter,))


async def given(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """A yes was given: to those who answer, unless it was their own deed."""
    found = await _of(session, delivery)
    if found is None or contact is None or found[0].clearance.person_id == contact.person_id:
        return None
    yes, talk = found
    row = yes.clearance
    # What happened since says it better.
    if row.state is not ClearanceState.CLEARED:
        return None
    waiting = talk.assessment.state is AssessmentState.AWAITING_CLEARANCE
    return Message(
        "clearance/given",
        {
            **about(talk),
            **how_given(yes),
            "name": contact.name,
            "next": await waits(session, talk, now) if waiting else None,
        },
    )


async def by_letter(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """A letter was recorded as somebody's yes: to whoever was asked for it, so that they can say if it is wrong."""
    found = await _of(session, delivery)
    if found is None or contact is None:
        return None
    yes, talk = found
    row = yes.clearance
    hats = await people_queries.hats_of_person(session, contact.person_id, workdays.register_day(now))
    if row.scan_id is None or talk.assessment.member_code not in {hat.member for hat in hats}:
        return None
    return Message(
        clearing.BY_LETTER_KIND,
        {
            **about(talk),
            **how_given(yes),
            "name": contact.name,
        },
        (Choice(Deed.SEE_LETTER, str(row.id)),),
    )


async def refused(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:  # noqa: ARG001 - a composer's signature
    """A no with its reason: to those who answer, with the way on."""
    found = await _of(session, delivery)
    if found is None or contact is None:
        return None
    yes, talk = found
    if talk.assessment.state is not AssessmentState.IN_PROGRESS:
        return None
    facts: dict[str, Any] = {
        **about(talk),
        "name": contact.name,
        "person": yes.person,
        "when": yes.clearance.decided_at,
        "why": yes.clearance.why,
    }
    value = f"{talk.assessment.id}:0::"
    return Message("clearance/refused", facts, (Choice(Deed.REVIEW, value, style="primary"),))


async def void(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """What somebody was asked, or had said yes to, counts no more."""
    found = await _of(session, delivery)
    if found is None or contact is None:
        return None
    yes, talk = found
    hats = await people_queries.hats_of_person(session, contact.person_id, workdays.register_day(now))
    if talk.assessment.member_code not in {hat.member for hat in hats}:
        return None
    questions = editions.questions(talk.cycle, talk.assessment)
    code = delivery.facts["indicator"]
    return Message(
        "clearance/void",
        {
            **about(talk),
            "name": contact.name,
            "why": delivery.facts["why"],
            "by": delivery.facts["by"],
            "when": datetime.fromisoformat(delivery.facts["when"]),
            "title": questions.indicator(code).title if code and code in questions else None,
            "cleared": yes.clearance.decided_at if yes.clearance.person_id == contact.person_id else None,
        },
    )


async def closed(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """The cycle closed while a yes was waited for: to those who were asked, and to those who answer."""
    talk = await assessment_queries.talk(session, int(delivery.subject.split(":")[1]))
    if talk is None or contact is None or not assessments.is_locked(talk, now):
        return None
    waiting = await waits(session, talk, now)
    if talk.assessment.state is not AssessmentState.AWAITING_CLEARANCE or waiting is None:
        return None
    hats = await people_queries.hats_of_person(session, contact.person_id, workdays.register_day(now))
    if talk.assessment.member_code not in {hat.member for hat in hats}:
        return None
    return Message("clearance/closed", {**about(talk), "name": contact.name, "waits": waiting})


async def receipt(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """What somebody did on a page, to their own address: so that they learn of it if it was not they."""
    found = await _of(session, delivery)
    if found is None or contact is None:
        return None
    yes, talk = found
    row = yes.clearance
    if row.decided_at is None:
        return None
    if row.state is ClearanceState.REFUSED:
        facts = {**about(talk), "person": yes.person, "why": row.why, "when": row.decided_at}
        return Message("clearance/sent_back", facts)
    waiting = talk.assessment.state is AssessmentState.AWAITING_CLEARANCE
    return Message(
        "clearance/receipt",
        {
            **about(talk),
            "person": yes.person,
            "when": row.decided_at,
            "version": row.version,
            "via": row.via.value if row.via else None,
            "signatory": row.signatory,
            "reference": row.reference,
            "signed": row.signed_on,
            "next": await waits(session, talk, now) if waiting else None,
        },
    )
