"""A text under way to be read as a number: its pieces, and which of them belong together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.formats import Indicator
from bot.reading.numbers import readings, within
from bot.reading.tokens import Sort, Token, scan
from bot.reading.years import span
from db.vocabulary import Kind


@dataclass(frozen=True)
class Figure:
    """A text under way: its pieces and what is known around them."""

    text: str
    tokens: list[Token]
    indicator: Indicator
    today: date

    @property
    def numbers(self) -> list[Token]:
        """The pieces that are numbers, years included."""
        return [token for token in self.tokens if token.sort is Sort.NUMBER]

    @cached_property
    def first_word(self) -> int:
        """Where the first word stands, or the end of the text."""
        return next((token.start for token in self.tokens if token.sort is Sort.WORD), len(self.text))

    def run(self, token: Token) -> list[Token]:
        """The pieces around this one, up to the words on both sides."""
        at = self.tokens.index(token)
        low = max((i for i, each in enumerate(self.tokens[:at]) if each.sort is Sort.WORD), default=-1)
        high = next((at + i for i, each in enumerate(self.tokens[at:]) if each.sort is Sort.WORD), len(self.tokens))
        return self.tokens[low + 1 : high]


def pieces_of(text: str, indicator: Indicator, *, months: bool = False) -> list[Token]:
    """The pieces of the text; a number and a year that a comma joins are two."""
    tokens = scan(text, unit=indicator.unit, months=months, count=indicator.kind is Kind.INTEGER)
    return [piece for token in tokens for piece in _split_at_year(token, indicator)]


def _split_at_year(token: Token, indicator: Indicator) -> list[Token]:
    """`38.8,2020` is a value and a year where it cannot be one number."""
    if token.sort is not Sort.NUMBER or "," not in token.text:
        return [token]
    if any(within(value, indicator) for value in readings(token.text, indicator)[0]):
        return [token]
    ways = cuts(token)
    return list(ways[0]) if ways else [token]


def cuts(token: Token) -> list[tuple[Token, Token]]:
    """The ways to cut a number at a comma that has a year on one side and a number on the other."""
    cuts: list[tuple[Token, Token]] = []
    for match in re.finditer(r",(?=\d{4}$)|(?<=^\d{4}),", token.text):
        left, right = token.text[: match.start()], token.text[match.end() :]
        middle = token.end - len(right)
        pair = (Token(Sort.NUMBER, token.start, middle - 1, left), Token(Sort.NUMBER, middle, token.end, right))
        if any(each.year for each in pair) and all(re.fullmatch(r"-?[\d.,' ]*\d", each.text) for each in pair):
            cuts.append(pair)
    return cuts


def is_year(token: Token) -> bool:
    """Whether the piece is a year, a date or a span of years."""
    return token.year or token.sort in (Sort.DATE, Sort.SPAN)


def around(figure: Figure, token: Token) -> list[Token]:
    """The value's piece and those that belong to it: about, %, unit, (estimate)."""
    at = figure.tokens.index(token)
    used = [token]
    for each in reversed(figure.tokens[:at]):
        if each.sort not in (Sort.APPROX, Sort.BOUND, Sort.MARK):
            break
        if each.sort is not Sort.MARK:
            used.insert(0, each)
    for each in figure.tokens[at + 1 :]:
        if each.sort not in (Sort.PERCENT, Sort.UNIT, Sort.ESTIMATE, Sort.MARK):
            break
        if each.sort is not Sort.MARK:
            used.append(each)
    return used


def years_of(token: Token, today: date) -> tuple[int, ...]:
    """The years that the piece can mean, as they were written."""
    if token.sort is Sort.SPAN:
        first, second = re.split(r"\D+", token.text, maxsplit=1)
        return span(int(first), second, today) or (int(first),)
    if token.sort is Sort.DATE:
        return tuple(int(part) for part in re.findall(r"\d{4}", token.text))[:1]
    return (int(token.text),)


def at_edge(figure: Figure, token: Token) -> bool:
    """Whether no word follows this year, or none stands before it: inside words it belongs to the source."""
    at = figure.tokens.index(token)
    before = any(each.sort is Sort.WORD for each in figure.tokens[:at])
    after = any(each.sort is Sort.WORD for each in figure.tokens[at + 1 :])
    return not (before and after)
