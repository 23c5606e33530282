"""Reporting rounds."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.vocabulary import CycleOrigin, CycleState, QuestionSetCode


class Cycle(Base):
    """One reporting round. Late is after `due_at`, locked is after `closes_at`."""

    __tablename__ = "cycles"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str]
    question_set: Mapped[QuestionSetCode]
    edition: Mapped[str] = mapped_column(String(40))
    period_start: Mapped[date]
    period_end: Mapped[date]
    opens_at: Mapped[datetime]
    due_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    state: Mapped[CycleState]
    origin: Mapped[CycleOrigin]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
