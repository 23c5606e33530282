"""Which question a person means when they write `edit` and its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading import named
from tests.unit.reading.questions import EDITION

ALL = EDITION.question_set("full").indicators


@pytest.mark.parametrize("indicator", ALL, ids=lambda indicator: indicator.code)
def test_each_is_found_by_code_title_and_place(indicator) -> None:  # type: ignore[no-untyped-def]
    place = [each.code for each in ALL].index(indicator.code) + 1
    spellings = [
        indicator.code,
        indicator.title,
        indicator.title.upper(),
        f"“{indicator.title}”.",
        f"`{indicator.code}`",
    ]
    for spelled in [*spellings, indicator.code.replace("_", " "), str(place)]:
        found = named(spelled, ALL)
        assert found is not None
        assert found.code == indicator.code, spelled


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pension", "pension_covered"),
        ("gini", "gini_index"),
        ("the Gini index", "gini_index"),
        ("uhc service coverage", "uhc_service_coverage"),
        ("social registri", "social_registry"),
        ("slums", "urban_slum_population"),
        ("poverty", None),
        ("covered", None),
        ("0", None),
        ("34", None),
        ("", None),
        ("...", None),
        ("my answer about the weather", None),
    ],
)
def test_words_that_only_one_title_has_are_enough(text: str, code: str | None) -> None:
    found = named(text, ALL)
    assert (found.code if found else None) == code


@given(st.text())
def test_whatever_is_written_is_one_of_the_questions_or_none(text: str) -> None:
    assert named(text, ALL) in (None, *ALL)
