"""Members, agencies, people, and the roles they hold."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.vocabulary import AgencyKind, Mandate, Origin, Reach, Role, Sector


class Member(Base):
    """A country of the network, and what it asks for before its assessment leaves the country."""

    __tablename__ = "members"

    code: Mapped[str] = mapped_column(String(3), primary_key=True)
    alpha2: Mapped[str] = mapped_column(String(2))
    name: Mapped[str]
    zone: Mapped[str]
    calendar: Mapped[str]
    locale: Mapped[str]
    # Whether a submission needs the national yes; who gives it, and in which order, stands in the clearance steps.
    clearance_wanted: Mapped[bool] = mapped_column(default=False, server_default="0")
    author_may_clear: Mapped[bool] = mapped_column(default=False, server_default="0")


class Agency(Base):
    """A ministry, a public body or a social partner of a member, or a body that stands for no country.

    `sits` says whether it sits in its country's coordination mechanism.
    """

    __tablename__ = "agencies"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_code: Mapped[str | None] = mapped_column(ForeignKey("members.code"))
    name: Mapped[str]
    kind: Mapped[AgencyKind]
    sector: Mapped[Sector]
    sits: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index(None, "member_code"),)


class Person(Base):
    """Somebody whom the bot knows. Zone and locale are empty where the member's hold.

    `email` is the address in use; further ones are in `addresses`. `slack_trouble` is Slack's own word for why the bot
    cannot write to the person there; `email_refused_code` is the mail server's, for the address in use.
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_by: Mapped[Origin] = mapped_column(default=Origin.REGISTER, server_default=Origin.REGISTER.value)
    email: Mapped[str | None] = mapped_column(String(320), unique=True)
    email_refused_at: Mapped[datetime | None]
    email_refused_code: Mapped[str | None]
    slack_id: Mapped[str | None] = mapped_column(String(32), unique=True)
    slack_seen_at: Mapped[datetime | None]
    slack_trouble: Mapped[str | None]
    zone: Mapped[str | None]
    zone_by: Mapped[Origin | None]
    locale: Mapped[str | None]
    language: Mapped[str | None] = mapped_column(String(16))
    reach: Mapped[Reach | None]
    # Whole hours of the person's own clock; quiet from 18 until 8 lies over midnight.
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    # The hat chosen by a person with several roles.
    hat_id: Mapped[int | None]
    digest_stopped_at: Mapped[datetime | None]


class Address(Base):
    """A further e-mail address of a person; it is used only once a mail to it has confirmed it."""

    __tablename__ = "addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    address: Mapped[str] = mapped_column(String(320))
    added_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "person_id"), Index(None, "address"))


class Leave(Base):
    """Days on which a person is away, the last included. Whoever is back earlier has `ended_at`."""

    __tablename__ = "leaves"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    told_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "person_id"),)


class Appointment(Base):
    """A role held from a date to a date; without an end it is held still.

    It is held for a member, for an agency, or for both. A role that ends before it begins was never held. `pending`: it
    takes a role over from somebody else, and its day has not come yet.
    """

    __tablename__ = "appointments"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    role: Mapped[Role]
    member_code: Mapped[str | None] = mapped_column(ForeignKey("members.code"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    # Of the nomination letter.
    reference: Mapped[str | None] = mapped_column(String(200))
    mandate: Mapped[Mandate | None]
    pending: Mapped[bool] = mapped_column(default=False, server_default="0")

    __table_args__ = (Index(None, "person_id"), Index(None, "member_code", "role"))
