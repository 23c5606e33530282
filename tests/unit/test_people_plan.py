"""What a file of people would do to a register with a history: roles and their days, agencies, rights, successions."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot import people, people_import, succession
from bot.clock import SimulatedClock
from bot.people import profile
from bot.people_import import Plan
from bot.reminders import Rules
from db.engine import Database
from db.models import Address, Agency, Appointment, AuditRow, Delivery, Person
from db.queries import appointments as queries
from db.queries import people as people_queries
from db.vocabulary import Mandate, Origin, Role, Via
from tests import cast, source

# The clock stands on 2 November 2026. Siti is focal point of Indonesia since 2015, Budi her alternate.
HEAD = (
    "name,email,slack_id,role,member,starts_on,ends_on,reference,mandate,agency,agency_kind,sector,in_mechanism,zone\n"
)
SITI = "Siti Rahmadani,siti@example.org,,focal_point,IDN,"
BUDI = "Budi Hartono,budi@example.org,,focal_point,IDN,"
RINA = "Rina Kusuma,rina@example.org,,contributor,IDN,"
AGENCY = ",,,,{member},,,,,{name},{kind},{sector},{sits},\n"


async def bring(database: Database, clock: SimulatedClock, text: str, *, apply: bool = True, after: int = 0) -> Plan:
    now = clock.now() + timedelta(days=after)
    async with database.writing() as session:
        plan = await people_import.plan(session, text.encode(), now, lock=True)
        by = await people.first_secretariat(session, "aisyah@example.org", None, now, Via.COMMAND_LINE)
        if apply and not plan.faults:
            await people_import.carry_out(session, by, plan, now, Rules())
        return plan


async def twice(database: Database, clock: SimulatedClock, text: str) -> list[tuple[str, str, object, object]]:
    """Bring a file in, and see that the same file then changes nothing, also days later; what changed."""
    plan = await bring(database, clock, text)
    assert plan.faults == ()
    for days in (0, 3):
        again = await bring(database, clock, text, after=days)
        assert (again.faults, again.changes) == ((), ())
    return [(change.what, change.name, change.before, change.after) for change in plan.changes]


def refused(plan: Plan) -> list[tuple[int, str]]:
    return [(fault.line, fault.code) for fault in plan.faults]


async def focal_points(database: Database, member: str = "IDN") -> list[tuple[str, date, date | None, bool]]:
    async with database.reading() as session:
        rows = await queries.of_member(session, member, [Role.FOCAL_POINT])
    return [(row.name, row.starts_on, row.ends_on, row.pending) for row in rows]


async def queued(database: Database) -> list[tuple[str, int | None]]:
    async with database.reading() as session:
        rows = await session.scalars(select(Delivery).order_by(Delivery.kind))
        return [(row.kind, row.person_id) for row in rows]


async def test_a_file_hands_a_focal_point_over(database: Database, clock: SimulatedClock) -> None:
    actors = await cast.make(database, clock.now())
    assert await twice(database, clock, HEAD + BUDI + ",,ND/7,director,,,,,\n") == [
        ("appointment", "Budi Hartono", date(2026, 11, 2), None),
        ("gives_way", "Siti Rahmadani", None, date(2026, 11, 1)),
        ("gives_way", "Budi Hartono", None, date(2026, 11, 1)),
    ]
    assert await focal_points(database) == [
        ("Siti Rahmadani", date(2015, 1, 1), date(2026, 11, 1), False),
        ("Budi Hartono", date(2026, 11, 2), None, False),
    ]
    # As after `/spnet focal handover`: one is briefed, the other is thanked, and is a stranger from now on.
    briefed = [("succession/briefing", actors["budi"].person_id), ("succession/thanks", actors["siti"].person_id)]
    assert await queued(database) == briefed
    async with database.reading() as session:
        known = await people.recognise(session, "U0SITI", clock.now())
        assert (known.speaker, known.ended and known.ended.on) == (None, date(2026, 11, 1))
        budi = await people.recognise(session, "U0BUDI", clock.now())
        assert budi.speaker is not None
        assert (budi.speaker.role, len(budi.hats)) == (Role.FOCAL_POINT, 1)
        acts = {row.act: row for row in await session.scalars(select(AuditRow))}
    assert {"appoint", "end_role"} <= set(acts)
    assert (acts["appoint"].detail["reference"], acts["appoint"].detail["mandate"]) == ("ND/7", "director")
    assert acts["end_role"].detail["follows"] == int(acts["appoint"].subject.removeprefix("appointment:"))
    assert {(row.via, row.role) for row in acts.values() if row.act != "pass_on"} == {
        (Via.COMMAND_LINE, Role.SECRETARIAT)
    }


async def test_a_handover_on_a_later_day_waits_for_it(sqlite_database: Database, clock: SimulatedClock) -> None:
    await cast.make(sqlite_database, clock.now())
    await twice(sqlite_database, clock, HEAD + SITI + ",,,,,,,,\n" + BUDI + "2026-12-01,,,,,,,,\n")
    assert await focal_points(sqlite_database) == [
        ("Siti Rahmadani", date(2015, 1, 1), date(2026, 11, 30), False),
        ("Budi Hartono", date(2026, 12, 1), None, True),
    ]
    assert await queued(sqlite_database) == []
    # It is put off, and the predecessor's days are set with it.
    text = HEAD + SITI + ",2026-12-31,,,,,,,\n" + BUDI + "2027-01-01,,,,,,,,\n"
    assert [what for what, *_ in await twice(sqlite_database, clock, text)] == ["ends_on", "starts_on"]
    assert (await focal_points(sqlite_database))[1] == ("Budi Hartono", date(2027, 1, 1), None, True)


async def test_the_days_of_focal_points_follow_each_other(sqlite_database: Database, clock: SimulatedClock) -> None:
    await cast.make(sqlite_database, clock.now())
    past = "Old Hand,old@example.org,,focal_point,IDN,"
    for text, faults in (
        (past + "2010-01-01,2015-06-30", [(2, "overlap")]),
        (past + "2010-01-01,", [(2, "overlap")]),
        (past + "2016-01-01,2017-01-01", [(2, "overlap")]),
        (SITI + ",2026-11-30,,,,,,,\n" + BUDI + "2026-12-05,", [(3, "gap")]),
        (SITI + ",2026-12-10,,,,,,,\n" + BUDI + "2026-12-01,", [(3, "overlap")]),
        (SITI + ",,,,,,,,\n" + BUDI + ",", [(3, "two_focal_points")]),
        (SITI + "2026-12-01,", [(2, "has_begun")]),
        (SITI + ",2014-12-31", [(2, "days")]),
        (RINA + ",2026-01-31,,,,,,,\n", []),
        ("New,new@example.org,,alternate,IDN,,2026-01-31", [(2, "starts_missing")]),
        (BUDI + "2026-12-01,2026-11-30", [(2, "days")]),
    ):
        plan = await bring(sqlite_database, clock, HEAD + text + "\n", apply=False)
        assert refused(plan) == faults, text
    plan = await bring(sqlite_database, clock, HEAD + SITI + ",2026-11-30\n" + BUDI + "2026-12-05,\n")
    assert plan.faults[0].facts == {
        "name": "Siti Rahmadani",
        "other": "Budi Hartono",
        "ends": "2026-11-30",
        "starts": "2026-12-05",
        "following": "2026-12-01",
    }
    plan = await bring(sqlite_database, clock, HEAD + past + "2010-01-01,2015-06-30\n")
    days = {"starts": "2015-01-01", "ends": "-", "from": "2010-01-01", "until": "2015-06-30"}
    assert plan.faults[0].facts == {"name": "Siti Rahmadani", **days}
    assert len(await focal_points(sqlite_database)) == 1


async def test_a_whole_history_comes_in_at_once(sqlite_database: Database, clock: SimulatedClock) -> None:
    await cast.make(sqlite_database, clock.now())
    text = HEAD + (
        "First,a@example.org,,focal_point,VNM,2005-01-01,,,,,,,,\n"
        "Second,b@example.org,,focal_point,VNM,2010-01-01,2012-12-31,,,,,,,\n"
        "Third,c@example.org,,focal_point,VNM,2013-01-01,2014-12-31,,,,,,,\n"
        "First,a@example.org,,alternate,VNM,2014-01-01,2020-12-31,,,,,,,\n"
        "First,a@example.org,,alternate,VNM,2022-01-01,,,,,,,,\n"
        "Linh Tran,linh@example.org,,focal_point,VNM,,,,,,,,,\n"
    )
    changed = await twice(sqlite_database, clock, text)
    assert ("gives_way", "First", None, date(2009, 12, 31)) in changed
    assert [(name, starts) for name, starts, *_ in await focal_points(sqlite_database, "VNM")] == [
        ("First", date(2005, 1, 1)),
        ("Second", date(2010, 1, 1)),
        ("Third", date(2013, 1, 1)),
        ("Linh Tran", date(2015, 1, 1)),
    ]
    # Nobody is written to about what is long over, or while nothing is asked.
    assert await queued(sqlite_database) == []
    # A row without its first day is about the role that lasts; of one that is over, the day must be said.
    async with sqlite_database.writing() as session:
        for role in await session.scalars(select(Appointment).where(Appointment.ends_on.is_(None))):
            role.ends_on = date(2026, 10, 30) if role.role is Role.ALTERNATE else None
    again = await bring(sqlite_database, clock, HEAD + "First,a@example.org,,alternate,VNM,,,,,,,,,\n")
    assert refused(again) == [(2, "held_before")]
    again = await bring(sqlite_database, clock, HEAD + "First,a@example.org,,alternate,VNM,,2026-10-30,N/1,,,,,,\n")
    assert [change.what for change in again.changes] == ["reference"]


async def test_a_role_ends_and_its_letter_is_mended(database: Database, clock: SimulatedClock) -> None:
    actors = await cast.make(database, clock.now())
    changed = await twice(
        database, clock, HEAD + SITI + "2014-06-01,2026-11-30,12/KS,deputy minister,,,,,Asia/Makassar\n"
    )
    assert [(what, after) for what, _, _, after in changed] == [
        ("zone", "Asia/Makassar"),
        ("starts_on", date(2014, 6, 1)),
        ("ends_on", date(2026, 11, 30)),
        ("reference", "12/KS"),
        ("mandate", Mandate.DEPUTY_MINISTER),
    ]
    assert await focal_points(database) == [("Siti Rahmadani", date(2014, 6, 1), date(2026, 11, 30), False)]
    await twice(database, clock, HEAD + SITI + ",2026-10-31,,,,,,,\n")
    assert (await focal_points(database))[0][2] == date(2026, 10, 31)
    # She is thanked; her alternate hears that they stand in, as after `/spnet focal end`.
    written = [("succession/meanwhile", None), ("succession/thanks", actors["siti"].person_id)]
    assert await queued(database) == written


async def test_agencies_with_people_and_alone(database: Database, clock: SimulatedClock) -> None:
    await cast.make(database, clock.now())
    health = "Ministry of Health,ministry,health,"
    text = HEAD + (
        RINA + f",,,expert,{health},\n"
        f"Ana,ana@example.org,,contributor,IDN,,,,,{health}yes,\n"
        "Per Larsen,per@example.org,,partner,,,,,,ILO,international,labour,,\n"
        "Mo,mo@example.org,,partner,IDN,,,,,Farmers' Union,,,,\n"
        + AGENCY.format(member="IDN", name="Farmers' Union", kind="workers", sector="rural development", sits="no")
        + AGENCY.format(member="", name="Gender hub", kind="hub", sector="women and children", sits="")
    )
    assert refused(await bring(database, clock, text)) == [(5, "agency_unknown")]
    lines = text.splitlines(keepends=True)
    text = "".join([*lines[:4], *lines[5:], lines[4]])
    changed = await twice(database, clock, text)
    assert [name for what, name, *_ in changed if what == "agency"] == [
        "Ministry of Health",
        "ILO",
        "Farmers' Union",
        "Gender hub",
    ]
    assert ("agency_id", "Rina Kusuma") in [(what, name) for what, name, *_ in changed]
    async with database.reading() as session:
        agencies = {each.name: each for each in await session.scalars(select(Agency))}
        assert [(each.member_code, each.sits) for each in agencies.values()] == [
            ("IDN", True),
            (None, False),
            ("IDN", False),
            (None, False),
        ]
        held = await people_queries.holders(session, [Role.CONTRIBUTOR, Role.PARTNER], clock.now().date())
        assert {(hat.name, hat.member, hat.agency) for hat in held} == {
            ("Rina Kusuma", "IDN", "Ministry of Health"),
            ("Ana", "IDN", "Ministry of Health"),
            ("Per Larsen", None, "ILO"),
            ("Mo", None, "Farmers' Union"),
        }
        assert {row.act for row in await session.scalars(select(AuditRow))} == {
            *("add_agency", "change_agency", "import_person", "appoint", "correct_role")
        }
    change = AGENCY.format(
        member="Indonesia", name="MINISTRY OF HEALTH", kind="public body", sector="social welfare", sits="no"
    )
    assert [what for what, *_ in await twice(database, clock, HEAD + change)] == [
        "agency_kind",
        "sector",
        "in_mechanism",
    ]
    # A contributor may act for two agencies; another row is another role then.
    second = HEAD + RINA + ",,,,Farmers' Union,,,,\n"
    assert [what for what, *_ in await twice(database, clock, second)] == ["appointment"]
    assert refused(await bring(database, clock, HEAD + RINA + ",2026-12-31,,,,,,,\n")) == [(2, "role_unclear")]


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        ([AGENCY.format(member="", name="A", kind="ministry", sector="labour", sits="")], ["agency_of_a_member"]),
        ([AGENCY.format(member="IDN", name="A", kind="hub", sector="labour", sits="")], ["agency_of_none"]),
        ([AGENCY.format(member="", name="A", kind="hub", sector="labour", sits="yes")], ["agency_sits_nowhere"]),
        ([AGENCY.format(member="", name="A", kind="hub", sector="labour", sits="maybe")], ["choice"]),
        ([AGENCY.format(member="", name="A", kind="club", sector="labour", sits="")], ["choice"]),
        ([AGENCY.format(member="IDN", name="A", kind="ministry", sector="", sits="")], ["agency_unknown"]),
        ([AGENCY.format(member="", name="A", kind="hub", sector="x" * 321, sits="")], ["too_long"]),
        ([AGENCY.format(member="", name="A" * 201, kind="hub", sector="labour", sits="")], ["too_long"]),
        ([",,,,IDN,2026-01-01,,,,A,ministry,labour,,\n"], ["of_people"]),
        ([RINA + ",,,,,ministry,,,\n"], ["agency_missing"]),
        (["P,p@example.org,,partner,IDN,,,,,ILO,international,labour,,\n"], ["member_too_many"]),
        ([RINA + ",,,boss,,,,,\n"], ["choice"]),
        (
            [
                AGENCY.format(member="IDN", name="A", kind="ministry", sector="labour", sits=""),
                AGENCY.format(member="IDN", name="a", kind="ministry", sector="labour", sits=""),
                RINA + ",,,,A,ministry,health,,\n",
            ],
            ["agency_twice", "agency_differs"],
        ),
    ],
)
async def test_what_an_agency_cannot_be(
    lines: Sequence[str], faults: list[str], sqlite_database: Database, clock: SimulatedClock
) -> None:
    await cast.make(sqlite_database, clock.now())
    plan = await bring(sqlite_database, clock, HEAD + "".join(lines))
    assert [code for _, code in refused(plan)] == faults


async def test_rows_of_one_person_complete_each_other(sqlite_database: Database, clock: SimulatedClock) -> None:
    await cast.make(sqlite_database, clock.now())
    text = HEAD + (
        "Nia,nia@example.org,,partner,,,,,,,,,,\n"
        "Nia,nia@example.org,U0NIA,coordinator,VNM,,,,,,,,,Asia/Tokyo\n"
        "Nia,,U0NIA,alternate,LAO,,,,,,,,,\n"
    )
    changed = await twice(sqlite_database, clock, text)
    assert [what for what, *_ in changed] == ["person", "appointment", "appointment", "appointment"]
    async with sqlite_database.reading() as session:
        nia = await people_queries.person_by_email(session, "nia@example.org")
        assert nia is not None
        assert (nia.slack_id, nia.zone, nia.zone_by) == ("U0NIA", "Asia/Tokyo", Origin.REGISTER)
    for lines, code in (
        ("Nia,nia@example.org,U0NIB,partner,,,,,,,,,,\n", "email_twice"),
        ("Nia,nib@example.org,U0NIA,partner,,,,,,,,,,\n", "slack_id_twice"),
        ("Nia,nia@example.org,,coordinator,LAO,,,,,,,,,Asia/Seoul\n", "rows_differ"),
        ("Nia,nia@example.org,,partner,,2026-01-01,,,,,,,,\n", "row_twice"),
        (
            "Nib,nib@example.org,U0NIB,partner,,,,,,,,,,\nNib,nib@example.org,U0NIA,coordinator,LAO,,,,,,,,,\n",
            "slack_id_twice",
        ),
    ):
        assert [each for _, each in refused(await bring(sqlite_database, clock, text + lines))] == [code], lines


async def test_what_people_set_themselves_stays(sqlite_database: Database, clock: SimulatedClock) -> None:
    actors = await cast.make(sqlite_database, clock.now())
    siti, per = actors["siti"].person_id, actors["per"].person_id
    async with sqlite_database.writing() as session:
        person = await session.get_one(Person, siti)
        person.name, person.name_by, person.zone, person.zone_by = "Siti R.", Origin.PERSON, "Asia/Tokyo", Origin.PERSON
        person.email = "own@example.org"
        added = {"added_at": clock.now(), "confirmed_at": clock.now()}
        session.add(Address(person_id=siti, address="siti@example.org", **added))
        other = await session.get_one(Person, per)
        other.name, other.name_by, other.zone, other.zone_by = "per", Origin.SLACK, "Asia/Tokyo", Origin.SLACK
        other.email_refused_at, other.email_refused_code = clock.now(), "550"
    text = SITI + ",,,,,,,,Asia/Jakarta\nPer Larsen,per.larsen@example.org,U0PER,partner,,,,,,,,,,Asia/Dili\n"
    plan = await bring(sqlite_database, clock, HEAD + text)
    # The account alone is no proof of who it is: another name with it is refused.
    assert refused(plan) == [(3, "slack_id_taken")]
    plan = await bring(sqlite_database, clock, HEAD + text.replace("per.larsen@", "per@"))
    assert [(each.what, each.before, each.after) for each in plan.kept] == [
        ("name", "Siti R.", "Siti Rahmadani"),
        ("email", "own@example.org", "siti@example.org"),
        ("zone", "Asia/Tokyo", "Asia/Jakarta"),
    ]
    assert [(each.what, each.after) for each in plan.changes] == [("name", "Per Larsen"), ("zone", "Asia/Dili")]
    plan = await bring(sqlite_database, clock, HEAD + text)
    assert [(each.what, each.after) for each in plan.changes] == [("email", "per.larsen@example.org")]
    async with sqlite_database.reading() as session:
        other = await session.get_one(Person, per)
        assert (other.name_by, other.zone_by, other.email_refused_code) == (Origin.REGISTER, Origin.REGISTER, None)


async def test_the_rights_of_the_secretariat_do_not_come_in_unseen(
    sqlite_database: Database, clock: SimulatedClock
) -> None:
    await cast.make(sqlite_database, clock.now())
    text = HEAD + (
        "Mallory,mallory@example.org,,secretariat,,,,,,,,,,\n"
        "Aisyah Noor,other@example.org,U0AISYAH,partner,,,,,,,,,,\n"
        "Was,was@example.org,,secretariat,,2010-01-01,2011-01-01,,,,,,,\n"
    )
    plan = await bring(sqlite_database, clock, text, apply=False)
    assert [(each.line, each.what, each.name) for each in plan.rights] == [
        (2, "appointment", "Mallory"),
        (3, "email", "Aisyah Noor"),
    ]


async def test_a_role_that_was_never_begun_gives_way(sqlite_database: Database, clock: SimulatedClock) -> None:
    await cast.make(sqlite_database, clock.now())
    await bring(sqlite_database, clock, HEAD + "One,one@example.org,,focal_point,MYS,,,,,,,,,\n")
    other = HEAD + "Two,two@example.org,,focal_point,MYS,,,,,,,,,\n"
    assert [what for what, *_ in await twice(sqlite_database, clock, other)] == ["person", "appointment", "gives_way"]
    assert [name for name, *_ in await focal_points(sqlite_database, "MYS")] == ["Two"]


async def test_the_sample_of_the_papers_is_taken(sqlite_database: Database, clock: SimulatedClock) -> None:
    papers = (source.ROOT / "README.md").read_text(encoding="utf-8")
    (sample,) = re.findall(r"```\n(name,email,.*?)```", papers, re.DOTALL)
    await cast.make(sqlite_database, clock.now(), parts=tuple(each for each in cast.PARTS if each.short == "aisyah"))
    changed = await twice(sqlite_database, clock, sample)
    assert [what for what, *_ in changed].count("appointment") == 4
    assert [name for what, name, *_ in changed if what == "agency"][-1] == "Statistics Office"


async def test_the_same_file_twice_in_one_moment(database: Database, clock: SimulatedClock) -> None:
    await cast.make(database, clock.now())
    text = HEAD + "New,new@example.org,,focal_point,IDN,,,,,,,,,\n" + "Per,po@example.org,,partner,,,,,,,,,,\n"
    plans = await asyncio.gather(*(bring(database, clock, text) for _ in range(3)))
    assert sorted(len(plan.changes) for plan in plans) == [0, 0, 5]
    assert [name for name, *_ in await focal_points(database)] == ["Siti Rahmadani", "New"]


async def test_what_was_to_begin_later_begins_with_the_next_tick(
    sqlite_database: Database, clock: SimulatedClock
) -> None:
    actors = await cast.make(sqlite_database, clock.now())
    await bring(sqlite_database, clock, HEAD + BUDI + "2026-12-01,,,,,,,,\n")
    changed = await twice(sqlite_database, clock, HEAD + BUDI + "2026-11-01,,,,,,,,\n")
    assert [(what, after) for what, _, _, after in changed] == [
        ("starts_on", date(2026, 11, 1)),
        ("gives_way", date(2026, 10, 31)),
        ("gives_way", date(2026, 10, 31)),
    ]
    async with sqlite_database.writing() as session:
        await succession.tick(session, clock.now(), Rules())
    assert (await focal_points(sqlite_database))[1] == ("Budi Hartono", date(2026, 11, 1), None, False)
    assert ("succession/briefing", actors["budi"].person_id) in await queued(sqlite_database)
    assert ("succession/thanks", actors["siti"].person_id) in await queued(sqlite_database)


async def test_nobody_loses_a_role_to_themselves(sqlite_database: Database, clock: SimulatedClock) -> None:
    """Siti uses another address and took the old one away: last month's file does not put her out of her role."""
    actors = await cast.make(sqlite_database, clock.now())
    async with sqlite_database.writing() as session:
        (await session.get_one(Person, actors["siti"].person_id)).email = "own@example.org"
    for line in (SITI + "2015-01-01\n", SITI + "\n", SITI.upper().replace("FOCAL_POINT", "focal_point") + "\n"):
        plan = await bring(sqlite_database, clock, HEAD + line)
        assert (refused(plan), plan.changes) == ([(2, "name_elsewhere")], ())
    assert await focal_points(sqlite_database) == [("Siti Rahmadani", cast.SINCE, None, False)]
    # Two people of one name: both are in the file, or each has an account of their own.
    rina = RINA.replace("rina@", "other.rina@")
    assert refused(await bring(sqlite_database, clock, HEAD + rina + "\n")) == [(2, "name_elsewhere")]
    assert await twice(sqlite_database, clock, HEAD + RINA + "\n" + rina + "\n") == [
        ("person", "Rina Kusuma", None, None),
        ("appointment", "Rina Kusuma", date(2026, 11, 2), None),
    ]
    budi = BUDI.replace("budi@example.org,,focal_point", "budi2@example.org,U0BUDI2,alternate")
    assert [what for what, *_ in await twice(sqlite_database, clock, HEAD + budi + "\n")] == ["person", "appointment"]


async def test_an_address_that_its_person_took_away_stays_away(
    sqlite_database: Database, clock: SimulatedClock
) -> None:
    actors = await cast.make(sqlite_database, clock.now())
    siti = actors["siti"].person_id
    async with sqlite_database.writing() as session:
        for short, new in (("siti", "own@example.org"), ("rina", "other@example.org")):
            person_id, by = actors[short].person_id, actors.speaker(short)
            row = await profile.add_address(session, by, new, clock.now())
            assert await profile.confirm_address(session, person_id, row.id, new, clock.now())
            if person_id == siti:
                await session.refresh(row)
                await profile.use_address(session, by, row.id, clock.now())
            await profile.remove_address(session, by, row.id, clock.now())
    chat = ",focal_point,IDN,,,,,,,,,\n"
    text = (
        HEAD
        + f"Siti Rahmadani,siti@example.org,U0SITI{chat}"
        + "Rina Kusuma,other@example.org,U0RINA,contributor,IDN,,,,,,,,,\n"
    )
    plan = await bring(sqlite_database, clock, text)
    assert (plan.changes, [(each.what, each.before, each.after) for each in plan.kept]) == (
        (),
        [
            ("email_removed", "own@example.org", "siti@example.org"),
            ("email_removed", "rina@example.org", "other@example.org"),
        ],
    )
    # Nor as somebody new of that name, whatever the role; another person may get the address.
    text = HEAD + "Siti Rahmadani,siti@example.org,,partner,,,,,,,,,,\n"
    assert refused(await bring(sqlite_database, clock, text)) == [(2, "email_removed")]
    # The address that they chose stays also where the file has a third one, unless a mail server refuses it.
    text = HEAD + f"Siti Rahmadani,third@example.org,U0SITI{chat}"
    assert [each.what for each in (await bring(sqlite_database, clock, text)).kept] == ["email_chosen"]
    async with sqlite_database.writing() as session:
        (await session.get_one(Person, siti)).email_refused_at = clock.now()
    assert [(each.what, each.after) for each in (await bring(sqlite_database, clock, text)).changes] == [
        ("email", "third@example.org")
    ]
    text = HEAD + f"Siti Rahmadani,fourth@example.org,U0SITI{chat}"
    assert [each.what for each in (await bring(sqlite_database, clock, text)).changes] == ["email"]
    text = HEAD + "Somebody Else,siti@example.org,,partner,,,,,,,,,,\n"
    assert [each.what for each in (await bring(sqlite_database, clock, text)).changes] == ["person", "appointment"]
