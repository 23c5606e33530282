"""Whom publishing would cut off, as it may still answer by a date of its own; and who waits for the review, so that
nothing is published yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.assessments import is_locked
from db.engine import Session
from db.models import Cycle
from db.queries import assessments as queries
from db.vocabulary import ANSWERABLE, AssessmentState, CycleState

# Nothing of these is with the secretariat, and its people can still do something about it.
_WITH_COUNTRY = (*ANSWERABLE, AssessmentState.AWAITING_CLEARANCE)


@dataclass(frozen=True)
class Unsettled:
    """Those for whom a cycle is not over yet, alphabetical.

    Attributes:
        going_on: the names of countries that may answer until a later date of their own, with that date, where the
            digest publishes the cycle.
        waiting: those whose submission waits for the review. As long as one does, the cycle is not published.
    """

    going_on: tuple[tuple[str, datetime], ...] = ()
    waiting: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """For a message."""
        return {
            "going_on": [{"member": name, "until": until} for name, until in self.going_on],
            "waiting": list(self.waiting),
        }


async def unsettled(session: Session, cycle: Cycle, now: datetime) -> Unsettled:
    """Whom it would cut off if a digest went out now, and what keeps the cycle from being published."""
    if cycle.state is not CycleState.CLOSED:
        return Unsettled()
    standings = await queries.standings(session, cycle.id)
    if waiting := tuple(one.member.name for one in standings if one.assessment.state is AssessmentState.SUBMITTED):
        return Unsettled(waiting=waiting)
    return Unsettled(
        tuple(
            (one.member.name, one.closes_at)
            for one in standings
            if one.assessment.state in _WITH_COUNTRY and not is_locked(one, now)
        )
    )
