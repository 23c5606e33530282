"""What a member aims at for one indicator: its floor, its ceiling, and the year by which it wants to be there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from db.models import Assessment, Floor


@dataclass(frozen=True)
class Aim:
    """The floor and the ceiling of one member for one indicator, in the indicator's unit.

    Attributes:
        floor: None where the member has given its floor up.
        ceiling: None where it has set none.
        target_year: by when; always there with a ceiling.
        source: the law or the policy that it stands on.
        valid_from: the day from which it counts.
    """

    floor: Decimal | None
    ceiling: Decimal | None
    target_year: int | None
    source: str
    valid_from: date


def aim_of(row: Floor) -> Aim:
    """What one row of the history says."""
    return Aim(row.floor, row.ceiling, row.target_year, row.source, row.valid_from)


def frozen(assessment: Assessment, code: str) -> Aim | None:
    """What counts for one indicator of this assessment: what stood when its cycle opened, whatever was changed since.

    Args:
        code: the indicator.

    Returns:
        None: the member had set nothing by then, or had given up what it had set.
    """
    kept = (assessment.floors or {}).get(code)
    return thawed(kept) if kept is not None else None


def to_json(aim: Aim) -> dict[str, Any]:
    """An aim as an assessment keeps it: numbers as their exact digits, the day as `2026-01-01`."""
    return {
        "floor": _digits(aim.floor),
        "ceiling": _digits(aim.ceiling),
        "target_year": aim.target_year,
        "source": aim.source,
        "valid_from": aim.valid_from.isoformat(),
    }


def thawed(kept: dict[str, Any]) -> Aim:
    """The other way round."""
    return Aim(
        floor=_number(kept["floor"]),
        ceiling=_number(kept["ceiling"]),
        target_year=kept["target_year"],
        source=kept["source"],
        valid_from=date.fromisoformat(kept["valid_from"]),
    )


def _digits(value: Decimal | None) -> str | None:
    return format(value, "f") if value is not None else None


def _number(digits: str | None) -> Decimal | None:
    return Decimal(digits) if digits is not None else None
