"""What a person wrote -> an answer, a question back, or a refusal. Pure: no database, no clock, no medium.

    read(text, indicator, today=...)    one answer, or one step of it
    write(reply, indicator)             how the bot prints an answer, readable again
    about_leave(text, today)            a leave, "I am back", or neither
    phrase(text)                        skip, back, same, help ... and what people write instead
    lines(text, indicators, today=...)  several answers in one message, or rows pasted from a sheet
    by_any_name(text, indicators, ...)  one line with its question named as `edit` takes it
    plain(text)                         the text of a Slack message as it was typed
    clean(text)                         any text without signs that nobody sees
    storable(text)                      any text without the signs that a database refuses

The rules are those of FORMAT.md: what can be read in two ways is asked back; no year and no source is ever guessed.
"""

from __future__ import annotations

from bot.reading.answers import (
    LONGEST_NOTE,
    LONGEST_SOURCE,
    LONGEST_TEXT,
    AskBack,
    Draft,
    Expected,
    Need,
    Problem,
    Reply,
    Suggestion,
    Unreadable,
)
from bot.reading.choices import exact_yes_no
from bot.reading.leave import Away, Back, LeaveProblem, Unclear, about_leave
from bot.reading.naming import named
from bot.reading.phrases import PHRASES, Act, Phrase, phrase
from bot.reading.reader import agrees, read, says_nothing
from bot.reading.sheets import Line, by_any_name, lines
from bot.reading.typed import clean, plain, storable
from bot.reading.writing import write

__all__ = [
    "LONGEST_NOTE",
    "LONGEST_SOURCE",
    "LONGEST_TEXT",
    "PHRASES",
    "Act",
    "AskBack",
    "Away",
    "Back",
    "Draft",
    "Expected",
    "LeaveProblem",
    "Line",
    "Need",
    "Phrase",
    "Problem",
    "Reply",
    "Suggestion",
    "Unclear",
    "Unreadable",
    "about_leave",
    "agrees",
    "by_any_name",
    "clean",
    "exact_yes_no",
    "lines",
    "named",
    "phrase",
    "plain",
    "read",
    "says_nothing",
    "storable",
    "write",
]
