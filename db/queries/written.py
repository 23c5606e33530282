"""What people wrote that stands in pictures and printed reports."""

from __future__ import annotations

from sqlalchemy import select, union_all

from db.engine import Session
from db.models import Agency, Mechanism, Member, OwnIndicator


async def names(session: Session) -> list[str]:
    """The names of members, agencies and mechanisms, and the titles of members' own indicators."""
    statement = union_all(select(Member.name), select(Agency.name), select(Mechanism.name), select(OwnIndicator.title))
    return [name for name in await session.scalars(statement) if name]
