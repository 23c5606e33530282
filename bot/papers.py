"""The forms in which what was reported can be had as a file, and what a button carries that gives one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.errors import NotFound


class Paper(StrEnum):
    """One form of file. What makes it stands in MAKERS of `bot.exports.files`."""

    XLSX = "xlsx"
    CSV = "csv"
    SDMX = "sdmx"
    REPORT = "report"
    SYNTHESIS = "synthesis"


@dataclass(frozen=True)
class Wish:
    """What is wanted.

    Attributes:
        cycle: a cycle's code; `all`; None: the newest.
        member: a country's code or name; None: all, or where it is for a country, its own.
    """

    paper: Paper
    cycle: str | None = None
    member: str | None = None


def ticket(paper: Paper, cycle: str, member: str | None = None) -> str:
    """What a button carries that gives one file."""
    return f"{paper.value}|{cycle}|{member or ''}"


def presented(value: str) -> Wish:
    """The other way round.

    Raises:
        NotFound: the button was not made by this bot.
    """
    paper, _, rest = value.partition("|")
    cycle, _, member = rest.partition("|")
    if paper not in list(Paper) or not cycle:
        raise NotFound(what="button", named=value[:40])
    return Wish(Paper(paper), cycle, member or None)
