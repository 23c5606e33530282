"""One member's answers in one cycle, and the conversation that collects them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.models.cycles import Cycle
from db.vocabulary import AssessmentState, Availability, HeardState, Stage, Via


class Assessment(Base):
    """One member's answers in one cycle. `version` grows with every change of an answer.

    `due_at`, `closes_at`: this member's own dates, where the secretariat gave it more time; empty: the cycle's.
    `submitted_at`: when it was handed in last. `first_submitted_at`: when it was handed in first and not withdrawn;
    what is late is told by it, so that a country which is asked again is not late by that.
    `state_why`: the reason of a state that needs one (not required, undone, reopened).
    `floors`: the member's floors as they stood when the cycle opened, by indicator: {"floor": "40", "ceiling": "60" or
    null, "target_year": 2030 or null, "source": …, "valid_from": "2026-01-01"}, numbers as their exact digits.
    `own_indicators`: the questions that the member itself added, each as `bot.editions` reads it.
    """

    __tablename__ = "assessments"

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"))
    member_code: Mapped[str] = mapped_column(ForeignKey("members.code"))
    state: Mapped[AssessmentState]
    version: Mapped[int] = mapped_column(default=0)
    round: Mapped[int] = mapped_column(default=0)
    state_since: Mapped[datetime]
    state_why: Mapped[str | None]
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    floors: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    own_indicators: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    submitted_at: Mapped[datetime | None]
    first_submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    review_begun_at: Mapped[datetime | None]
    review_begun_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    __table_args__ = (UniqueConstraint("cycle_id", "member_code"), Index(None, "member_code", "state"))

    def due_in(self, cycle: Cycle) -> datetime:
        """When it is due: the member's own date where it was given more time, else the cycle's."""
        return self.due_at or cycle.due_at

    def closes_in(self, cycle: Cycle) -> datetime:
        """When it takes no answers any more: the member's own date where it has one, else the cycle's."""
        return self.closes_at or cycle.closes_at


class Answer(Base):
    """The answer that stands; what stood before is in the audit.

    `number` for numeric kinds; `text` for a choice's code, yes or no, or free text; `note` is the reason where the
    value is not available, or a remark. `explanation`: what the country said when asked whether an unusual value is
    right; `doubted`: the values that it was asked about, as `bot.assessments.doubting` says. `heard_key` is the message
    that gave it. `set_aside`: why the secretariat accepted the assessment without this answer; it stays the country's,
    and counts for nothing outside it.
    """

    __tablename__ = "answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    indicator: Mapped[str] = mapped_column(String(64))
    availability: Mapped[Availability]
    number: Mapped[Decimal | None]
    text: Mapped[str | None]
    year: Mapped[int | None]
    source: Mapped[str | None]
    note: Mapped[str | None]
    explanation: Mapped[str | None]
    doubted: Mapped[list[Any] | None]
    set_aside: Mapped[str | None]
    said_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    said_at: Mapped[datetime]
    via: Mapped[Via]
    heard_key: Mapped[str | None] = mapped_column(String(120))

    __table_args__ = (UniqueConstraint("assessment_id", "indicator"),)


class Prompt(Base):
    """One question put to the people of a member, and what is awaited. `serial` grows with each asking.

    Whoever answers for the member shares one prompt an assessment; a contributor has one for each delegation.
    `said_ts` is empty until the channel has confirmed the asking: after a crash it is looked up before asking again.
    """

    __tablename__ = "prompts"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegations.id"), unique=True)
    serial: Mapped[int]
    stage: Mapped[Stage]
    section: Mapped[str | None] = mapped_column(String(4))
    indicator: Mapped[str | None] = mapped_column(String(64))
    draft: Mapped[dict[str, Any] | None]
    to_review: Mapped[bool] = mapped_column(default=False)
    paused_at: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    asked_person: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    cause_key: Mapped[str | None] = mapped_column(String(120))
    cause_ts: Mapped[str | None] = mapped_column(String(32))
    said_ts: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (
        Index(
            "uq_prompts_assessment_id",
            "assessment_id",
            unique=True,
            sqlite_where=text("delegation_id IS NULL"),
            postgresql_where=text("delegation_id IS NULL"),
        ),
    )


class Heard(Base):
    """Something a person said or clicked, remembered so that it is taken once and never lost.

    `key` is the message and its conversation, or the trigger of a click or command: one message can arrive as several
    events. `edit_ts` is the newest edit that was taken. `delegation_id`: a contributor said it about their part.
    """

    __tablename__ = "heard"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    edit_ts: Mapped[str | None] = mapped_column(String(32))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessments.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegations.id"))
    serial: Mapped[int | None]
    indicators: Mapped[list[str] | None]
    text: Mapped[str | None]
    state: Mapped[HeardState]
    heard_at: Mapped[datetime]

    __table_args__ = (Index(None, "heard_at"),)


class ReviewQuestion(Base):
    """What the secretariat asked when it returned an assessment.

    Without an indicator it is about the whole, and `answer` holds what the country wrote to it.
    """

    __tablename__ = "review_questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    round: Mapped[int]
    indicator: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str]
    asked_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "assessment_id"),)
