"""The national yes on a page, behind the signed link of a mail: looked at, given, or refused with a reason.

Looking changes nothing, as mail gateways and previews look too. What is done goes as a receipt to the person's own
address, so that they learn of it if it was not they.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import ledger, people, workdays
from bot.assessments import clearing
from bot.assessments.moves import subject
from bot.clearance.shown import LONGEST_REASON, about, waits, whole
from bot.errors import NotFound
from bot.people import DEFAULT_LOCALE
from bot.speaker import Speaker
from bot.words import Reader
from db.engine import Session
from db.queries import people as people_queries
from db.vocabulary import Medium, Via

RECEIPT_KIND = "clearance/receipt"


@dataclass(frozen=True)
class Looked:
    """What the page shows, and in whose zone and date style."""

    facts: dict[str, Any]
    reader: Reader


async def speaker(session: Session, person_id: int, now: datetime) -> Speaker:
    """Who holds the link, in a role that they hold today.

    Raises:
        NotFound: they hold none any more.
    """
    hats = await people_queries.hats_of_person(session, person_id, workdays.register_day(now))
    if not hats:
        raise NotFound(what="person", named=str(person_id))
    return people.speaker_of(hats[0], Via.PAGE)


def reader_of(by: Speaker) -> Reader:
    """In whose zone and date style a page is read."""
    return Reader(by.zone, by.locale or DEFAULT_LOCALE)


async def look(session: Session, by: Speaker, clearance_id: int, now: datetime) -> Looked:
    """The whole assessment, for who is asked to clear it.

    Raises:
        NotFound, NotTheClearer, AuthorMayNotClear, AlreadyCleared, AlreadySentBack, ClearanceVoid, Locked.
    """
    yes, talk, by = await clearing.asked_for(session, by, clearance_id, now, lock=False)
    clearing.check_waiting(yes, talk, now)
    facts = {**await whole(session, talk, yes), "name": by.name, "longest": LONGEST_REASON}
    return Looked(facts, reader_of(by))


async def clear(session: Session, by: Speaker, clearance_id: int, now: datetime) -> dict[str, Any]:
    """Give the yes, with a receipt; what the page says then.

    Raises:
        As `look`.
    """
    passed = await clearing.clear(session, by, clearance_id, now)
    await _receipt(session, by, clearance_id, passed.talk.assessment.id, now)
    more = await waits(session, passed.talk, now) if passed.next is not None else None
    return {**about(passed.talk), "person": passed.yes.person, "when": now, "why": None, "next": more}


async def send_back(session: Session, by: Speaker, clearance_id: int, why: str, now: datetime) -> dict[str, Any]:
    """Say no with a reason, with a receipt; what the page says then.

    Args:
        why: not empty; what is longer than LONGEST_REASON is cut.

    Raises:
        As `look`.
    """
    why = why[:LONGEST_REASON]
    talk = await clearing.send_back(session, by, clearance_id, why, now)
    await _receipt(session, by, clearance_id, talk.assessment.id, now)
    return {**about(talk), "person": by.name, "when": now, "why": why, "next": None}


async def _receipt(session: Session, by: Speaker, clearance_id: int, assessment_id: int, now: datetime) -> None:
    await ledger.queue(
        session,
        now,
        key=ledger.key("clearance-receipt", clearance_id),
        kind=RECEIPT_KIND,
        subject=subject(assessment_id),
        person_id=by.person_id,
        medium=Medium.EMAIL,
        facts={"clearance": clearance_id},
    )
