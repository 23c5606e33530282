"""Floors and ceilings, as they were proposed and cleared, and the questions that members added for themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from db.engine import Session
from db.models import Floor, OwnIndicator
from db.vocabulary import FloorState


async def cleared(session: Session, members: Collection[str], indicator: str | None = None) -> Sequence[Floor]:
    """What the coordinators of these members have cleared, of all days, oldest first.

    Args:
        indicator: only of this one.
    """
    statement = (
        select(Floor)
        .where(Floor.member_code.in_(members), Floor.state == FloorState.CLEARED)
        .order_by(Floor.member_code, Floor.indicator, Floor.valid_from, Floor.id)
    )
    if indicator is not None:
        statement = statement.where(Floor.indicator == indicator)
    return (await session.scalars(statement)).all()


async def own_indicators(session: Session, members: Collection[str]) -> Sequence[OwnIndicator]:
    """The questions that these members ask of themselves now, in the order in which they were added."""
    statement = (
        select(OwnIndicator)
        .where(OwnIndicator.member_code.in_(members), OwnIndicator.retired_at.is_(None))
        .order_by(OwnIndicator.id)
    )
    return (await session.scalars(statement)).all()
