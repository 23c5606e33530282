"""What goes out comes back: a register of wild names into a file and in again, where nothing is left to change."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Literal
from uuid import uuid4

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot import people, people_import
from bot.clock import SimulatedClock
from bot.errors import NotAllowed
from bot.exports import people as export
from bot.exports.cells import clean, guarded, is_printable, unguarded
from bot.people_import import Plan
from bot.reminders import Rules
from db.engine import Database
from db.models import Agency, Appointment, Person
from db.vocabulary import AgencyKind, Mandate, Role, Sector, Via
from tests import cast

WILD = (
    st.text(min_size=1, max_size=30)
    | st.text(alphabet="=+-@'\";, \t\n\r|%＝＠\u200f\u202e\u200d\u00a0", min_size=1, max_size=12)
    | st.sampled_from(['=HYPERLINK("x")', "+62 21", "@SUM(1)", "-", "'=1", "a;=cmd()", '"=1"', "A\nB"])
    | st.sampled_from(["عائشة نور", "ស៊ីធី\u200bរ៉ា", "\u202eevil", "Nguyễn Thị Hạnh", "?"])
)
SHARP = re.compile(r"(?:^|[;,\t])[\s\"]*[=+\-@＝＋－＠]")


@given(st.text(max_size=30) | WILD)
@example("'''=x;''=y")
def test_a_cell_is_never_a_formula_and_comes_back_as_it_was(text: str) -> None:
    assert SHARP.search(guarded(text)) is None
    assert unguarded(guarded(text)) == text
    assert clean(clean(text)) == clean(text)
    assert is_printable(clean(text))


async def secretariat(database: Database, clock: SimulatedClock) -> None:
    await cast.make(database, clock.now(), parts=tuple(part for part in cast.PARTS if part.role is Role.SECRETARIAT))


async def written(database: Database, clock: SimulatedClock, form: Literal["csv", "xlsx"]) -> bytes:
    async with database.reading() as session:
        by = await people.first_secretariat(session, "aisyah@example.org", None, clock.now(), Via.COMMAND_LINE)
        return export.to_bytes(await export.register(session, by), form)


async def bring(database: Database, clock: SimulatedClock, data: bytes) -> Plan:
    async with database.writing() as session:
        plan = await people_import.plan(session, data, clock.now(), lock=True)
        by = await people.first_secretariat(session, "aisyah@example.org", None, clock.now(), Via.COMMAND_LINE)
        if not plan.faults:
            await people_import.carry_out(session, by, plan, clock.now(), Rules())
        return plan


async def fill(database: Database, today: date, names: list[str]) -> None:
    """A register with a history: each name is a focal point for a year, then alternate, and has an agency."""
    homes = ["IDN", None, "LAO"]
    async with database.writing() as session:
        for number, name in enumerate(names):
            home, first = homes[number % 3], date(2015 + number, 1, 1)
            kind = AgencyKind.HUB if home is None else AgencyKind.MINISTRY
            agency = Agency(name=f"{name} {number}", member_code=home, kind=kind, sector=Sector.HEALTH)
            agency.sits = number == 0
            email = f"={number}+x@example.org" if number % 2 else None
            person = Person(name=name, email=email, slack_id=f"U0{number:03}")
            session.add_all([agency, person])
            await session.flush()
            last, later = first.replace(month=12, day=31), today + timedelta(days=number)
            roles = [
                Appointment(role=Role.FOCAL_POINT, member_code="IDN", starts_on=first, ends_on=last),
                Appointment(role=Role.ALTERNATE, member_code="IDN", starts_on=first + timedelta(days=400)),
                Appointment(role=Role.PARTNER, agency_id=agency.id, starts_on=first),
                # It was never held, so it is not in the file.
                Appointment(role=Role.PARTNER, starts_on=first, ends_on=first - timedelta(days=1)),
                Appointment(role=Role.COORDINATOR, member_code="VNM", starts_on=later, pending=True),
            ]
            roles[0].reference, roles[0].mandate = name[:200], Mandate.MINISTER
            roles[4].agency_id = agency.id if home is None else None
            for role in roles:
                role.person_id = person.id
            session.add_all(roles)
            session.add(Agency(name=f"Idle {number}", member_code=home, kind=kind, sector=Sector.OTHER, sits=False))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(WILD.filter(lambda name: "\0" not in name), min_size=1, max_size=5),
    form=st.sampled_from(["csv", "xlsx"]),
)
async def test_what_is_written_changes_nothing_and_fills_an_empty_register(
    names: list[str], form: Literal["csv", "xlsx"], sqlite_template: Path, tmp_path: Path, clock: SimulatedClock
) -> None:
    databases: list[Database] = []
    for _ in range(2):
        place = tmp_path / f"{uuid4().hex}.db"
        place.write_bytes(sqlite_template.read_bytes())
        databases.append(Database(f"sqlite+aiosqlite:///{place}"))
    full, empty = databases
    try:
        for database in databases:
            await secretariat(database, clock)
        await fill(full, clock.now().date(), names)
        data = await written(full, clock, form)
        plan = await bring(full, clock, data)
        assert (plan.faults, plan.changes, plan.kept) == ((), (), ())
        plan = await bring(empty, clock, data)
        assert plan.faults == ()
        assert sorted(await rows_of(empty, clock)) == sorted(await rows_of(full, clock))
        again = await bring(empty, clock, data)
        assert (again.faults, again.changes) == ((), ())
    finally:
        for database in databases:
            await database.close()


async def rows_of(database: Database, clock: SimulatedClock) -> list[list[str]]:
    data = await written(database, clock, "csv")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


async def test_what_the_files_look_like(database: Database, clock: SimulatedClock) -> None:
    everybody = await cast.make(database, clock.now())
    async with database.writing() as session:
        rina = await session.get_one(Person, everybody["rina"].person_id)
        rina.name = '=cmd|"/c calc"!A1'
        kind, sector = AgencyKind.MINISTRY, Sector.LABOUR
        session.add(Agency(name="Ministry; =1+1", member_code="IDN", kind=kind, sector=sector, sits=True))
    lines = (await written(database, clock, "csv")).decode("utf-8-sig").splitlines()
    assert lines[0] == ",".join(export.COLUMNS)
    assert "Siti Rahmadani,siti@example.org,U0SITI,focal_point,IDN,2015-01-01,,,,,,,,," in lines
    assert '"\'=cmd|""/c calc""!A1",rina@example.org,U0RINA,contributor,IDN,2015-01-01,,,,,,,,,' in lines
    assert lines[-1] == ",,,,IDN,,,,,Ministry; '=1+1,ministry,labour,yes,,"
    assert len(lines) == 1 + len(cast.PARTS) + 1
    book = openpyxl.load_workbook(io.BytesIO(await written(database, clock, "xlsx")))
    sheet = book["people"]
    assert sheet.freeze_panes == "A2"
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row}
    assert cells['\'=cmd|"/c calc"!A1'].data_type == "s"
    assert [cell.is_date for cell in sheet["F"][1:3]] == [True, True]
    assert {cell.data_type for cell in cells.values()} <= {"s", "n", "d"}
    async with database.reading() as session:
        with pytest.raises(NotAllowed):
            await export.register(session, everybody.speaker("siti"))
