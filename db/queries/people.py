"""Members, people and appointments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Date, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from db.engine import Session
from db.models import Agency, Appointment, Leave, Member, Person
from db.vocabulary import Role


class Hat(NamedTuple):
    """A person in one role; zone and locale are the person's own or, where empty, the member's.

    `away`: on leave that day. `slack_trouble`: why the bot cannot write to them in Slack, in Slack's own word.
    `secretariat`: they are of the secretariat that day, in this role or beside it.
    """

    person_id: int
    name: str
    email: str | None
    slack_id: str | None
    appointment_id: int
    role: Role
    member: str | None
    member_name: str | None
    zone: str | None
    locale: str | None
    chosen: int | None
    digest_stopped: bool
    agency_id: int | None = None
    agency: str | None = None
    away: bool = False
    slack_trouble: str | None = None
    secretariat: bool = False


class Ended(NamedTuple):
    """A role that somebody held until a day, that day included."""

    role: Role
    member_name: str | None
    on: date


# The day that is asked about is handed in when a statement runs: a statement of every turn is built once.
_TODAY = bindparam("today", type_=Date())
_HELD = and_(Appointment.starts_on <= _TODAY, or_(Appointment.ends_on.is_(None), Appointment.ends_on >= _TODAY))
_AWAY = exists().where(
    Leave.person_id == Person.id, Leave.ended_at.is_(None), Leave.starts_on <= _TODAY, Leave.ends_on >= _TODAY
)
_BESIDE = aliased(Appointment)
_SECRETARIAT = exists().where(
    _BESIDE.person_id == Person.id,
    _BESIDE.role == Role.SECRETARIAT,
    _BESIDE.starts_on <= _TODAY,
    or_(_BESIDE.ends_on.is_(None), _BESIDE.ends_on >= _TODAY),
)
# In the order of Hat's fields.
_HAT = (
    Person.id,
    Person.name,
    Person.email,
    Person.slack_id,
    Appointment.id,
    Appointment.role,
    Appointment.member_code,
    Member.name,
    func.coalesce(func.nullif(Person.zone, ""), Member.zone),
    func.coalesce(func.nullif(Person.locale, ""), Member.locale),
    Person.hat_id,
    Person.digest_stopped_at.is_not(None),
    Appointment.agency_id,
    Agency.name,
    _AWAY,
    Person.slack_trouble,
    _SECRETARIAT,
)
_HATS = (
    select(*_HAT)
    .join(Appointment, Appointment.person_id == Person.id)
    .outerjoin(Member, Member.code == Appointment.member_code)
    .outerjoin(Agency, Agency.id == Appointment.agency_id)
    .where(_HELD)
    .order_by(Member.name, Appointment.role, Person.name, Appointment.id)
)
_HATS_OF_SLACK_ID = _HATS.where(Person.slack_id == bindparam("slack_id"))
_HATS_OF_PERSON = _HATS.where(Person.id == bindparam("person_id"))
_HATS_OF_PEOPLE = _HATS.where(Person.id.in_(bindparam("person_ids", expanding=True)))


async def _hats(session: Session, statement: Any, today: date, **given: Any) -> list[Hat]:
    rows: Sequence[Any] = (await session.execute(statement, {"today": today, **given})).all()
    return [
        Hat._make(row)._replace(digest_stopped=bool(row[11]), away=bool(row[14]), secretariat=bool(row[16]))
        for row in rows
    ]


async def hats_of_slack_id(session: Session, slack_id: str, today: date) -> list[Hat]:
    """The roles that the owner of a Slack id holds today."""
    return await _hats(session, _HATS_OF_SLACK_ID, today, slack_id=slack_id)


async def ended(session: Session, slack_id: str, today: date) -> Ended | None:
    """The role that the owner of a Slack id held last, where it has ended."""
    statement = (
        select(Appointment.role, Member.name, Appointment.ends_on)
        .join(Person, Person.id == Appointment.person_id)
        .outerjoin(Member, Member.code == Appointment.member_code)
        # A role that ends before it begins was never held.
        .where(Person.slack_id == slack_id, Appointment.ends_on < today, Appointment.ends_on >= Appointment.starts_on)
        .order_by(Appointment.ends_on.desc(), Appointment.id.desc())
        .limit(1)
    )
    row = (await session.execute(statement)).first()
    return Ended._make(row) if row is not None else None


async def hats_of_person(session: Session, person_id: int, today: date) -> list[Hat]:
    """The roles that a person holds today."""
    return await _hats(session, _HATS_OF_PERSON, today, person_id=person_id)


async def hats_of_people(session: Session, person_ids: Collection[int], today: date) -> dict[int, list[Hat]]:
    """The roles that each of these people holds today, in one statement; of whoever holds none, an empty list."""
    found: dict[int, list[Hat]] = {person_id: [] for person_id in person_ids}
    if found:
        for hat in await _hats(session, _HATS_OF_PEOPLE, today, person_ids=list(found)):
            found[hat.person_id].append(hat)
    return found


async def holders(session: Session, roles: Sequence[Role], today: date, member: str | None = None) -> list[Hat]:
    """Who holds one of these roles today, for one member or for all, by member and name."""
    statement = _HATS.where(Appointment.role.in_(roles))
    if member is not None:
        statement = statement.where(Appointment.member_code == member)
    return await _hats(session, statement, today)


async def lock(session: Session, person_id: int) -> None:
    """Wait for another's turn that counts what this person did, or what was done to them. Rows that only name the
    person go in meanwhile."""
    await session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


async def person(session: Session, person_id: int) -> Person | None:
    """One person."""
    return await session.get(Person, person_id)


async def person_by_email(session: Session, email: str) -> Person | None:
    """The person of an address, whatever its case."""
    return (await session.scalars(select(Person).where(Person.email == email.lower()))).first()


async def person_by_slack_id(session: Session, slack_id: str) -> Person | None:
    """The person of a Slack id, with or without a role."""
    return (await session.scalars(select(Person).where(Person.slack_id == slack_id))).first()


async def people(session: Session) -> list[Person]:
    """Everybody."""
    return list(await session.scalars(select(Person).order_by(Person.id)))


async def count(session: Session) -> int:
    """How many people there are."""
    return await session.scalar(select(func.count(Person.id))) or 0


async def appointments(session: Session) -> list[Appointment]:
    """Every role ever held."""
    return list(await session.scalars(select(Appointment).order_by(Appointment.id)))


async def members(session: Session) -> list[Member]:
    """All members in alphabetical order."""
    return list(await session.scalars(select(Member).order_by(Member.name)))


async def member(session: Session, code: str) -> Member | None:
    """One member."""
    return await session.get(Member, code)
