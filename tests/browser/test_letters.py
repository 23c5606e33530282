"""A letter with a table on a phone: nothing is wider than the screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from playwright.async_api import Browser

from bot.messages import Message
from bot.people import Contact
from bot.rendering import mail
from bot.words import Reader, Words
from db.vocabulary import Role
from tests.browser.desk import DESKTOP, PHONE, Screen
from tests.golden.mechanisms import ROW, UNKNOWN, WHEN

PER = Contact(1, "Per Larsen", "per@example.org", "U0PER", Reader("Asia/Jakarta", "en_GB"), None, Role.PARTNER)
FULLEST = {**ROW, "status": "established", "since": date(2019, 2, 3), "sit": 12, "met": 11, "reached": 10}
NAMES = (
    *("Brunei Darussalam", "Cambodia", "Indonesia", "Lao PDR", "Malaysia", "Myanmar", "Philippines", "Singapore"),
    *("Thailand", "Timor-Leste", "Viet Nam"),
)


SMALL = replace(PHONE, width=320)


@pytest.mark.parametrize("screen", [DESKTOP, PHONE, SMALL], ids=["desktop", "phone", "small"])
async def test_all_mechanisms_side_by_side_fit_the_screen(browser: Browser, screen: Screen) -> None:
    rows = [{**(UNKNOWN if at % 3 else {**FULLEST, "milestones": 12}), "member": name} for at, name in enumerate(NAMES)]
    said = Message("mechanism/all", {"period": "2026", "rows": rows, "unknown": ["Thailand"]})
    letter = mail.compose(said, PER, Words(), sender="bot@example.org", reply_to=None, now=WHEN, identity="1")
    body = letter.message.get_body(("html",))
    assert body is not None
    context = await browser.new_context(**screen.options)
    page = await context.new_page()
    await page.set_content(body.get_content())
    assert await page.locator("tr").count() == 12
    assert await page.evaluate("document.documentElement.scrollWidth") <= screen.width
    if screen is SMALL:
        assert await page.locator(".wide").evaluate("table => table.scrollWidth <= table.clientWidth")
    # Whatever the fonts here: all columns are in sight, or nearly.
    wide = page.locator(".wide")
    assert await wide.evaluate("table => table.scrollWidth <= table.clientWidth * 1.1")
    await context.close()
