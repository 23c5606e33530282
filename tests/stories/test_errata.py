"""An edition in use changes only by an erratum; whoever had answered is asked, and nobody's answer is lost."""

from __future__ import annotations

import random
import string
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from bot import editions, errata
from bot.errata import EditionChanged
from bot.formats import difference
from db.models import Appointment, EditionInUse, Erratum, Person
from db.queries import audit as audit_queries
from db.queries import errata as queries
from db.vocabulary import ErratumState, Via
from tests.browsing import Browser, link_in
from tests.stage import NETWORK, SECRETARIAT, Network, Player
from tests.stories import forging
from tests.stories.test_clearance import mails_only, wanted
from tests.stories.test_conversation import submitted

HOSTILE = "<!channel> *M* | a & <b>b</b> =1+1 <@U0LINH>"
SHOWN = "&lt;!channel&gt; *M* | a &amp; &lt;b&gt;b&lt;/b&gt; =1+1 &lt;@U0LINH&gt;"
CODE = "poverty_national_line"


def above(player: Player) -> str:
    """The words above the fields of the open form."""
    assert player.modal is not None
    return "\n".join(each["text"]["text"] for each in player.modal["blocks"] if each["type"] == "section")


async def answers(network: Network, short: str, text: str, code: str = CODE) -> None:
    await network[short].clicks("Start")
    await network[short].says(f"edit {code}")
    await network[short].says(text)


async def issues(network: Network, *, code: str = CODE, **fields: str) -> None:
    """Aisyah corrects the question of poverty, or another."""
    aisyah = network["aisyah"]
    await aisyah.command(f"erratum {code}")
    await aisyah.fills(**fields)
    assert await aisyah.submits() is None
    assert await aisyah.submits() is None


async def states(network: Network) -> dict[str, ErratumState]:
    async with network.database.reading() as session:
        found = [each.erratum.id for each in await errata.every(session)]
        return {each.member.code: each.asked.state for each in await queries.asked_of(session, found)}


async def test_one_question_is_corrected_and_whoever_answered_keeps_or_changes(everywhere: Network) -> None:
    siti, bounmy, linh, aisyah = (everywhere[short] for short in ("siti", "bounmy", "linh", "aisyah"))
    assert "Its file may simply be changed" in await aisyah.command(f"erratum {CODE}")
    await everywhere.opens()
    await answers(everywhere, "siti", "9.5 2023 survey")
    await answers(everywhere, "bounmy", "38.8 2020 survey")

    # The preview names whom it asks, and which answer lies outside; nothing has happened yet.
    await aisyah.command("erratum share of people below the national")
    assert aisyah.modal is None
    await aisyah.command(f"erratum {CODE}")
    assert CODE in above(aisyah)
    assert set(await aisyah.submits() or {}) == {"why"}
    await aisyah.fills(why=HOSTILE)
    assert await aisyah.submits() == {"why": "Nothing is another than it stands now."}
    await aisyah.fills(maximum="a lot")
    assert await aisyah.submits() == {"maximum": "Please write a number, such as 100 or 0.5."}
    await aisyah.fills(maximum="120", question=f"Share of the poor? {HOSTILE}")
    assert await aisyah.submits() == {"maximum": "A percent lies between 0 and 100."}
    await aisyah.fills(maximum="30,0")
    assert await aisyah.submits() is None
    assert "100 → 30" in above(aisyah) and f"Share of the poor? {SHOWN}" in above(aisyah)
    assert "Indonesia (Full assessment 2026)\n" in above(aisyah) + "\n"
    # What is not handed in is read by nobody else: not even that it lies outside.
    assert "Lao PDR (Full assessment 2026)\n" in above(aisyah) + "\n" and "outside" not in above(aisyah)
    assert "Viet Nam" not in above(aisyah) and await states(everywhere) == {}
    # The preview is nothing but a preview, with the way back to what was filled in: another word, and it is previewed
    # again.
    assert "'input'" not in str(aisyah.modal) and "Back to change it" in str(aisyah.modal)
    await aisyah.closes()
    await aisyah.fills(maximum="31")
    assert await aisyah.submits() is None
    assert "100 → 31" in above(aisyah) and await states(everywhere) == {}
    assert await aisyah.submits() is None
    assert aisyah.modal is None
    aisyah.hears(
        *("Erratum 1", "is issued", "Asked whether their answer stands: Indonesia and Lao PDR"), channel=NETWORK
    )
    assert await states(everywhere) == {"IDN": ErratumState.ASKED, "LAO": ErratumState.ASKED}

    siti.hears(f"Share of the poor? {SHOWN}", f"*Why:* {SHOWN}", "9.5", "Silence is not taken as a yes")
    assert "lies outside" not in siti.last()
    bounmy.hears("38.8", "lies outside what the question now takes (0 to 31)", "It is kept and marked")
    assert all("was corrected" not in said for said in linh.messages())

    # The running bot asks with the new words and bounds at once.
    await linh.clicks("Start")
    await linh.says(f"edit {CODE}")
    linh.hears(SHOWN)
    await linh.says("40 2022 survey")
    assert "40" not in str(await everywhere_answers(everywhere, "VNM"))
    await linh.says("4.2 2022 survey")

    await siti.clicks("Keep it")
    siti.hears("The answer of Indonesia to", "stands: 9.5")
    await siti.clicks("Keep it")
    siti.hears("That is noted already")
    await bounmy.clicks("Change it")
    bounmy.hears(SHOWN)
    assert await states(everywhere) == {"IDN": ErratumState.KEPT, "LAO": ErratumState.ASKED}
    listed = await aisyah.command("errata")
    assert "*Kept:* Indonesia" in listed and "has not said yet:* Lao PDR" in listed
    await bounmy.says("18.3 2018 survey")
    assert await states(everywhere) == {"IDN": ErratumState.KEPT, "LAO": ErratumState.CHANGED}
    assert "*Changed:* Lao PDR" in await aisyah.command("errata")

    # Each country reads what it said itself; a partner what was corrected; a contributor nothing.
    own = await siti.command("errata")
    assert "*Kept:* Indonesia" in own and "Lao PDR" not in own and SHOWN in own
    partner = await everywhere["per"].command("errata")
    assert SHOWN in partner and "Indonesia" not in partner
    assert "Your role does not include this" in await everywhere["rina"].command("errata")
    assert "Your role does not include this" in await siti.command(f"erratum {CODE}")

    # It outlives the process, and is on record.
    await everywhere.restarts()
    assert HOSTILE in editions.edition("common-1").indicator(CODE).question
    async with everywhere.database.reading() as session:
        rows = await audit_queries.of(session, "edition:common-1")
        assert [(row.act, row.why) for row in rows] == [("issue_erratum", HOSTILE)]
        assert rows[0].detail["changes"]["maximum"] == ["100", "31"]


async def everywhere_answers(network: Network, member: str) -> list[object]:
    async with network.database.reading() as session:
        return [
            each.answer.number
            for each in await queries.touched(session, "common-1", CODE)
            if each.member.code == member
        ]


async def test_who_clears_and_who_reviews_sees_what_lies_outside_corrected_bounds(everywhere: Network) -> None:
    siti, aisyah, dewi = everywhere["siti"], everywhere["aisyah"], everywhere["dewi"]
    await everywhere.opens("2026", "update")
    await wanted(everywhere)
    await siti.clicks("Start")
    await siti.says("edit mechanism_meetings")
    await siti.says("4 2026 register")
    await siti.says("edit progress_made")
    await siti.says("A new law was adopted in May.")
    await issues(everywhere, code="mechanism_meetings", why="Counted twice.", maximum="3")
    await siti.says("submit")
    await siti.clicks("Submit")
    marked = "4 (2026, register); outside what the question takes since it was corrected: 0 to 3"
    told = dewi.hears("A new law was adopted in May.", marked)
    assert told.count("outside what") == 1, "only beside that answer"
    await dewi.clicks("Clear it")
    assert aisyah.hears(marked, channel=SECRETARIAT).count("outside what") == 1


async def test_what_is_handed_in_is_changed_by_the_secretariat_giving_it_back(network: Network) -> None:
    siti, aisyah = network["siti"], network["aisyah"]
    await network.opens("2026", "update")
    await siti.clicks("Start")
    await siti.says("edit mechanism_meetings")
    await siti.says("4 2026 register")
    await siti.says("edit progress_made")
    await siti.says("A new law was adopted in May.")
    await siti.says("submit")
    await siti.clicks("Submit")
    await aisyah.command("erratum mechanism_meetings")
    await aisyah.fills(help="Count only meetings in person.", why="Online meetings were counted twice.", maximum="3")
    assert await aisyah.submits() is None
    assert "Indonesia (Short update 2026): its answer lies outside the new bounds; it is kept" in above(aisyah)
    assert await aisyah.submits() is None
    siti.hears("Count only meetings in person.", "the secretariat is told")

    # Another country's hands are off, whatever they send.
    async with network.database.reading() as session:
        (asked,) = await queries.asked_of(session, [1])
    for who in ("linh", "aisyah", "per", "rina", "dewi"):
        for deed in ("keep_answer:0", "change_answer:0"):
            await forging.clicks(network, who, deed, str(asked.asked.id))
            network[who].hears("could not find that any more")
    assert await states(network) == {"IDN": ErratumState.ASKED}

    await siti.clicks("Change it")
    siti.hears("can no longer be changed by you", "may return the assessment")
    aisyah.hears("*Indonesia* wants to change its answer", "`/spnet review Indonesia`", channel=SECRETARIAT)
    assert "Wants to change it, and has handed in:* Indonesia (outside the bounds)" in await aisyah.command("errata")
    await siti.clicks("Change it")
    siti.hears("knows already")
    assert sum("wants to change" in said for said in aisyah.messages(SECRETARIAT)) == 1
    assert "The answer that stands: 4" in aisyah.last(SECRETARIAT)
    assert "outside what the question takes since it was corrected: 0 to 3" in await aisyah.command("review Indonesia")
    # And may keep it after all, or want it changed once more.
    await siti.clicks("Keep it")
    assert await states(network) == {"IDN": ErratumState.KEPT}
    await network.passes(hours=1)
    await siti.clicks("Change it")
    assert await states(network) == {"IDN": ErratumState.WANTED}
    assert sum("wants to change" in said for said in aisyah.messages(SECRETARIAT)) == 2


async def test_what_was_never_handed_in_stays_unread_when_its_country_wants_to_change_it(network: Network) -> None:
    siti, aisyah = network["siti"], network["aisyah"]
    await network.opens()
    await answers(network, "siti", "71.37 2023 survey")
    await issues(network, maximum="60", why="Counted twice.")
    asked = siti.last_message()
    await network.at(datetime(2026, 12, 30, 3, 0, tzinfo=UTC))
    await siti.clicks("Change it", message=asked)
    siti.hears("The secretariat now knows")
    aisyah.hears(
        "*Indonesia* wants to change its answer", "only you can give the country more time", channel=SECRETARIAT
    )
    assert not [said for said in aisyah.messages(SECRETARIAT) + aisyah.messages() if "71.37" in said]
    assert "71.37" not in await aisyah.command("errata")


async def test_a_file_that_is_not_what_is_in_use_is_refused_with_the_two_ways_on(
    network: Network, tmp_path: Path
) -> None:
    await network.opens()
    file = tmp_path / "common-1.toml"
    original = (editions.FOLDER / "common-1.toml").read_text("utf-8")
    there = network.settings.network.model_copy(update={"format_file": file})
    settings = network.settings.model_copy(update={"network": there})

    # Comments and white space are nobody's business.
    file.write_text(original + "\n# Looked through.\n", "utf-8")
    await network.restarts(settings)

    file.write_text(original.replace('title = "Gini index"', 'title = "Inequality"'), "utf-8")
    await network.app.stop()
    with pytest.raises(EditionChanged) as refused:
        await network.starts(settings)
    told = str(refused.value)
    assert "question gini_index, title: “Gini index” is now “Inequality”" in told
    assert "by an erratum" in told and "such as common-2" in told and 'follows = ["common-1"]' in told

    # With the erratum, the file may carry either text, and no third.
    await network.app.stop()
    await network.starts(
        network.settings.model_copy(
            update={"network": there.model_copy(update={"format_file": editions.FOLDER / "common-1.toml"})}
        )
    )
    aisyah = network["aisyah"]
    await aisyah.command("erratum gini_index")
    await aisyah.fills(title="Inequality", why="Plain words.")
    assert await aisyah.submits() is None
    assert await aisyah.submits() is None
    await network.restarts(settings)
    assert editions.edition("common-1").indicator("gini_index").title == "Inequality"
    file.write_text(original.replace('title = "Gini index"', 'title = "Third words"'), "utf-8")
    await network.app.stop()
    with pytest.raises(EditionChanged, match="“Inequality” is now “Third words”"):
        await network.starts(settings)
    await network.app.stop()
    file.write_text(original, "utf-8")
    await network.starts(settings)
    async with network.database.reading() as session:
        assert not difference(await errata.current(session, "common-1"), editions.edition("common-1"))


async def test_another_process_reads_what_was_corrected_at_its_next_tick(network: Network) -> None:
    await network.opens()
    await answers(network, "siti", "9.5 2023 survey")
    await issues(network, title="Poor people", why="Shorter.")
    # As a process that has not seen it.
    editions.begin_anew([editions.edition("common-1")])
    editions.know(editions.FOLDER / "common-1.toml")
    assert editions.edition("common-1").indicator(CODE).title != "Poor people"
    await network.passes(minutes=1)
    assert editions.edition("common-1").indicator(CODE).title == "Poor people"
    await network["aisyah"].command("errata", channel=NETWORK)


async def test_of_two_issued_at_once_the_one_stored_last_is_laid_over_too_whatever_its_number(network: Network) -> None:
    """On PostgreSQL a number is taken before its row is stored: the higher one may be there first."""

    async def issued(number: int, indicator: str, title: str) -> None:
        changes = {"title": [editions.edition("common-1").indicator(indicator).title, title]}
        async with network.database.writing() as session:
            aisyah = await session.scalar(select(Person.id).where(Person.name == network["aisyah"].name))
            values = {
                "id": number,
                "edition": "common-1",
                "indicator": indicator,
                "changes": changes,
                "why": "Shorter.",
            }
            session.add(Erratum(**values, issued_by=aisyah, issued_at=network.clock.now(), via=Via.SLACK))
        async with network.database.reading() as session:
            assert await errata.catch_up(session)
            assert not await errata.catch_up(session)

    await network.opens()
    await issued(8, CODE, "Poor people")
    await issued(7, "gini_index", "Gini")
    edition = editions.edition("common-1")
    assert (edition.indicator(CODE).title, edition.indicator("gini_index").title) == ("Poor people", "Gini")


async def test_whoever_reads_mails_keeps_the_answer_on_a_page(reachable: Network) -> None:
    network = reachable
    await network.opens()
    await answers(network, "siti", "9.5 2023 survey")
    siti = await mails_only(network, "siti")
    await issues(network, help=f"Count households. {HOSTILE}", why=HOSTILE, maximum="8")
    letter = siti.mails[-1]
    assert "does your answer to" in str(letter.message["Subject"])
    page = letter.message.get_body(("html",))
    assert page is not None and "<b>b</b>" not in page.get_content() and "&lt;b&gt;b" in page.get_content()
    link = link_in(letter, "erratum")
    async with Browser(network) as browser:
        for method in ("GET", "HEAD"):
            await browser.visits(link, method=method)
        text = await browser.visits(link)
        assert "for Siti Rahmadani" in text and HOSTILE in text and "lies outside" in text
        await browser.posts(link)
        assert await states(network) == {"IDN": ErratumState.ASKED}, "looking and posting nothing say nothing"
        await browser.presses("It must change")
        assert "The secretariat is told" in browser.text
        assert await states(network) == {"IDN": ErratumState.WANTED}
        network["aisyah"].hears("*Indonesia* wants to change its answer", channel=SECRETARIAT)
        await browser.visits(link)
        await browser.presses("Keep it")
        assert "Kept. Thank you, Siti Rahmadani" in browser.text
        assert await states(network) == {"IDN": ErratumState.KEPT}
        # Who answers for Indonesia no more says nothing for it.
        async with network.database.writing() as session:
            await session.execute(
                update(Appointment)
                .where(Appointment.person_id == network.people["siti"].person_id)
                .values(ends_on=date(2026, 1, 1))
            )
        await browser.visits(link)
        assert browser.status == 404


async def test_what_ran_before_this_was_kept_is_kept_as_its_file_says(everywhere: Network) -> None:
    """An upgrade: cycles were opened, and nothing was written down of their edition."""
    await everywhere.opens()
    async with everywhere.database.writing() as session:
        await session.execute(delete(EditionInUse))
    await everywhere.restarts()
    async with everywhere.database.reading() as session:
        (row,) = await queries.in_use(session)
        assert not difference(await errata.current(session, "common-1"), editions.edition("common-1"))
    assert row.code == "common-1" and row.content == (editions.FOLDER / "common-1.toml").read_text("utf-8")
    assert row.first_used_at == everywhere.clock.now()
    # A cycle that is only planned uses nothing yet; a second opening writes nothing anew.
    await everywhere.opens("2026-Q4", "update", due="2027-01-10")
    async with everywhere.database.reading() as session:
        assert len(await queries.in_use(session)) == 1


async def test_what_waits_for_the_national_yes_is_taken_back_to_change_it(network: Network) -> None:
    siti, aisyah = network["siti"], network["aisyah"]
    await network.opens()
    await wanted(network, "dewi")
    await submitted(network, "siti")
    await issues(network, help="Count people.", why="Clearer.")
    siti.hears("It waits for the national yes: to change it, you take it back first")
    await siti.clicks("Change it")
    assert "secretariat now knows" not in siti.last() and "wants to change" not in aisyah.last(SECRETARIAT)
    assert await states(network) == {"IDN": ErratumState.ASKED}


async def test_only_the_secretariat_corrects_and_two_who_do_it_at_once_see_each_other(network: Network) -> None:
    aisyah = network["aisyah"]
    await network.opens()
    # Without a question: all of them to choose from. By its title, or a part of it that fits one only.
    assert "must be corrected?" in await aisyah.command("erratum")
    await aisyah.selects("Gini index", "erratum", channel=NETWORK)
    assert "`gini_index`" in above(aisyah)
    await aisyah.closes()
    for named in ("gini", "GINI INDEX", "gini_index common-1"):
        await aisyah.command(f"erratum {named}")
        assert "`gini_index`" in above(aisyah)
        await aisyah.closes()
    for named in ("covered", "weather"):
        assert f"I found no question called “{named}”" in await aisyah.command(f"erratum {named}")

    # While her form is open, a colleague in another process corrects the same question.
    await aisyah.command("erratum gini_index")
    await aisyah.fills(title="Inequality", why="Plain words.")
    by = network.people.speaker("aisyah")
    async with network.database.writing() as session:
        form = await errata.form(session, by, errata.About("common-1", "gini_index"))
        given = {each.name: [each.initial or ""] for each in form.fields} | {"title": ["Gini"], "why": ["Short."]}
        kept = await errata.store(session, by, form.private, given, network.clock.now())
        assert kept.over is not None
        kept = await errata.store(session, by, kept.over.private, {}, network.clock.now())
        assert kept.said is not None
    assert await aisyah.submits() is None
    assert "Somebody else has corrected this question meanwhile" in above(aisyah)
    assert "Gini → Inequality" in above(aisyah)
    assert await aisyah.submits() is None
    aisyah.hears("Erratum 2", "is issued", "nobody is asked", channel=NETWORK)
    assert [each.erratum.changes for each in await every(network)] == [
        {"title": ["Gini index", "Gini"]},
        {"title": ["Gini", "Inequality"]},
    ]

    # What is longer than a form carries is previewed above its fields.
    await aisyah.command("erratum gini_index")
    noise = random.Random(1)
    long = {
        name: "".join(noise.choices(string.printable[:94], k=length))
        for name, length in (("help", 1500), ("why", 1000))
    }
    await aisyah.fills(**long, question="".join(noise.choices(string.printable[:94], k=400)))
    assert await aisyah.submits() is None
    assert "Nothing has happened yet" in above(aisyah) and "'input'" in str(aisyah.modal)
    await aisyah.closes()
    assert aisyah.modal is None

    # Nobody else does, whatever they send; and nothing but words and bounds is ever corrected.
    for who in ("siti", "dewi", "per", "rina", "bounmy"):
        for callback in ("erratum", "issue_erratum"):
            await forging.submits(network, who, callback, "common-1:gini_index::", title="Mine", why="Mine")
            network[who].hears("Your role does not include this")
            await forging.clicks(network, who, f"{callback}:0", "common-1:gini_index::")
            assert network[who].modal is None
    for private in ("common-1:weather::", "common-9:gini_index::", "gini_index"):
        await forging.submits(network, "aisyah", "issue_erratum", private, title="Mine", why="Mine")
        assert "issued" not in aisyah.last()
    for packed in ("x", "¡", "{}"):
        await forging.submits(network, "aisyah", "issue_erratum", f"common-1:gini_index:::|{packed}")
        aisyah.hears("I could not find that any more")
    assert len(await every(network)) == 2


async def every(network: Network) -> list[queries.Issued]:
    async with network.database.reading() as session:
        return await errata.every(session)
