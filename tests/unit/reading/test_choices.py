"""Choices, yes and no, free text, and what they say when it is not available."""

from __future__ import annotations

import pytest

from bot.reading import Draft, Need, Problem
from db.vocabulary import Availability
from tests.unit.reading.questions import EDITION, MIGRANTS, PROGRESS, REGISTRY, asked, problem, reply

STATUS = EDITION.indicator("mechanism_status")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("national", "national"),
        ("National", "national"),
        ("NATIONAL.", "national"),
        ("“National”", "national"),
        ("2", "pilot"),
        ("2.", "pilot"),
        ("(2)", "pilot"),
        ("#2", "pilot"),
        ("no. 2", "pilot"),
        ("option 3", "partial"),
        ("๓", "partial"),
        ("nat", "national"),
        ("par", "partial"),
        ("none", "none"),
        ("no", "none"),
        ("ｐｉｌｏｔ", "pilot"),
    ],
)
def test_a_choice_is_taken_by_code_title_number_or_clear_beginning(text: str, code: str) -> None:
    answer = reply(text, REGISTRY)
    assert (answer.availability, answer.text, answer.note) == (Availability.GIVEN, code, None)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("partial, since May", "since May"),
        ("Partial: 12 provinces", "12 provinces"),
        ("partial (12 provinces)", "12 provinces"),
        ("partial - see law 5", "see law 5"),
        ("partial. It covers 12 provinces", "It covers 12 provinces"),
    ],
)
def test_a_remark_after_a_stop_is_kept(text: str, note: str) -> None:
    answer = reply(text, REGISTRY)
    assert (answer.text, answer.note) == ("partial", note)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("natoinal", ["National"]),
        ("partail", ["Partial"]),
        ("it is partial", ["Partial"]),
        ("partial since May", ["Partial"]),
        ("n", ["None", "National"]),
        ("p", ["Pilot", "Partial"]),
        ("pilot or partial", ["Pilot", "Partial"]),
    ],
)
def test_what_is_only_alike_is_asked_back_never_taken(text: str, titles: list[str]) -> None:
    back = asked(text, REGISTRY)
    assert back.need is Need.WHICH_CHOICE
    assert sorted(each.label for each in back.suggestions) == sorted(titles)


def test_did_you_mean_is_answered_by_yes_by_name_or_by_place() -> None:
    back = asked("natoinal", REGISTRY)
    assert reply("yes", REGISTRY, back.draft).text == "national"
    two = Draft.from_json(asked("p", REGISTRY).draft.to_json())
    assert reply("partial", REGISTRY, two).text == "partial"
    assert reply("the second one", REGISTRY, two).text == "partial"
    assert asked("no", REGISTRY, back.draft).need is Need.VALUE


def test_a_choice_that_is_not_there_is_refused_with_the_list() -> None:
    assert problem("excellent", REGISTRY) is Problem.NO_SUCH_CHOICE
    assert problem("9", REGISTRY) is Problem.NO_SUCH_CHOICE
    assert problem("0", REGISTRY) is Problem.NO_SUCH_CHOICE


def test_not_available_is_an_answer_to_a_choice_too() -> None:
    back = asked("n/a", REGISTRY)
    assert back.need is Need.REASON
    assert reply("partial", REGISTRY, back.draft).text == "partial"
    assert reply("under discussion", REGISTRY, back.draft).note == "under discussion"
    assert reply("n/a: under discussion", STATUS).note == "under discussion"


@pytest.mark.parametrize("text", ["yes", "Yes.", "y", "YES!", "yep", "ya", "ใช่", "có", "👍", "yes, it is", "true"])
def test_yes(text: str) -> None:
    assert reply(text, MIGRANTS).text == "yes"


@pytest.mark.parametrize("text", ["no", "No.", "n", "nope", "tidak", "không", "ไม่", "false"])
def test_no(text: str) -> None:
    assert reply(text, MIGRANTS).text == "no"


def test_yes_and_no_keep_a_remark() -> None:
    assert reply("yes, since 2015", MIGRANTS).note == "since 2015"
    assert reply("yes but only in the formal sector", MIGRANTS).note == "but only in the formal sector"
    assert reply("no: work injury is closed", MIGRANTS).note == "work injury is closed"


@pytest.mark.parametrize(
    ("text", "labels"),
    [("no we do not think so", ["no"]), ("not for all", ["no"]), ("partly", ["yes", "no"])],
)
def test_half_an_answer_is_asked_back(text: str, labels: list[str]) -> None:
    assert [each.label for each in asked(text, MIGRANTS).suggestions] == labels


def test_neither_yes_nor_no_is_refused() -> None:
    assert problem("maybe", MIGRANTS) is Problem.NOT_YES_NOR_NO
    assert asked("no idea", MIGRANTS).need is Need.REASON


def test_text_is_kept_as_it_was_written_but_for_what_cannot_be_seen() -> None:
    answer = reply("  We merged two registers.\r\n\r\n- one\n- two \u200b\x00", PROGRESS)
    assert answer.text == "We merged two registers.\n\n- one\n- two"
    assert reply("No data was the problem", PROGRESS).text == "No data was the problem"
    assert reply("38.8 2020 VHLSS", PROGRESS).text == "38.8 2020 VHLSS"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "yes",
            "No",
            "NO.",
            "y",
            "n",
            "Yes!",
            "ok",
            "OK.",
            "okay",
            "fine",
            "Fine, ",
            "good",
            "sure",
            "tidak",
            "ya",
            "ใช่",
        ),
        *("x", "a.", "7", "?!", "👍", "…", "ក", "無"),
    ],
)
def test_a_word_that_says_nothing_is_no_text(text: str) -> None:
    assert problem(text, PROGRESS) is Problem.NO_SENTENCE


@pytest.mark.parametrize(
    "text",
    [
        *("No progress", "Yes, the law passed", "No, the law waits", "no change in the law", "None", "Fine progress"),
        *("OK: two clinics opened", "No. The budget was cut.", "12 clinics", "UBI", "Law 5", "ไม่มีความคืบหน้า"),
    ],
)
def test_a_short_text_that_says_something_is_kept(text: str) -> None:
    assert reply(text, PROGRESS).text == text


def test_a_text_can_be_not_available() -> None:
    assert asked("n/a", PROGRESS).need is Need.REASON
    assert asked("-", PROGRESS).need is Need.REASON
    assert reply("n/a: no steps were taken", PROGRESS).note == "no steps were taken"
    assert reply("- one step", PROGRESS).text == "- one step"


def test_3000_signs_are_kept_and_one_more_is_refused_with_what_fits() -> None:
    assert len(reply("x" * 3000, PROGRESS).text or "") == 3000
    assert problem("x" * 3001, PROGRESS) is Problem.TOO_LONG
    assert problem("n/a: " + "x" * 1001, PROGRESS) is Problem.TOO_LONG
