"""Ministries, public bodies and social partners of the members, and bodies that stand for no country."""

from __future__ import annotations

from sqlalchemy import exists, select

from db.engine import Session
from db.models import Agency, Appointment, Clearance, ClearanceStep, Experience, Mechanism


async def agency(session: Session, agency_id: int) -> Agency | None:
    """One agency."""
    return await session.get(Agency, agency_id)


async def of_member(session: Session, code: str) -> list[Agency]:
    """The agencies of one member, by name."""
    return list(await session.scalars(select(Agency).where(Agency.member_code == code).order_by(Agency.name)))


async def of_no_member(session: Session) -> list[Agency]:
    """The bodies that stand for no country, by name."""
    return list(await session.scalars(select(Agency).where(Agency.member_code.is_(None)).order_by(Agency.name)))


async def locked(session: Session, agency_id: int) -> Agency | None:
    """One agency, which nobody else changes until the transaction ends."""
    return await session.get(Agency, agency_id, with_for_update=True)


async def is_in_use(session: Session, agency_id: int) -> bool:
    """Whether anything refers to an agency: a role, even an old one, a mechanism, a clearance, an experience."""
    for column in (
        Appointment.agency_id,
        Mechanism.lead_agency_id,
        ClearanceStep.agency_id,
        Clearance.agency_id,
        Experience.agency_id,
    ):
        if await session.scalar(select(exists().where(column == agency_id))):
            return True
    return False


async def every(session: Session) -> list[Agency]:
    """All agencies, those of no country too, in the order in which they came."""
    return list(await session.scalars(select(Agency).order_by(Agency.id)))
