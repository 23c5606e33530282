"""What a member sets for itself: its floors and ceilings, and questions of its own."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.vocabulary import FloorState, Kind, Via


class Floor(Base):
    """A floor and a ceiling of one member for one indicator, as its focal point wrote them down and what became of it.

    Rows are only ever added: the cleared one with the newest `valid_from` on or before a day counts on that day.
    Without `floor` the member has given its floor up from that day on. `source` is the law or policy it stands on.
    `asked_at` is when the coordinator was asked for the yes; empty, it is still being collected with others.
    """

    __tablename__ = "floors"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_code: Mapped[str] = mapped_column(ForeignKey("members.code"))
    indicator: Mapped[str] = mapped_column(String(64))
    floor: Mapped[Decimal | None]
    ceiling: Mapped[Decimal | None]
    target_year: Mapped[int | None]
    source: Mapped[str]
    valid_from: Mapped[date]
    state: Mapped[FloorState]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    proposed_via: Mapped[Via]
    asked_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    decided_via: Mapped[Via | None]
    why: Mapped[str | None]

    __table_args__ = (Index(None, "member_code", "indicator", "state"),)


class OwnIndicator(Base):
    """A question that a member added to a section for itself. It is shown with the member's answers, never compared."""

    __tablename__ = "own_indicators"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_code: Mapped[str] = mapped_column(ForeignKey("members.code"))
    code: Mapped[str] = mapped_column(String(64), unique=True)
    section: Mapped[str] = mapped_column(String(4))
    title: Mapped[str] = mapped_column(String(200))
    question: Mapped[str]
    help: Mapped[str | None]
    kind: Mapped[Kind]
    unit: Mapped[str | None] = mapped_column(String(100))
    minimum: Mapped[Decimal | None]
    maximum: Mapped[Decimal | None]
    choices: Mapped[list[Any]] = mapped_column(default=list)
    added_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime]
    retired_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    retired_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "member_code"),)
