"""A network for each story: the bot on SQLite, or on both databases where the story asks for it.

Every story is told twice: Slack reaches the bot over a socket, and over HTTP. One that is about one way says so:
`@pytest.mark.only_over("socket", "why the other way has no such story")`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from _pytest.python import Metafunc

from bot.clock import SimulatedClock
from db.engine import Database
from handlers.listening import Listening
from tests.browsing import PUBLIC_ADDRESS
from tests.stage import Network, Way, stage

WAYS: tuple[Way, ...] = ("socket", "http")


def pytest_generate_tests(metafunc: Metafunc) -> None:
    """Tell each story once each way."""
    if "way" in metafunc.fixturenames:
        metafunc.parametrize("way", ways(metafunc.definition.get_closest_marker("only_over")))


def ways(mark: pytest.Mark | None) -> tuple[Way, ...]:
    """The ways that a story goes: both, but for one that names its way and the reason."""
    if mark is None:
        return WAYS
    way, reason = mark.args
    assert way in WAYS and reason.strip(), "a story that goes one way says which and why"
    return (way,)


def address(database: Database) -> str:
    """The address of a database, with its password."""
    return database.url.render_as_string(hide_password=False)


@pytest.fixture
async def network(sqlite_database: Database, clock: SimulatedClock, way: Way) -> AsyncIterator[Network]:
    """The whole bot on SQLite."""
    async with stage(address(sqlite_database), clock, way=way) as network:
        yield network


@pytest.fixture
async def everywhere(database: Database, clock: SimulatedClock, way: Way) -> AsyncIterator[Network]:
    """The whole bot, once on each database."""
    async with stage(address(database), clock, way=way) as network:
        yield network


@pytest.fixture
async def reachable(sqlite_database: Database, clock: SimulatedClock, way: Way) -> AsyncIterator[Network]:
    """The whole bot on SQLite, with a public address: its mails carry links to its pages."""
    pages = {"public_address": PUBLIC_ADDRESS}
    async with stage(address(sqlite_database), clock, way=way, pages=pages) as network:
        yield network


@pytest.fixture
async def asked(network: Network) -> Network:
    """Siti is asked for poverty at the national line."""
    await network.opens()
    await network["siti"].clicks("Start")
    await network["siti"].says("edit poverty_national_line")
    return network


async def notices(network: Network) -> Listening:
    """The bot's socket was cut: gives its ear, once slack-sdk knows that nothing comes through."""
    listening = network.app._listening
    assert listening is not None
    async with asyncio.timeout(5):
        while await listening.is_connected():  # noqa: ASYNC110 - slack-sdk tells nobody
            await asyncio.sleep(0.01)
    return listening


async def reconnected(network: Network) -> None:
    """The bot's socket was cut: its watch finds it dead and opens another."""
    await (await notices(network)).watch()
    await network.sandbox.connected()
    await network.settled(quiet=0.05)
