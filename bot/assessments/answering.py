"""The country's side of an assessment: take it in hand, answer, hand it in, take it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot import audit, editions, ledger, permissions
from bot.assessments import asking, threads
from bot.assessments.delegated import check_contributor, overtake
from bot.assessments.moves import (
    DUTIES_OF_REVIEW,
    MoveName,
    ReviewHasBegun,
    StillNeeded,
    check_unlocked,
    hand_over,
    move,
    not_their_turn,
    subject,
)
from bot.assessments.snapshots import plain
from bot.permissions import Act
from bot.reading import Reply
from bot.speaker import Speaker
from db.engine import Session
from db.models import Delegation, ReviewQuestion
from db.queries import assessments as queries
from db.queries import delegations as delegation_queries
from db.queries import errata as errata_queries
from db.queries import people as people_queries
from db.queries.assessments import Given, Talk
from db.vocabulary import AssessmentState, Availability


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
        await move(session, by, talk, MoveName.START, now)
    elif state is AssessmentState.RETURNED:
        await move(session, by, talk, MoveName.RESUME, now)
    elif state is not AssessmentState.IN_PROGRESS:
        raise not_their_turn(talk)


def same_figure(one: Given | Reply, other: Given | Reply) -> bool:
    """Whether two answers say the same number for the same year."""
    return one.number is not None and (one.number, one.year) == (other.number, other.year)


def reply_of(answer: Given) -> Reply:
    """A stored answer as it was read."""
    return Reply(answer.availability, answer.number, answer.text, answer.year, answer.source, answer.note)


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
    delegation: Delegation | None = None,
) -> Given:
    """Put an answer in place; what stood before goes to the audit.

    Args:
        standing: the answers of this assessment by indicator; brought up to date.
        new_version: False for a further answer of the same transaction, whose version is new already.
        delegation: the part that a contributor answers; their words are kept for good beside the answer.

    Raises:
        NotAllowed: another country's assessment.
        NotFound, PartSettled: not a question of the contributor's own part, or it is not theirs any more.
        Locked: the cycle takes no answers any more.
        NotThePersonsTurn: it is with the secretariat.
    """
    if delegation is None:
        permissions.require(by, Act.ANSWER, talk.assessment.member_code)
    else:
        check_contributor(by, talk, delegation, indicator)
    check_unlocked(talk, now)
    if talk.assessment.state is not AssessmentState.IN_PROGRESS:
        raise not_their_turn(talk)
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
        # What was said about a value belongs to that value; which ones were asked about is known for good.
        explanation=before.explanation if before is not None and same_figure(before, reply) else None,
        doubted=before.doubted if before is not None else None,
    )
    await queries.put_answer(session, talk.assessment.id, answer, now, by.via, first=before is None)
    if delegation is not None and reply.availability is not Availability.SKIPPED:
        await delegation_queries.put_contribution(session, delegation, answer, by.person_id, now, by.via)
    standing[indicator] = answer
    if editions.was_corrected(talk.cycle.edition, indicator):
        await errata_queries.changed(session, talk.assessment.id, indicator, by.person_id, now)
    if new_version:
        await queries.next_version(session, talk.assessment)
        await asking.changed(session, by, talk, indicator, now)
    about = subject(talk.assessment.id)
    await audit.record(session, by, act, about, now, indicator=indicator, before=plain(before), after=plain(answer))
    return answer


def missing(talk: Talk, standing: Mapping[str, Given]) -> list[str]:
    """The codes of required questions without an answer; "not available" with a reason is one."""
    return [
        indicator.code
        for indicator in editions.questions(talk.cycle, talk.assessment).required
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
        raise not_their_turn(talk)
    for question in questions:
        question.answer = f"{question.answer}\n{text}" if question.answer else text
    await threads.answered(session, by, talk, None, questions, text, now)
    await queries.next_version(session, talk.assessment)
    await asking.changed(session, by, talk, None, now)
    about = [question.id for question in questions]
    await audit.record(session, by, "explain", subject(talk.assessment.id), now, questions=about, text=text)


async def submit(session: Session, by: Speaker, talk: Talk, standing: Mapping[str, Given], now: datetime) -> None:
    """Hand in the assessment. The secretariat finds it in its channel; reminders that wait are cancelled.

    Where the member wants its national clearance first, it waits for that; see `asking`.

    Raises:
        Locked, StillNeeded, NotThePersonsTurn, NotAllowed.
    """
    check_unlocked(talk, now)
    lacking = missing(talk, standing)
    if lacking:
        questions = editions.questions(talk.cycle, talk.assessment)
        raise StillNeeded(
            member=talk.member.name,
            cycle=talk.cycle.title,
            codes=lacking,
            titles=[questions.indicator(code).title for code in lacking],
        )
    await overtake(session, talk, now)
    if talk.member.clearance_wanted and await asking.ask(session, by, talk, now):
        return
    await hand_over(session, by, talk, MoveName.SUBMIT, by.person_id, now)


async def withdraw(session: Session, by: Speaker, talk: Talk, now: datetime) -> None:
    """Take a submitted assessment back, as long as no review has begun; or one that waits for its clearance.

    Raises:
        ReviewHasBegun, Locked, NotThePersonsTurn, NotAllowed.
    """
    check_unlocked(talk, now)
    waited = talk.assessment.state is AssessmentState.AWAITING_CLEARANCE
    if not await move(session, by, talk, MoveName.WITHDRAW, now, guard=queries.withdraw_guarded):
        await session.refresh(talk.assessment)
        if talk.assessment.state is AssessmentState.SUBMITTED and talk.assessment.review_begun_at:
            reviewer = await people_queries.person(session, talk.assessment.review_begun_by or 0)
            raise ReviewHasBegun(
                member=talk.member.name,
                cycle=talk.cycle.title,
                since=talk.assessment.review_begun_at,
                reviewer=reviewer.name if reviewer else "",
            )
        raise not_their_turn(talk)
    if waited:
        await asking.stop_asking(session, by, talk, "withdrawn", now)
        return
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
