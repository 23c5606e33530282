""" "Away until 3 May": what is a leave, what is asked back, and what is none; the day is Monday, 2 November 2026."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading import Away, Back, LeaveProblem, Unclear, about_leave
from bot.reading.leave import LONGEST_LEAVE

TODAY = date(2026, 11, 2)


def d(month: int, day: int, year: int = 2026) -> date:
    return date(year, month, day)


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("away until 3 December", TODAY, d(12, 3)),
        ("Away until 3 Dec.", TODAY, d(12, 3)),
        ("AWAY TILL 3RD OF DECEMBER", TODAY, d(12, 3)),
        ("I'm away until Dec 3rd, 2026", TODAY, d(12, 3)),
        ("I’m on leave up to and including 3 December", TODAY, d(12, 3)),
        ("I am away from 28 November to 3 December", d(11, 28), d(12, 3)),
        ("on annual leave from 28/11 to 3/12", d(11, 28), d(12, 3)),
        ("on leave 11/28 - 12/3", d(11, 28), d(12, 3)),
        ("on leave 28/11-3/12", d(11, 28), d(12, 3)),
        ("on leave 2026-11-28 until 2026-12-03", d(11, 28), d(12, 3)),
        ("on leave till Friday", TODAY, d(11, 6)),
        ("on leave until this coming Friday", TODAY, d(11, 6)),
        ("away until Friday 6 November", TODAY, d(11, 6)),
        ("out of office 3-10 December", d(12, 3), d(12, 10)),
        ("out of the office between 3 and 10 December 2026", d(12, 3), d(12, 10)),
        ("OOO Dec 3-10", d(12, 3), d(12, 10)),
        ("on leave 28 Dec - 3 Jan", d(12, 28), d(1, 3, 2027)),
        ("away from 28 December to 3 January 2027", d(12, 28), d(1, 3, 2027)),
        ("on leave from 30 October to 5 November", d(10, 30), d(11, 5)),
        ("I will be back on 10 November", TODAY, d(11, 9)),
        ("on leave, back on Monday", TODAY, d(11, 8)),
        ("away today", TODAY, TODAY),
        ("I am away tomorrow", d(11, 3), d(11, 3)),
        ("on leave from tomorrow until Friday", d(11, 3), d(11, 6)),
        ("I am on sick leave for three days", TODAY, d(11, 4)),
        ("away for 2 weeks", TODAY, d(11, 15)),
        ("away next week", d(11, 9), d(11, 15)),
        ("I'm away until the 13th", TODAY, d(11, 13)),
        ("away until the end of November", TODAY, d(11, 30)),
        ("on leave until end of month", TODAY, d(11, 30)),
        ("Hello, please note that I will be on mission from 9 to 12 November. Thank you", d(11, 9), d(11, 12)),
        ("I am travelling until 12 Nov", TODAY, d(11, 12)),
        ("I am gone until 12 November. Best regards, Siti Rahmadani", TODAY, d(11, 12)),
        ("away (until 5 Nov)", TODAY, d(11, 5)),
        ("away until 13/11", TODAY, d(11, 13)),
        ("away until 11/11", TODAY, d(11, 11)),
        ("away\u00a0until ３ December", TODAY, d(12, 3)),
        ("I am on maternity leave from 1 December 2026 to 28 February 2027", d(12, 1), d(2, 28, 2027)),
    ],
)
def test_a_leave(text: str, starts: date, ends: date) -> None:
    found = about_leave(text, TODAY)
    assert isinstance(found, Away), found
    assert (found.starts, found.ends) == (starts, ends)
    assert found.by_name is text.casefold().replace("hello, please note that ", "").startswith(("i ", "i'", "i’"))


@pytest.mark.parametrize(
    ("text", "problem", "options"),
    [
        ("I am away until 3/12", LeaveProblem.AMBIGUOUS, [(TODAY, d(12, 3)), (TODAY, d(3, 12, 2027))]),
        ("away 3.5.2027", LeaveProblem.AMBIGUOUS, [(d(5, 3, 2027), d(5, 3, 2027)), (d(3, 5, 2027), d(3, 5, 2027))]),
        ("away until next Friday", LeaveProblem.AMBIGUOUS, [(TODAY, d(11, 6)), (TODAY, d(11, 13))]),
        ("away until 3 May", LeaveProblem.FAR, [(TODAY, d(5, 3, 2027))]),
        ("away until 1 November", LeaveProblem.FAR, [(TODAY, d(11, 1, 2027))]),
        ("away until 1 November 2026", LeaveProblem.PAST, []),
        ("away until 2026-11-01", LeaveProblem.PAST, []),
        ("away until yesterday", LeaveProblem.PAST, []),
        ("I was away yesterday", None, []),
        ("Absent the day before yesterday", LeaveProblem.PAST, []),
        ("away until last Friday", LeaveProblem.PAST, []),
        ("on leave last week", LeaveProblem.PAST, []),
        ("on leave from last Monday to yesterday", LeaveProblem.PAST, []),
        ("I was on leave until 5 November", None, []),
        ("away from 20 November to 10 November 2026", LeaveProblem.ORDER, []),
        ("away until 3 May 2029", LeaveProblem.TOO_LONG, []),
        ("away until Thursday 6 November", LeaveProblem.WEEKDAY, [(TODAY, d(11, 6))]),
        ("away until Monday 6 November", LeaveProblem.WEEKDAY, [(TODAY, d(11, 6))]),
        ("away until 31 November", LeaveProblem.NO_SUCH_DAY, []),
        ("I am away", LeaveProblem.NO_END, []),
        ("On leave", LeaveProblem.NO_END, []),
        ("away from 5 December", LeaveProblem.NO_END, []),
        ("I am on leave until the minister decides", LeaveProblem.UNREADABLE, []),
        ("I am away until 45 December", LeaveProblem.NO_SUCH_DAY, []),
    ],
)
def test_what_is_not_clear_is_asked_back(
    text: str, problem: LeaveProblem | None, options: list[tuple[date, date]]
) -> None:
    found = about_leave(text, TODAY)
    if problem is None:
        assert found is None
        return
    assert isinstance(found, Unclear), found
    assert (found.problem, list(found.options)) == (problem, options)


@pytest.mark.parametrize(
    "text",
    [
        *("I am back", "i'm back.", "I’m back at work", "I am back in the office", "I am now back", "im back again"),
        *(
            "Hello, I am back. Thanks",
            "I have returned from leave",
            "I have returned",
            "I am no longer away",
            "back at work",
        ),
        "back from leave",
    ],
)
def test_somebody_is_back(text: str) -> None:
    assert about_leave(text, TODAY) == Back()


ORDINARY = [
    "back",
    "away",
    "Away from the capital, the programme reached more families until 3 December",
    "Away from universal subsidies, towards targeted support from 2024",
    "away from means testing",
    "Out of 38.8 million people, 3 million were reached until 2025",
    "out 38.8 2020",
    "off 3.5",
    "On leave benefits: maternity leave was extended from 12 to 14 weeks in 2024",
    "on maternity leave policy: until 2023 it was 90 days",
    "Leave until 2026",
    "Maternity leave was extended until 3 May 2024",
    "Sick leave for 2 weeks",
    "The programme is for families until 3 December, with regards to the law",
    "not available until 12 November",
    "not available",
    "The statistician is on leave until 3 December",
    "The minister is away until 3 December",
    "We expect the law until 3 December 2026",
    "until 3 December",
    "3 December 2026",
    "38.8 2020 VHLSS",
    "I am responsible for the programme until December",
    "I am the focal point until 3 December",
    "I am back-checking the figures",
    "We are out of funds until 2027 because of the floods",
    "absent data since 2020",
    "On leave - see note 2020",
    "on holiday pay: see 3 May 2024 decree",
    "out of office buildings we run 30 shelters",
    "",
    " ",
    "…",
    "👍",
    "away until " * 30,
]


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_answer_is_no_leave(text: str) -> None:
    found = about_leave(text, TODAY)
    assert found is None or (isinstance(found, Unclear) and found.by_name and not found.options)


VOCABULARY = """
the programme reached families until December 2026 away from poverty on leave back office I we are 3 May 12 law decree
support maternity for of in and to was extended weeks people covered survey SUSENAS 38.8 % benefits minister ministry
is been has region village floods funds
"""
WORDS = st.sampled_from(VOCABULARY.split())


@given(st.lists(WORDS, min_size=9, max_size=25).map(" ".join))
def test_a_sentence_that_tells_something_is_never_taken(text: str) -> None:
    """More words than a leave needs: whatever they are, no leave is noted from them."""
    assert not isinstance(about_leave(f"The programme {text}", TODAY), Away | Back)
    assert not isinstance(about_leave(f"{text} in the villages of the region", TODAY), Away | Back)


@given(st.text(max_size=200), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_whatever_is_written_it_is_read_or_not(text: str, today: date) -> None:
    for wild in (text, f"away until {text}", f"I am away from {text} to {text}"):
        found = about_leave(wild, today)
        if isinstance(found, Away):
            assert found.starts <= found.ends and today <= found.ends
            assert found.ends - max(found.starts, today) <= LONGEST_LEAVE


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(0, 90), st.integers(0, 30))
def test_written_days_are_read_back(today: date, ahead: int, length: int) -> None:
    starts = today + timedelta(days=ahead)
    ends = starts + timedelta(days=length)
    for form in ("%-d %B %Y", "%Y-%m-%d", "%B %-d, %Y", "%A %-d %b %Y", "%-d %B"):
        found = about_leave(f"I am on leave from {starts.strftime(form)} to {ends.strftime(form)}", today)
        assert isinstance(found, Away), (form, found)
        assert (found.starts, found.ends) == (starts, ends)
        found = about_leave(f"away until {ends.strftime(form)}", today)
        if isinstance(found, Unclear):
            assert found.problem is LeaveProblem.FAR and form == "%-d %B" and found.options == ((today, ends),)
        else:
            assert found == Away(today, ends, by_name=False)
