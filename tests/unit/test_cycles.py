"""Reporting rounds: their codes, their dates, and every move from every state by every role, on both databases."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import cycles
from bot.clock import SimulatedClock
from bot.cycles import CYCLE_MOVES, BadDates, CycleExists, CycleMoved
from bot.errors import NotAllowed, NotFound, Refusal
from bot.periods import BadCode, period_of
from bot.speaker import Speaker
from db.engine import Database, Session
from db.models import Cycle
from db.queries import audit as audit_queries
from db.queries import cycles as queries
from db.vocabulary import CycleOrigin, CycleState, QuestionSetCode
from tests import cast
from tests.cast import Cast

DUE = timedelta(days=30)
CLOSES = timedelta(days=44)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("1900", date(1900, 1, 1), date(1900, 12, 31)),
    ],
)
def test_what_a_code_means(code: str, first: date, last: date) -> None:
    assert period_of(code) == (first, last)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "26",
        "2026-Q5",
        "2026-Q0",
        "2026-H3",
        "2026-13",
        "2026-00",
        "2026-q1",
        "1899",
        "2201",
        "２０２６",
        "2026 ",
        "x",
    ],
)
def test_what_is_no_code(code: str) -> None:
    with pytest.raises(BadCode):
        period_of(code)


@given(st.one_of(st.text(), st.from_regex(re.compile(r"[0-9]{4}-?[QH0-9]{0,3}"), fullmatch=True)))
def test_a_code_is_a_period_or_refused(code: str) -> None:
    try:
        first, last = period_of(code)
    except BadCode as refused:
        assert refused.facts == {"code": code}
    else:
        assert first <= last
        assert (first.day, (last + timedelta(days=1)).day) == (1, 1)
        assert first.year == last.year == int(code[:4])


@pytest.fixture
async def people(database: Database, clock: SimulatedClock) -> Cast:
    return await cast.make(database, clock.now())


async def cycle_in(database: Database, state: CycleState, now: datetime, code: str = "2026") -> int:
    """A cycle as it stands in the database, whatever led there."""
    async with database.writing() as session:
        cycle = Cycle(
            code=code,
            title=f"Full assessment {code}",
            question_set=QuestionSetCode.FULL,
            edition="common-1",
            period_start=date(2026, 1, 1),
            period_end=date(2026, 12, 31),
            opens_at=now,
            due_at=now + DUE,
            closes_at=now + CLOSES,
            state=state,
            origin=CycleOrigin.ASKED,
        )
        session.add(cycle)
        await session.flush()
        return cycle.id


Move = Callable[[Session, Speaker, int, datetime], Awaitable[object]]


async def _extend(session: Session, by: Speaker, cycle_id: int, now: datetime) -> object:
    return await cycles.extend(session, by, cycle_id, now + DUE * 2, now + CLOSES * 2, now)


async def _publish(session: Session, by: Speaker, cycle_id: int, now: datetime) -> object:
    cycle = await queries.cycle(session, cycle_id)
    assert cycle is not None
    return await cycles.publish(session, by, cycle, now)


MOVES: dict[str, Move] = {
    "open": cycles.open_cycle,
    "extend": _extend,
    "close": cycles.close,
    "publish": _publish,
    "cancel": cycles.cancel,
}
# Written down again, apart from the code: from which state each move leads where.
LEADS = {
    ("draft", "open"): "open",
    ("draft", "cancel"): "cancelled",
    ("open", "extend"): "open",
    ("open", "close"): "closed",
    ("open", "cancel"): "cancelled",
    ("closed", "extend"): "open",
    ("closed", "publish"): "published",
}


def test_the_table_of_moves_is_this_one() -> None:
    table = {
        (source.value, name): target.value for name, (sources, target) in CYCLE_MOVES.items() for source in sources
    }
    assert table == LEADS
    assert set(MOVES) == set(CYCLE_MOVES)


@pytest.mark.parametrize("state", list(CycleState))
async def test_every_move_from_every_state(
    database: Database, people: Cast, clock: SimulatedClock, state: CycleState
) -> None:
    for number, name in enumerate(MOVES):
        cycle_id = await cycle_in(database, state, clock.now(), f"2026-0{number + 1}")
        await _one_move(database, people.speaker("aisyah"), cycle_id, state, name, clock.now())


async def _one_move(
    database: Database, aisyah: Speaker, cycle_id: int, state: CycleState, name: str, now: datetime
) -> None:
    leads = LEADS.get((state.value, name))
    refusal: Refusal | None = None
    try:
        async with database.writing() as session:
            await MOVES[name](session, aisyah, cycle_id, now)
    except CycleMoved as moved:
        refusal = moved
    async with database.reading() as session:
        cycle = await queries.cycle(session, cycle_id)
        acts = [row.act for row in await audit_queries.of(session, f"cycle:{cycle_id}")]
    assert cycle is not None
    if leads is not None:
        assert refusal is None
        assert cycle.state.value == leads
        assert acts == [f"{name}_cycle"]
        return
    assert cycle.state is state
    assert acts == []
    if name == "publish":
        # A digest of an open cycle publishes nothing, and that is no fault.
        assert refusal is None
    else:
        assert refusal is not None
        assert refusal.facts["state"] == state.value


@pytest.mark.parametrize("who", ["siti", "budi", "dewi", "per"])
async def test_nobody_but_the_secretariat_moves_a_cycle(
    sqlite_database: Database, clock: SimulatedClock, who: str
) -> None:
    people = await cast.make(sqlite_database, clock.now())
    for number, state in enumerate(CycleState):
        cycle_id = await cycle_in(sqlite_database, state, clock.now(), f"2026-0{number + 1}")
        for move in MOVES.values():
            with pytest.raises(NotAllowed):
                async with sqlite_database.writing() as session:
                    await move(session, people.speaker(who), cycle_id, clock.now())
        async with sqlite_database.reading() as session:
            cycle = await queries.cycle(session, cycle_id)
        assert cycle is not None
        assert cycle.state is state


@pytest.mark.parametrize("name", ["open", "close", "cancel"])
async def test_two_at_once_and_one_wins(database: Database, people: Cast, clock: SimulatedClock, name: str) -> None:
    now, aisyah = clock.now(), people.speaker("aisyah")
    cycle_id = await cycle_in(database, CycleState.DRAFT if name == "open" else CycleState.OPEN, now)

    async def move() -> bool:
        try:
            async with database.writing() as session:
                await MOVES[name](session, aisyah, cycle_id, now)
        except CycleMoved:
            return False
        return True

    assert sorted(await asyncio.gather(*(move() for _ in range(5)))) == [False, False, False, False, True]


async def test_two_processes_at_once_and_one_wins(database: Database, people: Cast, clock: SimulatedClock) -> None:
    now, aisyah = clock.now(), people.speaker("aisyah")
    cycle_id = await cycle_in(database, CycleState.OPEN, now)
    other = Database(database.url.render_as_string(hide_password=False))

    async def close(through: Database) -> bool:
        try:
            async with through.writing() as session:
                await cycles.close(session, aisyah, cycle_id, now)
        except CycleMoved:
            return False
        return True

    try:
        assert sorted(await asyncio.gather(close(database), close(other))) == [False, True]
    finally:
        await other.close()


async def plan(
    database: Database,
    people: Cast,
    now: datetime,
    code: str = "2026",
    due: timedelta = DUE,
    closes: timedelta = CLOSES,
) -> cycles.Plan:
    async with database.writing() as session:
        return await cycles.plan(
            session,
            people.speaker("aisyah"),
            code=code,
            title=f"Assessment {code}",
            question_set=QuestionSetCode.FULL,
            edition="common-1",
            due=now + due,
            closes=now + closes,
            now=now,
        )


async def test_a_plan_names_who_is_asked_and_where_nobody_is(
    database: Database, people: Cast, clock: SimulatedClock
) -> None:
    made = await plan(database, people, clock.now())
    assert [hat.name for hat in made.asked] == ["Siti Rahmadani", "Bounmy Keo", "Maria Santos-Example", "Linh Tran"]
    assert len(made.asked) + len(made.unheld) == 11
    again = await plan(database, people, clock.now(), due=DUE * 2, closes=CLOSES * 2)
    assert again.cycle.id == made.cycle.id, "a draft of the same code is planned anew"
    assert again.cycle.due_at == clock.now() + DUE * 2


async def test_a_cycle_that_was_opened_is_not_planned_again(
    database: Database, people: Cast, clock: SimulatedClock
) -> None:
    made = await plan(database, people, clock.now())
    async with database.writing() as session:
        opened = await cycles.open_cycle(session, people.speaker("aisyah"), made.cycle.id, clock.now())
    assert len(opened.asked) == 4
    with pytest.raises(CycleExists) as refused:
        await plan(database, people, clock.now())
    assert refused.value.facts == {"code": "2026", "state": "open"}


async def test_a_cancelled_cycle_gives_its_code_up(database: Database, people: Cast, clock: SimulatedClock) -> None:
    aisyah = people.speaker("aisyah")
    for _ in range(2):
        made = await plan(database, people, clock.now())
        async with database.writing() as session:
            await cycles.open_cycle(session, aisyah, made.cycle.id, clock.now())
        async with database.writing() as session:
            called_off = await cycles.cancel(session, aisyah, made.cycle.id, clock.now())
        assert called_off.code == "2026", "until another takes it"
    again = await plan(database, people, clock.now())
    async with database.reading() as session:
        by_code = await queries.by_code(session, "2026")
        earlier = await queries.by_code(session, f"2026~{made.cycle.id}")
    assert by_code is not None
    assert earlier is not None
    assert (by_code.id, by_code.state) == (again.cycle.id, CycleState.DRAFT)
    assert (earlier.id, earlier.state) == (made.cycle.id, CycleState.CANCELLED)


async def test_two_ticks_at_once_close_a_cycle_once(postgresql_database: Database, clock: SimulatedClock) -> None:
    await cycle_in(postgresql_database, CycleState.OPEN, clock.now())
    other = Database(postgresql_database.url.render_as_string(hide_password=False))
    later = clock.now() + CLOSES
    async with postgresql_database.writing() as one, other.writing() as two:
        assert len(await cycles.close_what_is_due(one, later)) == 1
        assert await cycles.close_what_is_due(two, later) == []
    await other.close()


@pytest.mark.parametrize(
    ("due", "closes", "problem"),
    [
        (timedelta(0), CLOSES, "due_passed"),
        (timedelta(days=-1), CLOSES, "due_passed"),
        (DUE, DUE - timedelta(seconds=1), "closes_before_due"),
    ],
)
async def test_dates_follow_each_other(
    sqlite_database: Database, clock: SimulatedClock, due: timedelta, closes: timedelta, problem: str
) -> None:
    people = await cast.make(sqlite_database, clock.now())
    with pytest.raises(BadDates) as refused:
        await plan(sqlite_database, people, clock.now(), due=due, closes=closes)
    assert refused.value.facts["problem"] == problem


async def test_more_time_is_later_than_before(sqlite_database: Database, clock: SimulatedClock) -> None:
    people = await cast.make(sqlite_database, clock.now())
    now = clock.now()
    cycle_id = await cycle_in(sqlite_database, CycleState.OPEN, now)
    with pytest.raises(BadDates) as refused:
        async with sqlite_database.writing() as session:
            await cycles.extend(session, people.speaker("aisyah"), cycle_id, now + DUE, now + CLOSES * 2, now)
    assert refused.value.facts["problem"] == "not_later"


async def test_more_time_is_weighed_before_it_is_given(sqlite_database: Database, clock: SimulatedClock) -> None:
    people = await cast.make(sqlite_database, clock.now())
    aisyah, now = people.speaker("aisyah"), clock.now()
    cycle_id = await cycle_in(sqlite_database, CycleState.DRAFT, now)
    dates = (now + DUE * 2, now + CLOSES * 2, now)
    async with sqlite_database.writing() as session:
        with pytest.raises(CycleMoved):
            await cycles.extension(session, aisyah, cycle_id, *dates)
        await cycles.open_cycle(session, aisyah, cycle_id, now)
        plan = await cycles.extension(session, aisyah, cycle_id, *dates)
    assert plan.cycle.due_at == now + DUE
    assert plan.cycle.closes_at == now + CLOSES
    assert "Siti Rahmadani" in {hat.name for hat in plan.told}
    assert not {hat.member for hat in plan.told} & {member.code for member in plan.unheld}
    async with sqlite_database.writing() as session:
        with pytest.raises(BadDates):
            await cycles.extension(session, aisyah, cycle_id, now + DUE, now + CLOSES, now)
        with pytest.raises(NotAllowed):
            await cycles.extension(session, people.speaker("siti"), cycle_id, *dates)
        await cycles.cancel(session, aisyah, cycle_id, now)
        with pytest.raises(CycleMoved):
            await cycles.extension(session, aisyah, cycle_id, *dates)


async def test_the_closing_date_closes_by_itself_once(database: Database, people: Cast, clock: SimulatedClock) -> None:
    cycle_id = await cycle_in(database, CycleState.OPEN, clock.now())
    for moment, closed in ((CLOSES - timedelta(seconds=1), 0), (CLOSES, 1), (CLOSES * 2, 0)):
        async with database.writing() as session:
            assert len(await cycles.close_what_is_due(session, clock.now() + moment)) == closed
    async with database.reading() as session:
        cycle = await queries.cycle(session, cycle_id)
    assert cycle is not None
    assert cycle.closes_at == clock.now() + CLOSES


async def test_a_cycle_is_found_by_name_or_when_there_is_only_one(
    sqlite_database: Database, clock: SimulatedClock
) -> None:
    people = await cast.make(sqlite_database, clock.now())
    aisyah = people.speaker("aisyah")
    async with sqlite_database.reading() as session:
        with pytest.raises(NotFound):
            await cycles.named(session, aisyah, None, [CycleState.OPEN])
    await cycle_in(sqlite_database, CycleState.OPEN, clock.now())
    async with sqlite_database.reading() as session:
        assert (await cycles.named(session, aisyah, None, [CycleState.OPEN])).code == "2026"
        with pytest.raises(NotFound):
            await cycles.named(session, aisyah, "2031", [CycleState.OPEN])
        with pytest.raises(NotAllowed):
            await cycles.named(session, people.speaker("siti"), "2026", [CycleState.OPEN])
    await cycle_in(sqlite_database, CycleState.OPEN, clock.now() + timedelta(days=1), "2026-Q4")
    async with sqlite_database.reading() as session:
        with pytest.raises(NotFound) as several:
            await cycles.named(session, aisyah, None, [CycleState.OPEN])
        assert several.value.facts["named"] == "2026, 2026-Q4"
        assert (await cycles.latest(session, aisyah, [CycleState.OPEN])).code == "2026-Q4"
