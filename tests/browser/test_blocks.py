"""Blocks and elements under a person's hands: mouse, keyboard, and what the bot would hear of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Browser, Locator, Page, expect

from tests import npm
from tests.browser.gallery import app
from tests.browser.watch import Watch

PHONE = {"width": 390, "height": 844}


class Gallery:
    """The page with every block, and what was done on it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def at(self, key: str) -> Locator:
        """The field of an element: block_id/action_id."""
        return self.page.locator(f'[data-key="{key}"]')

    async def did(self, *acts: list[Any]) -> None:
        """These acts were done since one last asked, and nothing is on its way any more."""
        body = self.page.locator("body")
        await expect(body).to_have_attribute("data-acts", json.dumps(acts, separators=(",", ":")))
        await expect(self.page.locator('.b-field[aria-busy="true"]')).to_have_count(0)
        await self.page.evaluate("window.forget()")


@pytest.fixture(scope="module")
async def address() -> AsyncIterator[str]:
    """Where the gallery is."""
    runner = web.AppRunner(app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield f"http://127.0.0.1:{port}/"
    await runner.cleanup()


@pytest.fixture
async def gallery(browser: Browser, watch: Watch, address: str) -> AsyncIterator[Gallery]:
    """The gallery, drawn."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    watch.follows(context)
    page = await context.new_page()
    await page.goto(address)
    await expect(page.locator("body[data-drawn]")).to_be_attached()
    yield Gallery(page)
    await context.close()


async def test_a_button_with_a_question_acts_only_on_yes(gallery: Gallery) -> None:
    button = gallery.at("deeds/hand_in").get_by_role("button")
    question = gallery.page.get_by_role("dialog", name="Hand in now?")

    await button.click()
    await expect(question).to_contain_text("The 33 answers of Indonesia go to the secretariat.")
    await gallery.page.keyboard.press("Escape")
    await expect(question).to_have_count(0)
    await expect(button).to_be_focused()
    await button.click()
    await question.get_by_role("button", name="Not yet").click()
    await gallery.did()

    await button.click()
    await question.get_by_role("button", name="Yes, hand in").click()
    await gallery.did(["clicks", "deeds/hand_in", "hand_in's value"])


async def test_a_dangerous_question_has_its_safe_answer_first(gallery: Gallery) -> None:
    await gallery.at("deeds/withdraw").get_by_role("button").click()

    await expect(gallery.page.get_by_role("button", name="Not yet")).to_be_focused()


async def test_what_went_wrong_is_said_at_the_button(gallery: Gallery) -> None:
    await gallery.page.evaluate(
        "() => { window.answer = async () => { throw { told: 'The bot did not answer in time.' }; } }"
    )
    place = gallery.at("deeds/skip")

    await place.get_by_role("button").click()
    await expect(place.get_by_role("alert")).to_have_text("The bot did not answer in time.")

    await gallery.page.evaluate("() => { window.answer = async () => ({}) }")
    await place.get_by_role("button").click()
    await expect(place.get_by_role("alert")).to_have_count(0)


async def test_a_button_waits_for_its_answer_before_it_is_clicked_again(gallery: Gallery) -> None:
    await gallery.page.evaluate("() => { window.answer = () => new Promise((done) => (window.finish = done)) }")
    button = gallery.at("deeds/skip").get_by_role("button")

    await button.click()
    await button.click()
    await gallery.page.evaluate("window.finish({})")
    await gallery.did(["clicks", "deeds/skip", "skip's value"])

    await button.click()
    await gallery.page.evaluate("window.finish({})")
    await gallery.did(["clicks", "deeds/skip", "skip's value"])


async def test_a_button_with_an_address_opens_it_beside_the_page(gallery: Gallery) -> None:
    link = gallery.at("deeds/open").get_by_role("link", name="Open the format")

    await expect(link).to_have_attribute("href", "https://example.org/format")
    await expect(link).to_have_attribute("target", "_blank")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")


async def test_an_overflow_menu_is_walked_with_the_arrows(gallery: Gallery) -> None:
    menu = gallery.at("deeds/more")
    await menu.get_by_role("button", name="More").focus()
    await gallery.page.keyboard.press("Enter")
    await expect(menu.get_by_role("menuitem", name="Copy")).to_be_focused()
    await gallery.page.keyboard.press("ArrowDown")
    await gallery.page.keyboard.press("Enter")

    await gallery.did(["selects", "deeds/more", "ask"])
    await expect(menu.get_by_role("menu")).to_be_hidden()
    await expect(menu.get_by_role("button", name="More")).to_be_focused()


async def test_a_select_is_told_at_once_by_pointer_and_when_left_by_keyboard(gallery: Gallery) -> None:
    select = gallery.at("choices/country").get_by_role("combobox", name="Choose a country")

    await select.select_option("Lao PDR")
    await gallery.did(["selects", "choices/country", "Lao PDR"])

    await select.focus()
    for _ in range(2):
        await gallery.page.keyboard.press("ArrowDown")
    await gallery.did()
    await gallery.page.keyboard.press("Tab")
    await gallery.did(["selects", "choices/country", "Myanmar"])


async def test_a_select_of_several_is_told_when_its_panel_closes(gallery: Gallery) -> None:
    themes = gallery.at("themes/themes")
    await themes.get_by_role("button", name="Children").click()
    await themes.get_by_role("checkbox", name="Old age").check()
    await themes.get_by_role("checkbox", name="Children").uncheck()
    await gallery.did()

    await gallery.page.keyboard.press("Escape")
    await gallery.did(["selects", "themes/themes", ["Old age"]])
    await expect(themes.get_by_role("button", name="Old age")).to_be_focused()


async def test_a_choice_that_one_takes_back_is_as_it_was(gallery: Gallery) -> None:
    select = gallery.page.get_by_role("combobox", name="Hand over to")
    question = gallery.page.get_by_role("dialog", name="Hand in now?")
    await select.select_option("Bounmy")
    await question.get_by_role("button", name="Not yet").click()
    await expect(select).to_have_value("Siti")

    team = gallery.at("team/team")
    await team.get_by_role("button", name="Siti Rahmadani").click()
    await team.get_by_role("checkbox", name="Bounmy Keo").check()
    await gallery.page.keyboard.press("Escape")
    await question.get_by_role("button", name="Not yet").click()
    await expect(team.get_by_role("button")).to_have_text("Siti Rahmadani")
    await gallery.did()


async def test_days_hours_and_moments_are_told_in_the_readers_zone(gallery: Gallery) -> None:
    moment = gallery.at("choices/moment").locator("input")
    await expect(moment).to_have_value("2026-12-15T17:00")

    await moment.fill("2026-12-20T08:00")
    await gallery.at("choices/day").locator("input").fill("2026-12-20")
    await gallery.at("choices/hour").locator("input").fill("08:30")

    await gallery.did(
        ["selects", "choices/moment", 1797728400],
        ["selects", "choices/day", "2026-12-20"],
        ["selects", "choices/hour", "08:30"],
    )


async def test_marks_beside_a_section_carry_its_words(gallery: Gallery) -> None:
    await (
        gallery.page.get_by_role("radiogroup", name="Is the figure final?")
        .get_by_role("radio", name="It is an estimate")
        .check()
    )
    await (
        gallery.page.locator("#message")
        .get_by_role("group", name="Who is covered?")
        .get_by_role("checkbox", name="Children")
        .check()
    )

    await gallery.did(["selects", "sure/final", "estimate"], ["selects", "covered/covered", ["children"]])


async def test_people_who_left_are_not_offered(gallery: Gallery) -> None:
    people = gallery.page.locator("#message").get_by_role("combobox", name="A person").locator("option")

    assert [words.partition(" (")[0] for words in await people.all_inner_texts()] == [
        "A person",
        "Bounmy Keo",
        "Siti Rahmadani",
        "spnet",
    ]


async def test_a_field_is_filled_when_it_is_left(gallery: Gallery) -> None:
    share = gallery.page.get_by_label("Share of the population")
    await share.fill("38.8")
    await gallery.did()
    assert await gallery.page.evaluate("window.unsent()") == {"share": "38.8"}

    await share.press("Tab")
    await gallery.did(["fills", "share/v", "38.8"])
    assert await gallery.page.evaluate("window.unsent()") == {}


async def test_errors_and_hints_belong_to_their_field(gallery: Gallery) -> None:
    share = gallery.page.get_by_label("Share of the population")

    await expect(share).to_have_attribute("aria-invalid", "true")
    await expect(share).to_have_accessible_description(
        "Must be at most 100 In percent, for the latest year that you have From 0 to 100."
    )
    await expect(gallery.page.get_by_role("alert").filter(has_text="Must be at most 100")).to_be_visible()
    await expect(gallery.page.get_by_role("radiogroup", name="Is it final?")).to_have_accessible_description(
        "Please complete this required field."
    )


async def test_a_new_drawing_loses_no_word_and_no_focus(gallery: Gallery) -> None:
    changed = gallery.page.get_by_label("What changed?")
    await changed.press_sequentially("A new law")
    await changed.press("ArrowLeft")

    await gallery.page.evaluate("window.draw()")

    await expect(changed).to_have_value("A new law")
    await expect(changed).to_be_focused()
    assert await changed.evaluate("field => field.selectionStart") == len("A new la")
    await gallery.did()
    await changed.press("Tab")
    await gallery.did(["fills", "changed/v", "A new law"])


async def test_a_new_drawing_leaves_an_open_panel_open(gallery: Gallery) -> None:
    themes = gallery.at("themes/v")
    await themes.get_by_role("button", name="Themes").click()
    await themes.get_by_role("checkbox", name="Injury").check()
    await gallery.did(["fills", "themes/v", ["Children", "Injury"]])
    await expect(themes.get_by_role("checkbox", name="Old age")).to_be_disabled()
    await expect(themes.get_by_role("status")).to_have_text("No more than 2.")

    await gallery.page.evaluate("window.draw()")

    await expect(themes.get_by_role("dialog", name="Themes")).to_be_visible()


async def test_a_field_that_dispatches_is_told_by_its_triggers(gallery: Gallery) -> None:
    quick, live = (gallery.page.get_by_label(name, exact=True) for name in ("Look up", "Look up while typing"))
    await quick.fill("floor")
    await quick.press("Tab")
    await gallery.did()
    assert await gallery.page.evaluate("window.unsent()") == {"quick": "floor"}
    await quick.press("Enter")
    await gallery.did(["fills", "quick/v", "floor"])

    await live.fill("ceiling")
    await gallery.did(["fills", "live/v", "ceiling"])


async def test_choices_that_the_bot_suggests_are_searched(gallery: Gallery) -> None:
    indicator = gallery.at("indicator/v")
    await indicator.get_by_role("button", name="Indicator").click()
    await expect(indicator.get_by_role("dialog")).to_contain_text("Type at least 2 characters.")
    await expect(indicator.get_by_role("searchbox", name="Search")).to_be_focused()
    await gallery.page.keyboard.type("cover")
    await indicator.get_by_role("button", name="Children covered").click()

    await gallery.did(["suggests", "indicator/v", "cover"], ["fills", "indicator/v", "Children covered"])
    await expect(indicator.get_by_role("button", name="Indicator Children covered")).to_be_focused()


async def test_conversations_are_filtered_as_asked(gallery: Gallery) -> None:
    talks = gallery.at("talks/v")
    await talks.get_by_role("button", name="Conversations").click()

    await expect(talks.locator(".b-choice")).to_have_text(["#network", "#secretariat"])
    await expect(gallery.page.get_by_label("Conversation", exact=True)).to_have_value("D0BOT")


async def test_formatting_buttons_put_slacks_signs_around_words(gallery: Gallery) -> None:
    note = gallery.page.get_by_label("Note")
    await note.fill("new law")
    await note.evaluate("field => field.setSelectionRange(4, 7)")
    await gallery.at("note/v").get_by_role("button", name="Bold").click()

    await expect(note).to_have_value("new *law*")
    await expect(note).to_be_focused()
    await note.press("Tab")
    await gallery.did(["fills", "note/v", "new *law*"])


async def test_files_are_handed_over_as_many_as_allowed(gallery: Gallery) -> None:
    evidence = gallery.at("files/v").locator("input")
    files = [{"name": f"{n}.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"} for n in range(3)]

    await evidence.set_input_files(files[:2])
    await gallery.did(["fills", "files/v", ["0.pdf", "1.pdf"]])
    await evidence.set_input_files(files)
    await expect(gallery.at("files/v").get_by_role("alert")).to_have_text("No more than 2 files.")
    await gallery.did()


async def test_words_that_grow_too_long_are_counted(gallery: Gallery) -> None:
    source = gallery.page.get_by_label("Source")
    await source.fill("A survey of households")

    await expect(gallery.at("source/v").locator(".b-counter")).to_have_text("-2")


async def test_nothing_is_loaded_from_elsewhere_and_nothing_is_lost_of_it(gallery: Gallery) -> None:
    """The fixture `watch` fails on any request to another host; what stands there is told in words, with a link."""
    picture = gallery.page.get_by_role("link", name="Coverage in Indonesia")

    await expect(picture).to_have_attribute("href", "https://example.org/chart.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_no_barrier(browser: Browser, address: str, scheme: Any) -> None:
    context = await browser.new_context(bypass_csp=True, color_scheme=scheme)
    page = await context.new_page()
    await page.goto(address)
    await expect(page.locator("body[data-drawn]")).to_be_attached()
    await page.add_script_tag(path=npm.installed() / "node_modules" / "axe-core" / "axe.min.js")

    found = await page.evaluate("axe.run()")

    await context.close()
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_gallery_fits_a_phone(gallery: Gallery, scheme: Any) -> None:
    await gallery.page.emulate_media(color_scheme=scheme)
    await gallery.page.set_viewport_size(PHONE)

    assert await gallery.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize(
    ("wall", "seconds"),
    [
        ("2026-07-01T12:00", 1782900000),
        ("2026-10-25T01:59", 1792886340),
        ("2026-10-25T03:00", 1792893600),
        ("2026-03-29T03:00", 1774746000),
        ("2026-12-31T23:59", 1798757940),
    ],
)
async def test_a_wall_clock_is_that_of_its_zone_in_summer_and_winter(gallery: Gallery, wall: str, seconds: int) -> None:
    """Oslo's clocks go forward on 29 March 2026 and back on 25 October."""
    there = await gallery.page.evaluate(
        """async (wall) => {
            const { fromWall, toWall } = await import("/zones.js");
            const at = fromWall(wall, "Europe/Oslo");
            return [at, toWall(at, "Europe/Oslo")];
        }""",
        wall,
    )

    assert there == [seconds, wall]
