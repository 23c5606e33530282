"""A verb of the control address: its name, its arguments by name and kind, what it is for, and what it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

Kind = Literal["text", "number", "flag", "any"]


class BadArgument(Exception):
    """An argument that a verb does not know, lacks, or cannot read. Its text names the argument."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: text, a number, a flag, or any JSON. `default` is not asked for when `needed`; where there are
    `choices`, it is one of them."""

    name: str
    kind: Kind = "text"
    needed: bool = False
    default: Any = None
    help: str = ""
    choices: tuple[str, ...] = ()

    def read(self, value: Any) -> Any:
        """The value in its kind; a form's text is taken for a number or a flag.

        Raises:
            BadArgument: it is of another kind, or none of the choices.
        """
        if self.kind == "any" or value is None:
            return value
        if self.kind == "text" and isinstance(value, str):
            if self.choices and value not in self.choices:
                raise BadArgument(f"{self.name} must be one of {', '.join(self.choices)}")
            return value
        if self.kind == "flag":
            if isinstance(value, bool):
                return value
            if value in ("true", "false", "1", "0"):
                return value in ("true", "1")
        if self.kind == "number" and not isinstance(value, bool):
            try:
                number = float(value)
            except (TypeError, ValueError):
                raise BadArgument(f"{self.name} must be a number") from None
            if abs(number) < 1e12:
                return int(number) if number == int(number) else number
        raise BadArgument(f"{self.name} must be a {self.kind}")

    def wire(self) -> dict[str, Any]:
        """How the control address describes it."""
        return {
            "name": self.name,
            "kind": self.kind,
            "needed": self.needed,
            "default": self.default,
            "help": self.help,
            "choices": list(self.choices),
        }


@dataclass(frozen=True, slots=True)
class Verb:
    """What can be done at the control address. `run` gets its subject, then the arguments by name."""

    name: str
    help: str
    run: Callable[..., Any]
    arguments: tuple[Argument, ...] = ()

    def read(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments for `run`; those that were not given are left to its defaults.

        Raises:
            BadArgument: an unknown, missing or unreadable one.
        """
        known = {argument.name: argument for argument in self.arguments}
        for name in body:
            if name not in known:
                raise BadArgument(f"{self.name} takes no {name}; it takes {', '.join(known) or 'nothing'}")
        for argument in self.arguments:
            if argument.needed and body.get(argument.name) is None:
                raise BadArgument(f"{self.name} needs {argument.name}")
        return {name: known[name].read(value) for name, value in body.items() if value is not None}

    def wire(self) -> dict[str, Any]:
        """How the control address describes it."""
        return {
            "name": self.name,
            "help": self.help,
            "arguments": [argument.wire() for argument in self.arguments],
        }


def object_of(body: Any) -> Mapping[str, Any]:
    """A JSON object, an empty one for nothing.

    Raises:
        BadArgument: it is something else.
    """
    if body is None:
        return {}
    if not isinstance(body, dict):
        raise BadArgument("what comes must be a JSON object")
    return cast(dict[str, Any], body)
