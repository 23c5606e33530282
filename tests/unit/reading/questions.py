"""The questions of edition 1, a question with large numbers, and short ways to read an answer to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from bot.formats import Indicator, load_edition
from bot.reading import AskBack, Draft, Problem, Reply, Unreadable, read

TODAY = date(2026, 11, 24)
EDITION = load_edition(Path(__file__).parents[3] / "templates" / "formats" / "common-1.toml")
POVERTY = EDITION.indicator("poverty_national_line")
GINI = EDITION.indicator("gini_index")
MEETINGS = EDITION.indicator("mechanism_meetings")
REGISTRY = EDITION.indicator("social_registry")
MIGRANTS = EDITION.indicator("migrant_coverage")
PROGRESS = EDITION.indicator("progress_made")
HOUSEHOLDS = replace(
    MEETINGS, code="households_reached", title="Households reached", unit="households", maximum=Decimal(10**9)
)
EVERY_KIND = (POVERTY, GINI, MEETINGS, HOUSEHOLDS, REGISTRY, MIGRANTS, PROGRESS)


def reply(text: str, indicator: Indicator, draft: Draft | None = None, today: date = TODAY) -> Reply:
    """What is read must be a whole answer."""
    outcome = read(text, indicator, draft=draft, today=today)
    assert isinstance(outcome, Reply), outcome
    return outcome


def asked(text: str, indicator: Indicator, draft: Draft | None = None, today: date = TODAY) -> AskBack:
    """What is read must be asked back."""
    outcome = read(text, indicator, draft=draft, today=today)
    assert isinstance(outcome, AskBack), outcome
    return outcome


def problem(text: str, indicator: Indicator, draft: Draft | None = None) -> Problem:
    """It must be refused; the problem is given back."""
    try:
        outcome = read(text, indicator, draft=draft, today=TODAY)
    except Unreadable as refused:
        assert refused.facts["expected"] and refused.facts["example"], refused.facts
        return refused.problem
    raise AssertionError(f"{text!r} was read as {outcome}")
