"""What stands in the way of a command, in one line each, with what to do; never a traceback.

The words are the `trouble_...` labels of templates/labels.toml: a first line says what is wrong, a second what to do.
"""

from __future__ import annotations

import html
import traceback
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.config import ConfigError
from bot.errors import ChannelError, Refusal
from bot.formats import FormatError
from bot.words import UTC_READER, one_line, words
from db.engine import DatabaseError

CONFIGURATION, FAILED = 2, 1


class Trouble(Exception):
    """Something stands in the way.

    Args:
        code: names the words, `trouble_<code>`.
        facts: fill them.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    @property
    def lines(self) -> tuple[str, str]:
        """What is wrong, and what to do about it (may be empty)."""
        said = words().maybe_label(f"trouble_{self.code}") or words().label("trouble_other")
        what, _, mend = said.format(**{"code": self.code, **self.facts}).partition("\n")
        return what, mend


def of(error: Exception) -> Trouble:
    """Any error as a trouble."""
    match error:
        case Trouble():
            return error
        case DatabaseError():
            known = ("locked", "read_only", "unreachable", "no_tables")
            code = error.code if error.code in known else "other"
            return Trouble(f"database_{code}", detail=error.detail)
        case ChannelError():
            return Trouble(f"channel_{error.code}", named=error.code)
        case _:
            last = traceback.extract_tb(error.__traceback__)[-1:]
            place = f"{Path(last[0].filename).name}, line {last[0].lineno}" if last else ""
            return Trouble("unexpected", error=type(error).__name__, place=place)


def explain(error: Exception) -> int:
    """Say on standard error what went wrong; gives the exit code."""
    console = Console(stderr=True, soft_wrap=True)
    match error:
        case ConfigError():
            for row in error.rows:
                console.print(Text(f"{row.key} {row.problem}\n    {row.example}"))
            return CONFIGURATION
        case FormatError():
            console.print(Text(str(error)))
            return CONFIGURATION
        case Refusal():
            # The words are written for chat, where what somebody typed is escaped.
            said = words().render(f"refusals/{error.name}", "chat", error.facts, UTC_READER)
            console.print(Text(html.unescape(one_line(said))))
            return FAILED
        case _:
            for line in of(error).lines:
                if line:
                    console.print(Text(line))
            return FAILED
