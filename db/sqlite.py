"""SQLite's driver without needless trips to its thread.

A statement makes one trip in place of four (cursor, execute, fetch, close). Inside a writing transaction it makes none:
whoever holds the lock waits for nobody, and a small statement costs less than the trip. What may wait makes the trip:
the commit, which waits for the disk, and taking the lock, where it is not free at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

import aiosqlite

TAKES_THE_LOCK = "BEGIN IMMEDIATE"


class Cursor:
    """Runs a statement, fetches all its rows and lets go, in one trip. SQLAlchemy asks for no more."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self._given = 0
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Cursor:
        return self

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> Cursor:
        """Run one statement; its rows wait in `fetchall`."""
        if operation == TAKES_THE_LOCK:
            await self._connection.take_lock()
        else:
            await self._connection.work(self._run, operation, parameters, False)
        return self

    async def executemany(self, operation: str, parameters: Iterable[Sequence[Any]]) -> Cursor:
        """Run one statement for each set of parameters."""
        await self._connection.work(self._run, operation, list(parameters), True)
        return self

    def _run(self, operation: str, parameters: Any, many: bool) -> None:
        cursor = self._connection.driver.cursor()
        try:
            (cursor.executemany if many else cursor.execute)(operation, parameters)
            self.description = cursor.description
            self._rows, self._given = cursor.fetchall() if cursor.description else [], 0
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()

    async def fetchall(self) -> list[Any]:
        """The rows, once."""
        rows, self._rows = self._rows[self._given :] if self._given else self._rows, []
        return rows

    async def fetchmany(self, size: int) -> list[Any]:
        """The next rows of them, so many at most."""
        part = self._rows[self._given : self._given + size]
        self._given += len(part)
        return part

    async def close(self) -> None:
        """Nothing is open any more."""


class Connection(aiosqlite.Connection):
    """A connection whose cursors make no needless trips.

    Attributes:
        holds_lock: it is in a transaction that writes.
    """

    holds_lock = False

    def cursor(self) -> Any:
        """A cursor of this kind."""
        return Cursor(self)

    @property
    def driver(self) -> sqlite3.Connection:
        """The connection of the standard library. One thing at a time is done with it."""
        return self._conn

    async def take_lock(self) -> None:
        """Begin to write: at once where nobody else does, else in the thread, for as long as the timeout allows."""
        waits = self.driver.execute("PRAGMA busy_timeout").fetchone()[0]
        self.driver.execute("PRAGMA busy_timeout = 0")
        try:
            self.driver.execute(TAKES_THE_LOCK)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            self.driver.execute(f"PRAGMA busy_timeout = {waits}")
            await self.work(self.driver.execute, TAKES_THE_LOCK)
        finally:
            self.driver.execute(f"PRAGMA busy_timeout = {waits}")
        self.holds_lock = True

    async def commit(self) -> None:
        """Commit, and let go of the lock."""
        await super().commit()
        self.holds_lock = False

    async def rollback(self) -> None:
        """Roll back, and let go of the lock."""
        self.holds_lock = False
        await super().rollback()

    async def work(self, work: Callable[..., object], *arguments: Any) -> None:
        """Do something here and now, or in the connection's thread if it may have to wait."""
        if self.holds_lock:
            work(*arguments)
            return
        run = cast("Any", self._execute)  # pyright: ignore[reportUnknownMemberType]
        await run(work, *arguments)


def connect(database: str, **options: Any) -> Connection:
    """What SQLAlchemy calls for a new connection.

    Args:
        database: the file.
        options: as for `sqlite3.connect`.
    """
    # Two threads use it, never at the same time.
    options["check_same_thread"] = False

    def connector() -> sqlite3.Connection:
        return sqlite3.connect(database, **options)

    connection = Connection(connector, iter_chunk_size=64)
    # A connection that was in use when everything was let go must not hold the process back from its end; SQLAlchemy
    # does the same with the connections that it makes itself.
    connection._thread.daemon = True  # pyright: ignore[reportPrivateUsage]
    return connection
