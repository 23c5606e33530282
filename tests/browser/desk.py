"""Somebody at the page. What they do and see goes by the names that stand there, as a screen reader says them.

siti = await sits(place, "Siti Rahmadani")
await siti.opens()
await siti.types("38.8 2020 VHLSS")
await siti.clicks("Start")
await siti.sees("38.8 % (2020, VHLSS)")
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.async_api import FrameLocator, Locator, Page, ViewportSize, expect

from tests.browser.place import Place


@dataclass(frozen=True)
class Screen:
    """What somebody looks at: how large in CSS pixels, whether by touch, and in which colours."""

    width: int
    height: int
    touch: bool = False
    colours: str = "light"

    @property
    def narrow(self) -> bool:
        """Whether it has room for one pane at a time only."""
        return self.width <= 760

    @property
    def options(self) -> dict[str, Any]:
        """As a browser context takes them."""
        return {
            "viewport": ViewportSize(width=self.width, height=self.height),
            "has_touch": self.touch,
            "is_mobile": self.touch,
            "color_scheme": self.colours,
            "locale": "en-GB",
            "reduced_motion": "reduce",
        }


DESKTOP = Screen(1280, 800)
PHONE = Screen(390, 844, touch=True)


class Desk:
    """One person, one page."""

    def __init__(self, page: Page, place: Place, name: str, screen: Screen) -> None:
        self.page = page
        self.place = place
        self.name = name
        self.screen = screen
        self.main = page.get_by_role("main")
        self.places = page.get_by_role("navigation", name="Conversations")
        self.beside = page.get_by_role("complementary")
        self.tools = page.get_by_role("toolbar", name="Tools")

    # Where they are.

    async def opens(self, where: str | None = None) -> None:
        """Open the page, and choose to be this person; then go somewhere."""
        await self.page.goto(self.place.address)
        await self.presses(self.page.get_by_role("button", name=re.compile(rf"^{re.escape(self.name)}\b")))
        await self.is_somebody(self.name)
        if where:
            await self.goes(where)

    async def is_somebody(self, name: str) -> None:
        """The page shows what this person sees."""
        await expect(self.page.get_by_role("button", name=re.compile(rf"^You are {re.escape(name)},"))).to_be_visible()

    async def goes(self, where: str) -> None:
        """Go to a conversation by its name, or to "Home"."""
        if self.screen.narrow and not await self.places.is_visible():
            await self.presses(self.main.get_by_role("button", name="Back to the conversations"))
        await self.presses(self.link(where))

    def link(self, where: str) -> Locator:
        """A conversation's entry in the list."""
        return self.places.get_by_role(
            "link", name=re.compile(rf"^(private channel |channel )?{re.escape(where)}(, \d+ unread)?$")
        )

    # What they do.

    async def presses(self, what: Locator) -> None:
        """Click, or on a phone touch."""
        await (what.tap() if self.screen.touch else what.click())

    async def types(self, text: str, *, within: Locator | None = None) -> None:
        """Write a message, and send it."""
        field = self.composer(within)
        await field.fill(text)
        await field.press("Enter")
        await expect(field).to_have_value("")

    def composer(self, within: Locator | None = None) -> Locator:
        """Where a message is written."""
        return (within or self.main).get_by_role("textbox", name=re.compile("^(Write to|Reply in)"))

    async def completes(self, begun: str, wanted: str) -> None:
        """Begin to write, and choose what the page offers; nothing is sent yet."""
        await self.composer().fill(begun)
        offered = self.page.get_by_role("listbox", name="Suggestions").get_by_role("option")
        await self.presses(offered.filter(has_text=wanted).first)

    async def sends(self) -> None:
        """Send what stands there."""
        await self.clicks("Send")
        await expect(self.composer()).to_have_value("")

    async def pastes(self, text: str) -> None:
        """Put in what was copied elsewhere, and send it."""
        field = self.composer()
        await self.presses(field)
        await self.page.keyboard.insert_text(text)
        await field.press("Enter")
        await expect(field).to_have_value("")

    async def clicks(self, label: str, *, within: Locator | None = None) -> None:
        """Press the newest button with these words on it."""
        await self.presses((within or self.main).get_by_role("button", name=label, exact=True).last)

    async def does(self, what: str, message: Locator) -> None:
        """Press one of the tools that stand at a message when one points to it."""
        await (message.tap() if self.screen.touch else message.hover())
        tools = message.get_by_role("toolbar", name="What to do with this message")
        await self.presses(tools.get_by_role("button", name=re.compile(rf"^{re.escape(what)}\b")))

    async def becomes(self, name: str) -> None:
        """Be somebody else."""
        await self.presses(self.page.get_by_role("button", name=re.compile("^You are .*Be somebody else$")))
        chooser = self.page.get_by_role("dialog", name="Go to, or be somebody else")
        await chooser.get_by_role("combobox").fill(name)
        await self.presses(chooser.get_by_role("option", name=re.compile(re.escape(name))))
        await self.is_somebody(name)

    async def lets_time_pass(self, how: str) -> None:
        """Move the clock, by what stands on the button; where there is little room, the buttons are in a menu."""
        menu = self.page.get_by_role("button", name="Let time pass")
        move = self.page.get_by_role("group", name="Let time pass").get_by_role("button", name=how)
        await expect(menu.or_(move).first).to_be_visible()
        if await menu.is_visible():
            await self.presses(menu)
        await self.presses(move)

    # What they see.

    def message(self, *parts: str, within: Locator | None = None) -> Locator:
        """The newest message that holds all of this."""
        found = (within or self.main).get_by_role("article")
        for part in parts:
            found = found.filter(has_text=part)
        return found.last

    async def sees(self, *parts: str, within: Locator | None = None) -> Locator:
        """A message with all of this comes, and it comes where one sees it; gives the message."""
        message = self.message(*parts, within=within)
        await expect(message).to_be_in_viewport()
        return message

    async def sees_no(self, text: str) -> None:
        """It stands nowhere on the page."""
        await expect(self.page.get_by_text(text)).to_have_count(0)

    def modal(self, title: str) -> Locator:
        """The modal with this title."""
        return self.page.get_by_role("dialog", name=title)

    async def opens_panel(self, name: str) -> Locator:
        """Open something beside the conversation, whatever number stands at its button."""
        await self.presses(self.tools.get_by_role("button", name=re.compile(rf"^{re.escape(name)}(,|$)")))
        await expect(self.beside.get_by_role("heading", name=name)).to_be_visible()
        return self.beside

    async def opens_letter(self, subject: str) -> FrameLocator:
        """Open the newest letter of this subject in the mailbox; gives its page."""
        box = await self.opens_panel("Mailbox")
        await self.presses(box.get_by_role("button", name=re.compile(re.escape(subject))).first)
        await expect(box.get_by_role("heading", name=re.compile(re.escape(subject)))).to_be_visible()
        return box.get_by_title(re.compile("^The letter: ")).content_frame
