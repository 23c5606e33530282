"""The secretariat's side of an assessment: take it in hand, accept it, or return it with questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot import audit, experiences, ledger, people, permissions
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
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import ReviewQuestion
from db.queries import assessments as queries
from db.queries.assessments import Talk
from db.vocabulary import AssessmentState


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


async def accept(session: Session, by: Speaker, talk: Talk, version: int, now: datetime) -> None:
    """Accept exactly the version that was seen. Its section H becomes shared experiences; the member is told.

    Raises:
        AnswersChanged: an answer changed since.
        NotThePersonsTurn, NotAllowed.
    """
    await _review_move(session, by, talk, MoveName.ACCEPT, version, now, accepted_at=now, accepted_by=by.person_id)
    await experiences.offer_from_assessment(session, by, talk, await queries.answers(session, talk.assessment.id), now)
    await _tell_answering(session, talk, "assessment/accepted", now)


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
        Locked: nobody could answer any more; the cycle must be extended first.
        AnswersChanged, NotThePersonsTurn, NotAllowed.
    """
    permissions.require(by, Act.REVIEW, talk.assessment.member_code)
    check_unlocked(talk, now)
    asked = [(code, text.strip()) for code, text in questions if text.strip()]
    if not asked:
        raise ValueError("a return needs a question")
    await _review_move(session, by, talk, MoveName.RETURN, version, now, why=asked[0][1])
    for code, text in asked:
        session.add(
            ReviewQuestion(
                assessment_id=talk.assessment.id,
                round=talk.assessment.round,
                indicator=code,
                text=text,
                asked_by=by.person_id,
                asked_at=now,
            )
        )
    await session.flush()
    await _tell_answering(session, talk, "assessment/returned", now)


async def _review_move(
    session: Session, by: Speaker, talk: Talk, name: MoveName, version: int, now: datetime, **values: Any
) -> None:
    if not await move(session, by, talk, name, now, guard=seen(version), **values):
        await session.refresh(talk.assessment)
        if talk.assessment.state in MOVES[name].sources:
            raise AnswersChanged(member=talk.member.name, cycle=talk.cycle.title)
        raise not_their_turn(talk)
    await ledger.cancel(session, subject(talk.assessment.id), DUTIES_OF_REVIEW, now)


async def _tell_answering(session: Session, talk: Talk, kind: str, now: datetime) -> None:
    await ledger.queue(
        session,
        now,
        key=ledger.key(kind, talk.assessment.id, talk.assessment.round),
        kind=kind,
        subject=subject(talk.assessment.id),
        facts={"round": talk.assessment.round, **people.to_role(talk.assessment.member_code)},
    )
