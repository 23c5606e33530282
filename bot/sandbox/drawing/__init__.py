"""Slack's texts and blocks as what the page draws: nodes, told apart by `t`, of which the page makes elements.

Nothing here knows HTML: the page makes every element itself and puts words in as text, so that nothing a person typed
can become markup. Everything is a pure function of what was said and of the reader.

- block nodes: p, quote, pre, list, h, hr, table
- inline nodes: text, link, user, channel, group, broadcast, date, emoji, color, br

`drawn` goes through blocks, views or attachments and adds the key `drawn` wherever there are words; `drawn_text` is for
a message's own text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from bot.sandbox.drawing import markdown, mrkdwn, richtext, tables
from bot.sandbox.drawing.plain import read
from bot.sandbox.drawing.reader import Node, Reader, known
from bot.sandbox.drawing.spans import plain_spans

__all__ = ["Node", "Reader", "drawn", "drawn_attachments", "drawn_text", "known", "read"]

DEEPEST: Final = 24
"""How far objects stand within each other in anything that Slack takes; what is deeper is handed on undrawn."""

LEGACY: Final = ("pretext", "text")
"""The texts of a legacy attachment that are in mrkdwn when it does not say which (`mrkdwn_in`)."""


def drawn(blocks: Any, reader: Reader) -> Any:
    """A copy of blocks (or of a view, or of any part of one) with its words drawn.

    Each mrkdwn and plain_text object, and each `markdown`, `rich_text` and `table` block, gets the key `drawn`, a list
    of block nodes. A plain_text object with `emoji` false is drawn without emoji.
    """
    return _drawn(blocks, reader, 0)


def drawn_text(text: str, reader: Reader) -> list[Node]:
    """A message's text, which is in mrkdwn, as block nodes."""
    return mrkdwn.blocks(text, reader)


def drawn_attachments(attachments: Any, reader: Reader) -> list[dict[str, Any]]:
    """Copies of a message's attachments: their blocks drawn, and of a legacy one its texts.

    Each gets the key `drawn`: its `pretext`, `text`, `title` and `footer` as block nodes; each of its fields gets
    `drawn` for its value.
    """
    return [_attachment(each, reader) for each in richtext.parts(attachments)]


def _drawn(part: Any, reader: Reader, depth: int) -> Any:
    if depth > DEEPEST:
        return part
    if isinstance(part, list):
        return [_drawn(each, reader, depth + 1) for each in cast("list[Any]", part)]
    if not isinstance(part, Mapping):
        return part
    found = cast("Mapping[str, Any]", part)
    nodes = _nodes(found, reader)
    if nodes is not None:
        return {**found, "drawn": nodes}
    return {key: _drawn(value, reader, depth + 1) for key, value in found.items()}


def _nodes(part: Mapping[str, Any], reader: Reader) -> list[Node] | None:
    """The nodes of an object that is words; None of one that has others within."""
    text = part.get("text")
    match part.get("type"):
        case "rich_text":
            return richtext.blocks(part, reader)
        case "table":
            return [tables.table(part, reader)]
        case "mrkdwn" if isinstance(text, str):
            return mrkdwn.blocks(text, reader, verbatim=part.get("verbatim") is True)
        case "markdown" if isinstance(text, str):
            return markdown.blocks(text, reader)
        case "plain_text" if isinstance(text, str):
            return _plain(text, reader, emojis=part.get("emoji") is not False)
        case _:
            return None


def _plain(text: str, reader: Reader, *, emojis: bool = True) -> list[Node]:
    return [{"t": "p", "of": plain_spans(text, reader, emojis=emojis)}] if text else []


def _attachment(part: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    asked = part.get("mrkdwn_in")
    marked = cast("list[Any]", asked) if isinstance(asked, list) else [*LEGACY, "fields"]

    def words(key: str, text: str) -> list[Node]:
        return mrkdwn.blocks(text, reader) if key in marked else _plain(text, reader)

    made = cast("dict[str, Any]", _drawn(part, reader, 0))
    made["drawn"] = {
        key: words(key, richtext.word(part, key))
        for key in ("pretext", "text", "title", "footer")
        if richtext.word(part, key)
    }
    made["fields"] = [
        {**field, "drawn": words("fields", richtext.word(field, "value"))}
        for field in richtext.parts(part.get("fields"))
    ]
    return made
