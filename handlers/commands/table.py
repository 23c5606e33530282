"""COMMANDS: every `/spnet` command, whose it is, and the function that does it. Help is made from this table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot import permissions
from bot.messages import Message
from bot.permissions import Act
from bot.speaker import Speaker
from handlers.saying import Outcome
from handlers.speaker import Desk


@dataclass(frozen=True)
class Call:
    """One `/spnet` as it was typed.

    Attributes:
        user: the Slack id of who typed it.
        words: what stood behind the command's own name.
        text: the same, as one line.
        trigger_id: opens a modal.
        client: Bolt's client of this request.
        channel: where it was typed; empty where that is not known.
    """

    desk: Desk
    user: str
    words: tuple[str, ...]
    text: str
    trigger_id: str
    client: Any
    channel: str = ""


# What asks for the help itself.
HELP = ("", "help", "?")
# What is about the open cycle stands first in the help: their first words.
OF_THE_CYCLE = ("status", "contributors", "comments", "clearance", "review", "remind", "cycle")
# So much is shown of what was typed and is no command.
SHOWN = 60

Run = Callable[[Call], Awaitable[Outcome]]


@dataclass(frozen=True)
class Command:
    """One command.

    Attributes:
        name: its words, such as `cycle open`.
        act: the right it asks for; None: for everyone. Its help line is the label `command_<name>`.
        run: does it.
        own: it is first of all about one's own country; who stands for none reads `command_<name>_of_any`.
    """

    name: str
    act: Act | None
    run: Run
    own: bool = False

    @property
    def label(self) -> str:
        """The key of its usage line in templates/labels.toml."""
        return "command_" + self.name.replace(" ", "_")

    def label_for(self, by: Speaker) -> str:
        """The key of the line that this person reads."""
        return f"{self.label}_of_any" if self.own and by.member is None else self.label


def found(commands: tuple[Command, ...], text: str) -> tuple[Command, str] | None:
    """The command that a text begins with, and what stands behind it; the longest name wins."""
    typed = text.split()
    for command in sorted(commands, key=lambda command: -len(command.name.split())):
        name = command.name.split()
        if [word.lower() for word in typed[: len(name)]] == name:
            rest = text.strip()
            for _ in name:
                rest = rest.split(maxsplit=1)[1] if len(rest.split(maxsplit=1)) > 1 else ""
            return command, rest
    return None


def help_message(commands: tuple[Command, ...], by: Speaker, text: str = "") -> Message:
    """The commands that this person may use; what was typed and is none of them is named.

    All of them are shown in short, those of the open cycle first. Of `focal` or `help focal`, or `focal` and a word
    that belongs to none of them, only the commands that begin so are shown, with all that they take.
    """
    mine = [each for each in commands if each.act is None or permissions.allowed(by, each.act, by.member)]
    typed = text.lower().split()
    typed = typed[1:] if typed[:1] == ["help"] else typed
    family = [each for each in mine if typed and each.name.split()[0] == typed[0]]
    of_cycle = [each for each in mine if each.name.split()[0] in OF_THE_CYCLE]
    others = [each for each in mine if each not in of_cycle]
    known = text.lower() in HELP or (len(typed) == 1 and family)
    return Message(
        "network/commands",
        {
            "commands": [command.label_for(by) for command in family or (*of_cycle, *others)],
            "of_cycle": 0 if family else len(of_cycle),
            "wrote": "" if known else text[:SHOWN],
            "family": bool(family),
            "answers": any(permissions.allowed(by, act, by.member) for act in (Act.ANSWER, Act.CONTRIBUTE)),
        },
    )
