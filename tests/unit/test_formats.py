"""The format and the members as data: what is in them, and every mistake that a secretariat can make in them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from bot.formats import FormatError, UnknownIndicator, UnknownQuestionSet, load_edition, load_members
from bot.formats.benchmarks import load_benchmarks
from db.vocabulary import Direction, Kind

FORMATS = Path(__file__).parents[2] / "templates" / "formats"
EDITION = load_edition(FORMATS / "common-1.toml")
REQUIRED = (
    *("mechanism_status", "national_strategy", "social_registry", "population_covered", "poverty_national_line"),
    *("portability", "progress_made"),
)

SMALL = """
code = "tiny-1"
title = "A small edition"

[[question_set]]
code = "full"
title = "Full"
minutes = 5

[[section]]
letter = "A"
title = "Reach"
sectors = ["statistics"]

[[section.indicator]]
code = "people_reached"
title = "People reached"
question = "How many people are reached?"
help = "Count each person once."
kind = "percent"
minimum = 0
maximum = 100
direction = "up"
floor = true
required = true
carry_forward = true
sector = "statistics"

[[section.indicator]]
code = "law_status"
title = "The law"
question = "How far is the law?"
help = "The law on social protection."
kind = "choice"
choices = [{ code = "none", title = "None" }, { code = "adopted", title = "Adopted" }]
carry_forward = true
sector = "statistics"
"""
TWICE = SMALL.replace('code = "law_status"', 'code = "people_reached"')
SETS = '[[question_set]]\ncode = "full"\ntitle = "Full"\nminutes = 5'


def test_edition_one_asks_the_33_questions_of_the_common_format_in_eight_sections() -> None:
    assert [section.letter for section in EDITION.sections] == list("ABCDEFGH")
    assert [len(section.indicators) for section in EDITION.sections] == [5, 2, 2, 3, 1, 12, 3, 5]
    assert len(EDITION.indicators) == 33
    assert {each.code for each in EDITION.indicators if each.required} == set(REQUIRED)


def test_every_number_with_a_direction_has_bounds_and_a_floor() -> None:
    for indicator in EDITION.indicators:
        assert indicator.numeric == (indicator.minimum is not None) == (indicator.maximum is not None)
        assert indicator.floor == (indicator.numeric and indicator.direction is not None)
        assert indicator.kind is not Kind.PERCENT or (indicator.minimum, indicator.maximum) == (0, 100)
    assert EDITION.indicator("poverty_national_line").direction is Direction.DOWN
    assert EDITION.indicator("uhc_service_coverage").direction is Direction.UP


def test_only_what_is_told_about_this_period_is_not_carried_forward() -> None:
    fresh = {each.code for each in EDITION.indicators if not each.carry_forward}
    assert fresh == {"progress_made", "challenge_met", "lesson_learned", "expertise_offered", "support_needed"}


def test_a_question_is_one_sentence_and_its_help_at_most_three() -> None:
    for indicator in EDITION.indicators:
        assert indicator.question.count("?") == 1, indicator.code
        assert indicator.question.endswith("?")
        assert len(indicator.question) <= 120
        assert 1 <= indicator.help.count(". ") + 1 <= 3, indicator.code
        assert "!" not in indicator.question + indicator.help
        assert "—" not in indicator.question + indicator.help


def test_the_full_set_asks_all_and_the_update_six_of_which_one_is_required() -> None:
    full, update = EDITION.question_set("full"), EDITION.question_set("update")
    assert full.indicators == EDITION.indicators
    assert [each.code for each in full.required] == [each.code for each in EDITION.indicators if each.required]
    assert [each.code for each in update.indicators] == [
        *(
            "mechanism_meetings",
            "progress_made",
            "challenge_met",
            "lesson_learned",
            "expertise_offered",
            "support_needed",
        )
    ]
    assert [each.code for each in update.required] == ["progress_made"]
    assert [section.letter for section in update.sections] == ["A", "H"]
    assert update.minutes < full.minutes
    assert update.section_of("support_needed").title == "Experience"
    assert "gini_index" in full
    assert "gini_index" not in update


def test_what_is_not_asked_is_named() -> None:
    with pytest.raises(UnknownIndicator) as refused:
        EDITION.question_set("update").indicator("gini_index")
    assert refused.value.facts == {"what": "indicator", "named": "gini_index"}
    with pytest.raises(UnknownIndicator):
        EDITION.indicator("happiness")
    with pytest.raises(UnknownQuestionSet):
        EDITION.question_set("monthly")


def test_bounds_are_exact_decimals(tmp_path: Path) -> None:
    path = tmp_path / "tiny.toml"
    path.write_text(SMALL.replace("maximum = 100", "maximum = 99.9999999999999"), "utf-8")
    assert load_edition(path).indicator("people_reached").maximum == Decimal("99.9999999999999")


def test_a_set_may_require_less(tmp_path: Path) -> None:
    path = tmp_path / "tiny.toml"
    path.write_text(SMALL.replace(SETS, SETS + '\nquestions = ["law_status"]\nrequired = ["law_status"]'), "utf-8")
    edition = load_edition(path)
    assert [each.code for each in edition.question_set("full").required] == ["law_status"]
    assert [each.code for each in edition.indicators if each.required] == ["people_reached"]


# (what is wrong, what stands in the file, the code and the field that the complaint names, words of the complaint)
MISTAKES = [
    ("a code twice", TWICE, "people_reached", "code", "two of the question"),
    ("an unknown kind", SMALL.replace('"percent"', '"percentage"'), "people_reached", "kind", "not one of percent"),
    ("an unknown direction", SMALL.replace('"up"', '"left"'), "people_reached", "direction", "not one of up, down"),
    ("choices missing", SMALL.replace("choices =", "# choices ="), "law_status", "choices", "there is none"),
    ("one choice only", SMALL.replace(', { code = "adopted", title = "Adopted" }', ""), "law_status", "choices", "two"),
    ("choices twice", SMALL.replace('code = "adopted"', 'code = "none"'), "law_status", "choices", "two of the choice"),
    ("a choice spelled wrong", SMALL.replace('"adopted"', '"Adopted!"'), "law_status", "code", "not a code"),
    ("choices on a percent", SMALL.replace('"choice"', '"percent"'), "law_status", "minimum", "missing"),
    ("choices on a text", SMALL.replace('"choice"', '"text"'), "law_status", "choices", "has no choices"),
    ("bounds crossed", SMALL.replace("minimum = 0", "minimum = 100"), "people_reached", "minimum", "not below"),
    ("more than 100 percent", SMALL.replace("maximum = 100", "maximum = 120"), "people_reached", "maximum", "between"),
    ("bounds in words", SMALL.replace("maximum = 100", 'maximum = "all"'), "people_reached", "maximum", "a number"),
    ("no upper bound", SMALL.replace("maximum = 100\n", ""), "people_reached", "maximum", "missing"),
    ("an endless bound", SMALL.replace("maximum = 100", "maximum = inf"), "people_reached", "maximum", "end"),
    (
        "bounds on a choice",
        SMALL.replace('"choice"', '"choice"\nminimum = 1'),
        "law_status",
        "minimum",
        "has no minimum",
    ),
    ("a bound of true", SMALL.replace("maximum = 100", "maximum = true"), "people_reached", "maximum", "a number"),
    ("a floor without direction", SMALL.replace('direction = "up"\n', ""), "people_reached", "floor", "direction"),
    ("a field missing", SMALL.replace('help = "Count each person once."\n', ""), "people_reached", "help", "missing"),
    ("an empty field", SMALL.replace("Count each person once.", "  "), "people_reached", "help", "empty"),
    ("an unknown field", SMALL.replace("floor = true", "flor = true"), "people_reached", "flor", "no such field"),
    ("a code badly spelled", SMALL.replace("people_reached", "People Reached"), "People Reached", "code", "not a code"),
    ("yes instead of true", SMALL.replace("floor = true", 'floor = "yes"'), "people_reached", "floor", "true or false"),
    ("no carry_forward", SMALL.replace("carry_forward = true", "", 1), "people_reached", "carry_forward", "missing"),
    (
        "an unknown sector",
        SMALL.replace('sector = "stat', 'sector = "geo', 1),
        "people_reached",
        "sector",
        "not one of",
    ),
    ("an unknown set", SMALL.replace('"full"', '"monthly"'), "monthly", "code", "not one of full"),
    ("a set twice", SMALL + "\n" + SETS, "full", "code", "two of the question set"),
    (
        "an unknown question in a set",
        SMALL.replace("minutes = 5", 'minutes = 5\nquestions = ["x"]'),
        "full",
        "questions",
        "'x'",
    ),
    (
        "a required question that is not asked",
        SMALL.replace("minutes = 5", 'minutes = 5\nquestions = ["law_status"]\nrequired = ["people_reached"]'),
        *("full", "required", "'people_reached'"),
    ),
    ("no minutes", SMALL.replace("minutes = 5", "minutes = 0"), "full", "minutes", "1 or more"),
    ("no question set", SMALL.replace(SETS, ""), "", "question_set", "there is none"),
    (
        "a letter twice",
        SMALL + SMALL[SMALL.index("[[section]]") :].replace("people_r", "r").replace("law_s", "s"),
        "A",
        "letter",
        "two",
    ),
    ("a section without letter", SMALL.replace('letter = "A"', 'letter = "AB"'), "AB", "letter", "capital"),
    ("not TOML", SMALL + "\nthis is not", "", "", "not TOML"),
]


@pytest.mark.parametrize(
    ("text", "code", "field", "words"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES]
)
def test_a_mistake_in_the_format_names_file_code_and_field(
    tmp_path: Path, text: str, code: str, field: str, words: str
) -> None:
    path = tmp_path / "tiny.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(FormatError) as refused:
        load_edition(path)
    facts = refused.value.facts
    assert facts["file"] == str(path)
    assert code in str(facts["code"])
    assert facts["field"] == field
    assert words in str(facts["problem"])
    assert facts["example"]
    for fact in (str(path), field, str(facts["problem"]), str(facts["example"])):
        assert fact in str(refused.value)


def test_a_file_that_is_not_there_or_not_text_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no such file"):
        load_edition(tmp_path / "nowhere.toml")
    with pytest.raises(FormatError, match="cannot be read"):
        load_edition(tmp_path)
    (tmp_path / "latin.toml").write_bytes('title = "Việt Nam"'.encode("utf-16"))
    with pytest.raises(FormatError, match="UTF-8"):
        load_members(tmp_path / "latin.toml")


def test_the_eleven_members_come_in_alphabetical_order_with_zone_calendar_and_date_style() -> None:
    members = load_members(FORMATS / "asean.toml")
    assert [member.code for member in members] == [
        *("BRN", "KHM", "IDN", "LAO", "MYS", "MMR", "PHL", "SGP", "THA", "TLS", "VNM")
    ]
    by_code = {member.code: member for member in members}
    assert by_code["IDN"].zone == "Asia/Jakarta"
    assert by_code["PHL"].locale == "en_PH"
    assert by_code["TLS"].locale == "en_GB"
    assert all(member.calendar == member.alpha2 for member in members)


MEMBER = """
code = "asean"
title = "Members"

[[member]]
code = "IDN"
alpha2 = "ID"
name = "Indonesia"
zone = "Asia/Jakarta"
calendar = "ID"
locale = "en_ID"
"""
MEMBER_MISTAKES = [
    ("no such country", MEMBER.replace('"IDN"', '"XXZ"'), "code", "ISO 3166-1"),
    ("another country's letters", MEMBER.replace('"ID"\nname', '"PH"\nname'), "alpha2", "two-letter code of IDN"),
    ("no such zone", MEMBER.replace("Asia/Jakarta", "Asia/Bandung"), "zone", "no time zone"),
    ("a zone outside the folder", MEMBER.replace("Asia/Jakarta", "../etc/passwd"), "zone", "no time zone"),
    ("no such calendar", MEMBER.replace('calendar = "ID"', 'calendar = "QQ"'), "calendar", "no holiday calendar"),
    ("no such locale", MEMBER.replace("en_ID", "en_XX_nope"), "locale", "no locale"),
    ("a field missing", MEMBER.replace('name = "Indonesia"\n', ""), "name", "missing"),
    ("an unknown field", MEMBER + 'capital = "Jakarta"', "capital", "no such field"),
    ("a member twice", MEMBER + MEMBER[MEMBER.index("[[") :], "code", "two of the member"),
    ("no member", MEMBER[: MEMBER.index("[[")], "member", "there is none"),
]


@pytest.mark.parametrize(
    ("text", "field", "words"), [row[1:] for row in MEMBER_MISTAKES], ids=[row[0] for row in MEMBER_MISTAKES]
)
def test_a_mistake_in_the_members_names_file_member_and_field(
    tmp_path: Path, text: str, field: str, words: str
) -> None:
    path = tmp_path / "members.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(FormatError) as refused:
        load_members(path)
    assert refused.value.facts["field"] == field
    assert words in str(refused.value.facts["problem"])
    assert refused.value.facts["file"] == str(path)


BENCHMARKS = (FORMATS / "benchmarks-1.toml").read_text("utf-8")


def test_the_five_benchmarks_are_ordered_lists_of_steps() -> None:
    found = load_benchmarks(FORMATS / "benchmarks-1.toml")
    assert [each.code for each in found] == [
        "registration",
        "data_structures",
        "contribution_payments",
        "social_registry",
        "portability",
    ]
    portability = found.get("portability")
    assert portability is not None and found.get("happiness") is None
    assert [portability.place(each.code) for each in portability.steps] == [1, 2, 3, 4]
    assert portability.place("another_way") is None


@pytest.mark.parametrize(
    ("old", "new", "code", "field", "words"),
    [
        ('code = "talks"', 'code = "signed"', "signed", "code", "two of the step"),
        ('title = "Talks"', 'title = "Signed"', "portability", "title", "two of the step"),
        ('code = "talks"', 'code = "another_way"', "portability, step another_way", "code", "where no step fits"),
        ('code = "talks"', 'code = "Talks"', "portability, step Talks", "code", "not a code"),
        ('code = "portability"', 'code = "registration"', "registration", "code", "two of the benchmark"),
        ('title = "Portability"\n', "", "portability", "title", "missing"),
        ('about = "Migrant', 'abuot = "Migrant', "portability", "abuot", "no such field"),
    ],
)
def test_a_mistake_in_the_benchmarks_is_named(
    tmp_path: Path, old: str, new: str, code: str, field: str, words: str
) -> None:
    path = tmp_path / "benchmarks-1.toml"
    assert old in BENCHMARKS
    path.write_text(BENCHMARKS.replace(old, new, 1), "utf-8")
    with pytest.raises(FormatError) as refused:
        load_benchmarks(path)
    assert refused.value.facts["field"] == field and words in str(refused.value)
    assert code in str(refused.value)


def test_a_benchmark_has_two_steps_or_more(tmp_path: Path) -> None:
    path = tmp_path / "benchmarks-1.toml"
    head = BENCHMARKS[: BENCHMARKS.index('[[benchmark.step]]\ncode = "format_agreed"')]
    path.write_text(head, "utf-8")
    with pytest.raises(FormatError, match="two steps or more"):
        load_benchmarks(path)
