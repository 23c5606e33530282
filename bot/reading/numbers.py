"""Numbers as people write them, as exact decimals. What can be read in two ways is given back as two readings."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.formats import Indicator
from bot.reading.answers import Expected, Problem, Unreadable
from db.vocabulary import Kind

MOST_DIGITS = 40
EXAMPLES = {
    Kind.PERCENT: "38.8 2020 household survey",
    Kind.NUMBER: "38.8 2020 household survey",
    Kind.INTEGER: "4 2020 ministry records",
    Kind.YES_NO: "yes",
    Kind.TEXT: "We merged two registers.",
}


def example(indicator: Indicator) -> str:
    """An answer to this question as a person would type it."""
    if indicator.kind is Kind.CHOICE:
        return indicator.choices[-1].title
    return EXAMPLES[indicator.kind]


def refuse(problem: Problem, indicator: Indicator, wrote: str, **facts: object) -> Unreadable:
    """The refusal of an answer to this question."""
    return Unreadable(
        expected=Expected(indicator.kind), problem=problem, wrote=wrote, example=example(indicator), **facts
    )


def readings(literal: str, indicator: Indicator) -> tuple[tuple[Decimal, ...], bool]:
    """What a number written in ASCII digits, with its separators, can mean for this question.

    Args:
        literal: digits with `.`, `,`, `'` and spaces between them, perhaps a sign before them.

    Returns:
        The readings (none where the separators make no sense), and whether it is certain that the first was meant.
        `1,234` is one thousand two hundred and thirty-four for a whole number; for a percent or an index the comma
        may be a decimal one, so it is not certain. `1.234` for a whole number is not certain either.
    """
    sign = "-" if literal.startswith("-") else ""
    body = literal.lstrip("+- ")
    whole = indicator.kind is Kind.INTEGER
    separators = re.sub(r"\d", "", body)
    if not separators:
        return (_decimal(sign + body),), True
    last = separators[-1]
    if last in ".," and separators.count(last) == 1:
        head, tail = body.rsplit(last, 1)
        groups = separators[:-1]
        if groups and not _grouped(head):
            return (), True
        as_decimal = _decimal(sign + (re.sub(r"\D", "", head) or "0") + "." + (tail or "0"))
        if groups or len(tail) != 3 or not re.fullmatch(r"[1-9]\d{0,2}", head):
            return (as_decimal,), True
        as_thousands = _decimal(sign + head + tail)
        if last == ",":
            return ((as_thousands,), True) if whole else ((as_decimal, as_thousands), False)
        return ((as_thousands, as_decimal), False) if whole else ((as_decimal,), True)
    return ((_decimal(sign + re.sub(r"\D", "", body)),), True) if _grouped(body) else ((), True)


def _grouped(text: str) -> bool:
    """Whether thousands are set apart by one and the same sign."""
    return re.fullmatch(r"[1-9]\d{0,2}(?:([.,' ])\d{3})(?:\1\d{3})*", text) is not None


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    return number if number else number.copy_abs()


def too_long(literal: str) -> bool:
    """Whether there are more digits than the database keeps exactly."""
    return sum(sign.isdigit() for sign in literal) > MOST_DIGITS


def within(number: Decimal, indicator: Indicator) -> bool:
    """Whether the number is one that this question can have."""
    if indicator.kind is Kind.INTEGER and not is_whole(number):
        return False
    low = indicator.minimum is None or number >= indicator.minimum
    return low and (indicator.maximum is None or number <= indicator.maximum)


def is_whole(number: Decimal) -> bool:
    """Whether nothing but zeros follows the point."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and (exponent >= 0 or number == number.to_integral_value())


def taken(number: Decimal, indicator: Indicator, wrote: str) -> Decimal:
    """The number as it is kept. Raises Unreadable where it is out of bounds or not whole."""
    if indicator.kind is Kind.INTEGER and not is_whole(number):
        raise refuse(Problem.NOT_WHOLE, indicator, wrote, number=number)
    if not within(number, indicator):
        raise refuse(
            *(Problem.OUT_OF_BOUNDS, indicator, wrote),
            **{"number": number, "minimum": indicator.minimum, "maximum": indicator.maximum},
        )
    return Decimal(int(number)) if indicator.kind is Kind.INTEGER else number


def spelled(number: Decimal) -> str:
    """The number in plain digits with a point: never an exponent, never a thousands separator."""
    return format(number, "f")
