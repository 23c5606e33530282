"""What stands between `<` and `>` in Slack's notation: links, mentions, dates; and which addresses become links."""

from __future__ import annotations

import re
from typing import Final

from bot.sandbox.drawing import dates
from bot.sandbox.drawing.reader import Node, Reader

SCHEME: Final = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>\x00-\x1f\x7f]+", re.IGNORECASE)
ID: Final = re.compile(r"[A-Z0-9]{2,40}")
BROADCASTS: Final = {"here": "here", "channel": "channel", "everyone": "everyone", "group": "channel"}
_SECONDS: Final = re.compile(r"-?\d{1,15}")

ESCAPES: Final = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
ESCAPE: Final = re.compile(r"&(?:lt|gt|amp);")


def unescaped(text: str) -> str:
    """Slack's three escapes as the signs they stand for; nothing else is an escape there."""
    return ESCAPE.sub(lambda match: ESCAPES[match[0]], text) if "&" in text else text


def is_link(url: str) -> bool:
    """Whether the page makes a link of an address: http, https, mailto and tel only."""
    return SCHEME.fullmatch(url) is not None


def entity(inner: str, reader: Reader) -> Node | None:
    """What `<inner>` is; None when it is nothing Slack knows, and so is drawn as it was typed."""
    target, bar, label = inner.partition("|")
    label = unescaped(label) if bar else ""
    match target[:1]:
        case "@":
            return _named("user", target[1:], label.removeprefix("@"), reader)
        case "#":
            return _named("channel", target[1:], label.removeprefix("#"), reader)
        case "!":
            return _command(target[1:], label, reader)
        case _:
            return _link(unescaped(target), label)


def _named(kind: str, identity: str, label: str, reader: Reader) -> Node | None:
    if not ID.fullmatch(identity):
        return None
    return {"t": kind, "id": identity, "name": reader.name(identity) or label or identity}


def _command(command: str, label: str, reader: Reader) -> Node | None:
    name, _, rest = command.partition("^")
    if name in BROADCASTS:
        return {"t": "broadcast", "range": BROADCASTS[name]}
    if name == "subteam":
        return _named("group", rest, label.removeprefix("@"), reader)
    if name == "date":
        return _date(rest, label, reader)
    # Slack shows a command that it does not know by its label, else by its name.
    return {"t": "text", "text": f"<{label or unescaped(command)}>"}


def _date(rest: str, fallback: str, reader: Reader) -> Node | None:
    seconds, _, form = rest.partition("^")
    template, _, link = form.partition("^")
    at = int(seconds) if _SECONDS.fullmatch(seconds) else None
    text = None if at is None else dates.written(at, unescaped(template), reader)
    if text is None:
        return {"t": "text", "text": fallback} if fallback else None
    return linked({"t": "date", "text": text, "at": at}, unescaped(link))


def linked(node: Node, url: str) -> Node:
    """A node under a link, or as it is where the address may not become one."""
    return {"t": "link", "url": url, "of": [node]} if is_link(url) else node


def _link(url: str, label: str) -> Node | None:
    if not is_link(url):
        return None
    bare = re.sub(r"^(?:mailto|tel):", "", url, flags=re.IGNORECASE)
    return {"t": "link", "url": url, "of": [{"t": "text", "text": label or bare}]}
