"""A network for each story: the bot on SQLite, or on both databases where the story asks for it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.clock import SimulatedClock
from db.engine import Database
from tests.stage import Network, stage


def address(database: Database) -> str:
    """The address of a database, with its password."""
    return database.url.render_as_string(hide_password=False)


@pytest.fixture
async def network(sqlite_database: Database, clock: SimulatedClock) -> AsyncIterator[Network]:
    """The whole bot on SQLite."""
    async with stage(address(sqlite_database), clock) as network:
        yield network


@pytest.fixture
async def everywhere(database: Database, clock: SimulatedClock) -> AsyncIterator[Network]:
    """The whole bot, once on each database."""
    async with stage(address(database), clock) as network:
        yield network


@pytest.fixture
async def asked(network: Network) -> Network:
    """Siti is asked for poverty at the national line."""
    await network.opens()
    await network["siti"].clicks("Start")
    await network["siti"].says("edit poverty_national_line")
    return network
