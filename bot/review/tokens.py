"""What the buttons and forms of a review carry."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import NotFound, numbered
from db.queries.assessments import Talk

# Stands for the whole assessment, and for all answers that are not agreed to yet.
WHOLE = "-"
ALL = "*"
LONGEST_CODE = 64


def token(talk: Talk) -> str:
    """What a review button carries: the assessment, and the version that was seen."""
    return f"{talk.assessment.id}:{talk.assessment.version}"


def about(talk: Talk, code: str) -> str:
    """What an option of a select carries: the same, and the question."""
    return f"{token(talk)}:{code}"


def parse(value: str) -> tuple[int, int]:
    """(assessment id, version) of a review button.

    Raises:
        NotFound: it was not made by this bot.
    """
    left, _, right = value.partition(":")
    return numbered(left), numbered(right)


@dataclass(frozen=True)
class About:
    """One question of an assessment as it was seen in a version. `code` None: the whole."""

    assessment_id: int
    version: int
    code: str | None


def parse_about(value: str) -> About:
    """The question that an option is about.

    Raises:
        NotFound: it was not made by this bot.
    """
    parts = value.split(":")
    if len(parts) != 3 or not parts[2] or len(parts[2]) > LONGEST_CODE:
        raise NotFound(what="button", named=value[:40])
    return About(numbered(parts[0]), numbered(parts[1]), None if parts[2] == WHOLE else parts[2])
