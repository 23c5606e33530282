"""axe-core looks for barriers to people who see, hear or move differently, in every part of the page."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests import npm
from tests.browser.conftest import Sits
from tests.browser.desk import DESKTOP, PHONE, Desk, Screen
from tests.browser.place import Place

# What is found in a letter's frame is the letter's, and told as such.
RUN = """async (rules) => {
  const found = await axe.run(document, { resultTypes: ["violations"], rules });
  return found.violations.flatMap((each) => each.nodes.map(
    (node) => `${each.impact} ${each.id}: ${node.target.flat().join(" ")} | ${node.html.slice(0, 160)} | `
      + node.any.concat(node.all).map((check) => check.message).join("; ").slice(0, 200)));
}"""
# Each width once and each colours once: what is wrong with colours is so at every width.
SCREENS = [
    pytest.param(Screen(base.width, base.height, base.touch, colours), id=f"{name}-{colours}")
    for name, base, colours in (("desktop", DESKTOP, "light"), ("phone", PHONE, "dark"))
]


@pytest.fixture(scope="session")
def axe() -> str:
    """The script."""
    return (npm.installed() / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


class Barriers:
    """What axe found, by where one was."""

    def __init__(self, desk: Desk, axe: str) -> None:
        self.desk = desk
        # A phone shows one pane at a time: where it is not the conversation, the page's <main> is not displayed.
        self.rules = {"landmark-one-main": {"enabled": not desk.screen.touch}}
        self.axe = axe
        self.found: list[str] = []

    async def look(self, where: str) -> None:
        """Look at the page as it is now."""
        if not await self.desk.page.evaluate("typeof axe === 'object'"):
            await self.desk.page.evaluate(self.axe)
        self.found += [f"{where}: {each}" for each in await self.desk.page.evaluate(RUN, self.rules)]


@pytest.mark.parametrize("screen", SCREENS)
async def test_the_page_has_no_barriers(demo: Place, sits: Sits, axe: str, screen: Screen) -> None:
    linh = await sits(demo, "Linh Example", screen, csp=False)
    page, barriers = linh.page, Barriers(linh, axe)

    await page.goto(demo.address)
    await expect(page.get_by_role("heading", name="Who would you like to be?")).to_be_visible()
    await barriers.look("person chooser")
    await linh.presses(page.get_by_role("button", name="Begin the tour"))
    await expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    await barriers.look("tour")
    await linh.presses(page.get_by_role("button", name="Leave the tour"))
    if screen.touch:
        await linh.presses(linh.main.get_by_role("button", name="Back to the conversations"))
        await barriers.look("list of conversations")
    await linh.goes("spnet")
    await barriers.look("conversation")
    await linh.goes("Home")
    await expect(linh.main.get_by_role("region", name="Home")).to_contain_text("Viet Nam")
    await barriers.look("Home")
    await linh.goes("social-protection")
    message = linh.message("Digest")
    await expect(message).to_be_visible()
    await barriers.look("channel")
    await linh.does("Reply in a thread", message)
    await expect(linh.composer(linh.beside)).to_be_visible()
    await barriers.look("thread")
    await linh.presses(linh.beside.get_by_role("button", name="Close the thread"))
    await linh.opens_panel("What can go wrong")
    await expect(linh.beside.get_by_role("button", name="Start").first).to_be_visible()
    await barriers.look("faults")
    await linh.presses(linh.beside.get_by_role("button", name="Close What can go wrong"))
    await linh.types("/spnet share")
    form = linh.modal("Share an experience")
    await linh.presses(form.get_by_role("button", name="Share", exact=True))
    await expect(form.get_by_role("alert").first).to_be_visible()
    await barriers.look("modal")
    await linh.presses(form.get_by_role("button", name="Close").last)
    await expect(form).to_be_hidden()
    await linh.becomes("Dewi Sample")
    letter = await linh.opens_letter("Full assessment 2013")
    await expect(letter.get_by_role("heading", name="Indonesia")).to_be_visible()
    await barriers.look("mailbox")

    assert not barriers.found, "\n".join(barriers.found)
