"""A whole reporting round on the page, by three people at three pages that live beside each other."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Sits
from tests.browser.desk import DESKTOP, PHONE, Desk, Screen
from tests.browser.place import Place
from tests.stories.test_conversation import REQUIRED

OPEN = "cycle open 2026 full due 2026-12-15"
QUESTION = "Which line do you use?"


async def opens_the_round(aisyah: Desk) -> None:
    """The secretariat opens a cycle with the completion's help, and confirms."""
    await aisyah.goes("network")
    await aisyah.completes("/spnet cycle o", OPEN)
    await expect(aisyah.composer()).to_have_value(f"/spnet {OPEN}")
    await aisyah.sends()
    await aisyah.sees("Only visible to you", "Nobody has been written to yet", "4 people will be asked")
    await aisyah.clicks("Open and write to them")
    await aisyah.sees("4 people are being written to now")


async def is_loaded(picture: Locator) -> None:
    """A picture is there, with its pixels."""
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("complete", True)
    assert await picture.evaluate("picture => picture.naturalWidth") > 0


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_whole_cycle_as_three_people_on_the_page(place: Place, sits: Sits, screen: Screen) -> None:
    aisyah, siti, dewi = [await sits(place, name, screen) for name in ("Aisyah Noor", "Siti Rahmadani", "Dewi Lestari")]
    for desk in (aisyah, siti, dewi):
        await desk.opens()

    await opens_the_round(aisyah)
    await siti.sees("Full assessment 2026", "33 questions", "Tuesday, 15 December 2026, 17:00 (Jakarta time)")
    await siti.clicks("Start")
    await siti.sees("1 of 33", "National coordination mechanism")
    await siti.clicks("Operational")
    await siti.sees("National coordination mechanism: Operational", "2 of 33")
    await siti.types("4 2040 minutes")
    await siti.sees("The year 2040 is more than ten years ahead.", "Which year is it for?")
    await siti.types("2024")
    await siti.sees("4 (2024, minutes)", "3 of 33")
    await siti.pastes(REQUIRED)
    await siti.sees("45.1 % (2023, SUSENAS)", "Lesson learned: Start small, then grow.")
    await siti.types("review")
    await siti.sees("9 of 33 answered")
    await siti.clicks("Submit")
    await siti.sees("Submitted. Thank you, Siti Rahmadani.")

    await aisyah.goes("secretariat")
    await aisyah.sees("Indonesia: Full assessment 2026", "Submitted by Siti Rahmadani")
    await aisyah.clicks("Return with a question")
    form = aisyah.modal("Return with a question")
    field = form.get_by_role("textbox", name="Your question")
    await aisyah.presses(form.get_by_role("button", name="Return", exact=True))
    await expect(field).to_be_focused()
    await expect(field).to_have_accessible_description("Please complete this required field.")
    await aisyah.presses(form.get_by_role("button", name="About which answers"))
    await form.get_by_role("checkbox", name="Poverty at the national line").check()
    await aisyah.page.keyboard.press("Escape")
    await field.fill(QUESTION)
    await aisyah.presses(form.get_by_role("button", name="Return", exact=True))
    await expect(form).to_be_hidden()
    await aisyah.sees("was returned by Aisyah Noor", QUESTION)

    await siti.sees("A question about your answers", "Poverty at the national line", QUESTION)
    await siti.clicks("Answer now")
    await siti.sees("Your answer so far: 9.4 % (2023, SUSENAS)")
    await siti.types("9.0 2025 SUSENAS, line of 2025")
    await siti.sees("9.0 % (2025, SUSENAS, line of 2025)")
    await siti.clicks("Submit")

    await aisyah.sees("Submitted again by Siti Rahmadani", f"secretariat, Monday, 2 November 2026: {QUESTION}")
    await aisyah.clicks("Accept")
    await aisyah.sees("was accepted by Aisyah Noor")
    await siti.sees("Accepted. Thank you, Siti Rahmadani")
    await aisyah.types("/spnet cycle close 2026")
    await aisyah.sees("Close Full assessment 2026 now?")
    await aisyah.clicks("Close it")
    await aisyah.sees("Full assessment 2026 closed on")
    await aisyah.types("/spnet digest send 2026")
    await aisyah.sees("Nothing has been sent yet")
    await aisyah.clicks("Send the digest")
    await aisyah.sees("is on its way")
    await siti.goes("network")
    await siti.sees("Digest: Full assessment 2026", "More families were reached.")

    await expect(dewi.tools.get_by_role("button", name="Mailbox, 1 new")).to_be_visible()
    letter = await dewi.opens_letter("Full assessment 2026: 1 of 11 countries have reported")
    await expect(letter.get_by_role("heading", name="Indonesia")).to_be_visible()
    await is_loaded(letter.get_by_role("img").last)
