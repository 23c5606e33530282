"""The national coordination mechanisms: what they stand on, when they met, where they go."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.vocabulary import MechanismStatus


class Mechanism(Base):
    """A member's coordination mechanism. Which agencies sit in it stands at the agencies."""

    __tablename__ = "mechanisms"

    member_code: Mapped[str] = mapped_column(ForeignKey("members.code"), primary_key=True)
    name: Mapped[str | None]
    status: Mapped[MechanismStatus]
    legal_basis: Mapped[str | None]
    lead_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    established_on: Mapped[date | None]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Meeting(Base):
    """One meeting of a mechanism; one a day."""

    __tablename__ = "meetings"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_code: Mapped[str] = mapped_column(ForeignKey("members.code"))
    held_on: Mapped[date]
    about: Mapped[str | None]
    added_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("member_code", "held_on"),)


class Milestone(Base):
    """A step towards harmonisation that a member has set itself."""

    __tablename__ = "milestones"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_code: Mapped[str] = mapped_column(ForeignKey("members.code"))
    title: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date | None]
    reached_on: Mapped[date | None]
    added_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("member_code", "title"),)
