"""What a cell of a sheet may hold: text without what nobody sees, and never a formula.

A cell that begins like a formula is written with an apostrophe before it, and read back without: `=cmd()` as `'=cmd()`,
and `'=x` as `''=x`, so that whatever was written is what is read. The same is done after a separator within a cell: a
sheet program of another country splits the line there.
"""

from __future__ import annotations

import re
import unicodedata

# What sheets, scripts and mail programs leave between words and nobody sees: blanks of all kinds, marks of direction.
_MARKS = (0x00AD, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF)
_UNSEEN = {**dict.fromkeys(_MARKS), 0x00A0: " ", 0x202F: " "}
# These join or part letters, and some scripts need them.
_JOINERS = "\u200c\u200d"
_FORMULA = "[=+\\-@\uff1d\uff0b\uff0d\uff20]"
_BEFORE = r"((?:^|[;,\t])[\s\"]*)"
_BARE = re.compile(_FORMULA)
_TO_GUARD = re.compile(f"{_BEFORE}(?='*{_FORMULA})")
_GUARDED = re.compile(f"{_BEFORE}'(?='*{_FORMULA})")


def tidy(text: str) -> str:
    """One line, one blank between words, nothing that nobody sees, each letter in its one form (NFC)."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_UNSEEN)).split())


def is_printable(text: str) -> bool:
    """Whether a tidy text holds only what can be seen."""
    return text.isprintable() or all(each.isprintable() or each in _JOINERS for each in text)


def clean(text: str) -> str:
    """Tidy, and without what cannot be printed: how a text of any origin is written into a cell."""
    shown = text.translate(_UNSEEN)
    return tidy("".join(each if each.isprintable() or each in _JOINERS else " " for each in shown))


def is_formula(cell: str) -> bool:
    """Whether a sheet program may take the cell for a formula."""
    return _BARE.match(cell) is not None


def guarded(text: str) -> str:
    """A text as it is written into a cell: no program takes it for a formula."""
    return _TO_GUARD.sub(r"\1'", text)


def unguarded(cell: str) -> str:
    """The text that was written so."""
    return _GUARDED.sub(r"\1", cell)
