"""Agencies and mechanisms on both databases: what stands, two who write at once, and who gets the table by mail."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from bot import overview
from bot.errors import NotAllowed, NotFound
from bot.people import agencies, contact, mechanisms, meetings
from bot.people.kept import Given, Kept, Slip, day, lines, one, slip
from bot.words import words
from db.engine import Conflict, Database
from db.models import Agency, Appointment, Delivery, Meeting, Member, Milestone
from db.queries import agencies as agency_queries
from db.queries import audit as audit_queries
from db.queries import mechanisms as queries
from db.vocabulary import AgencyKind, Sector
from tests.cast import Cast, make

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
LABEL = words().label


@pytest.fixture
async def people(database: Database) -> Cast:
    return await make(database, NOW)


async def test_meetings_are_counted_by_day_and_milestones_come_by_date(database: Database, people: Cast) -> None:
    async with database.writing() as session:
        for held in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31)):
            session.add(Meeting(member_code="IDN", held_on=held, added_at=NOW))
        session.add(Meeting(member_code="LAO", held_on=date(2026, 1, 1), added_at=NOW))
        for title, due in (("none", None), ("late", date(2027, 1, 1)), ("soon", date(2026, 12, 1)), ("never", None)):
            session.add(Milestone(member_code="IDN", title=title, due_on=due, added_at=NOW))
    async with database.reading() as session:
        assert await queries.met(session, date(2026, 1, 1), date(2026, 12, 31)) == {"IDN": 2, "LAO": 1}
        assert [each.title for each in await queries.milestones(session, "IDN")] == ["soon", "late", "none", "never"]
        table = await mechanisms.together(session, NOW)
        member = await session.get(Member, "IDN")
        assert member is not None
        card = await mechanisms.card(session, people.speaker("siti"), member, NOW)
    names = [row["member"] for row in table["rows"]]
    assert names == sorted(names) and len(names) == 11 and table["period"] == "2026"
    assert [row["met"] for row in table["rows"] if row["known"]] == [2, 1]
    assert (card.facts["met"], len(card.facts["meetings"]), card.facts["earlier"]) == (2, 3, 0)


async def test_of_two_who_keep_the_same_at_once_the_second_sees_the_first(database: Database, people: Cast) -> None:
    who = ("siti", "dewi")

    async def keeps(short: str, given: Given, shown: Slip) -> Kept:
        while True:
            try:
                async with database.writing() as session:
                    return await mechanisms.store(session, people.speaker(short), shown, given, NOW, LABEL)
            except Conflict:
                # As a turn does: with what the other wrote known, once more.
                continue

    async with database.writing() as session:
        shown = slip((await mechanisms.form(session, people.speaker("siti"), Slip("IDN"), LABEL)).private)
    both = await asyncio.gather(*(keeps(short, {"name": [short], "status": ["planned"]}, shown) for short in who))
    first = next(each for each in both if each.said)
    second = next(each for each in both if each.anew)
    assert first.said is not None and second.anew is not None and second.anew.intro is not None
    assert second.anew.intro.facts["changed"]["by"] in ("Siti Rahmadani", "Dewi Lestari")
    assert second.anew.fields[0].initial in who and second.anew.fields[0].initial != first.said.facts["name"]
    async with database.reading() as session:
        assert len(await audit_queries.of(session, "mechanism:IDN")) == 1


async def test_what_is_kept_is_asked_for_by_its_own_country(database: Database, people: Cast) -> None:
    agency = {"name": ["Ministry"], "kind": ["ministry"], "sector": ["education"], "sits": ["no"]}
    body = {"name": ["Hub"], "kind": ["hub"], "sector": ["women_and_children"]}
    deeds = (
        (mechanisms.store, {"status": ["none"]}),
        (agencies.store, agency),
        (meetings.store_meeting, {"held_on": ["2026-01-02"]}),
        (meetings.store_milestone, {"title": ["One register"]}),
    )
    for store, given in deeds:
        for short in ("linh", "thong", "rina", "per"):
            with pytest.raises(NotAllowed):
                async with database.writing() as session:
                    await store(session, people.speaker(short), Slip("IDN"), given, NOW, LABEL)
        for short in ("siti", "budi", "dewi", "aisyah"):
            async with database.writing() as session:
                kept = await store(session, people.speaker(short), Slip("IDN"), given, NOW, LABEL)
            assert kept.said or kept.problems or kept.anew
    for short in ("siti", "dewi", "per"):
        with pytest.raises(NotAllowed):
            async with database.writing() as session:
                await agencies.store(session, people.speaker(short), Slip(""), body, NOW, LABEL)
    async with database.writing() as session:
        aisyah = people.speaker("aisyah")
        assert set((await agencies.store(session, aisyah, Slip(""), agency, NOW, LABEL)).problems) == {"kind"}
        assert (await agencies.store(session, aisyah, Slip(""), body, NOW, LABEL)).said is not None
        (hub,) = await agency_queries.of_no_member(session)
        assert (hub.kind, hub.sector, hub.sits) == (AgencyKind.HUB, Sector.WOMEN_AND_CHILDREN, False)
        with pytest.raises(NotFound):
            await agencies.store(session, people.speaker("siti"), Slip("IDN", hub.id), agency, NOW, LABEL)
        with pytest.raises(NotFound):
            await mechanisms.form(session, aisyah, Slip("XXX"), LABEL)
        gone = await agencies.store(session, aisyah, Slip("", hub.id, ""), {"remove": ["remove"]}, NOW, LABEL)
        assert gone.anew is not None, "it changed since the form was opened"
        private = slip((await agencies.form(session, aisyah, Slip("", hub.id), LABEL)).private)
        assert (await agencies.store(session, aisyah, private, {"remove": ["remove"]}, NOW, LABEL)).said is not None
        assert await agency_queries.of_no_member(session) == []
        rows = await audit_queries.of(session, agencies.SUBJECT)
    assert [row.act for row in rows] == ["agency_added", "agency_removed"]


async def test_the_same_form_sent_twice_is_kept_once(database: Database, people: Cast) -> None:
    siti = people.speaker("siti")
    given: dict[str, Given] = {
        "mechanism": {"name": ["Council"], "status": ["planned"], "lead": ["nobody"], "sits": []},
        "agency": {"name": ["Ministry"], "kind": ["ministry"], "sector": ["health"], "sits": ["yes"]},
        "meeting": {"held_on": ["2026-01-02"], "about": ["Registers"]},
        "milestone": {"title": ["One register"], "due_on": ["2027-01-02"]},
    }
    deeds = (
        ("agency", agencies.form, agencies.store),
        ("mechanism", mechanisms.form, mechanisms.store),
        ("meeting", meetings.meeting_form, meetings.store_meeting),
        ("milestone", meetings.milestone_form, meetings.store_milestone),
    )
    for name, form, store in deeds:
        async with database.writing() as session:
            shown = slip((await form(session, siti, Slip("IDN"), LABEL)).private)
            wanted = {**given[name], "sits": ["1"]} if name == "mechanism" else given[name]
            first = await store(session, siti, shown, wanted, NOW, LABEL)
            again = await store(session, siti, shown, wanted, NOW, LABEL)
        assert first.said is not None and again.said is not None, name
        assert (first.said.facts["done"], again.said.facts["done"])[1] == "unchanged"
    async with database.reading() as session:
        rows = await audit_queries.of(session, "mechanism:IDN")
    assert [row.act for row in rows] == ["agency_added", "edit_mechanism", "meeting_added", "milestone_added"]


async def test_an_agency_that_somebody_stood_for_stays(database: Database, people: Cast) -> None:
    async with database.writing() as session:
        ministry = Agency(member_code="IDN", name="Ministry", kind=AgencyKind.MINISTRY, sector=Sector.HEALTH)
        session.add(ministry)
        await session.flush()
        rina = await session.get(Appointment, people["rina"].appointment_id)
        assert rina is not None
        rina.agency_id, rina.ends_on = ministry.id, (NOW - timedelta(days=1)).date()
        private = (await agencies.form(session, people.speaker("siti"), Slip("IDN", ministry.id), LABEL)).private
    async with database.writing() as session:
        kept = await agencies.store(session, people.speaker("siti"), slip(private), {"remove": ["remove"]}, NOW, LABEL)
    assert kept.problems == {"remove": "agency_in_use"}


async def test_the_table_goes_only_to_who_may_still_read_it(database: Database, people: Cast) -> None:
    async with database.writing() as session:
        with pytest.raises(NotAllowed):
            await overview.mail_mechanisms(session, people.speaker("rina"), NOW)
        assert (await overview.mail_mechanisms(session, people.speaker("per"), NOW)).facts["again"] is False
        assert (await overview.mail_mechanisms(session, people.speaker("per"), NOW)).facts["again"] is True
        to = await contact(session, people["per"].person_id, NOW)
        assert await overview.mechanisms_mailed(session, Delivery(), to, NOW) is not None
        assert await overview.mechanisms_mailed(session, Delivery(), None, NOW) is None
        held = await session.get(Appointment, people["per"].appointment_id)
        assert held is not None
        held.ends_on = date(2026, 10, 1)
    async with database.reading() as session:
        assert await overview.mechanisms_mailed(session, Delivery(), to, NOW) is None


def test_what_was_filled_in_is_one_line_or_several_and_a_day_is_a_day() -> None:
    assert one({"name": [" A\u202e  b\n\tc\x00 "]}, "name") == "A b c"
    assert lines({"text": ["a \r\n\r\n  b\x07\rc"]}, "text") == "a\nb\nc"
    assert day({"on": []}, "on") is None and day({"on": ["2026-05-03"]}, "on") == date(2026, 5, 3)
    for wrong in ("3 May", "2026-02-30", "0001-01-01", "9999-12-31"):
        with pytest.raises(ValueError, match=r"."):
            day({"on": [wrong]}, "on")
    for forged in ("", "IDN", "IDN:x:y", "IDN:1:2:3", "IDN:99999999999999999999:"):
        with pytest.raises(NotFound):
            slip(forged)
