"""A floor is written down, collected with others, asked about, or taken back. It counts only once it is cleared.

Rows are only ever added. What stands on a day is told by the cleared rows alone, and a new one always begins after
those that stand: so what counted before its day never changes, and what a cycle keeps is not touched at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot import audit, editions, ledger, permissions, workdays
from bot.errors import NotFound, Refusal, WrongState
from bot.floors.aim import Aim, to_json
from bot.floors.asking import ASK_KIND, REMIND_KIND, asked_entries, coordinators, subject
from bot.formats import Indicator
from bot.permissions import Act
from bot.reading import AskBack, Need, Problem, Unreadable, read
from bot.speaker import Speaker
from db.engine import Session
from db.models import Floor, Member
from db.queries import floors as queries
from db.queries import people as people_queries
from db.queries.people import Hat
from db.vocabulary import Availability, Direction, FloorState

LONGEST_SOURCE = 300
LAST_YEAR = 2100
# A new floor begins after those that were cleared: one of 2062, where 2026 was meant, would shut out all before it.
YEARS_AHEAD = 5
REPLACED = "replaced"


class BadAim(Refusal):
    """A floor or a ceiling cannot be set so. Facts: problem, title, field, and what the problem is about."""


class FloorKnown(WrongState):
    """This very floor stands already, or was proposed before. Facts: member, title, state, and the aim's own."""


class FloorGone(WrongState):
    """What was seen does not wait any more: taken back, replaced or decided. Facts: member, gone: rows as they are."""


class NothingToAsk(Refusal):
    """Nothing was collected that the coordinator could be asked about. Facts: member, waiting (so many floors were
    asked about and are not decided)."""


@dataclass(frozen=True)
class Asked:
    """What came of asking: how many, and who may say yes; nobody where the member has no coordinator."""

    count: int
    hats: Sequence[Hat]


def number_of(text: str, indicator: Indicator, today: date, field: str) -> Decimal:
    """A number as people type it, such as `40`, `40,5 %` or `៤០`.

    Args:
        field: which of the two it is, for the refusal: `floor` or `ceiling`.

    Raises:
        BadAim: it is none, could be two, or lies outside the indicator's bounds.
    """
    try:
        outcome = read(text, indicator, today=today)
    except Unreadable as wrong:
        problem = "bounds" if wrong.facts.get("problem") == Problem.OUT_OF_BOUNDS else "no_number"
        raise bad(problem, indicator, field=field) from None
    if not isinstance(outcome, AskBack):
        # With a year and a source behind it, it is an answer, no floor.
        raise bad("no_number", indicator, field=field)
    if outcome.draft.need is Need.WHICH_NUMBER:
        raise bad("two_ways", indicator, field=field)
    draft = outcome.draft
    # What is about 40, or 40 with a remark, is no floor either.
    bare = draft.availability is Availability.GIVEN and (draft.year, draft.source, draft.note) == (None, None, None)
    if draft.number is None or not bare:
        raise bad("no_number", indicator, field=field)
    return draft.number


def bad(problem: str, indicator: Indicator, *, field: str, **more: Any) -> BadAim:
    """The refusal, with what it is about."""
    bounds = {"minimum": indicator.minimum, "maximum": indicator.maximum}
    return BadAim(problem=problem, title=indicator.title, field=field, **{**bounds, **more})


def check(aim: Aim, indicator: Indicator, today: date) -> None:
    """Whether an aim makes sense in itself.

    Args:
        today: the day of the network's register.

    Raises:
        BadAim.
    """
    if not indicator.floor or not indicator.numeric:
        raise bad("no_floors_here", indicator, field="floor")
    if not aim.source.strip() or len(aim.source) > LONGEST_SOURCE:
        raise bad("no_source", indicator, field="source", longest=LONGEST_SOURCE)
    for field, value in (("floor", aim.floor), ("ceiling", aim.ceiling)):
        low = indicator.minimum is not None and value is not None and value < indicator.minimum
        high = indicator.maximum is not None and value is not None and value > indicator.maximum
        if low or high:
            raise bad("bounds", indicator, field=field)
    if aim.floor is None and (aim.ceiling is not None or aim.target_year is not None):
        raise bad("no_floor", indicator, field="floor")
    if aim.floor is not None and aim.ceiling is not None:
        if indicator.direction is Direction.DOWN and aim.floor < aim.ceiling:
            raise bad("below_ceiling", indicator, field="ceiling")
        if indicator.direction is not Direction.DOWN and aim.floor > aim.ceiling:
            raise bad("above_ceiling", indicator, field="ceiling")
    if aim.ceiling is not None and aim.target_year is None:
        raise bad("no_year", indicator, field="target_year")
    if aim.target_year is not None and not today.year <= aim.target_year <= LAST_YEAR:
        raise bad("year_past" if aim.target_year < today.year else "year_far", indicator, field="target_year")
    if aim.valid_from.year > today.year + YEARS_AHEAD:
        raise bad("day_far", indicator, field="valid_from")
    if aim.target_year is not None and aim.valid_from.year > aim.target_year:
        raise bad("year_before_day", indicator, field="target_year")


async def propose(session: Session, by: Speaker, member: str, indicator: Indicator, aim: Aim, now: datetime) -> Floor:
    """Write down what a member wants to aim at. Another proposal for the same indicator that waits is replaced by it.

    Args:
        member: ISO 3166-1 alpha-3 code; the speaker's own.
        indicator: of the edition in use.
        aim: without a floor, the floor is given up from its day on.

    Raises:
        BadAim: it makes no sense, or begins on or before the day from which the newest cleared one counts.
        FloorKnown: it is what stands, or what waits already.
        NotAllowed.
    """
    permissions.require(by, Act.SET_FLOORS, member)
    await queries.lock(session, member)
    check(aim, indicator, workdays.register_day(now))
    rows = await queries.history(session, member, codes(indicator))
    newest = newest_cleared([noted.floor for noted in rows])
    for state, row in (("cleared", newest), *(("proposed", n.floor) for n in rows if waits(n.floor))):
        if row is not None and _same(row, aim, with_day=state == "proposed"):
            raise FloorKnown(what="floor", state=state, member=member, title=indicator.title, valid_from=row.valid_from)
    if aim.floor is None and (newest is None or newest.floor is None):
        raise bad("nothing_to_give_up", indicator, field="floor")
    if newest is not None and aim.valid_from <= newest.valid_from:
        raise bad("too_early", indicator, field="valid_from", since=newest.valid_from)
    replaced = [noted.floor.id for noted in rows if waits(noted.floor)]
    if replaced:
        await _take_back(session, by, member, replaced, now, REPLACED)
    floor = Floor(
        member_code=member,
        indicator=indicator.code,
        floor=aim.floor,
        ceiling=aim.ceiling,
        target_year=aim.target_year,
        source=aim.source.strip(),
        valid_from=aim.valid_from,
        state=FloorState.PROPOSED,
        proposed_by=by.person_id,
        proposed_at=now,
        proposed_via=by.via,
    )
    session.add(floor)
    await session.flush()
    detail: dict[str, Any] = {"row": floor.id, "indicator": indicator.code, "replaces": replaced, "aim": to_json(aim)}
    await audit.record(session, by, "propose_floor", subject(member), now, why=None, **detail)
    return floor


def codes(indicator: Indicator) -> tuple[str, ...]:
    """The codes under which rows of this indicator may stand: its own, and those of earlier editions."""
    return (indicator.code, *indicator.was)


def waits(row: Floor) -> bool:
    """Whether it is still to be decided."""
    return row.state is FloorState.PROPOSED


def newest_cleared(rows: Sequence[Floor]) -> Floor | None:
    """The cleared row that begins last, whether it has begun or not."""
    cleared = [row for row in rows if row.state is FloorState.CLEARED]
    return max(cleared, key=lambda row: (row.valid_from, row.id), default=None)


def _same(row: Floor, aim: Aim, *, with_day: bool) -> bool:
    same = (row.floor, row.ceiling, row.target_year, row.source) == (
        aim.floor,
        aim.ceiling,
        aim.target_year,
        aim.source.strip(),
    )
    return same and (not with_day or row.valid_from == aim.valid_from)


async def withdraw(session: Session, by: Speaker, floor_id: int, now: datetime) -> Floor:
    """Take back a proposal that waits.

    Raises:
        FloorGone: it was decided, replaced or taken back before.
        NotFound: there is none, or it is another country's.
        NotAllowed.
    """
    row = await own_row(session, by, floor_id, Act.SET_FLOORS)
    await queries.lock(session, row.member_code)
    await _take_back(session, by, row.member_code, [row.id], now, None)
    await session.refresh(row)
    return row


async def _take_back(
    session: Session, by: Speaker, member: str, ids: Sequence[int], now: datetime, why: str | None
) -> None:
    values = {
        "state": FloorState.WITHDRAWN,
        "decided_by": by.person_id,
        "decided_at": now,
        "decided_via": by.via,
        "why": why,
    }
    if await queries.decide(session, member, ids, values, asked=False) != len(ids):
        raise await gone(session, member, ids)
    for floor_id in ids:
        if why is None:
            await audit.record(session, by, "withdraw_floor", subject(member), now, row=floor_id)
    if not any(noted.floor.asked_at for noted in await queries.proposed(session, member)):
        await ledger.cancel(session, subject(member), (ASK_KIND, REMIND_KIND), now)


async def own_row(session: Session, by: Speaker, floor_id: int, act: Act) -> Floor:
    """One row that this person may do something with.

    Raises:
        NotFound: there is none, or it is another country's.
        NotAllowed.
    """
    permissions.require(by, act, by.member)
    found = await queries.some(session, [floor_id])
    if not found or found[0].floor.member_code != by.member:
        raise NotFound(what="floor", named=str(floor_id))
    return found[0].floor


async def gone(session: Session, member: str, ids: Sequence[int]) -> FloorGone:
    """The refusal of a deed about proposals of which some do not wait any more: with what became of those."""
    rows = [noted for noted in await queries.some(session, ids) if noted.floor.member_code == member]
    country = await people_queries.member(session, member)
    return FloorGone(
        what="floor",
        state="gone",
        member=country.name if country else member,
        gone=[
            {
                "title": title_of(noted.floor.indicator),
                "state": noted.floor.state.value,
                "person": noted.decided_by,
                "when": noted.floor.decided_at,
                "why": noted.floor.why,
            }
            for noted in rows
            if not waits(noted.floor)
        ],
    )


async def ask(session: Session, by: Speaker, member: str, now: datetime) -> Asked:
    """Ask the coordinator for the yes to all that was collected, in one message.

    Raises:
        NothingToAsk: all of it was asked about before, or nothing waits.
        NotAllowed.
    """
    permissions.require(by, Act.SET_FLOORS, member)
    await queries.lock(session, member)
    count = await queries.ask(session, member, now)
    country = await people_queries.member(session, member)
    if not count or country is None:
        waiting = len(await queries.proposed(session, member))
        raise NothingToAsk(member=country.name if country else member, waiting=waiting)
    asked = [noted.floor for noted in await queries.proposed(session, member) if noted.floor.asked_at]
    await audit.record(session, by, "ask_floors", subject(member), now, rows=[row.id for row in asked])
    hats = await coordinators(session, country, {row.proposed_by for row in asked}, now)
    # What was asked before and has not been sent is part of this.
    await ledger.cancel(session, subject(member), (ASK_KIND, REMIND_KIND), now)
    await ledger.queue_all(session, now, asked_entries(member, max(row.id for row in asked), hats))
    return Asked(count, hats)


def title_of(code: str) -> str:
    """What people call the indicator of a code."""
    indicator = editions.meaning(code)
    return indicator.title if indicator else code


async def the_member(session: Session, code: str) -> Member:
    """The country of a code.

    Raises:
        NotFound.
    """
    member = await people_queries.member(session, code)
    if member is None:
        raise NotFound(what="member", named=code[:40])
    return member
