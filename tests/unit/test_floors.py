"""Floors underneath: lives at random against a model, races on both databases, numbers as people type them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from bot import cycles, editions, floors, homes
from bot.clock import SimulatedClock
from bot.errors import NotAllowed, Refusal, SecretariatMayNotClear
from bot.floors import Aim, on_page, own, proposing
from bot.floors.deciding import OwnFloor
from bot.floors.own import BadQuestion, Wanted
from bot.floors.proposing import BadAim, FloorGone, FloorKnown, number_of
from bot.formats import Indicator
from bot.reminders import Rules, register
from bot.reminders.floors import queue_floors
from db.engine import Conflict, Database, Session
from db.models import Answer, Appointment, Assessment, Cycle, Delivery, Floor, Member, OwnIndicator, Prompt
from db.queries import floors as queries
from db.vocabulary import (
    Availability,
    CycleOrigin,
    CycleState,
    FloorState,
    Kind,
    QuestionSetCode,
    Role,
    Stage,
    Via,
)
from tests import cast
from tests.cast import SINCE, Cast
from tests.reports import counted
from tests.unit.test_editions import ADDED, DROPPED, RENAMED, second

TODAY = date(2026, 11, 2)
PENSION, GINI = "pension_covered", "gini_index"


def indicator(code: str = PENSION) -> Indicator:
    return editions.edition("common-1").indicator(code)


def aim(floor: str | None = "40", ceiling: str | None = None, year: int | None = None, day: date = TODAY) -> Aim:
    return Aim(Decimal(floor) if floor else None, Decimal(ceiling) if ceiling else None, year, "Law 5/2026", day)


async def propose(database: Database, people: Cast, now: datetime, wanted: Aim, code: str = PENSION) -> int:
    async with database.writing() as session:
        return (await floors.propose(session, people.speaker("siti"), "IDN", indicator(code), wanted, now)).id


async def ask(database: Database, people: Cast, now: datetime) -> None:
    async with database.writing() as session:
        await floors.ask(session, people.speaker("siti"), "IDN", now)


async def decide(database: Database, people: Cast, now: datetime, yes: list[int], no: dict[int, str]) -> None:
    async with database.writing() as session:
        await floors.decide(session, people.speaker("dewi"), "IDN", yes, no, now)


async def rows(database: Database) -> list[Floor]:
    async with database.reading() as session:
        return list(await session.scalars(select(Floor).order_by(Floor.id)))


def said(row: Floor) -> tuple[Any, ...]:
    """What a row says; what became of it is another matter."""
    return row.indicator, row.floor, row.ceiling, row.target_year, row.source, row.valid_from, row.proposed_by


# Lives at random --------------------------------------------------------------------------------------------------

DAYS = st.integers(-400, 400).map(lambda days: TODAY + timedelta(days=days))
DEED = st.one_of(
    st.tuples(st.just("propose"), st.sampled_from([PENSION, GINI]), st.integers(0, 100), DAYS),
    st.tuples(st.just("set"), st.sampled_from([PENSION, GINI]), st.integers(0, 100), DAYS),
    st.tuples(st.just("set"), st.sampled_from([PENSION, GINI]), st.integers(0, 100), DAYS),
    st.tuples(st.just("give_up"), st.sampled_from([PENSION, GINI]), st.just(0), DAYS),
    st.tuples(st.just("ask"), st.just(""), st.just(0), DAYS),
    st.tuples(st.sampled_from(["clear", "refuse", "withdraw"]), st.just(""), st.integers(0, 9), DAYS),
)
LIVES = st.lists(DEED, min_size=3, max_size=14)


class Model:
    """What stands, told in the simplest way: by indicator, the days from which each cleared value counts."""

    def __init__(self) -> None:
        self.cleared: dict[str, list[tuple[date, Decimal | None]]] = {PENSION: [], GINI: []}

    def on(self, code: str, day: date) -> Decimal | None:
        begun = [each for each in self.cleared[code] if each[0] <= day]
        return max(begun, key=lambda each: each[0])[1] if begun else None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(life=LIVES)
async def test_what_stands_on_a_day_is_told_by_the_cleared_rows_alone_and_history_never_changes(
    life: list[tuple[str, str, int, date]], sqlite_template: Path, tmp_path: Path, clock: SimulatedClock
) -> None:
    place = tmp_path / f"{uuid4().hex}.db"
    place.write_bytes(sqlite_template.read_bytes())
    database, now = Database(f"sqlite+aiosqlite:///{place}"), clock.now()
    model = Model()
    try:
        people = await cast.make(database, now)
        before: list[Floor] = []
        for what, code, number, day in life:
            known = {row.id: said(row) for row in before}
            waits = [row for row in before if row.state is FloorState.PROPOSED]
            which = waits[number % len(waits)] if waits else None
            past = {(c, d): model.on(c, d) for c in (PENSION, GINI) for d in _days()}
            try:
                if what in ("propose", "give_up"):
                    await propose(database, people, now, aim(str(number) if what == "propose" else None, day=day), code)
                elif what == "set":
                    row = await propose(database, people, now, aim(str(number), day=day), code)
                    await ask(database, people, now)
                    await decide(database, people, now, [row], {})
                    assert all(day > begun for begun, _ in model.cleared[code])
                    model.cleared[code].append((day, Decimal(number)))
                elif what == "ask":
                    await ask(database, people, now)
                elif which is not None and what == "withdraw":
                    async with database.writing() as session:
                        await floors.withdraw(session, people.speaker("siti"), which.id, now)
                elif which is not None:
                    yes, no = ([which.id], {}) if what == "clear" else ([], {which.id: "Why"})
                    await decide(database, people, now, yes, no)
                    assert which.asked_at is not None, "nobody says yes to what they were not asked about"
                    if what == "clear":
                        assert all(which.valid_from > begun for begun, _ in model.cleared[which.indicator])
                        model.cleared[which.indicator].append((which.valid_from, which.floor))
            except Refusal:
                pass
            before = await rows(database)
            assert {row.id: said(row) for row in before if row.id in known} == known, "no row says another thing"
            open_ones = [row.indicator for row in before if row.state is FloorState.PROPOSED]
            assert len(open_ones) == len(set(open_ones)), "one proposal an indicator waits at most"
            cleared = [row for row in before if row.state is FloorState.CLEARED]
            for c in (PENSION, GINI):
                newest = max((begun for begun, _ in model.cleared[c]), default=date.max)
                for d in _days():
                    stands = floors.standing_on(cleared, d).get(("IDN", c))
                    assert (stands.floor if stands else None) == model.on(c, d)
                    if d < newest:
                        assert model.on(c, d) == past[c, d], "what counted on a day that a new one leaves stays"
            await _opens(database, people, now, model)
    finally:
        await database.close()


def _days() -> list[date]:
    return [TODAY + timedelta(days=days) for days in range(-405, 406, 45)]


async def _opens(database: Database, people: Cast, now: datetime, model: Model) -> None:
    """What a cycle that opens now would keep."""
    assessment = Assessment(member_code="IDN")
    async with database.reading() as session:
        await floors.freeze(session, _cycle(people, now), [assessment], now)
    for code in (PENSION, GINI):
        kept = floors.frozen(assessment, code)
        assert (kept.floor if kept else None) == model.on(code, TODAY)


def _cycle(people: Cast, now: datetime) -> Cycle:
    return Cycle(
        code="2026",
        title="Full assessment 2026",
        question_set=QuestionSetCode.FULL,
        edition="common-1",
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
        opens_at=now,
        due_at=now + timedelta(days=40),
        closes_at=now + timedelta(days=54),
        state=CycleState.DRAFT,
        origin=CycleOrigin.ASKED,
        opened_by=people["aisyah"].person_id,
    )


# On both databases ------------------------------------------------------------------------------------------------


async def test_a_cycle_keeps_what_stood_on_its_opening_day_for_all_members_at_once(
    database: Database, clock: SimulatedClock
) -> None:
    now = clock.now()
    people = await cast.make(database, now)
    exact = "38.79999923706050000001"
    first = await propose(database, people, now, aim(exact, "60", 2030, TODAY - timedelta(days=1)))
    later = await propose(database, people, now, aim("38", day=TODAY + timedelta(days=1)), GINI)
    await ask(database, people, now)
    await decide(database, people, now, [first, later], {})
    waits = await propose(database, people, now, aim("45", day=TODAY))
    async with database.writing() as session:
        cycle = _cycle(people, now)
        session.add(cycle)
        await session.flush()
        with counted(database) as statements:
            await cycles.open_cycle(session, people.speaker("aisyah"), cycle.id, now)
    assert sum("FROM floors" in each for each in statements) == 1
    assert sum("FROM own_indicators" in each for each in statements) == 1
    async with database.reading() as session:
        kept = {row.member_code: row for row in await session.scalars(select(Assessment))}
    assert len(kept) == 11 and all(row.floors == {} for code, row in kept.items() if code != "IDN")
    assert set(kept["IDN"].floors) == {PENSION}, "one that begins tomorrow, and one that waits, do not count"
    assert floors.frozen(kept["IDN"], PENSION) == aim(exact, "60", 2030, TODAY - timedelta(days=1))
    assert floors.frozen(kept["IDN"], GINI) is None
    # On its day the later one counts, and in the middle of the cycle nothing of it is kept anew.
    await ask(database, people, now)
    await decide(database, people, now, [waits], {})
    async with database.reading() as session:
        again = await session.get(Assessment, kept["IDN"].id)
        assert again is not None and again.floors == kept["IDN"].floors
        fresh = Assessment(member_code="IDN")
        await floors.freeze(session, _cycle(people, now), [fresh], now + timedelta(days=1))
    assert {code: row["floor"] for code, row in fresh.floors.items()} == {PENSION: "45", GINI: "38"}


async def test_the_home_counts_a_question_once_whatever_it_was_called_and_none_that_is_asked_no_more(
    database: Database, clock: SimulatedClock, tmp_path: Path
) -> None:
    now = clock.now()
    people = await cast.make(database, now)
    first = [
        await propose(database, people, now, aim("40", day=TODAY - timedelta(days=9)), code) for code in (PENSION, GINI)
    ]
    await ask(database, people, now)
    await decide(database, people, now, first, {})

    async def told() -> int:
        async with database.reading() as session:
            cards = await homes.HOMES[Role.FOCAL_POINT](session, people.speaker("siti"), now)
        return next(card.facts["set"] for card in cards if card.kind == "home/floors")

    try:
        editions.begin_anew([editions.edition("common-1")])
        assert await told() == 2
        file = tmp_path / "common-2.toml"
        file.write_text(second(RENAMED, ADDED, head=DROPPED), "utf-8")
        renamed = editions.know(file).indicator("old_age_covered")
        assert await told() == 1
        async with database.writing() as session:
            row = await floors.propose(session, people.speaker("siti"), "IDN", renamed, aim("45"), now)
        await ask(database, people, now)
        await decide(database, people, now, [row.id], {})
        assert {row.indicator for row in await rows(database)} == {PENSION, GINI, "old_age_covered"}
        assert await told() == 1
    finally:
        editions.begin_anew()


Deed = Callable[[Session], Awaitable[object]]


async def at_once(database: Database, *deeds: Deed) -> list[Refusal | None]:
    """Several people at the same moment; what each was refused with. A lost race is tried once more, as turns do."""

    async def one(deed: Deed) -> Refusal | None:
        for attempt in (1, 2):
            try:
                async with database.writing() as session:
                    await deed(session)
            except Conflict:
                assert attempt == 1
                continue
            except Refusal as refusal:
                return refusal
            return None
        return None

    return list(await asyncio.gather(*(one(deed) for deed in deeds)))


async def test_two_people_at_once(database: Database, clock: SimulatedClock) -> None:
    now = clock.now()
    people = await cast.make(database, now)
    siti, budi, dewi = (people.speaker(who) for who in ("siti", "budi", "dewi"))
    # Two write down the same: one is told that it is nothing new. Two different ones: the later replaces the first.
    same: Deed = lambda s: floors.propose(s, siti, "IDN", indicator(), aim(), now)  # noqa: E731
    refused = await at_once(database, same, lambda s: floors.propose(s, budi, "IDN", indicator(), aim(), now))
    assert sorted(type(each) for each in refused if each) == [FloorKnown]
    await at_once(
        database,
        lambda s: floors.propose(s, siti, "IDN", indicator(), aim("41"), now),
        lambda s: floors.propose(s, budi, "IDN", indicator(), aim("42"), now),
    )
    states = [(row.state, row.why) for row in await rows(database)]
    assert states == [(FloorState.WITHDRAWN, "replaced")] * 2 + [(FloorState.PROPOSED, None)]
    await ask(database, people, now)
    (waits,) = [row.id for row in await rows(database) if row.state is FloorState.PROPOSED]
    # A yes and a no, or a yes and a taking back: one of them is done, the other hears what stands.
    refused = await at_once(
        database,
        lambda s: floors.decide(s, dewi, "IDN", [waits], {}, now),
        lambda s: floors.decide(s, dewi, "IDN", [], {waits: "Too low"}, now),
        lambda s: floors.withdraw(s, siti, waits, now),
    )
    lost = [each for each in refused if each is not None]
    assert len(lost) == 2 and all(isinstance(each, FloorGone) for each in lost)
    assert lost[0].facts["gone"]
    # Two questions of one's own at once get two codes.
    wanted = [Wanted("B", title, "How many?", Kind.INTEGER) for title in ("Clinics", "Nurses")]
    assert await at_once(
        database,
        lambda s: own.add(s, siti, "IDN", wanted[0], "common-1", now),
        lambda s: own.add(s, budi, "IDN", wanted[1], "common-1", now),
    ) == [None, None]
    async with database.reading() as session:
        codes = list(await session.scalars(select(OwnIndicator.code).order_by(OwnIndicator.id)))
    assert codes == ["own_idn_1", "own_idn_2"]


async def test_a_question_added_while_a_cycle_opens_is_not_lost(database: Database, clock: SimulatedClock) -> None:
    now = clock.now()
    people = await cast.make(database, now)
    siti, aisyah = people.speaker("siti"), people.speaker("aisyah")
    async with database.writing() as session:
        cycle = _cycle(people, now)
        session.add(cycle)
    wanted = Wanted("B", "Clinics", "How many?", Kind.INTEGER)
    assert await at_once(
        database,
        lambda s: cycles.open_cycle(s, aisyah, cycle.id, now),
        lambda s: own.add(s, siti, "IDN", wanted, "common-1", now),
    ) == [None, None]
    async with database.reading() as session:
        found = await session.scalars(select(Assessment).where(Assessment.member_code == "IDN"))
        assert [row["code"] for one in found for row in one.own_indicators] == ["own_idn_1"]


async def test_all_or_nothing_and_nobody_in_the_coordinators_place(database: Database, clock: SimulatedClock) -> None:
    now = clock.now()
    people = await cast.make(database, now)
    first = await propose(database, people, now, aim())
    second = await propose(database, people, now, aim("38"), GINI)
    await ask(database, people, now)
    for who in ("siti", "budi", "rina", "bounmy", "thong", "aisyah", "per"):
        by = people.speaker(who)
        for member in ("IDN", "LAO"):
            if (who, member) == ("thong", "LAO"):
                continue
            with pytest.raises(NotAllowed):
                async with database.writing() as session:
                    await floors.decide(session, by, member, [first], {}, now)
    # The coordinator of another country cannot take it for their own.
    with pytest.raises(FloorGone):
        async with database.writing() as session:
            await floors.decide(session, people.speaker("thong"), "LAO", [first], {}, now)
    async with database.writing() as session:
        await floors.withdraw(session, people.speaker("siti"), second, now)
    with pytest.raises(FloorGone) as gone:
        await decide(database, people, now, [first], {second: "Too high"})
    assert [row["title"] for row in gone.value.facts["gone"]] == ["Gini index"]
    assert (await rows(database))[0].state is FloorState.PROPOSED
    with pytest.raises(ValueError):
        await decide(database, people, now, [], {first: "  "})
    async with database.reading() as session:
        assert [(each.member.code, each.newest) for each in await queries.waiting(session)] == [("IDN", first)]


async def test_a_question_that_ends_leaves_what_was_answered_or_is_just_being_asked(
    database: Database, clock: SimulatedClock
) -> None:
    now = clock.now()
    people = await cast.make(database, now)
    siti, aisyah = people.speaker("siti"), people.speaker("aisyah")
    async with database.writing() as session:
        cycle = _cycle(people, now)
        session.add(cycle)
        await session.flush()
        await cycles.open_cycle(session, aisyah, cycle.id, now)
        made = [
            await own.add(session, siti, "IDN", Wanted("B", title, "How many?", Kind.INTEGER), "common-1", now)
            for title in ("Clinics", "Nurses", "Beds")
        ]
        theirs = select(Assessment).where(Assessment.member_code == "IDN")
        assessment = (await session.scalars(theirs)).one()
        given = {"availability": Availability.GIVEN, "number": Decimal(120), "said_at": now, "via": Via.SLACK}
        session.add(Answer(assessment_id=assessment.id, indicator="own_idn_1", **given))
        session.add(
            Prompt(assessment_id=assessment.id, serial=1, stage=Stage.VALUE, indicator="own_idn_2", asked_at=now)
        )
    async with database.writing() as session:
        for row in made:
            await own.retire(session, siti, row.id, now)
    async with database.reading() as session:
        left = (await session.scalars(theirs)).one().own_indicators
        assert [row["code"] for row in left] == ["own_idn_1", "own_idn_2"]
        assert await own.of_member(session, siti, "IDN") == []


# What cannot be ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "wanted", "problem"),
    [
        (PENSION, aim("60", "40", 2030), "above_ceiling"),
        (GINI, aim("30", "40", 2030), "below_ceiling"),
        (PENSION, aim("101"), "bounds"),
        (PENSION, aim("40", "100.1", 2030), "bounds"),
        (PENSION, aim("40", "60"), "no_year"),
        (PENSION, aim("40", "60", 2025), "year_past"),
        (PENSION, aim("40", None, 2573), "year_far"),
        (PENSION, aim("40", day=date(2062, 1, 1)), "day_far"),
        (PENSION, aim("40", "60", 2030, date(9999, 12, 31)), "day_far"),
        (PENSION, aim("40", "60", 2027, date(2028, 1, 1)), "year_before_day"),
        (PENSION, aim(None, "60", 2030), "no_floor"),
        (PENSION, aim(None), "nothing_to_give_up"),
        (PENSION, Aim(Decimal(40), None, None, "  ", TODAY), "no_source"),
        ("mechanism_meetings", aim("4"), "no_floors_here"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    sqlite_database: Database, clock: SimulatedClock, code: str, wanted: Aim, problem: str
) -> None:
    people = await cast.make(sqlite_database, clock.now())
    with pytest.raises(BadAim) as refused:
        await propose(sqlite_database, people, clock.now(), wanted, code)
    assert refused.value.facts["problem"] == problem
    assert await rows(sqlite_database) == []


async def test_an_author_clears_only_where_the_country_lets_authors_clear(
    sqlite_database: Database, clock: SimulatedClock
) -> None:
    people, now = await cast.make(sqlite_database, clock.now()), clock.now()
    siti = people.speaker("siti")
    async with sqlite_database.writing() as session:
        both = Appointment(person_id=siti.person_id, role=Role.COORDINATOR, member_code="IDN", starts_on=SINCE)
        session.add(both)
        alone = Appointment.id == people["dewi"].appointment_id
        await session.execute(update(Appointment).where(alone).values(ends_on=TODAY - timedelta(days=1)))
    row = await propose(sqlite_database, people, now, aim())
    async with sqlite_database.writing() as session:
        assert (await floors.ask(session, siti, "IDN", now)).hats == []
        stuck = (await register.needs(session, now))["floors"]
        assert [each["member"] for each in stuck] == ["Indonesia"]
    with pytest.raises(OwnFloor):
        async with sqlite_database.writing() as session:
            await floors.decide(session, siti, "IDN", [row], {}, now)
    async with sqlite_database.writing() as session:
        await session.execute(update(Member).values(author_may_clear=True))
    async with sqlite_database.writing() as session:
        assert (await register.needs(session, now))["floors"] == []
        await floors.decide(session, siti, "IDN", [row], {}, now)
    assert (await rows(sqlite_database))[0].state is FloorState.CLEARED


async def test_the_secretariat_clears_no_floor_whatever_it_appoints_itself_to(
    database: Database, clock: SimulatedClock
) -> None:
    """Neither in the chat, whichever hat she wears, nor on the page of a mail; and nobody asks her."""
    people, now = await cast.make(database, clock.now()), clock.now()
    siti, aisyah = people.speaker("siti"), people.speaker("aisyah")
    async with database.writing() as session:
        role = Appointment(person_id=aisyah.person_id, role=Role.COORDINATOR, member_code="IDN", starts_on=SINCE)
        session.add(role)
        alone = Appointment.id == people["dewi"].appointment_id
        await session.execute(update(Appointment).where(alone).values(ends_on=TODAY - timedelta(days=1)))
    row = await propose(database, people, now, aim())
    async with database.writing() as session:
        assert (await floors.ask(session, siti, "IDN", now)).hats == []
        await queue_floors(session, now, Rules())
        assert await session.scalar(select(func.count(Delivery.id)).where(Delivery.kind == "floors/ask")) == 0
        assert [each["member"] for each in (await register.needs(session, now))["floors"]] == ["Indonesia"]
    hat = replace(aisyah, role=Role.COORDINATOR, member="IDN")
    for by in (aisyah, hat, replace(hat, via=Via.PAGE)):
        with pytest.raises(SecretariatMayNotClear):
            async with database.writing() as session:
                await floors.decide(session, by, "IDN", [row], {}, now)
        with pytest.raises(SecretariatMayNotClear):
            async with database.reading() as session:
                await on_page.look(session, by, "IDN", now)
    assert (await rows(database))[0].state is FloorState.PROPOSED


async def test_a_floor_may_equal_its_ceiling_and_begins_after_the_one_before(
    sqlite_database: Database, clock: SimulatedClock
) -> None:
    people, now = await cast.make(sqlite_database, clock.now()), clock.now()
    row = await propose(sqlite_database, people, now, aim("60", "60", 2026))
    await ask(sqlite_database, people, now)
    await decide(sqlite_database, people, now, [row], {})
    with pytest.raises(FloorKnown):
        await propose(sqlite_database, people, now, aim("60", "60", 2026, TODAY + timedelta(days=3)))
    with pytest.raises(BadAim):
        await propose(sqlite_database, people, now, aim("50", day=TODAY))


@pytest.mark.parametrize(
    ("typed", "number"),
    [("40", "40"), ("40,5 %", "40.5"), ("៤០", "40"), ("๙.๕", "9.5"), ("38.7999992370605", "38.7999992370605")],
)
def test_a_number_is_read_as_people_type_it(typed: str, number: str) -> None:
    assert number_of(typed, indicator(), TODAY, "floor") == Decimal(number)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "n/a",
        "forty",
        "40 2020 VHLSS",
        "40 or 50",
        "1,234",
        "101",
        "-1",
        "none",
        "about 40",
        "~40",
        "40 note: draft",
    ],
)
def test_what_is_no_single_number_is_refused(typed: str) -> None:
    with pytest.raises(BadAim):
        number_of(typed, indicator(), TODAY, "floor")


@given(typed=st.text())
def test_any_text_is_a_number_within_bounds_or_refused(typed: str) -> None:
    try:
        number = number_of(typed, indicator(), TODAY, "floor")
    except BadAim:
        return
    assert 0 <= number <= 100


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted("Z", "Clinics", "How many?", Kind.INTEGER), "section"),
        (Wanted("B", "?", "How many?", Kind.INTEGER), "title"),
        (Wanted("B", "Clinics", "", Kind.INTEGER), "question"),
        (Wanted("B", "gini index", "How many?", Kind.INTEGER), "title"),
        (Wanted("B", "gini_index", "How many?", Kind.INTEGER), "title"),
        (Wanted("B", "C" * 101, "How many?", Kind.INTEGER), "title"),
        (Wanted("B", "Clinics", "How many?", Kind.INTEGER, minimum=Decimal("0.5")), "minimum"),
        (Wanted("B", "Clinics", "How many?", Kind.NUMBER, minimum=Decimal(5), maximum=Decimal(5)), "maximum"),
        (Wanted("B", "Clinics", "How many?", Kind.PERCENT, minimum=Decimal(100)), "maximum"),
        (Wanted("B", "Clinics", "Which?", Kind.CHOICE, choices=("One",)), "choices"),
        (Wanted("B", "Clinics", "Which?", Kind.CHOICE, choices=("One", "one")), "choices"),
        (Wanted("B", "Clinics", "Which?", Kind.CHOICE, choices=("One", "x" * 76)), "choices"),
    ],
)
async def test_a_question_that_cannot_be_asked(
    sqlite_database: Database, clock: SimulatedClock, wanted: Wanted, field: str
) -> None:
    people = await cast.make(sqlite_database, clock.now())
    with pytest.raises(BadQuestion) as refused:
        async with sqlite_database.writing() as session:
            await own.add(session, people.speaker("siti"), "IDN", wanted, "common-1", clock.now())
    assert refused.value.facts["field"] == field


@pytest.mark.parametrize("kind", list(Kind))
async def test_every_kind_is_read_back_as_it_was_added(
    sqlite_database: Database, clock: SimulatedClock, kind: Kind
) -> None:
    people, now = await cast.make(sqlite_database, clock.now()), clock.now()
    wanted = Wanted("G", "Ours", "What?", kind, "All of it", "boats", choices=("Good", "Not good"))
    async with sqlite_database.writing() as session:
        await own.add(session, people.speaker("budi"), "IDN", wanted, "common-1", now)
    assessment = Assessment(member_code="IDN")
    cycle = _cycle(people, now)
    async with sqlite_database.reading() as session:
        await floors.freeze(session, cycle, [assessment], now)
    assessment.own_indicators = [*assessment.own_indicators]
    asked = editions.questions(cycle, assessment)
    found = asked.section_of("own_idn_1").indicators[-1]
    assert (found.own, found.kind, found.floor, found.required, found.direction) == (True, kind, False, False, None)
    assert [option.title for option in found.choices] == (["Good", "Not good"] if kind is Kind.CHOICE else [])
    assert found.unit == ("boats" if found.numeric else None)
    assert (found.minimum, found.maximum) == ((0, 100) if kind is Kind.PERCENT else (None, None))
    assert "own_idn_1" not in editions.questions(cycle)


def test_what_is_called_by_an_earlier_code_is_the_same_thing() -> None:
    old = Floor(member_code="IDN", indicator="was", floor=Decimal(1), valid_from=TODAY, id=1)
    new = Floor(member_code="IDN", indicator="now", floor=Decimal(2), valid_from=TODAY + timedelta(days=1), id=2)
    canonical = {"was": "now", "now": "now"}
    assert floors.standing_on([new, old], TODAY, canonical) == {("IDN", "now"): old}
    assert floors.standing_on([new, old], TODAY + timedelta(days=1), canonical) == {("IDN", "now"): new}
    assert proposing.title_of("no_such_code") == "no_such_code"
