"""One run of mrkdwn -> inline nodes: emphasis, code, links, mentions, emoji, line breaks. Linear in the text's length.

Slack documents the signs, not their exact rules. What is known from its clients: a sign opens after the beginning or
something that is no letter or digit, and before something that is no space; it closes the other way round, on the same
line; a doubled sign (`**`, `__`) is no sign; nothing within `code` is a sign.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.sandbox.drawing import emoji
from bot.sandbox.drawing.entities import ESCAPES, entity, unescaped
from bot.sandbox.drawing.reader import Node, Reader

STYLES: Final = {"*": "b", "_": "i", "~": "s"}
URL: Final = r"(?<![A-Za-z0-9])https?://[^\s<>|`]+"
MAIL: Final = r"(?<![\w.+@-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}(?![\w@])"
# What ends a sentence or an emphasis is no part of an address.
TAIL: Final = ".,;:!?)]}'\"*_~’”"
_TOKEN: Final = re.compile(
    r"(?P<entity><[^<>\n]*>)"
    r"|(?P<escape>&(?:lt|gt|amp);)"
    r"|(?P<code>(?<!`)`[^`\n]+`(?!`))"
    rf"|(?P<emoji>{emoji.WRITTEN.pattern})"
    rf"|(?P<url>{URL})"
    rf"|(?P<mail>{MAIL})"
    r"|(?P<mark>[*_~])"
    r"|(?P<line>\n)"
)
_ADDRESS: Final = re.compile(rf"(?P<url>{URL})|(?P<mail>{MAIL})")
_IN_CODE: Final = re.compile(r"<[^<>\n]*>|&(?:lt|gt|amp);")


@dataclass(frozen=True)
class _Mark:
    sign: str
    opens: bool
    closes: bool


def spans(text: str, reader: Reader, *, verbatim: bool = False) -> list[Node]:
    """Inline nodes of a text in Slack's notation.

    Args:
        text: as it stands on the wire.
        verbatim: addresses that were not marked up as links stay words, as the text object's field of that name asks.
    """
    items: list[Node | _Mark] = []
    place = 0
    while place < len(text):
        match = _TOKEN.search(text, place)
        if match is None:
            break
        items += _text(text[place : match.start()])
        made, place = _item(match, text, reader, verbatim)
        items += made
    items += _text(text[place:])
    return merged(_styled(items, _pairs(items)))


def plain_spans(text: str, reader: Reader, *, emojis: bool = True) -> list[Node]:
    """Inline nodes of a plain_text object: emoji if asked for, line breaks, and words as they are."""
    nodes: list[Node] = []
    for number, line in enumerate(unescaped(text).split("\n")):
        nodes += [{"t": "br"}] if number else []
        nodes += emoted(line, reader) if emojis else _text(line)
    return merged(nodes)


def emoted(text: str, reader: Reader) -> list[Node]:
    """Words with the emoji among them."""
    nodes: list[Node] = []
    place = 0
    while match := emoji.WRITTEN.search(text, place):
        nodes += _text(text[place : match.start()])
        made, place = _emoji(match, reader)
        nodes += made
    return merged([*nodes, *_text(text[place:])])


def addressed(text: str) -> list[Node]:
    """Words with the web and mail addresses among them as links."""
    nodes: list[Node] = []
    place = 0
    for match in _ADDRESS.finditer(text):
        if match.start() >= place:
            nodes += _text(text[place : match.start()])
            made, place = _address(match)
            nodes += made
    return nodes + _text(text[place:])


def styled(node: Node, marks: Iterable[str]) -> Node:
    """A node with the styles b, i, s, c, u; a link hands them to its words."""
    flags = dict.fromkeys(marks, True)
    if not flags:
        return node
    if node["t"] == "link":
        return {**node, "of": [styled(each, flags) for each in node["of"]]}
    return node if node["t"] == "br" else {**node, **flags}


def merged(nodes: Iterable[Node]) -> list[Node]:
    """The same nodes, neighbouring words of one style as one."""
    runs: list[tuple[Node, list[str]]] = []
    for node in nodes:
        if node["t"] == "text":
            style = {key: value for key, value in node.items() if key != "text"}
            if runs and runs[-1][0] == style:
                runs[-1][1].append(node["text"])
            else:
                runs.append((style, [node["text"]]))
        else:
            runs.append((node, []))
    return [{**style, "text": "".join(texts)} if texts else style for style, texts in runs]


def _text(text: str) -> list[Node]:
    return [{"t": "text", "text": text}] if text else []


def _item(match: re.Match[str], text: str, reader: Reader, verbatim: bool) -> tuple[list[Node | _Mark], int]:
    end = match.end()
    match match.lastgroup:
        case "entity":
            node = entity(match[0][1:-1], reader)
            return [node or {"t": "text", "text": unescaped(match[0])}], end
        case "escape":
            return [{"t": "text", "text": ESCAPES[match[0]]}], end
        case "code":
            return [*_code(match[0][1:-1], reader)], end
        case "line":
            return [{"t": "br"}], end
        case "mark":
            return [_mark(match[0], text, match.start())], end
        case "emoji":
            nodes, end = _emoji(match, reader)
        case _:
            nodes, end = (_text(unescaped(match[0])), end) if verbatim else _address(match)
    return [*nodes], end


def _address(match: re.Match[str]) -> tuple[list[Node], int]:
    found = match[0] if match["mail"] else match[0].rstrip(TAIL)
    # "(see https://example.org/a_(b))": a bracket that the address opened is its own.
    if not match["mail"] and found.count("(") > found.count(")") and match[0][len(found) :].startswith(")"):
        found += ")"
    url = f"mailto:{found}" if match["mail"] else unescaped(found)
    if url.lower() in ("http:/", "https:/", "http:", "https:"):
        return _text(match[0]), match.end()
    return [{"t": "link", "url": url, "of": _text(unescaped(found))}], match.start() + len(found)


def _emoji(match: re.Match[str], reader: Reader) -> tuple[list[Node], int]:
    node = emoji.node(match["short"], reader, int(match["tone"]) if match["tone"] else None)
    if node:
        return [node], match.end()
    # "10:30:wave:": the second colon may begin the next name.
    return _text(match[0][:-1]), match.end() - 1


def _code(inner: str, reader: Reader) -> list[Node]:
    nodes: list[Node] = []
    place = 0
    for match in _IN_CODE.finditer(inner):
        nodes += _text(inner[place : match.start()])
        node = entity(match[0][1:-1], reader) if match[0][0] == "<" else None
        nodes.append(node or {"t": "text", "text": unescaped(match[0])})
        place = match.end()
    return [styled(node, ("c",)) for node in merged([*nodes, *_text(inner[place:])])]


def _in_word(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign)[0] == "M"


def _mark(sign: str, text: str, place: int) -> _Mark:
    before = text[place - 1] if place else ""
    after = text[place + 1] if place + 1 < len(text) else ""
    doubled = sign in (before, after)
    opens = not doubled and after != "" and not after.isspace() and not (before and _in_word(before))
    closes = not doubled and before != "" and not before.isspace() and not (after and _in_word(after))
    return _Mark(sign, opens, closes)


def _pairs(items: list[Node | _Mark]) -> dict[int, int]:
    """Which sign closes which: place of the one that opens -> place of the one that closes."""
    pairs: dict[int, int] = {}
    waiting: dict[str, int] = {}
    for place, item in enumerate(items):
        if isinstance(item, dict):
            if item["t"] == "br":
                waiting.clear()
            continue
        begun = waiting.get(item.sign)
        if item.closes and begun is not None:
            pairs[begun] = place
            waiting = {sign: at for sign, at in waiting.items() if at < begun}
        elif item.opens:
            waiting[item.sign] = place
    return pairs


def _styled(items: list[Node | _Mark], pairs: dict[int, int]) -> Iterable[Node]:
    ends = set(pairs.values())
    on: list[str] = []
    for place, item in enumerate(items):
        if isinstance(item, dict):
            yield styled(item, on)
        elif place in pairs:
            on.append(STYLES[item.sign])
        elif place in ends:
            on.remove(STYLES[item.sign])
        else:
            yield styled({"t": "text", "text": item.sign}, on)
