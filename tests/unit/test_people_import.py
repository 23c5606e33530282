"""A file of people: what is read, what is refused line by line, what changes, and that twice is as once."""

from __future__ import annotations

import ast
import tomllib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot import people, people_import
from bot.clock import SimulatedClock
from bot.editions import FOLDER
from bot.errors import NotAllowed, NotFound
from bot.formats import load_members
from bot.people_import import Plan, read
from bot.reminders import Rules
from bot.words import TEMPLATES
from db.engine import Database
from db.models import Appointment, AuditRow, Person
from db.queries import people as queries
from db.vocabulary import Role, Via
from tests import cast, source

MEMBERS = {"idn": "IDN", "indonesia": "IDN", "lao": "LAO", "lao pdr": "LAO", "vnm": "VNM"}
HEADER = "name,email,slack_id,role,member\n"
SITI = "Siti Rahmadani,siti@example.org,U0SITI,focal_point,IDN\n"
BOUNMY = "Bounmy Keo,bounmy@example.org,U0BOUNMY,focal_point,LAO\n"


def refused(text: str | bytes) -> list[tuple[int, str]]:
    data = text if isinstance(text, bytes) else text.encode()
    return [(fault.line, fault.code) for fault in read(data, MEMBERS)[1]]


def test_a_row() -> None:
    rows, faults = read((HEADER + SITI).encode(), MEMBERS)
    assert not faults
    (row,) = rows
    assert (row.line, row.name, row.email, row.slack_id) == (2, "Siti Rahmadani", "siti@example.org", "U0SITI")
    assert (row.role, row.member) == (Role.FOCAL_POINT, "IDN")


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEADER + SITI,
        (HEADER + SITI).replace(",", ";"),
        (HEADER + SITI).replace(",", "\t"),
        (HEADER + SITI).replace("\n", "\r\n"),
        HEADER + "\n  ,,,,\n" + SITI,
        "Name , E-mail".replace("E-mail", "EMAIL") + ", Slack ID , Role, MEMBER ,,\n" + SITI,
        HEADER + "Siti\u00a0Rahmadani\u200b, siti@example.org,U0SITI,focal_point,IDN\n",
        HEADER + ' "Siti Rahmadani" , siti@Example.org ,u0siti , Focal point , Indonesia ,,\n',
    ],
)
def test_what_a_sheet_does_to_a_file_is_forgiven(text: str) -> None:
    rows, faults = read(text.encode(), MEMBERS)
    assert not faults
    assert [(row.name, row.email, row.slack_id, row.role, row.member) for row in rows] == [
        ("Siti Rahmadani", "siti@example.org", "U0SITI", Role.FOCAL_POINT, "IDN")
    ]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [(1, "empty")]),
        (" \n\n", [(1, "empty")]),
        (HEADER, [(1, "no_rows")]),
        ("name,email\n", [(1, "missing_column")]),
        ("name,email,role,shoe\n", [(1, "unknown_column")]),
        ("name,email,role,Name\n", [(1, "column_twice")]),
        ((HEADER + SITI + "José,p@example.org,,partner,\n").encode("latin-1"), [(3, "encoding")]),
        (b"PK\x03\x04\x00\x00", [(1, "damaged")]),
        (b"\xd0\xcf\x11\xe0 and so on", [(1, "old_office")]),
        (b"n\0a\0m\0e\0", [(1, "encoding")]),
        (HEADER + "x" * 2_000_001, [(1, "too_large")]),
        (HEADER + ",a@example.org,,partner,\n", [(2, "no_name")]),
        (HEADER + "A,,,partner,\n", [(2, "unreachable")]),
        (HEADER + "A,a@,,partner,\n", [(2, "email")]),
        (HEADER + "A,a@example,,partner,\n", [(2, "email")]),
        (HEADER + "A,a@example.org,siti,partner,\n", [(2, "slack_id")]),
        (HEADER + "A,a@example.org,,boss,\n", [(2, "role")]),
        (HEADER + "A,a@example.org,,,\n", [(2, "role")]),
        (HEADER + "A,a@example.org,,coordinator,\n", [(2, "member_missing")]),
        (HEADER + "A,a@example.org,,coordinator,Atlantis\n", [(2, "member")]),
        (HEADER + "A,a@example.org,,partner,IDN\n", [(2, "member_too_many")]),
        (HEADER + "A,a@example.org,,partner,,more\n", [(2, "too_many_cells")]),
        (HEADER + "=cmd(),a@example.org,,partner,\n", [(2, "formula")]),
        (HEADER + "@A,a@example.org,,partner,\n", [(2, "formula")]),
        (HEADER + "A\u0007,a@example.org,,partner,\n", [(2, "control")]),
        (HEADER + "A" * 400 + ",a@example.org,,partner,\n", [(2, "too_long")]),
        (HEADER + '"A,a@example.org,,partner,\n' + SITI, [(2, "quotes")]),
        (HEADER + SITI + SITI, [(3, "row_twice")]),
        (HEADER + SITI + "Other,siti@example.org,,partner,\n", [(3, "email_twice")]),
        (HEADER + SITI + "Other,other@example.org,U0SITI,partner,\n", [(3, "slack_id_twice")]),
        (HEADER + SITI + "Budi,budi@example.org,,focal_point,Indonesia\n", [(3, "two_focal_points")]),
        ("name,email,role,zone\nA,a@example.org,partner,Asia/Jakartaa\n", [(2, "zone")]),
        ("name,email,role,locale\nA,a@example.org,partner,xx_YY_zz\n", [(2, "locale")]),
        ("name,email,role,starts_on\nA,a@example.org,partner,3/4/2026\n", [(2, "date_two_ways")]),
        ("name,email,role,starts_on\nA,a@example.org,partner,2026-02-30\n", [(2, "date")]),
    ],
)
def test_what_is_refused(text: str | bytes, faults: list[tuple[int, str]]) -> None:
    assert refused(text) == faults


def test_every_bad_line_is_named_not_only_the_first() -> None:
    text = HEADER + "A,a@,,partner,\n" + SITI + "\nB,b@example.org,,boss,\n"
    assert refused(text) == [(2, "email"), (5, "role")]


def test_a_person_with_two_roles_has_two_rows() -> None:
    text = HEADER + SITI + "Siti Rahmadani,siti@example.org,U0SITI,coordinator,IDN\n"
    rows, faults = read(text.encode(), MEMBERS)
    assert (len(rows), faults) == (2, [])


@given(st.binary(max_size=300))
def test_whatever_the_bytes_are(data: bytes) -> None:
    rows, faults = read(data, MEMBERS)
    assert rows or faults


@given(st.lists(st.lists(st.text(max_size=20), max_size=7), max_size=5))
def test_whatever_the_cells_are(cells: list[list[str]]) -> None:
    text = HEADER + "\n".join(",".join(row) for row in cells)
    rows, faults = read(text.encode("utf-8", "surrogatepass"), MEMBERS)
    assert rows or faults
    assert all(row.email or row.slack_id for row in rows)


async def settle(database: Database, clock: SimulatedClock) -> None:
    async with database.writing() as session:
        await people.settle_members(session, load_members(FOLDER / "asean.toml"))
        await people.settle_secretariat(
            session,
            name="Aisyah Noor",
            email="aisyah@example.org",
            slack_id="U0AISYAH",
            zone="Asia/Jakarta",
            now=clock.now(),
        )


async def bring(database: Database, clock: SimulatedClock, text: str) -> Plan:
    now = clock.now()
    async with database.writing() as session:
        by = await people.first_secretariat(session, "aisyah@example.org", None, now, Via.COMMAND_LINE)
        plan = await people_import.plan(session, text.encode(), now)
        if not plan.faults:
            await people_import.carry_out(session, by, plan, now, Rules())
        return plan


def told(plan: Plan) -> list[tuple[str, str]]:
    return [(change.what, change.name) for change in plan.changes]


async def test_people_come_in_once(database: Database, clock: SimulatedClock) -> None:
    await settle(database, clock)
    first = await bring(database, clock, HEADER + SITI + BOUNMY)
    assert told(first) == [
        ("person", "Siti Rahmadani"),
        ("appointment", "Siti Rahmadani"),
        ("person", "Bounmy Keo"),
        ("appointment", "Bounmy Keo"),
    ]
    clock.advance(timedelta(days=30))
    again = await bring(database, clock, HEADER + SITI + BOUNMY)
    assert (again.changes, again.faults) == ((), ())
    async with database.reading() as session:
        hats = await queries.holders(session, [Role.FOCAL_POINT], clock.now().date())
        assert [(hat.name, hat.member, hat.zone) for hat in hats] == [
            ("Siti Rahmadani", "IDN", "Asia/Jakarta"),
            ("Bounmy Keo", "LAO", "Asia/Vientiane"),
        ]
        rows = list(await session.scalars(select(AuditRow)))
    assert len(rows) == 4
    assert {(row.via, row.role) for row in rows} == {(Via.COMMAND_LINE, Role.SECRETARIAT)}


async def test_a_line_that_is_refused_stops_all(sqlite_database: Database, clock: SimulatedClock) -> None:
    await settle(sqlite_database, clock)
    plan = await bring(sqlite_database, clock, HEADER + SITI + "Nobody,nobody@,,partner,\n")
    assert [(fault.line, fault.code) for fault in plan.faults] == [(3, "email")]
    async with sqlite_database.reading() as session:
        assert await people.count(session) == 1


async def test_an_address_changes_and_an_empty_cell_does_not(sqlite_database: Database, clock: SimulatedClock) -> None:
    await settle(sqlite_database, clock)
    await bring(sqlite_database, clock, HEADER + SITI)
    plan = await bring(
        sqlite_database, clock, HEADER + "Siti Rahmadani,siti.rahmadani@example.org,U0SITI,focal_point,IDN\n"
    )
    assert [(change.what, change.before, change.after) for change in plan.changes] == [
        ("email", "siti@example.org", "siti.rahmadani@example.org")
    ]
    plan = await bring(sqlite_database, clock, HEADER + "Siti Rahmadani,siti.rahmadani@example.org,,focal_point,IDN\n")
    assert plan.changes == ()
    async with sqlite_database.reading() as session:
        for named in ("siti rahmadani", "SITI.Rahmadani@example.org", "U0SITI"):
            person = await people.find(session, named)
            assert person.slack_id == "U0SITI"
        with pytest.raises(NotFound):
            await people.find(session, "Somebody Else")


async def test_a_slack_id_of_somebody_else(sqlite_database: Database, clock: SimulatedClock) -> None:
    await settle(sqlite_database, clock)
    plan = await bring(sqlite_database, clock, HEADER + "Per Larsen,per@example.org,U0AISYAH,partner,\n")
    assert [(fault.code, fault.facts["name"]) for fault in plan.faults] == [("slack_id_taken", "Aisyah Noor")]


async def test_a_new_focal_point_takes_over(sqlite_database: Database, clock: SimulatedClock) -> None:
    await settle(sqlite_database, clock)
    await bring(
        sqlite_database, clock, "name,email,role,member,starts_on\nA,siti@example.org,focal_point,IDN,2020-01-01"
    )
    text = "name,email,role,member,starts_on\nBudi Hartono,budi@example.org,focal_point,IDN,2026-12-01\n"
    plan = await bring(sqlite_database, clock, text)
    assert told(plan) == [("person", "Budi Hartono"), ("appointment", "Budi Hartono"), ("gives_way", "A")]
    assert (await bring(sqlite_database, clock, text)).changes == ()
    async with sqlite_database.reading() as session:
        for day, name in ((date(2026, 11, 30), "A"), (date(2026, 12, 1), "Budi Hartono")):
            (hat,) = await queries.holders(session, [Role.FOCAL_POINT], day, "IDN")
            assert hat.name == name


async def test_only_the_secretariat_may(sqlite_database: Database, clock: SimulatedClock) -> None:
    people_of = await cast.make(sqlite_database, clock.now())
    async with sqlite_database.writing() as session:
        plan = await people_import.plan(session, (HEADER + SITI).encode(), clock.now())
        with pytest.raises(NotAllowed):
            await people_import.carry_out(session, people_of.speaker("siti"), plan, clock.now(), Rules())


async def test_the_whole_cast_as_a_file(sqlite_database: Database, clock: SimulatedClock) -> None:
    await settle(sqlite_database, clock)
    lines = [f"{p.name},{p.email},{p.slack_id},{p.role},{p.member or ''}\n" for p in cast.PARTS]
    plan = await bring(sqlite_database, clock, HEADER + "".join(lines))
    assert plan.faults == ()
    async with sqlite_database.reading() as session:
        assert await people.count(session) == len(cast.PARTS)
        assert len(list(await session.scalars(select(Appointment)))) == len(cast.PARTS)
        assert len(list(await session.scalars(select(Person)))) == len(cast.PARTS)


def test_every_reason_has_its_words_and_no_words_are_left_over() -> None:
    files = [*(source.ROOT / "bot" / "people_import").glob("*.py"), source.ROOT / "bot" / "cli" / "people.py"]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args]
    refused = {
        call.args[0].value for call in calls if call.func.id == "Refused" and isinstance(call.args[0], ast.Constant)
    }  # type: ignore[attr-defined]
    labels = tomllib.loads((TEMPLATES / "labels.toml").read_text(encoding="utf-8"))
    assert {code for code in refused if f"import_{code}" not in labels} == set()
    others = ("import_change_", "import_column_", "import_kept_", "import_observations")
    own = {key for key in labels if key.startswith("import_") and not key.startswith(others)}
    assert {key for key in own if not {key, key.removeprefix("import_")} & texts} == set()
