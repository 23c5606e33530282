"""Small rules that a Block Kit table is written in; each takes a value, its pointer and the check."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, cast

_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?")


class Check:
    """What one reading of blocks found: problems, and the sum of the text people would read."""

    __slots__ = ("actions", "blocks", "problems", "text")

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.text = 0
        self.blocks: set[str] = set()
        self.actions: set[tuple[str, str]] = set()

    def problem(self, sentence: str, at: str) -> None:
        """Keep one problem."""
        self.problems.append(f"{sentence} [json-pointer:{at}]")


Rule = Callable[[Any, str, Check], None]


def anything(_value: Any, _at: str, _check: Check) -> None:
    """No rule."""


def flag(value: Any, at: str, check: Check) -> None:
    """A boolean."""
    if value is not True and value is not False:
        check.problem("must be a boolean", at)


def number(value: Any, at: str, check: Check) -> None:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        check.problem("must be an integer", at)


def decimal(value: Any, at: str, check: Check) -> None:
    """A decimal number as text."""
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        check.problem("must be a valid number", at)


def string(most: int, least: int = 1) -> Rule:
    """A string of `least` to `most` characters."""

    def rule(value: Any, at: str, check: Check) -> None:
        if not isinstance(value, str):
            check.problem("must provide a string", at)
        elif len(value) > most:
            check.problem(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            check.problem(f"must be more than {least - 1} characters", at)

    return rule


def counted() -> Rule:
    """A string of any length but none, that counts as text people read."""

    def rule(value: Any, at: str, check: Check) -> None:
        if not isinstance(value, str):
            check.problem("must provide a string", at)
            return
        check.text += len(value)
        if not value:
            check.problem("must be more than 0 characters", at)

    return rule


def decimal_number(value: Any, at: str, check: Check) -> None:
    """A number, whole or not."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        check.problem("must be a number", at)


def unless_null(rule: Rule) -> Rule:
    """A rule for what may be null."""

    def checked(value: Any, at: str, check: Check) -> None:
        if value is not None:
            rule(value, at, check)

    return checked


def between(least: int, most: int) -> Rule:
    """A whole number from `least` to `most`."""

    def rule(value: Any, at: str, check: Check) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            check.problem("must be an integer", at)
        elif not least <= value <= most:
            check.problem(f"must be from {least} to {most}", at)

    return rule


def matching(pattern: str, sentence: str, most: int) -> Rule:
    """A string of at most `most` characters that a regular expression matches, whatever the case."""
    known, short = re.compile(pattern, re.IGNORECASE), string(most)

    def rule(value: Any, at: str, check: Check) -> None:
        before = len(check.problems)
        short(value, at, check)
        if len(check.problems) == before and not known.fullmatch(value):
            check.problem(sentence, at)

    return rule


def one_of(*words: str) -> Rule:
    """One of some words."""

    def rule(value: Any, at: str, check: Check) -> None:
        if value not in words:
            check.problem("must be a valid enum value", at)

    return rule


def text(most: int, *kinds: str, least: int = 1) -> Rule:
    """A text object of `least` to `most` characters; kinds are plain_text and mrkdwn unless told."""
    allowed = kinds or ("plain_text", "mrkdwn")

    def rule(value: Any, at: str, check: Check) -> None:
        if not isinstance(value, dict):
            check.problem("must provide an object", at)
            return
        found = cast(dict[str, Any], value)
        kind, words = found.get("type"), found.get("text")
        if kind not in allowed:
            check.problem("must be a valid enum value" if kind else "missing required field: type", f"{at}/type")
        if not isinstance(words, str):
            check.problem("must provide a string" if "text" in found else "missing required field: text", f"{at}/text")
            return
        check.text += len(words)
        if len(words) > most:
            check.problem(f"must be less than {most + 1} characters", f"{at}/text")
        elif len(words) < least:
            check.problem(f"must be more than {least - 1} characters", f"{at}/text")
        for key in found:
            if key not in ("type", "text", "emoji" if kind == "plain_text" else "verbatim"):
                check.problem(f"invalid additional property: {key}", at)

    return rule


def items(rule: Rule, most: int, least: int = 1) -> Rule:
    """A list of `least` to `most` items that each follow a rule."""

    def check_all(value: Any, at: str, check: Check) -> None:
        if not isinstance(value, list):
            check.problem("must provide an array", at)
            return
        found = cast(list[Any], value)
        if len(found) > most:
            check.problem(f"no more than {most} items allowed", at)
        elif len(found) < least:
            check.problem(f"no fewer than {least} items allowed", at)
        else:
            for place, item in enumerate(found):
                rule(item, f"{at}/{place}", check)

    return check_all


def shape(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """An object with these keys and no others; null stands for nothing and is refused like any wrong value."""
    rules = {**(optional or {}), **required}
    needed = tuple(required)

    def rule(value: Any, at: str, check: Check) -> None:
        if not isinstance(value, dict):
            check.problem("must provide an object", at)
            return
        found = cast(dict[str, Any], value)
        for key in needed:
            if key not in found:
                check.problem(f"missing required field: {key}", at)
        for key, part in found.items():
            inner = rules.get(key)
            if inner is None:
                check.problem(f"invalid additional property: {key}", at)
            else:
                inner(part, f"{at}/{key}", check)

    return rule


def by_type(rules: Mapping[str, Rule], *, only: tuple[str, ...] | None = None) -> Rule:
    """An object whose `type` picks its rule from a table."""
    table = {kind: rules[kind] for kind in only} if only is not None else rules

    def rule(value: Any, at: str, check: Check) -> None:
        if not isinstance(value, dict):
            check.problem("must provide an object", at)
            return
        kind: Any = cast(dict[str, Any], value).get("type")
        if kind is None:
            check.problem("missing required field: type", at)
            return
        inner = table.get(kind) if isinstance(kind, str) else None
        if inner is None:
            check.problem(f"unsupported type: {kind}", f"{at}/type")
        else:
            inner(cast(Any, value), at, check)

    return rule
