"""Who stands where in a cycle, what moved since last time, and how far each country is on its own way.

Each country is measured against its own last accepted value and its own floor and ceiling, and only so: there is no
score, no average, no order but the alphabet's. A value that is not available stays not available; nothing is filled in.

status.py      whose turn it is, since when, what is late
comparing.py   an answer beside the last accepted one of the same country
measuring.py   one value on the way to its floor and ceiling; pure
progress.py    the same for all members and indicators of a cycle, beside their last values
regional.py    what the region says together, unweighted
table.py       both, read from the database
saying.py      one value on its way, as facts for the words
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
from bot.standing.measuring import Measured, Point, Track, first_since, measure
from bot.standing.progress import Progress, moved_in
from bot.standing.regional import FEWEST, Coverage, Overall, Regional, coverage, overall, regional
from bot.standing.saying import way
from bot.standing.status import Ball, Row, region, regions
from bot.standing.table import Accepted, Table, progress, series, table

__all__ = [
    "EXACT",
    "FEWEST",
    "MOVED",
    "VALUE_GIVEN",
    "Accepted",
    "Ball",
    "Coverage",
    "Measured",
    "Moved",
    "Overall",
    "Panel",
    "PanelRow",
    "Point",
    "Progress",
    "Regional",
    "Row",
    "Table",
    "Track",
    "Value",
    "Verdict",
    "by_member",
    "coverage",
    "difference",
    "first_since",
    "judge",
    "measure",
    "moved",
    "moved_in",
    "overall",
    "panels",
    "progress",
    "region",
    "regional",
    "regions",
    "series",
    "short",
    "table",
    "value_of",
    "way",
]
