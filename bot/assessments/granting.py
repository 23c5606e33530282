"""What the secretariat grants one member: more time, another opening after the close, or that no report is required.

Each needs a reason, is recorded with it, and is told to both sides. Nothing of it is possible once the cycle is
published or called off.
"""

from __future__ import annotations

from datetime import datetime

from bot import ledger, people, permissions
from bot.assessments import asking
from bot.assessments.delegated import overtake
from bot.assessments.moves import (
    DUTIES_OF_ANSWERING,
    DUTIES_OF_CLEARING,
    MOVES,
    Locked,
    MoveName,
    is_locked,
    move,
    not_their_turn,
    subject,
)
from bot.assessments.reviewing import TOLD, AlreadyPublished, ReasonNeeded, stamp, undo_accept
from bot.assessments.threads import TOLD_KIND
from bot.errors import Refusal
from bot.permissions import Act
from bot.reading import clean
from bot.speaker import Speaker
from db.engine import Session
from db.queries import reviews as queries
from db.queries.assessments import Talk
from db.vocabulary import AssessmentState, CycleState

# What is told to the country's people when their own dates or duties change.
GRANTED_KINDS = ("assessment/extended", "assessment/reopened", "assessment/excused", "assessment/asked_again")


# What is said of it in the secretariat's channel.
NOTED_KIND = "review/granted"


class BadDates(Refusal):
    """The dates do not follow each other. Facts: problem, opens, due, closes."""


class StillOpen(Refusal):
    """It takes answers still, so that nothing need be reopened. Facts: member, cycle, due, closes."""


class DatesMoved(Refusal):
    """The dates are others than those that were shown with the wish for new ones. Facts: member or None, cycle, due,
    closes."""


def dates_of(due: datetime, closes: datetime) -> str:
    """Both dates in a form that tells them from others: what the button under a preview remembers."""
    return f"{stamp(due)}-{stamp(closes)}"


def check_dates(now: datetime, due: datetime, closes: datetime) -> None:
    """Let dates through that follow each other.

    Raises:
        BadDates.
    """
    if due <= now:
        raise BadDates(problem="due_passed", opens=now, due=due, closes=closes)
    if closes < due:
        raise BadDates(problem="closes_before_due", opens=now, due=due, closes=closes)


async def check_running(session: Session, talk: Talk) -> None:
    """Let through while a cycle is open, or closed and not yet published.

    Raises:
        AlreadyPublished: it is published.
        NotThePersonsTurn: it is called off, or not opened yet.
    """
    if talk.cycle.state is CycleState.PUBLISHED:
        when = await queries.published_at(session, talk.cycle.id)
        raise AlreadyPublished(member=talk.member.name, cycle=talk.cycle.title, when=when)
    if talk.cycle.state not in (CycleState.OPEN, CycleState.CLOSED):
        raise not_their_turn(talk)


def longest(talk: Talk, closes: datetime) -> datetime:
    """A member's own closing date is never before the one that it has."""
    return max(closes, talk.closes_at)


async def check_extension(session: Session, talk: Talk, due: datetime, closes: datetime, now: datetime) -> None:
    """Whether one member can be given this much more time.

    Raises:
        BadDates: it is not later than what it has, or past.
        Locked: it takes no answers any more: it is reopened instead.
        AlreadyPublished, NotThePersonsTurn.
    """
    await check_running(session, talk)
    if talk.assessment.state not in MOVES[MoveName.EXTEND].sources:
        raise not_their_turn(talk)
    if is_locked(talk, now):
        raise Locked(member=talk.member.name, cycle=talk.cycle.title, closed=talk.closes_at)
    check_dates(now, due, longest(talk, closes))
    if due <= talk.due_at:
        raise BadDates(problem="not_later", opens=now, due=talk.due_at, closes=talk.closes_at)


async def extend(
    session: Session, by: Speaker, talk: Talk, due: datetime, closes: datetime, why: str, now: datetime
) -> None:
    """Give one member more time. Its reminders are computed anew from its own date.

    Args:
        due: later than the date that it has.
        closes: until when it may answer; never before the date that it has.

    Raises:
        ReasonNeeded, NotAllowed, and what `check_extension` raises.
    """
    permissions.require(by, Act.RUN_CYCLES, talk.assessment.member_code)
    reason = _reason(talk, why)
    await check_extension(session, talk, due, closes, now)
    before, until = talk.due_at, longest(talk, closes)
    number = await _grant(session, by, talk, MoveName.EXTEND, now, reason, due=due, closes=until)
    facts = {"before": before.isoformat(), "due": due.isoformat(), "why": reason}
    await _tell(session, by, talk, "assessment/extended", number, now, **facts)


async def check_reopening(session: Session, talk: Talk, due: datetime, now: datetime) -> None:
    """Whether one member's assessment can be reopened until then.

    Raises:
        BadDates: that is past.
        StillOpen: it takes answers as it is.
        AlreadyPublished, NotThePersonsTurn.
    """
    await check_running(session, talk)
    accepted = talk.assessment.state is AssessmentState.ACCEPTED
    if not accepted and talk.assessment.state not in MOVES[MoveName.REOPEN].sources:
        raise not_their_turn(talk)
    if not accepted and not is_locked(talk, now):
        raise StillOpen(member=talk.member.name, cycle=talk.cycle.title, due=talk.due_at, closes=talk.closes_at)
    check_dates(now, due, due)


async def reopen(session: Session, by: Speaker, talk: Talk, until: datetime, why: str, now: datetime) -> None:
    """After the close, take answers of one member until another date. Of an accepted one the acceptance is undone.

    The due date stays what it was: what is handed in now for the first time is late, and marked so.

    Raises:
        ReasonNeeded, NotAllowed, and what `check_reopening` raises.
    """
    permissions.require(by, Act.RUN_CYCLES, talk.assessment.member_code)
    reason = _reason(talk, why)
    await check_reopening(session, talk, until, now)
    if talk.assessment.state is AssessmentState.ACCEPTED:
        await undo_accept(session, by, talk, reason, now)
    number = await _grant(session, by, talk, MoveName.REOPEN, now, reason, due=talk.assessment.due_at, closes=until)
    await _tell(session, by, talk, "assessment/reopened", number, now, until=until.isoformat(), why=reason)


async def check_excuse(session: Session, talk: Talk) -> None:
    """Whether a member can be excused.

    Raises:
        AlreadyPublished, NotThePersonsTurn.
    """
    await check_running(session, talk)
    if talk.assessment.state not in MOVES[MoveName.EXCUSE].sources:
        raise not_their_turn(talk)


async def excuse(session: Session, by: Speaker, talk: Talk, why: str, now: datetime) -> None:
    """No report is asked of this member in this cycle: nobody is reminded, what was answered is kept.

    Parts that are with contributors, and yeses that are waited for, are overtaken; those who have them are told.

    Raises:
        ReasonNeeded, NotAllowed, and what `check_excuse` raises.
    """
    permissions.require(by, Act.RUN_CYCLES, talk.assessment.member_code)
    reason = _reason(talk, why)
    await check_excuse(session, talk)
    waited = talk.assessment.state is AssessmentState.AWAITING_CLEARANCE
    number = await move(session, by, talk, MoveName.EXCUSE, now, guard=queries.unless_published, why=reason)
    if not number:
        await session.refresh(talk.assessment)
        raise not_their_turn(talk)
    about = subject(talk.assessment.id)
    await ledger.cancel(
        session, about, (*DUTIES_OF_ANSWERING, *DUTIES_OF_CLEARING, *TOLD, TOLD_KIND, *GRANTED_KINDS), now
    )
    await overtake(session, talk, now)
    if waited:
        await asking.stop_asking(session, by, talk, "excused", now)
    await _tell(session, by, talk, "assessment/excused", number, now, why=reason)


async def require(session: Session, by: Speaker, talk: Talk, why: str, now: datetime) -> None:
    """A report is asked of this member after all, while its cycle is open: it is where it was.

    Raises:
        NotThePersonsTurn: one is asked already.
        Locked: the cycle takes no answers any more.
        AlreadyPublished, NotAllowed.
    """
    permissions.require(by, Act.RUN_CYCLES, talk.assessment.member_code)
    await check_requirement(session, talk, now)
    begun = await queries.has_answers(session, talk.assessment.id)
    name = MoveName.GO_ON_AGAIN if begun else MoveName.ASK_AGAIN
    reason = clean(why) or None
    number = await move(session, by, talk, name, now, guard=queries.unless_published, why=reason)
    if not number:
        await session.refresh(talk.assessment)
        raise not_their_turn(talk)
    await ledger.cancel(session, subject(talk.assessment.id), GRANTED_KINDS, now)
    await _tell(session, by, talk, "assessment/asked_again", number, now, why=reason)


async def check_requirement(session: Session, talk: Talk, now: datetime) -> None:
    """Whether a report can be asked of an excused member again.

    Raises:
        The same as `require`.
    """
    await check_running(session, talk)
    if talk.assessment.state is not AssessmentState.NOT_REQUIRED:
        raise not_their_turn(talk)
    if is_locked(talk, now):
        raise Locked(member=talk.member.name, cycle=talk.cycle.title, closed=talk.closes_at)


def _reason(talk: Talk, why: str) -> str:
    reason = clean(why)
    if not reason:
        raise ReasonNeeded(member=talk.member.name, cycle=talk.cycle.title)
    return reason


async def _grant(
    session: Session,
    by: Speaker,
    talk: Talk,
    name: MoveName,
    now: datetime,
    why: str,
    *,
    due: datetime | None,
    closes: datetime,
) -> int:
    """One member's own dates from now on; the number of the deed in the audit."""
    detail = {
        "before_due": talk.due_at.isoformat(),
        "before_closes": talk.closes_at.isoformat(),
        "due": (due or talk.cycle.due_at).isoformat(),
        "closes": closes.isoformat(),
    }
    dates = {"due_at": due, "closes_at": closes}
    guard = queries.unless_published
    number = await move(session, by, talk, name, now, guard=guard, why=why, detail=detail, **dates)
    if not number:
        await session.refresh(talk.assessment)
        raise not_their_turn(talk)
    # Reminders of the old date are void; the tick computes those of the new one.
    await ledger.cancel(session, subject(talk.assessment.id), ("reminder/step", *GRANTED_KINDS), now)
    return number


async def _tell(
    session: Session, by: Speaker, talk: Talk, kind: str, number: int, now: datetime, **facts: str | None
) -> None:
    """Tell whoever answers for the country, and the rest of the secretariat in its channel.

    Args:
        number: of the deed in the audit: the same may be granted again.
    """
    await ledger.queue(
        session,
        now,
        key=ledger.key("granted", kind, talk.assessment.id, number),
        kind=NOTED_KIND,
        subject=subject(talk.assessment.id),
        channel="secretariat",
        facts={
            **{"did": kind.partition("/")[2], "person": by.name, "why": facts.get("why")},
            **{"due": talk.due_at.isoformat(), "closes": talk.closes_at.isoformat()},
        },
    )
    await ledger.queue(
        session,
        now,
        key=ledger.key(kind, talk.assessment.id, number),
        kind=kind,
        subject=subject(talk.assessment.id),
        facts={**facts, "at": now.isoformat(), **people.to_role(talk.assessment.member_code)},
    )
