"""What the sections of a digest are computed from, and how facts are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from bot.standing import Moved, Row, Table
from db.models import Cycle
from db.queries.experiences import Shared

Facts = dict[str, Any]


@dataclass(frozen=True)
class Scene:
    """The network at the moment of composing.

    Attributes:
        rows: every member of the cycle, in alphabetical order.
        moved: the accepted answers beside the last ones, by member code.
        progress: what each accepted assessment says of progress, by member code.
        fresh: codes of members accepted since the last edition about this cycle.
        shared: experiences published since the last edition.
        table: the accepted answers on the way to their own floors and ceilings, and the counts of the region.
        since: when the last edition about this cycle was composed; None for the first.
    """

    cycle: Cycle
    now: datetime
    rows: Sequence[Row]
    moved: Mapping[str, Sequence[Moved]]
    progress: Mapping[str, str]
    fresh: frozenset[str]
    shared: Sequence[Shared]
    since: datetime | None
    table: Table


def freeze(value: Any) -> Any:
    """Facts as JSON. A moment is kept under a name that ends in `_at`; decimals digit by digit."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return {key: freeze(item) for key, item in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [freeze(item) for item in cast("Sequence[Any]", value)]
    return value


def thaw(value: Any, name: str = "") -> Any:
    """Facts as templates read them: what stands under a name that ends in `_at` is a moment again."""
    if isinstance(value, Mapping):
        return {key: thaw(item, key) for key, item in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list):
        return [thaw(item) for item in cast("list[Any]", value)]
    return datetime.fromisoformat(value) if name.endswith("_at") and isinstance(value, str) else value
