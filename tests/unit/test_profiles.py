"""What people set for themselves, and what Slack says of them: the rules, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import people, workdays
from bot.clock import SimulatedClock
from bot.errors import NotFound
from bot.people import leave, profile, slack_profiles
from bot.people.leave import Meanwhile
from bot.people.profile import AddressGone, AddressKnown, AddressNotConfirmed, AddressNotFree, TooManyAddresses, Wishes
from bot.people.slack_profiles import SlackProfile
from db.engine import Database
from db.models import Appointment, Leave, Person
from db.queries import audit as audit_queries
from db.queries import profiles as queries
from db.vocabulary import Origin, Reach, Role
from tests import cast
from tests.cast import Cast

DAY = timedelta(days=1)


@pytest.fixture
async def everybody(database: Database, clock: SimulatedClock) -> Cast:
    return await cast.make(database, clock.now())


async def test_a_leave_is_noted_and_the_newest_word_counts(
    database: Database, everybody: Cast, clock: SimulatedClock
) -> None:
    now, siti = clock.now(), everybody.speaker("siti")
    today = workdays.register_day(now)
    async with database.writing() as session:
        first = await leave.take(session, siti, today, today + 10 * DAY, now)
        again = await leave.take(session, siti, today, today + 10 * DAY, now)
        assert again.id == first.id
        later = await leave.take(session, siti, today + 30 * DAY, today + 40 * DAY, now)
        longer = await leave.take(session, siti, today + 5 * DAY, today + 20 * DAY, now)
    async with database.reading() as session:
        noted = await leave.ahead(session, siti.person_id, now)
        assert [one.id for one in noted] == [longer.id, later.id]
        assert await leave.ahead(session, everybody["linh"].person_id, now) == []
    for starts, ends, problem in (
        (today, today - DAY, "order"),
        (today - 9 * DAY, today - DAY, "past"),
        (today, today + 400 * DAY, "too_long"),
    ):
        with pytest.raises(leave.BadLeave) as refused:
            async with database.writing() as session:
                await leave.take(session, siti, starts, ends, now)
        assert refused.value.facts["problem"] == problem
    with pytest.raises(NotFound):
        async with database.writing() as session:
            await leave.end(session, everybody.speaker("linh"), later.id, now)
    async with database.writing() as session:
        await leave.end(session, siti, later.id, now)
    with pytest.raises(leave.LeaveOver):
        async with database.writing() as session:
            await leave.end(session, siti, later.id, now)
    async with database.reading() as session:
        acts = [row.act for row in await audit_queries.of(session, f"person:{siti.person_id}")]
    assert acts == ["leave", "leave", "leave", "back_from_leave"]


async def test_who_is_asked_while_somebody_is_away(database: Database, everybody: Cast, clock: SimulatedClock) -> None:
    now = clock.now()
    today = workdays.register_day(now)

    async def left(short: str, on: date) -> list[tuple[Meanwhile, str | None]]:
        async with database.reading() as session:
            return [(one.how, one.name) for one in await leave.meanwhile(session, everybody[short].person_id, on)]

    assert await left("siti", today) == [(Meanwhile.STAND_IN, "Budi Hartono")]
    assert await left("budi", today) == [(Meanwhile.AS_BEFORE, "Siti Rahmadani")]
    assert await left("linh", today) == [(Meanwhile.NOBODY, None)]
    assert await left("rina", today) == [(Meanwhile.WAITS, "Siti Rahmadani")]
    assert await left("per", today) == [(Meanwhile.NOTHING, None)]
    async with database.writing() as session:
        await leave.take(session, everybody.speaker("siti"), today, today + 5 * DAY, now)
    assert await left("budi", today) == [(Meanwhile.NOBODY, None)]
    assert await left("budi", today + 6 * DAY) == [(Meanwhile.AS_BEFORE, "Siti Rahmadani")]
    assert await left("rina", today) == [(Meanwhile.WAITS, "Budi Hartono")]
    async with database.writing() as session:
        agus = Person(name="Agus Example", email="agus@example.org")
        session.add(agus)
        await session.flush()
        session.add(Appointment(person_id=agus.id, role=Role.ALTERNATE, member_code="IDN", starts_on=cast.SINCE))
    assert await left("siti", today) == [(Meanwhile.STAND_IN, "Agus Example")], "the first by name"
    assert await left("budi", today) == [(Meanwhile.AS_BEFORE, "Agus Example")], "Budi was not asked before"
    async with database.writing() as session:
        await session.get_one(Leave, 1)
        await leave.come_back(session, everybody.speaker("siti"), now)
    async with database.reading() as session:
        assert (await people.answering_by_member(session, today))["IDN"].name == "Siti Rahmadani"


async def test_what_was_not_touched_stays_as_it_came(
    database: Database, everybody: Cast, clock: SimulatedClock
) -> None:
    siti, now = everybody.speaker("siti"), clock.now()
    same = Wishes("Siti Rahmadani", None, None, None, None, None, None)
    async with database.writing() as session:
        assert await profile.change(session, siti, same, now) == []
        assert await profile.change(session, siti, replace(same, reach=Reach.BOTH), now) == ["reach"]
        person = await profile.of(session, siti.person_id)
        assert (person.name_by, person.zone_by) == (Origin.REGISTER, None)
        assert await profile.change(session, siti, replace(same, zone="Asia/Tokyo"), now) == ["zone", "reach"]
        assert await profile.change(session, siti, same, now) == ["zone"]
        assert (person.zone, person.zone_by) == (None, Origin.PERSON)
    with pytest.raises(NotFound):
        async with database.writing() as session:
            await profile.change(session, siti, replace(same, locale="tlh"), now)


async def test_an_address_belongs_to_one_person(database: Database, everybody: Cast, clock: SimulatedClock) -> None:
    siti, rina, now = everybody.speaker("siti"), everybody.speaker("rina"), clock.now()
    async with database.writing() as session:
        hers = await profile.add_address(session, siti, "shared@example.org", now)
        his = await profile.add_address(session, rina, "shared@example.org", now)
        assert (await profile.add_address(session, siti, "shared@example.org", now)).id == hers.id
    async with database.writing() as session:
        for person_id, row, email in (
            (rina.person_id, hers.id, "shared@example.org"),
            (siti.person_id, hers.id, "other@example.org"),
            (siti.person_id, 999, "shared@example.org"),
        ):
            with pytest.raises(AddressGone):
                await profile.confirm_address(session, person_id, row, email, now)
        with pytest.raises(AddressNotConfirmed):
            await profile.use_address(session, siti, hers.id, now)
        assert await profile.confirm_address(session, rina.person_id, his.id, "shared@example.org", now)
        assert not await profile.confirm_address(session, rina.person_id, his.id, "shared@example.org", now)
        with pytest.raises(AddressNotFree):
            await profile.confirm_address(session, siti.person_id, hers.id, "shared@example.org", now)
        with pytest.raises(NotFound):
            await profile.use_address(session, siti, his.id, now)
        with pytest.raises(NotFound):
            await profile.remove_address(session, siti, his.id, now)
        assert await profile.use_address(session, rina, his.id, now) == ("shared@example.org", "rina@example.org")
        with pytest.raises(AddressKnown):
            await profile.add_address(session, rina, "shared@example.org", now)
        # Nobody learns from an addition who is in the register: only whoever reads the mails is told.
        rinas = await profile.add_address(session, siti, "rina@example.org", now)
        with pytest.raises(AddressNotFree):
            await profile.confirm_address(session, siti.person_id, rinas.id, "rina@example.org", now)
    async with database.reading() as session:
        assert [row.address for row in await profile.addresses(session, rina)] == ["rina@example.org"]
        assert (await queries.person_of_address(session, "RINA@example.org")) is not None
        assert await queries.person_of_address(session, "nobody@example.org") is None
    async with database.writing() as session:
        for number in range(2):
            await profile.add_address(session, siti, f"siti{number}@example.org", now)
        with pytest.raises(TooManyAddresses) as refused:
            await profile.add_address(session, siti, "siti9@example.org", now)
        assert refused.value.facts["today"] is True


USER: dict[str, Any] = {
    "id": "U0NEW",
    "team_id": "T0OURS",
    "real_name": "Siti of Slack",
    "tz": "Asia/Makassar",
    "profile": {"email": "SITI@example.org"},
    "is_email_confirmed": True,
}


@pytest.mark.parametrize(
    ("marks", "proves"),
    [
        ({}, True),
        ({"is_restricted": True}, True),
        ({"team_id": "T0THEIRS"}, False),
        ({"team_id": ""}, False),
        ({"is_stranger": True}, False),
        ({"deleted": True}, False),
        ({"is_bot": True}, False),
        ({"is_email_confirmed": False}, False),
        ({"profile": {}}, False),
        ({"profile": None}, False),
    ],
)
async def test_only_an_account_of_our_own_team_proves_its_address(
    database: Database, everybody: Cast, clock: SimulatedClock, marks: dict[str, Any], proves: bool
) -> None:
    found = SlackProfile.of({**USER, **marks})
    assert found.proves_its_address("T0OURS") is proves
    async with database.writing() as session:
        assert await slack_profiles.bind(session, found, "T0OURS", clock.now()) is None, "she has another account"
        (await profile.of(session, everybody["siti"].person_id)).slack_id = None
        await session.flush()
        bound = await slack_profiles.bind(session, found, "T0OURS", clock.now())
        assert (bound is not None) is proves
        if bound is not None:
            assert (bound.slack_id, bound.zone, bound.zone_by) == ("U0NEW", "Asia/Makassar", Origin.SLACK)
            assert bound.name == "Siti Rahmadani"
        taken = SlackProfile.of({**USER, "id": "U0LINH"})
        assert await slack_profiles.bind(session, taken, "T0OURS", clock.now()) is None, "an account of somebody else's"


async def test_a_trouble_is_new_once(database: Database, everybody: Cast, clock: SimulatedClock) -> None:
    siti, per, now = everybody["siti"].person_id, everybody["per"].person_id, clock.now()
    async with database.writing() as session:
        news = [await slack_profiles.looked_at(session, siti, code, now) for code in ("a", "a", "b", None, None, "a")]
        assert [each.name if each else None for each in news] == [
            *("Siti Rahmadani", None, "Siti Rahmadani", None, None, "Siti Rahmadani"),
        ]
        assert news[0] is not None and news[0].slack_id is None
        assert await slack_profiles.looked_at(session, per, "a", now) is None, "a partner has no deadline"
    async with database.reading() as session:
        assert (await profile.of(session, siti)).slack_seen_at == now
        due = await queries.people_in_a_role(session, workdays.register_day(now), now, 50)
        assert siti not in [one.id for one in due] and everybody["linh"].person_id in [one.id for one in due]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.dictionaries(
            st.sampled_from(["id", "profile", "email", "tz", "real_name", "team_id", "deleted", "is_bot"]), inner
        ),
    )
)
def test_whatever_slack_sends_of_a_person_is_read(user: Any) -> None:
    if isinstance(user, dict) and isinstance(user.get("profile") or {}, dict):
        assert not SlackProfile.of({**user, "team_id": "T0THEIRS"}).proves_its_address("T0OURS")


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Asia/Jakarta", "Asia/Jakarta"),
        ("asia/jakarta", "Asia/Jakarta"),
        ("Rome", "Europe/Rome"),
        ("new york", "America/New_York"),
        ("UTC", "UTC"),
        ("Atlantis", None),
        ("", None),
        ("../../etc/passwd", None),
    ],
)
def test_a_zone_is_found_by_its_city(typed: str, zone: str | None) -> None:
    assert profile.zone_named(typed) == zone


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"name": ["Siti"]}, set()),
        ({"name": [" "]}, {"name"}),
        ({"name": ["Siti"], "zone": ["Mars/Olympus"]}, {"zone"}),
        ({"name": ["Siti"], "language": ["tlh"], "reach": ["pigeon"]}, {"language", "reach"}),
        ({"name": ["Siti"], "quiet_from": ["18"]}, {"quiet_until"}),
        ({"name": ["Siti"], "quiet_from": ["18"], "quiet_until": ["18"]}, {"quiet_until"}),
        ({"name": ["Siti"], "quiet_from": ["99"], "quiet_until": ["x"]}, set()),
    ],
)
def test_a_forged_form_is_read_with_care(given: dict[str, list[str]], problems: set[str]) -> None:
    found, wrong = profile.read(given)
    assert set(wrong) == problems
    assert (found is None) is bool(problems)
