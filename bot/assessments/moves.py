"""MOVES: how one member's assessment passes from hand to hand, and what stands in the way of a move."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot import audit, ledger, permissions
from bot.assessments import snapshots
from bot.errors import NotFound, Refusal, WrongState
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Assessment, Cycle
from db.queries import assessments as queries
from db.queries.assessments import Talk
from db.vocabulary import ANSWERABLE, AssessmentState, CycleOrigin, CycleState


class MoveName(StrEnum):
    """What can happen to an assessment."""

    START = "start"
    SUBMIT = "submit"
    ASK_CLEARANCE = "ask_clearance"
    CLEAR = "clear"
    RECORD_LETTER = "record_letter"
    SEND_BACK = "send_back"
    GIVE_BACK = "give_back"
    WITHDRAW = "withdraw"
    RETURN = "return"
    RESUME = "resume"
    ACCEPT = "accept"
    UNDO_ACCEPT = "undo_accept"
    EXTEND = "extend"
    REOPEN = "reopen"
    EXCUSE = "excuse"
    ASK_AGAIN = "ask_again"
    GO_ON_AGAIN = "go_on_again"


@dataclass(frozen=True)
class Move:
    """One way on: from which states, to which, by whose right. Without a target it stays where it is.

    Attributes:
        reasoned: its reason stays with the assessment for as long as the state lasts.
    """

    sources: tuple[AssessmentState, ...]
    target: AssessmentState | None
    act: Act
    reasoned: bool = False


_S = AssessmentState
# Whatever is not settled: in these states more time is of use.
UNSETTLED = (_S.OPEN, _S.IN_PROGRESS, _S.AWAITING_CLEARANCE, _S.SUBMITTED, _S.RETURNED)
MOVES: dict[MoveName, Move] = {
    MoveName.START: Move((_S.OPEN,), _S.IN_PROGRESS, Act.ANSWER),
    MoveName.SUBMIT: Move((_S.IN_PROGRESS,), _S.SUBMITTED, Act.ANSWER),
    MoveName.ASK_CLEARANCE: Move((_S.IN_PROGRESS,), _S.AWAITING_CLEARANCE, Act.ANSWER),
    # With the last yes that a member asks for, spoken or on paper, it goes to the secretariat.
    MoveName.CLEAR: Move((_S.AWAITING_CLEARANCE,), _S.SUBMITTED, Act.CLEAR),
    MoveName.RECORD_LETTER: Move((_S.AWAITING_CLEARANCE,), _S.SUBMITTED, Act.RECORD_LETTER),
    MoveName.SEND_BACK: Move((_S.AWAITING_CLEARANCE,), _S.IN_PROGRESS, Act.CLEAR),
    # The member asks for no clearance any more: what waited for one is handed in anew, and leaves by nobody's silence.
    MoveName.GIVE_BACK: Move((_S.AWAITING_CLEARANCE,), _S.IN_PROGRESS, Act.SET_CLEARANCE),
    MoveName.WITHDRAW: Move((_S.SUBMITTED, _S.AWAITING_CLEARANCE), _S.IN_PROGRESS, Act.ANSWER),
    MoveName.RETURN: Move((_S.SUBMITTED,), _S.RETURNED, Act.REVIEW),
    MoveName.RESUME: Move((_S.RETURNED,), _S.IN_PROGRESS, Act.ANSWER),
    MoveName.ACCEPT: Move((_S.SUBMITTED,), _S.ACCEPTED, Act.REVIEW),
    # Until its cycle is published.
    MoveName.UNDO_ACCEPT: Move((_S.ACCEPTED,), _S.SUBMITTED, Act.REVIEW, reasoned=True),
    # One member's own dates: later ones before it closes, or new ones after.
    MoveName.EXTEND: Move(UNSETTLED, None, Act.RUN_CYCLES),
    MoveName.REOPEN: Move(UNSETTLED, None, Act.RUN_CYCLES),
    # No report is asked of this member; taken back, it is where it was: not begun, or with what was answered.
    MoveName.EXCUSE: Move(
        (_S.OPEN, _S.IN_PROGRESS, _S.AWAITING_CLEARANCE, _S.RETURNED), _S.NOT_REQUIRED, Act.RUN_CYCLES, reasoned=True
    ),
    MoveName.ASK_AGAIN: Move((_S.NOT_REQUIRED,), _S.OPEN, Act.RUN_CYCLES),
    MoveName.GO_ON_AGAIN: Move((_S.NOT_REQUIRED,), _S.IN_PROGRESS, Act.RUN_CYCLES),
}

# What was handed in, and has not been changed since: also what was returned, until somebody goes on with it.
HANDED_IN = (_S.SUBMITTED, _S.RETURNED, _S.ACCEPTED)

# What waits in the ledger and loses its need when an assessment is handed in.
DUTIES_OF_ANSWERING = ("assessment/opening", "assessment/returned", "reminder/step")
DUTIES_OF_CLEARING = ("clearance/ask", "clearance/remind", "clearance/nobody")
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


def may_read(by: Speaker, member: str, state: AssessmentState) -> bool:
    """Whether somebody may read a member's answers: nobody outside it does before they were handed in."""
    return permissions.allowed(by, Act.READ_ANSWERS, member) and (by.member == member or state in HANDED_IN)


class InCycle(Protocol):
    """An assessment with its cycle: what every query of assessments gives."""

    @property
    def assessment(self) -> Assessment:
        """One member's answers."""
        ...

    @property
    def cycle(self) -> Cycle:
        """The cycle that asks for them."""
        ...


def is_locked(one: InCycle, now: datetime) -> bool:
    """Whether no answers of this member are taken any more.

    A member with a closing date of its own, since it was given more time or its assessment was reopened, may answer
    until then, also after the cycle has closed for the others; never once the cycle is published or cancelled.
    """
    states = (CycleState.OPEN, CycleState.CLOSED) if one.assessment.closes_at else (CycleState.OPEN,)
    return one.cycle.state not in states or now >= one.assessment.closes_in(one.cycle)


def cycle_is_locked(cycle: Cycle, now: datetime) -> bool:
    """Whether a cycle takes no answers any more, but of members with a closing date of their own."""
    return cycle.state is not CycleState.OPEN or now >= cycle.closes_at


def is_late(one: InCycle, now: datetime | None = None) -> bool:
    """Whether a member is late: its first handing-in came after its own due date.

    What the secretariat returns was handed in all the same: an answer to it, after the due date, makes nobody late.
    What the country withdrew before a review does not count as handed in. What was brought in as history was never due.

    Args:
        now: who has not handed in yet is late as well if its due date has passed by then; None: is not.
    """
    moment = one.assessment.first_submitted_at or now
    asked_people = one.cycle.origin is CycleOrigin.ASKED
    return asked_people and moment is not None and moment > one.assessment.due_in(one.cycle)


def check_unlocked(talk: Talk, now: datetime) -> None:
    """Let through while the cycle takes answers.

    Raises:
        Locked: it is closed, or its closing date has passed.
    """
    if is_locked(talk, now):
        raise Locked(member=talk.member.name, cycle=talk.cycle.title, closed=talk.closes_at)


def check_answerable(talk: Talk, now: datetime) -> None:
    """Let through while answers can be given: also before the start, and after a return.

    Raises:
        Locked, NotThePersonsTurn.
    """
    check_unlocked(talk, now)
    if talk.assessment.state not in ANSWERABLE:
        raise not_their_turn(talk)


async def find(session: Session, by: Speaker, act: Act, assessment_id: int) -> Talk:
    """One assessment that this person may do this to; another's is not even there.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    talk = await queries.talk(session, assessment_id, lock=True)
    if talk is None or not permissions.allowed(by, act, talk.assessment.member_code):
        raise NotFound(what="assessment", named=str(assessment_id))
    return talk


Guard = Callable[..., Any]
"""A conditional UPDATE: gets the session, the assessment's id, the sources and what to set; gives whether it did."""


def seen(version: int) -> Guard:
    """The conditional UPDATE that lets a move through for exactly the version of the answers that was seen."""

    async def guard(session: Session, assessment_id: int, **values: Any) -> bool:
        return await queries.exact_version(session, assessment_id, version, **values)

    return guard


async def move(
    session: Session,
    by: Speaker,
    talk: Talk,
    name: MoveName,
    now: datetime,
    *,
    guard: Guard = queries.move,
    why: str | None = None,
    detail: Mapping[str, Any] | None = None,
    **values: Any,
) -> int:
    """Make one move of MOVES by a conditional UPDATE, and record it.

    Args:
        guard: the conditional UPDATE; by default only the state decides.
        why, detail: for the record.
        values: further columns to set.

    Returns:
        The number of its row in the audit; 0 when somebody was first, and nothing changed.

    Raises:
        NotAllowed: it is not this person's right.
    """
    way = MOVES[name]
    permissions.require(by, way.act, talk.assessment.member_code)
    if way.target is not None:
        values |= {"state": way.target, "state_since": now, "state_why": why if way.reasoned else None}
    if not await guard(session, talk.assessment.id, sources=way.sources, **values):
        return 0
    await session.refresh(talk.assessment)
    return await audit.record(session, by, name.value, subject(talk.assessment.id), now, why=why, **(detail or {}))


async def hand_over(
    session: Session,
    by: Speaker,
    talk: Talk,
    name: MoveName,
    author: int,
    now: datetime,
    *,
    guard: Guard = queries.move,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """The move that brings an assessment to the secretariat, which finds it in its channel.

    Args:
        by: whose deed it is: who submits, or who gives the last national yes.
        author: the person who hands it in.

    Raises:
        NotThePersonsTurn, NotAllowed.
    """
    first = talk.assessment.first_submitted_at or now
    values: dict[str, Any] = {"submitted_at": now, "first_submitted_at": first, "submitted_by": author}
    values["review_begun_at"] = None
    number = talk.assessment.round + 1
    if not await move(session, by, talk, name, now, guard=guard, detail=detail, round=number, **values):
        await session.refresh(talk.assessment)
        raise not_their_turn(talk)
    await snapshots.keep(session, talk, author, now)
    about = subject(talk.assessment.id)
    await ledger.cancel(session, about, (*DUTIES_OF_ANSWERING, *DUTIES_OF_CLEARING), now)
    await ledger.queue(
        session,
        now,
        key=ledger.key("submission", talk.assessment.id, number),
        kind="review/submission",
        subject=about,
        channel="secretariat",
        facts={"round": number, "late": now > talk.due_at},
    )


def not_their_turn(talk: Talk) -> NotThePersonsTurn:
    """The refusal of who comes when the assessment is in other hands."""
    return NotThePersonsTurn(
        what="assessment",
        member=talk.member.name,
        cycle=talk.cycle.title,
        state=talk.assessment.state.value,
        since=talk.assessment.state_since,
    )
