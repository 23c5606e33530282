"""The editions of the format that were used, what was corrected in them, and where members stand on the benchmarks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.vocabulary import ErratumState, Via


class EditionInUse(Base):
    """An edition as it was when the first cycle was opened with it: from then on it changes only by an erratum."""

    __tablename__ = "editions_in_use"

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text)
    first_used_at: Mapped[datetime]


class Erratum(Base):
    """A correction to one question of an edition in use: `changes` is {field: [before, after]}."""

    __tablename__ = "errata"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(String(60))
    indicator: Mapped[str] = mapped_column(String(64))
    changes: Mapped[dict[str, Any]]
    why: Mapped[str]
    issued_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    issued_at: Mapped[datetime]
    via: Mapped[Via]

    __table_args__ = (Index(None, "edition"),)


class ErratumAsked(Base):
    """One member that had answered a corrected question is asked whether its answer stands."""

    __tablename__ = "errata_asked"

    id: Mapped[int] = mapped_column(primary_key=True)
    erratum_id: Mapped[int] = mapped_column(ForeignKey("errata.id"))
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    state: Mapped[ErratumState]
    asked_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    __table_args__ = (UniqueConstraint("erratum_id", "assessment_id"), Index(None, "assessment_id"))


class BenchmarkPosition(Base):
    """Where a member says that it stands on a regional benchmark. Rows are only ever added: the newest counts.

    `note`: in its own words; always there where it goes another way, or where the benchmark does not apply.
    """

    __tablename__ = "benchmark_positions"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_code: Mapped[str] = mapped_column(ForeignKey("members.code"))
    benchmark: Mapped[str] = mapped_column(String(60))
    step: Mapped[str] = mapped_column(String(60))
    reached_on: Mapped[date | None]
    next_step: Mapped[str | None]
    next_on: Mapped[date | None]
    note: Mapped[str | None]
    noted_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    noted_at: Mapped[datetime]
    via: Mapped[Via]

    __table_args__ = (Index(None, "member_code", "benchmark"),)
