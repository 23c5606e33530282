"""MOVES: how one member's assessment passes from hand to hand, and the answers in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot import audit, editions, experiences, ledger, people, permissions
from bot.errors import NotFound, Refusal, WrongState
from bot.permissions import Act
from bot.reading import Reply
from bot.speaker import Speaker
from db.engine import Session
from db.models import Cycle, ReviewQuestion
from db.queries import assessments as queries
from db.queries import people as people_queries
from db.queries.assessments import Given, Talk
from db.vocabulary import AssessmentState, Availability, CycleState


class MoveName(StrEnum):
    """What can happen to an assessment."""

    START = "start"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    RESUME = "resume"
    ACCEPT = "accept"


@dataclass(frozen=True)
class Move:
    """One way on: from which states, to which, by whose right."""

    sources: tuple[AssessmentState, ...]
    target: AssessmentState
    act: Act


_S = AssessmentState
MOVES: dict[MoveName, Move] = {
    MoveName.START: Move((_S.OPEN,), _S.IN_PROGRESS, Act.ANSWER),
    MoveName.SUBMIT: Move((_S.IN_PROGRESS,), _S.SUBMITTED, Act.ANSWER),
    MoveName.WITHDRAW: Move((_S.SUBMITTED,), _S.IN_PROGRESS, Act.ANSWER),
    MoveName.RETURN: Move((_S.SUBMITTED,), _S.RETURNED, Act.REVIEW),
    MoveName.RESUME: Move((_S.RETURNED,), _S.IN_PROGRESS, Act.ANSWER),
    MoveName.ACCEPT: Move((_S.SUBMITTED,), _S.ACCEPTED, Act.REVIEW),
}

# What waits in the ledger and loses its need when an assessment is handed in.
DUTIES_OF_ANSWERING = ("assessment/opening", "assessment/returned", "reminder/step")
DUTIES_OF_REVIEW = ("review/submission", "reminder/review")


class StillNeeded(Refusal):
    """Required questions have no answer. Facts: titles, codes, cycle, member."""


class NotThePersonsTurn(WrongState):
    """The assessment is in other hands now. Facts: member, cycle, state, since."""


class ReviewHasBegun(Refusal):
    """Too late to withdraw. Facts: member, cycle, since, reviewer."""


class AnswersChanged(Refusal):
    """What the reviewer saw is no longer what stands. Facts: member, cycle."""


class Locked(Refusal):
    """The cycle takes no answers any more. Facts: member, cycle, closed."""


def subject(assessment_id: int) -> str:
    """What audit and ledger call an assessment."""
    return f"assessment:{assessment_id}"


def is_locked(cycle: Cycle, now: datetime) -> bool:
    """Whether the cycle takes no answers any more."""
    return cycle.state is not CycleState.OPEN or now >= cycle.closes_at


def check_unlocked(talk: Talk, now: datetime) -> None:
    """Let through while the cycle takes answers.

    Raises:
        Locked: it is closed, or its closing date has passed.
    """
    if is_locked(talk.cycle, now):
        raise Locked(member=talk.member.name, cycle=talk.cycle.title, closed=talk.cycle.closes_at)


async def find(session: Session, by: Speaker, act: Act, assessment_id: int) -> Talk:
    """One assessment that this person may do this to; another's is not even there.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    talk = await queries.talk(session, assessment_id, lock=True)
    if talk is None or not permissions.allowed(by, act, talk.assessment.member_code):
        raise NotFound(what="assessment", named=str(assessment_id))
    return talk


_Guard = Callable[..., Any]


async def _move(
    session: Session,
    by: Speaker,
    talk: Talk,
    name: MoveName,
    now: datetime,
    *,
    guard: _Guard = queries.move,
    why: str | None = None,
    detail: Mapping[str, Any] | None = None,
    **values: Any,
) -> bool:
    move = MOVES[name]
    permissions.require(by, move.act, talk.assessment.member_code)
    done: bool = await guard(
        session, talk.assessment.id, sources=move.sources, state=move.target, state_since=now, **values
    )
    if done:
        await session.refresh(talk.assessment)
        await audit.record(session, by, name.value, subject(talk.assessment.id), now, why=why, **(detail or {}))
    return done


def _not_their_turn(talk: Talk) -> NotThePersonsTurn:
    return NotThePersonsTurn(
        what="assessment",
        member=talk.member.name,
        cycle=talk.cycle.title,
        state=talk.assessment.state.value,
        since=talk.assessment.state_since,
    )


async def begin(session: Session, by: Speaker, talk: Talk, now: datetime) -> None:
    """Take an opened or returned assessment in hand; nothing happens when it is in hand already.

    Raises:
        Locked: the cycle takes no answers any more.
        NotThePersonsTurn: it is with the secretariat.
    """
    check_unlocked(talk, now)
    permissions.require(by, Act.ANSWER, talk.assessment.member_code)
    state = talk.assessment.state
    if state is AssessmentState.OPEN:
        await _move(session, by, talk, MoveName.START, now)
    elif state is AssessmentState.RETURNED:
        await _move(session, by, talk, MoveName.RESUME, now)
    elif state is not AssessmentState.IN_PROGRESS:
        raise _not_their_turn(talk)


def reply_of(answer: Given) -> Reply:
    """A stored answer as it was read."""
    return Reply(answer.availability, answer.number, answer.text, answer.year, answer.source, answer.note)


def _plain(answer: Given | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    kept = ("number", "text", "year", "source", "note", "said_by")
    return {"availability": answer.availability.value, **{name: getattr(answer, name) for name in kept}}


async def store(
    session: Session,
    by: Speaker,
    talk: Talk,
    standing: dict[str, Given],
    indicator: str,
    reply: Reply,
    now: datetime,
    *,
    heard_key: str | None = None,
    act: str = "answer",
    new_version: bool = True,
) -> Given:
    """Put an answer in place; what stood before goes to the audit.

    Args:
        standing: the answers of this assessment by indicator; brought up to date.
        new_version: False for a further answer of the same transaction, whose version is new already.

    Raises:
        NotAllowed: another country's assessment.
        Locked: the cycle takes no answers any more.
        NotThePersonsTurn: it is with the secretariat.
    """
    permissions.require(by, Act.ANSWER, talk.assessment.member_code)
    check_unlocked(talk, now)
    if talk.assessment.state is not AssessmentState.IN_PROGRESS:
        raise _not_their_turn(talk)
    before = standing.get(indicator)
    answer = Given(
        indicator,
        reply.availability,
        reply.number,
        reply.text,
        reply.year,
        reply.source,
        reply.note,
        by.person_id,
        heard_key,
    )
    await queries.put_answer(session, talk.assessment.id, answer, now, by.via, first=before is None)
    standing[indicator] = answer
    if new_version:
        await queries.next_version(session, talk.assessment)
    about = subject(talk.assessment.id)
    await audit.record(session, by, act, about, now, indicator=indicator, before=_plain(before), after=_plain(answer))
    return answer


def missing(talk: Talk, standing: Mapping[str, Given]) -> list[str]:
    """The codes of required questions without an answer; "not available" with a reason is one."""
    return [
        indicator.code
        for indicator in editions.questions(talk.cycle).required
        if indicator.code not in standing or standing[indicator.code].availability is Availability.SKIPPED
    ]


async def explain(
    session: Session, by: Speaker, talk: Talk, questions: Sequence[ReviewQuestion], text: str, now: datetime
) -> None:
    """Answer what the secretariat asked about the whole; what is written later is added. It goes back at submit.

    Raises:
        NotAllowed, Locked, NotThePersonsTurn.
    """
    permissions.require(by, Act.ANSWER, talk.assessment.member_code)
    check_unlocked(talk, now)
    if talk.assessment.state is not AssessmentState.IN_PROGRESS:
        raise _not_their_turn(talk)
    for question in questions:
        question.answer = f"{question.answer}\n{text}" if question.answer else text
    about = [question.id for question in questions]
    await audit.record(session, by, "explain", subject(talk.assessment.id), now, questions=about, text=text)


async def submit(session: Session, by: Speaker, talk: Talk, standing: Mapping[str, Given], now: datetime) -> None:
    """Hand in the assessment. The secretariat finds it in its channel; reminders that wait are cancelled.

    Raises:
        Locked, StillNeeded, NotThePersonsTurn, NotAllowed.
    """
    check_unlocked(talk, now)
    lacking = missing(talk, standing)
    if lacking:
        questions = editions.questions(talk.cycle)
        raise StillNeeded(
            member=talk.member.name,
            cycle=talk.cycle.title,
            codes=lacking,
            titles=[questions.indicator(code).title for code in lacking],
        )
    values: dict[str, Any] = {"submitted_at": now, "submitted_by": by.person_id, "review_begun_at": None}
    if not await _move(session, by, talk, MoveName.SUBMIT, now, round=talk.assessment.round + 1, **values):
        await session.refresh(talk.assessment)
        raise _not_their_turn(talk)
    about = subject(talk.assessment.id)
    await ledger.cancel(session, about, DUTIES_OF_ANSWERING, now)
    await ledger.queue(
        session,
        now,
        key=ledger.key("submission", talk.assessment.id, talk.assessment.round),
        kind="review/submission",
        subject=about,
        channel="secretariat",
        facts={"round": talk.assessment.round, "late": now > talk.cycle.due_at},
    )


async def withdraw(session: Session, by: Speaker, talk: Talk, now: datetime) -> None:
    """Take a submitted assessment back, as long as no review has begun.

    Raises:
        ReviewHasBegun, Locked, NotThePersonsTurn, NotAllowed.
    """
    check_unlocked(talk, now)
    if not await _move(session, by, talk, MoveName.WITHDRAW, now, guard=queries.withdraw_guarded):
        await session.refresh(talk.assessment)
        if talk.assessment.state is AssessmentState.SUBMITTED and talk.assessment.review_begun_at:
            reviewer = await people_queries.person(session, talk.assessment.review_begun_by or 0)
            raise ReviewHasBegun(
                member=talk.member.name,
                cycle=talk.cycle.title,
                since=talk.assessment.review_begun_at,
                reviewer=reviewer.name if reviewer else "",
            )
        raise _not_their_turn(talk)
    about = subject(talk.assessment.id)
    await ledger.cancel(session, about, DUTIES_OF_REVIEW, now)
    # The card in the secretariat's channel still shows what was handed in.
    await ledger.queue(
        session,
        now,
        key=ledger.key("withdrawn", talk.assessment.id, talk.assessment.round),
        kind="review/withdrawn",
        subject=about,
        channel="secretariat",
        facts={"round": talk.assessment.round, "person": by.name, "when": now.isoformat()},
    )


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
        raise _not_their_turn(talk)


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
    if not await _move(session, by, talk, name, now, guard=_seen(version), **values):
        await session.refresh(talk.assessment)
        if talk.assessment.state in MOVES[name].sources:
            raise AnswersChanged(member=talk.member.name, cycle=talk.cycle.title)
        raise _not_their_turn(talk)
    await ledger.cancel(session, subject(talk.assessment.id), DUTIES_OF_REVIEW, now)


def _seen(version: int) -> _Guard:
    async def guard(session: Session, assessment_id: int, **values: Any) -> bool:
        return await queries.exact_version(session, assessment_id, version, **values)

    return guard


async def _tell_answering(session: Session, talk: Talk, kind: str, now: datetime) -> None:
    await ledger.queue(
        session,
        now,
        key=ledger.key(kind, talk.assessment.id, talk.assessment.round),
        kind=kind,
        subject=subject(talk.assessment.id),
        facts={"round": talk.assessment.round, **people.to_role(talk.assessment.member_code)},
    )
