"""The editions of the common format that this bot knows. Past cycles keep the edition they were opened with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.formats import Edition, Indicator, Option, QuestionSet, load_edition
from bot.words import TEMPLATES
from db.models import Assessment, Cycle
from db.vocabulary import Kind

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


def canonical(asked: QuestionSet | Edition) -> dict[str, str]:
    """The code of today of each code that an answer to these questions may stand under: their own, and the earlier
    ones (`was`) of those that were renamed."""
    codes = {earlier: indicator.code for indicator in asked.indicators for earlier in indicator.was}
    return codes | {indicator.code: indicator.code for indicator in asked.indicators}


def questions(cycle: Cycle, assessment: Assessment | None = None) -> QuestionSet:
    """The questions that a cycle asks; of one member with those that it added for itself, at the end of a section.

    Args:
        assessment: whose own questions come with them; None: only those that all are asked.
    """
    common = edition(cycle.edition).question_set(cycle.question_set)
    if assessment is None or not assessment.own_indicators:
        return common
    own = [own_indicator(row) for row in assessment.own_indicators]
    return replace(
        common,
        sections=tuple(
            replace(section, indicators=(*section.indicators, *(i for i in own if i.section == section.letter)))
            for section in common.sections
        ),
    )


def own_indicator(row: Mapping[str, Any]) -> Indicator:
    """A member's own question as an assessment keeps it: the fields of Indicator, numbers as their digits."""
    return Indicator(
        code=row["code"],
        title=row["title"],
        question=row["question"],
        help=row["help"] or "",
        kind=Kind(row["kind"]),
        unit=row["unit"],
        minimum=Decimal(row["minimum"]) if row["minimum"] is not None else None,
        maximum=Decimal(row["maximum"]) if row["maximum"] is not None else None,
        choices=tuple(Option(choice["code"], choice["title"]) for choice in row["choices"]),
        direction=None,
        required=False,
        carry_forward=True,
        sector="",
        source=None,
        floor=False,
        section=row["section"],
        own=True,
    )
