"""The national yes: who must give it, and what was said."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.vocabulary import ClearanceState, Role, Via


class ClearanceStep(Base):
    """Who must clear, in the order of `place` (1 is first): the holder of a role, of one agency where it is named."""

    __tablename__ = "clearance_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_code: Mapped[str] = mapped_column(ForeignKey("members.code"))
    place: Mapped[int]
    role: Mapped[Role]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))

    __table_args__ = (UniqueConstraint("member_code", "place"),)


class Clearance(Base):
    """One yes that was asked for, bound to one version of an assessment, and what became of it.

    `person_id` is who decided, or who recorded the letter; a letter on paper has `signatory`, `reference`, `signed_on`
    and, where it was scanned, `scan_id`.
    """

    __tablename__ = "clearances"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    version: Mapped[int]
    place: Mapped[int]
    role: Mapped[Role]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    state: Mapped[ClearanceState]
    asked_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    via: Mapped[Via | None]
    why: Mapped[str | None]
    signatory: Mapped[str | None] = mapped_column(String(200))
    reference: Mapped[str | None] = mapped_column(String(200))
    signed_on: Mapped[date | None]
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))

    __table_args__ = (Index(None, "assessment_id", "state"),)


class StoredFile(Base):
    """A file that somebody handed in, kept with its SHA-256. What it is was told by its content, never by its name."""

    __tablename__ = "stored_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_code: Mapped[str] = mapped_column(ForeignKey("members.code"))
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime]

    __table_args__ = (Index(None, "member_code"),)
