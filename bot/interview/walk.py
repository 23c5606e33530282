"""Where the conversation goes next. Pure: questions and answers in, a place out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.formats import QuestionSet
from db.queries.assessments import Given
from db.vocabulary import Availability, Stage


@dataclass(frozen=True)
class Place:
    """What to ask: a section as a whole, one question, or nothing more (the review)."""

    stage: Stage
    section: str | None = None
    indicator: str | None = None


REVIEW = Place(Stage.REVIEW)


def next_place(
    questions: QuestionSet,
    touched: Collection[str],
    *,
    after: str | None,
    known: Collection[str],
) -> Place:
    """The next thing to ask.

    Args:
        questions: all questions, in order.
        touched: what has an answer so far, or was skipped, or is with a contributor.
        after: go on behind this question; None begins at the top.
        known: questions that have an answer from an earlier cycle.
    """
    codes = [indicator.code for indicator in questions.indicators]
    start = codes.index(after) + 1 if after in codes else 0
    untouched = [code for code in codes[start:] if code not in touched] or [c for c in codes if c not in touched]
    if not untouched:
        return REVIEW
    section = questions.section_of(untouched[0])
    inside = [indicator.code for indicator in section.indicators]
    fresh = not any(code in touched for code in inside)
    if fresh and len(inside) > 1 and any(code in known for code in inside):
        return Place(Stage.SECTION, section.letter)
    return question(questions, untouched[0])


def question(questions: QuestionSet, code: str) -> Place:
    """One question as a place."""
    return Place(Stage.VALUE, questions.section_of(code).letter, code)


def before(questions: QuestionSet, place: Place) -> Place:
    """One step back: the question before this one, answered or not; at the top it stays."""
    codes = [indicator.code for indicator in questions.indicators]
    if place.stage is Stage.REVIEW:
        return question(questions, codes[-1])
    if place.indicator is None:
        first = next(section for section in questions.sections if section.letter == place.section).indicators[0].code
        at = codes.index(first)
    else:
        at = codes.index(place.indicator)
    return question(questions, codes[max(0, at - 1)])


def first_missing(questions: QuestionSet, standing: Mapping[str, Given], but: Collection[str] = ()) -> str | None:
    """The first required question that has no answer, but for some."""
    for indicator in questions.required:
        if indicator.code in but:
            continue
        answer = standing.get(indicator.code)
        if answer is None or answer.availability is Availability.SKIPPED:
            return indicator.code
    return None
