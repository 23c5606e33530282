"""Numbers with their year and source, as people type them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.formats import Indicator
from bot.reading import Need, Problem, Reply, read
from db.vocabulary import Availability
from tests.unit.reading.questions import GINI, HOUSEHOLDS, MEETINGS, POVERTY, TODAY, asked, problem, reply

GIVEN, ESTIMATE = Availability.GIVEN, Availability.ESTIMATE


# The ways of writing that FORMAT.md names ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["38.8", "38,8", "38.8 %", "38.8%", "38.8 percent", "38.8 per cent", "38,8 pct", "(38.8)"]
)
def test_a_number_alone_is_kept_and_year_and_source_are_asked(text: str) -> None:
    back = asked(text, POVERTY)
    assert back.need is Need.YEAR_AND_SOURCE
    assert back.draft.number == Decimal("38.8")
    assert back.draft.availability is GIVEN
    assert (back.draft.year, back.draft.source) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "about 39",
        "~39",
        "approx. 39",
        "approx 39 %",
        "around 39",
        "circa 39",
        "ca. 39",
        "c. 39",
        "≈39",
        "roughly 39",
        "39 (estimate)",
        "39 est.",
        "39 approximately",
        "nearly 39",
        "sekitar 39",
        "khoảng 39",
        "ประมาณ ๓๙",
        "～３９",
    ],
)
def test_about_39_is_kept_marked_an_estimate(text: str) -> None:
    draft = asked(text, POVERTY).draft
    assert (draft.availability, draft.number) == (ESTIMATE, Decimal(39))


@pytest.mark.parametrize(
    "text", ["n/a", "N/A", "n.a.", "-", "--", "not available", "Not available.", "no data", "..", "NaN"]
)
def test_not_available_is_kept_and_its_reason_is_asked(text: str) -> None:
    back = asked(text, POVERTY)
    assert back.need is Need.REASON
    assert back.draft.availability is Availability.NOT_AVAILABLE
    answer = reply("no survey was held this year", POVERTY, back.draft)
    assert (answer.availability, answer.number) == (Availability.NOT_AVAILABLE, None)
    assert answer.note == "no survey was held this year"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("n/a no survey this year", "no survey this year"),
        ("n/a: no survey this year", "no survey this year"),
        ("n/a - no survey this year", "no survey this year"),
        ("N/A (no survey this year)", "no survey this year"),
        ("- no survey this year", "no survey this year"),
        ("not available because the survey is late", "the survey is late"),
        ("no data, the survey is late", "the survey is late"),
        ("We do not have data because the survey is late.", "the survey is late."),
        ("no survey this year", "no survey this year"),
        ("not yet surveyed", "not yet surveyed"),
        ("ไม่มีข้อมูล: รอผลสำรวจ", "รอผลสำรวจ"),
    ],
)
def test_a_reason_in_the_same_message_is_taken(text: str, reason: str) -> None:
    answer = reply(text, POVERTY)
    assert (answer.availability, answer.note) == (Availability.NOT_AVAILABLE, reason)


@pytest.mark.parametrize("text", ["no data yet", "not available this year", "n/a for now", "n/a ???", "no data 2020"])
def test_words_that_give_no_reason_are_not_one(text: str) -> None:
    assert asked(text, POVERTY).need is Need.REASON


@pytest.mark.parametrize(
    "text", ["1,234", "1'234", "1 234", "1\u00a0234", "1\u202f234", "1’234", "+1,234", "1234", "1234.0"]
)
def test_a_thousand_of_a_whole_number_is_a_thousand(text: str) -> None:
    assert asked(text, HOUSEHOLDS).draft.number == Decimal(1234)


@pytest.mark.parametrize("text", ["1,234,567", "1.234.567", "1 234 567", "1'234'567"])
def test_two_separators_are_thousands(text: str) -> None:
    assert asked(text, HOUSEHOLDS).draft.number == Decimal(1234567)


def test_1_comma_234_percent_is_asked_back() -> None:
    back = asked("1,234", POVERTY)
    assert back.need is Need.WHICH_NUMBER
    assert back.draft.number is None
    assert [each.label for each in back.suggestions] == ["1.234"]


def test_1_point_234_households_is_asked_back() -> None:
    back = asked("1.234 2020 NSO", HOUSEHOLDS)
    assert back.need is Need.WHICH_NUMBER
    assert [each.label for each in back.suggestions] == ["1234"]
    assert reply("yes", HOUSEHOLDS, back.draft).number == 1234
    assert [each.label for each in asked("1.000", HOUSEHOLDS).suggestions] == ["1000", "1"]


def test_1_point_234_percent_is_a_decimal_point() -> None:
    assert asked("1.234", POVERTY).draft.number == Decimal("1.234")


@pytest.mark.parametrize(
    "text", ["๓๘.๘ 2020 NSO", "៣៨.៨ ២០២០ NSO", "໓໘.໘ ໒໐໒໐ NSO", "၃၈.၈ ၂၀၂၀ NSO", "３８．８ ２０２０ NSO"]
)
def test_digits_of_every_script_are_digits(text: str) -> None:
    answer = reply(text, POVERTY)
    assert (answer.number, answer.year, answer.source) == (Decimal("38.8"), 2020, "NSO")


@pytest.mark.parametrize(
    "text", ["38.8 2563 SES", "38.8 ๒๕๖๓ SES", "ปี๒๕๖๓ 38.8 SES", "38.8 พ.ศ. 2563 SES", "38.8 (2563, SES)"]
)
def test_a_buddhist_year_is_offered_back(text: str) -> None:
    back = asked(text, POVERTY)
    assert back.need is Need.WHICH_YEAR
    assert [each.label for each in back.suggestions] == ["2020"]
    answer = reply("yes", POVERTY, back.draft)
    assert (answer.number, answer.year, answer.source) == (Decimal("38.8"), 2020, "SES")
    assert reply("2019", POVERTY, back.draft).year == 2019


# Value, year and source in any sensible order ------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "38.8 2020 VHLSS",
        "38,8 2020 VHLSS",
        "38.8 VHLSS 2020",
        "38,8 VHLSS 2020",
        "2020 38.8 VHLSS",
        "2020: 38.8 (VHLSS)",
        "2020 VHLSS 38.8",
        "VHLSS 2020: 38.8",
        "VHLSS: 38.8 in 2020",
        "38.8 (2020, VHLSS)",
        "38.8 (VHLSS, 2020)",
        "38.8 (VHLSS 2020)",
        "38.8% (2020) VHLSS",
        "38.8 % in 2020 from VHLSS",
        "38.8 as of 2020 per VHLSS.",
        "38.8, 2020, VHLSS",
        "38.8; 2020; VHLSS",
        "38.8;2020;VHLSS",
        "38.8,2020,VHLSS",
        "38,8,2020,VHLSS",
        "38.8/2020/VHLSS",
        "38.8|2020|VHLSS",
        "38.8\t2020\tVHLSS",
        "38.8\n2020\nVHLSS",
        "38.8 – 2020 – VHLSS",
        "38.8\u00a0%\u00a02020\u00a0VHLSS",
        "38.8\u200b 2020\ufeff VHLSS",
        "“38.8 2020 VHLSS”",
        "Sorry, 38.8 2020 VHLSS",
        "It is 38.8 percent of the population in 2020, source: VHLSS",
        "The value is 38.8 % for the year 2020. Source: VHLSS",
        "poverty is 38.8 in 2020, VHLSS",
        "38.8 31/12/2020 VHLSS",
        "38.8 2020-12-31 VHLSS",
        "38.8 2020-12 VHLSS",
        "38.8 FY2020 VHLSS",
        "38.8 in March 2020 (VHLSS)",
        "38.8% (Maret 2020, VHLSS)",
        "38.8 mid-2020 VHLSS",
        "38.8 2020 VHLSS thanks",
        "38.8[2020]VHLSS",
        "it's 38.8 in 2020, VHLSS",
        "Year: 2020\nValue: 38.8\nSource: VHLSS",
        "value = 38.8, year = 2020, source = VHLSS",
        "around 2020 it was 38.8 (VHLSS)",
    ],
)
def test_value_year_and_source_in_one_breath(text: str) -> None:
    answer = reply(text, POVERTY)
    assert (answer.availability, answer.number, answer.year, answer.source) == (GIVEN, Decimal("38.8"), 2020, "VHLSS")


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("38.8 in 2020 from the household survey", "household survey"),
        ("38.8 2020 SI.POV.NAHC", "SI.POV.NAHC"),
        ("38.8 2020 NSO round 2", "NSO round 2"),
        ("38.8 (2020, VHLSS 2020 round)", "VHLSS 2020 round"),
        ("38.8 2020 VHLSS 2020 round", "VHLSS 2020 round"),
        ("38.8 2020 Census 2018", "Census 2018"),
        ("38.8 2020 N.S.O.", "N.S.O."),
        ("38.8 2020 NSO (round 2)", "NSO (round 2)"),
        ("38.8 2020 https://example.org/2020/x", "https://example.org/2020/x"),
        ("38.8 2020 Ministry of Health, page 12", "Ministry of Health, page 12"),
        ("38.8 2020 COVID-19 survey", "COVID-19 survey"),
        ("38.8 2020 administrative register", "administrative register"),
        ("38.8 2020 สำนักงานสถิติแห่งชาติ", "สำนักงานสถิติแห่งชาติ"),
        ("38.8 2020 Tổng cục Thống kê", "Tổng cục Thống kê"),
        ("The survey found 38.8 in 2020. Source: VHLSS round 2", "VHLSS round 2"),
    ],
)
def test_a_source_is_kept_as_it_was_written(text: str, source: str) -> None:
    answer = reply(text, POVERTY)
    assert (answer.number, answer.year, answer.source) == (Decimal("38.8"), 2020, source)


def test_thirteen_decimals_stay_exact() -> None:
    answer = reply("50.7999992370605 1990 EN.POP.SLUM.UR.ZS", POVERTY)
    assert str(answer.number) == "50.7999992370605"


def test_an_estimate_can_be_the_source() -> None:
    answer = reply("39 (estimate) 2020", POVERTY)
    assert (answer.availability, answer.source) == (ESTIMATE, "estimate")
    assert reply("39 est. 2020 NSO", POVERTY).source == "NSO"
    assert reply("38.8 2020 ILO estimates", POVERTY).availability is GIVEN


def test_a_remark_is_kept_beside_the_source() -> None:
    answer = reply("38.8 2020 VHLSS; note: preliminary", POVERTY)
    assert (answer.source, answer.note) == ("VHLSS", "preliminary")


@pytest.mark.parametrize(
    "text", ["3 2025 minutes", "3 meetings 2025 minutes", "3 times in 2025, minutes", "3.0 2025 minutes"]
)
def test_the_unit_may_stand_behind_a_count(text: str) -> None:
    answer = reply(text, MEETINGS)
    assert (answer.number, answer.year, answer.source) == (3, 2025, "minutes")
    assert str(answer.number) == "3"


def test_zero_is_a_number_and_none_is_asked_about() -> None:
    assert asked("zero", MEETINGS).draft.number == 0
    assert reply("zero in 2025, minutes", MEETINGS).number == 0
    back = asked("none", MEETINGS)
    assert [each.label for each in back.suggestions] == ["0", "n/a"]
    assert asked("0", MEETINGS, back.draft).need is Need.YEAR_AND_SOURCE
    assert asked("n/a", MEETINGS, back.draft).need is Need.REASON


def test_minus_zero_is_zero() -> None:
    assert str(asked("-0", POVERTY).draft.number) == "0"


# Never guessed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("38.8", Need.YEAR_AND_SOURCE),
        ("38.8 2020", Need.SOURCE),
        ("38.8 VHLSS", Need.YEAR),
        ("2020 VHLSS", Need.VALUE),
        ("2020", Need.VALUE),
        ("38.8 Dec 2020", Need.SOURCE),
        ("38.8 (2020, 2019)", Need.WHICH_YEAR),
    ],
)
def test_what_is_missing_is_asked(text: str, need: Need) -> None:
    assert asked(text, POVERTY).need is need


@pytest.mark.parametrize(
    "text", ["38.8 2020 same source", "38.8 2020 n/a", "38.8 2020 unknown", "38.8 2020 ?", "38.8 2020 -"]
)
def test_what_names_no_source_is_none(text: str) -> None:
    back = asked(text, POVERTY)
    assert (back.need, back.draft.year, back.draft.source) == (Need.SOURCE, 2020, None)


@pytest.mark.parametrize("text", ["four", "Four meetings", "four meetings in 2025, minutes", "4 (2025, minutes)"])
def test_small_counts_may_be_words(text: str) -> None:
    outcome = read(text, MEETINGS, today=TODAY)
    number = outcome.number if isinstance(outcome, Reply) else outcome.draft.number
    assert number == 4
    assert problem("one third", POVERTY) is Problem.NO_NUMBER


@pytest.mark.parametrize("text", ["pending", "to be confirmed", "under preparation", "not yet"])
def test_a_number_to_come_is_not_available_yet(text: str) -> None:
    outcome = read(text, POVERTY, today=TODAY)
    availability = outcome.availability if isinstance(outcome, Reply) else outcome.draft.availability
    assert availability is Availability.NOT_AVAILABLE


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("38.8 39.1 2020 NSO", ["38.8", "39.1"]),
        ("38.8-39.2 2020 NSO", ["38.8", "39.2"]),
        ("38.8 to 39.2 in 2020, NSO", ["38.8", "39.2"]),
        ("38 % in 2020, 40 % in 2021 NSO", ["38", "40"]),
        ("NSO round 2 2020 38.8", ["2", "38.8"]),
        ("38.8 2020 NSO 5% sample", ["38.8", "5"]),
        ("38,2020,NSO", ["38.2020", "38"]),
        ("more than 38 2020 NSO", ["~38"]),
        ("> 38 2020 NSO", ["~38"]),
        ("at least 38", ["~38"]),
    ],
)
def test_two_possible_numbers_are_asked_about(text: str, labels: list[str]) -> None:
    back = asked(text, POVERTY)
    assert back.need is Need.WHICH_NUMBER
    assert [each.label for each in back.suggestions] == labels


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("38.8 2019/20 VHLSS", ["2019", "2020"]),
        ("38.8 2019-2020 VHLSS", ["2019", "2020"]),
        ("38.8 2019–2020 VHLSS", ["2019", "2020"]),
        ("38.8 VHLSS 2019/2020", ["2019", "2020"]),
        ("38.8 2562/63 SES", ["2019", "2020"]),
        ("38.8 2026/27 VHLSS", ["2026"]),
        ("38.8 2029/30 VHLSS", ["2029", "2030"]),
        ("38.8 2020 2030 VHLSS", ["2020"]),
        ("38.8 2573 SES", ["2030"]),
        ("38.8 2019 2020 VHLSS", ["2019", "2020"]),
        ("38.8 2019 and 2020 VHLSS", ["2019", "2020"]),
        ("38.8 VHLSS2020", ["2020"]),
    ],
)
def test_two_possible_years_are_asked_about(text: str, labels: list[str]) -> None:
    back = asked(text, POVERTY)
    assert back.need is Need.WHICH_YEAR
    assert back.draft.year is None
    assert [each.label for each in back.suggestions] == labels
    chosen = reply(labels[-1], POVERTY, back.draft)
    assert (chosen.number, chosen.year) == (Decimal("38.8"), int(labels[-1]))


def test_a_year_to_come_is_taken_up_to_ten_years_ahead() -> None:
    assert reply("38.8 2031 VHLSS", POVERTY).year == 2031, "whether it is right is asked once it is stored"
    assert reply("38.8 (2036, VHLSS)", POVERTY).year == 2036
    assert asked("38.8 RPJMN2029", POVERTY).need is Need.YEAR, "the end of a plan is no reference year"


def test_a_year_far_ahead_is_not_taken_and_the_rest_is_kept() -> None:
    back = asked("38.8 2037 VHLSS", POVERTY)
    assert (back.problem, back.wrote, back.need) == (Problem.YEAR_IN_FUTURE, "2037", Need.YEAR)
    assert (back.draft.number, back.draft.source) == (Decimal("38.8"), "VHLSS")
    assert back.facts == {
        "problem": Problem.YEAR_IN_FUTURE,
        "wrote": "2037",
        "year": 2037,
        "earliest": 1950,
        "example": "",
    }
    assert reply("2021", POVERTY, back.draft).source == "VHLSS"
    assert asked("38.8 1949 NSO", POVERTY).problem is Problem.YEAR_TOO_EARLY
    assert asked("38.8 2600 SES", POVERTY).problem is Problem.YEAR_IN_FUTURE


def test_today_decides_what_is_to_come() -> None:
    assert asked("68.5 1984 NSO", POVERTY, today=date(1973, 12, 31)).problem is Problem.YEAR_IN_FUTURE
    assert reply("68.5 1984 NSO", POVERTY, today=date(1974, 1, 1)).year == 1984


def test_2020_households_alone_is_the_value_and_with_words_it_is_asked() -> None:
    back = asked("2020", HOUSEHOLDS)
    assert (back.need, back.draft.number) == (Need.YEAR_AND_SOURCE, 2020)
    assert asked("2020 NSO", HOUSEHOLDS).need is Need.WHICH_NUMBER
    assert [each.label for each in asked("2020 2021 NSO", HOUSEHOLDS).suggestions] == ["2020", "2021"]
    assert reply("2020 (2021, NSO)", HOUSEHOLDS).number == 2020
    assert reply("15000 2021 NSO", HOUSEHOLDS).year == 2021


# Refused, with a reason ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "indicator", "expected"),
    [
        ("", POVERTY, Problem.EMPTY),
        (" \u200b\n ", POVERTY, Problem.EMPTY),
        ("101", POVERTY, Problem.OUT_OF_BOUNDS),
        ("100.0000000001 2020 NSO", POVERTY, Problem.OUT_OF_BOUNDS),
        ("-5 2020 NSO", POVERTY, Problem.OUT_OF_BOUNDS),
        ("−5", POVERTY, Problem.OUT_OF_BOUNDS),
        ("1 234", POVERTY, Problem.OUT_OF_BOUNDS),
        ("123,456", POVERTY, Problem.OUT_OF_BOUNDS),
        ("500", MEETINGS, Problem.OUT_OF_BOUNDS),
        ("3,5", MEETINGS, Problem.NOT_WHOLE),
        ("3.5 2025 minutes", MEETINGS, Problem.NOT_WHOLE),
        ("3 %", MEETINGS, Problem.PERCENT_NOT_WANTED),
        ("1" * 41, HOUSEHOLDS, Problem.TOO_MANY_DIGITS),
        ("0." + "1" * 41, POVERTY, Problem.TOO_MANY_DIGITS),
        ("1.2.3", POVERTY, Problem.ODD_SEPARATORS),
        ("1,23,456", HOUSEHOLDS, Problem.ODD_SEPARATORS),
        ("1e5", POVERTY, Problem.EXPONENT),
        ("3.8E+1 2020 NSO", POVERTY, Problem.EXPONENT),
        ("3/4", POVERTY, Problem.FRACTION),
        ("5 out of 10", POVERTY, Problem.FRACTION),
        ("1.2 million", HOUSEHOLDS, Problem.MULTIPLIER),
        ("20k", HOUSEHOLDS, Problem.MULTIPLIER),
        ("inf", POVERTY, Problem.NO_NUMBER),
        ("I will ask my colleague", POVERTY, Problem.NO_NUMBER),
        ("thirty-eight", POVERTY, Problem.NO_NUMBER),
        ("½", POVERTY, Problem.NO_NUMBER),
        ("x" * 3001, POVERTY, Problem.TOO_LONG),
        ("38.8 2020 " + "long " * 70, POVERTY, Problem.TOO_LONG),
    ],
)
def test_what_is_never_taken_is_refused_for_its_reason(text: str, indicator: Indicator, expected: Problem) -> None:
    assert problem(text, indicator) is expected


def test_an_index_is_read_like_a_percent_without_its_sign() -> None:
    assert reply("38,1 2020 SUSENAS", GINI).number == Decimal("38.1")
    assert asked("1,234", GINI).need is Need.WHICH_NUMBER
