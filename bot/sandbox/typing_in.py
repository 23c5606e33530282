"""How Slack's client writes what a person types: escaped, with links and mentions marked up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.drawing.composed import composed
from bot.sandbox.failures import ApiError
from bot.sandbox.limits import POST_TEXT

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

BROADCASTS = {"channel": "<!channel>", "here": "<!here>", "everyone": "<!everyone>"}
DOMAINS = "com|org|net|int|gov|edu|info|io|asia|vn|id|ph|th|la|my|sg|bn|kh|mm|tl"

_SPECIAL = re.compile(
    r"(?P<url>https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"])"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    rf"|(?P<bare>(?<![\w@./-])(?:[a-z][a-z0-9-]*\.)+(?:{DOMAINS})(?:/[^\s<>|]*[^\s<>|.,;:!?)\]'\"])?(?![\w@]))"
    r"|(?P<at>(?<![\w@])@(?P<who>[a-z][\w.-]*\w))",
    re.IGNORECASE,
)


def escaped(text: str) -> str:
    """`&`, `<` and `>` as Slack sends them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def marked_up(workspace: Workspace, typed: str) -> str:
    """The `text` of a message event for what a person typed.

    `&`, `<`, `>` are escaped; web addresses become `<url>`, bare ones `<http://a.org|a.org>`, mail addresses
    `<mailto:a@b.org|a@b.org>`, `@spnet` and other people `<@U…>`, `@channel` `<!channel>`.
    """
    if not ("." in typed or "@" in typed):
        return escaped(typed)
    done: list[str] = []
    last = 0
    for match in _SPECIAL.finditer(typed):
        marked = _mark(workspace, match)
        if marked is None:
            continue
        done += [escaped(typed[last : match.start()]), marked]
        last = match.end()
    done.append(escaped(typed[last:]))
    return "".join(done)


def typed(workspace: Workspace, text: str, *, raw: bool = False) -> str:
    """The `text` of a message that a person sends: marked up, or as it is when it is in Slack's notation already.

    Raises:
        ApiError: msg_too_long. Slack's clients send no longer message than its API takes.
    """
    if len(text) > POST_TEXT:
        raise ApiError("msg_too_long")
    return text if raw else marked_up(workspace, text)


def _mark(workspace: Workspace, match: re.Match[str]) -> str | None:
    found = escaped(match.group(0))
    if match["url"]:
        return f"<{found}>"
    if match["mail"]:
        return f"<mailto:{found}|{found}>"
    if match["bare"]:
        return f"<http://{found}|{found}>"
    who = match["who"].lower()
    if who in BROADCASTS:
        return BROADCASTS[who]
    user = next((u for u in workspace.users.values() if u.handle == who), None)
    return f"<@{user.id}>" if user else None


def rich_text(wire: str, block_id: str) -> list[dict[str, Any]]:
    """The rich_text block that Slack's client adds to what a person types; none for no words.

    Args:
        wire: the message's text, marked up.
        block_id: the block's.
    """
    elements = composed(wire)
    return [{"type": "rich_text", "block_id": block_id, "elements": elements}] if elements else []
