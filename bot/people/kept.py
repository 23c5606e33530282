"""What the forms of the register have in common: what comes back with them, and what came of them.

Nothing is overwritten silently. A form carries a mark of what it showed; where that is no longer what stands, the form
comes back with what stands now above what the person wrote.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.errors import NotFound, numbered
from bot.messages import Field, Form, Message, Sort

Given = Mapping[str, Sequence[str]]
LONGEST_NAME = 200
LONGEST_TEXT = 500
REMOVE = "remove"


@dataclass(frozen=True)
class Kept:
    """What came of a form: one of these.

    Attributes:
        problems: what is wrong, by field: keys of templates/labels.toml.
        anew: the form again, since somebody else changed the thing meanwhile.
        over: another form, laid over this one: whoever closes it is back in this one as they filled it in.
        said: stored; what to say.
    """

    problems: Mapping[str, str] = field(default_factory=dict[str, str])
    anew: Form | None = None
    over: Form | None = None
    said: Message | None = None


@dataclass(frozen=True)
class Slip:
    """What a button or a form is about: a member, one of its things (0: a new one), and the mark of what was shown."""

    member: str
    number: int = 0
    mark: str = ""

    @property
    def text(self) -> str:
        """As a button or a form carries it."""
        return f"{self.member}:{self.number}:{self.mark}"


def slip(text: str) -> Slip:
    """Read back what a button or a form carries.

    Raises:
        NotFound: this bot did not make it.
    """
    parts = text.split(":")
    if len(parts) != 3:
        raise NotFound(what="button", named=text[:40])
    return Slip(parts[0][:3], numbered(parts[1]), parts[2])


def mark(*shown: Any) -> str:
    """A short mark of what a form shows: another one as soon as anything of it is another."""
    return hashlib.sha256(json.dumps(shown, default=str).encode()).hexdigest()[:16]


def one(given: Given, name: str) -> str:
    """What was filled in on one line: no break, nothing invisible."""
    text = "".join(each if each.isprintable() else " " for each in "".join(given.get(name, [])[:1]))
    return " ".join(text.split())


def lines(given: Given, name: str) -> str:
    """The same, with its line breaks."""
    text = "".join(given.get(name, [])[:1]).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(filter(None, (one({"line": [line]}, "line") for line in text.split("\n"))))


def day(given: Given, name: str) -> date | None:
    """A day that was chosen; None where none was.

    Raises:
        ValueError: it is no day.
    """
    text = one(given, name)
    found = date.fromisoformat(text) if text else None
    if found is not None and not 1900 <= found.year <= 2200:
        raise ValueError(text)
    return found


def days(given: Given, *names: str) -> tuple[dict[str, date | None], dict[str, str]]:
    """Several days, and what is wrong with them."""
    found: dict[str, date | None] = {}
    problems: dict[str, str] = {}
    for name in names:
        try:
            found[name] = day(given, name)
        except ValueError:
            problems[name] = "register_no_day"
    return found, problems


def removal(words: str, label: Callable[[str], str]) -> Field:
    """The box to tick for taking a thing out again.

    Args:
        words: what stands beside the box, an entry of templates/labels.toml.
    """
    return Field(REMOVE, "register_remove", ((REMOVE, label(words)),), sort=Sort.CHECKS, optional=True)


def removes(given: Given) -> bool:
    """Whether that box was ticked."""
    return REMOVE in given.get(REMOVE, [])


def again(form: Form, given: Given, intro: Message) -> Form:
    """The form with what the person wrote in it, under what stands now."""
    fields = tuple(_refilled(each, given) for each in form.fields)
    return Form(form.deed, fields, form.private, intro)


def _refilled(each: Field, given: Given) -> Field:
    return replace(each, initial=",".join(given.get(each.name, [])) or None)
