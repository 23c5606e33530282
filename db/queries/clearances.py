"""The national yes: who must give it, what was asked, what became of it, and the letters that were scanned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, delete, func, insert, literal, or_, select, update
from sqlalchemy.orm import aliased

from db.engine import Session
from db.models import (
    Agency,
    Answer,
    Assessment,
    Clearance,
    ClearanceStep,
    Cycle,
    Delivery,
    Member,
    Person,
    StoredFile,
)
from db.queries.reminders import last_extended
from db.vocabulary import AssessmentState, Availability, ClearanceState, CycleState, DeliveryState, Role


class Step(NamedTuple):
    """One step of a member's clearance: the holder of a role, of one agency where it is named."""

    place: int
    role: Role
    agency_id: int | None
    agency: str | None


class Yes(NamedTuple):
    """One yes that was asked for, with the names of who asked, who decided, and of the agency."""

    clearance: Clearance
    agency: str | None
    person: str | None
    asked_by: str


class Waiting(NamedTuple):
    """A yes that is waited for. `extended_at` is when its cycle, or this member alone, last got more time."""

    clearance: Clearance
    assessment: Assessment
    cycle: Cycle
    member: Member
    agency: str | None
    extended_at: datetime | None


class Voided(NamedTuple):
    """A yes that counts no more: who had given it, or had recorded its letter, and who had signed that."""

    id: int
    person_id: int | None
    signatory: str | None


class Scan(NamedTuple):
    """What is known of a scanned letter without its content, and the state of the assessment that it cleared."""

    id: int
    member_code: str
    media_type: str
    state: AssessmentState


_LIVE = (ClearanceState.ASKED, ClearanceState.CLEARED)
_ASKER = aliased(Person)
_YES = (
    select(Clearance, Agency.name, Person.name, _ASKER.name)
    .join(_ASKER, _ASKER.id == Clearance.asked_by)
    .outerjoin(Agency, Agency.id == Clearance.agency_id)
    .outerjoin(Person, Person.id == Clearance.person_id)
)


async def writers(session: Session, assessment_ids: Collection[int]) -> dict[int, set[int]]:
    """Whose words stand among the answers of these assessments; a question that was skipped has none."""
    found: dict[int, set[int]] = {}
    if assessment_ids:
        which = Answer.assessment_id.in_(assessment_ids), Answer.availability != Availability.SKIPPED
        for about, whose in await session.execute(
            select(Answer.assessment_id, Answer.said_by).where(*which).distinct()
        ):
            if whose is not None:
                found.setdefault(about, set()).add(whose)
    return found


async def steps(session: Session, member: str) -> list[Step]:
    """Who must clear for a member, in order."""
    statement = (
        select(ClearanceStep.place, ClearanceStep.role, ClearanceStep.agency_id, Agency.name)
        .outerjoin(Agency, Agency.id == ClearanceStep.agency_id)
        .where(ClearanceStep.member_code == member)
        .order_by(ClearanceStep.place)
    )
    return [Step._make(row) for row in await session.execute(statement)]


async def put_steps(session: Session, member: str, wanted: Sequence[tuple[Role, int | None]]) -> None:
    """From now on these must clear for a member, in this order."""
    await session.execute(delete(ClearanceStep).where(ClearanceStep.member_code == member))
    rows: list[dict[str, Any]] = [
        {"member_code": member, "place": place, "role": role, "agency_id": agency}
        for place, (role, agency) in enumerate(wanted, 1)
    ]
    if rows:
        await session.execute(insert(ClearanceStep), rows)


async def assessment_of(session: Session, clearance_id: int) -> int | None:
    """The assessment that a yes was asked for."""
    return await session.scalar(select(Clearance.assessment_id).where(Clearance.id == clearance_id))


async def yes(session: Session, clearance_id: int) -> Yes | None:
    """One yes."""
    row = (await session.execute(_YES.where(Clearance.id == clearance_id))).first()
    return Yes._make(row) if row else None


async def of_assessment(session: Session, assessment_id: int) -> list[Yes]:
    """All that were ever asked for about an assessment, the oldest first."""
    statement = _YES.where(Clearance.assessment_id == assessment_id).order_by(Clearance.id)
    return [Yes._make(row) for row in await session.execute(statement)]


async def asked(session: Session, assessment_ids: Collection[int]) -> list[Yes]:
    """Those that are waited for now, about any of these assessments."""
    statement = _YES.where(Clearance.assessment_id.in_(assessment_ids), Clearance.state == ClearanceState.ASKED)
    return [Yes._make(row) for row in await session.execute(statement.order_by(Clearance.id))]


async def decide(session: Session, clearance_id: int, version: int, **values: Any) -> bool:
    """Settle a yes only if it is still waited for, in just this version; False when it is not."""
    statement = (
        update(Clearance)
        .where(Clearance.id == clearance_id, Clearance.state == ClearanceState.ASKED, Clearance.version == version)
        .values(**values)
        .returning(Clearance.id)
        .execution_options(synchronize_session="fetch")
    )
    return len((await session.execute(statement)).all()) == 1


async def void(
    session: Session,
    assessment_id: int,
    why: str,
    now: datetime,
    *,
    states: Collection[ClearanceState] = _LIVE,
    before: int | None = None,
) -> list[Voided]:
    """What was asked or given counts no more.

    Args:
        why: one word, kept with it.
        states: only those in these states.
        before: only those of an earlier version.
    """
    where = [Clearance.assessment_id == assessment_id, Clearance.state.in_(states)]
    if before is not None:
        where.append(Clearance.version < before)
    statement = (
        update(Clearance)
        .where(*where)
        .values(
            state=ClearanceState.VOID,
            why=why,
            decided_at=func.coalesce(Clearance.decided_at, literal(now, Clearance.decided_at.type)),
        )
        .returning(Clearance.id, Clearance.person_id, Clearance.signatory)
        .execution_options(synchronize_session="fetch")
    )
    return [Voided._make(row) for row in await session.execute(statement)]


async def waiting(session: Session) -> list[Waiting]:
    """Every yes that is waited for in an open cycle, the oldest first."""
    extended_at = last_extended()
    statement = (
        select(Clearance, Assessment, Cycle, Member, Agency.name, extended_at)
        .join(Assessment, Assessment.id == Clearance.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Member, Member.code == Assessment.member_code)
        .outerjoin(Agency, Agency.id == Clearance.agency_id)
        .where(
            Clearance.state == ClearanceState.ASKED,
            or_(
                Cycle.state == CycleState.OPEN,
                and_(Cycle.state == CycleState.CLOSED, Assessment.closes_at.is_not(None)),
            ),
        )
        .order_by(Clearance.id)
    )
    return [Waiting._make(row) for row in await session.execute(statement)]


async def waiting_of_member(session: Session, member: str) -> list[int]:
    """The assessments of a member that wait for their clearance, in cycles that are not called off."""
    statement = (
        select(Assessment.id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(
            Assessment.member_code == member,
            Assessment.state == AssessmentState.AWAITING_CLEARANCE,
            Cycle.state != CycleState.CANCELLED,
        )
        .order_by(Assessment.id)
    )
    return list(await session.scalars(statement))


async def told(session: Session, subject: str, kind: str) -> list[Delivery]:
    """The messages of a kind about a subject that reached somebody."""
    statement = select(Delivery).where(
        Delivery.subject == subject,
        Delivery.kind == kind,
        Delivery.state.in_([DeliveryState.SENT, DeliveryState.CLAIMED]),
    )
    return list(await session.scalars(statement.order_by(Delivery.id)))


async def letter_of(session: Session, file_id: int) -> Scan | None:
    """A scanned letter, without its content; None where there is none, or no yes stands on it."""
    statement = (
        select(StoredFile.id, StoredFile.member_code, StoredFile.media_type, Assessment.state)
        .join(Clearance, Clearance.scan_id == StoredFile.id)
        .join(Assessment, Assessment.id == Clearance.assessment_id)
        .where(StoredFile.id == file_id)
    )
    row = (await session.execute(statement)).first()
    return Scan._make(row) if row else None


async def held_member(session: Session, member: str) -> Member | None:
    """A member whose setting nobody else changes until the transaction ends."""
    # Not so strong a lock that a row which only names the member would wait for it.
    statement = select(Member).where(Member.code == member).with_for_update(key_share=True)
    return (await session.scalars(statement.execution_options(populate_existing=True))).first()


async def content(session: Session, file_id: int) -> bytes:
    """The content of a stored file."""
    return (await session.execute(select(StoredFile.content).where(StoredFile.id == file_id))).scalar_one()


async def agencies(session: Session, member: str) -> list[Agency]:
    """The agencies of a member, by name."""
    return list(await session.scalars(select(Agency).where(Agency.member_code == member).order_by(Agency.name)))


async def answered_since(session: Session, assessment_id: int, since: datetime) -> set[str]:
    """The questions whose answer was given after a moment."""
    statement = select(Answer.indicator).where(Answer.assessment_id == assessment_id, Answer.said_at > since)
    return set(await session.scalars(statement))
