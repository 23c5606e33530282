"""What answers rest on: links and files."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, select, update

from db.engine import Session
from db.models import Assessment, Cycle, Delegation, Evidence, Member, Person, StoredFile
from db.queries.assessments import Talk
from db.vocabulary import DelegationState


class Kept(NamedTuple):
    """One piece of evidence with who added it; of a file its size and type, never its content."""

    evidence: Evidence
    person: str
    size: int | None
    media_type: str | None


class Found(NamedTuple):
    """The same with the assessment that it belongs to."""

    kept: Kept
    talk: Talk


def _kept() -> Select[Evidence, str, int, str]:
    return (
        select(Evidence, Person.name, StoredFile.size, StoredFile.media_type)
        .join(Person, Person.id == Evidence.added_by)
        .outerjoin(StoredFile, StoredFile.id == Evidence.file_id)
    )


async def of(session: Session, assessment_ids: Collection[int], *, removed: bool = False) -> list[Kept]:
    """What stands behind the answers of some assessments, oldest first.

    Args:
        removed: also what was taken away.
    """
    if not assessment_ids:
        return []
    statement = _kept().where(Evidence.assessment_id.in_(assessment_ids)).order_by(Evidence.id)
    if not removed:
        statement = statement.where(Evidence.removed_at.is_(None))
    return [Kept._make(row) for row in await session.execute(statement)]


async def one(session: Session, evidence_id: int, *, lock: bool = False) -> Found | None:
    """One piece that was not taken away.

    Args:
        lock: whoever wants to change it waits for another's turn to end.
    """
    row = (await session.execute(_kept().where(Evidence.id == evidence_id, Evidence.removed_at.is_(None)))).first()
    if row is None:
        return None
    assessment_id: int = row[0].assessment_id
    if lock and session.get_bind().dialect.name != "sqlite":
        await session.execute(select(Assessment.id).where(Assessment.id == assessment_id).with_for_update())
    found = (
        await session.execute(
            select(Assessment, Cycle, Member)
            .join(Cycle, Cycle.id == Assessment.cycle_id)
            .join(Member, Member.code == Assessment.member_code)
            .where(Assessment.id == assessment_id)
        )
    ).one()
    return Found(Kept._make(row), Talk(found[0], found[1], found[2], None))


async def put(session: Session, evidence: Evidence) -> None:
    """Keep a new piece; it has its number then."""
    session.add(evidence)
    await session.flush()


async def take_away(session: Session, evidence_id: int, person_id: int, now: datetime) -> bool:
    """Take a piece away; False when somebody did before."""
    statement = (
        update(Evidence)
        .where(Evidence.id == evidence_id, Evidence.removed_at.is_(None))
        .values(removed_at=now, removed_by=person_id)
        .returning(Evidence.id)
    )
    return len((await session.execute(statement)).all()) == 1


async def stored(session: Session, member: str, sha256: str) -> int | None:
    """The file of a member that has this very content."""
    statement = select(StoredFile.id).where(StoredFile.member_code == member, StoredFile.sha256 == sha256)
    return (await session.scalars(statement.order_by(StoredFile.id).limit(1))).first()


async def store(session: Session, file: StoredFile) -> int:
    """Keep a new file; gives its number."""
    session.add(file)
    await session.flush()
    return file.id


async def parts_of(session: Session, assessment_id: int, person_id: int) -> list[Delegation]:
    """What was handed to a person of an assessment and was not taken back."""
    statement = select(Delegation).where(
        Delegation.assessment_id == assessment_id,
        Delegation.person_id == person_id,
        Delegation.state.in_([DelegationState.OPEN, DelegationState.DONE]),
    )
    return list(await session.scalars(statement))
