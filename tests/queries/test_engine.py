"""Both databases keep what they are given."""

from __future__ import annotations

import threading

from db.engine import Database
from db.models import Member
from db.queries import people


async def test_a_member_that_was_stored_is_found_again(database: Database) -> None:
    async with database.writing() as session:
        session.add(
            Member(code="IDN", alpha2="ID", name="Indonesia", zone="Asia/Jakarta", calendar="ID", locale="id_ID")
        )
    async with database.reading() as session:
        assert [member.name for member in await people.members(session)] == ["Indonesia"]


async def test_each_test_begins_with_an_empty_database(database: Database) -> None:
    async with database.reading() as session:
        assert await people.members(session) == []


async def test_a_connection_still_in_use_does_not_hold_the_process_back_from_its_end(sqlite_database: Database) -> None:
    async with sqlite_database.reading() as session:
        await people.person_by_email(session, "siti@example.org")
        held = [thread for thread in threading.enumerate() if thread.name.endswith("(_connection_worker_thread)")]
        assert held
        assert all(thread.daemon for thread in held)
