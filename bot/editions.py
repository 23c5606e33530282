"""The editions of the common format that this bot knows. Past cycles keep the edition they were opened with.

An edition in use is known as it was when the first cycle was opened with it, with its errata laid over it; see
bot/errata.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.formats import Edition, Indicator, Option, QuestionSet, edition_of, overlaid, text_of
from bot.words import TEMPLATES
from db.models import Assessment, Cycle
from db.vocabulary import Kind

FOLDER = TEMPLATES / "formats"
_known: dict[str, Edition] = {}
_texts: dict[str, str] = {}
# Which questions of which edition were corrected, and the numbers of the errata that were laid over.
_corrected: dict[str, set[str]] = {}
_laid: set[int] = set()


def know(file: Path) -> Edition:
    """Load an edition and keep it by its code.

    Raises:
        FormatError: the file is not a good edition.
    """
    text = text_of(file)
    edition = edition_of(text, str(file))
    _known[edition.code], _texts[edition.code] = edition, text
    return edition


def begin_anew(held: Iterable[Edition] = ()) -> None:
    """Know these editions and no others; nothing is corrected."""
    _known.clear()
    _corrected.clear()
    _laid.clear()
    _known.update({each.code: each for each in held})


def correct(number: int, code: str, indicator: str, values: Mapping[str, str | None]) -> None:
    """Lay an erratum over an edition from now on.

    Args:
        number: the erratum's; one that was laid over before is passed over.
        values: the fields of the question as they stand then; see `formats.overlaid`.
    """
    if number in _laid:
        return
    _known[code] = overlaid(edition(code), indicator, values)
    _corrected.setdefault(code, set()).add(indicator)
    _laid.add(number)


def laid() -> frozenset[int]:
    """The numbers of the errata that were laid over."""
    return frozenset(_laid)


def was_corrected(code: str, indicator: str) -> bool:
    """Whether there is an erratum to a question of an edition."""
    return indicator in _corrected.get(code, ())


def text(code: str) -> str | None:
    """The text of the file that an edition was loaded from; None where there is no such file."""
    if code not in _texts and (FOLDER / f"{code}.toml").exists():
        _texts[code] = text_of(FOLDER / f"{code}.toml")
    return _texts.get(code)


def edition(code: str) -> Edition:
    """The edition of a code: one already known, or the file of that name in templates/formats.

    Raises:
        FormatError: there is no such file, or it is not a good edition.
    """
    return _known.get(code) or know(FOLDER / f"{code}.toml")


def today() -> Edition | None:
    """The edition that was made known last: that of the cycles to come. None where none is known."""
    return next(reversed(_known.values()), None)


def meaning(code: str) -> Indicator | None:
    """The question of a code, or of an earlier one, in the edition that was made known last; None where none has it."""
    for known in reversed(_known.values()):
        for indicator in known.indicators:
            if code == indicator.code or code in indicator.was:
                return indicator
    return None


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
