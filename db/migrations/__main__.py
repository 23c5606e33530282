"""python -m db.migrations "people have a telephone": writes the next migration.

An empty database is brought to the newest form; what the models have besides becomes the migration. Read it, and mend
it by hand where data must move.
"""

from __future__ import annotations

import sys

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from db import schema


def main(title: str) -> None:
    """Write db/migrations/versions/<number>_<title>.py."""
    with create_engine("sqlite://").connect() as connection:
        config = schema.config(connection)
        command.upgrade(config, "head")
        number = sum(1 for _ in ScriptDirectory.from_config(config).walk_revisions()) + 1
        command.revision(config, title, autogenerate=True, rev_id=f"{number:04}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('Say what changes: python -m db.migrations "people have a telephone"')
    main(sys.argv[1])
