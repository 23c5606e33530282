"""What stands beside the answers: evidence, the thread of a question, what was handed in and what was agreed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.vocabulary import Side, Via


class Evidence(Base):
    """What an answer rests on: a link, or a file that was handed in; one of both. Taken away is `removed_at`."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    indicator: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    link: Mapped[str | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    added_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime]
    via: Mapped[Via]
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    removed_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "assessment_id", "indicator"),)


class Comment(Base):
    """One line of the thread of a question, or of the whole where no indicator is named. Both sides see all of it.

    `question_id`: it stands below what a return asked. `heard_key`: the message that said it,
    whose edit changes it.
    """

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    indicator: Mapped[str | None] = mapped_column(String(64))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("review_questions.id"))
    round: Mapped[int]
    side: Mapped[Side]
    text: Mapped[str]
    by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    via: Mapped[Via]
    heard_key: Mapped[str | None] = mapped_column(String(120))

    __table_args__ = (Index(None, "assessment_id"),)


class ReviewMark(Base):
    """The secretariat agreed to one answer as it stood: it is not asked about again unless it changes.

    `said_at` is when the answer that was agreed to had been said; another one is not agreed to.
    """

    __tablename__ = "review_marks"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    indicator: Mapped[str] = mapped_column(String(64))
    said_at: Mapped[datetime]
    marked_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    marked_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("assessment_id", "indicator"),)


class Submission(Base):
    """All answers as they were handed in once: what changed since is told by comparing. One row a round.

    `answers`: by indicator, as the audit writes an answer.
    """

    __tablename__ = "submissions"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    round: Mapped[int]
    version: Mapped[int]
    answers: Mapped[dict[str, Any]]
    by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("assessment_id", "round"),)
