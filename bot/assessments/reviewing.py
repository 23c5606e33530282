"""The secretariat's side of an assessment: take it in hand, agree to answers, accept it, return it, undo that."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot import audit, editions, experiences, ledger, people, permissions
from bot.assessments import threads
from bot.assessments.moves import (
    DUTIES_OF_REVIEW,
    MOVES,
    AnswersChanged,
    MoveName,
    check_unlocked,
    move,
    not_their_turn,
    seen,
    subject,
)
from bot.errors import NotFound, Refusal
from bot.permissions import Act
from bot.reading import clean
from bot.speaker import Speaker
from db.engine import Session
from db.queries import assessments as queries
from db.queries import reviews as review_queries
from db.queries.assessments import Given, Talk
from db.vocabulary import AssessmentState, CycleState, ExperienceState

# What waits for the country and loses its need when the secretariat decides something new.
TOLD = ("assessment/accepted", "assessment/undone")


class ReasonNeeded(Refusal):
    """A deed that needs a reason came without one. Facts: member, cycle."""


class AlreadyPublished(Refusal):
    """Its cycle is published: what was accepted stands. Facts: member, cycle, when."""


class NothingToSetAside(Refusal):
    """An answer that is to be set aside was never given. Facts: member, cycle, titles."""


async def begin_review(session: Session, by: Speaker, talk: Talk, now: datetime) -> None:
    """The secretariat takes a submission in hand: from here on it cannot be withdrawn. The first reviewer stands.

    Raises:
        NotAllowed, NotThePersonsTurn.
    """
    permissions.require(by, Act.REVIEW, talk.assessment.member_code)
    begun = await queries.begin_review(session, talk.assessment.id, now, by.person_id)
    await session.refresh(talk.assessment)
    if begun:
        await audit.record(session, by, "begin_review", subject(talk.assessment.id), now)
    elif talk.assessment.state is not AssessmentState.SUBMITTED:
        raise not_their_turn(talk)


async def mark_fine(
    session: Session, by: Speaker, talk: Talk, version: int, codes: Collection[str], now: datetime
) -> set[str]:
    """Agree to answers as they stand: at the next round they are shown in short, unless they change.

    Args:
        codes: questions; those without an answer are passed over.

    Returns:
        All that is agreed to now.

    Raises:
        AnswersChanged, NotThePersonsTurn, NotAllowed.
    """
    await begin_review(session, by, talk, now)
    if talk.assessment.version != version:
        raise AnswersChanged(member=talk.member.name, cycle=talk.cycle.title)
    said = await review_queries.said_at(session, talk.assessment.id)
    marked = {code: said[code] for code in codes if code in said}
    await review_queries.mark(session, talk.assessment.id, marked, by.person_id, now)
    about = subject(talk.assessment.id)
    await audit.record(session, by, "mark_fine", about, now, indicators=sorted(marked), version=version)
    return await review_queries.agreed(session, talk.assessment.id)


async def accept(
    session: Session,
    by: Speaker,
    talk: Talk,
    version: int,
    now: datetime,
    aside: Mapping[str, str] | None = None,
) -> None:
    """Accept exactly the version that was seen. Its section H becomes shared experiences; the member is told.

    Args:
        aside: answers that it is accepted without, and why: they stay the country's, and count for nothing outside it.

    Raises:
        ReasonNeeded: an answer is to be set aside without a reason.
        NothingToSetAside: such an answer was not given.
        AnswersChanged: an answer changed since.
        NotThePersonsTurn: also where its cycle was called off.
        NotAllowed.
    """
    permissions.require(by, Act.REVIEW, talk.assessment.member_code)
    if talk.cycle.state is CycleState.CANCELLED:
        raise not_their_turn(talk)
    answers = await queries.answers(session, talk.assessment.id)
    without = _reasons(talk, answers, aside or {})
    settled: dict[str, Any] = {"accepted_at": now, "accepted_by": by.person_id}
    if without:
        settled["detail"] = {"aside": without}
    number = await _review_move(session, by, talk, MoveName.ACCEPT, version, now, **settled)
    await review_queries.take_all_back(session, talk.assessment.id)
    await review_queries.set_aside(session, talk.assessment.id, without)
    count = {code: answer for code, answer in answers.items() if code not in without}
    await experiences.offer_from_assessment(session, by, talk, count, now)
    await _tell_answering(session, talk, "assessment/accepted", number, now)


def _reasons(talk: Talk, answers: Mapping[str, Given], aside: Mapping[str, str]) -> dict[str, str]:
    questions = editions.questions(talk.cycle, talk.assessment)
    for code in aside:
        if code not in questions:
            raise NotFound(what="question", named=code)
    lacking = [code for code in aside if code not in answers]
    if lacking:
        titles = [questions.indicator(code).title for code in lacking]
        raise NothingToSetAside(member=talk.member.name, cycle=talk.cycle.title, titles=titles)
    without = {code: clean(why) for code, why in aside.items()}
    if not all(without.values()):
        raise ReasonNeeded(member=talk.member.name, cycle=talk.cycle.title)
    return without


async def undo_accept(session: Session, by: Speaker, talk: Talk, why: str, now: datetime) -> list[str]:
    """Take an acceptance back: it lies with the secretariat again, which may return it then. The member is told why.

    What it shared with the network and nobody has published yet goes back; what is published stays.

    Returns:
        The titles of the shared experiences that stay published.

    Raises:
        ReasonNeeded: without a reason.
        AlreadyPublished: its cycle is published.
        NotThePersonsTurn, NotAllowed.
    """
    permissions.require(by, Act.REVIEW, talk.assessment.member_code)
    reason = clean(why)
    if not reason:
        raise ReasonNeeded(member=talk.member.name, cycle=talk.cycle.title)
    undone = await move(
        session,
        by,
        talk,
        MoveName.UNDO_ACCEPT,
        now,
        guard=review_queries.unless_published,
        why=reason,
        review_begun_at=now,
        review_begun_by=by.person_id,
        accepted_at=None,
        accepted_by=None,
    )
    if not undone:
        raise await in_the_way(session, talk, MoveName.UNDO_ACCEPT)
    await review_queries.take_all_back(session, talk.assessment.id)
    taken = await experiences.take_back(session, by, talk, now)
    about = subject(talk.assessment.id)
    await ledger.cancel(session, about, TOLD, now)
    await _tell_answering(session, talk, "assessment/undone", undone, now)
    await ledger.queue(
        session,
        now,
        key=ledger.key("submission", talk.assessment.id, talk.assessment.round, undone),
        kind="review/submission",
        subject=about,
        channel="secretariat",
        facts={"round": talk.assessment.round, "undone_by": by.name},
    )
    return [each.title for each in taken if each.state is ExperienceState.PUBLISHED]


async def in_the_way(session: Session, talk: Talk, name: MoveName) -> Refusal:
    """Why a move that only a published cycle, or another state, forbids was not made: what is true now."""
    await session.refresh(talk.assessment)
    await session.refresh(talk.cycle)
    if talk.cycle.state in (CycleState.OPEN, CycleState.CLOSED) and talk.assessment.state in MOVES[name].sources:
        return AnswersChanged(member=talk.member.name, cycle=talk.cycle.title)
    if talk.cycle.state is CycleState.PUBLISHED:
        when = await review_queries.published_at(session, talk.cycle.id)
        return AlreadyPublished(member=talk.member.name, cycle=talk.cycle.title, when=when)
    return not_their_turn(talk)


def stamp(now: datetime) -> str:
    """A moment as a mark that a button carries."""
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%S")


async def return_with_questions(
    session: Session,
    by: Speaker,
    talk: Talk,
    version: int,
    questions: Sequence[tuple[str | None, str]],
    now: datetime,
) -> None:
    """Send an assessment back with what is asked of it. The secretariat never edits an answer itself.

    Args:
        questions: (indicator code or None for the whole, what is asked), at least one.

    Raises:
        ReasonNeeded: nothing is asked.
        Locked: nobody could answer any more; it must be reopened first.
        AnswersChanged, NotThePersonsTurn, NotAllowed.
    """
    permissions.require(by, Act.REVIEW, talk.assessment.member_code)
    check_unlocked(talk, now)
    asked = [(code, clean(text)) for code, text in questions if clean(text)]
    if not asked:
        raise ReasonNeeded(member=talk.member.name, cycle=talk.cycle.title)
    number = await _review_move(session, by, talk, MoveName.RETURN, version, now, why=asked[0][1])
    await threads.ask(session, by, talk, asked, now)
    # What was said since is in the same message.
    await ledger.cancel(session, subject(talk.assessment.id), (threads.TOLD_KIND,), now)
    await _tell_answering(session, talk, "assessment/returned", number, now)


async def _review_move(
    session: Session, by: Speaker, talk: Talk, name: MoveName, version: int, now: datetime, **values: Any
) -> int:
    number = await move(session, by, talk, name, now, guard=seen(version), **values)
    if not number:
        await session.refresh(talk.assessment)
        if talk.assessment.state in MOVES[name].sources:
            raise AnswersChanged(member=talk.member.name, cycle=talk.cycle.title)
        raise not_their_turn(talk)
    await ledger.cancel(session, subject(talk.assessment.id), (*DUTIES_OF_REVIEW, *TOLD), now)
    return number


async def _tell_answering(session: Session, talk: Talk, kind: str, number: int, now: datetime) -> None:
    """Tell whoever answers for the country. `number`: of the deed in the audit: after an acceptance was undone, the
    same round is decided about once more."""
    await ledger.queue(
        session,
        now,
        key=ledger.key(kind, talk.assessment.id, talk.assessment.round, number),
        kind=kind,
        subject=subject(talk.assessment.id),
        facts={"round": talk.assessment.round, **people.to_role(talk.assessment.member_code)},
    )
