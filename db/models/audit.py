"""Who changed what, when, over which way, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.vocabulary import Role, Via


class AuditRow(Base):
    """One change. Rows are only ever added."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    role: Mapped[Role | None]
    member_code: Mapped[str | None] = mapped_column(String(3))
    via: Mapped[Via]
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict[str, Any]]
    why: Mapped[str | None]

    __table_args__ = (Index(None, "subject"),)
