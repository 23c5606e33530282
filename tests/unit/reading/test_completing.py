"""Numbers whose year and source come in later messages, as drafts out of the database."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.formats import Indicator
from bot.reading import Draft, Need, Problem
from db.vocabulary import Availability
from tests.unit.reading.questions import POVERTY, asked, problem, reply

ESTIMATE = Availability.ESTIMATE


def draft_of(text: str, indicator: Indicator = POVERTY) -> Draft:
    """The draft as it comes back from the database."""
    return Draft.from_json(asked(text, indicator).draft.to_json())


@pytest.mark.parametrize(
    "text",
    [
        "2020 VHLSS",
        "VHLSS 2020",
        "2020, VHLSS",
        "VHLSS, 2020",
        "in 2020 from the VHLSS",
        "12/2020 VHLSS",
        "2020: VHLSS",
        "year 2020, source VHLSS",
        "(2020, VHLSS)",
    ],
)
def test_year_and_source_complete_the_number(text: str) -> None:
    answer = reply(text, POVERTY, draft_of("about 38.8"))
    assert (answer.availability, answer.number, answer.year, answer.source) == (
        ESTIMATE,
        Decimal("38.8"),
        2020,
        "VHLSS",
    )


def test_one_after_the_other_in_either_order() -> None:
    first = asked("2020", POVERTY, draft_of("38.8"))
    assert first.need is Need.SOURCE
    assert reply("NSO round 2", POVERTY, first.draft).source == "NSO round 2"
    second = asked("VHLSS", POVERTY, draft_of("38.8"))
    assert second.need is Need.YEAR
    assert reply("2020", POVERTY, second.draft).year == 2020


def test_a_year_first_waits_for_its_number() -> None:
    back = asked("2020 VHLSS", POVERTY)
    answer = reply("38.8", POVERTY, back.draft)
    assert (answer.number, answer.year, answer.source) == (Decimal("38.8"), 2020, "VHLSS")


def test_a_new_number_replaces_the_old_one() -> None:
    assert reply("39.1 2019 LFS", POVERTY, draft_of("38.8")).number == Decimal("39.1")
    again = asked("sorry, 39.1", POVERTY, draft_of("38.8 2020"))
    assert (again.need, again.draft.number, again.draft.year) == (Need.SOURCE, Decimal("39.1"), 2020)


def test_a_number_that_is_no_year_and_no_source_is_refused_and_the_draft_stays() -> None:
    draft = draft_of("38.8")
    assert problem("12", POVERTY, draft) is Problem.NO_YEAR
    assert problem("n/a", POVERTY, draft) is Problem.NO_YEAR
    assert problem("12", POVERTY, draft_of("38.8 2020")) is Problem.NO_SOURCE
    assert problem("unknown", POVERTY, draft_of("38.8 2020")) is Problem.NO_SOURCE
    assert draft.number == Decimal("38.8")


def test_the_known_year_said_again_is_not_part_of_the_source() -> None:
    assert reply("2020 VHLSS", POVERTY, draft_of("38.8 2020")).source == "VHLSS"
    assert reply("3 household surveys", POVERTY, draft_of("38.8 2020")).source == "3 household surveys"


def test_no_to_an_offer_asks_again() -> None:
    assert asked("no", POVERTY, draft_of("38.8 2563 SES")).need is Need.YEAR
    assert asked("no", POVERTY, draft_of("1,234")).need is Need.VALUE
    assert reply("12.5 2020 NSO", POVERTY, draft_of("1,234")).number == Decimal("12.5")
    assert reply("the second", POVERTY, draft_of("38.8 39.1 2020 NSO")).number == Decimal("39.1")


def test_a_figure_in_place_of_a_reason_is_an_answer_after_all() -> None:
    assert reply("38.8 2020 VHLSS", POVERTY, draft_of("n/a")).number == Decimal("38.8")
    assert reply("2 surveys were delayed in 2020", POVERTY, draft_of("n/a")).note == "2 surveys were delayed in 2020"
    assert problem("n/a", POVERTY, draft_of("n/a")) is Problem.NO_REASON
    assert problem("???", POVERTY, draft_of("n/a")) is Problem.NO_REASON
