"""What an edition of the format is: questions, sections, question sets; and what a member is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from bot.errors import NotFound
from db.vocabulary import Direction, Kind, QuestionSetCode

NUMERIC = frozenset({Kind.PERCENT, Kind.NUMBER, Kind.INTEGER})


class UnknownIndicator(NotFound):
    """The edition or the question set has no such question. Facts: what, named."""

    def __init__(self, code: str) -> None:
        super().__init__(what="indicator", named=code)


class UnknownQuestionSet(NotFound):
    """The edition has no such question set. Facts: what, named."""

    def __init__(self, code: str) -> None:
        super().__init__(what="question_set", named=code)


@dataclass(frozen=True)
class Option:
    """One of the ordered choices of a question."""

    code: str
    title: str


@dataclass(frozen=True)
class Indicator:
    """One question of the format. A value outside `minimum` and `maximum` (both included) is refused.

    Attributes:
        jump: a change from the last value by more than this, in the indicator's unit, is asked about.
        was: codes that earlier editions asked this question under; answers to them are answers to it.
        series: the code of the international series that it follows (SDG or WDI), for exports.
        own: a member added it for itself: shown with its answers, never compared.
    """

    code: str
    title: str
    question: str
    help: str
    kind: Kind
    unit: str | None
    minimum: Decimal | None
    maximum: Decimal | None
    choices: tuple[Option, ...]
    direction: Direction | None
    required: bool
    carry_forward: bool
    sector: str
    source: str | None
    floor: bool
    section: str
    jump: Decimal | None = None
    was: tuple[str, ...] = ()
    series: str | None = None
    own: bool = False

    @property
    def numeric(self) -> bool:
        """Whether the answer is a number, which then carries its reference year and its source."""
        return self.kind in NUMERIC

    def takes(self, number: Decimal | None, text: str | None) -> bool:
        """Whether an answer that was given to it before could be given now: within its bounds, one of its choices."""
        if number is not None:
            low, high = self.minimum, self.maximum
            return (low is None or number >= low) and (high is None or number <= high)
        return self.kind is not Kind.CHOICE or text is None or any(text == choice.code for choice in self.choices)


class RuleKind(StrEnum):
    """What a rule says of its numbers. `part`: none of `parts` is above `whole`. `sum`: `parts` together are not above
    `whole`. `total`: `parts` together are `whole`, but for `within`."""

    PART = "part"
    SUM = "sum"
    TOTAL = "total"


@dataclass(frozen=True)
class Rule:
    """How numbers of one assessment hang together. What does not fit is asked about and never refused.

    Attributes:
        parts: codes of numeric questions.
        whole: the code of a numeric question; None where `limit` stands in its place.
        within: how far from it a total may be.
        says: the rule in one sentence, for whoever is asked.
    """

    code: str
    kind: RuleKind
    parts: tuple[str, ...]
    whole: str | None
    limit: Decimal | None
    within: Decimal
    says: str


@dataclass(frozen=True)
class Section:
    """Questions that one sector usually knows, in the order in which they are asked."""

    letter: str
    title: str
    sectors: tuple[str, ...]
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class QuestionSet:
    """What one kind of cycle asks: the sections of the edition, cut to the questions of the set, in order."""

    code: QuestionSetCode
    title: str
    minutes: int
    sections: tuple[Section, ...]

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """All questions of the set, in the order in which they are asked."""
        return tuple(indicator for section in self.sections for indicator in section.indicators)

    @cached_property
    def required(self) -> tuple[Indicator, ...]:
        """The questions without which nothing can be submitted."""
        return tuple(indicator for indicator in self.indicators if indicator.required)

    @cached_property
    def _by_code(self) -> dict[str, Indicator]:
        return {indicator.code: indicator for indicator in self.indicators}

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def indicator(self, code: str) -> Indicator:
        """The question with this code. Raises UnknownIndicator."""
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownIndicator(code) from None

    def section_of(self, code: str) -> Section:
        """The section that holds the question with this code. Raises UnknownIndicator."""
        letter = self.indicator(code).section
        return next(section for section in self.sections if section.letter == letter)


@dataclass(frozen=True)
class Edition:
    """One edition of the format: all its questions, the sets in which they are asked, and the rules between them.

    Attributes:
        follows: the codes of the editions before it, the newest last: what is renamed and dropped is held against them.
        dropped: codes of questions of earlier editions that it asks no more.
    """

    code: str
    title: str
    sections: tuple[Section, ...]
    question_sets: Mapping[str, QuestionSet]
    rules: tuple[Rule, ...] = ()
    follows: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """All questions of the edition, in order."""
        return tuple(indicator for section in self.sections for indicator in section.indicators)

    @cached_property
    def _by_code(self) -> dict[str, Indicator]:
        return {indicator.code: indicator for indicator in self.indicators}

    def indicator(self, code: str) -> Indicator:
        """The question with this code. Raises UnknownIndicator."""
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownIndicator(code) from None

    def question_set(self, code: str) -> QuestionSet:
        """The question set with this code. Raises UnknownQuestionSet."""
        try:
            return self.question_sets[code]
        except KeyError:
            raise UnknownQuestionSet(code) from None


@dataclass(frozen=True)
class MemberData:
    """A member as the data file gives it: ISO 3166-1 codes, IANA zone, calendar of `holidays`, Babel locale."""

    code: str
    alpha2: str
    name: str
    zone: str
    calendar: str
    locale: str
