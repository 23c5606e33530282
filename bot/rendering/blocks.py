"""A Message as Slack shows it: Block Kit, within Slack's limits, cut at block boundaries, never inside a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.messages import Choice, Menu, Message
from bot.words import BAR, LINE_BREAK, TYPED, Reader, Words

# Slack's limits, and where we stop short of one whose exact rule is not documented.
BLOCKS_A_MESSAGE = 50
BLOCKS_A_VIEW = 100
SECTION_TEXT = 3000
MESSAGE_TEXT = 12_000
HEADER_TEXT = 150
BUTTON_TEXT = 75
OPTION_TEXT = 75
OPTIONS_A_MENU = 100
BUTTONS_A_ROW = 25
FALLBACK_TEXT = 3000
# Slack takes 100 rows a table, one table a message, and a text in it of about 10,000 characters.
ROWS_A_TABLE = 100
TABLE_TEXT = 9000
CELL_TEXT = 300
CELL_IN_A_LINE = 24
NOTHING = "–"

# Where a text is cut, the best first: between lines, sentences, clauses, words. The `;` of an escape ends nothing.
CUTS = (
    re.compile(r"\n"),
    re.compile(r"[.?…။។。][\"”’)*_`]*\s"),
    re.compile(r"(?:(?<!&amp)(?<!&lt)(?<!&gt);|:)\s"),
    re.compile(r"\s"),
)
UNFINISHED_ESCAPE = re.compile(r"&[a-z]{0,3}$")

Block = dict[str, Any]


@dataclass(frozen=True)
class Post:
    """One message as Slack takes it: the text that notifications show, and the blocks."""

    text: str
    blocks: list[Block]


def render(message: Message, reader: Reader, words: Words) -> list[Post]:
    """A message as one post, or as several where Slack's limits ask for it; the choices stand under the last.

    Args:
        message: what is said.
        reader: in whose zone and date style.
    """
    parts = list(_parts(to_blocks(words.render(message.kind, "chat", message.facts, reader))))
    choices = _choices(message.choices, words)
    if choices and parts and not _fits([*parts[-1], *choices]):
        # Buttons stand together, under some words.
        parts.append([parts[-1].pop()])
    if choices and not parts:
        parts.append([])
    if choices:
        parts[-1] += choices
    return [Post(_fallback(part), part) for part in parts]


def home(cards: Iterable[Message], reader: Reader, words: Words) -> Block:
    """Several messages as the App Home of their reader, each with its buttons; no table.

    Slack takes 100 blocks there. Where there are more, the last words are left out, and no button.
    """
    parts: list[tuple[list[Block], list[Block]]] = []
    place = 0
    for card in cards:
        said = without_tables(to_blocks(words.render(card.kind, "chat", card.facts, reader)))
        parts.append((said, _choices(card.choices, words, place)))
        place += len(card.choices)
    room = BLOCKS_A_VIEW - sum(len(choices) for _, choices in parts)
    blocks: list[Block] = []
    for said, choices in parts:
        blocks += [*said[:room], *choices]
        room -= len(said[:room])
    return {"type": "home", "blocks": blocks}


def to_blocks(chat: str) -> list[Block]:
    """Chat lines as blocks: a blank line ends one; `# ` a header, `~ ` small grey print, `---` a rule, `| ` a table."""
    blocks: list[Block] = []
    for paragraph in re.split(r"\n\s*\n", chat.strip()):
        if paragraph.startswith("| "):
            blocks += _tables(paragraph)
            continue
        text = paragraph.strip("\n").replace(LINE_BREAK, "\n").replace(BAR, "|")
        if not text.strip():
            continue
        kind, text = text[:2], text.replace(TYPED, "")
        if kind == "--" and text == "---":
            blocks.append({"type": "divider"})
        elif kind == "# ":
            blocks.append({"type": "header", "text": _plain(_shortened(_unescaped(text[2:]), HEADER_TEXT))})
        elif kind == "~ ":
            small = "\n".join(line.removeprefix("~ ") for line in text.split("\n"))
            blocks += [
                {"type": "context", "elements": [{"type": "mrkdwn", "text": piece}]}
                for piece in cut(small, SECTION_TEXT)
            ]
        else:
            blocks += [
                {"type": "section", "text": {"type": "mrkdwn", "text": piece}} for piece in cut(text, SECTION_TEXT)
            ]
    return blocks


def _tables(paragraph: str) -> list[Block]:
    """Lines of cells as a table, or as several where they do not fit in one; each has the first row's head."""
    head, *rows = [[_cell(cell) for cell in line.strip().strip("|").split("|")] for line in paragraph.splitlines()]
    tables = [_table(head)]
    for row in rows:
        grown = _table(*tables[-1]["rows"], row)
        fits = len(grown["rows"]) <= ROWS_A_TABLE and _size(grown) <= TABLE_TEXT
        if fits or len(tables[-1]["rows"]) == 1:
            tables[-1] = grown
        else:
            tables.append(_table(head, row))
    return tables


def _table(*rows: list[Block]) -> Block:
    """Only long cells are wrapped: the narrower a table, the more of it a phone shows."""
    columns = zip(*rows, strict=False)
    settings = [{"is_wrapped": max(len(cell["text"]) for cell in column) > CELL_IN_A_LINE} for column in columns]
    return {"type": "table", "column_settings": settings, "rows": list(rows)}


def _cell(text: str) -> Block:
    shown = _unescaped(text.replace(TYPED, "").replace(LINE_BREAK, " ").replace(BAR, "|")).strip()
    return {"type": "raw_text", "text": _shortened(shown, CELL_TEXT) or NOTHING}


def without_tables(blocks: Iterable[Block]) -> list[Block]:
    """The same for places that take no table: each row is a line that begins with its first cell."""
    said: list[Block] = []
    for block in blocks:
        if block["type"] != "table":
            said.append(block)
            continue
        said += [
            {"type": "section", "text": {"type": "mrkdwn", "text": piece}}
            for piece in cut("\n".join(lines_of(block)), SECTION_TEXT)
        ]
    return said


def cells_of(table: Block) -> list[list[str]]:
    """The words of a table, row by row."""
    return [[str(cell["text"]) for cell in row] for row in table["rows"]]


def lines_of(table: Block) -> list[str]:
    """The rows of a table as chat lines; what each cell is stands before it."""
    head, *rows = cells_of(table)
    lines: list[str] = []
    for first, *cells in rows:
        said = "; ".join(f"{what}: {cell}" for what, cell in zip(head[1:], cells, strict=False))
        lines.append(f"• *{_escaped(first)}*: {_escaped(said)}")
    return lines


def cut(text: str, limit: int) -> list[str]:
    """A text in pieces of at most `limit` characters, cut at line ends, else sentence ends, else words."""
    pieces: list[str] = []
    text = text.strip()
    while len(text) > limit:
        place = _place_to_cut(text[:limit])
        pieces.append(text[:place].rstrip())
        text = text[place:].lstrip()
    return [*pieces, text] if text else pieces


def _place_to_cut(window: str) -> int:
    for ends in CUTS:
        if places := [match.end() for match in ends.finditer(window)]:
            return places[-1]
    # An unbroken run: at least no escaped character is cut in two.
    unfinished = UNFINISHED_ESCAPE.search(window)
    return unfinished.start() if unfinished and unfinished.start() else len(window)


def _parts(blocks: list[Block]) -> Iterable[list[Block]]:
    part: list[Block] = []
    for block in blocks:
        if part and not _fits([*part, block]):
            yield part
            part = []
        part.append(block)
    if part:
        yield part


def _fits(part: list[Block]) -> bool:
    """Whether these are one message, with a table in it or with that as lines."""
    one_table = sum(block["type"] == "table" for block in part) <= 1
    return one_table and len(without_tables(part)) <= BLOCKS_A_MESSAGE and sum(map(_size, part)) <= MESSAGE_TEXT


def _size(block: Block) -> int:
    """How much text a block shows, that of its buttons and options too; of a table, what its lines would."""
    if block["type"] == "table":
        return sum(len(line) + 1 for line in lines_of(block))
    texts: list[Block] = [block.get("text", {})]
    for element in block.get("elements", ()):
        texts += [element, *element.get("options", ())]
    shown: list[Any] = [text["text"] for text in texts if "text" in text]
    return sum(len(text if isinstance(text, str) else str(text["text"])) for text in shown)


def _choices(choices: tuple[Choice | Menu, ...], words: Words, first: int = 0) -> list[Block]:
    elements = [
        _menu(choice, words, place) if isinstance(choice, Menu) else _button(choice, words, place)
        for place, choice in enumerate(choices, first)
    ]
    return [
        {"type": "actions", "elements": elements[start : start + BUTTONS_A_ROW]}
        for start in range(0, len(elements), BUTTONS_A_ROW)
    ]


def _button(choice: Choice, words: Words, place: int) -> Block:
    label = words.label(choice.label or choice.deed.value, **choice.facts)
    button: Block = {
        "type": "button",
        # Slack wants every action_id in a message to be its own.
        "action_id": f"{choice.deed.value}:{place}",
        "text": _plain(_shortened(label, BUTTON_TEXT)),
        "value": choice.value,
    }
    if choice.style:
        button["style"] = choice.style
    return button


def _menu(menu: Menu, words: Words, place: int) -> Block:
    return {
        "type": "static_select",
        "action_id": f"{menu.deed.value}:{place}",
        "placeholder": _plain(words.label(menu.label)),
        "options": [option(value, text) for value, text in menu.options[:OPTIONS_A_MENU]],
    }


def option(value: str, text: str) -> Block:
    """One option of a select."""
    return {"text": _plain(_shortened(text, OPTION_TEXT)), "value": value}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _fallback(blocks: list[Block]) -> str:
    """What notifications show. Slack reads marks here, so a header, which is plain in its block, is escaped again."""
    lines: list[str] = []
    for block in blocks:
        if block["type"] == "header":
            lines.append(_escaped(str(block["text"]["text"])))
        elif block["type"] == "section":
            lines.append(str(block["text"]["text"]))
        elif block["type"] == "table":
            lines += lines_of(block)
    return cut("\n".join(lines) or "spnet", FALLBACK_TEXT)[0]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
