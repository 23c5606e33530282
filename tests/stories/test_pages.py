"""What a browser or a mail program meets: health, and the page where the digest is stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from sqlalchemy import select

from bot import links, people
from db.models import AuditRow
from db.vocabulary import Via
from tests.stage import Network

pytestmark = pytest.mark.only_over("socket", "a browser comes to these pages, not Slack")
SECRET = "for-the-tests-only-0123456789-abcdefghij"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class Browser:
    """Somebody's browser at the bot's pages."""

    def __init__(self, network: Network, session: aiohttp.ClientSession) -> None:
        self.network = network
        self.session = session

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.network.app.pages.port}"

    def link(self, short: str, *, purpose: str = links.STOP_DIGEST, days: int = 30, secret: str = SECRET) -> str:
        """The address in a mail to somebody."""
        person = self.network.people[short].person_id
        token = links.sign(secret, purpose, str(person), self.network.clock.now() + timedelta(days=days))
        return f"{self.root}/unsubscribe/{token}"

    async def gets(self, url: str) -> tuple[int, str]:
        async with self.session.get(url) as answer:
            return answer.status, await answer.text()

    async def posts(self, url: str, data: object = None) -> tuple[int, str]:
        async with self.session.post(url, data=data) as answer:
            return answer.status, await answer.text()

    async def has_stopped(self, short: str) -> bool:
        async with self.network.database.reading() as session:
            return await people.has_stopped_digests(session, self.network.people[short].person_id)


@pytest.fixture
async def browser(network: Network) -> AsyncIterator[Browser]:
    await network.app.pages.start()
    async with aiohttp.ClientSession() as session:
        yield Browser(network, session)


async def test_a_look_changes_nothing_and_a_click_stops(browser: Browser) -> None:
    link = browser.link("dewi")
    for _ in range(2):
        status, text = await browser.gets(link)
        assert status == 200
        assert "Stop the digest?" in text
    async with browser.session.head(link) as answer:
        assert answer.status == 200
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not await browser.has_stopped("dewi")
    status, text = await browser.posts(link, {"choice": "stop"})
    assert status == 200
    assert "no longer comes to you" in text
    assert await browser.has_stopped("dewi")
    assert "no longer comes to you" in (await browser.gets(link))[1]
    assert not await browser.has_stopped("thong")


async def test_a_form_that_no_browser_sends_is_refused_without_a_fault(browser: Browser) -> None:
    """Whoever scans the pages sends anything; no page ends in an error that nobody foresaw."""
    link, multipart = browser.link("dewi"), "multipart/form-data; boundary=x"
    for kind, data in (
        ("application/x-www-form-urlencoded; charset=nonsense", b"choice=stop"),
        ("application/x-www-form-urlencoded", b"choice=%ff&a=\xff"),
        ("multipart/form-data", b"choice=stop"),
        (multipart, b"--x\r\nstop\r\n"),
        (multipart, b"--x\r\n\r\nstop\r\n--x--\r\n"),
        (multipart, b"--x\r\nContent-Disposition: form-data\r\n\r\nstop\r\n--x--\r\n"),
    ):
        async with browser.session.post(link, data=data, headers={"Content-Type": kind}) as answer:
            assert answer.status == 400, data
    packed = {"Content-Type": "application/x-www-form-urlencoded", "Content-Encoding": "gzip"}
    async with browser.session.post(link, data=b"choice=stop", headers=packed) as answer:
        assert answer.status == 400
    assert not await browser.has_stopped("dewi")


async def test_the_one_click_of_a_mail_program(browser: Browser) -> None:
    link = browser.link("dewi")
    # RFC 8058: a form of either kind, no cookie, no token but the address.
    assert (await browser.posts(link, ONE_CLICK))[0] == 200
    form = aiohttp.FormData(ONE_CLICK, default_to_multipart=True)
    assert (await browser.posts(link, form))[0] == 200
    assert await browser.has_stopped("dewi")
    async with browser.network.database.reading() as session:
        (row,) = await session.scalars(select(AuditRow).where(AuditRow.act == "stop_digests"))
    assert (row.via, row.subject) == (Via.PAGE, f"person:{browser.network.people['dewi'].person_id}")


async def test_whoever_stopped_can_begin_again(browser: Browser) -> None:
    link = browser.link("dewi")
    await browser.posts(link, ONE_CLICK)
    _, text = await browser.posts(link, {"choice": "again"})
    assert "will come to you again" in text
    assert not await browser.has_stopped("dewi")


async def test_a_link_that_is_not_ours(browser: Browser) -> None:
    good = browser.link("dewi")
    for bad in (
        good[:-1] + ("a" if good[-1] != "a" else "b"),
        good[:-5],
        f"{browser.root}/unsubscribe/x",
        browser.link("dewi", purpose="clear"),
        browser.link("dewi", secret="another-secret-0123456789-abcdefghij"),
    ):
        status, text = await browser.posts(bad, ONE_CLICK)
        assert status == 404
        assert "Nothing was changed" in text
    assert not await browser.has_stopped("dewi")


async def test_a_link_that_is_too_old(browser: Browser) -> None:
    link = browser.link("dewi", days=1)
    browser.network.clock.advance(timedelta(days=2))
    status, text = await browser.posts(link, ONE_CLICK)
    assert status == 410
    assert "too old" in text


async def test_a_person_who_is_no_longer_there(browser: Browser) -> None:
    token = links.sign(SECRET, links.STOP_DIGEST, "9999", browser.network.clock.now() + timedelta(days=1))
    assert (await browser.posts(f"{browser.root}/unsubscribe/{token}", ONE_CLICK))[0] == 404
    token = links.sign(SECRET, links.STOP_DIGEST, "nobody", browser.network.clock.now() + timedelta(days=1))
    assert (await browser.posts(f"{browser.root}/unsubscribe/{token}", ONE_CLICK))[0] == 404


async def test_health_says_what_does_not_work_and_nothing_else(browser: Browser) -> None:
    async with browser.session.get(f"{browser.root}/health") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ok", "database": "ok", "chat": "ok"})
    assert browser.network.app._listening is not None
    await browser.network.app._listening.stop()
    async with browser.session.get(f"{browser.root}/health") as answer:
        assert (answer.status, (await answer.json())["chat"]) == (503, "not_connected")
    assert (await browser.gets(f"{browser.root}/"))[0] == 404
