"""Nodes read as words: what a screen reader would say, what a notification shows."""

from __future__ import annotations

from collections.abc import Iterable

from bot.sandbox.drawing.reader import Node


def read(nodes: Iterable[Node]) -> str:
    """All words that the nodes show, in order; blocks, items, rows and line breaks end with a line end or a tab."""
    return "".join(_read(node) for node in nodes)


def _read(node: Node) -> str:
    match node["t"]:
        case "text" | "date":
            return str(node["text"])
        case "pre":
            return f"{node['text']}\n"
        case "link":
            return read(node["of"])
        case "user" | "group":
            return f"@{node['name']}"
        case "channel":
            return f"#{node['name']}"
        case "broadcast":
            return f"@{node['range']}"
        case "emoji":
            return node["char"] or f":{node['name']}:"
        case "color":
            return str(node["value"])
        case "list":
            return "".join(f"{read(item)}\n" for item in node["of"])
        case "table":
            return "".join("\t".join(read(cell["of"]) for cell in row) + "\n" for row in node["rows"])
        case "hr" | "br":
            return "\n"
        case _:
            return read(node["of"]) + ("\n" if node["t"] in ("p", "h") else "")
