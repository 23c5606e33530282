"""Who is who: roles held from a day to a day, hats, who answers for a country, and where each is reached."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot import people
from bot.clock import SimulatedClock
from bot.editions import FOLDER
from bot.errors import NotFound
from bot.formats import load_members
from db.engine import Database
from db.models import Appointment, Member, Person
from db.queries import audit as audit_queries
from db.queries import people as queries
from db.vocabulary import Role, Via
from tests import cast
from tests.cast import Cast


@pytest.fixture
async def everybody(database: Database, clock: SimulatedClock) -> Cast:
    return await cast.make(database, clock.now())


async def appoint(
    database: Database, who: cast.Actor, role: Role, member: str | None, starts: date, ends: date | None = None
) -> int:
    async with database.writing() as session:
        row = Appointment(person_id=who.person_id, role=role, member_code=member, starts_on=starts, ends_on=ends)
        session.add(row)
        await session.flush()
        return row.id


@pytest.mark.parametrize("part", cast.PARTS, ids=lambda part: part.short)
async def test_each_is_recognised(sqlite_database: Database, clock: SimulatedClock, part: cast.Part) -> None:
    await cast.make(sqlite_database, clock.now())
    async with sqlite_database.reading() as session:
        known = await people.recognise(session, part.slack_id, clock.now())
        contact = await people.contact(session, (await people.find(session, part.email)).id, clock.now())
    assert known.speaker is not None
    assert (known.speaker.name, known.speaker.role, known.speaker.member) == (part.name, part.role, part.member)
    assert known.speaker.via is Via.SLACK
    assert (contact.email, contact.slack_id) == (part.email, part.slack_id)
    assert contact.reader.zone == known.speaker.zone


async def test_a_stranger_is_nobody(database: Database, everybody: Cast, clock: SimulatedClock) -> None:
    async with database.reading() as session:
        known = await people.recognise(session, "U0NOBODY", clock.now())
    assert known.speaker is None
    assert known.hats == ()


@pytest.mark.parametrize(("days", "held"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
async def test_a_role_is_held_from_its_first_day_through_its_last(
    database: Database, everybody: Cast, clock: SimulatedClock, days: int, held: bool
) -> None:
    today = clock.now().date()
    day = timedelta(days=1)
    await appoint(database, everybody["per"], Role.COORDINATOR, "VNM", today - day, today + day)
    async with database.reading() as session:
        hats = await people.all_hats(session, everybody["per"].person_id, clock.now() + days * day)
    assert (Role.COORDINATOR in [hat.role for hat in hats.hats]) is held


async def test_two_hats_are_chosen_between_and_the_choice_holds(
    database: Database, everybody: Cast, clock: SimulatedClock
) -> None:
    budi, now = everybody["budi"], clock.now()
    second = await appoint(database, budi, Role.COORDINATOR, "IDN", date(2020, 1, 1))
    async with database.reading() as session:
        known = await people.recognise(session, budi.slack_id, now)
    assert known.speaker is None
    assert [hat.role for hat in known.hats] == [Role.ALTERNATE, Role.COORDINATOR]
    for chosen, role in ((second, Role.COORDINATOR), (budi.appointment_id, Role.ALTERNATE)):
        async with database.writing() as session:
            await people.wear(session, budi.slack_id, str(chosen), now)
        async with database.reading() as session:
            known = await people.recognise(session, budi.slack_id, now)
        assert known.speaker is not None
        assert known.speaker.role is role


async def test_a_chosen_hat_that_has_ended_is_not_worn(
    database: Database, everybody: Cast, clock: SimulatedClock
) -> None:
    budi, now = everybody["budi"], clock.now()
    ends = now.date() + timedelta(days=5)
    second = await appoint(database, budi, Role.COORDINATOR, "IDN", date(2020, 1, 1), ends)
    async with database.writing() as session:
        await people.wear(session, budi.slack_id, str(second), now)
    async with database.reading() as session:
        known = await people.recognise(session, budi.slack_id, now + timedelta(days=6))
    assert known.speaker is not None
    assert known.speaker.role is Role.ALTERNATE


@pytest.mark.parametrize("value", ["", "0", "-1", "x", "9" * 30, "1 OR 1=1"])
async def test_only_an_own_hat_is_worn(database: Database, everybody: Cast, clock: SimulatedClock, value: str) -> None:
    for wanted in (value, str(everybody["aisyah"].appointment_id)):
        with pytest.raises(NotFound):
            async with database.writing() as session:
                await people.wear(session, everybody["siti"].slack_id, wanted, clock.now())


async def test_a_person_is_found_by_id_address_or_whole_name(
    database: Database, everybody: Cast, clock: SimulatedClock
) -> None:
    async with database.reading() as session:
        for named in ("U0SITI", "siti@example.org", "SITI@Example.org", " siti rahmadani ", "Siti Rahmadani"):
            assert (await people.find(session, named)).id == everybody["siti"].person_id
        for named in ("Siti", "nobody@example.org", "", "U0NOBODY"):
            with pytest.raises(NotFound) as nobody:
                await people.find(session, named)
            assert nobody.value.facts["what"] == "person"
    async with database.writing() as session:
        session.add(Person(name="SITI RAHMADANI", email="other@example.org"))
    async with database.reading() as session:
        with pytest.raises(NotFound) as several:
            await people.find(session, "Siti Rahmadani")
    assert several.value.facts["what"] == "people"


async def test_the_focal_point_is_asked_and_the_alternate_where_there_is_none(
    database: Database, everybody: Cast, clock: SimulatedClock
) -> None:
    today = clock.now().date()
    async with database.reading() as session:
        assert [hat.name for hat in await people.answering(session, "IDN", today)] == ["Siti Rahmadani", "Budi Hartono"]
        assert (await people.answering_by_member(session, today))["IDN"].name == "Siti Rahmadani"
    async with database.writing() as session:
        for row in await queries.appointments(session):
            if row.id == everybody["siti"].appointment_id:
                row.ends_on = today - timedelta(days=1)
    async with database.reading() as session:
        assert (await people.answering_by_member(session, today))["IDN"].name == "Budi Hartono"
        hats = await people.answering(session, "IDN", today)
    assert people.addressed(hats, [Role.FOCAL_POINT, Role.ALTERNATE])[Role.FOCAL_POINT].name == "Budi Hartono"


async def test_each_person_is_written_to_once(database: Database, everybody: Cast, clock: SimulatedClock) -> None:
    await appoint(database, everybody["siti"], Role.COORDINATOR, "IDN", date(2020, 1, 1))
    roles = [Role.FOCAL_POINT, Role.ALTERNATE, Role.COORDINATOR]
    async with database.reading() as session:
        hats = await queries.holders(session, roles, clock.now().date(), "IDN")
    found = people.addressed(hats, roles)
    assert {role.value: hat.name for role, hat in found.items()} == {
        "focal_point": "Siti Rahmadani",
        "alternate": "Budi Hartono",
        "coordinator": "Dewi Lestari",
    }


async def test_the_members_file_is_settled_and_nobody_is_removed(
    database: Database, everybody: Cast, clock: SimulatedClock
) -> None:
    rows = load_members(FOLDER / "asean.toml")
    async with database.writing() as session:
        session.add(Member(code="XYZ", alpha2="XY", name="Left", zone="UTC", calendar="ID", locale="en_GB"))
        await people.settle_members(session, rows)
    async with database.writing() as session:
        await people.settle_members(session, rows)
        names = [member.name for member in await queries.members(session)]
    assert len(names) == 12
    assert names == sorted(names)


async def test_the_first_secretariat_person_is_never_doubled(
    database: Database, everybody: Cast, clock: SimulatedClock
) -> None:
    for email, slack_id in (("AISYAH@example.org", None), ("new@example.org", "U0AISYAH"), ("siti@example.org", None)):
        async with database.writing() as session:
            await people.settle_secretariat(
                session, name="Aisyah Noor", email=email, slack_id=slack_id, zone="Asia/Jakarta", now=clock.now()
            )
    async with database.reading() as session:
        assert await people.count(session) == len(cast.PARTS)
        holders = await queries.holders(session, [Role.SECRETARIAT], clock.now().date())
    assert [hat.name for hat in holders] == ["Aisyah Noor", "Siti Rahmadani"]


async def test_digests_are_stopped_and_wanted_again_and_it_is_written_down_once(
    database: Database, everybody: Cast, clock: SimulatedClock
) -> None:
    dewi = everybody["dewi"].person_id
    for again, stopped in ((False, True), (False, True), (True, False), (True, False)):
        async with database.writing() as session:
            await people.stop_digests(session, dewi, clock.now(), again=again)
        async with database.reading() as session:
            assert await people.has_stopped_digests(session, dewi) is stopped
    async with database.reading() as session:
        acts = [row.act for row in await audit_queries.of(session, f"person:{dewi}")]
        with pytest.raises(NotFound):
            await people.has_stopped_digests(session, 999)
    assert acts == ["stop_digests", "want_digests"]
