"""The thread of a question: what the secretariat and the country say about one answer, without handing it over.

Both sides see all of it. What a return asks stands in it too, and so does what the country answers to that. A thread
without a question is about the whole assessment.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import audit, editions, ledger, people, permissions
from bot.assessments import asking
from bot.assessments.moves import HANDED_IN, not_their_turn, subject
from bot.errors import NotFound, Refusal
from bot.permissions import Act
from bot.reading import clean
from bot.speaker import Speaker
from db.engine import Session
from db.models import Comment, ReviewQuestion
from db.queries import assessments as assessment_queries
from db.queries import reviews as queries
from db.queries.assessments import Talk
from db.queries.reviews import Line
from db.vocabulary import AssessmentState, CycleState, Side

TOLD_KIND = "review/comments"
ANSWERED_KIND = "review/answered"
# Comments that are written one after another are told in one message.
GATHERED = timedelta(minutes=15)


class NothingWritten(Refusal):
    """A comment, or an answer to one, is empty. Facts: member, cycle."""


class CommentsClosed(Refusal):
    """The cycle is over: nothing is discussed in it any more. Facts: member, cycle, state, when."""


class NothingToAnswer(Refusal):
    """No comment of the secretariat waits for an answer. Facts: member, cycle, title."""


@dataclass(frozen=True)
class Thread:
    """All that was said about one question.

    Attributes:
        indicator: the question; None: the whole.
        lines: the oldest first; at least one.
    """

    indicator: str | None
    lines: tuple[Line, ...]

    @property
    def last(self) -> Comment:
        """What was said last."""
        return self.lines[-1].comment

    @property
    def waits(self) -> bool:
        """Whether it waits for the country."""
        return self.last.side is Side.SECRETARIAT and not self.lines[-1].settled


async def of(session: Session, assessment_id: int) -> dict[str | None, Thread]:
    """The threads of an assessment by question, those begun first first."""
    found: dict[str | None, list[Line]] = {}
    for line in await queries.comments(session, assessment_id):
        found.setdefault(line.comment.indicator, []).append(line)
    return {code: Thread(code, tuple(lines)) for code, lines in found.items()}


async def waiting(session: Session, talk: Talk) -> list[Thread]:
    """The threads in which the secretariat had the last word, and the country has been told of it; the oldest first."""
    told = await queries.last_told(session, subject(talk.assessment.id), (TOLD_KIND, "assessment/returned"))
    if told is None:
        return []
    open_ones = [thread for thread in (await of(session, talk.assessment.id)).values() if thread.waits]
    return sorted((each for each in open_ones if each.last.at <= told), key=lambda each: each.last.id)


async def comment(
    session: Session, by: Speaker, talk: Talk, indicator: str | None, text: str, now: datetime
) -> Comment:
    """The secretariat says something about one answer, or about the whole, without returning it. The country is told
    of all that is said within a while in one message.

    Raises:
        NothingWritten, CommentsClosed, NotThePersonsTurn.
        NotFound: there is no such question.
        NotAllowed: not the secretariat.
    """
    permissions.require(by, Act.REVIEW, talk.assessment.member_code)
    _check_open(talk)
    if talk.assessment.state not in HANDED_IN:
        raise not_their_turn(talk)
    _check_question(talk, indicator)
    row = await _add(session, by, talk, indicator, text, Side.SECRETARIAT, now)
    about = subject(talk.assessment.id)
    if not await queries.waits_in_ledger(session, about, TOLD_KIND):
        await ledger.queue(
            session,
            now,
            key=ledger.key("comments", talk.assessment.id, row.id),
            kind=TOLD_KIND,
            subject=about,
            facts=people.to_role(talk.assessment.member_code),
            not_before=now + GATHERED,
        )
    return row


async def reply(
    session: Session,
    by: Speaker,
    talk: Talk,
    indicator: str | None,
    text: str,
    now: datetime,
    *,
    heard_key: str | None = None,
) -> Comment:
    """Whoever answers for the country says something to what the secretariat said. The secretariat is told.

    Args:
        heard_key: the message that says it; its edit changes the line (`amend`).

    Raises:
        NothingWritten, CommentsClosed.
        NothingToAnswer: there is no such thread.
        NotFound: there is no such question.
        NotAllowed: another country's, or a role that does not answer.
    """
    permissions.require(by, Act.ANSWER, talk.assessment.member_code)
    _check_open(talk)
    _check_question(talk, indicator)
    if indicator not in await of(session, talk.assessment.id):
        questions = editions.questions(talk.cycle, talk.assessment)
        title = questions.indicator(indicator).title if indicator else None
        raise NothingToAnswer(member=talk.member.name, cycle=talk.cycle.title, title=title)
    settled = await _settled_in_words(session, by, talk, indicator, text, now)
    number = settled[-1].id if settled else None
    row = await _add(session, by, talk, indicator, text, Side.COUNTRY, now, question_id=number)
    row.heard_key = heard_key
    if talk.assessment.state in (AssessmentState.SUBMITTED, AssessmentState.ACCEPTED):
        await _tell_secretariat(session, talk, row, now)
    return row


async def amend(session: Session, by: Speaker, talk: Talk, row: Comment, text: str, now: datetime) -> None:
    """The message that said a line says other words now. The audit keeps both; the secretariat is told again.

    Raises:
        NothingWritten, CommentsClosed.
        NotAllowed: another country's, or a role that does not answer.
    """
    permissions.require(by, Act.ANSWER, talk.assessment.member_code)
    _check_open(talk)
    said, before = clean(text), row.text
    if not said:
        raise NothingWritten(member=talk.member.name, cycle=talk.cycle.title)
    if said == before:
        return
    row.text = said
    await session.flush()
    about = subject(talk.assessment.id)
    kept = {"before": before, "text": said}
    await audit.record(session, by, "amend_reply", about, now, indicator=row.indicator, comment=row.id, **kept)
    if talk.assessment.state in (AssessmentState.SUBMITTED, AssessmentState.ACCEPTED):
        await _tell_secretariat(session, talk, row, now)


async def _settled_in_words(
    session: Session, by: Speaker, talk: Talk, indicator: str | None, text: str, now: datetime
) -> list[ReviewQuestion]:
    """What a return asked about this, while it lies with the country: these words are the answer to it, and the figure
    stays. What is asked about the whole is settled when it is handed in."""
    if talk.assessment.state not in (AssessmentState.IN_PROGRESS, AssessmentState.RETURNED):
        return []
    asked = await assessment_queries.open_questions(session, talk.assessment.id)
    settled = [question for question in asked if question.indicator == indicator]
    for question in settled:
        if indicator is None:
            question.answer = f"{question.answer}\n{text}" if question.answer else text
        else:
            question.answered_at = now
    if settled:
        # A yes was given to what stood before these words.
        await assessment_queries.next_version(session, talk.assessment)
        await asking.changed(session, by, talk, indicator, now)
    return settled


async def _tell_secretariat(session: Session, talk: Talk, row: Comment, now: datetime) -> None:
    about = subject(talk.assessment.id)
    if await queries.waits_in_ledger(session, about, ANSWERED_KIND):
        return
    await ledger.queue(
        session,
        now,
        # Edited words are told once more.
        key=ledger.key("answered", talk.assessment.id, row.id, now.isoformat()),
        kind=ANSWERED_KIND,
        subject=about,
        channel="secretariat",
        facts={"since": row.id},
        not_before=now + GATHERED,
    )


async def ask(
    session: Session, by: Speaker, talk: Talk, asked: Sequence[tuple[str | None, str]], now: datetime
) -> None:
    """What a return asks, each in the thread of its question."""
    for code, text in asked:
        question = ReviewQuestion(
            assessment_id=talk.assessment.id,
            round=talk.assessment.round,
            indicator=code,
            text=text,
            asked_by=by.person_id,
            asked_at=now,
        )
        session.add(question)
        await session.flush()
        await _add(session, by, talk, code, text, Side.SECRETARIAT, now, question_id=question.id, recorded=False)


async def answered(
    session: Session,
    by: Speaker,
    talk: Talk,
    indicator: str | None,
    questions: Sequence[ReviewQuestion],
    text: str,
    now: datetime,
) -> None:
    """What the country answered goes into the thread, where what a return asked, or a comment, waited for it."""
    if not questions:
        thread = (await of(session, talk.assessment.id)).get(indicator)
        if thread is None or not thread.waits:
            return
    number = questions[-1].id if questions else None
    await _add(session, by, talk, indicator, text, Side.COUNTRY, now, question_id=number, recorded=False)


async def _add(
    session: Session,
    by: Speaker,
    talk: Talk,
    indicator: str | None,
    text: str,
    side: Side,
    now: datetime,
    *,
    question_id: int | None = None,
    recorded: bool = True,
) -> Comment:
    said = clean(text)
    if not said:
        raise NothingWritten(member=talk.member.name, cycle=talk.cycle.title)
    row = Comment(
        assessment_id=talk.assessment.id,
        indicator=indicator,
        question_id=question_id,
        round=talk.assessment.round,
        side=side,
        text=said,
        by=by.person_id,
        at=now,
        via=by.via,
    )
    session.add(row)
    await session.flush()
    if recorded:
        act = "comment" if side is Side.SECRETARIAT else "reply"
        about = subject(talk.assessment.id)
        await audit.record(session, by, act, about, now, indicator=indicator, comment=row.id, text=said)
    return row


def _check_question(talk: Talk, indicator: str | None) -> None:
    if indicator is not None and indicator not in editions.questions(talk.cycle, talk.assessment):
        raise NotFound(what="question", named=indicator)


def _check_open(talk: Talk) -> None:
    if talk.cycle.state not in (CycleState.OPEN, CycleState.CLOSED):
        raise CommentsClosed(
            member=talk.member.name, cycle=talk.cycle.title, state=talk.cycle.state.value, when=talk.closes_at
        )


def readable(threads: Mapping[str | None, Thread], codes: Collection[str] | None) -> list[Thread]:
    """The threads that somebody may read.

    Args:
        codes: only those of these questions, for a contributor; None: all.
    """
    return [thread for code, thread in threads.items() if codes is None or code in codes]
