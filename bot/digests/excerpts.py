"""What people wrote, made short for a digest: whole sentences only, one line, nothing that bends the text around it."""

from __future__ import annotations

import re
import unicodedata

# A sentence ends here: a mark of Latin, Khmer, Burmese or Thai writing, then space, then not a small letter or a
# figure ("No. 5", "e.g. in"). Marks that are followed by no space (as in Chinese) end one too.
_END = re.compile(r"(?<=[.?!…။។])[\"'”’)\]]*\s+|(?<=[。！？])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[a-z]|[a-z](?:\.[a-z])+|no|nos|art|sec|para|vol|fig|ch|dr|mr|mrs|ms|prof|st|vs|approx|incl)\.$",
    re.IGNORECASE,
)
# Marks that turn the direction of everything after them.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def one_line(text: str) -> str:
    """The text in one line, without control characters and without marks that turn the direction of what follows."""
    kept = "".join(" " if unicodedata.category(sign) in ("Cc", "Cs", "Co") else sign for sign in text)
    return " ".join(kept.translate(_TURNING).split())


def sentences(text: str) -> list[str]:
    """The sentences of one line. Where it is not sure, two stay together: none is cut in two."""
    found: list[str] = []
    start = 0
    for match in _END.finditer(text):
        before, after = text[start : match.end()].rstrip(), text[match.end() :]
        if not after or not _begins(after[0]) or _ABBREVIATION.search(before):
            continue
        found.append(before)
        start = match.end()
    rest = text[start:].strip()
    return [*found, rest] if rest else found


def brief(text: str, limit: int) -> tuple[str, bool]:
    """The first whole sentences of a text, and whether there is more.

    Args:
        limit: characters; the first sentence is given whole, however long it is.
    """
    whole = sentences(one_line(text))
    taken = whole[:1]
    for sentence in whole[1:]:
        if len(" ".join([*taken, sentence])) > limit:
            break
        taken.append(sentence)
    return " ".join(taken), len(taken) < len(whole)


def _begins(sign: str) -> bool:
    return not sign.islower() and not sign.isdigit()
