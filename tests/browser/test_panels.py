"""The mailbox beside the conversations, and the tour for a visitor who goes through it again."""

from __future__ import annotations

import re

from playwright.async_api import Locator, expect

from tests.browser.conftest import Sits
from tests.browser.desk import DESKTOP, PHONE, Desk
from tests.browser.place import Place

DIGEST = "Full assessment 2013: 7 of 11 countries have reported"


def rows(desk: Desk, text: str = "") -> Locator:
    """The letters in the list."""
    return desk.beside.get_by_role("listitem").filter(has_text=text)


async def test_a_letter_is_read_in_four_ways_and_answered(demo: Place, sits: Sits) -> None:
    dewi = await sits(demo, "Dewi Sample", PHONE)
    await dewi.opens("spnet")
    await expect(dewi.tools.get_by_role("button", name=re.compile(r"^Mailbox, \d+ new$"))).to_be_visible()
    page = await dewi.opens_letter(DIGEST)
    await expect(page.get_by_role("heading", name="Full assessment 2013")).to_be_visible()
    box = dewi.beside
    attached = box.get_by_role("region", name="Attached").get_by_role("link", name="moved.png")
    await expect(attached).to_be_visible()

    text = box.get_by_role("tabpanel")
    await box.get_by_role("tab", name="Letter").press("ArrowRight")
    await expect(box.get_by_role("tab", name="Text")).to_be_focused()
    await expect(text).to_contain_text("YOUR COUNTRY: Indonesia")
    await dewi.presses(box.get_by_role("tab", name="Headers"))
    await expect(text.get_by_role("row", name=re.compile("^Auto-Submitted"))).to_contain_text("auto-generated")
    await dewi.presses(box.get_by_role("tab", name="Source"))
    await expect(text).to_contain_text("Content-Transfer-Encoding: quoted-printable")

    field = box.get_by_role("textbox", name="Answer as Dewi Sample")
    await dewi.presses(box.get_by_role("button", name="Send the answer"))
    await expect(box.get_by_role("alert")).to_have_text("Please write a few words first.")
    await field.fill("Thank you. <b>We</b> read it on Monday.")
    await dewi.presses(box.get_by_role("button", name="Send the answer"))
    await expect(box.get_by_role("status")).to_have_text("Your answer is sent.")
    sent = rows(dewi).first
    await expect(sent).to_contain_text("You wrote")
    await expect(sent).to_contain_text(f"Re: {DIGEST}")
    await expect(sent).to_contain_text("<b>We</b> read it")


async def test_what_was_opened_stays_read_and_everybodys_mail_changes_no_mark(demo: Place, sits: Sits) -> None:
    dewi = await sits(demo, "Dewi Sample", DESKTOP)
    await dewi.opens("spnet")
    box = await dewi.opens_panel("Mailbox")
    unread = rows(dewi, "Not read yet:")
    before = await unread.count()
    assert before > 0
    await dewi.presses(unread.first.get_by_role("button"))
    await dewi.presses(box.get_by_role("button", name="All letters"))
    await expect(unread).to_have_count(before - 1)
    await dewi.page.reload()
    await expect(rows(dewi).first).to_be_visible()
    await expect(unread).to_have_count(before - 1)

    own = await rows(dewi).count()
    everybody = box.get_by_role("checkbox", name="Everybody’s mail")
    await everybody.check()
    await expect(rows(dewi, "to Jose Sample").first).to_be_visible()
    assert await rows(dewi).count() > own
    await dewi.presses(rows(dewi, "to Jose Sample").first.get_by_role("button"))
    await expect(box.get_by_text("Only the person it was written to can answer this letter.")).to_be_visible()
    await dewi.presses(box.get_by_role("button", name="All letters"))
    await everybody.uncheck()
    await expect(unread).to_have_count(before - 1)

    await dewi.becomes("Aisyah Example")
    await dewi.opens_panel("Mailbox")
    await expect(box.get_by_text("Aisyah Example has no letters yet.")).to_be_visible()


async def test_the_tour_says_kindly_what_was_done_already(demo: Place, sits: Sits) -> None:
    visitor = await sits(demo, "Linh Example", DESKTOP)
    await visitor.opens("spnet")
    await visitor.presses(visitor.page.get_by_role("button", name="Not now"))
    await visitor.page.reload()
    again = visitor.tools.get_by_role("button", name="Take the tour")
    await expect(again).to_be_visible()
    await expect(visitor.page.get_by_role("button", name="Begin the tour")).to_have_count(0)

    # With the keyboard alone: each step puts the reader at its heading.
    keys = visitor.page.keyboard
    await again.press("Enter")
    title = visitor.page.get_by_role("heading", name="Welcome")
    await expect(title).to_be_focused()
    for name in (
        "Answer in your own words",
        "Hand a part to a colleague",
        "Paste the rest, and submit",
        "The secretariat asks back",
    ):
        await visitor.page.get_by_role("button", name="Next", exact=True).press("Enter")
        await expect(visitor.page.get_by_role("heading", name=name, exact=True)).to_be_focused()

    # Nothing was submitted: the button of an older report must not be taken for the one that is meant.
    card = visitor.page.get_by_role("region", name="The secretariat asks back")
    await visitor.presses(card.get_by_role("button", name="Return it with a question"))
    await expect(card.get_by_role("status")).to_contain_text("go on with Next")
    await expect(card.get_by_role("button", name="Next", exact=True)).to_be_focused()
    await expect(visitor.main.get_by_text("is it the same line?")).to_have_count(0)
    await keys.press("Escape")
    await expect(card).to_be_hidden()
    await expect(again).to_be_focused()


async def test_the_tour_waits_for_a_visitor_who_went_elsewhere(demo: Place, sits: Sits) -> None:
    visitor = await sits(demo, "Linh Example", DESKTOP)
    await visitor.opens("spnet")
    await visitor.presses(visitor.page.get_by_role("button", name="Begin the tour"))
    card = visitor.page.get_by_role("region", name="Welcome", exact=True)
    await expect(card).to_contain_text("you are Linh Example")
    await visitor.becomes("Aisyah Example")
    await visitor.page.reload()
    await expect(card).to_contain_text("Step 1 of 12 · as Linh Example")
    await visitor.presses(card.get_by_role("button", name="Go there"))
    await visitor.is_somebody("Linh Example")
    await expect(card).to_contain_text("you are Linh Example")
