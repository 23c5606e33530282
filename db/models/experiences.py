"""Shared lessons, good practices, offers and requests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.vocabulary import ExperienceKind, ExperienceState, Theme


class Experience(Base):
    """One shared experience. `source_key` is the deed that made it, so that it is made once.

    `agency_id`: the body for which it was shared, where that stands for no country.
    """

    __tablename__ = "experiences"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ExperienceKind]
    theme: Mapped[Theme]
    title: Mapped[str]
    text: Mapped[str]
    member_code: Mapped[str | None] = mapped_column(ForeignKey("members.code"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessments.id"))
    source_key: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[ExperienceState]
    shared_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    __table_args__ = (Index(None, "state", "decided_at"),)
