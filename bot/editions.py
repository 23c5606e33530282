"""The editions of the common format that this bot knows. Past cycles keep the edition they were opened with."""

from __future__ import annotations

from pathlib import Path

from bot.formats import Edition, QuestionSet, load_edition
from bot.words import TEMPLATES
from db.models import Cycle

FOLDER = TEMPLATES / "formats"
_known: dict[str, Edition] = {}


def know(file: Path) -> Edition:
    """Load an edition and keep it by its code.

    Raises:
        FormatError: the file is not a good edition.
    """
    edition = load_edition(file)
    _known[edition.code] = edition
    return edition


def edition(code: str) -> Edition:
    """The edition of a code: one already known, or the file of that name in templates/formats.

    Raises:
        FormatError: there is no such file, or it is not a good edition.
    """
    return _known.get(code) or know(FOLDER / f"{code}.toml")


def questions(cycle: Cycle) -> QuestionSet:
    """The questions that a cycle asks."""
    return edition(cycle.edition).question_set(cycle.question_set)
