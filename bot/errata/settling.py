"""A member that had answered a corrected question keeps its answer, or wants to change it. Silence is never consent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import audit, editions, ledger, permissions
from bot.assessments import is_locked, reply_of
from bot.assessments import subject as about
from bot.errata.listing import outside, recorded
from bot.errors import NotFound
from bot.messages import Message
from bot.permissions import Act
from bot.reading import write
from bot.speaker import Speaker
from db.engine import Session
from db.models import Delivery
from db.queries import assessments as assessment_queries
from db.queries import errata as queries
from db.queries.errata import Asked
from db.vocabulary import ANSWERABLE, AssessmentState, CycleState, ErratumState

WANTED_KIND = "erratum/wanted"


async def find(session: Session, by: Speaker, number: int, *, lock: bool = True) -> Asked:
    """What was asked about one answer of a member; another's is not even there.

    Raises:
        NotFound: there is none, it is not theirs, or its cycle is over.
    """
    found = await queries.asked(session, number)
    if found is None or not permissions.allowed(by, Act.ANSWER, found.assessment.member_code):
        raise NotFound(what="erratum", named=str(number))
    if found.cycle.state not in (CycleState.OPEN, CycleState.CLOSED):
        raise NotFound(what="erratum", named=str(number))
    if lock:
        await assessment_queries.talk(session, found.assessment.id, lock=True)
        await session.refresh(found.asked)
    return found


def answerable(one: Asked, now: datetime) -> bool:
    """Whether the member can still change the answer itself."""
    return one.assessment.state in ANSWERABLE and not is_locked(one, now)


async def facts_of(session: Session, one: Asked) -> dict[str, Any]:
    """The question as it was and as it is, and the answer that stands."""
    indicator = editions.edition(one.erratum.edition).indicator(one.erratum.indicator)
    answer = await assessment_queries.answer(session, one.assessment.id, indicator.code)
    return {
        "number": one.asked.id,
        "member": one.member.name,
        "cycle": one.cycle.title,
        "title": indicator.title,
        "question": indicator.question,
        "changes": recorded(one.erratum.changes),
        "why": one.erratum.why,
        "issued": one.erratum.issued_at,
        "value": write(reply_of(answer), indicator) if answer else None,
        "outside": outside(indicator, answer.number if answer else None),
        "minimum": indicator.minimum,
        "maximum": indicator.maximum,
        "state": one.asked.state.value,
        "settled": one.asked.settled_at,
        "handed_in": one.assessment.state not in ANSWERABLE,
        "awaits": one.assessment.state is AssessmentState.AWAITING_CLEARANCE,
    }


async def keep(session: Session, by: Speaker, number: int, now: datetime) -> Message:
    """The answer stands as it is.

    Raises:
        NotFound: it is not theirs, or its cycle is over.
    """
    one = await find(session, by, number)
    done = False
    if one.asked.state in (ErratumState.ASKED, ErratumState.WANTED):
        for row in await queries.waiting(session, one.assessment.id, one.erratum.indicator, up_to=one.erratum.id):
            done |= await queries.settle(session, row.id, ErratumState.KEPT, by.person_id, now)
        await session.refresh(one.asked)
        await _record(session, by, one, "keep_answer", now)
    return Message("erratum/kept", {**await facts_of(session, one), "again": not done})


async def want(session: Session, by: Speaker, one: Asked, now: datetime) -> Message:
    """The answer should be another, but is handed in or closed: the secretariat is told, which may return it.

    Raises:
        NotFound, NotAllowed.
    """
    permissions.require(by, Act.ANSWER, one.assessment.member_code)
    told = one.asked.state in (ErratumState.ASKED, ErratumState.KEPT)
    if told:
        one.asked.state, one.asked.settled_at, one.asked.settled_by = ErratumState.WANTED, now, by.person_id
        await session.flush()
        number = await _record(session, by, one, "want_change", now)
        await ledger.queue(
            session,
            now,
            # It may be kept after all, and wanted once more.
            key=ledger.key("erratum-wanted", one.asked.id, number),
            kind=WANTED_KIND,
            subject=about(one.assessment.id),
            channel="secretariat",
            facts={"asked": one.asked.id},
        )
    return Message("erratum/wants", {**await facts_of(session, one), "again": not told})


async def _record(session: Session, by: Speaker, one: Asked, act: str, now: datetime) -> int:
    erratum, subject = one.erratum, about(one.assessment.id)
    return await audit.record(session, by, act, subject, now, erratum=erratum.id, indicator=erratum.indicator)


async def _of(session: Session, delivery: Delivery) -> Asked | None:
    return await queries.asked(session, int(delivery.facts["asked"]))


async def wanted_of(session: Session, delivery: Delivery) -> Asked | None:
    """What a delivery to the secretariat is about; None where it was settled since."""
    one = await _of(session, delivery)
    return one if one is not None and one.asked.state is ErratumState.WANTED else None


async def asked_of(session: Session, delivery: Delivery) -> Asked | None:
    """What a delivery to a member is about; None where it was settled since, or its cycle is over."""
    one = await _of(session, delivery)
    if one is None or one.asked.state is not ErratumState.ASKED:
        return None
    return one if one.cycle.state in (CycleState.OPEN, CycleState.CLOSED) else None
