"""Shared experiences."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update

from db.engine import Session
from db.models import Agency, Experience, Member, Person
from db.vocabulary import ExperienceState


class Shared(NamedTuple):
    """An experience with the names of who shared it: a country's person, or one of a body that stands for none."""

    experience: Experience
    person: str
    member: str | None
    body: str | None


_SHARED = (
    select(Experience, Person.name, Member.name, Agency.name)
    .join(Person, Person.id == Experience.person_id)
    .outerjoin(Member, Member.code == Experience.member_code)
    .outerjoin(Agency, Agency.id == Experience.agency_id)
)


async def experience(session: Session, experience_id: int) -> Experience | None:
    """One experience."""
    return await session.get(Experience, experience_id)


async def by_key(session: Session, key: str) -> Experience | None:
    """The experience that a deed made."""
    return (await session.scalars(select(Experience).where(Experience.source_key == key))).first()


async def of_answer(session: Session, assessment_id: int, key_begins: str) -> list[Experience]:
    """What an acceptance made of the answers of an assessment, the oldest first."""
    statement = select(Experience).where(
        Experience.assessment_id == assessment_id, Experience.source_key.startswith(key_begins, autoescape=True)
    )
    return list(await session.scalars(statement.order_by(Experience.id)))


async def shared(session: Session, experience_id: int) -> Shared | None:
    """One experience with its names."""
    row = (await session.execute(_SHARED.where(Experience.id == experience_id))).first()
    return Shared._make(row) if row else None


async def waiting(session: Session) -> list[Shared]:
    """What waits for the secretariat's button, oldest first."""
    statement = _SHARED.where(Experience.state == ExperienceState.SHARED).order_by(Experience.id)
    return [Shared._make(row) for row in await session.execute(statement)]


async def published_between(session: Session, after: datetime, until: datetime) -> list[Shared]:
    """What was published after one moment and until another, by member and age; what is no country's is last."""
    statement = _SHARED.where(
        Experience.state == ExperienceState.PUBLISHED, Experience.decided_at > after, Experience.decided_at <= until
    ).order_by(Member.name.is_(None), Member.name, Experience.id)
    return [Shared._make(row) for row in await session.execute(statement)]


async def decide(session: Session, experience_id: int, state: ExperienceState, now: datetime, person_id: int) -> bool:
    """Publish or decline what is still waiting; False when somebody was first."""
    statement = (
        update(Experience)
        .where(Experience.id == experience_id, Experience.state == ExperienceState.SHARED)
        .values(state=state, decided_at=now, decided_by=person_id)
        .returning(Experience.id)
    )
    return len((await session.execute(statement)).all()) == 1
