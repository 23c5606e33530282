"""Conversations as the page shows them: long ones, drafts, completion, silence of the app, pins, and the keyboard."""

from __future__ import annotations

import re

from playwright.async_api import Locator, expect

from tests.browser.conftest import Sits
from tests.browser.desk import PHONE, Desk
from tests.browser.place import Place
from tests.browser.watch import Watch

COUNT = """log => {
  window.drawn = 0;
  const look = (changes) => changes.forEach((each) => each.addedNodes.forEach((node) => {
    if (node.matches?.("[role=article]")) window.drawn += 1;
  }));
  new MutationObserver(look).observe(log, { childList: true, subtree: true });
}"""
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0f01f000500"
    "01ff5dc2b3730000000049454e44ae426082"
)


async def say(place: Place, *texts: str) -> None:
    """Aisyah writes to everybody from elsewhere."""
    aisyah = place.on.sandbox.person("U0AISYAH")
    for text in texts:
        await aisyah.says(text, "#network")


def log(desk: Desk) -> Locator:
    """The messages in front of somebody."""
    return desk.main.get_by_role("log")


async def test_a_long_conversation_begins_with_its_newest_messages(place: Place, sits: Sits) -> None:
    await say(place, *(f"Line {n}." for n in range(450)))
    siti = await sits(place, "Siti Rahmadani")
    await siti.opens("network")
    await expect(log(siti).get_by_role("article")).to_have_count(200)
    await siti.clicks("Newest")
    await siti.sees("Line 449.")
    await siti.clicks("Show earlier")
    await expect(log(siti).get_by_role("article")).to_have_count(400)
    await siti.clicks("Show earlier")
    await expect(siti.message("Line 0.")).to_be_attached()
    await expect(siti.main.get_by_role("button", name="Show earlier")).to_be_hidden()


async def test_only_what_changed_is_drawn(place: Place, sits: Sits) -> None:
    await say(place, *(f"Line {n}." for n in range(50)))
    siti = await sits(place, "Siti Rahmadani")
    await siti.opens("network")
    await log(siti).evaluate(COUNT)
    await say(place, "One more.")
    await expect(siti.message("One more.")).to_be_attached()
    assert await siti.page.evaluate("window.drawn") == 1


async def test_new_messages_do_not_move_what_somebody_reads(place: Place, sits: Sits) -> None:
    siti = await sits(place, "Siti Rahmadani")
    await siti.opens("network")
    await say(place, *(f"Line {n}." for n in range(60)))
    await siti.sees("Line 59.")
    await siti.message("Line 3.").scroll_into_view_if_needed()
    await expect(siti.message("Line 3.")).to_be_in_viewport()
    await say(place, "This is new.")
    await expect(siti.main.get_by_role("button", name="New messages")).to_be_visible()
    await expect(siti.message("Line 3.")).to_be_in_viewport()
    await siti.clicks("New messages")
    await siti.sees("This is new.")


async def test_a_draft_waits_in_its_own_conversation(place: Place, sits: Sits) -> None:
    siti = await sits(place, "Siti Rahmadani")
    await siti.opens("network")
    await siti.composer().fill("Half a thought")
    await siti.goes("spnet")
    await expect(siti.composer()).to_have_value("")
    await siti.goes("network")
    await expect(siti.composer()).to_have_value("Half a thought")
    await siti.page.reload()
    await expect(siti.composer()).to_have_value("Half a thought")
    await siti.sends()
    await siti.sees("Half a thought")
    await siti.page.reload()
    await siti.sees("Half a thought")
    await expect(siti.composer()).to_have_value("")


async def test_a_line_begins_with_shift_and_enter_and_an_arrow_takes_up_the_last_message(
    place: Place, sits: Sits
) -> None:
    siti = await sits(place, "Siti Rahmadani")
    await siti.opens("network")
    field, keys = siti.composer(), siti.page.keyboard
    await field.press_sequentially("First line")
    await field.press("Shift+Enter")
    await keys.type("Second line")
    await keys.press("Enter")
    message = await siti.sees("First line", "Second line")
    await keys.press("ArrowUp")
    changed = siti.main.get_by_role("textbox", name="Change your message")
    await expect(changed).to_have_value("First line\nSecond line")
    await keys.press("Escape")
    await expect(changed).to_have_count(0)
    await expect(message).to_contain_text("Second line")
    await expect(message).not_to_contain_text("(edited)")


async def test_commands_people_and_emoji_are_completed(place: Place, sits: Sits) -> None:
    siti = await sits(place, "Siti Rahmadani")
    await siti.opens("network")
    field, keys = siti.composer(), siti.page.keyboard
    offered = siti.page.get_by_role("listbox", name="Suggestions")
    await field.press_sequentially("/s")
    await expect(offered.get_by_role("option")).to_contain_text("/spnet")
    await keys.press("Tab")
    await keys.type("sha")
    await expect(offered.get_by_role("option")).to_have_count(1)
    await keys.press("Tab")
    await expect(field).to_have_value("/spnet share")
    await field.fill("")
    await keys.type("Thank you, @aisy")
    await keys.press("Enter")
    await keys.type(":tada")
    await keys.press("Enter")
    await expect(field).to_have_value("Thank you, @aisyah 🎉")
    await keys.press("Enter")
    await siti.sees("Thank you, @Aisyah Noor 🎉")


async def test_a_command_that_nobody_knows_is_told_privately_and_stays(place: Place, sits: Sits) -> None:
    siti = await sits(place, "Siti Rahmadani")
    await siti.opens("network")
    await siti.composer().fill("/nonsense now")
    await siti.composer().press("Enter")
    await siti.sees("Only visible to you", "Slackbot", "/nonsense is not a command here.")
    await expect(siti.composer()).to_have_value("/nonsense now")


async def test_slackbot_says_that_the_app_is_silent(place: Place, sits: Sits, watch: Watch) -> None:
    watch.expects("504")
    siti = await sits(place, "Siti Rahmadani")
    await siti.opens("network")
    place.on.sandbox.faults.lose_next(1)
    await siti.types("/spnet status")
    await siti.sees("Only visible to you", "Slackbot", "/spnet status failed, because spnet did not respond")


async def test_a_picture_opens_large(place: Place, sits: Sits) -> None:
    siti = await sits(place, "Siti Rahmadani")
    await siti.opens("network")
    async with siti.page.expect_file_chooser() as chooser:
        await siti.clicks("Attach a file")
    await (await chooser.value).set_files([{"name": "village.png", "mimeType": "image/png", "buffer": PICTURE}])
    await siti.types("The new office")
    message = await siti.sees("The new office")
    await siti.presses(message.get_by_role("button", name="Open the picture village.png"))
    shown = siti.page.get_by_role("dialog", name="village.png")
    await expect(shown.get_by_role("img", name="village.png")).to_have_js_property("naturalWidth", 1)
    await siti.page.keyboard.press("Escape")
    await expect(shown).to_have_count(0)


async def test_a_pin_stands_at_the_head_of_its_channel(place: Place, sits: Sits) -> None:
    await say(place, "The round closes in December.", *(f"Line {n}." for n in range(60)))
    siti, aisyah = await sits(place, "Siti Rahmadani"), await sits(place, "Aisyah Noor")
    await siti.opens("network")
    await aisyah.opens("network")
    await aisyah.does("More", aisyah.message("The round closes"))
    await aisyah.presses(aisyah.page.get_by_role("button", name="Pin it here"))
    pinned = siti.main.get_by_role("button", name="1 pinned message")
    await siti.clicks("Newest")
    await siti.presses(pinned)
    await siti.sees("Pinned", "The round closes in December.")
    await aisyah.does("More", aisyah.message("The round closes"))
    await aisyah.presses(aisyah.page.get_by_role("button", name="Take the pin away"))
    await expect(pinned).to_have_count(0)


async def test_one_goes_out_of_a_channel_and_in_again(place: Place, sits: Sits) -> None:
    siti = await sits(place, "Siti Rahmadani")
    await siti.opens("network")
    await siti.presses(siti.main.get_by_role("button", name=re.compile("members$")))
    await siti.clicks("Leave this channel")
    await siti.clicks("Join it")
    await siti.types("Here I am again.")
    await siti.sees("Here I am again.")


async def test_messages_are_walked_by_the_arrows_and_have_their_letters(place: Place, sits: Sits) -> None:
    await say(place, "First.", "Second.")
    siti = await sits(place, "Siti Rahmadani")
    await siti.opens("network")
    keys = siti.page.keyboard
    first, second = siti.message("First."), siti.message("Second.")
    await second.focus()
    await keys.press("ArrowUp")
    await expect(first).to_be_focused()
    await keys.press("t")
    await expect(siti.composer(siti.beside)).to_be_focused()
    await keys.press("Escape")
    await expect(siti.beside).to_be_hidden()
    await expect(first).to_be_focused()
    await keys.press("r")
    await expect(siti.page.get_by_role("searchbox", name="Search emoji by name")).to_be_focused()
    await keys.type("eyes")
    await keys.press("Enter")
    await expect(first.get_by_role("button", name="eyes: Siti Rahmadani")).to_be_visible()


async def test_the_switcher_goes_to_places_by_keyboard(place: Place, sits: Sits) -> None:
    siti = await sits(place, "Siti Rahmadani")
    await siti.opens()
    keys = siti.page.keyboard
    await keys.press("Control+k")
    await expect(siti.page.get_by_role("combobox", name="A conversation or a person")).to_be_focused()
    await keys.type("netw")
    await keys.press("Enter")
    await expect(siti.main.get_by_role("heading", name="network")).to_be_visible()


async def test_what_can_be_done_with_a_message_is_done_by_touch(place: Place, sits: Sits) -> None:
    siti = await sits(place, "Siti Rahmadani", PHONE)
    await siti.opens("network")
    await siti.composer().fill("Form a phone")
    await siti.sends()
    await siti.does("Edit", await siti.sees("Form a phone"))
    await siti.main.get_by_role("textbox", name="Change your message").fill("From a phone")
    await siti.clicks("Save")
    await siti.sees("From a phone", "(edited)")
