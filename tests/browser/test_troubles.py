"""What goes wrong, on purpose or not: the sandbox stops, Slack is in trouble, somebody types hostile text."""

from __future__ import annotations

import re

from playwright.async_api import Locator, expect

from tests.browser.conftest import Sits
from tests.browser.desk import Desk
from tests.browser.place import Place
from tests.browser.watch import Watch

GREETING = "No questions are open for your country now."
GONE = r"ERR_(CONNECTION_(REFUSED|RESET)|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)"
HOSTILE = {
    "markup": '<img src=x onerror="alert(1)"><script>alert(2)</script><b>bold</b>',
    "a call to everybody": "<!channel> <!here|here> <@U0AISYAH> <javascript:alert(3)|Click me>",
    "a link": "<http://127.0.0.1/|https://example.org/>",
    "entities": "&lt;img src=x&gt; &amp;amp;",
    "very long": "a" * 5_000,
    "right to left": "‮مرحبا بالعالم‬ \u202eevil\u202c שלום",
    "Khmer, Thai, Burmese, Lao": "សូមស្វាគមន៍ สวัสดีชาวโลก မင်္ဂလာပါ ສະບາຍດີ",
    "signs of Slack": "*a _b ~c `d ```e > f",
}


async def test_the_sandbox_stops_and_the_page_catches_up_when_it_is_back(demo: Place, sits: Sits, watch: Watch) -> None:
    watch.expects(GONE)
    linh, aisyah = [await sits(demo, name) for name in ("Linh Example", "Aisyah Example")]
    for desk in (linh, aisyah):
        await desk.opens()
        await desk.goes("social-protection")
    await demo.stops()
    away = "The sandbox has stopped."
    await expect(linh.page.get_by_role("status").filter(has_text=away)).to_be_visible()
    field = linh.composer()
    await field.fill("Are you there?")
    await field.press("Enter")
    await expect(field).to_have_value("Are you there?")

    await demo.starts()
    await expect(linh.page.get_by_text(away)).to_be_hidden()
    await expect(aisyah.page.get_by_text(away)).to_be_hidden()
    await field.press("Enter")
    await aisyah.sees("Linh Example", "Are you there?")


async def test_hostile_words_of_one_are_harmless_to_the_others(place: Place, sits: Sits) -> None:
    siti, aisyah = [await sits(place, name) for name in ("Siti Rahmadani", "Aisyah Noor")]
    await siti.opens("network")
    await aisyah.opens("network")
    for words in HOSTILE.values():
        await siti.types(words)
        shown = await aisyah.sees(words if "*a _b" not in words else "*a _b ~c")
        for kind in ("img[src=x]", "script", "b", "a[href^=javascript]"):
            await expect(shown.locator(kind)).to_have_count(0)
    width = await aisyah.main.evaluate("main => [main.scrollWidth, main.clientWidth]")
    assert width[0] <= width[1], "long words push the page aside"

    await siti.types("/spnet share")
    form = siti.modal("Share an experience")
    await form.get_by_label("What it is").select_option("Training")
    await form.get_by_role("textbox", name="Title").fill(HOSTILE["markup"])
    await form.get_by_role("textbox", name="What happened").fill(HOSTILE["a call to everybody"])
    await form.get_by_label("Theme").select_option("Health")
    await form.get_by_role("button", name="Share", exact=True).click()
    await expect(form).to_be_hidden()
    await aisyah.goes("secretariat")
    await aisyah.sees(HOSTILE["markup"], HOSTILE["a call to everybody"])


def fault(desk: Desk, help: str) -> Locator:
    """One of the things that can go wrong, by what is said of it."""
    return desk.beside.get_by_role("listitem").filter(has_text=help)


async def test_slack_is_in_trouble_until_all_is_well_again(place: Place, sits: Sits) -> None:
    siti = await sits(place, "Siti Rahmadani")
    await siti.opens()
    panel = await siti.opens_panel("What can go wrong")
    status, well = panel.get_by_role("status").first, panel.get_by_role("button", name="All well again")
    await expect(status).to_have_text("All is well.")
    await expect(well).to_be_disabled()

    slow = fault(siti, "Slack answers the bot slowly")
    await slow.get_by_text("How exactly").click()
    await slow.get_by_role("spinbutton", name="Seconds").fill("0.5")
    await slow.get_by_role("button", name="Start").click()
    await expect(slow.get_by_role("button", name="Stop")).to_be_visible()
    button = siti.tools.get_by_role("button", name="What can go wrong, 1 fault on")
    await expect(button).to_have_attribute("aria-pressed", "true")
    await siti.types("hello")
    await siti.sees(GREETING)

    revoked = fault(siti, "The bot's token is revoked")
    await revoked.get_by_role("button", name="Start").click()
    await expect(siti.tools.get_by_role("button", name="What can go wrong, 2 faults on")).to_be_visible()
    await siti.types("Are you still there?")
    await siti.sees("Are you still there?")
    await place.on.sandbox.settled()

    await well.click()
    await expect(status).to_have_text(re.compile("^All is well"))
    await expect(siti.tools.get_by_role("button", name="What can go wrong", exact=True)).to_be_visible()
    await siti.types("And now?")
    answers = siti.main.get_by_role("article").filter(has_text=GREETING)
    await expect(answers).to_have_count(2)
