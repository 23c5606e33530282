"""Where members say that they stand on the regional benchmarks. Rows are only added: the newest counts."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select

from db.engine import Session
from db.models import BenchmarkPosition, Member, Person


class Noted(NamedTuple):
    """One row, with its member and who noted it."""

    position: BenchmarkPosition
    member: Member
    person: str


_NOTED = (
    select(BenchmarkPosition, Member, Person.name)
    .join(Member, Member.code == BenchmarkPosition.member_code)
    .join(Person, Person.id == BenchmarkPosition.noted_by)
)


async def newest(session: Session, member: str | None = None) -> list[Noted]:
    """What counts now: of each member, or of one, for each benchmark the newest row; by member."""
    last = select(func.max(BenchmarkPosition.id)).group_by(BenchmarkPosition.member_code, BenchmarkPosition.benchmark)
    if member is not None:
        last = last.where(BenchmarkPosition.member_code == member)
    statement = _NOTED.where(BenchmarkPosition.id.in_(last)).order_by(Member.name, BenchmarkPosition.id)
    return [Noted._make(row) for row in await session.execute(statement)]


async def history(session: Session, member: str, benchmark: str | None = None) -> list[Noted]:
    """All that one member has said, of one benchmark or of all; oldest first."""
    statement = _NOTED.where(BenchmarkPosition.member_code == member).order_by(BenchmarkPosition.id)
    if benchmark is not None:
        statement = statement.where(BenchmarkPosition.benchmark == benchmark)
    return [Noted._make(row) for row in await session.execute(statement)]
