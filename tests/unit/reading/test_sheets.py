"""Several answers in one message."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.reading import Act, AskBack, Line, Need, Phrase, Problem, Reply, Unreadable, by_any_name, lines
from tests.unit.reading.questions import EDITION, TODAY


def taken(text: str) -> list[Line]:
    found = lines(text, EDITION.indicators, today=TODAY)
    assert found is not None
    return found


def values(text: str) -> list[tuple[str, object]]:
    """The code and the value of every line, which must all be whole answers."""
    found: list[tuple[str, object]] = []
    for line in taken(text):
        assert line.indicator and isinstance(line.outcome, Reply), line
        found.append((line.indicator.code, line.outcome.number if line.outcome.text is None else line.outcome.text))
    return found


@pytest.mark.parametrize(
    "text",
    [
        "uhc_service_coverage 68 2021 WHO",
        "UHC_SERVICE_COVERAGE 68 2021 WHO",
        "uhc-service-coverage: 68 2021 WHO",
        "uhc service coverage = 68, 2021, WHO",
        "uhc_service_coverage\t68\t2021\tWHO",
        "uhc_service_coverage;68;2021;WHO",
        "uhc_service_coverage,68,2021,WHO",
        'uhc_service_coverage,"68",2021,"WHO"',
        "uhc_service_coverage | 68 | 2021 | WHO",
        "- uhc_service_coverage: 68 2021 WHO",
        "• `uhc_service_coverage` 68 2021 WHO",
        "*uhc_service_coverage* 68 (2021, WHO)",
        "6. uhc_service_coverage 68 2021 WHO",
        "6) uhc_service_coverage - 68 2021 WHO",
        "uhc_service_coverage → 68 2021 WHO",
        "Coverage of essential health services: 68 2021 WHO",
        "coverage of essential health services 68 2021 WHO",
        "code\tvalue\tyear\tsource\nuhc_service_coverage\t68\t2021\tWHO",
        "Code;Year;Value;Source\nuhc_service_coverage;2021;68;WHO",
        "code,title,value,unit,year,source\nuhc_service_coverage,Coverage,68,index,2021,WHO",
        "section,code,value,year,source\nB,uhc_service_coverage,68,2021,WHO",
        "title\tvalue\tyear\tsource\nCoverage of essential health services\t68\t2021\tWHO",
        "| code | value | year | source |\n|---|---|---|---|\n| uhc_service_coverage | 68 | 2021 | WHO |",
    ],
)
def test_a_line_begins_with_a_code_or_a_title(text: str) -> None:
    (line,) = taken(text)
    assert line.indicator is EDITION.indicator("uhc_service_coverage")
    assert isinstance(line.outcome, Reply)
    assert (line.outcome.number, line.outcome.year, line.outcome.source) == (Decimal(68), 2021, "WHO")


def test_all_lines_of_a_message_are_taken() -> None:
    text = (
        "uhc_service_coverage 68 2021 WHO\n\npension_covered 22,5 2020 SSO\n"
        "portability operational\nmigrant_coverage: yes, all"
    )
    assert values(text) == [
        ("uhc_service_coverage", Decimal(68)),
        ("pension_covered", Decimal("22.5")),
        ("portability", "operational"),
        ("migrant_coverage", "yes"),
    ]


def test_decimal_commas_in_a_sheet() -> None:
    assert values("gini_index;38,1;2020;SUSENAS") == [("gini_index", Decimal("38.1"))]
    assert values('code,value,year,source\ngini_index,"38,1",2020,SUSENAS') == [("gini_index", Decimal("38.1"))]


def test_a_free_text_goes_on_over_several_lines() -> None:
    first, second = taken("progress_made: We merged\ntwo registers.\n\n- in all provinces\ngini_index 38 2020 NSO")
    assert isinstance(first.outcome, Reply)
    assert first.outcome.text == "We merged\ntwo registers.\n- in all provinces"
    assert second.indicator is EDITION.indicator("gini_index")


def test_each_line_has_its_own_outcome() -> None:
    found = taken(
        "gini_index 380 2020 NSO\npension_covered 22\nginni_index 38\npoor_covered same\npopulation_covered\t\t"
    )
    assert isinstance(found[0].outcome, Unreadable)
    assert found[0].outcome.problem is Problem.OUT_OF_BOUNDS
    assert isinstance(found[1].outcome, AskBack)
    assert found[1].outcome.need is Need.YEAR_AND_SOURCE
    assert found[2].indicator is None
    assert isinstance(found[2].outcome, Unreadable)
    assert found[2].outcome.facts["near"] == "gini_index"
    assert found[3].outcome == Phrase(Act.SAME)
    assert isinstance(found[4].outcome, AskBack)
    assert found[4].outcome.need is Need.VALUE
    assert [line.raw for line in found][:2] == ["gini_index 380 2020 NSO", "pension_covered 22"]


def test_a_title_that_begins_a_sentence_is_still_told_among_other_lines() -> None:
    first, second = taken("Portability: we signed two agreements\ngini_index 38 2020 NSO")
    assert isinstance(first.outcome, AskBack)
    assert first.outcome.need is Need.WHICH_CHOICE
    assert isinstance(second.outcome, Reply)
    assert values("Lesson learned: start small") == [("lesson_learned", "start small")]


def test_a_text_in_lines_may_begin_with_a_bare_yes() -> None:
    assert values("progress_made: Yes\nThe law passed.\ngini_index 38 2020 NSO") == [
        ("progress_made", "Yes\nThe law passed."),
        ("gini_index", Decimal(38)),
    ]
    (alone,) = taken("progress_made no")
    assert isinstance(alone.outcome, Unreadable)
    assert alone.outcome.problem is Problem.NO_SENTENCE


@pytest.mark.parametrize(
    ("text", "code", "number"),
    [
        ("gini 41 2014 WB", "gini_index", "41"),
        ("Gini: 41 2014 WB", "gini_index", "41"),
        ("gini index = 41.5 (2014, WB)", "gini_index", "41.5"),
        ("pension 14.8 2020 SUSENAS", "pension_covered", "14.8"),
    ],
)
def test_where_no_question_is_open_a_name_that_only_one_has_is_enough(text: str, code: str, number: str) -> None:
    found = by_any_name(text, EDITION.indicators, today=TODAY)
    assert found is not None
    indicator, outcome = found
    assert indicator.code == code
    assert isinstance(outcome, Reply)
    assert outcome.number == Decimal(number)


def test_a_named_figure_without_its_year_is_asked_back() -> None:
    found = by_any_name("gini 41", EDITION.indicators, today=TODAY)
    assert found is not None
    assert isinstance(found[1], AskBack)
    assert found[1].draft.number == 41


@pytest.mark.parametrize(
    "text",
    [
        *("", "gini", "41 2014 WB", "about 39 2020 estimate", "13 41 2014 WB", "of 41 2014 WB", "weather 41 2014 WB"),
        *("covered 41 2014 WB", "the gini is better now", "gini fell a lot", "lesson start small", "Gini\n41 2014 WB"),
    ],
)
def test_what_names_no_question_or_gives_no_answer_is_nobodys_line(text: str) -> None:
    assert by_any_name(text, EDITION.indicators, today=TODAY) is None


def test_what_is_not_asked_here_is_not_known_here() -> None:
    update = EDITION.question_set("update").indicators
    assert lines("gini_index 38 2020 NSO", update, today=TODAY) is None
    assert lines("gini_index 38 2020 NSO\nprogress_made: good", update, today=TODAY) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "38.8 2020 VHLSS",
        "hello there",
        "Progress made in 2025 was good",
        "portability is hard for us",
        "Portability: we signed two agreements",
        "Social registry - we merged it with the health register",
        "Lesson learned, but not by all",
        "Gini index, poverty and coverage were studied",
        "none\nof these",
        "code\tvalue\tyear",
        "the gini_index is 38",
        "gini_indexes 38",
    ],
)
def test_other_messages_are_not_several_answers(text: str) -> None:
    assert lines(text, EDITION.indicators, today=TODAY) is None
