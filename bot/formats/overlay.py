"""An edition with single fields of one question corrected, wherever that question stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.formats.edition import Edition, Indicator, QuestionSet, Section

# What an erratum may correct: how a question is worded, and its bounds. Never what it is.
WORDING = ("title", "question", "help", "unit")
BOUNDS = ("minimum", "maximum", "jump")


def overlaid(edition: Edition, code: str, values: Mapping[str, str | None]) -> Edition:
    """The edition with these fields of one question; `values` of bounds are digits, None leaves a field out.

    Raises:
        UnknownIndicator: the edition has no such question.
        ValueError: a field that is never corrected.
    """
    edition.indicator(code)
    changed: dict[str, Any] = {field: _value(field, value) for field, value in values.items()}

    def of(indicator: Indicator) -> Indicator:
        return replace(indicator, **changed) if indicator.code == code else indicator

    def within(sections: tuple[Section, ...]) -> tuple[Section, ...]:
        return tuple(replace(each, indicators=tuple(of(one) for one in each.indicators)) for each in sections)

    def asked(one: QuestionSet) -> QuestionSet:
        return replace(one, sections=within(one.sections))

    sets = {key: asked(one) for key, one in edition.question_sets.items()}
    return replace(edition, sections=within(edition.sections), question_sets=sets)


def written(indicator: Indicator, field: str) -> str | None:
    """A field as an erratum keeps it."""
    value = getattr(indicator, field)
    return format(value, "f") if isinstance(value, Decimal) else value


def _value(field: str, value: str | None) -> str | Decimal | None:
    if field in BOUNDS:
        return Decimal(value) if value is not None else None
    if field in WORDING:
        return value
    raise ValueError(field)
