"""What Slack's own composer makes of a text in mrkdwn: the rich_text block that every message of a person carries."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from bot.sandbox.drawing import mrkdwn
from bot.sandbox.drawing.reader import Node, Reader

STYLES: Final = {"b": "bold", "i": "italic", "s": "strike", "c": "code"}
# Names and zone do not matter here: a mention keeps its id, and a person types no dates.
_NOBODY: Final = Reader(UTC, datetime(1970, 1, 1, tzinfo=UTC))

Element = dict[str, Any]


def composed(wire: str) -> list[Element]:
    """The `elements` of the rich_text block for a text as it stands on the wire: sections, quotes, code."""
    made: list[Element] = []
    for block in mrkdwn.blocks(wire, _NOBODY):
        match block["t"]:
            case "pre":
                made.append(_part("rich_text_preformatted", [_text(block["text"])]))
            case "quote":
                made += [
                    _part("rich_text_quote", _inline(inner["of"]))
                    if inner["t"] == "p"
                    else _part("rich_text_preformatted", [_text(inner["text"])])
                    for inner in block["of"]
                ]
            case _:
                made.append(_part("rich_text_section", _inline(block["of"])))
    return made


def _part(kind: str, elements: list[Element]) -> Element:
    return {"type": kind, "elements": elements}


def _inline(nodes: list[Node]) -> list[Element]:
    made: list[Element] = []
    for node in nodes:
        element = _element(node)
        last = made[-1] if made else None
        # The client keeps a line break in the words around it.
        if last and last["type"] == element["type"] == "text" and last.get("style") == element.get("style"):
            last["text"] += element["text"]
        else:
            made.append(element)
    return made


def _element(node: Node) -> Element:
    made = _bare(node)
    words = node["of"][0] if node["t"] == "link" else node
    style = {name: True for mark, name in STYLES.items() if words.get(mark)}
    return {**made, "style": style} if style else made


def _bare(node: Node) -> Element:
    match node["t"]:
        case "br":
            return _text("\n")
        case "link":
            words = "".join(str(each.get("text", "")) for each in node["of"])
            bare = node["url"].partition(":")[2] if node["url"].startswith(("mailto:", "tel:")) else node["url"]
            return {"type": "link", "url": node["url"], **({"text": words} if words not in ("", bare) else {})}
        case "user":
            return {"type": "user", "user_id": node["id"]}
        case "channel":
            return {"type": "channel", "channel_id": node["id"]}
        case "group":
            return {"type": "usergroup", "usergroup_id": node["id"]}
        case "broadcast":
            return {"type": "broadcast", "range": node["range"]}
        case "emoji":
            tone = {"skin_tone": node["tone"]} if "tone" in node else {}
            return {
                "type": "emoji",
                "name": node["name"],
                **tone,
                "unicode": "-".join(f"{ord(c):x}" for c in node["char"]),
            }
        case _:
            return _text(node["text"])


def _text(text: str) -> Element:
    return {"type": "text", "text": text}
