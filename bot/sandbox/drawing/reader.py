"""Who looks at a message: in which zone, at what moment, and under which names this person knows the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

Node = dict[str, Any]
"""One thing on the page, told apart by `t`; the page makes an element of it and puts its words in as text."""


def _nobody(_: str) -> str | None:
    return None


@dataclass(frozen=True)
class Reader:
    """For whom a text is drawn.

    Args:
        zone: the reader's time zone; dates are written in it.
        now: the moment of reading, aware; decides "today", "yesterday" and "3 minutes ago".
        name: the name of a person, channel, user group or team by its id, None when unknown.
        clock24: 18:39 rather than 6:39 PM, as people may choose in Slack; Slack starts with the 12-hour clock.
        custom: the names of the workspace's own emoji.
    """

    zone: tzinfo
    now: datetime
    name: Callable[[str], str | None] = _nobody
    clock24: bool = False
    custom: frozenset[str] = frozenset()


def known(names: Mapping[str, str]) -> Callable[[str], str | None]:
    """A look-up for `Reader.name` out of a table of id to name."""
    return names.get
