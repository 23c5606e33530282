"""What the sandbox's page offers while somebody types: the app's command with every sub-command, and its shortcuts."""

from __future__ import annotations

import re
from typing import Any

from bot.words import words
from handlers.commands import COMMANDS
from handlers.manifest import COMMAND, manifest

# `/spnet cycle close 2026`: take no more answers
USAGE = re.compile(rf"`{COMMAND} ([^`]+)`: (.*)", re.DOTALL)


def commands(network: str) -> list[dict[str, Any]]:
    """Each slash command of the manifest, with `completions`: what may stand behind it, and what that does."""
    completions: list[dict[str, str]] = []
    for command in COMMANDS:
        usage = USAGE.fullmatch(words().label(command.label))
        text, help = usage.groups() if usage else (command.name, "")
        completions.append({"text": text, "help": help.replace("`", "")})
    return [
        {
            "command": each["command"],
            "usage_hint": each["usage_hint"],
            "description": each["description"],
            "completions": completions,
        }
        for each in manifest(network, "socket")["features"]["slash_commands"]
    ]


def shortcuts(network: str) -> list[dict[str, Any]]:
    """The shortcuts of the manifest."""
    return [
        {"callback_id": each["callback_id"], "name": each["name"], "type": each["type"]}
        for each in manifest(network, "socket")["features"]["shortcuts"]
    ]
