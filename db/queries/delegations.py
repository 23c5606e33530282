"""Parts of an assessment in the hands of contributors, what they wrote, and the links that let them in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from db.engine import Session
from db.models import (
    Agency,
    Appointment,
    Assessment,
    Contribution,
    Cycle,
    Delegation,
    Entry,
    Member,
    Person,
    Prompt,
)
from db.queries.assessments import Given, Talk, in_live_cycle
from db.queries.assessments import talk as talk_of_assessment
from db.queries.people import lock
from db.vocabulary import AssessmentState, CycleState, DelegationState, Role, Via


class Part(NamedTuple):
    """A part that was handed to somebody: to whom, of which agency, and by whom."""

    delegation: Delegation
    person: str
    agency: str | None
    given_by: str


class Handed(NamedTuple):
    """A part with the assessment and the cycle that it belongs to."""

    part: Part
    cycle: Cycle
    assessment: Assessment


class Own(NamedTuple):
    """A part with the assessment that it belongs to. The prompt of the talk is the part's own."""

    talk: Talk
    delegation: Delegation


class Words(NamedTuple):
    """What a contributor wrote to a question, as they wrote it."""

    delegation_id: int
    given: Given
    person: str
    agency: str | None
    said_at: datetime


class Due(NamedTuple):
    """An open part with what its reminders need. `zone` is the contributor's own or the member's; `held`: whoever has
    it is a contributor of the member today."""

    delegation: Delegation
    assessment: Assessment
    cycle: Cycle
    member: Member
    zone: str
    held: bool


_giver = aliased(Person)


def _agency_of(person_id: Any, member: Any) -> Any:
    """The agency from which a person contributes for a member."""
    return (
        select(Agency.name)
        .join(Appointment, Appointment.agency_id == Agency.id)
        .where(
            Appointment.person_id == person_id,
            Appointment.member_code == member,
            Appointment.role == Role.CONTRIBUTOR,
        )
        .order_by(Appointment.id.desc())
        .limit(1)
        .correlate(Delegation, Contribution, Assessment)
        .scalar_subquery()
    )


_PARTS = (
    select(
        Delegation,
        Person.name,
        _agency_of(Delegation.person_id, Assessment.member_code),
        _giver.name,
    )
    .join(Assessment, Assessment.id == Delegation.assessment_id)
    .join(Person, Person.id == Delegation.person_id)
    .join(_giver, _giver.id == Delegation.given_by)
    .order_by(Delegation.section, Delegation.id)
)
_OWN = (
    select(Assessment, Cycle, Member, Prompt, Delegation)
    .join(Delegation, Delegation.assessment_id == Assessment.id)
    .join(Cycle, Cycle.id == Assessment.cycle_id)
    .join(Member, Member.code == Assessment.member_code)
    .outerjoin(Prompt, Prompt.delegation_id == Delegation.id)
)
_TALKED_ABOUT = (Prompt.asked_at.desc().nulls_last(), Delegation.due_on, Delegation.id)


async def add(session: Session, delegation: Delegation) -> Delegation:
    """Write down a new part; it has its id then."""
    session.add(delegation)
    await session.flush()
    return delegation


async def given_since(session: Session, person_id: int, member: str, since: datetime) -> list[datetime]:
    """When a person was handed something by a member after a moment, whatever became of it, the first time first.
    Nobody else hands them anything meanwhile: their row is locked."""
    await lock(session, person_id)
    statement = (
        select(Delegation.given_at)
        .join(Assessment, Assessment.id == Delegation.assessment_id)
        .where(Delegation.person_id == person_id, Assessment.member_code == member, Delegation.given_at > since)
        .order_by(Delegation.given_at)
    )
    return list(await session.scalars(statement))


async def parts(
    session: Session, assessment_id: int, states: Collection[DelegationState] = tuple(DelegationState)
) -> list[Part]:
    """What was handed out of an assessment, in these states, by section."""
    statement = _PARTS.where(Delegation.assessment_id == assessment_id, Delegation.state.in_(states))
    return [Part._make(row) for row in await session.execute(statement)]


async def handed(
    session: Session, member: str, states: Collection[DelegationState], person_id: int | None = None
) -> list[Handed]:
    """What was handed out of a member's assessments in open cycles, by due day of the cycle and section.

    Args:
        person_id: only to this person; None: to anybody.
    """
    statement = (
        _PARTS.add_columns(Cycle, Assessment)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(Assessment.member_code == member, Delegation.state.in_(states), in_live_cycle())
        .order_by(None)
        .order_by(Cycle.due_at, Cycle.id, Delegation.section, Delegation.id)
    )
    if person_id is not None:
        statement = statement.where(Delegation.person_id == person_id)
    return [Handed(Part._make(row[:4]), row[4], row[5]) for row in await session.execute(statement)]


async def part(session: Session, delegation_id: int) -> Part | None:
    """One part."""
    row = (await session.execute(_PARTS.where(Delegation.id == delegation_id))).first()
    return Part._make(row) if row else None


def _owns(rows: Any) -> list[Own]:
    return [Own(Talk(*row[:4], delegated=True), row[4]) for row in rows]


async def own(session: Session, delegation_id: int, *, lock: bool = False) -> Own | None:
    """One part with its assessment and its own prompt.

    Args:
        lock: whoever wants to change it waits for another's turn about the same assessment to end.
    """
    assessment_id = await session.scalar(select(Delegation.assessment_id).where(Delegation.id == delegation_id))
    if assessment_id is None:
        return None
    if lock:
        await talk_of_assessment(session, assessment_id, lock=True)
    statement = _OWN.where(Delegation.id == delegation_id).execution_options(populate_existing=lock)
    found = _owns(await session.execute(statement))
    return found[0] if found else None


async def of_person(
    session: Session, person_id: int, member: str, states: Collection[DelegationState], cycles: Collection[CycleState]
) -> list[Own]:
    """The parts that a person has for a member: the one talked about last first, then by date."""
    statement = _OWN.where(
        Delegation.person_id == person_id,
        Assessment.member_code == member,
        Delegation.state.in_(states),
        Cycle.state.in_(cycles),
    ).order_by(*_TALKED_ABOUT)
    return _owns(await session.execute(statement))


async def settle(
    session: Session, delegation_id: int, state: DelegationState, now: datetime, *, sources: Collection[DelegationState]
) -> bool:
    """A part passes from one of these states into another; False when it is in none of them any more."""
    statement = (
        update(Delegation)
        .where(Delegation.id == delegation_id, Delegation.state.in_(sources))
        .values(state=state, settled_at=now)
        .returning(Delegation.id)
        .execution_options(synchronize_session="fetch")
    )
    return (await session.execute(statement)).first() is not None


async def nudge(session: Session, delegation_id: int, now: datetime, before: datetime) -> bool:
    """Somebody is nudged about an open part; False when they were since a moment, or it is not open any more."""
    statement = (
        update(Delegation)
        .where(
            Delegation.id == delegation_id,
            Delegation.state == DelegationState.OPEN,
            or_(Delegation.nudged_at.is_(None), Delegation.nudged_at <= before),
        )
        .values(nudged_at=now)
        .returning(Delegation.id)
        .execution_options(synchronize_session="fetch")
    )
    return (await session.execute(statement)).first() is not None


async def put_contribution(
    session: Session, delegation: Delegation, given: Given, by: int, now: datetime, via: Via
) -> None:
    """Write down what a contributor wrote, as they wrote it."""
    values = {name: getattr(given, name) for name in _SAID}
    await session.execute(
        insert(Contribution).values(
            delegation_id=delegation.id,
            assessment_id=delegation.assessment_id,
            said_by=by,
            said_at=now,
            via=via,
            **values,
        )
    )


_SAID = ("indicator", "availability", "number", "text", "year", "source", "note")
_KEPT = (*_SAID, "said_by")


async def contributions(session: Session, assessment_id: int) -> list[Words]:
    """All that contributors wrote to an assessment, oldest first."""
    statement = (
        select(
            Contribution.delegation_id,
            *(getattr(Contribution, name) for name in _KEPT),
            Person.name,
            _agency_of(Contribution.said_by, Assessment.member_code),
            Contribution.said_at,
        )
        .join(Assessment, Assessment.id == Contribution.assessment_id)
        .join(Person, Person.id == Contribution.said_by)
        .where(Contribution.assessment_id == assessment_id)
        .order_by(Contribution.id)
    )
    return [Words(row[0], Given(*row[1:9], heard_key=None), *row[9:]) for row in await session.execute(statement)]


async def unsaid_prompts(session: Session) -> list[Own]:
    """Conversations with contributors whose newest prompt has not been confirmed by the channel."""
    statement = _OWN.where(
        Prompt.said_ts.is_(None),
        Prompt.asked_person.is_not(None),
        in_live_cycle(),
        Assessment.state == AssessmentState.IN_PROGRESS,
        Delegation.state == DelegationState.OPEN,
    )
    return _owns(await session.execute(statement))


async def names(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """The names of these people."""
    if not person_ids:
        return {}
    rows = await session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row[0]: row[1] for row in rows}


async def open_parts(session: Session, today: date) -> list[Due]:
    """Every open part, whatever became of its cycle."""
    held = exists().where(
        Appointment.person_id == Delegation.person_id,
        Appointment.member_code == Assessment.member_code,
        Appointment.role == Role.CONTRIBUTOR,
        Appointment.starts_on <= today,
        or_(Appointment.ends_on.is_(None), Appointment.ends_on >= today),
    )
    zone = func.coalesce(func.nullif(Person.zone, ""), Member.zone)
    statement = (
        select(Delegation, Assessment, Cycle, Member, zone, held)
        .join(Assessment, Assessment.id == Delegation.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Member, Member.code == Assessment.member_code)
        .join(Person, Person.id == Delegation.person_id)
        .where(Delegation.state == DelegationState.OPEN)
        .order_by(Delegation.id)
    )
    return [Due(*row[:5], bool(row[5])) for row in await session.execute(statement)]


async def roles_from(session: Session, person_id: int, today: date) -> list[Appointment]:
    """The roles that a person holds today or will hold."""
    held = and_(
        Appointment.person_id == person_id,
        or_(
            Appointment.ends_on.is_(None),
            and_(Appointment.ends_on >= today, Appointment.ends_on >= Appointment.starts_on),
        ),
    )
    return list(await session.scalars(select(Appointment).where(held).order_by(Appointment.id)))


async def agencies_of(session: Session, member: str) -> list[Agency]:
    """The agencies of a member, by name."""
    return list(await session.scalars(select(Agency).where(Agency.member_code == member).order_by(Agency.name)))


async def newest_entry(session: Session, delegation_id: int) -> Entry | None:
    """The link of a part that was made last."""
    statement = select(Entry).where(Entry.delegation_id == delegation_id).order_by(Entry.id.desc()).limit(1)
    return (await session.scalars(statement)).first()


async def entry(session: Session, entry_id: int) -> Entry | None:
    """One link."""
    return await session.get(Entry, entry_id)


async def let_in(session: Session, entry_id: int, browser: str, now: datetime) -> bool:
    """A browser uses a link; False when another did before, or its time is over."""
    statement = (
        update(Entry)
        .where(Entry.id == entry_id, Entry.browser.is_(None), Entry.expires_at > now)
        .values(browser=browser, used_at=now)
        .returning(Entry.id)
        .execution_options(synchronize_session="fetch")
    )
    return (await session.execute(statement)).first() is not None


async def add_entry(session: Session, entry: Entry) -> Entry:
    """Write down a new link; it has its id then."""
    session.add(entry)
    await session.flush()
    return entry


async def is_in(session: Session, delegation_id: int, browser: str, now: datetime) -> bool:
    """Whether a browser was let in to a part, over a link whose time is not over."""
    mine = Entry.delegation_id == delegation_id, Entry.browser == browser, Entry.expires_at > now
    return await session.scalar(select(exists().where(*mine))) or False


async def end_entries(session: Session, delegation_id: int, now: datetime, *, but: int | None = None) -> None:
    """Every link of a part ends now, but for one."""
    await session.execute(
        update(Entry)
        .where(Entry.delegation_id == delegation_id, Entry.expires_at > now, Entry.id != (but or 0))
        .values(expires_at=now)
        .execution_options(synchronize_session="fetch")
    )
