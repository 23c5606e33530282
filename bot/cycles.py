"""Reporting rounds: planned, opened, extended, closed, cancelled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import audit, editions, errata, floors, ledger, people, permissions, workdays
from bot.assessments import DUTIES_OF_CLEARING, BadDates, asking, is_locked
from bot.assessments.granting import DatesMoved, check_dates, dates_of
from bot.errors import NotFound, Refusal, WrongState
from bot.periods import period_of
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Assessment, Cycle, Member
from db.queries import assessments as assessment_queries
from db.queries import cycles as queries
from db.queries import people as people_queries
from db.queries import reviews as review_queries
from db.queries.assessments import Standing
from db.queries.people import Hat
from db.vocabulary import AssessmentState, CycleOrigin, CycleState, QuestionSetCode

# From which states each move of a cycle may come, and where it leads.
CYCLE_MOVES: dict[str, tuple[tuple[CycleState, ...], CycleState]] = {
    "open": ((CycleState.DRAFT,), CycleState.OPEN),
    "extend": ((CycleState.OPEN, CycleState.CLOSED), CycleState.OPEN),
    "close": ((CycleState.OPEN,), CycleState.CLOSED),
    "publish": ((CycleState.CLOSED,), CycleState.PUBLISHED),
    "cancel": ((CycleState.DRAFT, CycleState.OPEN), CycleState.CANCELLED),
}
# What waits for the members of a cycle and loses its need when it ends.
DUTIES = ("assessment/opening", "assessment/returned", "reminder/step")


class CycleExists(Refusal):
    """A cycle of this code is there already. Facts: code, state."""


class CycleMoved(WrongState):
    """The cycle is no longer as it was. Facts: what, cycle, state."""


@dataclass(frozen=True)
class Plan:
    """Who will be asked what, before anybody is.

    Attributes:
        asked: the people who will be written to, one a member.
        unheld: members whom nobody answers for.
    """

    cycle: Cycle
    asked: tuple[Hat, ...]
    unheld: tuple[Member, ...]
    questions: int
    minutes: int


@dataclass(frozen=True)
class Extension:
    """More time, before anybody has it: the cycle as it stands, and who would be told.

    Attributes:
        told: the people who will be written to, one a member that has not finished.
        unheld: members that have not finished and that nobody answers for.
    """

    cycle: Cycle
    told: tuple[Hat, ...]
    unheld: tuple[Member, ...]


def subject(cycle_id: int) -> str:
    """What audit and ledger call a cycle."""
    return f"cycle:{cycle_id}"


async def plan(
    session: Session,
    by: Speaker,
    *,
    code: str,
    title: str,
    question_set: QuestionSetCode,
    edition: str,
    due: datetime,
    closes: datetime,
    now: datetime,
) -> Plan:
    """Write a cycle down as a draft and say who would be asked what. Nobody is written to. A draft of the same code
    is planned anew; a cancelled one gives its code up.

    Raises:
        BadCode, BadDates, CycleExists, NotAllowed.
    """
    permissions.require(by, Act.RUN_CYCLES)
    start, end = period_of(code)
    check_dates(now, due, closes)
    cycle = await queries.by_code(session, code)
    if cycle is not None and cycle.state is CycleState.CANCELLED:
        # A code is unique, and this one gives it up; what was said in it stays under its id.
        await queries.move(session, cycle.id, (CycleState.CANCELLED,), code=f"{code}~{cycle.id}")
        cycle = None
    if cycle is not None and cycle.state is not CycleState.DRAFT:
        raise CycleExists(code=code, state=cycle.state.value)
    if cycle is None:
        cycle = Cycle(code=code, state=CycleState.DRAFT, origin=CycleOrigin.ASKED)
        session.add(cycle)
    cycle.title, cycle.question_set, cycle.edition = title, question_set, edition
    cycle.period_start, cycle.period_end = start, end
    cycle.opens_at, cycle.due_at, cycle.closes_at = now, due, closes
    cycle.opened_by = by.person_id
    await session.flush()
    await audit.record(session, by, "plan_cycle", subject(cycle.id), now, code=code)
    return await preview(session, cycle, now)


async def preview(session: Session, cycle: Cycle, now: datetime) -> Plan:
    """Who would be asked what if this cycle opened now."""
    members = await people_queries.members(session)
    asked = await people.answering_by_member(session, workdays.register_day(now))
    questions = editions.questions(cycle)
    return Plan(
        cycle,
        tuple(asked[member.code] for member in members if member.code in asked),
        tuple(member for member in members if member.code not in asked),
        len(questions.indicators),
        questions.minutes,
    )


async def open_cycle(session: Session, by: Speaker, cycle_id: int, now: datetime) -> Plan:
    """Open a planned cycle: an assessment a member, and the opening message to each focal point through the ledger.

    Raises:
        CycleMoved: it was opened or cancelled before.
        BadDates: its due date has passed since it was planned.
        NotFound, NotAllowed.
    """
    permissions.require(by, Act.RUN_CYCLES)
    cycle = await _cycle(session, cycle_id)
    check_dates(now, cycle.due_at, cycle.closes_at)
    await errata.use(session, cycle.edition, now)
    await _move(session, by, cycle, "open", now, opens_at=now)
    plan = await preview(session, cycle, now)
    assessments = [
        Assessment(cycle_id=cycle.id, member_code=member.code, state=AssessmentState.OPEN, state_since=now)
        for member in await people_queries.members(session)
    ]
    await floors.freeze(session, cycle, assessments, now)
    session.add_all(assessments)
    await session.flush()
    asked = {hat.member for hat in plan.asked}
    openings = [
        ledger.Entry(
            key=ledger.key("opening", cycle.id, assessment.member_code),
            kind="assessment/opening",
            subject=f"assessment:{assessment.id}",
            facts=people.to_role(assessment.member_code),
            not_after=cycle.closes_at,
        )
        for assessment in assessments
        if assessment.member_code in asked
    ]
    await ledger.queue_all(session, now, openings)
    return plan


async def extension(
    session: Session, by: Speaker, cycle_id: int, due: datetime, closes: datetime, now: datetime
) -> Extension:
    """What `extend` would do with these dates. Nothing is changed and nobody is written to.

    Raises:
        The same as `extend`.
    """
    permissions.require(by, Act.RUN_CYCLES)
    cycle = await _cycle(session, cycle_id)
    if cycle.state not in CYCLE_MOVES["extend"][0]:
        raise CycleMoved(what="cycle", cycle=cycle.title, state=cycle.state.value)
    _check_later(cycle, now, due, closes)
    unfinished = [one.member for one in _unfinished(await assessment_queries.standings(session, cycle.id))]
    answering = await people.answering_by_member(session, workdays.register_day(now))
    return Extension(
        cycle,
        tuple(answering[member.code] for member in unfinished if member.code in answering),
        tuple(member for member in unfinished if member.code not in answering),
    )


async def extend(
    session: Session,
    by: Speaker,
    cycle_id: int,
    due: datetime,
    closes: datetime,
    now: datetime,
    why: str | None = None,
    *,
    seen: str | None = None,
) -> Cycle:
    """Give everyone more time; a closed cycle that is not yet published opens again.

    Args:
        seen: the dates that were shown with the wish (`dates_of`); None: nobody was shown any.

    Raises:
        DatesMoved: it has others by now.
        BadDates: the new due date is not later than the old one, or lies in the past.
        CycleMoved, NotFound, NotAllowed.
    """
    permissions.require(by, Act.RUN_CYCLES)
    cycle = await _cycle(session, cycle_id, lock=True)
    if seen is not None and seen != dates_of(cycle.due_at, cycle.closes_at):
        raise DatesMoved(member=None, cycle=cycle.title, due=cycle.due_at, closes=cycle.closes_at)
    _check_later(cycle, now, due, closes)
    before = cycle.due_at
    await _move(session, by, cycle, "extend", now, why=why, before=before.isoformat(), due_at=due, closes_at=closes)
    # Reminders of the old date are void; the tick computes the new ones.
    await review_queries.own_dates_end(session, cycle.id, due, closes)
    standings = await assessment_queries.standings(session, cycle.id)
    await _cancel(session, standings, ["reminder/step"], now)
    await _tell_unfinished(session, standings, "cycle/extended", now, key=due.isoformat())
    return cycle


async def close(session: Session, by: Speaker | None, cycle_id: int, now: datetime) -> Cycle:
    """Take no more answers. What was submitted can still be reviewed.

    Args:
        by: None when the closing date does it.

    Raises:
        CycleMoved, NotFound, NotAllowed.
    """
    if by is not None:
        permissions.require(by, Act.RUN_CYCLES)
    cycle = await _cycle(session, cycle_id)
    await _move(session, by, cycle, "close", now, closes_at=min(now, cycle.closes_at))
    # Whoever was given more time goes on until then.
    over = [one for one in await assessment_queries.standings(session, cycle.id) if is_locked(one, now)]
    await _cancel(session, over, (*DUTIES, *DUTIES_OF_CLEARING), now)
    await asking.closed(session, over, now)
    return cycle


async def cancel(session: Session, by: Speaker, cycle_id: int, now: datetime, why: str | None = None) -> Cycle:
    """Call a cycle off. What was answered is kept; nobody is asked any more, and those who were are told.

    Raises:
        CycleMoved, NotFound, NotAllowed.
    """
    permissions.require(by, Act.RUN_CYCLES)
    cycle = await _cycle(session, cycle_id)
    was_open = cycle.state is CycleState.OPEN
    await _move(session, by, cycle, "cancel", now, why=why)
    standings = await assessment_queries.standings(session, cycle.id)
    await _cancel(session, standings, DUTIES, now)
    if was_open:
        await _tell_unfinished(session, standings, "cycle/cancelled", now, key="cancelled")
        await asking.called_off(session, by, standings, now)
    return cycle


async def publish(session: Session, by: Speaker, cycle: Cycle, now: datetime) -> bool:
    """A closed cycle whose digest goes out is published, so that its figures stand; an open one stays open, and so does
    a closed one of which something waits for the review: what is accepted after it would change what is published.

    Returns:
        Whether it was published.
    """
    permissions.require(by, Act.SEND_DIGEST)
    if cycle.state is not CycleState.CLOSED or await queries.waits_for_review(session, cycle.id):
        return False
    await _move(session, by, cycle, "publish", now)
    return True


async def close_what_is_due(session: Session, now: datetime) -> list[Cycle]:
    """Close every cycle whose closing date has passed."""
    return [await close(session, None, cycle.id, now) for cycle in await queries.past_closing(session, now)]


async def named(session: Session, by: Speaker, code: str | None, states: Sequence[CycleState]) -> Cycle:
    """The cycle of a code, in whatever case it is typed, or, without one, the only one in these states.

    Raises:
        NotFound: there is none, or more than one to choose from.
    """
    permissions.require(by, Act.SEE_NETWORK_STATUS)
    if code:
        cycle = await queries.by_code(session, code.upper())
        if cycle is None or cycle.origin is not CycleOrigin.ASKED:
            raise NotFound(what="cycle", named=code)
        return cycle
    cycles = await queries.asked(session, states)
    if len(cycles) != 1:
        raise NotFound(what="cycle", named=", ".join(cycle.code for cycle in cycles))
    return cycles[0]


async def counts(session: Session, cycle: Cycle) -> dict[str, int]:
    """How many assessments of a cycle are in each state."""
    found = Counter(
        standing.assessment.state.value for standing in await assessment_queries.standings(session, cycle.id)
    )
    return {state.value: found.get(state.value, 0) for state in AssessmentState}


async def latest(session: Session, by: Speaker, states: Sequence[CycleState]) -> Cycle:
    """Of the cycles in these states, the one due last.

    Raises:
        NotFound: there is none.
    """
    permissions.require(by, Act.SEE_NETWORK_STATUS)
    cycles = await queries.asked(session, states)
    if not cycles:
        raise NotFound(what="cycle", named="")
    return cycles[-1]


async def found(session: Session, cycle_id: int) -> Cycle:
    """The cycle that a button is about.

    Raises:
        NotFound: there is none.
    """
    return await _cycle(session, cycle_id)


async def _cycle(session: Session, cycle_id: int, *, lock: bool = False) -> Cycle:
    cycle = await queries.cycle(session, cycle_id, lock=lock)
    if cycle is None:
        raise NotFound(what="cycle", named=str(cycle_id))
    return cycle


def _check_later(cycle: Cycle, now: datetime, due: datetime, closes: datetime) -> None:
    check_dates(now, due, closes)
    if due <= cycle.due_at:
        raise BadDates(problem="not_later", opens=now, due=cycle.due_at, closes=cycle.closes_at)


async def _move(
    session: Session,
    by: Speaker | None,
    cycle: Cycle,
    name: str,
    now: datetime,
    *,
    why: str | None = None,
    before: str | None = None,
    **values: Any,
) -> None:
    sources, target = CYCLE_MOVES[name]
    if not await queries.move(session, cycle.id, sources, state=target, **values):
        await session.refresh(cycle)
        raise CycleMoved(what="cycle", cycle=cycle.title, state=cycle.state.value)
    await session.refresh(cycle)
    detail = {"before": before} if before else {}
    await audit.record(session, by, f"{name}_cycle", subject(cycle.id), now, why=why, **detail)


async def _cancel(session: Session, standings: Sequence[Standing], kinds: Collection[str], now: datetime) -> None:
    await ledger.cancel_all(session, [f"assessment:{one.assessment.id}" for one in standings], kinds, now)


async def _tell_unfinished(
    session: Session, standings: Sequence[Standing], kind: str, now: datetime, *, key: str
) -> None:
    news = [
        ledger.Entry(
            key=ledger.key(kind, one.cycle.id, one.member.code, key),
            kind=kind,
            subject=f"assessment:{one.assessment.id}",
            facts=people.to_role(one.member.code),
        )
        for one in _unfinished(standings)
    ]
    await ledger.queue_all(session, now, news)


def _unfinished(standings: Sequence[Standing]) -> list[Standing]:
    done = (AssessmentState.SUBMITTED, AssessmentState.ACCEPTED, AssessmentState.NOT_REQUIRED)
    return [one for one in standings if one.assessment.state not in done]
