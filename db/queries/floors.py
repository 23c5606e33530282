"""Floors and ceilings, as they were proposed and cleared, and the questions that members added for themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from db.engine import Session
from db.models import Assessment, Cycle, Delegation, Floor, Member, OwnIndicator, Person, Prompt
from db.queries.assessments import Talk
from db.vocabulary import ANSWERABLE, CycleOrigin, CycleState, FloorState


class Noted(NamedTuple):
    """One row of the history, with the names of who proposed it and who decided."""

    floor: Floor
    proposed_by: str
    decided_by: str | None


class Asked(NamedTuple):
    """What waits for the yes of a member's coordinator: the newest proposal of it, since when, and who wrote it."""

    member: Member
    newest: int
    since: datetime
    authors: frozenset[int]


_DECIDER = aliased(Person)
_NOTED = (
    select(Floor, Person.name, _DECIDER.name)
    .join(Person, Person.id == Floor.proposed_by)
    .outerjoin(_DECIDER, _DECIDER.id == Floor.decided_by)
)
# What was changed by a statement of its own is read anew.
_ANEW = {"populate_existing": True}
_WAITS = Floor.state == FloorState.PROPOSED


async def lock(session: Session, *members: str) -> None:
    """Let nobody else change what these members set for themselves until the transaction ends; rows that only name a
    member go in meanwhile. SQLite has one writer anyway."""
    statement = select(Member.code).where(Member.code.in_(members)).order_by(Member.code)
    await session.execute(statement.with_for_update(key_share=True))


async def cleared(session: Session, members: Collection[str]) -> Sequence[Floor]:
    """What the coordinators of these members have cleared, of all days, oldest first."""
    statement = (
        select(Floor)
        .where(Floor.member_code.in_(members), Floor.state == FloorState.CLEARED)
        .order_by(Floor.member_code, Floor.indicator, Floor.valid_from, Floor.id)
    )
    return (await session.scalars(statement)).all()


async def counting_or_waiting(session: Session, member: str) -> Sequence[Floor]:
    """What the coordinator of one member has cleared and what waits, in one statement; oldest first."""
    statement = (
        select(Floor)
        .where(Floor.member_code == member, Floor.state.in_([FloorState.CLEARED, FloorState.PROPOSED]))
        .order_by(Floor.indicator, Floor.valid_from, Floor.id)
    )
    return (await session.scalars(statement)).all()


async def proposed(session: Session, member: str) -> list[Noted]:
    """What was written down and waits, for the focal point to ask or for the coordinator to say yes, oldest first."""
    statement = _NOTED.where(Floor.member_code == member, _WAITS).order_by(Floor.id)
    return [Noted._make(row) for row in await session.execute(statement, execution_options=_ANEW)]


async def history(session: Session, member: str, codes: Collection[str]) -> list[Noted]:
    """All that was ever written down for one indicator, oldest first.

    Args:
        codes: the indicator's own and its earlier ones.
    """
    statement = _NOTED.where(Floor.member_code == member, Floor.indicator.in_(codes)).order_by(Floor.id)
    return [Noted._make(row) for row in await session.execute(statement, execution_options=_ANEW)]


async def some(session: Session, ids: Collection[int]) -> list[Noted]:
    """These rows, whatever became of them."""
    statement = _NOTED.where(Floor.id.in_(ids)).order_by(Floor.id)
    return [Noted._make(row) for row in await session.execute(statement, execution_options=_ANEW)]


async def ask(session: Session, member: str, now: datetime) -> int:
    """What was collected is asked about now; how many there were."""
    mine = Floor.member_code == member, _WAITS, Floor.asked_at.is_(None)
    return await _changed(session, update(Floor).where(*mine).values(asked_at=now))


async def decide(
    session: Session, member: str, ids: Collection[int], values: Mapping[str, Any], *, asked: bool = True
) -> int:
    """Settle proposals of one member that still wait; how many there were.

    Args:
        asked: only those that the coordinator was asked about.
    """
    statement = update(Floor).where(Floor.id.in_(ids), Floor.member_code == member, _WAITS)
    if asked:
        statement = statement.where(Floor.asked_at.is_not(None))
    return await _changed(session, statement.values(**values))


async def waiting(session: Session) -> list[Asked]:
    """What each member has asked its coordinator about, by the member's name."""
    asked: Any = Floor.asked_at
    statement = (
        select(Member, Floor.id, asked, Floor.proposed_by)
        .join(Floor, Floor.member_code == Member.code)
        .where(_WAITS, Floor.asked_at.is_not(None))
        .order_by(Member.name, Floor.id)
    )
    found: dict[str, Asked] = {}
    for member, floor_id, asked_at, author in await session.execute(statement):
        before = found.get(member.code, Asked(member, 0, asked_at, frozenset()))
        since = max(before.since, asked_at)
        found[member.code] = Asked(member, floor_id, since, before.authors | {author})
    return list(found.values())


async def own_indicators(session: Session, members: Collection[str]) -> Sequence[OwnIndicator]:
    """The questions that these members ask of themselves now, in the order in which they were added."""
    statement = (
        select(OwnIndicator)
        .where(OwnIndicator.member_code.in_(members), OwnIndicator.retired_at.is_(None))
        .order_by(OwnIndicator.id)
    )
    return (await session.scalars(statement)).all()


async def ever_added(session: Session, member: str) -> int:
    """How many questions of its own a member has added so far, retired ones too."""
    return (await session.scalar(select(func.count(OwnIndicator.id)).where(OwnIndicator.member_code == member))) or 0


async def own_indicator(session: Session, number: int) -> OwnIndicator | None:
    """One of them."""
    return await session.get(OwnIndicator, number)


async def at_work(session: Session, member: str) -> list[Talk]:
    """The assessments of a member, in open cycles, that those who answer are at work on, without their conversation.

    Whoever adds a question to them waits for another's turn about them to end.
    """
    statement = (
        select(Assessment, Cycle, Member)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Member, Member.code == Assessment.member_code)
        .where(
            Assessment.member_code == member,
            Assessment.state.in_(ANSWERABLE),
            Cycle.state == CycleState.OPEN,
            Cycle.origin == CycleOrigin.ASKED,
        )
        .order_by(Assessment.id)
        .with_for_update(of=Assessment)
    )
    return [Talk(row[0], row[1], row[2], None) for row in await session.execute(statement, execution_options=_ANEW)]


async def asked_at(session: Session, assessment_ids: Collection[int], code: str) -> set[int]:
    """Of these assessments, those in which a question is just being asked, or is in a contributor's hands."""
    prompts = select(Prompt.assessment_id).where(Prompt.assessment_id.in_(assessment_ids), Prompt.indicator == code)
    parts = select(Delegation.assessment_id).where(
        Delegation.assessment_id.in_(assessment_ids), Delegation.indicator == code
    )
    return set(await session.scalars(prompts)) | set(await session.scalars(parts))


async def _changed(session: Session, statement: Any) -> int:
    result: Any = await session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
