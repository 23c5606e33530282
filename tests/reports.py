"""Cycles and accepted reports put straight into a database, for what reads them.

last = await a_cycle(session, "2025", state=CycleState.PUBLISHED)
await a_report(session, last, "IDN", clock.now(), pension_covered="38.8 2020 VHLSS", mechanism_status="planned")
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import event

from bot import editions
from bot.formats import Indicator
from bot.periods import period_of
from db.engine import Database, Session
from db.models import Answer, Assessment, Cycle, Experience
from db.vocabulary import (
    AssessmentState,
    Availability,
    CycleOrigin,
    CycleState,
    ExperienceKind,
    ExperienceState,
    Kind,
    QuestionSetCode,
    Theme,
    Via,
)

NOT_AVAILABLE = "n/a"


async def a_cycle(
    session: Session,
    code: str,
    *,
    title: str | None = None,
    state: CycleState = CycleState.OPEN,
    due: datetime | None = None,
    question_set: QuestionSetCode = QuestionSetCode.FULL,
    origin: CycleOrigin = CycleOrigin.ASKED,
) -> Cycle:
    """A cycle of a code such as `2026`, due at 27 November of its year unless said otherwise, closed a week later."""
    start, end = period_of(code)
    due = due or datetime(end.year, 11, 27, 10, 0, tzinfo=UTC)
    cycle = Cycle(
        code=code,
        title=title or f"Assessment {code}",
        question_set=question_set,
        edition="common-1",
        period_start=start,
        period_end=end,
        opens_at=due - timedelta(days=30),
        due_at=due,
        closes_at=due + timedelta(days=7),
        state=state,
        origin=origin,
    )
    session.add(cycle)
    await session.flush()
    return cycle


async def an_assessment(
    session: Session, cycle: Cycle, member: str, state: AssessmentState, since: datetime, **more: object
) -> Assessment:
    """One member's assessment, in a state since a moment; handed in once if it was."""
    handed_in = state in (AssessmentState.SUBMITTED, AssessmentState.RETURNED, AssessmentState.ACCEPTED)
    more.setdefault("first_submitted_at", more.get("submitted_at") if handed_in else None)
    assessment = Assessment(cycle_id=cycle.id, member_code=member, state=state, state_since=since, **more)
    session.add(assessment)
    await session.flush()
    return assessment


async def a_report(
    session: Session,
    cycle: Cycle,
    member: str,
    accepted: datetime,
    *,
    state: AssessmentState = AssessmentState.ACCEPTED,
    submitted: datetime | None = None,
    **answers: str,
) -> Assessment:
    """An assessment with answers, each as `38.8 2020 VHLSS`, `about 39 2021 LFS`, `n/a`, or a choice's code or text."""
    done = state is AssessmentState.ACCEPTED
    assessment = await an_assessment(
        session,
        cycle,
        member,
        state,
        accepted,
        submitted_at=submitted or accepted,
        accepted_at=accepted if done else None,
    )
    for code, words in answers.items():
        session.add(_answer(assessment, editions.questions(cycle).indicator(code), words, accepted))
    await session.flush()
    return assessment


async def an_experience(
    session: Session,
    person_id: int,
    published: datetime,
    text: str,
    *,
    member: str | None = None,
    kind: ExperienceKind = ExperienceKind.LESSON,
    title: str = "",
    theme: Theme = Theme.OTHER,
) -> Experience:
    """An experience that the secretariat published at a moment."""
    experience = Experience(
        kind=kind,
        theme=theme,
        title=title or text[:40],
        text=text,
        member_code=member,
        person_id=person_id,
        source_key=f"test:{member}:{kind}:{hash((title, text))}",
        state=ExperienceState.PUBLISHED,
        shared_at=published,
        decided_at=published,
    )
    session.add(experience)
    await session.flush()
    return experience


def _answer(assessment: Assessment, indicator: Indicator, words: str, said: datetime) -> Answer:
    answer = Answer(
        assessment_id=assessment.id,
        indicator=indicator.code,
        availability=Availability.GIVEN,
        said_at=said,
        via=Via.BOT,
    )
    if words == NOT_AVAILABLE:
        answer.availability, answer.note = Availability.NOT_AVAILABLE, "no survey this year"
    elif words == "skip":
        answer.availability = Availability.SKIPPED
    elif indicator.kind in (Kind.CHOICE, Kind.TEXT, Kind.YES_NO):
        answer.text = words
    else:
        if words.startswith("about "):
            answer.availability, words = Availability.ESTIMATE, words.removeprefix("about ")
        number, year, source = words.split(" ", 2)
        answer.number, answer.year, answer.source = Decimal(number), int(year), source
    return answer


@contextmanager
def counted(database: Database) -> Generator[list[str]]:
    """The statements that a database is asked inside the block; transactions themselves are not counted."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.split()[0].upper() not in ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA"):
            asked.append(statement)

    engine = database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
