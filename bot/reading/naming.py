"""Which question somebody means by a name: its number, its code, an earlier code, its title, or words that only one
title has."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from bot.formats import Indicator
from bot.reading.typed import key


def named(text: str, indicators: Sequence[Indicator]) -> Indicator | None:
    """The one question that is meant; None where it is none of them, or could be several.

    Args:
        text: `pension_covered`, `Older persons receiving a pension`, `pension`, or `13`, its place among all.
        indicators: all questions, in order.
    """
    wanted = key(text)
    if not wanted:
        return None
    if wanted.isascii() and wanted.isdecimal():
        place = int(wanted) if len(wanted) < 4 else 0
        return indicators[place - 1] if 0 < place <= len(indicators) else None
    # What it was called in earlier editions is understood too; what a question is called now goes before.
    spelled = {key(code): indicator for indicator in indicators for code in indicator.was}
    spelled |= {key(name): indicator for indicator in indicators for name in (indicator.title, indicator.code)}
    if wanted in spelled:
        return spelled[wanted]
    words = set(wanted.split())
    having = {indicator.code for name, indicator in spelled.items() if words <= set(name.split())}
    if len(having) != 1:
        near = get_close_matches(wanted[:120], list(spelled), n=1, cutoff=0.8)
        return spelled[near[0]] if near and not having else None
    return next(indicator for indicator in indicators if indicator.code in having)
