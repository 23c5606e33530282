"""What people do with messages, in conversations and between them."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Sits
from tests.browser.desk import PHONE, Desk
from tests.browser.place import Place
from tests.cast import PARTS


async def test_a_message_is_edited_reacted_to_and_deleted_before_the_eyes_of_another(place: Place, sits: Sits) -> None:
    siti, aisyah = [await sits(place, name) for name in ("Siti Rahmadani", "Aisyah Noor")]
    await siti.opens("network")
    await aisyah.opens("network")
    await siti.types("Our register is open for vists.")
    await aisyah.sees("Our register is open for vists.")

    await siti.does("Edit", await siti.sees("vists"))
    field = siti.main.get_by_role("textbox", name="Change your message")
    await field.fill("Our register is open for visits.")
    await field.press("Enter")
    message = await aisyah.sees("open for visits.", "(edited)")

    await aisyah.does("React", message)
    picker = aisyah.page.get_by_role("group", name="Choose an emoji")
    await picker.get_by_role("searchbox").fill("tada")
    await picker.get_by_role("searchbox").press("Enter")
    await siti.presses((await siti.sees("open for visits.")).get_by_role("button", name="tada: Aisyah Noor"))
    mine = (await aisyah.sees("open for visits.")).get_by_role("button", name="tada: Aisyah Noor, Siti Rahmadani")
    await expect(mine).to_have_attribute("aria-pressed", "true")
    await aisyah.presses(mine)
    await expect((await siti.sees("visits.")).get_by_role("button", name="tada: Siti Rahmadani")).to_be_visible()

    await siti.does("More", await siti.sees("open for visits."))
    await siti.presses(siti.page.get_by_role("button", name="Delete", exact=True))
    question = siti.modal("Delete this message?")
    await siti.presses(question.get_by_role("button", name="Delete", exact=True))
    await aisyah.sees_no("open for visits.")


async def test_a_reply_in_a_thread_with_a_file(place: Place, sits: Sits) -> None:
    siti, aisyah = [await sits(place, name) for name in ("Siti Rahmadani", "Aisyah Noor")]
    await siti.opens("network")
    await aisyah.opens("network")
    await aisyah.types("Who has a register of poor households?")
    await siti.does("Reply in a thread", await siti.sees("register of poor households?"))
    await expect(siti.composer(siti.beside)).to_be_focused()
    async with siti.page.expect_file_chooser() as chooser:
        await siti.clicks("Attach a file", within=siti.beside)
    await (await chooser.value).set_files([{"name": "register.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}])
    await expect(siti.beside.get_by_role("list", name="Files to send")).to_contain_text("register.csv")
    await siti.types("We have one.", within=siti.beside)

    await aisyah.presses((await aisyah.sees("register of poor households?")).get_by_role("button", name="1 reply"))
    answer = await aisyah.sees("We have one.", within=aisyah.beside)
    async with aisyah.page.expect_download() as download:
        await answer.get_by_role("link", name=re.compile("^Download register.csv")).click()
    assert (await (await download.value).path()).read_bytes() == b"a,b\n1,2\n"
    await aisyah.page.keyboard.press("Escape")
    await expect(aisyah.beside).to_be_hidden()


async def test_what_came_meanwhile_is_unread_and_stands_under_a_line(place: Place, sits: Sits) -> None:
    siti, aisyah = [await sits(place, name) for name in ("Siti Rahmadani", "Aisyah Noor")]
    await siti.opens()
    await aisyah.opens("network")
    await aisyah.types("First")
    await aisyah.types("Second, for @siti to read")
    await expect(siti.places.get_by_role("link", name="channel network, 2 unread")).to_contain_text("1")
    await siti.goes("network")
    line = siti.main.get_by_role("separator", name="New")
    await expect(line).to_be_visible()
    await siti.sees("Second")
    await expect(siti.places.get_by_role("link", name="channel network", exact=True)).to_be_visible()
    await siti.goes("Home")
    await siti.goes("network")
    await siti.sees("Second")
    await expect(line).to_have_count(0)


async def test_a_message_is_shared_by_its_shortcut(place: Place, sits: Sits) -> None:
    siti = await sits(place, "Siti Rahmadani")
    await siti.opens("network")
    await siti.types("Reading the list aloud finds more mistakes.")
    await siti.does("More", await siti.sees("Reading the list aloud"))
    await siti.presses(siti.page.get_by_role("button", name=re.compile("^Share with the network")))
    form = siti.modal("Share an experience")
    await expect(form.get_by_role("textbox", name="What happened")).to_have_value(
        "Reading the list aloud finds more mistakes."
    )
    await siti.page.keyboard.press("Escape")
    await expect(form).to_be_hidden()


async def test_the_home_tab_says_what_is_next(place: Place, sits: Sits) -> None:
    aisyah, siti = [await sits(place, name) for name in ("Aisyah Noor", "Siti Rahmadani")]
    await aisyah.opens("network")
    await siti.opens("Home")
    home = siti.main.get_by_role("region", name="Home")
    await expect(home).to_contain_text("No cycle asks anything of Indonesia now")
    await aisyah.types("/spnet cycle open 2026 full due 2026-12-15")
    await aisyah.clicks("Open and write to them")
    await aisyah.sees("4 people are being written to now")
    await siti.goes("network")
    await siti.goes("Home")
    await expect(home).to_contain_text("Full assessment 2026")
    await siti.clicks("Start")
    await siti.goes("spnet")
    await siti.sees("1 of 33")


async def test_the_place_stays_over_a_reload_and_back_goes_back(place: Place, sits: Sits) -> None:
    siti = await sits(place, "Siti Rahmadani")
    await siti.opens("network")
    # The field of the conversation before may stand there for a moment.
    await expect(siti.composer()).to_have_accessible_name("Write to #network")
    await siti.composer().fill("Not ready yet")
    await siti.opens_panel("Mailbox")
    await siti.page.reload()
    await expect(siti.beside.get_by_role("heading", name="Mailbox")).to_be_visible()
    await expect(siti.composer()).to_have_value("Not ready yet")
    await siti.page.go_back()
    await expect(siti.beside).to_be_hidden()
    await siti.goes("spnet")
    await expect(siti.composer()).to_have_value("")
    await siti.page.go_back()
    await expect(siti.link("network")).to_have_attribute("aria-current", "page")
    await expect(siti.composer()).to_have_value("Not ready yet")


async def test_one_becomes_somebody_else(place: Place, sits: Sits) -> None:
    desk = await sits(place, "Siti Rahmadani")
    await desk.opens()
    await desk.becomes("Aisyah Noor")
    await desk.goes("secretariat")
    await desk.becomes("Per Larsen")
    await expect(desk.link("secretariat")).to_have_count(0)


async def test_dark_and_light(place: Place, sits: Sits) -> None:
    siti = await sits(place, "Siti Rahmadani")
    await siti.opens()

    async def paper() -> str:
        return await siti.page.evaluate("getComputedStyle(document.body).backgroundColor")

    light = await paper()
    await siti.presses(siti.tools.get_by_role("button", name=re.compile("^Colours as your system says")))
    await siti.presses(siti.tools.get_by_role("button", name=re.compile("^Light colours")))
    await expect(siti.tools.get_by_role("button", name=re.compile("^Dark colours"))).to_be_visible()
    dark = await paper()
    assert dark != light
    await siti.page.reload()
    await siti.is_somebody("Siti Rahmadani")
    assert await paper() == dark


async def test_one_question_is_answered_with_the_keyboard_alone(place: Place, sits: Sits) -> None:
    aisyah, siti = [await sits(place, name) for name in ("Aisyah Noor", "Siti Rahmadani")]
    await aisyah.opens("network")
    await aisyah.types("/spnet cycle open 2026 full due 2026-12-15")
    await aisyah.clicks("Open and write to them")
    await aisyah.sees("4 people are being written to now")

    keys = siti.page.keyboard
    await siti.page.goto(place.address)
    person = siti.page.get_by_role("button", name=re.compile("^Siti Rahmadani"))
    await expect(person).to_be_visible()
    for _ in PARTS:
        if await person.evaluate("button => button === document.activeElement"):
            break
        await keys.press("ArrowDown")
    await keys.press("Enter")
    await siti.is_somebody("Siti Rahmadani")
    await expect(siti.composer()).to_be_focused()
    await siti.sees("33 questions")
    await to(siti, "Start", "Shift+Tab")
    await keys.press("Enter")
    await siti.sees("1 of 33")
    await siti.link("spnet").focus()
    await keys.press("Enter")
    await to(siti, "Write to spnet", "Tab")
    await keys.type("operational")
    await keys.press("Enter")
    await siti.sees("National coordination mechanism: Operational", "2 of 33")


async def to(desk: Desk, name: str, key: str) -> None:
    """Press Tab until something with this name has the focus."""
    for _ in range(40):
        here = await desk.page.evaluate(
            "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
        )
        if here == name:
            return
        await desk.page.keyboard.press(key)
    pytest.fail(f"the keyboard does not lead to {name}")


async def test_the_clock_brings_the_reminder(demo: Place, sits: Sits) -> None:
    maria, phone = await sits(demo, "Maria Example"), await sits(demo, "Jose Sample", PHONE)
    await maria.opens()
    await phone.opens()
    for day in ("Wed, 11 Feb", "Thu, 12 Feb", "Fri, 13 Feb"):
        await maria.lets_time_pass("Next morning")
        await expect(maria.page.get_by_role("banner").get_by_role("time")).to_contain_text(day)
    await expect(maria.page.get_by_role("status").filter(has_text="1 new message for you")).to_be_visible()
    reminder = await maria.sees("Philippines: Full assessment 2014 was due on Friday", "You have not begun yet.")
    await expect(reminder).to_have_accessible_name(re.compile("^spnet, today at"))
    letter = await phone.opens_letter("Philippines: Full assessment 2014")
    await expect(letter.get_by_text("Maria Example").first).to_be_visible()
