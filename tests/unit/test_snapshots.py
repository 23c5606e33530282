"""What became of an answer since it was handed in: every part of it that says something counts, and nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.assessments.snapshots import compare
from db.queries.assessments import Given
from db.vocabulary import Availability

BEFORE = Given("gini_index", Availability.GIVEN, Decimal("38.8"), None, 2020, "SUSENAS", "urban", 1, "said:1")
SKIPPED = BEFORE._replace(availability=Availability.SKIPPED, number=None)


@pytest.mark.parametrize(
    ("field", "value", "how"),
    [
        ("availability", Availability.ESTIMATE, "changed"),
        ("number", Decimal("38.9"), "changed"),
        ("text", "yes", "changed"),
        ("year", 2021, "changed"),
        ("source", "SUSENAS, second report", "changed"),
        ("note", "urban and rural", "changed"),
        ("explanation", "A new line.", "beside"),
        ("number", Decimal("38.80"), "same"),
        ("said_by", 2, "same"),
        ("heard_key", "said:2", "same"),
        ("doubted", [{"why": ["jump"]}], "same"),
    ],
)
def test_what_became_of_an_answer(field: str, value: Any, how: str) -> None:
    now = BEFORE._replace(**{field: value})
    change = compare({"gini_index": now}, {"gini_index": BEFORE})["gini_index"]
    assert (change.how, change.before) == (how, BEFORE)


def test_what_was_skipped_is_no_answer() -> None:
    assert compare({"gini_index": BEFORE}, {"gini_index": SKIPPED})["gini_index"].how == "new"
    assert compare({"gini_index": SKIPPED}, {"gini_index": BEFORE})["gini_index"].how == "gone"
    assert compare({}, {"gini_index": BEFORE})["gini_index"].how == "gone"
    assert compare({"gini_index": SKIPPED}, {}) == {}
    proven_anew = compare({"gini_index": BEFORE}, {"gini_index": BEFORE}, {"gini_index", "pension_covered"})
    assert {code: change.how for code, change in proven_anew.items()} == {"gini_index": "beside"}
