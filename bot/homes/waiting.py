"""With whom a national yes waits, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import assessments
from db.engine import Session
from db.queries import clearances as queries
from db.queries.assessments import Standing, Talk
from db.vocabulary import AssessmentState


@dataclass(frozen=True)
class Wait:
    """A yes that is waited for.

    Attributes:
        clearance_id: what a button is about.
        people: the ids of whoever may give it today.
        facts: who, in which role, since when.
    """

    clearance_id: int
    people: tuple[int, ...]
    facts: dict[str, Any]


async def waits(session: Session, talks: Sequence[Talk], now: datetime) -> dict[int, Wait]:
    """The yes that each of these assessments waits for, by assessment; only where it can still be given."""
    waiting = [
        talk
        for talk in talks
        if talk.assessment.state is AssessmentState.AWAITING_CLEARANCE and not assessments.is_locked(talk, now)
    ]
    if not waiting:
        return {}
    standings = [Standing(talk.assessment, talk.member, talk.cycle, 0, None) for talk in waiting]
    asked = await queries.asked(session, [talk.assessment.id for talk in waiting])
    hats = await assessments.asked_of(session, standings, now, asked)
    return {
        yes.clearance.assessment_id: Wait(
            yes.clearance.id,
            tuple(hat.person_id for hat in hats.get(yes.clearance.assessment_id, ())),
            {
                "names": [hat.name for hat in hats.get(yes.clearance.assessment_id, ())],
                "role": yes.clearance.role.value,
                "agency": yes.agency,
                "author": yes.asked_by,
                "since": yes.clearance.asked_at,
            },
        )
        for yes in asked
    }
