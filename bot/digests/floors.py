"""What a digest says of the progress toward own floors: of the region in counts, of one's own country line by line."""

from __future__ import annotations

from dataclasses import asdict

from bot import standing
from bot.digests.excerpts import one_line
from bot.digests.scene import Facts, Scene
from bot.standing import FEWEST
from db.engine import Session

INDICATORS_SHOWN = 6
LINES_OF_OWN = 8


async def toward_floors(session: Session, scene: Scene) -> Facts | None:  # noqa: ARG001 - every section takes the same
    """How many of the floors that countries set for themselves are reached; None where nobody has set one, where
    nothing is new, or where fewer than three countries have reported."""
    whole = standing.overall(scene.table.indicators)
    if whole is None or not whole.set_floor or not scene.fresh or scene.table.coverage.accepted < FEWEST:
        return None
    counted = [each for each in scene.table.indicators if each.set_floor]
    return {
        **asdict(whole),
        "indicators": [
            {"title": each.indicator.title, "reached": each.reached, "set_floor": each.set_floor}
            for each in counted[:INDICATORS_SHOWN]
        ],
        "more": len(counted[INDICATORS_SHOWN:]),
    }


def own_floors(member: str, scene: Scene) -> Facts:
    """The values of one country that have a floor or a ceiling of its own, in the format's order."""
    rows = [row for row in scene.table.rows if row.member == member and row.aim is not None and row.now.available]
    # Facts of an edition are kept, so only what is said is: a country's name could turn the text around it.
    shown = [{**standing.way(row), "country": one_line(row.name)} for row in rows[:LINES_OF_OWN]]
    return {"lines": shown, "more": len(rows) - len(shown)}
