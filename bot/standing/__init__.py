"""Who stands where in a cycle, what moved since last time, and how far each country is on its own way.

Each country is measured against its own last accepted value and its own floor and ceiling, and only so: there is no
score, no average, no order but the alphabet's. A value that is not available stays not available; nothing is filled in.

status.py      whose turn it is, since when, what is late
comparing.py   an answer beside the last accepted one of the same country
measuring.py   one value on the way to its floor and ceiling; pure
progress.py    the same for all members and indicators of a cycle, from the database
regional.py    what the region says together, unweighted
"""

from bot.standing.comparing import (
    EXACT,
    MOVED,
    VALUE_GIVEN,
    Moved,
    Panel,
    PanelRow,
    Value,
    Verdict,
    by_member,
    difference,
    judge,
    moved,
    panels,
    short,
    value_of,
)
from bot.standing.status import Ball, Row, region, regions

__all__ = [
    "EXACT",
    "MOVED",
    "VALUE_GIVEN",
    "Ball",
    "Moved",
    "Panel",
    "PanelRow",
    "Row",
    "Value",
    "Verdict",
    "by_member",
    "difference",
    "judge",
    "moved",
    "panels",
    "region",
    "regions",
    "short",
    "value_of",
]
