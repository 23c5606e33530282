"""The `markdown` block -> block nodes. Source: Slack's page "Markdown block": headings, emphasis, strikethrough, lists,
task lists, links, quotes, code, rules and tables; pictures are drawn as links; raw HTML stays words."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.sandbox.drawing.entities import is_link
from bot.sandbox.drawing.reader import Node, Reader
from bot.sandbox.drawing.spans import addressed, emoted, merged, styled

MARKS: Final = {"strong_open": "b", "em_open": "i", "s_open": "s"}
TASK: Final = re.compile(r"\[([ xX])\](?=\s|$)")
_ALIGN: Final = re.compile(r"text-align:(left|center|right)")
DEEPEST: Final = 8


@functools.cache
def parser() -> MarkdownIt:
    """CommonMark with tables and strikethrough, without HTML."""
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def blocks(text: str, reader: Reader) -> list[Node]:
    """Block nodes of a text in standard Markdown."""
    return _Drawing(parser().parse(text.replace("\0", "\ufffd")), reader).blocks()


class _Drawing:
    """Reads the parser's flat list of tokens once, from the beginning to the end."""

    def __init__(self, tokens: Sequence[Token], reader: Reader) -> None:
        self._tokens = tokens
        self._reader = reader
        self._place = 0
        self._depth = 0
        """How many lists are open here."""

    def blocks(self, until: str | None = None) -> list[Node]:
        made: list[Node] = []
        while self._place < len(self._tokens):
            token = self._tokens[self._place]
            self._place += 1
            if token.type == until:
                break
            made += self._block(token)
        return made

    def _block(self, token: Token) -> list[Node]:
        match token.type:
            case "paragraph_open":
                return [{"t": "p", "of": self._inline("paragraph_close")}]
            case "heading_open":
                return [{"t": "h", "level": int(token.tag[1:]), "of": self._inline("heading_close")}]
            case "hr":
                return [{"t": "hr"}]
            case "fence" | "code_block" | "html_block":
                return [{"t": "pre", "text": token.content.removesuffix("\n")}]
            case "blockquote_open":
                return [{"t": "quote", "of": self.blocks("blockquote_close")}]
            case "bullet_list_open" | "ordered_list_open":
                return self._list(token)
            case "table_open":
                return [self._table()]
            case _:
                return []

    def _inline(self, close: str) -> list[Node]:
        nodes: list[Node] = []
        while (token := self._tokens[self._place]).type != close:
            self._place += 1
            nodes += _inline(token.children or [], self._reader)
        self._place += 1
        return merged(nodes)

    def _list(self, token: Token) -> list[Node]:
        """A list as Slack has it: flat, each item with its indent; a block within an item stands after its words."""
        ordered = token.type == "ordered_list_open"
        begin = token.attrGet("start")
        number = int(begin) if begin is not None else 1
        close = token.type.replace("_open", "_close")
        indent = min(self._depth, DEEPEST)
        self._depth += 1
        made: list[Node] = []
        while (token := self._tokens[self._place]).type != close:
            self._place += 1
            if token.type != "list_item_open":
                continue
            first, rest = _item(self.blocks("list_item_close"))
            last = made[-1] if made else None
            if last is not None and last["t"] == "list" and last["indent"] == indent:
                last["of"].append(first)
            else:
                made.append({"t": "list", "ordered": ordered, "indent": indent, "start": number, "of": [first]})
            made += rest
            number += 1
        self._place += 1
        self._depth -= 1
        return made

    def _table(self) -> Node:
        rows: list[list[Node]] = []
        while (token := self._tokens[self._place]).type != "table_close":
            self._place += 1
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                style = _ALIGN.search(str(token.attrGet("style") or ""))
                cell: Node = {"of": self._inline(token.type.replace("_open", "_close"))}
                rows[-1].append({**cell, "align": style[1]} if style else cell)
        self._place += 1
        return {"t": "table", "head": True, "rows": rows}


def _item(blocks: list[Node]) -> tuple[list[Node], list[Node]]:
    """What stands in an item's line, and the blocks that follow it."""
    line: list[Node] = []
    for place, block in enumerate(blocks):
        if block["t"] not in ("p", "h"):
            return _task(line), blocks[place:]
        line += [*([{"t": "br"}] if place else []), *block["of"]]
    return _task(line), []


def _task(line: list[Node]) -> list[Node]:
    box = TASK.match(line[0]["text"]) if line and line[0]["t"] == "text" else None
    if box is None:
        return line
    first = {**line[0], "text": ("☐" if box[1] == " " else "☑") + line[0]["text"][3:]}
    return [first, *line[1:]]


def _inline(tokens: Sequence[Token], reader: Reader) -> list[Node]:
    marks: list[str] = []
    made: list[Node] = []
    link: tuple[str, list[Node]] | None = None
    for token in tokens:
        nodes: list[Node] = []
        if token.type in MARKS:
            marks.append(MARKS[token.type])
        elif token.type.replace("_close", "_open") in MARKS:
            marks.remove(MARKS[token.type.replace("_close", "_open")])
        elif token.type == "link_open":
            link = (str(token.attrGet("href") or ""), [])
        elif token.type == "link_close" and link:
            nodes, link = _link(*link), None
        else:
            nodes = [styled(node, marks) for node in _leaf(token, reader, in_link=link is not None)]
        (link[1] if link else made).extend(nodes)
    return [*made, *(link[1] if link else [])]


def _leaf(token: Token, reader: Reader, *, in_link: bool) -> list[Node]:
    match token.type:
        case "softbreak" | "hardbreak":
            return [{"t": "br"}]
        case "code_inline":
            return [{"t": "text", "text": token.content, "c": True}]
        case "image":
            source = str(token.attrGet("src") or "")
            return _link(source, [{"t": "text", "text": token.content or source}], within=in_link)
        case _ if in_link:
            return emoted(token.content, reader)
        case _:
            return [
                node
                for found in addressed(token.content)
                for node in (emoted(found["text"], reader) if found["t"] == "text" else [found])
            ]


def _link(url: str, words: list[Node], *, within: bool = False) -> list[Node]:
    if is_link(url) and not within:
        return [{"t": "link", "url": url, "of": words}]
    # An address that may not become a link is still read.
    return words if within or not url else [*words, {"t": "text", "text": f" ({url})"}]
