"""A picture of the bot's on the page: seen in the direct messages, told in words, opened large and kept."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Sits
from tests.browser.desk import DESKTOP, PHONE, Screen
from tests.browser.place import Place


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_the_picture_of_an_answer_lies_in_the_direct_messages(place: Place, sits: Sits, screen: Screen) -> None:
    siti = await sits(place, "Siti Rahmadani", screen)
    await siti.opens("network")
    await siti.types("/spnet mechanisms")
    await siti.sees("Only visible to you", "In your direct messages with me: How far each mechanism has come")
    await siti.goes("spnet")
    name = "Open the picture mechanisms.png: A chart: how far each coordination mechanism has come"
    picture = siti.main.get_by_role("button", name=name)
    await expect(picture.locator("img")).to_have_js_property("complete", True)
    await siti.presses(picture)
    large = siti.page.get_by_role("dialog", name="mechanisms.png")
    await expect(large.get_by_role("img")).to_have_js_property("naturalWidth", 1200)
    async with siti.page.expect_download() as kept:
        await siti.presses(large.get_by_role("link", name="Download"))
    assert (await kept.value).suggested_filename == "mechanisms.png"
    await siti.presses(large.get_by_role("button", name="Close"))
    await expect(large).to_have_count(0)
