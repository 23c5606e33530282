"""What holds for whatever a person writes."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.formats import Indicator
from bot.reading import AskBack, Draft, Need, Reply, Suggestion, Unreadable, lines, phrase, plain, read, write
from db.vocabulary import Availability, Kind
from tests.unit.reading.questions import EDITION, EVERY_KIND, HOUSEHOLDS, POVERTY, TODAY

ZEROS = [chr(point) for point in range(0x110000) if unicodedata.decimal(chr(point), None) == 0]
WORDS = st.sampled_from(
    [
        "38.8",
        "38,8",
        "1,234",
        "1.234",
        "12",
        "2020",
        "2563",
        "2031",
        "2019/20",
        "2020-12",
        "%",
        "percent",
        "about",
        "~",
        "n/a",
        "-",
        "(",
        ")",
        ",",
        ";",
        ":",
        "note:",
        "source:",
        "from",
        "in",
        "VHLSS",
        "NSO",
        "round",
        "SI.POV.NAHC",
        "none",
        "yes",
        "no",
        "national",
        "natoinal",
        "operational",
        "because",
        "no data",
        "more than",
        "million",
        "1e5",
        "3/4",
        "๓๘.๘",
        "ปี๒๕๖๓",
        "households",
        "\n",
        "\t",
        "|",
        "“",
        "”",
        "gini_index",
        "progress_made",
        "portability",
        "same",
        "estimate",
        "the",
        "=",
        "0",
    ]
)
MESSAGES = st.one_of(
    st.text(max_size=60),
    st.lists(WORDS, max_size=9).map(" ".join),
    st.lists(WORDS, max_size=9).map("".join),
    st.text(alphabet="0123456789.,'% -/()eE+~<>:;\n", max_size=30),
    st.text(alphabet=st.characters(categories=["Nd", "Zs", "Cf", "Po", "Lo", "Mn"]), max_size=20),
)
QUESTIONS = st.sampled_from(EVERY_KIND)


def in_bounds(number: Decimal | None, indicator: Indicator) -> bool:
    if number is None:
        return True
    assert indicator.minimum is not None
    assert indicator.maximum is not None
    whole = indicator.kind is not Kind.INTEGER or number == number.to_integral_value()
    return indicator.minimum <= number <= indicator.maximum and whole


def sound(outcome: Reply | AskBack, indicator: Indicator) -> None:
    """Nothing that must not be stored, wherever in the outcome it stands."""
    held: list[Reply | Draft] = [outcome if isinstance(outcome, Reply) else outcome.draft]
    while held:
        each = held.pop()
        assert in_bounds(each.number, indicator)
        assert each.year is None or 1950 <= each.year <= TODAY.year + 10
        assert each.source is None or (any(map(str.isalpha, each.source)) and len(each.source) <= 300)
        assert each.source is None or each.source == " ".join(each.source.split())
        for text in (each.text, each.source, each.note):
            (text or "").encode()
            assert "\x00" not in (text or "")
        if isinstance(each, Draft):
            held.extend(suggestion.leads_to for suggestion in each.suggestions)
        else:
            whole(each, indicator)


def whole(reply: Reply, indicator: Indicator) -> None:
    if reply.availability is Availability.NOT_AVAILABLE:
        assert reply.note
        assert (reply.number, reply.text, reply.year, reply.source) == (None, None, None, None)
    elif indicator.numeric:
        assert reply.number is not None
        assert reply.year is not None
        assert reply.source
    else:
        assert reply.text
        assert (reply.number, reply.year, reply.source) == (None, None, None)
    if indicator.kind is Kind.CHOICE and reply.text:
        assert reply.text in {option.code for option in indicator.choices}
    if indicator.kind is Kind.YES_NO:
        assert reply.text in (None, "yes", "no")


@given(text=MESSAGES, indicator=QUESTIONS)
@example(text="38,2020", indicator=POVERTY)
@example(text="2020,38", indicator=HOUSEHOLDS)
@settings(max_examples=1500, deadline=None)
def test_reading_raises_only_its_own_refusal_and_gives_nothing_unsound(text: str, indicator: Indicator) -> None:
    try:
        outcome = read(text, indicator, today=TODAY)
    except Unreadable as refused:
        assert len(str(refused.facts["wrote"])) <= 120
        return
    sound(outcome, indicator)
    if isinstance(outcome, Reply):
        assert read(write(outcome, indicator), indicator, today=TODAY) == outcome


@given(messages=st.lists(MESSAGES, min_size=2, max_size=5), indicator=QUESTIONS)
@settings(max_examples=800, deadline=None)
def test_a_conversation_of_any_messages_stays_sound_and_survives_the_database(
    messages: list[str], indicator: Indicator
) -> None:
    draft: Draft | None = None
    for text in messages:
        try:
            outcome = read(text, indicator, draft=draft, today=TODAY)
        except Unreadable:
            continue
        sound(outcome, indicator)
        if isinstance(outcome, Reply):
            assert Reply.from_json(json.loads(json.dumps(outcome.to_json()))) == outcome
            assert read(write(outcome, indicator), indicator, today=TODAY) == outcome
            return
        draft = Draft.from_json(json.loads(json.dumps(outcome.draft.to_json())))
        assert draft == outcome.draft


NUMBERS = st.decimals(min_value=0, max_value=100, places=13, allow_nan=False, allow_infinity=False)
SOURCES = st.text(alphabet="abcXYZ ΩñกខÀ019.-/&", min_size=1, max_size=40).map(
    lambda text: "S" + " ".join(text.split()) + "v"
)


@given(number=NUMBERS, year=st.integers(1950, TODAY.year + 10), source=SOURCES, estimate=st.booleans())
@settings(max_examples=300, deadline=None)
def test_every_number_that_is_printed_is_read_again(number: Decimal, year: int, source: str, estimate: bool) -> None:
    availability = Availability.ESTIMATE if estimate else Availability.GIVEN
    answer = Reply(availability, number=number, year=year, source=source)
    again = read(write(answer, POVERTY), POVERTY, today=TODAY)
    assert again == answer
    assert isinstance(again, Reply)
    assert str(again.number) == str(number.copy_abs())


@given(number=st.integers(0, 10**9), year=st.integers(1950, TODAY.year + 10))
def test_every_count_that_is_printed_is_read_again(number: int, year: int) -> None:
    answer = Reply(Availability.GIVEN, number=Decimal(number), year=year, source="NSO round 2")
    assert read(write(answer, HOUSEHOLDS), HOUSEHOLDS, today=TODAY) == answer


@pytest.mark.parametrize("indicator", EVERY_KIND, ids=lambda each: each.kind)
def test_every_other_answer_that_is_printed_is_read_again(indicator: Indicator) -> None:
    answers = [Reply(Availability.NOT_AVAILABLE, note="no survey (this year): it is late")]
    if indicator.kind is Kind.CHOICE:
        answers += [
            Reply(Availability.GIVEN, text=each.code, note=note)
            for each in indicator.choices
            for note in (None, "by law 5")
        ]
    if indicator.kind is Kind.YES_NO:
        answers += [
            Reply(Availability.GIVEN, text=text, note=note) for text in ("yes", "no") for note in (None, "since May")
        ]
    if indicator.kind is Kind.TEXT:
        answers += [Reply(Availability.GIVEN, text="One line.\nAnd (another): 38.8 % of it, yes.")]
    for answer in answers:
        assert read(write(answer, indicator), indicator, today=TODAY) == answer


@given(
    text=st.text(alphabet="0123456789., %~", min_size=1, max_size=20), zero=st.sampled_from(ZEROS), indicator=QUESTIONS
)
@settings(max_examples=500, deadline=None)
def test_digits_of_every_script_are_read_like_ascii_digits(text: str, zero: str, indicator: Indicator) -> None:
    foreign = "".join(chr(ord(zero) + int(sign)) if sign.isdigit() else sign for sign in text)

    def outcome(written: str) -> object:
        try:
            read_as = read(written, indicator, today=TODAY)
        except Unreadable as refused:
            return refused.problem
        if indicator.kind is Kind.TEXT:
            return type(read_as)
        return read_as if isinstance(read_as, Reply) else read_as.draft

    assert outcome(foreign) == outcome(text)


@given(text=st.one_of(MESSAGES, st.lists(MESSAGES, max_size=4).map("\n".join)))
@settings(max_examples=800, deadline=None)
def test_lines_phrases_and_plain_never_raise(text: str) -> None:
    for line in lines(text, EDITION.indicators, today=TODAY) or []:
        if isinstance(line.outcome, Reply | AskBack):
            assert line.indicator is not None
            sound(line.outcome, line.indicator)
    phrase(text)
    plain(text)


@given(year=st.integers(0, 9999), today=st.dates(date(1960, 1, 1), date(2100, 1, 1)))
def test_no_year_more_than_ten_years_ahead_is_ever_taken(year: int, today: date) -> None:
    try:
        outcome = read(f"38.8 {year:04} NSO", POVERTY, today=today)
    except Unreadable:
        return
    taken = outcome.year if isinstance(outcome, Reply) else outcome.draft.year
    assert taken is None or (taken == year and 1950 <= year <= today.year + 10)


def test_a_draft_in_a_draft_survives_the_database() -> None:
    inner = Draft(
        Need.WHICH_YEAR, number=Decimal("1.50"), suggestions=(Suggestion("2020", Draft(Need.SOURCE, year=2020)),)
    )
    draft = Draft(Need.WHICH_NUMBER, suggestions=(Suggestion("1.50", inner),))
    again = Draft.from_json(json.loads(json.dumps(draft.to_json())))
    assert again == draft
    assert str(again.suggestions[0].leads_to.number) == "1.50"


def test_a_very_long_message_is_read_quickly() -> None:
    for text in (
        "1" * 3000,
        "1," * 1500,
        "(" * 3000,
        "38.8 " * 600,
        "- " * 1500,
        "a_b " * 750,
        "1 234 " * 500,
        "n/a " * 700,
    ):
        for indicator in EVERY_KIND:
            try:
                read(text, indicator, today=TODAY)
            except Unreadable:
                continue
