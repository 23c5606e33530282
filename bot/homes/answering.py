"""The Home of whoever answers for a member: my assessment, my contributors, my deadlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot import assessments, benchmarks, editions, permissions, workdays
from bot.homes import floors
from bot.homes.waiting import Wait, waits
from bot.messages import Choice, Deed, Message
from bot.people.contacts import ANSWERING
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.queries import appointments as appointment_queries
from db.queries import assessments as assessment_queries
from db.queries import delegations as delegation_queries
from db.queries import homes as queries
from db.queries import people as people_queries
from db.queries import reviews as review_queries
from db.queries.assessments import Talk
from db.queries.delegations import Part
from db.queries.homes import Running
from db.vocabulary import ANSWERABLE, AssessmentState, CycleState, DelegationState


async def answering(session: Session, by: Speaker, now: datetime) -> list[Message]:
    """A card for each assessment that runs, who owes what of it, and the dates ahead.

    Raises:
        NotAllowed: not somebody who answers for a member.
    """
    permissions.require(by, Act.ANSWER, by.member)
    member = by.member or ""
    rows = [row for row in await queries.running(session, member) if shown(row.talk)]
    talks = [row.talk for row in rows]
    answered = await assessment_queries.answered(session, [talk.assessment.id for talk in talks])
    waiting = await waits(session, talks, now)
    parts = [
        part
        for talk in talks
        if talk.delegated
        for part in await delegation_queries.parts(session, talk.assessment.id, (DelegationState.OPEN,))
    ]
    comments = await review_queries.open_threads(
        session, [talk.assessment.id for talk in talks if talk.assessment.round]
    )
    cards: list[Message] = []
    for row in rows:
        about = row.talk.assessment.id
        card = _assessment(by, row, answered[about], waiting.get(about), now, first=not cards)
        cards.append(replace(card, facts={**card.facts, "comments": comments.get(about, 0)}))
    if not cards:
        cards.append(await _nothing(session, member))
    if talks:
        cards.append(_contributors(by, talks, parts, answered, now))
    cards.append(await floors.card(session, by, now))
    cards.append(await benchmarks.home(session, member))
    return [*cards, _dates(by, talks, parts, await queries.seats(session, ANSWERING, _today(by, now), member), now)]


def shown(talk: Talk) -> bool:
    """Whether an assessment is still of interest: its cycle is open, or somebody still has to do something about it."""
    return (
        talk.cycle.state is CycleState.OPEN
        or talk.assessment.closes_at is not None
        or talk.assessment.state
        in (
            AssessmentState.SUBMITTED,
            AssessmentState.RETURNED,
            AssessmentState.AWAITING_CLEARANCE,
        )
    )


def state_facts(talk: Talk, answered: int, reviewer: str | None, wait: Wait | None, now: datetime) -> dict[str, Any]:
    """Where an assessment stands, for a card."""
    return {
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "state": talk.assessment.state.value,
        "since": talk.assessment.state_since,
        "answered": answered,
        "total": len(editions.questions(talk.cycle, talk.assessment).indicators),
        "due": talk.due_at,
        "closes": talk.closes_at,
        "late": now > talk.due_at,
        "locked": assessments.is_locked(talk, now),
        "why": talk.assessment.state_why,
        "reviewer": reviewer,
        "waits": wait.facts if wait else None,
    }


def _assessment(
    by: Speaker, row: Running, answered: set[str], wait: Wait | None, now: datetime, *, first: bool
) -> Message:
    talk = row.talk
    questions = editions.questions(talk.cycle, talk.assessment)
    asked = talk.prompt.indicator if talk.prompt else None
    facts = {
        **state_facts(talk, len(answered), row.reviewer, wait, now),
        "first": first,
        "minutes": questions.minutes,
        "at": questions.indicator(asked).title if asked and asked in questions else None,
        "mine": wait is not None and by.person_id in wait.people,
    }
    if wait is not None:
        value = str(wait.clearance_id)
        see = (Choice(Deed.SEE_CLEARANCE, value, style="primary"),) if facts["mine"] else ()
        ways = (Choice(Deed.RECORD_LETTER, value), Choice(Deed.WITHDRAW, f"{talk.assessment.id}:0::"))
        return Message("home/assessment", facts, (*see, *ways))
    return Message("home/assessment", facts, _ways_on(talk, now))


def _ways_on(talk: Talk, now: datetime) -> tuple[Choice, ...]:
    """The buttons that fit the state; none where nothing can be answered."""
    if assessments.is_locked(talk, now):
        return ()
    value = f"{talk.assessment.id}:0::"
    match talk.assessment.state:
        case AssessmentState.OPEN:
            return (Choice(Deed.START, value, style="primary"),)
        case AssessmentState.IN_PROGRESS:
            return Choice(Deed.RESUME, value, style="primary"), Choice(Deed.REVIEW, value)
        case AssessmentState.RETURNED:
            return (Choice(Deed.RESUME, value, "answer_now", style="primary"),)
        case _:
            return ()


async def _nothing(session: Session, member: str) -> Message:
    """No cycle asks anything now: what was accepted last."""
    country = await people_queries.member(session, member)
    last = await appointment_queries.accepted_last(session, member)
    return Message(
        "home/nothing_open",
        {
            "member": country.name if country else member,
            "last": {"cycle": last.cycle, "accepted": last.accepted_at} if last else None,
        },
    )


def _contributors(
    by: Speaker, talks: Sequence[Talk], parts: Sequence[Part], answered: Mapping[int, set[str]], now: datetime
) -> Message:
    cycles = {talk.assessment.id: talk.cycle for talk in talks}
    questions_of = {talk.assessment.id: editions.questions(talk.cycle, talk.assessment) for talk in talks}
    today = _today(by, now)
    rows: list[dict[str, Any]] = []
    for part in sorted(parts, key=lambda part: part.delegation.due_on):
        delegation = part.delegation
        questions = questions_of[delegation.assessment_id]
        inside = [indicator.code for indicator in assessments.narrowed(questions, delegation).indicators]
        rows.append(
            {
                "person": part.person,
                "agency": part.agency,
                "part": assessments.title_of_part(questions, delegation.section, delegation.indicator),
                "cycle": cycles[delegation.assessment_id].title if len(talks) > 1 else None,
                "due": delegation.due_on,
                "late": delegation.due_on < today,
                "answered": sum(code in answered[delegation.assessment_id] for code in inside),
                "total": len(inside),
            }
        )
    open_ones = [t for t in talks if t.assessment.state in ANSWERABLE and not assessments.is_locked(t, now)]
    choices: list[Choice] = []
    if delegated := [talk for talk in talks if talk.delegated]:
        choices.append(Choice(Deed.CONTRIBUTORS, str(delegated[0].assessment.id)))
    if open_ones:
        choices.append(Choice(Deed.DELEGATE, f"{open_ones[0].assessment.id}:0::"))
    facts = {"rows": rows, "member": talks[0].member.name, "can_hand": bool(open_ones)}
    return Message("home/contributors", facts, tuple(choices))


def _dates(
    by: Speaker, talks: Sequence[Talk], parts: Sequence[Part], seats: Sequence[queries.Seat], now: datetime
) -> Message:
    """What lies ahead, the nearest first."""
    today = _today(by, now)
    rows: list[tuple[datetime, dict[str, Any]]] = []

    def add(kind: str, at: datetime | None, on: date | None, **more: Any) -> None:
        moment = at or workdays.at((on or today) + workdays.DAY, 0, by.zone)
        if moment > now:
            rows.append((moment, {"kind": kind, "at": at, "on": on, **more}))

    for talk in talks:
        settled = talk.assessment.state in (AssessmentState.ACCEPTED, AssessmentState.NOT_REQUIRED)
        # After the others' close, only who has a date of its own has one ahead.
        if not settled and (talk.cycle.state is CycleState.OPEN or talk.assessment.closes_at is not None):
            add("due", talk.due_at, None, cycle=talk.cycle.title)
            add("closes", talk.closes_at, None, cycle=talk.cycle.title)
    questions = {talk.assessment.id: editions.questions(talk.cycle, talk.assessment) for talk in talks}
    for part in parts:
        delegation = part.delegation
        title = assessments.title_of_part(questions[delegation.assessment_id], delegation.section, delegation.indicator)
        add("part", None, delegation.due_on, person=part.person, part=title)
    for seat in seats:
        if seat.person_id == by.person_id and seat.role is by.role and seat.ends_on is not None:
            follows = [s.name for s in seats if s.role is by.role and s.starts_on > seat.ends_on]
            add("role_ends", None, seat.ends_on, follows=follows[0] if follows else None)
    return Message("home/dates", {"rows": [row for _, row in sorted(rows, key=lambda each: each[0])]})


def _today(by: Speaker, now: datetime) -> date:
    return workdays.local(now, by.zone).date()
