"""Chat lines for media that are not Slack: as plain text, and as HTML.

It starts from the same blocks that Slack gets, so a message written once reads alike everywhere.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from bot.rendering.blocks import Block, cells_of, lines_of, to_blocks

SUBJECT_LENGTH = 120
_TOKEN = re.compile(r"<([^<>\n]*)>")
# What Slack takes for bold, italic, struck out and code; never inside a word.
_EMPHASIS = tuple(
    (re.compile(rf"(?<![\w{mark}]){mark}(?=\S)([^{mark}\n]+?)(?<=\S){mark}(?![\w{mark}])"), tag)
    for mark, tag in ((r"\*", "strong"), ("_", "em"), ("~", "s"), ("`", "code"))
)
_HELD = re.compile("\ue100(\\d+)\ue101")
_BULLET = re.compile(r"^\s*[•\-]\s+")


def to_text(chat: str) -> str:
    """Chat lines as plain text: headers underlined, links written out, no markup left."""
    parts: list[str] = []
    for kind, text in _paragraphs(chat):
        if kind == "rule":
            parts.append("-" * 40)
        elif kind == "header":
            parts.append(f"{text}\n{'-' * min(len(text), 72)}")
        else:
            parts.append("\n".join(_text_line(line) for line in text.split("\n")))
    return "\n\n".join(parts)


def to_html(chat: str) -> str:
    """Chat lines as HTML: the first header is the title, lines that begin with `>` a quotation, `•` or `-` a list."""
    parts: list[str] = []
    headers = 0
    for kind, text in _paragraphs(chat, _html_table):
        if kind == "rule":
            parts.append("<hr>")
        elif kind == "header":
            level = "h2" if headers else "h1"
            headers += 1
            parts.append(f"<{level}>{html.escape(text)}</{level}>")
        elif kind == "table":
            parts.append(text)
        else:
            parts.extend(_html_runs(text, ' class="small"' if kind == "small" else ""))
    return "\n".join(parts)


def title_of(chat: str) -> str:
    """What a mail of these lines is called: its first header, else its first sentence."""
    paragraphs = _paragraphs(chat)
    for kind, text in paragraphs:
        if kind == "header":
            return _clipped(text)
    for kind, text in paragraphs:
        if kind == "text":
            first = re.split(r"(?<=[.?])\s|\n", _text_line(text))[0]
            return _clipped(first.rstrip("."))
    return ""


def _clipped(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SUBJECT_LENGTH else text[: SUBJECT_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def _html_table(table: Block) -> str:
    rows = cells_of(table)
    made = [
        "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row) + "</tr>"
        for row, tag in zip(rows, ["th", *["td"] * len(rows)], strict=False)
    ]
    return f'<div class="wide"><table>{"".join(made)}</table></div>'


def _text_table(table: Block) -> str:
    return "\n".join(lines_of(table))


def _paragraphs(chat: str, table: Callable[[Block], str] = _text_table) -> list[tuple[str, str]]:
    """(`header` | `text` | `small` | `rule` | `table`, text); all but headers and tables are still Slack's markup.

    Args:
        table: how a table is said.
    """
    found: list[tuple[str, str]] = []
    for block in to_blocks(chat):
        match block["type"]:
            case "header":
                found.append(("header", block["text"]["text"]))
            case "divider":
                found.append(("rule", ""))
            case "table":
                found.append(("table", table(block)))
            case "context":
                found.append(("small", "\n".join(str(element["text"]) for element in block["elements"])))
            case _:
                found.append(("text", str(block["text"]["text"])))
    return found


def _html_runs(text: str, marked: str) -> list[str]:
    """Lines of one sort together: a quotation, a list, or a paragraph."""
    runs: list[tuple[str, list[str]]] = []
    for line in text.split("\n"):
        sort, bare = "p", line
        if line.startswith(">"):
            sort, bare = "blockquote", line[1:].lstrip()
        elif _BULLET.match(line):
            sort, bare = "ul", _BULLET.sub("", line)
        if not runs or runs[-1][0] != sort:
            runs.append((sort, []))
        runs[-1][1].append(_html_line(bare))
    return [
        f"<ul{marked}>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"
        if sort == "ul"
        else f"<{sort}{marked}>{'<br>'.join(lines)}</{sort}>"
        for sort, lines in runs
    ]


def _text_line(line: str) -> str:
    def link(address: str, label: str) -> str:
        return address if label in ("", address) else f"{label} ({address})"

    return _spans(line, link, lambda _tag, inner: inner, _unescaped)


def _html_line(line: str) -> str:
    def link(address: str, label: str) -> str:
        return f'<a href="{html.escape(address)}">{html.escape(label or address)}</a>'

    return _spans(line, link, lambda tag, inner: f"<{tag}>{inner}</{tag}>", lambda text: html.escape(_unescaped(text)))


def _spans(
    line: str,
    link: Callable[[str, str], str],
    emphasis: Callable[[str, str], str],
    plain: Callable[[str], str],
) -> str:
    """One line with its links and emphasis said anew. Links are held aside, so that no mark inside them counts."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        written, _, label = match[1].partition("|")
        target = _unescaped(written)
        # Of Slack's own tokens (a mention, a date) only the words that it gives for others are kept.
        is_link = target.startswith(("https://", "http://", "mailto:"))
        held.append(link(target, _unescaped(label)) if is_link else plain(label))
        return f"\ue100{len(held) - 1}\ue101"

    text = plain(_TOKEN.sub(hold, line.replace("\ue100", "").replace("\ue101", "")))
    for pattern, tag in _EMPHASIS:
        text = pattern.sub(lambda match, tag=tag: emphasis(tag, str(match[1])), text)
    return _HELD.sub(lambda match: held[int(match[1])], text)


def _unescaped(text: Any) -> str:
    return str(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
