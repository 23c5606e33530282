"""Appointments: a role held from a day to a day, with the letter of nomination and the level of the mandate.

A member has at most one focal point a day. Days that overlap, and days between a focal point and the next one, are
refused with the dates named. Nothing is deleted: a role that never began ends before it begins.

Two people who change the roles of one member at once wait for each other: whoever changes them holds the member's row.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from bot import audit, permissions, workdays
from bot.errors import NotFound, Refusal, WrongState
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.queries import appointments as queries
from db.queries import audit as audit_queries
from db.queries import people as people_queries
from db.queries.appointments import Held
from db.vocabulary import Mandate, Role

DAY = timedelta(days=1)
LONGEST_REFERENCE = 200


class RolesOverlap(Refusal):
    """Two focal points on one day. Facts: member, name, starts, ends (of who is there), wanted_from, wanted_until, and
    `doing`: "end" or "undo", with `whose` (the role that would last longer) and `latest` (its last day that fits)."""


class RoleGap(Refusal):
    """Days without a focal point between two. Facts: member, name (of the first, or, with `comes_next`, of the second),
    ends (the last day of the first), starts (the first day of the second), following and latest (without the hole),
    and `doing`: "end" or "undo", with `after` (the second's name)."""


class AlreadyHolds(Refusal):
    """The person holds this role in these days. Facts: member, name, role, starts, ends."""


class DaysDoNotFit(Refusal):
    """The days of a role do not follow each other. Facts: problem, starts, ends, today."""


class AlreadyEnded(WrongState):
    """The role has ended already, or never began. Facts: member, name, role, ends, by, at."""


class ChangedMeanwhile(WrongState):
    """Somebody else changed this role in the same moment. Facts: member, name."""


@dataclass(frozen=True)
class Wish:
    """A role that somebody is to hold.

    Attributes:
        member: ISO 3166-1 alpha-3 code; None for those who stand for no country.
        starts_on: the first day; `ends_on` the last one, None: until further notice.
        reference: of the nomination letter.
    """

    role: Role
    member: str | None
    starts_on: date
    ends_on: date | None = None
    agency_id: int | None = None
    reference: str | None = None
    mandate: Mandate | None = None


def subject(appointment_id: int) -> str:
    """What audit and ledger call a role."""
    return f"appointment:{appointment_id}"


def is_held(held: Held, day: date) -> bool:
    """Whether a role is held on a day."""
    return held.starts_on <= day <= last_day(held)


def last_day(held: Held | Wish) -> date:
    """The last day of a role; the end of time where none is set."""
    return held.ends_on or date.max


async def lock(session: Session, member: str | None) -> None:
    """Hold the row of a member whose roles are about to change, until the end of the transaction.

    Raises:
        NotFound: there is no such member.
    """
    if member is not None and not await queries.lock_member(session, member):
        raise NotFound(what="member", named=member)


async def find(session: Session, by: Speaker, appointment_id: int) -> Held:
    """A role that this person may change, its member's row held.

    Raises:
        NotFound: there is none.
        NotAllowed: not the secretariat; nor, where it is a contributor's, whoever answers for the country.
    """
    held = await queries.by_id(session, appointment_id)
    if held is None or held.role is not Role.CONTRIBUTOR or not permissions.allowed(by, Act.DELEGATE, held.member):
        permissions.require(by, Act.APPOINT)
    if held is None:
        raise NotFound(what="role", named=str(appointment_id))
    await lock(session, held.member)
    return await queries.by_id(session, appointment_id) or held


async def appoint(
    session: Session, by: Speaker, person_id: int, wish: Wish, now: datetime, *, why: str | None = None
) -> int:
    """Somebody gets a role.

    Returns:
        The appointment's id. It is `pending` until its first day, and what comes with that day is done.

    Raises:
        RolesOverlap, RoleGap, AlreadyHolds, DaysDoNotFit, NotFound, NotAllowed.
    """
    await check(session, by, person_id, wish, now)
    return await write(session, by, person_id, wish, now, why=why)


async def check(session: Session, by: Speaker, person_id: int, wish: Wish, now: datetime) -> None:
    """Let a role through that could be given now; nobody else changes the member's roles until the transaction ends.

    Args:
        person_id: 0 for somebody whom the register does not know yet.

    Raises:
        RolesOverlap, RoleGap, AlreadyHolds, DaysDoNotFit, NotFound, NotAllowed.
    """
    permissions.require(by, Act.APPOINT)
    await lock(session, wish.member)
    today = workdays.register_day(now)
    check_days(wish.starts_on, wish.ends_on, today)
    rows = await queries.of_member(session, wish.member, [wish.role]) if wish.member else []
    check_free(wish, person_id, rows if wish.member else await queries.of_person(session, person_id))
    if wish.role is Role.FOCAL_POINT:
        check_gap(wish, rows, today)


async def write(
    session: Session, by: Speaker, person_id: int, wish: Wish, now: datetime, *, why: str | None = None
) -> int:
    """Write down a role that was found to fit; its id."""
    values = {name: getattr(wish, name) for name in ("role", "agency_id", "starts_on", "ends_on", "mandate")}
    appointment_id = await queries.add(
        session,
        person_id=person_id,
        member_code=wish.member,
        reference=wish.reference or None,
        pending=wish.starts_on > workdays.register_day(now),
        **values,
    )
    detail = {"person": person_id, "member": wish.member, "role": wish.role.value, **_days(wish)}
    letter = {"reference": wish.reference, "mandate": wish.mandate.value if wish.mandate else None}
    await audit.record(session, by, "appoint", subject(appointment_id), now, why=why, **detail, **letter)
    return appointment_id


async def check_end(
    session: Session, by: Speaker, appointment_id: int, on: date | None, now: datetime
) -> tuple[Held, date]:
    """Let an end through that could be set now.

    Args:
        on: its last day, today or later; None: at once, so that yesterday was the last.

    Returns:
        The role as it is, and what would be its last day.

    Raises:
        AlreadyEnded, DaysDoNotFit, RoleGap, RolesOverlap, NotFound, NotAllowed.
    """
    held = await find(session, by, appointment_id)
    today = workdays.register_day(now)
    if last_day(held) < today or last_day(held) < held.starts_on:
        raise await already_ended(session, held)
    last = today - DAY if on is None else on
    if on is not None and (on < today or on < held.starts_on):
        problem = "ends_before_begins" if on < held.starts_on else "end_is_past"
        raise DaysDoNotFit(problem=problem, starts=held.starts_on, ends=on, today=today)
    await check_neighbours(session, held, held._replace(ends_on=last), today, "end")
    return held, last


async def cut(session: Session, by: Speaker, held: Held, last: date, now: datetime, **more: Any) -> None:
    """Set the last day of a role.

    Args:
        more: `why`, and what else the record should hold.

    Raises:
        ChangedMeanwhile: somebody was first.
    """
    if not await queries.change(session, held, ends_on=last):
        raise ChangedMeanwhile(what="role", member=held.member_name, name=held.name)
    before = held.ends_on.isoformat() if held.ends_on else None
    about = subject(held.appointment_id)
    await audit.record(session, by, "end_role", about, now, before=before, after=last.isoformat(), **more)


async def of_member(session: Session, by: Speaker, member: str, roles: Collection[Role]) -> list[Held]:
    """The roles of a member, the earliest first, with letter and level; addresses only for the secretariat.

    Raises:
        NotAllowed: not everybody reads the register.
    """
    permissions.require(by, Act.READ_REGISTER, by.member)
    return shown(by, await queries.of_member(session, member, roles))


def shown(by: Speaker, rows: Sequence[Held]) -> list[Held]:
    """Roles as somebody may see them: addresses only for whoever appoints."""
    if permissions.allowed(by, Act.APPOINT):
        return list(rows)
    return [row._replace(email=None, slack_id=None) for row in rows]


def check_days(starts_on: date, ends_on: date | None, today: date) -> None:
    """Let through days that follow each other.

    Raises:
        DaysDoNotFit.
    """
    if ends_on is not None and ends_on < starts_on:
        raise DaysDoNotFit(problem="ends_before_begins", starts=starts_on, ends=ends_on, today=today)


def check_free(wish: Wish, person_id: int, rows: Sequence[Held], but: int | None = None) -> None:
    """Let through what overlaps with nothing.

    Args:
        rows: who holds this role for the member.
        but: a row that is about to change, and does not count.

    Raises:
        RolesOverlap, AlreadyHolds.
    """
    for row in rows:
        apart = row.starts_on > last_day(wish) or last_day(row) < wish.starts_on
        if row.appointment_id == but or apart or (row.role, row.member) != (wish.role, wish.member):
            continue
        days = {"starts": row.starts_on, "ends": row.ends_on}
        if row.person_id == person_id and row.agency_id == wish.agency_id:
            raise AlreadyHolds(member=row.member_name, name=row.name, role=row.role.value, **days)
        if wish.role is Role.FOCAL_POINT:
            wanted = {"wanted_from": wish.starts_on, "wanted_until": wish.ends_on, "doing": None}
            raise RolesOverlap(member=row.member_name, name=row.name, **days, **wanted)


def check_gap(wish: Wish, rows: Sequence[Held], today: date) -> None:
    """Let a focal point follow whoever is there or is to come, and lead to whoever comes next, without a day between;
    where there is nobody, any day will do. What lies in the past may have holes.

    Raises:
        RoleGap.
    """
    lasting = [row for row in rows if last_day(row) >= today]
    before = max((row for row in lasting if last_day(row) < wish.starts_on), key=last_day, default=None)
    if before is not None and before.ends_on is not None and wish.starts_on > before.ends_on + DAY:
        raise gap(before, before.ends_on, wish.starts_on)
    after = min((row for row in lasting if row.starts_on > last_day(wish)), key=lambda row: row.starts_on, default=None)
    if (
        after is not None
        and wish.ends_on is not None
        and today <= wish.ends_on
        and after.starts_on > wish.ends_on + DAY
    ):
        raise gap(after, wish.ends_on, after.starts_on, comes_next=True)


def check_chain(rows: Sequence[Held], today: date, doing: str | None = None) -> None:
    """Let focal points through that follow each other from today on without a day between.

    Args:
        doing: "undo", where that is what leaves them so.

    Raises:
        RoleGap.
    """
    lasting = sorted((row for row in rows if last_day(row) >= today), key=lambda row: row.starts_on)
    for first, second in pairwise(lasting):
        if first.ends_on is not None and second.starts_on > first.ends_on + DAY:
            raise gap(first, first.ends_on, second.starts_on, doing=doing, after=second.name)


def gap(
    who: Held, ends: date, starts: date, *, comes_next: bool = False, doing: str | None = None, after: str | None = None
) -> RoleGap:
    """The refusal of days without a focal point between two; its facts are those of `RoleGap`."""
    named = {"member": who.member_name, "name": who.name, "comes_next": comes_next, "doing": doing, "after": after}
    return RoleGap(**named, ends=ends, starts=starts, following=ends + DAY, latest=starts - DAY)


async def check_neighbours(session: Session, before: Held, after: Held, today: date, doing: str) -> None:
    """Let new days of a role through that overlap with nobody, and tear no new hole between focal points.

    Args:
        doing: "end" or "undo": what gives the role these days.

    Raises:
        RolesOverlap, AlreadyHolds, RoleGap.
    """
    if before.member is None:
        return
    rows = await queries.of_member(session, before.member, [before.role])
    wish = Wish(after.role, after.member, after.starts_on, after.ends_on, after.agency_id)
    if last_day(after) >= after.starts_on:
        try:
            check_free(wish, after.person_id, rows, but=before.appointment_id)
        except RolesOverlap as refusal:
            starts = refusal.facts["starts"]
            latest = starts - DAY if isinstance(starts, date) else None
            raise RolesOverlap(**{**refusal.facts, "doing": doing, "whose": before.name, "latest": latest}) from None
    if before.role is not Role.FOCAL_POINT:
        return
    for row in rows:
        follows = before.ends_on is not None and row.starts_on == before.ends_on + DAY and row.starts_on > today
        if follows and row.starts_on > last_day(after) + DAY:
            raise gap(before, last_day(after), row.starts_on, doing=doing, after=row.name)


async def already_ended(session: Session, held: Held) -> AlreadyEnded:
    """The refusal of who comes second: it says who was first, and when."""
    rows = [row for row in await audit_queries.of(session, subject(held.appointment_id)) if row.act == "end_role"]
    person = await people_queries.person(session, rows[-1].person_id) if rows and rows[-1].person_id else None
    return AlreadyEnded(
        what="role",
        member=held.member_name,
        name=held.name,
        role=held.role.value,
        ends=held.ends_on,
        never=held.ends_on is not None and held.ends_on < held.starts_on,
        by=person.name if person else None,
        at=rows[-1].at if rows else None,
    )


def _days(held: Held | Wish) -> dict[str, str | None]:
    return {"starts_on": held.starts_on.isoformat(), "ends_on": held.ends_on.isoformat() if held.ends_on else None}
