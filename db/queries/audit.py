"""The audit: rows are only added and read."""

from __future__ import annotations

from sqlalchemy import select

from db.engine import Session
from db.models import AuditRow


async def of(session: Session, subject: str) -> list[AuditRow]:
    """What was done to one thing, oldest first."""
    return list(await session.scalars(select(AuditRow).where(AuditRow.subject == subject).order_by(AuditRow.id)))
