"""Who stands where in a cycle: whose turn it is, since when, and what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot import assessments, editions, people, workdays
from db.engine import Session
from db.models import Cycle
from db.queries import assessments as assessment_queries
from db.queries.assessments import Standing
from db.queries.people import Hat
from db.vocabulary import AssessmentState

# Who waits for the national yes has not handed in: late counts until the secretariat has it.
_NOT_HANDED_IN = (AssessmentState.OPEN, AssessmentState.IN_PROGRESS, AssessmentState.AWAITING_CLEARANCE)


class Ball(StrEnum):
    """Whose turn it is."""

    FOCAL_POINT = "focal_point"
    CLEARER = "clearer"
    SECRETARIAT = "secretariat"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Row:
    """Where one member stands in a cycle.

    Attributes:
        member: ISO 3166-1 alpha-3 code; `name` is the country's.
        since: when the state began.
        ball: whose turn it is; nobody's once it is accepted, or once the cycle takes no answers.
        holder: the person whose turn it is: who answers for the member, who is asked for its clearance, or who began
            the review. None: no one by name.
        late: it is not with the secretariat, and `bot.assessments.is_late`.
        handed_in_late: it was handed in, for the first time after the due date.
        answered: questions with an answer, of `total`; "not available" is one.
        waited: working days of the country for which its national yes has been waited for; None: it is not.
        closes: when it takes no answers of this member any more; None: not asked.
        own_date: the member was given a date of its own.
        why: the reason of a state that has one, such as why no report is required.
    """

    member: str
    name: str
    state: AssessmentState
    since: datetime
    ball: Ball
    holder: str | None
    due: datetime
    late: bool
    handed_in_late: bool
    answered: int
    total: int
    waited: int | None = None
    closes: datetime | None = None
    own_date: bool = False
    why: str | None = None


async def region(session: Session, cycle: Cycle, now: datetime) -> list[Row]:
    """Every member of a cycle, in alphabetical order. The caller asks the permission."""
    return (await regions(session, [cycle], now))[cycle.id]


async def regions(session: Session, cycles: Sequence[Cycle], now: datetime) -> dict[int, list[Row]]:
    """The same for several cycles, by cycle, in no more statements than for one."""
    answering = await people.answering_by_member(session, workdays.register_day(now))
    standings = await assessment_queries.standings(session, *(cycle.id for cycle in cycles))
    waiting = [one for one in standings if one.assessment.state is AssessmentState.AWAITING_CLEARANCE]
    asked = await assessments.asked_of(session, waiting, now)
    rows: dict[int, list[Row]] = {cycle.id: [] for cycle in cycles}
    for standing in standings:
        hat = answering.get(standing.member.code)
        rows[standing.cycle.id].append(_row(standing, hat, asked.get(standing.assessment.id, ()), now))
    return rows


def _row(standing: Standing, answering: Hat | None, asked: Sequence[Hat], now: datetime) -> Row:
    assessment, cycle = standing.assessment, standing.cycle
    locked, late = assessments.is_locked(standing, now), assessments.is_late(standing, now)
    ball, holder = Ball.NOBODY, None
    if assessment.state is AssessmentState.SUBMITTED:
        ball = Ball.SECRETARIAT
        holder = standing.review_begun_by if assessment.review_begun_at else None
    elif assessment.state is AssessmentState.AWAITING_CLEARANCE and not locked:
        ball = Ball.CLEARER
        holder = ", ".join(hat.name for hat in asked) or None
    elif assessment.state not in (AssessmentState.ACCEPTED, AssessmentState.NOT_REQUIRED) and not locked:
        ball, holder = Ball.FOCAL_POINT, answering.name if answering else None
    return Row(
        standing.member.code,
        standing.member.name,
        assessment.state,
        assessment.state_since,
        ball,
        holder,
        standing.due_at,
        assessment.state in _NOT_HANDED_IN and late,
        _handed_in(assessment.state) and late,
        standing.answered,
        len(editions.questions(cycle, assessment).indicators),
        _waited(standing, now) if ball is Ball.CLEARER else None,
        standing.closes_at,
        assessment.due_at is not None or assessment.closes_at is not None,
        assessment.state_why,
    )


def _waited(standing: Standing, now: datetime) -> int:
    member, since = standing.member, standing.assessment.state_since
    return workdays.working_days(since, now, zone=member.zone, calendar=member.calendar)


def _handed_in(state: AssessmentState) -> bool:
    return state in (AssessmentState.SUBMITTED, AssessmentState.RETURNED, AssessmentState.ACCEPTED)
