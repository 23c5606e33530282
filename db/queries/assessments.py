"""Assessments, their answers, prompts, what was heard, and the questions of the review."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, insert, or_, select, update
from sqlalchemy.orm.attributes import set_committed_value

from db.engine import Session
from db.models import Answer, Assessment, Cycle, Delegation, Heard, Member, Person, Prompt, ReviewQuestion
from db.vocabulary import AssessmentState, Availability, CycleOrigin, CycleState, Via


class Talk(NamedTuple):
    """An assessment with what its conversation needs. `delegated`: a part of it was handed to somebody, whatever
    became of that."""

    assessment: Assessment
    cycle: Cycle
    member: Member
    prompt: Prompt | None
    delegated: bool = False

    @property
    def due_at(self) -> datetime:
        """When it is due for this member."""
        return self.assessment.due_in(self.cycle)

    @property
    def closes_at(self) -> datetime:
        """When it takes no answers of this member any more."""
        return self.assessment.closes_in(self.cycle)


class Standing(NamedTuple):
    """One line of a status table: the assessment, its member, its cycle, how many answers it has."""

    assessment: Assessment
    member: Member
    cycle: Cycle
    answered: int
    review_begun_by: str | None

    @property
    def due_at(self) -> datetime:
        """When it is due for this member."""
        return self.assessment.due_in(self.cycle)

    @property
    def closes_at(self) -> datetime:
        """When it takes no answers of this member any more."""
        return self.assessment.closes_in(self.cycle)


class Given(NamedTuple):
    """An answer as it stands, as a plain row: a turn reads them all and changes one. The fields are those of Answer,
    without when and over which way it came, which only the audit asks."""

    indicator: str
    availability: Availability
    number: Decimal | None
    text: str | None
    year: int | None
    source: str | None
    note: str | None
    said_by: int | None
    heard_key: str | None
    explanation: str | None = None
    doubted: list[Any] | None = None


_TALK = (
    select(Assessment, Cycle, Member, Prompt, exists().where(Delegation.assessment_id == Assessment.id))
    .join(Cycle, Cycle.id == Assessment.cycle_id)
    .join(Member, Member.code == Assessment.member_code)
    .outerjoin(Prompt, and_(Prompt.assessment_id == Assessment.id, Prompt.delegation_id.is_(None)))
)


# Statements of every turn are built once: building one costs as much as running it.
_OF_MEMBER = and_(
    Assessment.member_code == bindparam("member"),
    Cycle.state.in_(bindparam("states", expanding=True)),
    Cycle.origin == CycleOrigin.ASKED,
)
_TALKS_OF = (
    _TALK.add_columns(exists().where(Heard.key == bindparam("key")))
    .where(_OF_MEMBER)
    .order_by(Prompt.asked_at.desc().nulls_last(), Cycle.due_at, Assessment.id)
)
_TALK_BY_ID = _TALK.where(Assessment.id == bindparam("id"))
_LOCK_OF_MEMBER = (
    select(Assessment.id)
    .join(Cycle, Cycle.id == Assessment.cycle_id)
    .where(_OF_MEMBER)
    .order_by(Assessment.id)
    .with_for_update(of=Assessment)
)
_LOCK_BY_ID = select(Assessment.id).where(Assessment.id == bindparam("id")).with_for_update()
GIVEN = tuple(getattr(Answer, name) for name in Given._fields)
_ANSWERS_OF = select(*GIVEN).where(Answer.assessment_id == bindparam("id"))
_NEXT_VERSION = (
    update(Assessment).where(Assessment.id == bindparam("of_assessment")).values(version=Assessment.version + 1)
)
_FIRST_ANSWER = insert(Answer)
_NEW_ANSWER = update(Answer).where(
    Answer.assessment_id == bindparam("of_assessment"), Answer.indicator == bindparam("of_indicator")
)
_HEARD_FIELDS = tuple(column.name for column in Heard.__table__.columns if column.name != "id")
_FIRST_HEARD = insert(Heard)
_HEARD_UNDER = select(Heard).where(Heard.key == bindparam("key"))


async def talks(session: Session, member: str, states: Collection[CycleState]) -> list[Talk]:
    """A member's assessments in cycles of these states: the one talked about last first, then by due date.

    Whoever wants to change them waits for another's turn to end.
    """
    return (await talks_unless_heard(session, member, states, ""))[0]


async def live_talks(session: Session, member: str) -> list[Talk]:
    """A member's assessments that take answers: in open cycles, and, where it has a closing date of its own, in closed
    ones; in the same order. Whether that date has passed is another question."""
    found = await talks(session, member, [CycleState.OPEN, CycleState.CLOSED])
    return [talk for talk in found if talk.cycle.state is CycleState.OPEN or talk.assessment.closes_at is not None]


def in_live_cycle() -> ColumnElement[bool]:
    """The same as a condition on Assessment and Cycle."""
    of_its_own = and_(Cycle.state == CycleState.CLOSED, Assessment.closes_at.is_not(None))
    return or_(Cycle.state == CycleState.OPEN, of_its_own)


async def talks_unless_heard(
    session: Session, member: str, states: Collection[CycleState], key: str
) -> tuple[list[Talk], bool]:
    """The same, and whether something was heard under a key before, in one statement: every turn asks both."""
    of_member = {"member": member, "states": list(states)}
    await _wait_for(session, _LOCK_OF_MEMBER, of_member)
    given = {**of_member, "key": key}
    found = [(Talk._make(row[:5]), bool(row[5])) for row in await session.execute(_TALKS_OF, given)]
    if not found:
        return [], bool(key) and await heard(session, key) is not None
    return [talk for talk, _ in found], found[0][1]


async def talk(session: Session, assessment_id: int, *, lock: bool = False) -> Talk | None:
    """One assessment with its conversation.

    Args:
        lock: whoever wants to change it waits for another's turn to end.
    """
    given = {"id": assessment_id}
    if lock:
        await _wait_for(session, _LOCK_BY_ID, given)
    row = (await session.execute(_TALK_BY_ID, given)).first()
    return Talk._make(row) if row else None


async def _wait_for(session: Session, lock: Select[int], given: Mapping[str, Any]) -> None:
    """Wait for another process's turn about the same assessments to end.

    It is a statement of its own: PostgreSQL shows a row that it has waited for as it is now, but what is joined to it,
    such as the prompt, as it was before the wait. On SQLite one writes at a time anyway.
    """
    if session.get_bind().dialect.name != "sqlite":
        await session.execute(lock, given)


async def unsaid_prompts(session: Session) -> list[Talk]:
    """Conversations whose newest prompt has not been confirmed by the channel."""
    statement = _TALK.where(
        Prompt.said_ts.is_(None),
        Prompt.asked_person.is_not(None),
        in_live_cycle(),
        Assessment.state.in_([AssessmentState.IN_PROGRESS, AssessmentState.OPEN, AssessmentState.RETURNED]),
    )
    return [Talk._make(row) for row in await session.execute(statement)]


async def said(session: Session, assessment_id: int, serial: int, ts: str, delegation_id: int | None = None) -> None:
    """The channel has confirmed a prompt: of those who answer for the member, or of one delegation."""
    whose = Prompt.assessment_id == assessment_id, Prompt.delegation_id.is_not_distinct_from(delegation_id)
    await session.execute(update(Prompt).where(*whose, Prompt.serial == serial).values(said_ts=ts))


async def answers(session: Session, assessment_id: int) -> dict[str, Given]:
    """The answers of an assessment by indicator."""
    found: Any = await session.execute(_ANSWERS_OF, {"id": assessment_id})
    return {row[0]: Given._make(row) for row in found}


async def answered(session: Session, assessment_ids: Collection[int]) -> dict[int, set[str]]:
    """The questions that have an answer, by assessment; one that was skipped has none."""
    found: dict[int, set[str]] = {assessment_id: set() for assessment_id in assessment_ids}
    if not found:
        return found
    statement = select(Answer.assessment_id, Answer.indicator).where(
        Answer.assessment_id.in_(found), Answer.availability != Availability.SKIPPED
    )
    for assessment_id, indicator in await session.execute(statement):
        found[assessment_id].add(indicator)
    return found


async def answer(session: Session, assessment_id: int, indicator: str) -> Given | None:
    """One answer."""
    return (await answers(session, assessment_id)).get(indicator)


async def put_answer(
    session: Session, assessment_id: int, given: Given, now: datetime, via: Via, *, first: bool
) -> None:
    """Put an answer in place: the first one to its question, or in the place of the one that stands."""
    connection = await session.connection()
    # A new answer is not the one that an acceptance set aside.
    values = {**given._asdict(), "said_at": now, "via": via, "set_aside": None}
    if first:
        await connection.execute(_FIRST_ANSWER, {"assessment_id": assessment_id, **values})
    else:
        which = {"of_assessment": assessment_id, "of_indicator": given.indicator}
        await connection.execute(_NEW_ANSWER, {**values, **which})


async def put_doubts(
    session: Session, assessment_id: int, indicator: str, doubted: list[Any], explanation: str | None
) -> None:
    """Keep which values of an answer were found unusual, and what was said to the one that stands."""
    which = {"of_assessment": assessment_id, "of_indicator": indicator}
    values = {"doubted": doubted, "explanation": explanation}
    await (await session.connection()).execute(_NEW_ANSWER, {**values, **which})


async def next_version(session: Session, assessment: Assessment) -> None:
    """An answer changed: what was seen before is an earlier version."""
    await (await session.connection()).execute(_NEXT_VERSION, {"of_assessment": assessment.id})
    set_committed_value(assessment, "version", assessment.version + 1)


async def move(
    session: Session, assessment_id: int, sources: Collection[AssessmentState], *where: Any, **values: Any
) -> bool:
    """Change an assessment only if it is still in one of these states; False when it is not."""
    statement = (
        update(Assessment)
        .where(Assessment.id == assessment_id, Assessment.state.in_(sources), *where)
        .values(**values)
        .returning(Assessment.id)
        .execution_options(synchronize_session="fetch")
    )
    return len((await session.execute(statement)).all()) == 1


async def withdraw_guarded(
    session: Session, assessment_id: int, sources: Collection[AssessmentState], **values: Any
) -> bool:
    """The same, and only while no review has begun. What is taken back from the secretariat was not handed in first."""
    taken_back = and_(
        Assessment.state == AssessmentState.SUBMITTED, Assessment.first_submitted_at == Assessment.submitted_at
    )
    values["first_submitted_at"] = case((taken_back, None), else_=Assessment.first_submitted_at)
    return await move(session, assessment_id, sources, Assessment.review_begun_at.is_(None), **values)


async def begin_review(session: Session, assessment_id: int, now: datetime, person_id: int) -> bool:
    """Somebody reviews a submission from now on; False when it is none any more, or somebody did before."""
    values = {"review_begun_at": now, "review_begun_by": person_id}
    submitted = (AssessmentState.SUBMITTED,)
    return await move(session, assessment_id, submitted, Assessment.review_begun_at.is_(None), **values)


async def exact_version(
    session: Session, assessment_id: int, version: int, sources: Collection[AssessmentState], **values: Any
) -> bool:
    """The same, and only if no answer has changed since that version."""
    return await move(session, assessment_id, sources, Assessment.version == version, **values)


async def heard(session: Session, key: str) -> Heard | None:
    """What was heard under a key."""
    return (await session.scalars(_HEARD_UNDER, {"key": key})).first()


async def heard_before(session: Session, assessment_id: int, person_id: int, key: str) -> Heard | None:
    """What a person said or clicked about an assessment last, before something else."""
    statement = (
        select(Heard)
        .where(Heard.assessment_id == assessment_id, Heard.person_id == person_id, Heard.key != key)
        .order_by(Heard.id.desc())
        .limit(1)
    )
    return (await session.scalars(statement)).first()


async def spoke_about(session: Session, person_id: int, assessment_ids: Collection[int]) -> int | None:
    """Of these assessments the one that a person said or clicked something about last."""
    statement = (
        select(Heard.assessment_id)
        .where(Heard.person_id == person_id, Heard.assessment_id.in_(assessment_ids))
        .order_by(Heard.id.desc())
        .limit(1)
    )
    return (await session.scalars(statement)).first()


async def put_heard(session: Session, heard: Heard) -> None:
    """Write down something new that was heard.

    Raises:
        Conflict: something was heard under this key before.
    """
    values = {name: getattr(heard, name) for name in _HEARD_FIELDS}
    await (await session.connection()).execute(_FIRST_HEARD, values)


async def open_questions(session: Session, assessment_id: int) -> list[ReviewQuestion]:
    """What the review asked and nobody has answered, in the order it was asked."""
    statement = (
        select(ReviewQuestion)
        .where(ReviewQuestion.assessment_id == assessment_id, ReviewQuestion.answered_at.is_(None))
        .order_by(ReviewQuestion.id)
    )
    return list(await session.scalars(statement))


async def review_questions(session: Session, assessment_id: int) -> list[ReviewQuestion]:
    """All that the review asked, in every round."""
    statement = select(ReviewQuestion).where(ReviewQuestion.assessment_id == assessment_id).order_by(ReviewQuestion.id)
    return list(await session.scalars(statement))


async def standings(session: Session, *cycle_ids: int) -> list[Standing]:
    """Where every member of a cycle, or of several, stands, in alphabetical order."""
    answered = (
        select(func.count(Answer.id))
        .where(Answer.assessment_id == Assessment.id, Answer.availability != Availability.SKIPPED)
        .correlate(Assessment)
        .scalar_subquery()
    )
    statement = (
        select(Assessment, Member, Cycle, answered, Person.name)
        .join(Member, Member.code == Assessment.member_code)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .outerjoin(Person, Person.id == Assessment.review_begun_by)
        .where(Assessment.cycle_id.in_(cycle_ids))
        .order_by(Member.name, Assessment.cycle_id)
    )
    return [Standing._make(row) for row in await session.execute(statement)]


async def awaiting_review(session: Session) -> list[Talk]:
    """Submitted assessments, the oldest submission first; those of a cancelled cycle wait for nobody."""
    statement = _TALK.where(
        Assessment.state == AssessmentState.SUBMITTED, Cycle.state != CycleState.CANCELLED
    ).order_by(Assessment.submitted_at)
    return [Talk._make(row) for row in await session.execute(statement)]
