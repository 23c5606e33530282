"""The coordination mechanisms of the members, with their meetings and milestones."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from db.engine import Session
from db.models import Mechanism, Meeting, Member, Milestone


async def lock(session: Session, code: str) -> None:
    """Let nobody else change this member's mechanism until the transaction ends; rows that only name the member go in
    meanwhile. SQLite has one writer anyway."""
    await session.execute(select(Member.code).where(Member.code == code).with_for_update(key_share=True))


async def mechanism(session: Session, code: str) -> Mechanism | None:
    """One member's mechanism."""
    return await session.get(Mechanism, code)


async def every(session: Session) -> dict[str, Mechanism]:
    """All that are recorded, by member code."""
    return {each.member_code: each for each in await session.scalars(select(Mechanism))}


async def meetings(session: Session, code: str) -> list[Meeting]:
    """The meetings of one mechanism, newest first."""
    statement = select(Meeting).where(Meeting.member_code == code).order_by(Meeting.held_on.desc())
    return list(await session.scalars(statement))


async def meeting(session: Session, meeting_id: int) -> Meeting | None:
    """One meeting."""
    return await session.get(Meeting, meeting_id)


async def met(session: Session, start: date, end: date) -> dict[str, int]:
    """How often each mechanism met between two days, both included, by member code."""
    statement = (
        select(Meeting.member_code, func.count())
        .where(Meeting.held_on >= start, Meeting.held_on <= end)
        .group_by(Meeting.member_code)
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


async def milestones(session: Session, code: str | None = None) -> list[Milestone]:
    """The milestones of one member or of all: those with the earliest date first, those without a date last."""
    statement = select(Milestone).order_by(Milestone.due_on.is_(None), Milestone.due_on, Milestone.id)
    if code is not None:
        statement = statement.where(Milestone.member_code == code)
    return list(await session.scalars(statement))


async def milestone(session: Session, milestone_id: int) -> Milestone | None:
    """One milestone."""
    return await session.get(Milestone, milestone_id)
