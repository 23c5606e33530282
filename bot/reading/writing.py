"""How the bot prints an answer. What it prints can be typed back and is read as the same answer."""

from __future__ import annotations

from bot.formats import Indicator
from bot.reading.answers import Reply
from bot.reading.numbers import spelled
from db.vocabulary import Availability, Kind

SKIPPED = "skipped"


def write(reply: Reply, indicator: Indicator) -> str:
    """One line (free text keeps its lines): `38.8 % (2020, VHLSS)`, `about 39 % (2020, VHLSS); note: preliminary`,
    `Operational, since May`, `yes`, `not available: no survey this year`.

    For every reply that `read` gives, `read(write(reply, indicator), indicator)` is that reply again.
    """
    if reply.availability is Availability.SKIPPED:
        return SKIPPED
    if reply.availability is Availability.NOT_AVAILABLE:
        return f"not available: {reply.note}" if reply.note else "not available"
    if indicator.numeric and reply.number is not None:
        return _figure(reply, indicator)
    text = reply.text or ""
    if indicator.kind is Kind.CHOICE:
        text = next((option.title for option in indicator.choices if option.code == text), text)
    return f"{text}, {reply.note}" if reply.note and indicator.kind is not Kind.TEXT else text


def _figure(reply: Reply, indicator: Indicator) -> str:
    assert reply.number is not None  # noqa: S101 - its only caller has looked
    about = "about " if reply.availability is Availability.ESTIMATE else ""
    percent = " %" if indicator.kind is Kind.PERCENT else ""
    known = [str(each) for each in (reply.year, reply.source) if each is not None]
    where = f" ({', '.join(known)})" if known else ""
    note = f"; note: {reply.note}" if reply.note else ""
    return f"{about}{spelled(reply.number)}{percent}{where}{note}"
