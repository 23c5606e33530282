"""SQLite's driver with one trip to its thread a statement, in place of four (cursor, execute, fetch, close)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, cast

import aiosqlite


class Cursor:
    """Runs a statement, fetches all its rows and lets go, in one trip. SQLAlchemy asks for no more."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Cursor:
        return self

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> Cursor:
        """Run one statement; its rows wait in `fetchall`."""
        await self._connection.in_thread(self._run, operation, parameters, False)
        return self

    async def executemany(self, operation: str, parameters: Iterable[Sequence[Any]]) -> Cursor:
        """Run one statement for each set of parameters."""
        await self._connection.in_thread(self._run, operation, list(parameters), True)
        return self

    def _run(self, operation: str, parameters: Any, many: bool) -> None:
        cursor = self._connection.driver.cursor()
        try:
            (cursor.executemany if many else cursor.execute)(operation, parameters)
            self.description = cursor.description
            self._rows = cursor.fetchall() if cursor.description else []
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()

    async def fetchall(self) -> list[Any]:
        """The rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is open any more."""


class Connection(aiosqlite.Connection):
    """A connection whose cursors make one trip."""

    def cursor(self) -> Any:
        """A cursor of this kind."""
        return Cursor(self)

    @property
    def driver(self) -> sqlite3.Connection:
        """The connection of the standard library, to be used in its thread only."""
        return self._conn

    async def in_thread(self, work: Any, *arguments: Any) -> Any:
        """Do something in the connection's thread."""
        run = cast("Any", self._execute)  # pyright: ignore[reportUnknownMemberType]
        return await run(work, *arguments)


def connect(database: str, **options: Any) -> Connection:
    """What SQLAlchemy calls for a new connection.

    Args:
        database: the file.
        options: as for `sqlite3.connect`.
    """

    def connector() -> sqlite3.Connection:
        return sqlite3.connect(database, **options)

    return Connection(connector, iter_chunk_size=64)
