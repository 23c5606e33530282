"""table blocks -> a table node. Source: Slack's page "Table block"; raw_number as in its type `RawNumberElement`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from bot.sandbox.drawing import richtext
from bot.sandbox.drawing.reader import Node, Reader
from bot.sandbox.drawing.richtext import Part, parts, word

ALIGNS: Final = ("left", "center", "right")


def table(block: Part, reader: Reader) -> Node:
    """A table of raw_text, raw_number and rich_text cells; the first row heads it, as in Slack's client."""
    settings = block.get("column_settings")
    columns = cast("list[Any]", settings) if isinstance(settings, list) else []
    rows = block.get("rows")
    rows = cast("list[Any]", rows) if isinstance(rows, list) else []
    return {
        "t": "table",
        "head": len(rows) > 1,
        "rows": [
            [{**_cell(cell, reader), **_column(columns, place)} for place, cell in enumerate(parts(row))]
            for row in rows
        ],
    }


def _column(columns: list[Any], place: int) -> Node:
    setting = columns[place] if place < len(columns) else None
    asked: Part = cast(Part, setting) if isinstance(setting, Mapping) else {}
    made: Node = {"align": asked["align"]} if asked.get("align") in ALIGNS else {}
    return {**made, "wrap": True} if asked.get("is_wrapped") is True else made


def _cell(cell: Part, reader: Reader) -> Node:
    match cell.get("type"):
        case "rich_text":
            nodes: list[Node] = []
            for block in richtext.blocks(cell, reader):
                nodes += [*([{"t": "br"}] if nodes else []), *flat(block)]
            return {"of": nodes}
        case "raw_number":
            text = word(cell, "text") or str(cell.get("value", ""))
            return {"align": "right", "of": [{"t": "text", "text": text}]}
        case _:
            return {"of": [{"t": "text", "text": word(cell, "text")}]}


def flat(block: Node) -> list[Node]:
    """A block's words for a place that holds inline nodes only."""
    match block["t"]:
        case "pre":
            return [{"t": "text", "text": block["text"], "c": True}]
        case "quote":
            return [node for inner in block["of"] for node in flat(inner)]
        case "list":
            nodes: list[Node] = []
            for number, item in enumerate(block["of"], block["start"]):
                mark = f"{number}. " if block["ordered"] else "• "
                nodes += [*([{"t": "br"}] if nodes else []), {"t": "text", "text": mark}, *item]
            return nodes
        case _:
            return list(block["of"])
