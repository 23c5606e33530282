"""A delivery is queued once, claimed by one worker, and settled after it was sent."""

from __future__ import annotations

import asyncio
import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import ledger
from bot.clock import SimulatedClock
from db.engine import Database
from db.models import Delivery, Person
from db.queries import ledger as queries
from db.vocabulary import DeliveryState, Medium

LEASE = timedelta(minutes=2)
BACK_OFF = ledger.BackOff(first=timedelta(seconds=30), cap=timedelta(hours=1), attempts=3)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def siti(database: Database) -> int:
    async with database.writing() as session:
        person = Person(name="Siti Rahmadani", email="siti@example.org", slack_id="U0SITI")
        session.add(person)
        await session.flush()
        return person.id


async def queued(database: Database, clock: SimulatedClock, person: int, name: str = "a", **more: Any) -> bool:
    async with database.writing() as session:
        return await ledger.queue(
            session,
            clock.now(),
            key=ledger.key("reminder", name),
            kind=more.pop("kind", "reminder"),
            subject=more.pop("subject", "assessment:1"),
            person_id=person,
            **more,
        )


async def claimed(database: Database, clock: SimulatedClock, worker: str = "w1", limit: int = 10) -> list[Delivery]:
    async with database.writing() as session:
        return await ledger.claim(session, worker, clock.now(), limit, LEASE)


async def row(database: Database, name: str = "a") -> Delivery:
    async with database.reading() as session:
        found = await queries.by_key(session, ledger.key("reminder", name))
        assert found is not None
        return found


async def test_a_tick_that_runs_twice_queues_once(database: Database, clock: SimulatedClock, siti: int) -> None:
    assert await queued(database, clock, siti)
    assert not await queued(database, clock, siti)
    assert await queued(database, clock, siti, "b")
    async with database.reading() as session:
        assert (await ledger.counts(session))[DeliveryState.QUEUED] == 2


async def test_what_was_queued_comes_back_as_it_was(database: Database, clock: SimulatedClock, siti: int) -> None:
    await queued(database, clock, siti, facts={"step": "7_days_before"}, not_after=clock.now() + MINUTE)
    (delivery,) = await claimed(database, clock)
    assert delivery.facts == {"step": "7_days_before"}
    assert delivery.not_before == clock.now()
    assert delivery.not_after == clock.now() + MINUTE
    assert (delivery.attempts, delivery.in_doubt) == (1, False)


async def test_nothing_is_claimed_before_its_time_nor_twice(
    database: Database, clock: SimulatedClock, siti: int
) -> None:
    await queued(database, clock, siti, not_before=clock.now() + MINUTE)
    assert await claimed(database, clock) == []
    async with database.reading() as session:
        assert await ledger.next_due(session) == clock.now() + MINUTE
    clock.advance(MINUTE)
    assert len(await claimed(database, clock)) == 1
    assert await claimed(database, clock, "w2") == []


async def test_the_longest_due_goes_first_and_no_more_than_asked(
    database: Database, clock: SimulatedClock, siti: int
) -> None:
    for place, name in enumerate("cab"):
        await queued(database, clock, siti, name, not_before=clock.now() - place * MINUTE)
    assert [delivery.key for delivery in await claimed(database, clock, limit=2)] == ["reminder:b", "reminder:a"]


async def test_two_workers_at_once_share_the_work(database: Database, clock: SimulatedClock, siti: int) -> None:
    for place in range(40):
        await queued(database, clock, siti, str(place))
    other = Database(database.url.render_as_string(hide_password=False))
    try:
        halves = await asyncio.gather(
            *(claimed(where, clock, f"w{place}", 7) for place in range(4) for where in (database, other))
        )
    finally:
        await other.close()
    ids = [delivery.id for half in halves for delivery in half]
    assert len(ids) == len(set(ids)) == 40


async def test_a_worker_that_died_leaves_its_delivery_in_doubt(
    database: Database, clock: SimulatedClock, siti: int
) -> None:
    await queued(database, clock, siti)
    (first,) = await claimed(database, clock, "w1")
    clock.advance(LEASE)
    assert await claimed(database, clock, "w2") == []
    clock.advance(timedelta(seconds=1))
    (second,) = await claimed(database, clock, "w2")
    assert (second.attempts, second.in_doubt) == (2, True)
    async with database.writing() as session:
        # The first one was only slow: what it holds no longer, it does not settle.
        late = await ledger.settle_sent(session, first, "w1", clock.now(), medium=Medium.SLACK, provider_id="1.2")
        assert not late
        assert not await ledger.extend(session, first, "w1", clock.now(), LEASE)
        assert await ledger.settle_sent(session, second, "w2", clock.now(), medium=Medium.SLACK, provider_id="1.2")
    assert (await row(database)).state is DeliveryState.SENT
    async with database.reading() as session:
        assert await ledger.next_due(session) is None


async def test_a_failed_delivery_waits_longer_each_time_and_then_is_dead(
    database: Database, clock: SimulatedClock, siti: int
) -> None:
    await queued(database, clock, siti)
    pauses: list[timedelta] = []
    dice = random.Random(1)
    for _ in range(3):
        (delivery,) = await claimed(database, clock)
        async with database.writing() as session:
            await ledger.settle_retry(
                session, delivery, "w1", clock.now(), error="timeout", dice=dice, back_off=BACK_OFF, in_doubt=True
            )
        found = await row(database)
        pauses.append(found.not_before - clock.now())
        clock.set(max(clock.now(), found.not_before))
    assert timedelta(seconds=15) <= pauses[0] <= timedelta(seconds=30)
    assert timedelta(seconds=30) <= pauses[1] <= timedelta(seconds=60)
    assert (found.state, found.last_error, found.in_doubt) == (DeliveryState.DEAD, "timeout", True)
    async with database.reading() as session:
        assert [delivery.id for delivery in await ledger.stuck(session, clock.now())] == [found.id]


async def test_a_busy_channel_costs_no_attempt(database: Database, clock: SimulatedClock, siti: int) -> None:
    await queued(database, clock, siti)
    for _ in range(5):
        (delivery,) = await claimed(database, clock)
        async with database.writing() as session:
            await ledger.settle_retry(
                session,
                delivery,
                "w1",
                clock.now(),
                error="ratelimited",
                dice=random.Random(1),
                back_off=BACK_OFF,
                retry_after=30.0,
            )
        found = await row(database)
        assert (found.state, found.attempts) == (DeliveryState.QUEUED, 0)
        assert timedelta(seconds=30) <= found.not_before - clock.now() <= timedelta(seconds=33)
        clock.set(found.not_before)


async def test_the_deed_that_removes_the_need_cancels_what_waits(
    database: Database, clock: SimulatedClock, siti: int
) -> None:
    await queued(database, clock, siti, "in flight")
    (in_flight,) = await claimed(database, clock)
    await queued(database, clock, siti, "waiting")
    await queued(database, clock, siti, "another kind", kind="returned")
    await queued(database, clock, siti, "another subject", subject="assessment:2")
    async with database.writing() as session:
        assert await ledger.cancel(session, "assessment:1", ["reminder", "opening"], clock.now()) == 1
    async with database.writing() as session:
        assert await ledger.cancel(session, "assessment:1", ["reminder"], clock.now()) == 0
    assert (await row(database, "waiting")).state is DeliveryState.CANCELLED
    assert (await row(database, "in flight")).state is DeliveryState.CLAIMED
    async with database.writing() as session:
        assert await ledger.release(session, in_flight, "w1")
    assert (await row(database, "in flight")).attempts == 0


async def test_a_delivery_is_for_one_person_or_one_channel(
    database: Database, clock: SimulatedClock, siti: int
) -> None:
    with pytest.raises(ValueError, match="for a role or for a channel"):
        await queued(database, clock, siti, channel="C0NETWORK")


PARTS = st.lists(st.one_of(st.text(min_size=1, max_size=120), st.integers(), st.dates()), min_size=1, max_size=5)


@given(PARTS, PARTS)
def test_different_parts_never_give_the_same_key(one: list[Any], other: list[Any]) -> None:
    same = [str(part) for part in one] == [str(part) for part in other]
    assert (ledger.key(*one) == ledger.key(*other)) is same
    assert len(ledger.key(*one)) <= ledger.KEY_LENGTH


def test_a_key_reads_well_and_refuses_what_is_not_stable(clock: SimulatedClock) -> None:
    assert ledger.key("reminder", 3, "IDN", date(2026, 11, 2)) == "reminder:3:IDN:2026-11-02"
    with pytest.raises(ValueError, match="stable ids"):
        ledger.key("reminder", "")
    with pytest.raises(ValueError, match="stable ids"):
        ledger.key("reminder", clock.now())
