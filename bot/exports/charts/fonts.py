"""Which font draws a text: the one that comes with Matplotlib, and for other scripts those of the system.

Names of countries, ministries and questions are written in Khmer, Lao, Thai, Burmese and more. Matplotlib shapes them
(it brings libraqm and HarfBuzz with it), but it draws a box for a letter that no font has. So each text is looked at
letter by letter. The fonts of the system are found through fontconfig and handed to Matplotlib by their files, since
its own list of them may be older than a font that was just installed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

BASE = "DejaVu Sans"
# Slack and mail clients draw these on their own; a chart needs no right-to-left override that somebody typed.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
# An invisible sign that binds the next letter to the one before: Khmer coeng, Burmese virama, zero width joiner.
_BINDS = "\u17d2\u1039\u200d"
# Thai and Lao vowels that stand behind their consonant, and before it.
_TRAILS = "\u0e33\u0eb3"
_LEADS = "\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4"


@dataclass(frozen=True)
class Script:
    """A way of writing, and the fonts for it.

    Attributes:
        name: in English.
        families: the fonts that are taken first.
        package: the Debian or Ubuntu package that has one.
    """

    name: str
    families: tuple[str, ...]
    package: str = "fonts-noto-core"


# By the first word of the Unicode names of their letters.
SCRIPTS = {
    "KHMER": Script("Khmer", ("Noto Sans Khmer", "Khmer OS", "Khmer OS System")),
    "LAO": Script("Lao", ("Noto Sans Lao", "Phetsarath OT")),
    "THAI": Script("Thai", ("Noto Sans Thai", "Loma", "Garuda")),
    "MYANMAR": Script("Burmese", ("Noto Sans Myanmar", "Padauk", "Pyidaungsu")),
    "TAMIL": Script("Tamil", ("Noto Sans Tamil",)),
    "JAVANESE": Script("Javanese", ("Noto Sans Javanese",)),
    "CJK": Script("Chinese", ("Noto Sans CJK SC", "WenQuanYi Zen Hei"), "fonts-noto-cjk"),
    "HIRAGANA": Script("Japanese", ("Noto Sans CJK JP",), "fonts-noto-cjk"),
    "KATAKANA": Script("Japanese", ("Noto Sans CJK JP",), "fonts-noto-cjk"),
    "HANGUL": Script("Korean", ("Noto Sans CJK KR",), "fonts-noto-cjk"),
}
# DejaVu has letters of these too, but a font made for them draws them better.
_BETTER_ELSEWHERE = {"LAO"}


@dataclass(frozen=True)
class Fonts:
    """How a text is drawn: the families to look for its letters in, and the letters that none of them has."""

    families: tuple[str, ...]
    lacking: frozenset[str]


def printable(text: str) -> str:
    """A text as it is drawn: one line, composed letters, nothing that turns its direction.

    A sign of one script on a letter of another is left out: no font has both.
    """
    line = " ".join(_BIDI.sub("", unicodedata.normalize("NFC", text)).split())
    return "".join(map(_of_one_script, clusters(line))) if any(ord(char) > 0x2FF for char in line) else line


def fonts_for(text: str) -> Fonts:
    """The fonts that a text needs."""
    letters = frozenset(char for char in text if _is_drawn(char))
    return _fonts_for(letters) if any(ord(char) > 0x24F for char in letters) else Fonts((BASE,), frozenset())


def scripts_lacking(texts: Iterable[str]) -> list[Script]:
    """The scripts in some texts that no font of this machine draws, in alphabetical order.

    Signs that belong to no script, such as emoji, are left out.
    """
    written = {char for text in texts for char in printable(text) if ord(char) > 0x24F}
    drawn = {char for char in written if unicodedata.category(char)[0] in "LM"}
    lacking = _fonts_for(frozenset(drawn)).lacking
    return sorted({script_of(_script(char)) for char in lacking}, key=lambda script: script.name)


def script_of(word: str) -> Script:
    """A script by the first word of its letters' Unicode names; of one that is not in SCRIPTS, what Noto calls it."""
    known = word.title()
    return SCRIPTS.get(word) or Script(known, (f"Noto Sans {known}",), "fonts-noto")


def clusters(text: str) -> list[str]:
    """A text in the smallest pieces that may stand alone: a letter with all that is written around it."""
    pieces: list[str] = []
    for char in text:
        bound = pieces and (
            unicodedata.category(char)[0] == "M" or char in _BINDS + _TRAILS or pieces[-1][-1] in _BINDS + _LEADS
        )
        if bound:
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def forget() -> None:
    """Look at the system's fonts anew."""
    _fonts_for.cache_clear()
    _installed.cache_clear()
    _family.cache_clear()


def _of_one_script(cluster: str) -> str:
    base = _script(cluster[0])
    fits = {base, "ZERO"} if base in SCRIPTS else {base, "ZERO", "COMBINING"}
    return cluster[0] + "".join(char for char in cluster[1:] if _script(char) in fits)


def _is_drawn(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char)[0] != "C"


def _script(char: str) -> str:
    return unicodedata.name(char, "UNKNOWN").split()[0].split("-")[0]


@lru_cache(maxsize=1024)
def _fonts_for(letters: frozenset[str]) -> Fonts:
    before: list[str] = []
    behind: list[str] = []
    left = {char for char in letters if not _has(_base(), char)}
    for word in sorted({_script(char) for char in letters if ord(char) > 0x24F}):
        wanted = {char for char in left if _script(char) == word}
        if not wanted and word not in _BETTER_ELSEWHERE:
            continue
        family = _family(word)
        if family is None:
            continue
        (before if word in _BETTER_ELSEWHERE else behind).append(family)
        left -= {char for char in wanted if any(_has(file, char) for file in _installed()[family])}
    return Fonts((*before, BASE, *behind), frozenset(left))


@cache
def _family(word: str) -> str | None:
    """The installed family for a script, made known to Matplotlib; None where there is none."""
    for family in script_of(word).families:
        if family in _installed():
            _tell(_installed()[family])
            return family
    return None


def _tell(files: Iterable[str]) -> None:
    # Matplotlib's types are partly unknown.
    from matplotlib import font_manager

    manager: Any = font_manager.fontManager
    known = {entry.fname for entry in manager.ttflist}
    for file in files:
        if file not in known:
            manager.addfont(file)


@cache
def _installed() -> dict[str, list[str]]:
    """The files of each family on this machine, upright, regular or bold."""
    from matplotlib import font_manager

    system: Any = font_manager
    wanted = {family for script in SCRIPTS.values() for family in script.families}
    found: dict[str, list[str]] = {}
    for file in sorted(map(str, system.findSystemFonts())):
        stem = Path(file).stem.lower()
        if any(style in stem for style in ("italic", "oblique")):
            continue
        family = _family_name(file)
        if family in wanted or family.startswith("Noto Sans "):
            found.setdefault(family, []).append(file)
    return found


def _family_name(file: str) -> str:
    face = _face(file)
    return str(face.family_name) if face is not None else ""


def _face(file: str) -> Any:
    from matplotlib.ft2font import FT2Font

    try:
        return FT2Font(file)
    except RuntimeError:
        # No font that FreeType can read.
        return None


@cache
def _base() -> str:
    from matplotlib import font_manager

    found: Any = font_manager
    return str(found.findfont(font_manager.FontProperties(family=[BASE])))


@cache
def _has(file: str, char: str) -> bool:
    face = _open(file)
    return face is not None and face.get_char_index(ord(char)) != 0


@cache
def _open(file: str) -> Any:
    return _face(file)
