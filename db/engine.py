"""Engines, sessions, and the two kinds of transaction.

Reading takes no lock. Writing takes it at once (BEGIN IMMEDIATE) and, within this process, one after another: forty
tasks that read and then write under a plain BEGIN mostly end as "database is locked".
"""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Executable, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession as Session
from sqlalchemy.ext.asyncio import create_async_engine

from db import schema, sqlite

__all__ = ["Conflict", "Database", "DatabaseError", "Schema", "Session", "in_parts", "uncollected"]

# Long enough for another process's write, short enough for a person who waits for an answer.
BUSY_SECONDS = 5
# So many rows are taken up at once where there may be a hundred thousand.
PART = 1000
PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "synchronous=FULL",
    f"busy_timeout={BUSY_SECONDS * 1000}",
    "temp_store=MEMORY",
)


class DatabaseError(Exception):
    """The database could not do it.

    Args:
        code: `locked`, `read_only`, `unreachable`, `no_tables` or `other`.
        detail: the driver's own words, without values.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class Conflict(DatabaseError):
    """A row like this is already there, or what it points to is not."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("conflict", detail)


async def in_parts(session: Session, statement: Executable) -> list[Any]:
    """All rows of one statement that may have very many; between two parts of them others have their turn."""
    rows: list[Any] = []
    with uncollected():
        found = await session.stream(statement, execution_options={"yield_per": PART})
        async for part in found.partitions():
            rows += part
            await asyncio.sleep(0)
    return rows


@contextmanager
def uncollected() -> Generator[None]:
    """While a hundred thousand plain rows are taken up, nobody looks through them for circles: there are none, and each
    look stops the whole process for a quarter of a second."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def translated(error: SQLAlchemyError | OSError) -> DatabaseError:
    """What the driver said, as an error of this house."""
    words = str(getattr(error, "orig", None) or error).lower()
    if isinstance(error, IntegrityError):
        return Conflict(words.split("\n")[0])
    for mark, code in (
        ("locked", "locked"),
        ("readonly", "read_only"),
        ("read-only", "read_only"),
        ("unable to open", "unreachable"),
        ("connect", "unreachable"),
        ("no such table", "no_tables"),
        ("does not exist", "no_tables"),
    ):
        if mark in words:
            return DatabaseError(code, words.split("\n")[0])
    return DatabaseError("other", words.split("\n")[0])


class Schema(NamedTuple):
    """How new the tables are: the revision that the database has (None: none yet), and the newest there is."""

    found: str | None
    newest: str | None


class Database:
    """One database, SQLite or PostgreSQL.

    Args:
        url: an SQLAlchemy address with an async driver, such as `sqlite+aiosqlite:///spnet.db`.
        durable: whether what was committed survives a power cut. One that is thrown away afterwards need not, and is
            many times faster without.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        connect_args: dict[str, Any] = {"timeout": 10}
        if self.is_sqlite:
            connect_args = {"timeout": BUSY_SECONDS, "async_creator_fn": sqlite.connect}
        if not durable and not self.is_sqlite:
            connect_args["server_settings"] = {"synchronous_commit": "off"}
        self._engine = create_async_engine(self.url, connect_args=connect_args, pool_pre_ping=not self.is_sqlite)
        if self.is_sqlite:
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
            if not durable:
                event.listen(self._engine.sync_engine, "connect", _hurry_sqlite)
            event.listen(self._engine.sync_engine, "begin", _begin_sqlite)
        self._writer = self._engine.execution_options(spnet_writing=True)
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Session]:
        """A session that only reads. Nothing is kept.

        Raises:
            DatabaseError: the database could not do it.
        """
        try:
            async with Session(self._engine, expire_on_commit=False) as session:
                yield session
        except (SQLAlchemyError, OSError) as error:
            raise translated(error) from error

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[Session]:
        """A session that writes, and commits when its block ends well. Never open one inside another.

        Raises:
            DatabaseError: the database could not do it; nothing of the block is kept.
        """
        async with self._lock:
            try:
                async with Session(self._writer, expire_on_commit=False) as session:
                    yield session
                    await session.commit()
            except (SQLAlchemyError, OSError) as error:
                raise translated(error) from error

    async def migrate(self) -> None:
        """Bring the tables to the newest form, from empty or from any earlier one.

        Raises:
            DatabaseError: the database could not do it.
        """
        self._look_at_file()
        try:
            async with self._writer.connect() as connection:
                await connection.run_sync(schema.upgrade)
                await connection.commit()
        except (SQLAlchemyError, OSError) as error:
            raise translated(error) from error

    async def tables(self) -> list[str]:
        """The names of the tables that are there; a new database has none.

        Raises:
            DatabaseError: the database could not be asked.
        """
        try:
            async with self._engine.connect() as connection:
                return await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        except (SQLAlchemyError, OSError) as error:
            raise translated(error) from error

    async def check(self) -> Schema:
        """Whether it can be reached and written, and how new its tables are. Nothing is changed.

        Raises:
            DatabaseError: it cannot be reached or not be written.
        """
        self._look_at_file()
        if self.is_new_file:
            return Schema(None, schema.newest())
        try:
            # On SQLite the transaction takes the lock for writing; PostgreSQL is asked.
            async with self._writer.connect() as connection:
                if not self.is_sqlite and await connection.scalar(text("SHOW transaction_read_only")) == "on":
                    raise DatabaseError("read_only")
                found = await connection.run_sync(schema.present)
                await connection.rollback()
        except (SQLAlchemyError, OSError) as error:
            raise translated(error) from error
        return Schema(found, schema.newest())

    @property
    def _file(self) -> Path | None:
        name = self.url.database
        return Path(name) if self.is_sqlite and name and not name.startswith((":memory:", "file:")) else None

    @property
    def is_new_file(self) -> bool:
        """Whether it is an SQLite file that is not there yet: to look into it would make it."""
        return self._file is not None and not self._file.exists()

    def _look_at_file(self) -> None:
        """SQLite says only "unable to open" of most of this."""
        file = self._file
        if file is None:
            return
        if not file.parent.is_dir():
            raise DatabaseError("unreachable", f"there is no folder {file.parent}")
        # Beside the file SQLite keeps two more, so the folder must be writable too.
        if not os.access(file.parent, os.W_OK) or (file.exists() and not os.access(file, os.W_OK)):
            raise DatabaseError("read_only", str(file))

    async def close(self) -> None:
        """Let all connections go."""
        await self._engine.dispose()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own idea of when a transaction begins is switched off; _begin_sqlite says when.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _hurry_sqlite(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF").close()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("spnet_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
