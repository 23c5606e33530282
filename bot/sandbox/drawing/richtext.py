"""rich_text blocks -> block nodes: sections, lists, preformatted texts, quotes, and all that stands in a line.

Source: Slack's pages "Rich text block" and those of its elements. What is not known is drawn by the words it carries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, cast

from bot.sandbox.drawing import dates, emoji
from bot.sandbox.drawing.entities import BROADCASTS, is_link, linked
from bot.sandbox.drawing.plain import read
from bot.sandbox.drawing.reader import Node, Reader
from bot.sandbox.drawing.spans import merged, styled

STYLES: Final = {"bold": "b", "italic": "i", "strike": "s", "code": "c", "underline": "u"}
COLOR: Final = re.compile(r"#[0-9A-Fa-f]{3,8}")
_SECONDS: Final = 10**15

Part = Mapping[str, Any]


def blocks(block: Part, reader: Reader) -> list[Node]:
    """The block nodes of one rich_text block."""
    return [node for part in parts(block.get("elements")) for node in _block(part, reader)]


def inline(section: Part, reader: Reader) -> list[Node]:
    """The inline nodes of a section's elements."""
    return merged(node for part in parts(section.get("elements")) for node in _element(part, reader))


def parts(value: Any) -> list[Part]:
    """The objects of a list; none where there is no list."""
    if not isinstance(value, list):
        return []
    return [cast(Part, each) for each in cast("list[Any]", value) if isinstance(each, Mapping)]


def word(part: Part, key: str) -> str:
    """A text field, empty where there is none."""
    value = part.get(key)
    return value if isinstance(value, str) else ""


def count(part: Part, key: str) -> int:
    """A whole number not below zero, zero where there is none."""
    value = part.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _SECONDS else 0


def _block(part: Part, reader: Reader) -> list[Node]:
    match part.get("type"):
        case "rich_text_list":
            made: Node = {
                "t": "list",
                "ordered": part.get("style") == "ordered",
                "indent": min(count(part, "indent"), 8),
                "start": count(part, "offset") + 1,
                "of": [inline(item, reader) for item in parts(part.get("elements"))],
            }
        case "rich_text_preformatted":
            made = {"t": "pre", "text": read(inline(part, reader))}
        case "rich_text_quote":
            made = {"t": "quote", "of": [{"t": "p", "of": inline(part, reader)}]}
        case "rich_text_section":
            return [{"t": "p", "of": inline(part, reader)}]
        case _:
            nodes = _element(part, reader)
            return [{"t": "p", "of": nodes}] if nodes else []
    if count(part, "border"):
        made["border"] = True
    return [made]


def _element(part: Part, reader: Reader) -> list[Node]:
    style = part.get("style")
    marks = [mark for name, mark in STYLES.items() if isinstance(style, Mapping) and cast(Part, style).get(name)]
    return [styled(node, marks) for node in _bare(part, reader)]


def _bare(part: Part, reader: Reader) -> list[Node]:
    match part.get("type"):
        case "link":
            return _link(word(part, "url"), word(part, "text"))
        case "emoji":
            return [_emoji(part, reader)]
        case "user":
            return _named("user", word(part, "user_id"), reader)
        case "channel":
            return _named("channel", word(part, "channel_id"), reader)
        case "usergroup":
            return _named("group", word(part, "usergroup_id"), reader)
        case "team":
            team = word(part, "team_id")
            return _words(reader.name(team) or team)
        case "broadcast":
            asked = word(part, "range")
            return [{"t": "broadcast", "range": BROADCASTS[asked]}] if asked in BROADCASTS else _words(asked)
        case "date":
            return _date(part, reader)
        case "color":
            value = word(part, "value")
            return [{"t": "color", "value": value}] if COLOR.fullmatch(value) else _words(value)
        case _:
            return _words(word(part, "text") or word(part, "fallback"))


def _words(text: str) -> list[Node]:
    nodes: list[Node] = []
    for number, line in enumerate(text.split("\n")):
        if number:
            nodes.append({"t": "br"})
        if line:
            nodes.append({"t": "text", "text": line})
    return nodes


def _link(url: str, label: str) -> list[Node]:
    if is_link(url):
        return [{"t": "link", "url": url, "of": _words(label or url)}]
    return _words(f"{label} ({url})" if label and url and label != url else label or url)


def _named(kind: str, identity: str, reader: Reader) -> list[Node]:
    return [{"t": kind, "id": identity, "name": reader.name(identity) or identity}] if identity else []


def _emoji(part: Part, reader: Reader) -> Node:
    name = word(part, "name")
    node = emoji.node(name, reader, count(part, "skin_tone") or None)
    return node or {"t": "emoji", "name": name, "char": _signs(word(part, "unicode"))}


def _signs(codes: str) -> str | None:
    """The character of `1f44b-1f3fb`, as Slack's clients send it beside the name."""
    if not re.fullmatch(r"[0-9a-fA-F]{2,6}(?:-[0-9a-fA-F]{2,6}){0,12}", codes):
        return None
    points = [int(code, 16) for code in codes.split("-")]
    return "".join(map(chr, points)) if all(0xA8 < point < 0x110000 for point in points[:1]) else None


def _date(part: Part, reader: Reader) -> list[Node]:
    at = part.get("timestamp")
    text = None
    if isinstance(at, int | float) and not isinstance(at, bool) and abs(at) < _SECONDS:
        text = dates.written(int(at), word(part, "format"), reader, rich=True)
        if text is not None:
            return [linked({"t": "date", "text": text, "at": int(at)}, word(part, "url"))]
    return _words(word(part, "fallback") or word(part, "format"))
