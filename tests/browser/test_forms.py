"""A modal that is not filled in well: what is wrong stands under its field, and nothing that was typed is lost."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Sits
from tests.browser.desk import DESKTOP, PHONE, Screen
from tests.browser.place import Place

NEEDED = "Please complete this required field."
WORDS = "Please write something here."


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_form_with_mistakes_says_so_under_each_field(place: Place, sits: Sits, screen: Screen) -> None:
    siti = await sits(place, "Siti Rahmadani", screen)
    await siti.opens("network")
    await siti.types("/spnet share")
    form = siti.modal("Share an experience")
    kind, title = form.get_by_label("What it is"), form.get_by_role("textbox", name="Title")
    text = form.get_by_role("textbox", name="What happened, and what others can learn")
    theme, share = form.get_by_label("Theme"), form.get_by_role("button", name="Share", exact=True)
    await expect(kind).to_be_focused()

    await siti.presses(share)
    for field in (kind, title, text, theme):
        await expect(field).to_have_accessible_description(NEEDED)
        await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(kind).to_be_focused()

    await kind.select_option("Lesson learned")
    await theme.select_option("Health")
    await title.fill("  ")
    await text.fill("Reading the list aloud finds more mistakes.")
    await siti.presses(share)
    await expect(title).to_have_accessible_description(WORDS)
    await expect(title).to_be_focused()
    await expect(form.get_by_role("alert")).to_have_count(1)
    await expect(text).to_have_value("Reading the list aloud finds more mistakes.")

    await title.fill("Read it aloud")
    await siti.presses(share)
    await expect(form).to_be_hidden()
    await siti.goes("spnet")
    await siti.sees("Read it aloud", "is with the secretariat")
