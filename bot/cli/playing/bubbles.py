"""Messages as they look in a chat, drawn in a terminal."""

from __future__ import annotations

import re
from typing import Any

from rich.align import Align
from rich.box import ROUNDED
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from bot.sandbox import Message

MARKS = re.compile(r"(?P<bold>\*[^*\n]+\*)|(?P<code>`[^`\n]+`)|:(?P<emoji>[a-z_]+):|(?P<link><[^>\n]+>)")
EMOJI = {"white_check_mark": "✓", "leftwards_arrow_with_hook": "↩", "bulb": "•"}
WIDTH = 66
# A space inside a button.
FIRM = "\u00a0"


def marked(text: str) -> Text:
    """Slack's notation as styled text."""
    styled = Text()
    end = 0
    for match in MARKS.finditer(text):
        styled.append(_plain(text[end : match.start()]))
        end = match.end()
        if bold := match["bold"]:
            styled.append(_plain(bold[1:-1]), "bold")
        elif code := match["code"]:
            styled.append(_plain(code[1:-1]), "cyan")
        elif emoji := match["emoji"]:
            styled.append(EMOJI.get(emoji, ""), "green")
        else:
            styled.append(_plain(match["link"][1:-1].split("|")[-1]), "underline")
    styled.append(_plain(text[end:]))
    return styled


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def lines_of(message: Message) -> list[Text]:
    """What stands in a message, a block a text; its buttons stand together in one line."""
    lines: list[Text] = []
    for block in message.blocks:
        kind = block["type"]
        if kind == "header":
            lines.append(Text(_plain(block["text"]["text"]), "bold"))
        elif kind == "section":
            lines.append(marked(block["text"]["text"]))
        elif kind == "context":
            texts = [marked(element["text"]) for element in block["elements"] if isinstance(element.get("text"), str)]
            for text in texts:
                text.stylize("dim")
            lines += texts
        elif kind == "actions":
            lines.append(_buttons(block["elements"]))
    return [line for line in lines if line.plain.strip()] or [marked(message.text)]


def _buttons(elements: list[dict[str, Any]]) -> Text:
    """Buttons side by side, in as many lines as they need."""
    rows = Text()
    used = 0
    for element in elements:
        words: dict[str, str] = element.get("text") or element.get("placeholder") or {}
        label = f" {words.get('text', '')} "
        if used and used + 2 + cell_len(label) > WIDTH - 4:
            rows.append("\n")
            used = 0
        elif used:
            rows.append("  ")
            used += 2
        rows.append(label.replace(" ", FIRM), "reverse dim")
        used += cell_len(label)
    return rows


def from_bot(message: Message, *, most: int | None = None, where: str = "spnet") -> RenderableType:
    """A message of the bot, on the left.

    Args:
        most: so many lines at most; what is left out is marked.
        where: what stands over it.
    """
    return _bubble(_shortened(lines_of(message), most), where, "blue", "left")


def from_person(name: str, text: str, *, most: int | None = None) -> RenderableType:
    """What a person typed, on the right; a click stands in brackets."""
    clicked = text.startswith("[") and text.endswith("]")
    shown = Text(text.strip("[]"), "reverse") if clicked else Text(text.expandtabs(2))
    return _bubble(_shortened([shown], most), name, "green", "right")


def _shortened(texts: list[Text], most: int | None) -> list[Text]:
    lines = [line for text in texts for line in text.split("\n")]
    if most is None or len(lines) <= most:
        return lines
    buttons = [line for line in lines if line.plain.startswith(FIRM)]
    return [*lines[: most - 1 - len(buttons)], Text("…", "dim"), *buttons]


def _bubble(lines: list[Text], title: str, color: str, side: Any) -> RenderableType:
    panel = Panel(
        Group(*lines), title=title, title_align=side, border_style=color, box=ROUNDED, expand=False, padding=(0, 1)
    )
    panel.width = min(WIDTH, max(len(title) + 6, *(_wide(line) + 4 for line in lines)))
    return Align(panel, side)


def _wide(line: Text) -> int:
    return line.cell_len
