"""Files of people at random, one after the other, on one register: whatever is taken holds the rules of the house."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from pathlib import Path
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import people, people_import, workdays
from bot.clock import SimulatedClock
from bot.exports import people as export
from bot.people import appointments
from bot.people.appointments import last_day
from bot.people_import import Plan
from bot.reminders import Rules
from db.engine import Database
from db.queries import appointments as queries
from db.queries.appointments import Held
from db.vocabulary import Role, Via
from tests import cast

# The clock stands on 2 November 2026.
DAYS = [
    "",
    "",
    "2015-01-01",
    "2024-05-31",
    "2024-06-01",
    "2026-11-01",
    "2026-11-02",
    "2026-11-30",
    "2026-12-01",
    "2027-01-15",
]
PEOPLE = ["A,a@example.org,", "B,b@example.org,U0BBB", "C,,U0CCC", "B,,U0BBB", "A,a@example.org,U0AAA"]
ROLES = ["focal_point,IDN", "focal_point,IDN", "focal_point,LAO", "alternate,IDN", "contributor,IDN", "partner,"]
AGENCIES = [",,", ",,", "Health,ministry,health", "Hub,hub,other"]
ROW = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(ROLES), st.sampled_from(DAYS), st.sampled_from(DAYS))
LINE = st.tuples(ROW, st.sampled_from(AGENCIES), st.sampled_from(["", "N/1", "N/2"])).map(
    lambda given: ",".join([*given[0], given[1], given[2]])
)
HEADER = "name,email,slack_id,role,member,starts_on,ends_on,agency,agency_kind,sector,reference"


async def bring(database: Database, clock: SimulatedClock, data: bytes) -> Plan:
    async with database.writing() as session:
        plan = await people_import.plan(session, data, clock.now())
        by = await people.first_secretariat(session, "aisyah@example.org", None, clock.now(), Via.COMMAND_LINE)
        if not plan.faults:
            await people_import.carry_out(session, by, plan, clock.now(), Rules())
        return plan


def follow_the_rules(rows: list[Held], today: date) -> None:
    """One focal point a day, nobody twice in one role, no hole from today on."""
    for one, other in combinations(rows, 2):
        meet = one.starts_on <= last_day(other) and other.starts_on <= last_day(one)
        if meet and (one.role, one.member) == (other.role, other.member):
            assert one.role is not Role.FOCAL_POINT
            assert (one.person_id, one.agency_id) != (other.person_id, other.agency_id)
    for member in ("IDN", "LAO"):
        focal = [row for row in rows if (row.role, row.member) == (Role.FOCAL_POINT, member)]
        appointments.check_chain(focal, today)
    # What begins later is carried out on its day; what was put forward to today or before, by the next tick.
    assert all(row.pending or row.starts_on <= today for row in rows)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(st.lists(LINE, min_size=1, max_size=5), min_size=1, max_size=4))
async def test_whatever_is_taken_holds_the_rules_and_is_taken_once(
    files: list[list[str]], sqlite_template: Path, tmp_path: Path, clock: SimulatedClock
) -> None:
    place = tmp_path / f"{uuid4().hex}.db"
    place.write_bytes(sqlite_template.read_bytes())
    database, today = Database(f"sqlite+aiosqlite:///{place}"), workdays.register_day(clock.now())
    try:
        await cast.make(database, clock.now(), parts=tuple(each for each in cast.PARTS if each.short == "aisyah"))
        for lines in files:
            data = "\n".join([HEADER, *lines]).encode()
            plan = await bring(database, clock, data)
            async with database.reading() as session:
                rows = await queries.every(session)
                by = await people.first_secretariat(session, "aisyah@example.org", None, clock.now(), Via.COMMAND_LINE)
                written = export.to_bytes(await export.register(session, by), "csv")
            follow_the_rules(rows, today)
            for again in (written, data) if not plan.faults else (written,):
                found = await bring(database, clock, again)
                assert (found.faults, found.changes) == ((), ())
    finally:
        await database.close()
