"""Where the conversation goes next: it ends, asks nothing twice, leaves nothing out, and goes back one step."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import editions
from bot.formats import QuestionSet
from bot.interview import walk
from bot.interview.walk import REVIEW, Place
from db.models import Answer
from db.vocabulary import Availability, QuestionSetCode, Stage, Via

SETS = {code: editions.edition("common-1").question_set(code) for code in QuestionSetCode}
FULL = SETS[QuestionSetCode.FULL]
CODES = [indicator.code for indicator in FULL.indicators]
NOW = datetime(2026, 11, 2, tzinfo=UTC)

question_sets = st.sampled_from(list(SETS.values()))
availabilities = st.sampled_from(list(Availability))


def answer(code: str, availability: Availability = Availability.GIVEN) -> Answer:
    return Answer(indicator=code, availability=availability, said_at=NOW, via=Via.SLACK)


@st.composite
def talks(draw: st.DrawFn) -> tuple[QuestionSet, dict[str, Answer], set[str], str | None]:
    """A question set, some answers of it, what is known from earlier, and where we come from."""
    questions = draw(question_sets)
    codes = [indicator.code for indicator in questions.indicators]
    given_now = draw(st.dictionaries(st.sampled_from(codes), availabilities))
    known = draw(st.sets(st.sampled_from(codes)))
    after = draw(st.sampled_from([None, "not_in_this_set", *codes]))
    return questions, {code: answer(code, how) for code, how in given_now.items()}, known, after


@given(talks())
def test_an_answered_question_is_never_asked_again(talk: tuple[QuestionSet, dict[str, Answer], set[str], str]) -> None:
    questions, standing, known, after = talk
    place = walk.next_place(questions, standing, after=after, known=known)
    if place == REVIEW:
        assert set(standing) == {indicator.code for indicator in questions.indicators}
    elif place.stage is Stage.SECTION:
        section = next(each for each in questions.sections if each.letter == place.section)
        inside = {indicator.code for indicator in section.indicators}
        assert place.indicator is None
        assert not inside & set(standing), "a section as a whole is offered only while nothing in it is answered"
        assert inside & known, "and only where something is known from last time"
        assert len(inside) > 1
    else:
        assert place.indicator not in standing
        assert place == walk.question(questions, place.indicator or "")


@given(talks(), st.data())
def test_whatever_is_answered_in_whatever_order_it_ends_and_leaves_nothing_out(
    talk: tuple[QuestionSet, dict[str, Answer], set[str], str], data: st.DataObject
) -> None:
    questions, standing, known, after = talk
    visited: list[str] = []
    for _ in range(2 * len(questions.indicators) + 1):
        place = walk.next_place(questions, standing, after=after, known=known)
        if place == REVIEW:
            break
        section = next(each for each in questions.sections if each.letter == place.section)
        inside = [indicator.code for indicator in section.indicators]
        if place.stage is Stage.SECTION and data.draw(st.booleans(), label="the whole section at once"):
            taken = inside
        else:
            taken = [place.indicator or inside[0]]
        for code in taken:
            assert code not in visited
            visited.append(code)
            standing[code] = answer(code, data.draw(availabilities))
        after = taken[-1]
    else:
        raise AssertionError("the conversation never ends")
    assert set(standing) == {indicator.code for indicator in questions.indicators}


@given(talks())
def test_behind_a_question_the_next_open_one_comes_first(
    talk: tuple[QuestionSet, dict[str, Answer], set[str], str],
) -> None:
    questions, standing, _, after = talk
    codes = [indicator.code for indicator in questions.indicators]
    place = walk.next_place(questions, standing, after=after, known=())
    behind = codes[codes.index(after) + 1 :] if after in codes else codes
    expected = next((code for code in behind if code not in standing), None) or next(
        (code for code in codes if code not in standing), None
    )
    assert place.indicator == expected


@given(question_sets, st.data())
def test_back_is_one_step_and_stays_at_the_top(questions: QuestionSet, data: st.DataObject) -> None:
    codes = [indicator.code for indicator in questions.indicators]
    code = data.draw(st.sampled_from(codes))
    before = walk.before(questions, walk.question(questions, code))
    assert before.stage is Stage.VALUE
    assert codes.index(before.indicator or "") == max(0, codes.index(code) - 1)


@pytest.mark.parametrize("questions", list(SETS.values()), ids=list(SETS))
def test_back_from_everywhere_reaches_the_first_question(questions: QuestionSet) -> None:
    codes = [indicator.code for indicator in questions.indicators]
    place = REVIEW
    seen = []
    for _ in codes:
        place = walk.before(questions, place)
        seen.append(place.indicator)
    assert seen == list(reversed(codes))
    assert walk.before(questions, place) == place


@pytest.mark.parametrize("section", FULL.sections, ids=lambda section: section.letter)
def test_back_from_a_section_as_a_whole_is_the_question_before_it(section) -> None:  # type: ignore[no-untyped-def]
    at = CODES.index(section.indicators[0].code)
    assert walk.before(FULL, Place(Stage.SECTION, section.letter)).indicator == CODES[max(0, at - 1)]


@given(talks())
def test_what_is_missing_is_required_and_unanswered(talk: tuple[QuestionSet, dict[str, Answer], set[str], str]) -> None:
    questions, standing, _, _ = talk
    required = [indicator.code for indicator in questions.required]
    unanswered = [
        code for code in required if code not in standing or standing[code].availability is Availability.SKIPPED
    ]
    assert walk.first_missing(questions, standing) == (unanswered[0] if unanswered else None)
