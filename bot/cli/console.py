"""How the command speaks: its lines on standard output, what is wrong on standard error."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from bot.cli.troubles import Trouble
from bot.words import words


def say(label: str, **facts: object) -> None:
    """One line of templates/labels.toml."""
    Console(soft_wrap=True, highlight=False).print(Text(words().label(label, **facts)))


def note(trouble: Trouble, then: str | None = None) -> None:
    """What is wrong, what to do, and how it goes on all the same."""
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    what, mend = trouble.lines
    console.print(Text(what))
    for line in (mend, words().label(then) if then else ""):
        if line:
            console.print(Text("  " + line))
