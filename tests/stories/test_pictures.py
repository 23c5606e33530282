"""Pictures reach people where they look: as files in the chat, told in words too; in mails; on a page."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from PIL import Image

from bot import links
from bot.progress import PROGRESS_LINK
from bot.sandbox.mailbox import Letter
from db.models import Mechanism
from db.queries import cycles as cycle_queries
from db.vocabulary import AssessmentState, CycleOrigin, CycleState, MechanismStatus
from tests.reports import a_cycle, a_report, an_assessment
from tests.stage import NETWORK, SECRETARIAT, Network, Player
from tests.stories import forging
from tests.stories.conftest import PUBLIC_ADDRESS
from tests.stories.test_conversation import submitted

HOSTILE = "Assessment <!channel> *2025* & <b>co</b>"
SECRET = "for-the-tests-only-0123456789-abcdefghij"
AIM = {"floor": "40", "ceiling": "60", "target_year": 2030, "source": "Law", "valid_from": "2022-03-01"}


async def two_years(network: Network, state: CycleState = CycleState.CLOSED) -> None:
    """Indonesia and Viet Nam reported in 2023 and in 2025; the Philippines handed in, Cambodia need not."""
    now = network.clock.now()
    async with network.database.writing() as session:
        last = await a_cycle(session, "2023", state=CycleState.PUBLISHED, origin=CycleOrigin.IMPORTED)
        this = await a_cycle(session, "2025", state=state, title=HOSTILE)
        for member, before, after in (("IDN", "32", "41.5"), ("VNM", "30", "38")):
            await a_report(session, last, member, now, pension_covered=f"{before} 2022 LFS")
            report = await a_report(session, this, member, now, pension_covered=f"{after} 2024 LFS")
            report.floors = {"pension_covered": AIM}
        await an_assessment(session, this, "PHL", AssessmentState.SUBMITTED, now)
        await an_assessment(session, this, "KHM", AssessmentState.NOT_REQUIRED, now)


async def picture_of(network: Network, file: dict[str, Any]) -> Image.Image:
    """A shared picture, as the page of the sandbox fetches it."""
    async with aiohttp.ClientSession() as session, session.get(network.sandbox.slack.origin + file["url"]) as answer:
        assert (answer.status, answer.content_type) == (200, "image/png")
        return Image.open(io.BytesIO(await answer.read()))


def shown(player: Player, channel: str | None = None) -> list[tuple[str, str]]:
    """Name and title of each picture that somebody sees."""
    return [(file["name"], file["title"]) for file in player.files(channel)]


async def test_the_picture_of_a_command_comes_to_the_asker_alone(network: Network) -> None:
    await two_years(network, CycleState.PUBLISHED)
    siti, dewi, bounmy = network["siti"], network["dewi"], network["bounmy"]
    said = await siti.command("progress")
    title = f"Indonesia: last time and now, {HOSTILE}"
    assert said.count("Progress of Indonesia") == 1
    assert said.endswith(
        "In your direct messages with me: Indonesia: last time and now, "
        "Assessment &lt;!channel&gt; *2025* &amp; &lt;b&gt;co&lt;/b&gt;"
    )
    assert shown(siti) == [("idn-assessment-channel-2025-b-co-b-progress.png", title)]
    assert siti.files(NETWORK) == [] == dewi.files() == bounmy.files()
    (file,) = siti.files()
    assert "Older persons receiving a pension: 32 → 41.5 % (2022 → 2024); own floor 40 (reached)" in file["alt"]
    assert (await picture_of(network, file)).width == 1200

    await bounmy.command("compare pension_covered")
    (file,) = bounmy.files()
    assert file["name"].startswith("pension-covered-")
    assert "Indonesia: 32 → 41.5 %" in file["alt"] and file["alt"].index("Indonesia") < file["alt"].index("Viet Nam")

    # In the direct messages themselves the picture stands below the answer.
    await dewi.says("status")
    await dewi.command("progress", channel=dewi.last_message().channel)
    assert shown(dewi) == [("idn-assessment-channel-2025-b-co-b-progress.png", title)]


async def test_the_secretariat_sees_who_reported_when_and_everybody_the_mechanisms(network: Network) -> None:
    await two_years(network)
    async with network.database.writing() as session:
        session.add(Mechanism(member_code="IDN", status=MechanismStatus.ESTABLISHED, changed_at=network.clock.now()))
    aisyah, siti = network["aisyah"], network["siti"]
    said = await aisyah.command("cycle status 2025")
    assert "In your direct messages with me: Reports, cycle by cycle" in said
    (file,) = aisyah.files()
    for words in ("Indonesia: 2023 accepted; 2025 accepted, handed in late;", "Philippines: 2025 handed in;"):
        assert words in file["alt"]
    assert "Cambodia: 2025 no report asked;" in file["alt"]

    assert "How far each mechanism has come" in await siti.command("mechanisms")
    (file,) = siti.files()
    assert (file["name"], "Indonesia: established;" in file["alt"]) == ("mechanisms.png", True)
    await siti.clicks("Send it to me by e-mail", channel=NETWORK)
    await network.settled()
    (letter,) = [letter for letter in siti.mails if "mechanisms" in (letter.subject or "").lower()]
    assert inline(letter) == ["mechanisms.png"]


def html_of(letter: Letter) -> str:
    """The page of a mail."""
    page = letter.message.get_body(("html",))
    return str(page.get_content()) if page is not None else ""


def inline(letter: Letter) -> list[str]:
    """The pictures inside a mail, each of which its page shows."""
    parts = [part for part in letter.message.walk() if part.get_content_type() == "image/png"]
    for part in parts:
        assert f'src="cid:{part["Content-ID"].strip("<>")}"' in html_of(letter)
        assert part.get_content().startswith(b"\x89PNG")
    return [part.get_filename() or "" for part in parts]


async def test_where_slack_takes_no_picture_the_words_come_and_that_is_said(network: Network) -> None:
    await two_years(network)
    siti = network["siti"]
    await network.fault("fail", method="files.getUploadURLExternal", error="missing_scope", times=5)
    said = await siti.command("progress")
    assert "Progress of Indonesia" in said
    assert "I could not put this here just now: Indonesia: last time and now" in said
    assert siti.files() == []
    # A right that is lacking for files closes nothing else.
    await network.fault("clear")
    await siti.command("progress")
    assert len(siti.files()) == 1


@pytest.fixture
async def browser(network: Network) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser at the bot's pages."""
    await network.serves_pages()
    async with aiohttp.ClientSession() as session:
        yield session


def link(network: Network, short: str, member: str = "IDN", cycle: str = "2025", **more: Any) -> str:
    """The address of a country's own picture, as a digest carries it."""
    person, expires = network.people[short].person_id, network.clock.now() + timedelta(days=30)
    facts = {"member": member, "cycle": cycle, **more}
    token = links.sign(SECRET, PROGRESS_LINK, str(person), expires, facts)
    return f"http://127.0.0.1:{network.app.pages.port}/progress/{token}"


@pytest.mark.only_over("socket", "a browser comes to these pages, not Slack")
async def test_a_coordinator_opens_the_own_countrys_picture_on_a_phone(
    network: Network, browser: aiohttp.ClientSession
) -> None:
    await two_years(network)
    async with browser.get(link(network, "dewi")) as answer:
        page = await answer.text()
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
        assert answer.headers["Content-Security-Policy"].endswith("; img-src data:")
    assert '<img src="data:image/png;base64,' in page
    assert 'alt="Indonesia, Assessment &lt;!channel&gt; *2025* &amp; &lt;b&gt;co&lt;/b&gt;. A chart' in page
    assert "<td>Older persons receiving a pension</td>" in page
    # Nobody sees another country by it, and after the role has ended it shows nothing.
    for url in (link(network, "dewi", "VNM"), link(network, "aisyah"), link(network, "dewi")[:-2]):
        async with browser.get(url) as answer:
            assert (answer.status, "Indonesia" in await answer.text()) == (404, False)


async def test_a_report_that_is_accepted_is_seen_in_chat_in_mail_and_on_the_page(reachable: Network) -> None:
    """Siti gets the picture with the word that it was accepted, the channel that of the digest, Dewi a link to hers."""
    network, siti, aisyah, dewi = reachable, reachable["siti"], reachable["aisyah"], reachable["dewi"]
    async with network.database.writing() as session:
        last = await a_cycle(session, "2023", state=CycleState.PUBLISHED, origin=CycleOrigin.IMPORTED)
        await a_report(session, last, "IDN", network.clock.now(), poverty_national_line="9.9 2022 SUSENAS")
    await network.opens()
    await submitted(network)
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    siti.hears("Indonesia", "accepted")
    (file,) = siti.files()
    assert file["title"] == "Indonesia: last time and now, Full assessment 2026"
    assert "Poverty at the national line: 9.9 → 9.4 % (2022 → 2023)" in file["alt"]

    await aisyah.command("cycle close 2026")
    await aisyah.clicks("Close it", channel=NETWORK)
    await aisyah.command("digest send 2026")
    await aisyah.clicks("Send the digest", channel=NETWORK)
    await network.settled()
    assert ("moved.png", "What moved since last time") in shown(siti, NETWORK)
    (digest,) = [letter for letter in dewi.mails if inline(letter) == ["moved.png"]]
    (address,) = set(re.findall(PUBLIC_ADDRESS + r"(/progress/\w+)", html_of(digest)))
    await network.serves_pages()
    there = f"http://127.0.0.1:{network.app.pages.port}{address}"
    async with aiohttp.ClientSession() as session, session.get(there) as answer:
        page = await answer.text()
    assert "Progress of Indonesia: Full assessment 2026" in page
    assert "9.9 → 9.4 %" in page


def only_inline(letter: Letter) -> tuple[str, str]:
    """The one picture inside a mail: its file name, and what its page says of it in words."""
    (name,) = inline(letter)
    (alt,) = re.findall(r'<img [^>]*alt="([^"]*)"', html_of(letter))
    return name, alt


async def test_a_comparison_comes_by_mail_with_its_picture_and_the_way_to_the_own_country(reachable: Network) -> None:
    """Bounmy's table comes as she saw it, once; Siti's has the way to her country; nobody gets what is not theirs."""
    network = reachable
    await two_years(network, CycleState.PUBLISHED)
    bounmy, siti, rina, per = (network[short] for short in ("bounmy", "siti", "rina", "per"))
    await bounmy.command("compare pension_covered 2025")
    await bounmy.clicks("Send it to me by e-mail", channel=NETWORK)
    assert "on its way to you by e-mail" in bounmy.last(NETWORK)
    await bounmy.clicks("Send it to me by e-mail", channel=NETWORK)
    assert "already" in bounmy.last(NETWORK)
    await network.settled()
    (letter,) = bounmy.mails
    name, alt = only_inline(letter)
    assert name.startswith("pension-covered-") and "Indonesia: 32 → 41.5 %" in alt
    page = html_of(letter)
    assert page.index(">Indonesia<") < page.index(">Viet Nam<") and "<b>co</b>" not in page
    said = " ".join(letter.text().split())
    assert "• Indonesia: Last → now: 32 " in said and "nobody is ranked" in said, said

    await siti.command("compare pension_covered 2025")
    await siti.clicks("Send it to me by e-mail", channel=NETWORK)
    await network.settled()
    (letter,) = siti.mails
    (address,) = set(re.findall(PUBLIC_ADDRESS + r"(/progress/\w+)", letter.text()))
    await network.serves_pages()
    there = f"http://127.0.0.1:{network.app.pages.port}{address}"
    async with aiohttp.ClientSession() as session, session.get(there) as answer:
        assert (answer.status, "Progress of Indonesia" in await answer.text()) == (200, True)

    # A contributor may not, a made-up button sends nothing, and what is not published goes to nobody outside.
    await forging.clicks(network, "rina", "mail_comparison:0", "indicator:pension_covered:2025")
    rina.hears("Your role does not include this")
    for value in ("member:VNM:2025", "indicator:nothing:2025", "indicator:pension_covered:1999", "x"):
        await forging.clicks(network, "per", "mail_comparison:0", value)
    async with network.database.writing() as session:
        cycle = await cycle_queries.by_code(session, "2025")
        assert cycle is not None
        cycle.state = CycleState.CLOSED
    await forging.clicks(network, "per", "mail_comparison:0", "indicator:pension_covered:2025")
    await network.settled()
    assert per.mails == [] == rina.mails


async def test_the_status_comes_to_the_secretariat_by_mail_with_who_reported_when(network: Network) -> None:
    await two_years(network)
    aisyah, siti = network["aisyah"], network["siti"]
    await aisyah.command("cycle status 2025")
    await aisyah.clicks("Send it to me by e-mail", channel=NETWORK)
    assert "on its way to you by e-mail" in aisyah.last(NETWORK)
    await network.settled()
    (letter,) = [each for each in aisyah.mails if inline(each)]
    name, alt = only_inline(letter)
    assert name.startswith("reports-") and "Philippines: 2025 handed in;" in alt
    assert "Philippines" in letter.text() and "<b>co</b>" not in html_of(letter)
    await forging.clicks(network, "siti", "mail_status:0", "2025")
    siti.hears("Your role does not include this")
    await network.settled()
    assert siti.mails == []
    # All that run: one more, with the same picture.
    await forging.clicks(network, "aisyah", "mail_status:0", "*")
    await network.settled()
    assert len([each for each in aisyah.mails if inline(each)]) == 2
