"""Roles from a day to a day: never two focal points on one day, never a hole between two; of two who hurry one wins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot import succession
from bot.errors import Refusal
from bot.people import appointments
from bot.people.appointments import ChangedMeanwhile, RolesOverlap, Wish, last_day
from bot.reminders import Rules
from bot.speaker import Speaker
from bot.succession import Order
from bot.succession.orders import What
from db.engine import Conflict, Database, Session
from db.models import Agency
from db.queries import agencies as agency_queries
from db.queries import appointments as queries
from db.queries import mechanisms as mechanism_queries
from db.queries.appointments import Held
from db.vocabulary import AgencyKind, Role, Sector
from tests import cast
from tests.cast import Cast

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)
DAY = timedelta(days=1)
RULES = Rules()


class Place(NamedTuple):
    """A database with the cast, and who appoints in it."""

    database: Database
    people: Cast
    by: Speaker


@pytest.fixture
async def place(database: Database) -> AsyncIterator[Place]:
    people = await cast.make(database, NOW)
    yield Place(database, people, people.speaker("aisyah"))


@pytest.fixture
async def here(sqlite_database: Database) -> AsyncIterator[Place]:
    people = await cast.make(sqlite_database, NOW)
    yield Place(sqlite_database, people, people.speaker("aisyah"))


async def focal_points(place: Place, member: str) -> list[Held]:
    async with place.database.reading() as session:
        return await queries.of_member(session, member, [Role.FOCAL_POINT])


def order(what: What, member: str, who: str, **more: Any) -> Order:
    """Somebody of the cast gets a role."""
    return Order(what, member, slack_id=f"U0{who.upper()}", name=who, **more)


async def test_of_two_who_appoint_at_once_exactly_one_wins(place: Place) -> None:
    async def appoints(who: str) -> str:
        async with place.database.writing() as session:
            await appointments.lock(session, "THA")
            # Both have begun before either is done.
            await asyncio.sleep(0)
            done = await succession.carry_out(session, place.by, order(What.APPOINT, "THA", who), NOW, RULES)
        return done.said.kind

    ways = await asyncio.gather(*(appoints(who) for who in ("per", "rina", "dewi", "thong")), return_exceptions=True)
    assert ways.count("succession/done") == 1
    lost = [way for way in ways if way != "succession/done"]
    assert all(isinstance(way, RolesOverlap) for way in lost), lost
    winner = (await focal_points(place, "THA"))[0]
    assert {way.facts["name"] for way in lost if isinstance(way, RolesOverlap)} == {winner.name}


async def test_of_two_who_hand_over_at_once_the_second_takes_over_from_nobody_unseen(place: Place) -> None:
    async def hands_over(who: str) -> str:
        async with place.database.writing() as session:
            done = await succession.carry_out(
                session, place.by, order(What.HANDOVER, "IDN", who, starts_on=TODAY + 7 * DAY), NOW, RULES
            )
        return done.said.kind

    ways = await asyncio.gather(hands_over("per"), hands_over("rina"), return_exceptions=True)
    assert ways.count("succession/done") == 1 and any(isinstance(way, Refusal) for way in ways)
    rows = await focal_points(place, "IDN")
    assert [row.ends_on for row in rows] == [TODAY + 6 * DAY, None]


async def test_a_confirm_is_bound_to_whom_it_showed(here: Place) -> None:
    """Two of the secretariat look at the same preview; the second confirm would take the role from somebody else."""
    async with here.database.writing() as session:
        shown = [
            await succession.preview(session, here.by, order(What.HANDOVER, "IDN", who), NOW) for who in ("per", "rina")
        ]
    async with here.database.writing() as session:
        await succession.carry_out(session, here.by, shown[0][1], NOW, RULES)
    async with here.database.writing() as session:
        with pytest.raises(ChangedMeanwhile) as second:
            await succession.carry_out(session, here.by, shown[1][1], NOW, RULES)
    assert second.value.facts["name"] == "Per Larsen"


async def test_two_ticks_at_once_carry_a_handover_out_once(place: Place) -> None:
    async with place.database.writing() as session:
        await succession.carry_out(
            session, place.by, order(What.HANDOVER, "IDN", "per", starts_on=TODAY + 7 * DAY), NOW, RULES
        )
    later = NOW + timedelta(days=9)

    async def ticks() -> list[str]:
        try:
            async with place.database.writing() as session:
                return await succession.tick(session, later, RULES)
        except Conflict:
            return []

    touched = [*await asyncio.gather(ticks(), ticks()), await ticks()]
    assert sorted(each for one in touched for each in one) == ["U0PER", "U0SITI"]


@pytest.mark.postgres
async def test_whoever_only_names_a_member_does_not_wait_for_a_change_of_its_roles(
    postgresql_database: Database,
) -> None:
    await cast.make(postgresql_database, NOW)
    other = Database(postgresql_database.url.render_as_string(hide_password=False))
    async with postgresql_database.writing() as session:
        assert await queries.lock_member(session, "THA")
        await mechanism_queries.lock(session, "THA")
        async with other.writing() as second:
            # It fails instead of waiting for ever.
            await second.execute(text("SET LOCAL lock_timeout = '3s'"))
            second.add(Agency(member_code="THA", name="Labour", kind=AgencyKind.MINISTRY, sector=Sector.LABOUR))
    async with other.reading() as session:
        assert "Labour" in [each.name for each in await agency_queries.of_member(session, "THA")]
    await other.close()


DAYS = st.integers(-40, 40).map(lambda days: TODAY + days * DAY)
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["appoint", "handover", "end", "undo"]),
        st.sampled_from(["siti", "budi", "per", "rina"]),
        DAYS,
        st.none() | DAYS,
        st.integers(0, 9),
    ),
    max_size=8,
)


class Over(Exception):
    """The end of an example: nothing of it is kept."""


@given(deeds=DEEDS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_is_done_there_are_never_two_and_never_a_hole(here: Place, deeds: list[Any]) -> None:
    """Deeds in any order with any days: what is refused changes nothing, and no deed tears a hole between two."""
    with suppress(Over):
        async with here.database.writing() as session:
            for name, who, starts, ends, which in deeds:
                before = await queries.of_member(session, "IDN", [Role.FOCAL_POINT])
                try:
                    async with session.begin_nested():
                        await _does(session, here, before, name, who, starts, ends, which)
                except Refusal:
                    assert await queries.of_member(session, "IDN", [Role.FOCAL_POINT]) == before
                    continue
                rows = await queries.of_member(session, "IDN", [Role.FOCAL_POINT])
                for first, second in pairwise(rows):
                    assert last_day(first) < second.starts_on, "two focal points on one day"
                    assert last_day(first) < TODAY or second.starts_on == last_day(first) + DAY, "a hole to come"
            raise Over


async def _does(
    session: Session, here: Place, rows: list[Held], name: str, who: str, starts: date, ends: date | None, which: int
) -> None:
    if name in ("appoint", "handover"):
        what = order(What(name), "IDN", who, starts_on=starts, ends_on=ends)
        await succession.carry_out(session, here.by, what, NOW, RULES)
    elif rows:
        row = rows[which % len(rows)]
        if name == "undo":
            await succession.undo(session, here.by, row.appointment_id, NOW)
        else:
            what = Order(What.END, "IDN", appointment_id=row.appointment_id, ends_on=ends)
            await succession.carry_out(session, here.by, what, NOW, RULES)


@pytest.mark.parametrize(
    ("starts", "ends", "fits"),
    [
        (TODAY, None, False),
        (TODAY - 5000 * DAY, TODAY - 4500 * DAY, True),
        (TODAY + DAY, None, False),
    ],
)
async def test_an_appointment_beside_an_open_end(here: Place, starts: date, ends: date | None, fits: bool) -> None:
    async with here.database.writing() as session:
        wish = Wish(Role.FOCAL_POINT, "IDN", starts, ends)
        try:
            await appointments.check(session, here.by, here.people["per"].person_id, wish, NOW)
        except RolesOverlap as refusal:
            assert not fits and refusal.facts["name"] == "Siti Rahmadani"
        else:
            assert fits


def test_an_order_survives_its_form() -> None:
    wild = Order(
        What.APPOINT, "IDN", Role.ALTERNATE, starts_on=TODAY, reference='<!channel> "& \\', name="Nur", email="n@e.org"
    )
    assert succession.order_of(wild.text) == wild
    assert len(Order(What.APPOINT, "IDN", reference="\\" * 200, name='"' * 200, email="x" * 320).text) < 3000
