"""What becomes of a part: handed over by the contributor, nudged about or taken back by who gave it, or overtaken."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot import assessments, audit, ledger, people, permissions, workdays
from bot.assessments import DUTIES_OF_CONTRIBUTING, overtake_part, part_settled, part_subject, title_of_part
from bot.delegation.entries import fresh_entry
from bot.editions import questions as questions_of
from bot.errors import NotFound, Refusal
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Delegation
from db.queries import delegations as queries
from db.queries import people as people_queries
from db.queries.assessments import Talk
from db.queries.delegations import Due, Own
from db.vocabulary import DelegationState, Role

log = structlog.get_logger("spnet.delegation")

NUDGE_KIND = "delegation/nudge"
HANDED_OVER_KIND = "delegation/handed_over"
TAKEN_BACK_KIND = "delegation/taken_back"
ONCE_A_DAY = timedelta(days=1)
OPEN = (DelegationState.OPEN,)


class AlreadyNudged(Refusal):
    """They were nudged a short while ago. Facts: person, part, since, again."""


class NoContributor(Refusal):
    """Whoever has the part is no contributor of this country any more. Facts: person, part, member."""


async def contributes(session: Session, own: Own, now: datetime) -> bool:
    """Whether whoever has a part is a contributor of its country today."""
    held = await people_queries.hats_of_person(session, own.delegation.person_id, workdays.register_day(now))
    return any(hat.role is Role.CONTRIBUTOR and hat.member == own.talk.assessment.member_code for hat in held)


async def found(session: Session, by: Speaker, delegation_id: int) -> tuple[Own, str]:
    """One part of the speaker's own member, under its assessment's lock, and whose it is.

    Raises:
        NotFound: there is none, or it is another country's.
    """
    own = await queries.own(session, delegation_id, lock=True)
    if own is None or not permissions.allowed(by, Act.DELEGATE, own.talk.assessment.member_code):
        raise NotFound(what="part", named=str(delegation_id))
    part = await queries.part(session, delegation_id)
    return own, part.person if part else ""


async def done(session: Session, by: Speaker, talk: Talk, delegation: Delegation, now: datetime) -> None:
    """A contributor hands their part over; whoever answers for the member is told, once.

    Raises:
        NotAllowed, NotFound, PartSettled, Locked.
    """
    assessments.check_contributor(by, talk, delegation)
    assessments.check_unlocked(talk, now)
    if not await queries.settle(session, delegation.id, DelegationState.DONE, now, sources=OPEN):
        await session.refresh(delegation)
        raise part_settled(talk, delegation)
    about = part_subject(delegation.id)
    await ledger.cancel(session, about, DUTIES_OF_CONTRIBUTING, now)
    await ledger.queue(
        session,
        now,
        key=ledger.key("part-done", delegation.id),
        kind=HANDED_OVER_KIND,
        subject=about,
        facts=people.to_role(talk.assessment.member_code),
    )
    await audit.record(session, by, "hand_over", assessments.subject(talk.assessment.id), now, delegation=delegation.id)


async def take_back(session: Session, by: Speaker, delegation_id: int, now: datetime) -> dict[str, str]:
    """Whoever answers for the member takes a part back. What the contributor wrote stays, and they are told.

    Returns:
        What to say of it: did, person, part.

    Raises:
        NotFound, PartSettled.
    """
    own, person = await found(session, by, delegation_id)
    permissions.require(by, Act.DELEGATE, own.talk.assessment.member_code)
    if not await queries.settle(session, delegation_id, DelegationState.TAKEN_BACK, now, sources=OPEN):
        raise part_settled(own.talk, own.delegation)
    about = part_subject(delegation_id)
    await ledger.cancel(session, about, DUTIES_OF_CONTRIBUTING, now)
    await ledger.queue(
        session,
        now,
        key=ledger.key("part-taken-back", delegation_id),
        kind=TAKEN_BACK_KIND,
        subject=about,
        person_id=own.delegation.person_id,
        facts={"by": by.name},
    )
    await audit.record(
        session, by, "take_back", assessments.subject(own.talk.assessment.id), now, delegation=delegation_id
    )
    return {"did": "taken_back", "person": person, "part": _title(own)}


async def nudge(session: Session, by: Speaker, delegation_id: int, now: datetime) -> dict[str, str]:
    """Remind a contributor by hand, at most once a day.

    Returns:
        What to say of it: did, person, part.

    Raises:
        NotFound, PartSettled, AlreadyNudged, NoContributor.
    """
    own, person = await found(session, by, delegation_id)
    permissions.require(by, Act.DELEGATE, own.talk.assessment.member_code)
    if own.delegation.state is DelegationState.OPEN and not await contributes(session, own, now):
        raise NoContributor(person=person, part=_title(own), member=own.talk.member.name)
    if not await queries.nudge(session, delegation_id, now, now - ONCE_A_DAY):
        if own.delegation.state is not DelegationState.OPEN or own.delegation.nudged_at is None:
            raise part_settled(own.talk, own.delegation)
        since = own.delegation.nudged_at
        raise AlreadyNudged(person=person, part=_title(own), since=since, again=since + ONCE_A_DAY)
    await fresh_entry(session, own.delegation, own.talk.closes_at, own.talk.member.zone, now)
    await ledger.queue(
        session,
        now,
        key=ledger.key("part-nudge", delegation_id, f"{now:%Y%m%dT%H%M%SZ}"),
        kind=NUDGE_KIND,
        subject=part_subject(delegation_id),
        person_id=own.delegation.person_id,
        facts={"by": by.name},
    )
    await audit.record(session, by, "nudge", assessments.subject(own.talk.assessment.id), now, delegation=delegation_id)
    return {"did": "nudged", "person": person, "part": _title(own)}


async def end_what_is_over(session: Session, now: datetime) -> list[Due]:
    """Parts of a cycle that takes no answers any more are overtaken, and their people told; the others, still open.

    The clock brings this: it may run twice.
    """
    still_open: list[Due] = []
    for one in await queries.open_parts(session, workdays.register_day(now)):
        if not assessments.is_locked(one, now):
            still_open.append(one)
        elif await overtake_part(session, one.delegation, now):
            log.info("part_overtaken", delegation=one.delegation.id)
    return still_open


def _title(own: Own) -> str:
    return title_of_part(
        questions_of(own.talk.cycle, own.talk.assessment), own.delegation.section, own.delegation.indicator
    )
