"""Parts of an assessment in the hands of contributors."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.vocabulary import Availability, DelegationState, Via


class Delegation(Base):
    """A section, or one question of it, handed to a contributor until a day, that day included.

    It belongs to whoever answers for the member, not to the person who gave it.
    """

    __tablename__ = "delegations"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    section: Mapped[str] = mapped_column(String(4))
    indicator: Mapped[str | None] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    due_on: Mapped[date]
    note: Mapped[str | None]
    state: Mapped[DelegationState]
    given_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    given_at: Mapped[datetime]
    nudged_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "assessment_id", "state"), Index(None, "person_id", "state"))


class Contribution(Base):
    """What a contributor wrote to a question, as they wrote it. Rows are only ever added.

    The answer that stands may say something else by now; the words of the contributor stay here.
    """

    __tablename__ = "contributions"

    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegations.id"))
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    indicator: Mapped[str] = mapped_column(String(64))
    availability: Mapped[Availability]
    number: Mapped[Decimal | None]
    text: Mapped[str | None]
    year: Mapped[int | None]
    source: Mapped[str | None]
    note: Mapped[str | None]
    said_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    said_at: Mapped[datetime]
    via: Mapped[Via]

    __table_args__ = (Index(None, "assessment_id", "indicator"),)


class Entry(Base):
    """A signed link that lets one browser in, once, to one delegation.

    The first browser that uses it gets a cookie; `browser` is the cookie's SHA-256. Another browser, such as that of
    somebody whom the mail was forwarded to, is not let in.
    """

    __tablename__ = "entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    browser: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (Index(None, "delegation_id"),)
