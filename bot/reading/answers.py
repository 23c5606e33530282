"""What reading gives back: a whole answer, a draft with what is still needed, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import cast

from bot.errors import Refusal
from db.vocabulary import Availability

LONGEST_TEXT = 3000
LONGEST_NOTE = 1000
LONGEST_SOURCE = 300
SHOWN = 120
EARLIEST = 1950  # the first reference year that is taken


class Need(StrEnum):
    """What is still missing from an answer that was understood in part."""

    VALUE = "value"
    YEAR_AND_SOURCE = "year_and_source"
    YEAR = "year"
    SOURCE = "source"
    REASON = "reason"
    WHICH_NUMBER = "which_number"
    WHICH_YEAR = "which_year"
    WHICH_CHOICE = "which_choice"


class Expected(StrEnum):
    """What the question, or the step of it, waits for."""

    PERCENT = "percent"
    NUMBER = "number"
    INTEGER = "integer"
    CHOICE = "choice"
    YES_NO = "yes_no"
    TEXT = "text"
    YEAR_AND_SOURCE = "year_and_source"
    YEAR = "year"
    SOURCE = "source"
    REASON = "reason"
    INDICATOR = "indicator"


class Problem(StrEnum):
    """Why something was not taken. Beside each: the facts that come with it, besides those that always come."""

    EMPTY = "empty"
    TOO_LONG = "too_long"  # maximum, length, kept
    NO_NUMBER = "no_number"
    SEVERAL_NUMBERS = "several_numbers"
    OUT_OF_BOUNDS = "out_of_bounds"  # number, minimum, maximum
    NOT_WHOLE = "not_whole"  # number
    PERCENT_NOT_WANTED = "percent_not_wanted"
    TOO_MANY_DIGITS = "too_many_digits"  # maximum
    ODD_SEPARATORS = "odd_separators"
    EXPONENT = "exponent"
    FRACTION = "fraction"
    MULTIPLIER = "multiplier"
    NO_YEAR = "no_year"
    YEAR_IN_FUTURE = "year_in_future"  # year; more than ten years ahead
    YEAR_TOO_EARLY = "year_too_early"  # year, earliest
    NO_SOURCE = "no_source"
    NO_REASON = "no_reason"
    NO_SUCH_CHOICE = "no_such_choice"  # choices: titles in order
    NOT_YES_NOR_NO = "not_yes_nor_no"
    NO_SENTENCE = "no_sentence"
    NOT_WITH_YOU = "not_with_you"  # a question outside a contributor's part
    UNKNOWN_INDICATOR = "unknown_indicator"  # near: the code that was perhaps meant, or None


@dataclass(frozen=True)
class Reply:
    """A whole answer.

    `text` is the code of a choice, "yes" or "no", or free text. `note` is the reason why a value is not available, or
    a remark to a given one. A number that was read carries both `year` and `source`.
    """

    availability: Availability
    number: Decimal | None = None
    text: str | None = None
    year: int | None = None
    source: str | None = None
    note: str | None = None

    def to_json(self) -> dict[str, object]:
        """Plain values for a JSON column; the number as text, so that it stays exact."""
        return {
            "availability": str(self.availability),
            "number": _number_out(self.number),
            "text": self.text,
            "year": self.year,
            "source": self.source,
            "note": self.note,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Reply:
        """What to_json wrote."""
        return cls(
            availability=Availability(str(data["availability"])),
            number=_number_in(data.get("number")),
            text=cast("str | None", data.get("text")),
            year=cast("int | None", data.get("year")),
            source=cast("str | None", data.get("source")),
            note=cast("str | None", data.get("note")),
        )


@dataclass(frozen=True)
class Suggestion:
    """One thing that may have been meant: what to write on the button, and where choosing it leads."""

    label: str
    leads_to: Reply | Draft

    def to_json(self) -> dict[str, object]:
        """Plain values for a JSON column."""
        key = "reply" if isinstance(self.leads_to, Reply) else "draft"
        return {"label": self.label, key: self.leads_to.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Suggestion:
        """What to_json wrote."""
        label = str(data["label"])
        if "reply" in data:
            return cls(label, Reply.from_json(cast("Mapping[str, object]", data["reply"])))
        return cls(label, Draft.from_json(cast("Mapping[str, object]", data["draft"])))


@dataclass(frozen=True)
class Draft:
    """What is understood so far, and what the next message should bring. Hand it to `read` with that message."""

    need: Need
    availability: Availability = Availability.GIVEN
    number: Decimal | None = None
    text: str | None = None
    year: int | None = None
    source: str | None = None
    note: str | None = None
    suggestions: tuple[Suggestion, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Plain values for a JSON column; the number as text, so that it stays exact."""
        return {
            "need": str(self.need),
            "availability": str(self.availability),
            "number": _number_out(self.number),
            "text": self.text,
            "year": self.year,
            "source": self.source,
            "note": self.note,
            "suggestions": [suggestion.to_json() for suggestion in self.suggestions],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Draft:
        """What to_json wrote."""
        listed = cast("list[Mapping[str, object]]", data.get("suggestions") or [])
        return cls(
            need=Need(str(data["need"])),
            availability=Availability(str(data["availability"])),
            number=_number_in(data.get("number")),
            text=cast("str | None", data.get("text")),
            year=cast("int | None", data.get("year")),
            source=cast("str | None", data.get("source")),
            note=cast("str | None", data.get("note")),
            suggestions=tuple(Suggestion.from_json(each) for each in listed),
        )


@dataclass(frozen=True)
class AskBack:
    """Understood in part. `problem` says why something in it was not taken (a year far ahead), if so."""

    draft: Draft
    problem: Problem | None = None
    wrote: str = ""

    @property
    def need(self) -> Need:
        """What the next message should bring."""
        return self.draft.need

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """What may have been meant; can be empty."""
        return self.draft.suggestions

    @property
    def facts(self) -> dict[str, object] | None:
        """What fills the words about `problem`, as Unreadable's facts do; None where nothing was refused."""
        if self.problem is None:
            return None
        year = int(self.wrote) if self.wrote.isdecimal() else self.wrote
        return {"problem": self.problem, "wrote": self.wrote, "year": year, "earliest": EARLIEST, "example": ""}


class Unreadable(Refusal):
    """Nothing of it can be taken. Facts: expected (Expected), example, wrote (cut to 120 signs), problem (Problem),
    and the facts named beside the problem."""

    def __init__(self, *, expected: Expected, problem: Problem, wrote: str, example: str = "", **facts: object) -> None:
        shown = wrote if len(wrote) <= SHOWN else wrote[: SHOWN - 1].rstrip() + "…"
        super().__init__(expected=expected, problem=problem, wrote=shown, example=example, **facts)

    @property
    def problem(self) -> Problem:
        """Why it was not taken."""
        return cast("Problem", self.facts["problem"])


def _number_out(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _number_in(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
