"""How new the tables are, and how they are brought to the newest form.

Alembic and the migrations are loaded only where there is something to migrate: every start asks, hardly any has to.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


@cache
def newest() -> str | None:
    """The number of the newest migration: its file's name begins with it. A test holds it against Alembic's head."""
    numbers = [path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")]
    return max(numbers, default=None)


def present(connection: Connection) -> str | None:
    """The number of the migration that these tables have come to; None where there are none of ours."""
    if "alembic_version" not in inspect(connection).get_table_names():
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


def upgrade(connection: Connection) -> None:
    """Bring the tables to the newest form, in the caller's transaction."""
    if present(connection) == newest():
        return
    from alembic import command

    command.upgrade(config(connection), "head")


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings, with the connection handed in: its own would open a second loop."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
