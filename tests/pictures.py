"""python -m tests.pictures: makes the pictures of the README out of the page, on the filled demo.

Each scene begins anew at the demo's own moment, so that the same page gives the same pictures. Needs Chromium.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Browser, expect

from bot.cli import logs
from tests.browser import place as places
from tests.browser.chromium import chromium, program
from tests.browser.desk import Desk, Screen
from tests.browser.place import Place
from tests.demo import filled as filled_demo

PICTURES = Path(__file__).resolve().parents[1] / "pictures"
# Two dots a pixel: the README shows them smaller than they are.
SHARP = 2
DESK, LETTER, PHONE = Screen(1040, 700), Screen(720, 1270), Screen(390, 844, touch=True)
PATIENCE = 30_000

ANSWER = "13,5 % in 2014, source: World Bank"
REST = """
poverty_international_line 2.6 2014 World Bank
gini_index 34.8 2014 World Bank
urban_slum_population 27.2 2014 World Bank
portability n/a: under discussion
progress_made Example: the card now works in five districts.
""".strip()
QUESTION = "17.2 % two years ago, 13.5 % now: is it the same line?"


class Sits(NamedTuple):
    """Lets somebody sit down in a scene."""

    browser: Browser
    place: Place
    screen: Screen

    async def __call__(self, name: str, where: str) -> Desk:
        """Somebody at the page, who has put the tour aside and gone somewhere."""
        context = await self.browser.new_context(**self.screen.options, device_scale_factor=SHARP)
        context.set_default_timeout(PATIENCE)
        desk = Desk(await context.new_page(), self.place, name, self.screen)
        await desk.page.goto(self.place.address)
        await desk.presses(desk.page.get_by_role("button", name="Not now"))
        await desk.opens(where)
        return desk


async def focal_point(sits: Sits) -> Desk:
    """Linh answers one question in her own words, and is asked the next."""
    linh = await sits("Linh Example", "spnet")
    await linh.types(ANSWER)
    await linh.sees("Poverty at the national line: 13.5 % (2014, World Bank)")
    return linh


async def secretariat(sits: Sits) -> Desk:
    """Aisyah asks back about one figure."""
    aisyah = await sits("Aisyah Example", "secretariat")
    linh = await sits("Linh Example", "spnet")
    await linh.types(ANSWER)
    await linh.sees("13.5 % (2014, World Bank)")
    await linh.pastes(REST)
    await linh.sees("34.8")
    await linh.types("submit")
    await linh.sees("Please look at them once before you submit.")
    await linh.clicks("Submit")
    await aisyah.sees("Viet Nam: Full assessment 2014", "Submitted by Linh Example")
    await aisyah.clicks("Return with a question")
    form = aisyah.modal("Return with a question")
    await form.get_by_role("button", name="About which answers").click()
    await form.get_by_role("checkbox", name="Poverty at the national line").check()
    await aisyah.page.keyboard.press("Escape")
    await form.get_by_role("textbox", name="Your question").fill(QUESTION)
    return aisyah


async def digest(sits: Sits) -> Desk:
    """Dewi reads the digest in her mailbox."""
    aisyah = await sits("Aisyah Example", "secretariat")
    await aisyah.types("/spnet cycle close 2014")
    await aisyah.clicks("Close it")
    await aisyah.types("/spnet digest send 2014")
    await aisyah.clicks("Send the digest")
    await aisyah.sees("is on its way")
    dewi = await sits("Dewi Sample", "spnet")
    letter = await dewi.opens_letter("Full assessment 2014")
    await expect(letter.get_by_role("heading", name="Indonesia")).to_be_visible()
    await expect(letter.get_by_role("img").last).to_have_js_property("complete", True)
    await dewi.beside.get_by_role("tablist").evaluate("tabs => tabs.scrollIntoView()")
    return dewi


async def progress(sits: Sits) -> Desk:
    """Dewi looks where her country stands: the picture lies in her direct messages."""
    dewi = await sits("Dewi Sample", "spnet")
    await dewi.types("/spnet progress")
    await dewi.sees("In your direct messages with me")
    picture = dewi.main.get_by_role("button", name="Open the picture")
    await expect(picture.last.locator("img")).to_have_js_property("complete", True)
    await dewi.presses(picture.last)
    return dewi


class Scene(NamedTuple):
    """A picture: its name, what happens before, and what one looks at."""

    name: str
    happens: Callable[[Sits], Awaitable[Desk]]
    screen: Screen


SCENES = (
    Scene("focal-point", focal_point, DESK),
    Scene("secretariat", secretariat, DESK),
    Scene("digest", digest, LETTER),
    Scene("phone", focal_point, PHONE),
    Scene("progress", progress, Screen(720, 820)),
)


async def paint(path: str) -> None:
    """Fill the demo once, and play each scene on a copy of it."""
    expect.set_options(timeout=PATIENCE)
    with tempfile.TemporaryDirectory(prefix="spnet-pictures-") as name:
        folder = Path(name)
        filled = await filled_demo(folder / "filled")
        async with chromium(path) as browser:
            for scene in SCENES:
                place = places.demo(places.copied(filled, folder / scene.name))
                await place.starts()
                try:
                    desk = await scene.happens(Sits(browser, place, scene.screen))
                    await expect(desk.page.get_by_role("status").filter(has_text=re.compile("."))).to_have_count(0)
                    await desk.page.screenshot(path=PICTURES / f"{scene.name}.png", animations="disabled")
                finally:
                    await place.stops()


def main() -> None:
    """Paint."""
    path = program()
    if path is None:
        sys.exit(
            "There is no Chromium here, and the pictures are of the page in a browser. On Debian: apt install chromium"
        )
    logs.configure(only_errors=True)
    PICTURES.mkdir(exist_ok=True)
    asyncio.run(paint(path))


if __name__ == "__main__":
    main()
