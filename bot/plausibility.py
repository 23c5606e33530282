"""What is unusual about a number, so that it can be asked about. Pure: numbers in, doubts out. Nothing is refused here.

A number is asked about where
- it lies further from the last accepted one than the format's `jump` of its question;
- it lies outside all earlier accepted ones, by more than their own range is wide and by more than half the jump: a row
  of numbers that moves on as it did before is not asked about, one that was always near the same is. It takes two
  earlier numbers that differ;
- its reference year is before that of the last accepted one, or has not come yet: people's words are read up to ten
  years ahead (bot/reading/years.py);
- it does not fit the other numbers of the same assessment by a rule of the format. Numbers of different reference
  years are not held against each other: what is true of one year need not be true across two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.formats import Indicator, Rule, RuleKind

HALF = Decimal("0.5")


class Why(StrEnum):
    """What is unusual. Beside each: what stands in the doubt besides the number and the year."""

    JUMP = "jump"  # last, change
    OUTSIDE = "outside"  # lowest, highest
    YEAR_BACK = "year_back"  # last
    YEAR_AHEAD = "year_ahead"
    RULE = "rule"  # rule


@dataclass(frozen=True)
class Figure:
    """A number with its reference year; of an earlier cycle with the code of that cycle."""

    number: Decimal
    year: int | None
    cycle: str = ""


@dataclass(frozen=True)
class Doubt:
    """One thing that is unusual about a number.

    Attributes:
        last: the last accepted number.
        change: how far it lies from that; more than 0 is up.
        lowest, highest: the ends of all earlier accepted numbers.
        rule: the rule that it does not fit.
    """

    why: Why
    last: Figure | None = None
    change: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    rule: Rule | None = None


def doubts(
    indicator: Indicator,
    now: Figure,
    earlier: Sequence[Figure],
    *,
    this_year: int,
    beside: Mapping[str, Figure],
    rules: Iterable[Rule] = (),
    but: Collection[str] = (),
) -> list[Doubt]:
    """What is unusual about a number; empty: nothing is.

    Args:
        earlier: the accepted numbers of the same question, the newest last.
        this_year: the year that it is for whoever answers.
        beside: the numbers of the same assessment, by question; this one may be among them.
        rules: those of the format.
        but: codes of rules that something else is asked about by already.
    """
    found: list[Doubt] = []
    if earlier:
        found += _against(indicator, now, earlier)
    if now.year is not None and now.year > this_year:
        found.append(Doubt(Why.YEAR_AHEAD))
    numbers = {**beside, indicator.code: now}
    found += [
        Doubt(Why.RULE, rule=rule)
        for rule in rules
        if rule.code not in but and indicator.code in members(rule) and not fits(rule, numbers)
    ]
    return found


def _against(indicator: Indicator, now: Figure, earlier: Sequence[Figure]) -> list[Doubt]:
    found: list[Doubt] = []
    last = earlier[-1]
    change = now.number - last.number
    lowest, highest = min(each.number for each in earlier), max(each.number for each in earlier)
    if indicator.jump is not None and abs(change) > indicator.jump:
        found.append(Doubt(Why.JUMP, last=last, change=change))
    width = highest - lowest
    margin = max(width, (indicator.jump or Decimal(0)) * HALF)
    if width and not lowest - margin <= now.number <= highest + margin:
        found.append(Doubt(Why.OUTSIDE, last=last, lowest=lowest, highest=highest))
    if now.year is not None and last.year is not None and now.year < last.year:
        found.append(Doubt(Why.YEAR_BACK, last=last))
    return found


def members(rule: Rule) -> tuple[str, ...]:
    """The questions that a rule is about, the parts first."""
    return (*rule.parts, *((rule.whole,) if rule.whole else ()))


def fits(rule: Rule, numbers: Mapping[str, Figure]) -> bool:
    """Whether numbers fit a rule, as far as can be told: what is not there, or is of another year, says nothing."""
    whole = numbers.get(rule.whole) if rule.whole else None
    limit = whole.number if whole else rule.limit
    if limit is None:
        return True
    parts = [numbers[code] for code in rule.parts if code in numbers]
    if rule.kind is RuleKind.PART:
        return all(part.number <= limit + rule.within for part in parts if whole is None or part.year == whole.year)
    years = {each.year for each in (*parts, *((whole,) if whole else ()))}
    if len(years) > 1:
        return True
    together = sum((part.number for part in parts), Decimal(0))
    if together > limit + rule.within:
        # Some of the parts alone are too much already.
        return False
    return rule.kind is RuleKind.SUM or len(parts) < len(rule.parts) or together >= limit - rule.within
