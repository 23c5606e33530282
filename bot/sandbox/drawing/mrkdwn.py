"""Slack's mrkdwn -> block nodes: paragraphs, quotes (`>`, `>>>`) and preformatted text (three backticks)."""

from __future__ import annotations

import re
from typing import Final

from bot.sandbox.drawing.entities import entity, unescaped
from bot.sandbox.drawing.plain import read
from bot.sandbox.drawing.reader import Node, Reader
from bot.sandbox.drawing.spans import merged, spans

FENCE: Final = "```"
# A person's `>` stands on the wire as `&gt;`, an app's as either.
_QUOTE: Final = re.compile(r"(?:>|&gt;) ?")
_QUOTE_ALL: Final = re.compile(r"(?:>|&gt;){3} ?")
_ENTITY: Final = re.compile(r"<[^<>\n]*>")

Line = list[str | Node]
"""A line's pieces: words, and preformatted texts as they will be drawn."""


def blocks(text: str, reader: Reader, *, verbatim: bool = False) -> list[Node]:
    """Block nodes of a text in Slack's notation, in order; every character that is no sign of it is in them."""
    return _blocks(_lines(text, reader), reader, verbatim)


def _lines(text: str, reader: Reader) -> list[Line]:
    lines: list[Line] = [[]]
    place = 0
    while True:
        begin = text.find(FENCE, place)
        # The shortest text that has a character within.
        end = text.find(FENCE, begin + 4) if begin >= 0 else -1
        words = text[place : begin if end >= 0 else len(text)]
        first, *more = words.split("\n")
        lines[-1].append(first)
        lines.extend([each] for each in more)
        if end < 0:
            return lines
        lines[-1].append({"t": "pre", "text": _verbatim(text[begin + 3 : end].removeprefix("\n"), reader)})
        place = end + 3


def _verbatim(text: str, reader: Reader) -> str:
    """What stands within three backticks, links and mentions by the words they show."""
    done: list[str] = []
    place = 0
    for match in _ENTITY.finditer(text):
        node = entity(match[0][1:-1], reader)
        done += [unescaped(text[place : match.start()]), read([node]) if node else unescaped(match[0])]
        place = match.end()
    return "".join([*done, unescaped(text[place:])])


def _blocks(lines: list[Line], reader: Reader, verbatim: bool) -> list[Node]:
    made: list[Node] = []
    plain: list[Line] = []
    quoted: list[Line] = []

    def flush() -> None:
        if plain:
            made.extend(_paragraphs(plain, reader, verbatim))
            plain.clear()
        if quoted:
            made.append({"t": "quote", "of": _paragraphs(quoted, reader, verbatim)})
            quoted.clear()

    for place, line in enumerate(lines):
        head = line[0] if line and isinstance(line[0], str) else ""
        if begins := _QUOTE_ALL.match(head):
            flush()
            quoted.extend([[head[begins.end() :], *line[1:]], *lines[place + 1 :]])
            break
        begins = _QUOTE.match(head)
        if (begins is not None) != bool(quoted):
            flush()
        if begins:
            quoted.append([head[begins.end() :], *line[1:]])
        else:
            plain.append(line)
    flush()
    return made


def _paragraphs(lines: list[Line], reader: Reader, verbatim: bool) -> list[Node]:
    """Lines with nothing quoted: a paragraph each run of words, a block each preformatted text."""
    made: list[Node] = []
    words: list[str] = []

    def flush(*, before_block: bool = False) -> None:
        text = "".join(words)
        text = text.removesuffix("\n") if before_block else text
        words.clear()
        if text:
            made.append({"t": "p", "of": merged(spans(text, reader, verbatim=verbatim))})

    for place, line in enumerate(lines):
        # The line break at either side of a block is the block's own.
        if place and not _ends_in_block(lines[place - 1]):
            words.append("\n")
        for piece in line:
            if isinstance(piece, str):
                words.append(piece)
            else:
                flush(before_block=True)
                made.append(piece)
    flush()
    return made


def _ends_in_block(line: Line) -> bool:
    return len(line) > 1 and line[-1] == "" and not isinstance(line[-2], str)
