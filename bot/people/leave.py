"""Leave: days on which somebody is away, and who is asked meanwhile.

A day is one of the register (`workdays.register_day`). While somebody is away, `contacts` asks an alternate in their
place; nothing is written anywhere for that, so it ends by itself, or at "I am back". A person notes only their own
leave: no right is needed beyond being who they are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot import audit, workdays
from bot.errors import NotFound, Refusal
from bot.people.contacts import ANSWERING, all_answering
from bot.speaker import Speaker
from db.engine import Session
from db.models import Leave
from db.queries import people as people_queries
from db.queries import profiles as queries
from db.vocabulary import Role

LONGEST = timedelta(days=366)


class BadLeave(Refusal):
    """No leave can lie on these days. Facts: problem (`past`, `order` or `too_long`), starts, ends."""


class LeaveOver(Refusal):
    """The leave had ended before. Facts: ends, when."""


class Meanwhile(StrEnum):
    """What happens to a role while its holder is away."""

    STAND_IN = "stand_in"
    AS_BEFORE = "as_before"
    NOBODY = "nobody"
    WAITS = "waits"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Left:
    """One role of somebody who is away. `name`: who is asked, or, where it waits, who is told."""

    role: Role
    member: str | None
    country: str | None
    how: Meanwhile
    name: str | None = None


def problem(starts: date, ends: date, today: date) -> str | None:
    """What is wrong with a leave on these days; the last is included."""
    if ends < starts:
        return "order"
    if ends < today:
        return "past"
    return "too_long" if ends - max(starts, today) > LONGEST else None


async def take(session: Session, by: Speaker, starts: date, ends: date, now: datetime) -> Leave:
    """A person is away from a day until a day, that day included. Earlier notes that it touches no longer hold.

    Raises:
        BadLeave: no leave can lie on these days.
    """
    today = workdays.register_day(now)
    if (wrong := problem(starts, ends, today)) is not None:
        raise BadLeave(problem=wrong, starts=starts, ends=ends)
    same = [
        one
        for one in await queries.leaves(session, by.person_id, today)
        if (one.starts_on, one.ends_on) == (starts, ends)
    ]
    if same:
        return same[0]
    row = Leave(person_id=by.person_id, starts_on=starts, ends_on=ends, told_at=now)
    await queries.add_leave(session, row)
    await audit.record(
        session, by, "leave", f"person:{by.person_id}", now, starts=starts.isoformat(), ends=ends.isoformat()
    )
    return row


async def ahead(session: Session, person_id: int, now: datetime) -> list[Leave]:
    """The leaves that go on or lie ahead, the first to begin first."""
    return await queries.leaves(session, person_id, workdays.register_day(now))


async def end(session: Session, by: Speaker, leave_id: int, now: datetime) -> Leave:
    """A person is back before the last day, or does not go at all.

    Raises:
        NotFound: it is no leave of theirs.
        LeaveOver: it had ended before.
    """
    row = await queries.leave(session, leave_id)
    if row is None or row.person_id != by.person_id:
        raise NotFound(what="leave", named=str(leave_id))
    if row.ends_on < workdays.register_day(now) or not await queries.end_leave(session, leave_id, by.person_id, now):
        raise LeaveOver(ends=row.ends_on, when=row.ended_at)
    await audit.record(session, by, "back_from_leave", f"person:{by.person_id}", now, leave=leave_id)
    return row


async def come_back(session: Session, by: Speaker, now: datetime) -> Leave | None:
    """A person is at work again: the leave that goes on ends. None where there is none."""
    today = workdays.register_day(now)
    going_on = [one for one in await ahead(session, by.person_id, now) if one.starts_on <= today]
    return await end(session, by, going_on[0].id, now) if going_on else None


async def meanwhile(session: Session, person_id: int, on: date) -> list[Left]:
    """What happens to each role of a person who is away on a day."""
    return (await all_meanwhile(session, [person_id], on))[person_id]


async def all_meanwhile(session: Session, person_ids: Collection[int], on: date) -> dict[int, list[Left]]:
    """`meanwhile` for many people, in two statements however many they are."""
    if not person_ids:
        return {}
    hats = await people_queries.hats_of_people(session, person_ids, on)
    asked = await all_answering(session, on)
    return {whose: [_left(hat, asked.get(hat.member or "", [])) for hat in held] for whose, held in hats.items()}


def _left(hat: people_queries.Hat, asked: Sequence[people_queries.Hat]) -> Left:
    """What happens to one role; `asked`: who answers for its member, in the order in which they are asked."""
    others = [one for one in asked if one.person_id != hat.person_id]
    if hat.role in ANSWERING and hat.member:
        here = [one for one in others if not one.away]
        if not here:
            return Left(hat.role, hat.member, hat.member_name, Meanwhile.NOBODY)
        same = here[0].role is Role.FOCAL_POINT or not _was_asked(hat, others)
        how = Meanwhile.AS_BEFORE if same else Meanwhile.STAND_IN
        return Left(hat.role, hat.member, hat.member_name, how, here[0].name)
    if hat.role in (Role.CONTRIBUTOR, Role.COORDINATOR) and hat.member:
        return Left(hat.role, hat.member, hat.member_name, Meanwhile.WAITS, others[0].name if others else None)
    return Left(hat.role, hat.member, hat.member_name, Meanwhile.NOTHING)


def _was_asked(hat: people_queries.Hat, others: list[people_queries.Hat]) -> bool:
    """Whether the one who goes was the first to be asked: the focal point, or the first alternate who is there."""
    here = sorted(
        [hat, *(one for one in others if not one.away)], key=lambda one: (one.role is not Role.FOCAL_POINT, one.name)
    )
    return here[0] is hat
