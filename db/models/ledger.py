"""All deliveries and what became of them, and the frozen editions of the digest."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.vocabulary import DeliveryState, Medium


class DigestEdition(Base):
    """A digest as it was composed: its facts are frozen, so that everyone reads the same."""

    __tablename__ = "digest_editions"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str]
    period_start: Mapped[date]
    period_end: Mapped[date]
    facts: Mapped[dict[str, Any]]
    composed_at: Mapped[datetime]
    composed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Delivery(Base):
    """One message to one recipient. `key` names its purpose, so that it is queued once.

    A person is found anew when it is sent; a channel of Slack stands in `channel`. `subject` is what it is about
    (`assessment:12`): the deed that removes the need cancels by subject and kind.
    """

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    channel: Mapped[str | None] = mapped_column(String(60))
    medium: Mapped[Medium | None]
    facts: Mapped[dict[str, Any]]
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("digest_editions.id"))
    state: Mapped[DeliveryState]
    not_before: Mapped[datetime]
    not_after: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    # The channel may have taken it already: look before it is said again.
    in_doubt: Mapped[bool] = mapped_column(default=False)
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    leased_until: Mapped[datetime | None]
    last_error: Mapped[str | None]
    provider_id: Mapped[str | None]
    queued_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "state", "not_before"),
        Index(None, "subject", "kind"),
        Index(None, "person_id"),
    )
