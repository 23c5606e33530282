"""What was handed in before, what the review has agreed to, and the threads of the questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, delete, func, literal, select, update

from db.engine import Session
from db.models import (
    Answer,
    Assessment,
    AuditRow,
    Comment,
    Cycle,
    Delivery,
    Person,
    ReviewMark,
    ReviewQuestion,
    Submission,
)
from db.queries.assessments import move
from db.vocabulary import AssessmentState, Availability, CycleState, DeliveryState, Side


class Line(NamedTuple):
    """One line of a thread, and who wrote it. `settled`: it is what a return asked, and that was answered, be it by
    another figure."""

    comment: Comment
    person: str
    settled: bool


async def put_submission(session: Session, row: Submission) -> None:
    """Keep what was handed in."""
    session.add(row)
    await session.flush()


async def last_submission(session: Session, assessment_id: int, before_round: int) -> Submission | None:
    """What was handed in last, in an earlier round than this."""
    statement = (
        select(Submission)
        .where(Submission.assessment_id == assessment_id, Submission.round < before_round)
        .order_by(Submission.round.desc())
        .limit(1)
    )
    return (await session.scalars(statement)).first()


async def said_at(session: Session, assessment_id: int) -> dict[str, datetime]:
    """When each answer that stands was said; a skipped one is none."""
    statement = select(Answer.indicator, Answer.said_at).where(
        Answer.assessment_id == assessment_id, Answer.availability != Availability.SKIPPED
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


async def agreed(session: Session, assessment_id: int) -> set[str]:
    """The questions whose answer the review has agreed to, just as it stands."""
    statement = (
        select(ReviewMark.indicator)
        .join(
            Answer,
            and_(
                Answer.assessment_id == ReviewMark.assessment_id,
                Answer.indicator == ReviewMark.indicator,
                Answer.said_at == ReviewMark.said_at,
            ),
        )
        .where(ReviewMark.assessment_id == assessment_id, Answer.availability != Availability.SKIPPED)
    )
    return set(await session.scalars(statement))


async def mark(session: Session, assessment_id: int, said: Mapping[str, datetime], by: int, now: datetime) -> None:
    """Agree to these answers as they were said; what was agreed about them before gives way."""
    await unmark(session, assessment_id, said)
    session.add_all(
        ReviewMark(assessment_id=assessment_id, indicator=code, said_at=at, marked_by=by, marked_at=now)
        for code, at in said.items()
    )
    await session.flush()


async def unmark(session: Session, assessment_id: int, indicators: Collection[str]) -> None:
    """Agree to these answers no more."""
    await session.execute(
        delete(ReviewMark).where(ReviewMark.assessment_id == assessment_id, ReviewMark.indicator.in_(indicators))
    )


async def comments(session: Session, assessment_id: int) -> list[Line]:
    """All lines of all threads of an assessment, in the order they were written."""
    statement = (
        select(Comment, Person.name, ReviewQuestion.answered_at.is_not(None))
        .join(Person, Person.id == Comment.by)
        .outerjoin(ReviewQuestion, ReviewQuestion.id == Comment.question_id)
        .where(Comment.assessment_id == assessment_id)
        .order_by(Comment.id)
    )
    return [Line._make(row) for row in await session.execute(statement)]


async def comment(session: Session, comment_id: int) -> Comment | None:
    """One line."""
    return await session.get(Comment, comment_id)


async def comment_heard(session: Session, assessment_id: int, key: str) -> Comment | None:
    """The line that a message said."""
    statement = select(Comment).where(Comment.assessment_id == assessment_id, Comment.heard_key == key)
    return (await session.scalars(statement.limit(1))).first()


async def waits_in_ledger(session: Session, subject: str, kind: str) -> bool:
    """Whether a message of this kind about a subject is queued and nobody has it in hand yet."""
    statement = select(Delivery.id).where(
        Delivery.subject == subject, Delivery.kind == kind, Delivery.state == DeliveryState.QUEUED
    )
    return (await session.execute(statement.limit(1))).first() is not None


async def last_told(session: Session, subject: str, kinds: Collection[str]) -> datetime | None:
    """When something of these kinds about a subject last reached somebody."""
    statement = select(func.max(Delivery.settled_at, type_=Delivery.settled_at.type)).where(
        Delivery.subject == subject, Delivery.kind.in_(kinds), Delivery.state == DeliveryState.SENT
    )
    return (await session.execute(statement)).scalar()


async def set_aside(session: Session, assessment_id: int, why: Mapping[str, str]) -> None:
    """These answers count for nothing outside their country, for these reasons."""
    for code, reason in why.items():
        await session.execute(
            update(Answer)
            .where(Answer.assessment_id == assessment_id, Answer.indicator == code)
            .values(set_aside=reason)
            .execution_options(synchronize_session=False)
        )


async def take_all_back(session: Session, assessment_id: int) -> None:
    """No answer is set aside any more."""
    await session.execute(
        update(Answer)
        .where(Answer.assessment_id == assessment_id, Answer.set_aside.is_not(None))
        .values(set_aside=None)
        .execution_options(synchronize_session=False)
    )


async def asides(session: Session, assessment_id: int) -> dict[str, str]:
    """The answers that the acceptance set aside, and why."""
    statement = select(Answer.indicator, Answer.set_aside).where(
        Answer.assessment_id == assessment_id, Answer.set_aside.is_not(None)
    )
    return {code: why or "" for code, why in await session.execute(statement)}


async def published_at(session: Session, cycle_id: int) -> datetime | None:
    """When a cycle was published."""
    statement = select(func.max(AuditRow.at, type_=AuditRow.at.type)).where(
        AuditRow.subject == literal(f"cycle:{cycle_id}"), AuditRow.act == "publish_cycle"
    )
    return (await session.execute(statement)).scalar()


async def own_dates_end(session: Session, cycle_id: int, due_at: datetime, closes_at: datetime) -> None:
    """The cycle got as much time or more: a member's own date that is not later gives way to the cycle's."""
    of_cycle = Assessment.cycle_id == cycle_id
    for column, value in ((Assessment.due_at, due_at), (Assessment.closes_at, closes_at)):
        await session.execute(
            update(Assessment)
            .where(of_cycle, column <= value)
            .values({column: None})
            .execution_options(synchronize_session="fetch")
        )


async def has_answers(session: Session, assessment_id: int) -> bool:
    """Whether anything was answered; what was skipped is nothing."""
    statement = select(Answer.id).where(
        Answer.assessment_id == assessment_id, Answer.availability != Availability.SKIPPED
    )
    return (await session.execute(statement.limit(1))).first() is not None


async def open_threads(session: Session, assessment_ids: Collection[int]) -> dict[int, int]:
    """In how many threads the secretariat had the last word, by assessment."""
    found: dict[int, int] = {}
    if not assessment_ids:
        return found
    newest = (
        select(func.max(Comment.id).label("id"))
        .where(Comment.assessment_id.in_(assessment_ids))
        .group_by(Comment.assessment_id, func.coalesce(Comment.indicator, ""))
        .subquery()
    )
    statement = (
        select(Comment.assessment_id, func.count(Comment.id))
        .join(newest, newest.c.id == Comment.id)
        .outerjoin(ReviewQuestion, ReviewQuestion.id == Comment.question_id)
        .where(Comment.side == Side.SECRETARIAT, ReviewQuestion.answered_at.is_(None))
        .group_by(Comment.assessment_id)
    )
    for assessment_id, number in await session.execute(statement):
        found[assessment_id] = number
    return found


async def unless_published(
    session: Session, assessment_id: int, sources: Collection[AssessmentState], **values: Any
) -> bool:
    """Change an assessment only if it is in one of these states and its cycle is open or closed."""
    running = select(Cycle.id).where(Cycle.state.in_([CycleState.OPEN, CycleState.CLOSED]))
    return await move(session, assessment_id, sources, Assessment.cycle_id.in_(running), **values)
