"""What a person reads in a message: the words, without Slack's notation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_INNER = (
    "title",
    "text",
    "fields",
    "label",
    "hint",
    "accessory",
    "elements",
    "element",
    "placeholder",
    "options",
    "rows",
)
"""The keys of blocks and elements that hold words, in the order in which they are read."""


def plain(text: str) -> str:
    """A text without notation: links by their label, `&amp;`, `&lt;` and `&gt;` as signs, mentions as @U…, #C…."""
    if "<" in text:
        text = _LINK.sub(_label, text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def words(blocks: list[dict[str, Any]]) -> str:
    """Everything that blocks show, a line each: texts, fields, labels of buttons, options, alternative texts."""
    return "\n".join(plain(line) for block in blocks for line in _lines(block))


def _label(match: re.Match[str]) -> str:
    target, label = match.groups()
    if label:
        return label
    if target.startswith("!"):
        return f"@{target[1:].partition('^')[0]}"
    return target.removeprefix("mailto:")


def _lines(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for item in cast(list[Any], part):
            yield from _lines(item)
    elif isinstance(part, Mapping):
        found = cast(Mapping[str, Any], part)
        for key in ("text", "alt_text"):
            if isinstance(found.get(key), str):
                yield found[key]
        for key in _INNER:
            yield from _lines(found.get(key))
