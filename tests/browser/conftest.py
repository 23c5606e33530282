"""A browser a session, a context a test, and whatever troubles a page fails its test."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.browser import place as places
from tests.browser.desk import DESKTOP, Desk, Screen
from tests.browser.place import Place
from tests.browser.watch import Watch
from tests.conftest import MONDAY_MORNING, absent

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Real milliseconds that a person on this page waits for something: a busy machine is slow, and waiting costs nothing.
PATIENCE = 8_000

Sits = Callable[..., Awaitable[Desk]]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        absent("There is no Chromium here: the stories on the page are left out")
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def watch() -> AsyncIterator[Watch]:
    """Sees what goes wrong on any page of the test, and fails it at the end."""
    watch = Watch()
    yield watch
    watch.closes()


@pytest.fixture
async def place(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Place]:
    """The cast of the tests; nothing has happened yet."""
    file = shutil.copy(sqlite_template, tmp_path / "spnet.db")
    place = places.network(f"sqlite+aiosqlite:///{file}", tmp_path, MONDAY_MORNING)
    await place.starts()
    yield place
    await place.stops()


@pytest.fixture(scope="session")
async def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, filled once a session."""
    return await places.filled(tmp_path_factory.mktemp("filled") / "demo")


@pytest.fixture
async def demo(filled: Path, tmp_path: Path) -> AsyncIterator[Place]:
    """The filled demo, a copy for this test."""
    place = places.demo(places.copied(filled, tmp_path / "demo"))
    await place.starts()
    yield place
    await place.stops()


@pytest.fixture
async def sits(browser: Browser, watch: Watch) -> AsyncIterator[Sits]:
    """Lets somebody sit down at a page of their own: `siti = await sits(place, "Siti Rahmadani")`.

    `screen` is what they look at, PHONE for one; `csp=False` lets the test itself put a script into the page.
    """
    contexts = []

    async def sit(place: Place, name: str, screen: Screen = DESKTOP, *, csp: bool = True) -> Desk:
        context = await browser.new_context(**screen.options, bypass_csp=not csp)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        watch.follows(context)
        return Desk(await context.new_page(), place, name, screen)

    yield sit
    for context in contexts:
        await context.close()
