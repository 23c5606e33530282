"""A browser a session, a context a test, and whatever troubles a page fails its test."""

from __future__ import annotations

import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from tests.browser import place as places
from tests.browser.chromium import chromium, program
from tests.browser.desk import DESKTOP, Desk, Screen
from tests.browser.place import Place
from tests.browser.watch import Watch
from tests.conftest import MONDAY_MORNING, absent

# Real milliseconds that a person on this page waits for something: a busy machine is slow, and waiting costs nothing.
PATIENCE = 20_000

FAILED = pytest.StashKey[bool]()

Sits = Callable[..., Awaitable[Desk]]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a story failed, so that its pages are photographed before they close."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium."""
    path = program()
    if path is None:
        absent("There is no Chromium here: the stories on the page are left out")
    expect.set_options(timeout=PATIENCE)
    async with chromium(path) as browser:
        yield browser


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


@pytest.fixture
async def demo(filled: Path, tmp_path: Path) -> AsyncIterator[Place]:
    """The filled demo, a copy for this test."""
    place = places.demo(places.copied(filled, tmp_path / "demo"))
    await place.starts()
    yield place
    await place.stops()


@pytest.fixture
async def sits(browser: Browser, watch: Watch, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Sits]:
    """Lets somebody sit down at a page of their own: `siti = await sits(place, "Siti Rahmadani")`.

    `screen` is what they look at, PHONE for one; `csp=False` lets the test itself put a script into the page. When the
    test fails, it prints where a picture of each page is.
    """
    contexts: list[BrowserContext] = []

    async def sit(place: Place, name: str, screen: Screen = DESKTOP, *, csp: bool = True) -> Desk:
        context = await browser.new_context(**screen.options, bypass_csp=not csp)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        watch.follows(context)
        return Desk(await context.new_page(), place, name, screen)

    yield sit
    for number, context in enumerate(contexts, 1):
        if request.node.stash.get(FAILED, False):
            picture = tmp_path / f"page-{number}.png"
            await context.pages[0].screenshot(path=picture)
            sys.stdout.write(f"page {number} at the end: {picture}\n")
        await context.close()
