"""The coordinator's yes, or no with a reason, to floors that were proposed: for one or several at once.

A row is never changed in what it says, so whoever names its number decided about exactly what they saw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import audit, ledger, people, permissions, workdays
from bot.errors import Refusal, SecretariatMayNotClear
from bot.floors.asking import ASK_KIND, DECIDED_KIND, REMIND_KIND, subject
from bot.floors.proposing import FloorGone, gone, the_member
from bot.messages import Deed
from bot.permissions import Act
from bot.reading import clean
from bot.speaker import Speaker
from db.engine import Session
from db.models import Floor, Member
from db.queries import floors as queries
from db.queries import people as people_queries
from db.queries.floors import Noted
from db.vocabulary import FloorState, Role

LONGEST_REASON = 1000


class OwnFloor(Refusal):
    """Whoever proposed a floor may not clear it, by the member's own setting. Facts: member."""


class NothingDecided(Refusal):
    """Neither a yes nor a no was given to anything. Facts: member."""


@dataclass(frozen=True)
class Decided:
    """What was decided at once."""

    member: Member
    rows: Sequence[Noted]


def reason_of(typed: str) -> str:
    """The reason of a no, as it is kept: without signs that nobody sees. Empty: there is none."""
    return clean(typed)[:LONGEST_REASON].strip()


async def clearer(session: Session, by: Speaker, member: str, now: datetime) -> Speaker:
    """The person in the role in which they may say yes for a member, whichever they wear now.

    Raises:
        SecretariatMayNotClear: they are of the secretariat as well.
        NotAllowed: they are not its coordinator.
    """
    hats = await people_queries.hats_of_person(session, by.person_id, workdays.register_day(now))
    held = [hat for hat in hats if hat.member == member and hat.role is Role.COORDINATOR]
    if held:
        if held[0].secretariat:
            raise SecretariatMayNotClear(member=held[0].member_name, cycle=None)
        by = people.speaker_of(held[0], by.via)
    permissions.require(by, Act.CLEAR_FLOORS, member)
    return by


async def decide(
    session: Session, by: Speaker, member: str, yes: Sequence[int], no: Mapping[int, str], now: datetime
) -> Decided:
    """Say yes to some proposals and no, each with its reason, to others. All of it is done or nothing.

    Args:
        yes: the numbers of the rows that were seen.
        no: the reason of each no, not empty.

    Raises:
        FloorGone: one of them was taken back, replaced or decided meanwhile, or was never asked about.
        OwnFloor: it is their own proposal, and the member does not let authors clear.
        NothingDecided: there is neither a yes nor a no.
        NotAllowed: not the member's coordinator.
    """
    if not all(why.strip() for why in no.values()):
        raise ValueError("a no needs its reason")
    by = await clearer(session, by, member, now)
    country = await the_member(session, member)
    ids = sorted({*yes, *no})
    if not ids:
        raise NothingDecided(member=country.name)
    await queries.lock(session, member)
    before = {noted.floor.id: noted.floor for noted in await queries.some(session, ids)}
    if not country.author_may_clear and any(row.proposed_by == by.person_id for row in before.values()):
        raise OwnFloor(member=country.name)
    if len([row for row in before.values() if _is_asked(row, member)]) != len(ids):
        raise await _gone(session, member, ids)
    settled: dict[str, Any] = {"decided_by": by.person_id, "decided_at": now, "decided_via": by.via}
    done = 0
    for floor_id in ids:
        why = no.get(floor_id)
        state = FloorState.CLEARED if why is None else FloorState.REFUSED
        done += await queries.decide(session, member, [floor_id], {**settled, "state": state, "why": why})
    if done != len(ids):
        raise await _gone(session, member, ids)
    rows = await queries.some(session, ids)
    for noted in rows:
        row = noted.floor
        act = "clear_floor" if row.state is FloorState.CLEARED else "refuse_floor"
        await audit.record(session, by, act, subject(member), now, why=row.why, row=row.id, indicator=row.indicator)
    left = [noted for noted in await queries.proposed(session, member) if noted.floor.asked_at is not None]
    if not left:
        await ledger.cancel(session, subject(member), (ASK_KIND, REMIND_KIND), now)
    await _tell(session, member, ids, now)
    return Decided(country, rows)


async def _gone(session: Session, member: str, ids: Sequence[int]) -> FloorGone:
    """The refusal, with the way to what waits still, where anything does."""
    refusal = await gone(session, member, ids)
    if any(noted.floor.asked_at is not None for noted in await queries.proposed(session, member)):
        refusal.way_on = (Deed.SEE_PROPOSALS, member)
    return refusal


def _is_asked(row: Floor, member: str) -> bool:
    return row.member_code == member and row.state is FloorState.PROPOSED and row.asked_at is not None


async def _tell(session: Session, member: str, ids: Sequence[int], now: datetime) -> None:
    """The focal point learns what was decided."""
    await ledger.queue(
        session,
        now,
        key=ledger.key("floors-decided", member, "-".join(map(str, ids))),
        kind=DECIDED_KIND,
        subject=subject(member),
        facts={"rows": list(ids), **people.to_role(member)},
    )
