"""The guided tour on the filled demo: a visitor goes through all of it with nothing but its own buttons."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Sits
from tests.browser.desk import DESKTOP, PHONE, Screen
from tests.browser.place import Place
from tests.browser.test_cycle import is_loaded

STEPS = 12
# What stands in the newest message when a step's button has done its deed.
BRINGS = {
    "answer": "Poverty at the national line: 13.5 % (2014, World Bank)",
    "colleague": "Tuan Specimen has answered: Poverty at the international line",
    "submit": "Submitted. Thank you, Linh Example.",
    "return": "was returned by Aisyah Example",
    "asked": "Submitted. Thank you, Linh Example.",
    "accept": "was accepted by Aisyah Example",
    "progress": "Progress of Viet Nam: Full assessment 2014",
    "floor": "Huong Sample is asked",
}
# What stands in Home.
SHOWS = {"yes": "Nothing waits for your yes."}
# The subject of the letter that lies open then.
OPENS = {
    "reminder": "Philippines: Full assessment 2014 was due on Friday",
    "digest": "Full assessment 2014: 4 of 11 countries have reported",
}


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_the_tour_leads_a_visitor_to_the_digest_letter(demo: Place, sits: Sits, screen: Screen) -> None:
    visitor = await sits(demo, "Linh Example", screen)
    await visitor.opens()
    tour = visitor.page.get_by_role("region", name=re.compile("."))
    card = tour.filter(has=visitor.page.get_by_role("button", name="Begin the tour"))
    await visitor.presses(card.get_by_role("button", name="Begin the tour"))

    for number, step in enumerate(demo.on.sandbox.control.tour, 1):
        card = visitor.page.get_by_role("region", name=step.title, exact=True)
        await expect(card).to_contain_text(f"Step {number} of {STEPS}")
        await expect(card.get_by_role("heading", name=step.title)).to_be_in_viewport()
        await visitor.is_somebody(demo.on.sandbox.workspace.users[step.person].name)
        if step.do:
            await visitor.presses(card.get_by_role("button", name=step.do["label"]))
            await expect(card.get_by_role("status")).to_have_text("Done. Look at what came, then go on.")
        if step.id in BRINGS:
            await expect(visitor.message(BRINGS[step.id])).to_be_visible()
        if step.id in SHOWS:
            await expect(visitor.main.get_by_text(SHOWS[step.id])).to_be_visible()
        if step.id in OPENS:
            await expect(visitor.beside.get_by_role("article", name=re.compile(f"^{OPENS[step.id]}"))).to_be_visible()
        last = number == STEPS
        if last:
            await visitor.presses(card.get_by_role("button", name="Fold the tour away"))
            letter = visitor.beside.get_by_title(re.compile("^The letter: ")).content_frame
            await expect(letter.get_by_role("heading", name="Indonesia")).to_be_visible()
            await is_loaded(letter.get_by_role("img").last)
            await visitor.presses(card.get_by_role("button", name="Unfold the tour"))
        await visitor.presses(card.get_by_role("button", name="Finish" if last else "Next", exact=True))

    assert number == STEPS
    assert BRINGS.keys() | SHOWS.keys() | OPENS.keys() == {step.id for step in demo.on.sandbox.control.tour if step.do}
    await expect(card).to_be_hidden()
