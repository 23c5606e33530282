"""The source in what was typed: what is left when the number and the year are taken out."""

from __future__ import annotations

import re

from bot.reading.typed import balanced, has_letter, key, one_line, unwrap, word_set

# Signs that no source begins or ends with; a closing bracket may end it, an opening one begin it.
EDGES = " \t,;:.!?=|/*_~-–—&+#•·"
LEADING = re.compile(
    r"(?:from|source|sources|src|per|by|in|of|for|at|on|as|is|was|were|are|it|its|the year|year|according to|based on|"
    r"taken from|to|and|value|with|sorry|actually|a|we|be|tahun|sumber|nguồn|dari|theo|around|about|"
    r"ปี|พ\.ศ\.?|ค\.ศ\.?|fy)(?=[\s:=,;]|$)[\s:=,;]*",
    re.IGNORECASE,
)
FROM_THE = re.compile(r"(?:from|per|by|in|to|on|is) the\s+", re.IGNORECASE)
TRAILING = re.compile(
    r"[\s,;]+(?:in|of|for|from|at|on|and|is|was|year|the year|sources?|thanks|thank you|please|pls|per|by|the|"
    r"tahun|năm|fy|ปี|พ\.ศ\.?|ค\.ศ\.?)$",
    re.IGNORECASE,
)
NOTE = re.compile(r"(?<![^\W_])(?:note|remark|comment)s?\s*:\s*", re.IGNORECASE)
MARKER = re.compile(r"\b(?:data )?sources?\s*(?:[:=]|is|are)\s*", re.IGNORECASE)
# What people write where a source should stand; none of it is one.
NO_SOURCE = word_set(
    "same|the same|same as before|same as last time|same as last year|as before|as last time|idem|ditto|n a|na|none|"
    "unknown|not known|no source|not available|no|tbd|tbc|not sure|dont know|do not know"
)
SMALL = word_set(
    "its|the|value|is|was|it|our|new|figure|rate|result|answer|number|percentage|percent|share|for|in|of|year|and|we|have|"
    "i|think|believe|that|this|would|be|say|report|at|to|on|as|so|now|still|about|around|sorry|"
    "actually|reference|survey says"
)
MONTHS = word_set(
    "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|"
    "apr|jun|jul|aug|sep|sept|oct|nov|dec|januari|februari|maret|mei|juni|juli|agustus|oktober|"
    "desember|q1|q2|q3|q4|mid|early|late|end|beginning|middle"
)


def source_in(*pieces: str, besides: str = "") -> str | None:
    """One source from the pieces that are left, on one line; None where there is nothing with a letter in it.

    A piece that only repeats the words of the question (`besides`) is left out where there is another one.
    """
    pieces = _after_marker(tuple(NOTE.sub(" ", piece) for piece in pieces))
    kept = [piece for piece in map(trimmed, pieces) if has_letter(piece) and not _small(piece)]
    kept = [piece for piece in kept if not _only_months(piece)]
    asked = SMALL | set(key(besides).split())
    kept = [piece for piece in kept if not asked.issuperset(key(piece).split())] or kept
    source = trimmed(" ".join(kept))
    return source if has_letter(source) and key(source) not in NO_SOURCE and not _only_months(source) else None


def _after_marker(pieces: tuple[str, ...]) -> tuple[str, ...]:
    """What stands behind "source:", where somebody wrote so; else all."""
    for place, piece in enumerate(pieces):
        if match := MARKER.search(piece):
            behind = (piece[match.end() :], *pieces[place + 1 :])
            if any(map(has_letter, behind)):
                return _after_marker(behind)
    return pieces


def _only_months(piece: str) -> bool:
    return all(word in MONTHS or word.isdigit() for word in key(piece).split())


def _small(piece: str) -> bool:
    return all(word in SMALL or not has_letter(word) for word in key(piece).split())


def trimmed(piece: str) -> str:
    """Without punctuation and small words ("from the", "in") at its edges. Trimming twice changes nothing."""
    piece = one_line(piece)
    while True:
        shorter = unwrap(balanced(piece.lstrip(EDGES + ")]}>").rstrip(EDGES.replace(".", "") + "([{<")))
        if shorter.endswith(".") and "." not in shorter[:-1]:
            shorter = shorter[:-1]
        for small in (FROM_THE, LEADING):
            if match := small.match(shorter):
                shorter = shorter[match.end() :]
        shorter = TRAILING.sub("", " " + shorter).strip()
        if shorter == piece:
            return piece
        piece = shorter
