"""An unusual value is asked about, "is this right? what changed?": never refused, never asked twice."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

from sqlalchemy import select

from bot import history, observations
from bot.editions import FOLDER
from bot.formats import load_edition
from db.models import Answer, AuditRow
from db.vocabulary import Via
from tests.browsing import Browser, link_in
from tests.stage import Network
from tests.stories.test_delegation import hands_out

EDITION = load_edition(FOLDER / "common-1.toml")
FILE = """member,indicator,wdi_code,year,value
IDN,poverty_national_line,SI.POV.NAHC,2022,38.2
IDN,poverty_national_line,SI.POV.NAHC,2023,38.5
IDN,poverty_national_line,SI.POV.NAHC,2024,38.8
IDN,gini_index,SI.POV.GINI,2024,36.1
IDN,urban_slum_population,EN.POP.SLUM.UR.ZS,2024,19.4
LAO,gini_index,SI.POV.GINI,2024,38.8
"""
QUESTION = "Is this right? What changed?"


async def known(network: Network) -> None:
    """The values of earlier years are there, and a cycle asks for this year's."""
    rows = observations.read(
        io.BytesIO(FILE.encode()), edition=EDITION, members=["IDN", "LAO"], today=date(2026, 11, 2)
    )
    async with network.database.writing() as session:
        by = network.people.speaker("aisyah", Via.COMMAND_LINE)
        now = datetime(2026, 11, 2, 2, tzinfo=UTC)
        await history.bring_in(session, by, rows, edition=EDITION, title=lambda year: f"Values of {year}", now=now)
    await network.opens()


async def answer_to(network: Network, code: str) -> Answer:
    """The newest answer to a question."""
    async with network.database.reading() as session:
        return (await session.scalars(select(Answer).where(Answer.indicator == code).order_by(Answer.id.desc()))).all()[
            0
        ]


async def test_siti_says_88_8_where_38_8_stood(everywhere: Network) -> None:
    """She is asked, with the old value and the new one; she explains, and what she wrote is kept with the answer."""
    await known(everywhere)
    siti = everywhere["siti"]
    await siti.clicks("Start")
    await siti.says("edit poverty_national_line")
    await siti.says("88,8 2025 SUSENAS")
    siti.hears(QUESTION, "88.8 % (2025, SUSENAS)", "38.8 % (2024)", "50.0 percentage points higher", "38.2 and 38.8")
    # Another message about something else entirely is none.
    await siti.says("a new line <!channel> & *twice* as high")
    heard = siti.hears("I kept what you wrote with it", "88.8 % (2025, SUSENAS)")
    assert QUESTION not in heard
    answer = await answer_to(everywhere, "poverty_national_line")
    assert answer.explanation == "a new line <!channel> & *twice* as high"
    assert answer.doubted is not None
    assert [row["state"] for row in answer.doubted] == ["explained"]
    # The same value is not asked about again; another one is.
    await siti.says("poverty_national_line 88.8 2025 SUSENAS, second report")
    assert QUESTION not in siti.last()
    assert (await answer_to(everywhere, "poverty_national_line")).explanation == answer.explanation
    await siti.says("poverty_national_line 8.8 2023 SUSENAS")
    siti.hears(QUESTION, "30.0 percentage points lower", "It is for 2023, which is before the year of last time")
    await siti.clicks("Change it")
    await siti.says("38.9 2025 SUSENAS")
    assert QUESTION not in siti.last(), "a value that moves on as before is not asked about"
    assert (await answer_to(everywhere, "poverty_national_line")).explanation is None, "it was said about another value"
    await siti.says("poverty_national_line 88.8 2025 SUSENAS")
    assert QUESTION not in siti.last(), "never twice about the same value"
    async with everywhere.database.reading() as session:
        said = list(await session.scalars(select(AuditRow).where(AuditRow.act == "value_is_right")))
    assert [(row.detail["indicator"], row.detail["value"]["number"]) for row in said] == [
        ("poverty_national_line", "88.8")
    ]


async def test_khmer_digits_a_bare_yes_and_words_that_look_like_a_value(network: Network) -> None:
    """A yes is enough: nobody is kept from going on. A number in the explanation is no new value; a value is one."""
    await known(network)
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says("edit poverty_national_line")
    await siti.says("៨៨,៨ ២០២៥ SUSENAS")
    siti.hears(QUESTION, "88.8 % (2025, SUSENAS)")
    await siti.says("yes")
    assert QUESTION not in siti.hears("stays 88.8 % (2025, SUSENAS)")
    assert (await answer_to(network, "poverty_national_line")).explanation is None
    await siti.says("gini_index 46.1 2025 SUSENAS")
    siti.hears(QUESTION, "Last time (2024) it was 36.1 (2024). Now it is 10.0 higher.")
    await siti.says("2 new programmes began in 2023")
    siti.hears("I kept what you wrote")
    answer = await answer_to(network, "gini_index")
    assert (str(answer.number), answer.explanation) == ("46.1", "2 new programmes began in 2023")
    await siti.says("urban_slum_population 91.4 2025 SUSENAS")
    siti.hears(QUESTION)
    await siti.says("19.4 2025 SUSENAS")
    assert QUESTION not in siti.hears("19.4 % (2025, SUSENAS)")
    answer = await answer_to(network, "urban_slum_population")
    assert (str(answer.number), answer.explanation) == ("19.4", None)


async def test_a_part_that_is_greater_than_its_whole(network: Network) -> None:
    """A rule of the format is said in its own words, with both numbers; "no" leads back to the question."""
    await known(network)
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says("poverty_lower_middle_line 40 2025 SUSENAS")
    assert QUESTION not in siti.last(), "without history nothing is unusual"
    await siti.says("poverty_international_line 44 2025 SUSENAS")
    siti.hears(
        QUESTION,
        "Who lives below the international poverty line lives also below the higher line",
        "You gave: Poverty at the international line 44 % (2025); ",
        " 40 % (2025).",
    )
    await siti.says("no")
    siti.hears("Your answer so far: *44 % (2025, SUSENAS)*")
    await siti.says("4.4 2025 SUSENAS")
    assert QUESTION not in siti.last()


async def test_a_year_that_has_not_come_is_asked_about_and_not_refused(everywhere: Network) -> None:
    """A projection may be right, a slip of the finger is not: both are kept, and asked about once."""
    network = everywhere
    await network.opens()
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says("gini_index 36 2030 SUSENAS")
    siti.hears(QUESTION, "36 (2030, SUSENAS)", "The year 2030 has not come yet.")
    await siti.says("it is the projection of the <plan> & no survey")
    siti.hears("I kept what you wrote with it", "36 (2030, SUSENAS)")
    answer = await answer_to(network, "gini_index")
    assert (answer.year, answer.explanation) == (2030, "it is the projection of the <plan> & no survey")
    await siti.says("poverty_national_line 9.4 2032 SUSENAS")
    siti.hears(QUESTION, "The year 2032 has not come yet.")
    await siti.clicks("Change it")
    await siti.says("9.4 2023 SUSENAS")
    assert QUESTION not in siti.hears("9.4 % (2023, SUSENAS)")
    # Of the Buddhist calendar it is offered back as ever, and asked about where it has not come.
    await siti.says("gini_index 37 2563 SES")
    siti.hears("Which year do you mean?")
    await siti.clicks("2020")
    assert QUESTION not in siti.hears("37 (2020, SES)")
    await siti.says("gini_index 37 2573 SES")
    await siti.clicks("2030")
    siti.hears(QUESTION, "37 (2030, SES)", "The year 2030 has not come yet.")
    await siti.clicks("It is right")
    await siti.says("gini_index 38 2041 SES")
    assert QUESTION not in siti.hears("The year 2041 is more than ten years ahead.")
    assert str((await answer_to(network, "gini_index")).number) == "37"


async def test_a_pasted_sheet_is_asked_about_once_for_each_answer(network: Network) -> None:
    """Three lines, two of them unusual: one question after the other, then the conversation goes on."""
    await known(network)
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says(
        "poverty_national_line 88.8 2025 SUSENAS\ngini_index 37 2025 SUSENAS\nurban_slum_population 91.4 2025 SUSENAS"
    )
    siti.hears(QUESTION, "88.8 %", "one more answer")
    await siti.says("Poverty: the line was raised by the new law")
    siti.hears(QUESTION, "91.4 %")
    old = siti.last_message()
    await siti.clicks("It is right")
    assert QUESTION not in siti.last()
    assert (await answer_to(network, "poverty_national_line")).explanation == (
        "Poverty: the line was raised by the new law"
    )
    # A second click on the same button changes nothing.
    await siti.clicks("It is right", message=old)
    assert QUESTION not in siti.last()
    await siti.says("review")
    siti.hears("the line was raised by the new law")


async def test_an_edited_message_is_looked_at_too(network: Network) -> None:
    """The wrong value is noticed and corrected in the message itself; the question that was open stays open."""
    await known(network)
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says("edit poverty_national_line")
    ts = await siti.says("38.9 2025 SUSENAS")
    open_before = siti.last().split("*\n")[0]
    await siti.edits(ts, "88.9 2025 SUSENAS")
    siti.hears(QUESTION, "88.9 % (2025, SUSENAS)")
    because = await siti.says("a new line")
    assert QUESTION not in siti.hears("88.9 % (2025, SUSENAS)", open_before.splitlines()[-1])
    await siti.edits(because, "a new national line, from the law of 2025")
    answer = await answer_to(network, "poverty_national_line")
    assert answer.explanation == "a new national line, from the law of 2025"
    await siti.edits(ts, "38.7 2025 SUSENAS")
    assert QUESTION not in siti.last()
    assert (await answer_to(network, "poverty_national_line")).explanation is None


async def test_a_contributor_is_asked_about_their_own_part(network: Network) -> None:
    """Rina answers one question; what she explains stands beside the answer for whoever hands it in."""
    await known(network)
    siti, rina = network["siti"], network["rina"]
    await siti.clicks("Start")
    await siti.says("poverty_lower_middle_line 40 2025 SUSENAS")
    letter = EDITION.indicator("poverty_national_line").section
    await hands_out(network, "poverty_national_line", f"{letter}:poverty_national_line")
    await rina.says("start")
    await rina.says("88.8 2025 SUSENAS")
    rina.hears(QUESTION, "38.8 % (2024)")
    await rina.says("we counted the islands for the first time")
    assert (await answer_to(network, "poverty_national_line")).explanation == (
        "we counted the islands for the first time"
    )
    await siti.says("review")
    siti.hears("we counted the islands for the first time")


async def test_on_their_page_a_contributor_is_asked_once_and_never_kept_from_handing_over(reachable: Network) -> None:
    """The first press keeps the answers and asks; the second hands them over, with what changed."""
    await known(reachable)
    siti = reachable["siti"]
    await siti.clicks("Start")
    await siti.says("edit gini_index")
    await siti.clicks("Ask a colleague")
    await siti.fills(part="F:", name="Wati Example", email="wati@health.example.org", due="2026-12-04")
    assert await siti.submits() is None
    async with Browser(reachable) as browser:
        await browser.visits(link_in(reachable.mailbox.to("wati@health.example.org")[-1], "answer"))
        await browser.presses("I am Wati Example: open it")
        assert "This is unusual" not in browser.text
        sent = {"a_poverty_national_line": "88,8 2030 SUSENAS", "a_gini_index": "37 2025 SUSENAS"}
        await browser.presses("Hand over", **sent)
        assert "not handed over yet: one value is unusual" in browser.text
        assert "Last time (2024) it was 38.8 % (2024). Now it is 50.0 percentage points higher." in browser.text
        assert "The year 2030 has not come yet." in browser.text
        assert "You gave" not in browser.text
        await browser.presses("Hand over", x_poverty_national_line="<b>islands</b> & =cmd <!channel>")
        assert "This is unusual" not in browser.text
    answer = await answer_to(reachable, "poverty_national_line")
    assert answer.explanation == "<b>islands</b> & =cmd <!channel>"
    await siti.says("review")
    siti.hears("88.8 % (2030, SUSENAS)", "&lt;b&gt;islands&lt;/b&gt; &amp; =cmd &lt;!channel&gt;")


async def test_a_restart_forgets_nothing_and_another_person_may_go_on(everywhere: Network) -> None:
    """The bot stops between the question and the answer; Budi changes the value meanwhile: nobody is asked about it."""
    await known(everywhere)
    siti, budi = everywhere["siti"], everywhere["budi"]
    await siti.clicks("Start")
    await siti.says("edit poverty_national_line")
    await siti.says("88.8 2025 SUSENAS")
    siti.hears(QUESTION)
    await everywhere.restarts()
    await siti.says("status")
    await siti.says("start")
    siti.hears(QUESTION, "38.8 % (2024)")
    await siti.says("the islands are counted now")
    assert (await answer_to(everywhere, "poverty_national_line")).explanation == "the islands are counted now"
    await siti.says("gini_index 46.2 2025 SUSENAS")
    siti.hears(QUESTION, "46.2")
    asked = siti.last_message()
    await budi.says("gini_index 36.2 2025 SUSENAS")
    assert QUESTION not in budi.hears("36.2 (2025, SUSENAS)")
    await siti.clicks("It is right", message=asked)
    assert QUESTION not in siti.last()
    answer = await answer_to(everywhere, "gini_index")
    assert (str(answer.number), answer.explanation) == ("36.2", None)
    # Whoever skips goes on, and is not asked again.
    await siti.says("urban_slum_population 99 2025 SUSENAS")
    siti.hears(QUESTION)
    await siti.says("skip")
    assert QUESTION not in siti.last()
    await siti.says("review")
    assert QUESTION not in siti.hears("Urban population in slums: 99 %")
