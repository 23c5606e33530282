"""Members, people, and the roles they hold."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.vocabulary import Role


class Member(Base):
    """A country of the network."""

    __tablename__ = "members"

    code: Mapped[str] = mapped_column(String(3), primary_key=True)
    alpha2: Mapped[str] = mapped_column(String(2))
    name: Mapped[str]
    zone: Mapped[str]
    calendar: Mapped[str]
    locale: Mapped[str]


class Person(Base):
    """Somebody whom the bot knows. Zone and locale are empty where the member's hold."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(String(320), unique=True)
    slack_id: Mapped[str | None] = mapped_column(String(32), unique=True)
    zone: Mapped[str | None]
    locale: Mapped[str | None]
    # The hat chosen by a person with several roles.
    hat_id: Mapped[int | None]
    digest_stopped_at: Mapped[datetime | None]


class Appointment(Base):
    """A role held from a date to a date; without an end it is held still."""

    __tablename__ = "appointments"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    role: Mapped[Role]
    member_code: Mapped[str | None] = mapped_column(ForeignKey("members.code"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    __table_args__ = (Index(None, "person_id"), Index(None, "member_code", "role"))
