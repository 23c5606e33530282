"""The national yes itself: given, refused with a reason, or recorded from a letter that was signed on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot import audit, ledger, people, permissions, workdays
from bot.assessments.asking import ASK_KIND, ask_step, barred, open_step, stands
from bot.assessments.moves import (
    DUTIES_OF_CLEARING,
    MoveName,
    check_unlocked,
    hand_over,
    move,
    not_their_turn,
    seen,
    subject,
)
from bot.errors import NotFound, Refusal, SecretariatMayNotClear, WrongState
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Clearance, StoredFile
from db.queries import assessments as assessment_queries
from db.queries import clearances as queries
from db.queries import people as people_queries
from db.queries.assessments import Talk
from db.queries.clearances import Yes
from db.vocabulary import ClearanceState

LONGEST_LINE = 200
BY_LETTER_KIND = "clearance/by_letter"


class AlreadyCleared(WrongState):
    """The yes was given before. Facts: member, cycle, person, when, signatory, signed (both None without a letter)."""


class AlreadySentBack(WrongState):
    """It was answered with a no before. Facts: member, cycle, person, when, why."""


class ClearanceVoid(WrongState):
    """What was asked counts no more. Facts: member, cycle, why."""


class NotTheClearer(Refusal):
    """Somebody else is asked for this yes. Facts: member, cycle, role, agency."""


class AuthorMayNotClear(Refusal):
    """Whoever wrote an answer or handed it in may not clear it, by the member's own setting. Facts: member, cycle."""


class LetterRefused(Refusal):
    """A letter cannot be recorded so. Facts: problem, and for dates: signed, earliest."""


@dataclass(frozen=True)
class Letter:
    """A yes that was signed on paper."""

    signatory: str
    reference: str
    signed_on: date


@dataclass(frozen=True)
class Scanned:
    """The scan of a letter; `media_type` was told by its content."""

    sha256: str
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Given:
    """What a yes led to: the next step that is asked now, or, with None, the secretariat has it."""

    yes: Yes
    talk: Talk
    next: Clearance | None


async def asked_for(
    session: Session, by: Speaker, clearance_id: int, now: datetime, *, lock: bool = True
) -> tuple[Yes, Talk, Speaker]:
    """What somebody is asked to clear, and the person in the role in which they are asked.

    Args:
        lock: whoever decides waits for another's turn to end; False for who only looks.

    Raises:
        NotFound: there is no such thing, or it is another country's.
        NotTheClearer: somebody else is asked.
        AuthorMayNotClear: it is their own work.
        SecretariatMayNotClear: they are of the secretariat as well.
    """
    talk, yes = await _both(session, clearance_id, lock=lock)
    row, member = yes.clearance, talk.assessment.member_code
    hats = await people_queries.hats_of_person(session, by.person_id, workdays.register_day(now))
    own = [hat for hat in hats if hat.member == member]
    if not own:
        raise NotFound(what="clearance", named=str(clearance_id))
    held = [hat for hat in own if stands(hat, row.role, row.agency_id)]
    if not held:
        raise NotTheClearer(member=talk.member.name, cycle=talk.cycle.title, role=row.role.value, agency=yes.agency)
    if held[0].secretariat:
        raise SecretariatMayNotClear(member=talk.member.name, cycle=talk.cycle.title)
    if by.person_id in await barred(session, talk, row.asked_by):
        raise AuthorMayNotClear(member=talk.member.name, cycle=talk.cycle.title)
    by = people.speaker_of(held[0], by.via)
    permissions.require(by, Act.CLEAR, member)
    return yes, talk, by


async def _both(session: Session, clearance_id: int, *, lock: bool = True) -> tuple[Talk, Yes]:
    """The assessment first, so that another's turn about it has ended, and only then what is true of the yes."""
    assessment_id = await queries.assessment_of(session, clearance_id)
    talk = await assessment_queries.talk(session, assessment_id, lock=lock) if assessment_id else None
    yes = await queries.yes(session, clearance_id)
    if talk is None or yes is None:
        raise NotFound(what="clearance", named=str(clearance_id))
    return talk, yes


def check_waiting(yes: Yes, talk: Talk, now: datetime) -> None:
    """Let through while this yes is waited for.

    Raises:
        AlreadyCleared, AlreadySentBack, ClearanceVoid, Locked.
    """
    row = yes.clearance
    facts: dict[str, Any] = {"what": "clearance", "state": row.state.value}
    facts |= {"member": talk.member.name, "cycle": talk.cycle.title}
    done = {**facts, "person": yes.person, "when": row.decided_at}
    if row.state is ClearanceState.CLEARED:
        raise AlreadyCleared(**done, signatory=row.signatory, signed=row.signed_on)
    if row.state is ClearanceState.REFUSED:
        raise AlreadySentBack(**done, why=row.why)
    if row.state is ClearanceState.VOID:
        raise ClearanceVoid(**facts, why=row.why)
    check_unlocked(talk, now)


async def clear(session: Session, by: Speaker, clearance_id: int, now: datetime) -> Given:
    """Give the national yes to exactly the version that was asked about; with the last one it goes to the secretariat.

    Raises:
        NotFound, NotTheClearer, AuthorMayNotClear, AlreadyCleared, AlreadySentBack, ClearanceVoid, Locked.
    """
    yes, talk, by = await asked_for(session, by, clearance_id, now)
    values = {"state": ClearanceState.CLEARED, "person_id": by.person_id, "decided_at": now, "via": by.via}
    await _settle(session, yes, talk, now, values)
    return await _pass_on(session, by, yes.clearance.id, talk, MoveName.CLEAR, now)


async def _settle(session: Session, yes: Yes, talk: Talk, now: datetime, values: dict[str, Any]) -> None:
    check_waiting(yes, talk, now)
    row = yes.clearance
    if not await queries.decide(session, row.id, talk.assessment.version, **values):
        await session.refresh(row)
        if row.state is ClearanceState.ASKED:
            raise ClearanceVoid(
                what="clearance", state="void", member=talk.member.name, cycle=talk.cycle.title, why="changed"
            )
        check_waiting(await queries.yes(session, row.id) or yes, talk, now)
        raise not_their_turn(talk)
    await ledger.cancel(session, subject(talk.assessment.id), DUTIES_OF_CLEARING, now)


async def _pass_on(
    session: Session, by: Speaker, clearance_id: int, talk: Talk, name: MoveName, now: datetime
) -> Given:
    """After a yes: the next step is asked, or the secretariat has it. The member's people are told."""
    yes = await queries.yes(session, clearance_id)
    if yes is None:
        raise NotFound(what="clearance", named=str(clearance_id))
    step = await open_step(session, talk, yes.clearance.asked_by)
    following: Clearance | None = None
    if step is not None:
        await audit.record(session, by, name.value, subject(talk.assessment.id), now, clearance=clearance_id)
        following = await ask_step(session, talk, step, yes.clearance.asked_by, now)
    else:
        detail = {"clearance": clearance_id}
        author = yes.clearance.asked_by
        await hand_over(session, by, talk, name, author, now, guard=seen(talk.assessment.version), detail=detail)
        for question in await assessment_queries.open_questions(session, talk.assessment.id):
            question.answered_at = now
    await _tell_answering(session, talk, "clearance/given", clearance_id, now)
    return Given(yes, talk, following)


async def send_back(session: Session, by: Speaker, clearance_id: int, why: str, now: datetime) -> Talk:
    """A no, with its reason: the assessment is again with those who answer.

    Raises:
        NotFound, NotTheClearer, AuthorMayNotClear, AlreadyCleared, AlreadySentBack, ClearanceVoid, Locked.
    """
    if not why.strip():
        raise ValueError("a no needs its reason")
    yes, talk, by = await asked_for(session, by, clearance_id, now)
    values = {"state": ClearanceState.REFUSED, "person_id": by.person_id, "decided_at": now, "via": by.via}
    await _settle(session, yes, talk, now, {**values, "why": why.strip()})
    detail = {"clearance": clearance_id}
    if not await move(session, by, talk, MoveName.SEND_BACK, now, why=why.strip(), detail=detail):
        raise not_their_turn(talk)
    await _tell_answering(session, talk, "clearance/refused", clearance_id, now)
    return talk


async def letter_for(
    session: Session, by: Speaker, clearance_id: int, now: datetime, *, lock: bool = True
) -> tuple[Yes, Talk, date, Speaker]:
    """What a signed letter can be recorded for, the earliest day on which it can have been signed, and the person in
    the role in which they may record it.

    Args:
        lock: as for `asked_for`.

    Raises:
        NotFound: there is no such thing, or it is another country's.
        SecretariatMayNotClear, NotAllowed, AlreadyCleared, AlreadySentBack, ClearanceVoid, Locked.
    """
    talk, yes = await _both(session, clearance_id, lock=lock)
    member = talk.assessment.member_code
    hats = await people_queries.hats_of_person(session, by.person_id, workdays.register_day(now))
    own = [people.speaker_of(hat, by.via) for hat in hats if hat.member == member]
    if not own:
        raise NotFound(what="clearance", named=str(clearance_id))
    if hats[0].secretariat:
        raise SecretariatMayNotClear(member=talk.member.name, cycle=talk.cycle.title)
    by = next((each for each in own if permissions.allowed(each, Act.RECORD_LETTER, member)), own[0])
    permissions.require(by, Act.RECORD_LETTER, member)
    check_waiting(yes, talk, now)
    version = talk.assessment.version
    asked = [each.clearance for each in await queries.of_assessment(session, talk.assessment.id)]
    first = min(row.asked_at for row in asked if row.version == version)
    return yes, talk, workdays.local(first, talk.member.zone).date(), by


async def record_letter(
    session: Session, by: Speaker, clearance_id: int, letter: Letter, scan: Scanned, now: datetime
) -> Given:
    """Record a yes that was signed on paper, by the member's own people.

    Raises:
        LetterRefused: something is missing, or its date cannot be.
        NotFound, NotAllowed, AlreadyCleared, AlreadySentBack, ClearanceVoid, Locked.
    """
    yes, talk, earliest, by = await letter_for(session, by, clearance_id, now)
    today = workdays.local(now, talk.member.zone).date()
    check_letter(letter, earliest, today)
    file = StoredFile(
        member_code=talk.assessment.member_code,
        sha256=scan.sha256,
        name=scan.name,
        media_type=scan.media_type,
        size=len(scan.content),
        content=scan.content,
        added_by=by.person_id,
        added_at=now,
    )
    session.add(file)
    await session.flush()
    values = {
        "state": ClearanceState.CLEARED,
        "person_id": by.person_id,
        "decided_at": now,
        "via": by.via,
        "signatory": letter.signatory.strip(),
        "reference": letter.reference.strip(),
        "signed_on": letter.signed_on,
        "scan_id": file.id,
    }
    await _settle(session, yes, talk, now, values)
    await _tell_asked(session, by, talk, yes.clearance, now)
    return await _pass_on(session, by, clearance_id, talk, MoveName.RECORD_LETTER, now)


async def _tell_asked(session: Session, by: Speaker, talk: Talk, row: Clearance, now: datetime) -> None:
    """Nobody's yes is given unseen: whoever was asked for it, or holds its role, hears that a letter stands for it."""
    about, member = subject(talk.assessment.id), talk.assessment.member_code
    told = await queries.told(session, about, ASK_KIND)
    hats = await people_queries.holders(session, [row.role], workdays.register_day(now), member)
    asked = {each.person_id or 0 for each in told if each.facts.get("clearance") == row.id}
    asked |= {hat.person_id for hat in hats if stands(hat, row.role, row.agency_id)}
    await ledger.queue_all(
        session,
        now,
        [
            ledger.Entry(
                key=ledger.key("clearance-by-letter", row.id, person_id),
                kind=BY_LETTER_KIND,
                subject=about,
                person_id=person_id,
                facts={"clearance": row.id},
            )
            for person_id in sorted(asked - {0, by.person_id})
        ],
    )


def check_letter(letter: Letter, earliest: date, today: date) -> None:
    """Let through a letter that can be.

    Args:
        earliest: the day on which this version was handed in.
        today: the day in the member's capital.

    Raises:
        LetterRefused.
    """
    if not letter.signatory.strip() or len(letter.signatory.strip()) > LONGEST_LINE:
        raise LetterRefused(problem="signatory")
    if not letter.reference.strip() or len(letter.reference.strip()) > LONGEST_LINE:
        raise LetterRefused(problem="reference")
    if letter.signed_on > today:
        raise LetterRefused(problem="future", signed=letter.signed_on)
    if letter.signed_on < earliest:
        raise LetterRefused(problem="too_early", signed=letter.signed_on, earliest=earliest)


async def _tell_answering(session: Session, talk: Talk, kind: str, clearance_id: int, now: datetime) -> None:
    await ledger.queue(
        session,
        now,
        key=ledger.key(kind, clearance_id),
        kind=kind,
        subject=subject(talk.assessment.id),
        facts={"clearance": clearance_id, **people.to_role(talk.assessment.member_code)},
    )
