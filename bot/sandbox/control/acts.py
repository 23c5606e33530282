"""ACTS: everything that a person can do, one line each; the page and the tests' stage do it by these names."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any, Final, Literal

from bot.sandbox import gestures
from bot.sandbox.people import Person
from bot.sandbox.verbs import Argument, BadArgument, Verb, object_of

Act = Callable[..., Awaitable[dict[str, Any]]]

MOST_CLICKS = 10


async def _says(person: Person, text: str, channel: str | None = None, **how: Any) -> dict[str, Any]:
    return {"ts": await person.says(text, channel, **how)}


async def _edits(person: Person, ts: str, text: str, channel: str | None = None) -> dict[str, Any]:
    await person.edits(ts, text, channel)
    return {}


async def _deletes(person: Person, ts: str, channel: str | None = None) -> dict[str, Any]:
    await person.deletes(ts, channel)
    return {}


async def _uploads(person: Person, name: str, content: str, text: str = "", **where: Any) -> dict[str, Any]:
    return {"ts": await person.uploads(name, _bytes(content), text, **where)}


async def _attaches(person: Person, name: str, content: str) -> dict[str, Any]:
    return {"id": person.slack.files.add(name, _bytes(content), person.id).id}


def _bytes(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise BadArgument("content must be base64") from None


async def _clicks(person: Person, action_id: str, times: int = 1, **which: Any) -> dict[str, Any]:
    if times not in range(1, MOST_CLICKS + 1):
        raise BadArgument(f"times goes from 1 to {MOST_CLICKS}")
    await person.clicks(action_id, times=times, **which)
    return {}


async def _selects(person: Person, action_id: str, value: Any = None, **which: Any) -> dict[str, Any]:
    await person.selects(action_id, value, **which)
    return {}


async def _suggests(person: Person, action_id: str, value: str, **which: Any) -> dict[str, Any]:
    return await person.suggests(action_id, value, **which)


async def _command(person: Person, name: str, text: str = "", channel: str | None = None) -> dict[str, Any]:
    return {"answer": await person.command(name, text, channel)}


async def _shortcut(
    person: Person, callback_id: str, message: str | None = None, channel: str | None = None
) -> dict[str, Any]:
    await person.shortcut(callback_id, message, channel)
    return {}


async def _opens_home(person: Person, tab: Literal["home", "messages"] = "home") -> dict[str, Any]:
    await person.opens_home(tab)
    return {}


async def _fills(person: Person, values: Any) -> dict[str, Any]:
    await person.fills(object_of(values))
    return {}


async def _submits(person: Person, values: Any = None) -> dict[str, Any]:
    if values is not None:
        await _fills(person, values)
    return {"errors": await person.submits()}


async def _closes(person: Person, all: bool = False) -> dict[str, Any]:
    await person.closes(all=all)
    return {}


def _gesture(run: Callable[..., Awaitable[None]]) -> Act:
    async def act(person: Person, **arguments: Any) -> dict[str, Any]:
        await run(person, **arguments)
        return {}

    return act


_CHANNEL = Argument("channel", help="Its id or #name; the direct message with the bot if left out")
_THERE = Argument("channel", needed=True, help="Its id or #name")
_TS = Argument("ts", needed=True, help="The message's timestamp")
_THREAD = Argument("thread", help="The ts of the message to answer in its thread")
_WHICH = (
    Argument("action_id", needed=True, help="The element's"),
    Argument("block_id", help="Picks among blocks with the same action_id"),
    Argument("message", help="The ts of the message to act in, however old"),
    Argument("where", help="Look only there: modal, message or home", choices=("modal", "message", "home")),
    Argument("wait", "flag", help="Answer only when the bot has acknowledged"),
)
_EMOJI = Argument("name", needed=True, help="The emoji's name, such as thumbsup")

ACTS: Final[tuple[Verb, ...]] = (
    Verb(
        "says",
        "Type a message.",
        _says,
        (
            Argument("text", needed=True, help="As typed"),
            _CHANNEL,
            _THREAD,
            Argument("raw", "flag", help="The text is already in Slack's notation"),
        ),
    ),
    Verb(
        "edits", "Change an own message.", _edits, (_TS, Argument("text", needed=True, help="The new words"), _CHANNEL)
    ),
    Verb("deletes", "Take an own message back.", _deletes, (_TS, _CHANNEL)),
    Verb(
        "uploads",
        "Share a file (as JSON with base64, or as multipart with a field `file`).",
        _uploads,
        (
            Argument("name", needed=True, help="The file's name"),
            Argument("content", needed=True, help="The file's bytes in base64"),
            Argument("text", help="A comment"),
            _CHANNEL,
            _THREAD,
        ),
    ),
    Verb(
        "attaches",
        "Choose a file for a form's file field; the answer holds the id to fill in.",
        _attaches,
        (
            Argument("name", needed=True, help="The file's name"),
            Argument("content", needed=True, help="The file's bytes in base64"),
        ),
    ),
    Verb("reacts", "Put an emoji under a message.", _gesture(gestures.reacts), (_EMOJI, _TS, _CHANNEL)),
    Verb("unreacts", "Take one's emoji away.", _gesture(gestures.unreacts), (_EMOJI, _TS, _CHANNEL)),
    Verb(
        "clicks",
        "Click a button.",
        _clicks,
        (
            *_WHICH,
            Argument("value", help="Picks among buttons with the same action_id"),
            Argument("times", "number", default=1, help="2 is a double click"),
        ),
    ),
    Verb(
        "selects",
        "Choose in a select, a menu, radio buttons, checkboxes or a date picker.",
        _selects,
        (*_WHICH, Argument("value", "any", help="The option's value, a list of them, a date, an id; none clears")),
    ),
    Verb(
        "suggests",
        "Type into a select whose options come from the bot; the answer holds them.",
        _suggests,
        (*_WHICH[:-1], Argument("value", needed=True, help="What was typed so far")),
    ),
    Verb(
        "command",
        "Send a slash command.",
        _command,
        (
            Argument("name", needed=True, help="Such as /spnet"),
            Argument("text", help="What stands behind it"),
            _CHANNEL,
        ),
    ),
    Verb(
        "shortcut",
        "Use a message shortcut, or a global one when no message is given.",
        _shortcut,
        (
            Argument("callback_id", needed=True, help="The shortcut's"),
            Argument("message", help="The message's ts"),
            _CHANNEL,
        ),
    ),
    Verb(
        "opens_home",
        "Open the app.",
        _opens_home,
        (Argument("tab", default="home", help="home or messages", choices=("home", "messages")),),
    ),
    Verb(
        "fills",
        "Fill in the open modal.",
        _fills,
        (Argument("values", "any", needed=True, help="By block_id or action_id"),),
    ),
    Verb(
        "submits",
        "Submit the open modal; the answer holds the errors by block_id, or null.",
        _submits,
        (Argument("values", "any", help="Fill these in first"),),
    ),
    Verb("closes", "Close the open modal.", _closes, (Argument("all", "flag", help="Every one of the stack"),)),
    Verb(
        "reads",
        "Move the unread mark.",
        _gesture(gestures.reads),
        (_THERE, Argument("ts", help="Up to this message; the newest if left out")),
    ),
    Verb("pins", "Pin a message to its channel.", _gesture(gestures.pins), (_TS, _CHANNEL)),
    Verb("unpins", "Take a pin away.", _gesture(gestures.unpins), (_TS, _CHANNEL)),
    Verb(
        "presents",
        "Change what one's profile says.",
        _gesture(gestures.presents),
        (Argument("title", help="What one does"), Argument("status", help="As in `:palm_tree: on leave`")),
    ),
    Verb("joins", "Go into a public channel.", _gesture(gestures.joins), (_THERE,)),
    Verb("leaves", "Go out of a channel.", _gesture(gestures.leaves), (_THERE,)),
    Verb(
        "invites",
        "Bring somebody into a channel.",
        _gesture(gestures.invites),
        (_THERE, Argument("user", help="The person's id; the bot if left out")),
    ),
)
