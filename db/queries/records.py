"""What the database holds, read plainly: for whoever checks afterwards that nothing was lost or changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select

from db.engine import Session
from db.models import Answer, Assessment, Cycle, Delivery, Heard, Prompt
from db.vocabulary import AssessmentState, Availability, CycleOrigin, CycleState, DeliveryState, HeardState, Medium


class Value(NamedTuple):
    """One answer of an accepted assessment, with the cycle it was given in."""

    title: str
    period_start: date
    period_end: date
    origin: CycleOrigin
    member: str
    indicator: str
    availability: Availability
    number: Decimal | None
    year: int | None
    source: str | None

    @property
    def whole_year(self) -> int | None:
        """The year that the cycle is about; None where it is about another period."""
        first, last = self.period_start, self.period_end
        return first.year if (first.month, first.day, last) == (1, 1, date(first.year, 12, 31)) else None


class Sent(NamedTuple):
    """What became of one delivery; `provider_id` is what the channel called it."""

    kind: str
    state: DeliveryState
    medium: Medium | None
    provider_id: str | None
    error: str | None


async def accepted_values(session: Session) -> list[Value]:
    """Every answer of every accepted assessment but what was skipped, in no order; cancelled cycles are left out."""
    statement = (
        select(
            Cycle.title,
            Cycle.period_start,
            Cycle.period_end,
            Cycle.origin,
            Assessment.member_code,
            Answer.indicator,
            Answer.availability,
            Answer.number,
            Answer.year,
            Answer.source,
        )
        .join(Assessment, Assessment.cycle_id == Cycle.id)
        .join(Answer, Answer.assessment_id == Assessment.id)
        .where(
            Assessment.state == AssessmentState.ACCEPTED,
            Cycle.state != CycleState.CANCELLED,
            Answer.availability != Availability.SKIPPED,
        )
    )
    return [Value._make(row) for row in await session.execute(statement)]


async def accepted(session: Session) -> int:
    """How many assessments are accepted."""
    statement = select(func.count()).select_from(Assessment).where(Assessment.state == AssessmentState.ACCEPTED)
    return (await session.execute(statement)).scalar_one()


async def cycles(session: Session, state: CycleState) -> int:
    """How many cycles are in a state."""
    return (await session.execute(select(func.count()).select_from(Cycle).where(Cycle.state == state))).scalar_one()


async def prompts(session: Session) -> int:
    """How many times something was asked: the serial of a prompt grows with each asking."""
    return (await session.execute(select(func.coalesce(func.sum(Prompt.serial), 0)))).scalar_one()


async def heard(session: Session) -> dict[str, HeardState]:
    """What became of everything that people said or clicked, by its key."""
    return {row[0]: row[1] for row in await session.execute(select(Heard.key, Heard.state))}


async def deliveries(session: Session) -> list[Sent]:
    """The whole ledger."""
    statement = select(
        Delivery.kind, Delivery.state, Delivery.medium, Delivery.provider_id, Delivery.last_error
    ).order_by(Delivery.id)
    return [Sent._make(row) for row in await session.execute(statement)]
