"""What the ledger brings about a part, composed anew when it is sent. None: the need is gone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot import assessments, workdays
from bot.assessments import narrowed, title_of_part
from bot.delegation.entries import LINK_KIND, asker
from bot.delegation.settling import HANDED_OVER_KIND, NUDGE_KIND, contributes
from bot.editions import questions as questions_of
from bot.messages import Choice, Deed, Message
from bot.people import Contact
from db.engine import Session
from db.models import Delivery, Entry
from db.queries import assessments as assessment_queries
from db.queries import delegations as queries
from db.queries.delegations import Own
from db.vocabulary import ANSWERABLE, Availability, DelegationState

# The address of a link's page; None: people cannot reach the pages.
Links = Callable[[Entry], str | None]
Composer = Callable[[Session, Delivery, Contact | None, datetime], Awaitable[Message | None]]

ASK_KIND = "delegation/ask"
PASSED_KIND = "delegation/passed"
REMINDER_KIND = "delegation/reminder"


async def _own(session: Session, delivery: Delivery, *states: DelegationState) -> Own | None:
    own = await queries.own(session, int(delivery.subject.split(":")[1]))
    return own if own is not None and own.delegation.state in states else None


async def _about(session: Session, own: Own) -> dict[str, Any]:
    """The facts that every notice names: country, cycle, part, day, how far."""
    delegation, questions = own.delegation, questions_of(own.talk.cycle, own.talk.assessment)
    inside = narrowed(questions, delegation).indicators
    answers = await assessment_queries.answers(session, own.talk.assessment.id)
    part = await queries.part(session, delegation.id)
    left = [i for i in inside if i.code not in answers or answers[i.code].availability is Availability.SKIPPED]
    return {
        "member": own.talk.member.name,
        "cycle": own.talk.cycle.title,
        "part": title_of_part(questions, delegation.section, delegation.indicator),
        "person": part.person if part else "",
        "agency": part.agency if part else None,
        "due": delegation.due_on,
        "answered": len(inside) - len(left),
        "total": len(inside),
        "questions": [indicator.title for indicator in inside],
        "left": [indicator.title for indicator in left],
    }


def _asking(kind: str, link: Links) -> Composer:
    """A notice that asks a contributor for their part: in chat by a button, by mail by the link of a page."""

    async def ask(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
        own = await _own(session, delivery, DelegationState.OPEN)
        if own is None or contact is None or assessments.is_locked(own.talk, now):
            return None
        if not await contributes(session, own, now):
            return None
        entry = await _entry(session, delivery, own)
        part = await queries.part(session, own.delegation.id)
        facts = {
            **await _about(session, own),
            "name": contact.name,
            "note": own.delegation.note,
            **await asker(session, own, now),
            "by": delivery.facts.get("by") or (part.given_by if part else ""),
            "late": workdays.local(now, contact.reader.zone).date() > own.delegation.due_on,
            "link": link(entry) if entry is not None and entry.expires_at > now else None,
            "expires": entry.expires_at if entry else None,
            "in_chat": contact.slack_id is not None,
        }
        value = f"{own.talk.assessment.id}:0:::{own.delegation.id}"
        return Message(kind, facts, (Choice(Deed.START, value, label="answer_now", style="primary"),))

    return ask


async def _entry(session: Session, delivery: Delivery, own: Own) -> Entry | None:
    if "entry" in delivery.facts:
        return await queries.entry(session, delivery.facts["entry"])
    return await queries.newest_entry(session, own.delegation.id)


def notices_with(link: Links) -> dict[str, Composer]:
    """What is said to contributors who still have a part: handed to them, reminded of by whoever gave it, by their own
    date, and another link that was asked for on the page."""
    return {kind: _asking(kind, link) for kind in (ASK_KIND, NUDGE_KIND, REMINDER_KIND, LINK_KIND)}


async def handed_over(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:  # noqa: ARG001 - a composer's signature
    """A contributor has handed their part over: told to whoever answers for the member."""
    own = await _own(session, delivery, DelegationState.DONE)
    if own is None or contact is None:
        return None
    assessment_id = own.talk.assessment.id
    choices: tuple[Choice, ...] = ()
    if own.talk.assessment.state in ANSWERABLE:
        choices = (
            Choice(Deed.REVIEW, f"{assessment_id}:0::", style="primary"),
            Choice(Deed.WRITTEN, str(assessment_id)),
            Choice(Deed.CONTRIBUTORS, str(assessment_id)),
        )
    facts = {**await _about(session, own), "name": contact.name, "when": own.delegation.settled_at}
    return Message(HANDED_OVER_KIND, facts, choices)


async def passed(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """A contributor's day is over and the part still open: told to whoever answers for the member."""
    own = await _own(session, delivery, DelegationState.OPEN)
    if own is None or contact is None or assessments.is_locked(own.talk, now):
        return None
    about = await _about(session, own)
    value, facts = str(own.delegation.id), {"person": about["person"], "part": about["part"]}
    choices = (
        Choice(Deed.NUDGE, value, "nudge_person", facts),
        Choice(Deed.TAKE_BACK, value, "take_back_part", facts),
        Choice(Deed.CONTRIBUTORS, str(own.talk.assessment.id)),
    )
    known = await contributes(session, own, now)
    return Message(
        PASSED_KIND,
        {**about, "name": contact.name, "cycle_due": own.talk.due_at, "contributes": known},
        choices if known else choices[1:],
    )


async def taken_back(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """A part was taken back from a contributor: they are told."""
    return await _ended(session, delivery, contact, now, DelegationState.TAKEN_BACK)


async def overtaken(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """The assessment went on without a part: whoever had it is told."""
    return await _ended(session, delivery, contact, now, DelegationState.OVERTAKEN)


async def _ended(
    session: Session, delivery: Delivery, contact: Contact | None, now: datetime, state: DelegationState
) -> Message | None:
    own = await _own(session, delivery, state)
    if own is None or contact is None or not await contributes(session, own, now):
        return None
    facts = {
        **await _about(session, own),
        "name": contact.name,
        "by": delivery.facts.get("by", ""),
        "when": own.delegation.settled_at,
    }
    return Message(delivery.kind, facts)
