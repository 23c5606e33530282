"""The digest as it is read: in the channel, as a mail's text and as its page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import digests, editions
from bot.digests.compose import message_of
from bot.digests.scene import freeze, thaw
from bot.messages import Message, Picture
from bot.people import Contact
from bot.rendering import blocks, mail
from bot.words import Reader, words
from db.engine import Database
from db.models import Cycle, Member
from db.vocabulary import AssessmentState, CycleState, ExperienceKind, Kind, Role
from tests import cast
from tests.cast import Cast
from tests.golden import assert_golden
from tests.reports import a_cycle, a_report, an_assessment, an_experience

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CHANNEL = Reader("UTC")
JAKARTA = Reader("Asia/Jakarta", "en_ID")
PICTURE = Picture("moved.png", b"\x89PNG", "A chart: the last value and the value now.")
HOSTILE = '<!channel> <script>alert("1")</script> & *bold*\n\n# Head\n---\n~ small \u202eback \ue000x {{ 7*7 }} $x^2$'


async def edition_of(database: Database, network: Cast, cycle: Cycle) -> digests.Composed:
    async with database.reading() as session:
        fresh = await session.get(Cycle, cycle.id)
        assert fresh is not None
        return await digests.preview(session, network.speaker("aisyah"), fresh, NOW)


def as_mail(message: Message, reader: Reader = JAKARTA, *, picture: bool = True) -> mail.Mail:
    """As it goes to Dewi."""
    if picture:
        chart = {"name": PICTURE.name, "alt": PICTURE.alt}
        message = replace(message, facts={**message.facts, "chart": chart}, pictures=(PICTURE,))
    message = replace(message, stop_link="https://bot.example.org/stop/abc")
    contact = Contact(6, "Dewi Lestari", "dewi@example.org", "U0DEWI", reader, "IDN", Role.COORDINATOR)
    return mail.compose(
        message, contact, words(), sender="Network <bot@example.org>", reply_to=None, now=NOW, identity="digest:1:6"
    )


def parts(letter: mail.Mail) -> tuple[str, str]:
    """A mail's text and its page."""
    text, page = letter.message.get_body(("plain",)), letter.message.get_body(("html",))
    assert text is not None
    assert page is not None
    return text.get_content(), page.get_content()


def chat_of(message: Message) -> str:
    """What stands in the blocks, one after another."""
    posts = blocks.render(message, CHANNEL, words())
    return "\n\n".join(
        f"[{block['type']}] " + (block.get("text") or block["elements"][0])["text"]
        for post in posts
        for block in post.blocks
    )


@pytest.fixture
async def network(sqlite_database: Database) -> Cast:
    return await cast.make(sqlite_database, NOW)


@pytest.fixture
async def cycle(sqlite_database: Database, network: Cast) -> Cycle:
    """A quarter before the due date: two accepted, one under review, two not handed in."""
    async with sqlite_database.writing() as session:
        last = await a_cycle(session, "2025", state=CycleState.PUBLISHED)
        cycle = await a_cycle(session, "2026")
        before = {
            "mechanism_status": "planned",
            "uhc_service_coverage": "60 2019 WHO",
            "children_covered": "10.5 2020 ILO",
            "pension_covered": "38.8 2020 SUSENAS",
            "population_covered": "50.7999992370605 2020 ILO",
            "poverty_national_line": "9.8 2020 SUSENAS",
            "gini_index": "38 2019 WDI",
            "migrant_coverage": "no",
        }
        now = {
            "mechanism_status": "established",
            "uhc_service_coverage": "about 61 2021 WHO",
            "children_covered": "9.5 2023 ILO",
            "health_protection": "n/a",
            "mothers_covered": "44 2023 ILO",
            "pension_covered": "41.2 2023 SUSENAS",
            "population_covered": "54.3 2023 ILO",
            "poverty_national_line": "9.4 2023 SUSENAS",
            "gini_index": "37.1 2019 WDI",
            "migrant_coverage": "no",
            "progress_made": "The social registry now covers all provinces. The pension law was amended, see Art. 5.",
        }
        await a_report(session, last, "IDN", NOW - 300 * DAY, **before)
        await a_report(session, cycle, "IDN", NOW - 3 * DAY, **now)
        await a_report(session, cycle, "VNM", NOW - 2 * DAY, pension_covered="41 2023 VSS", progress_made="n/a")
        await an_assessment(session, cycle, "LAO", AssessmentState.SUBMITTED, NOW - DAY, submitted_at=NOW - DAY)
        await an_assessment(session, cycle, "PHL", AssessmentState.IN_PROGRESS, NOW - 9 * DAY)
        await an_assessment(session, cycle, "THA", AssessmentState.OPEN, NOW - 20 * DAY)
        await a_cycle(session, "2026-Q4", title="Short update 2026-Q4", due=datetime(2026, 12, 18, 10, 0, tzinfo=UTC))
        siti, per = network["siti"].person_id, network["per"].person_id
        await an_experience(
            session, siti, NOW, "One desk for three programmes saved families two days of travel.", member="IDN"
        )
        handbook = "A handbook on costing a floor is out."
        await an_experience(session, per, NOW, handbook, kind=ExperienceKind.TRAINING, title="Costing a floor")
    return cycle


async def test_the_channel_reads_it(sqlite_database: Database, network: Cast, cycle: Cycle) -> None:
    composed = await edition_of(sqlite_database, network, cycle)
    assert_golden("digest.chat", chat_of(composed.message) + "\n")


async def test_a_coordinator_whose_country_has_reported_reads_it(
    sqlite_database: Database, network: Cast, cycle: Cycle
) -> None:
    facts = (await edition_of(sqlite_database, network, cycle)).facts
    letter = as_mail(message_of(facts, facts["countries"]["IDN"]))
    text, page = parts(letter)
    assert letter.message["Subject"] == "Assessment 2026: 2 of 5 countries have reported (Tuesday, 24 November 2026)"
    assert_golden("digest.text", text)
    # The look of the page is the layout's; what is recorded is what it says and how it is built.
    assert_golden("digest.html", re.sub(r' style="[^"]*"|<style>.*?</style>', "", page, flags=re.DOTALL))
    assert f'alt="{PICTURE.alt}"' in page


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ("LAO", "Lao PDR handed in its report; the secretariat is looking at it."),
        ("PHL", "Philippines has not reported yet: 0 of 33 questions have an answer."),
        ("PHL", "Maria Santos-Example answers for Philippines."),
        ("THA", "Nobody is named to answer for Thailand; please tell the secretariat who it is."),
        ("THA", "It is due on Friday, 27 November 2026, 17:00 (Jakarta time)."),
    ],
)
async def test_a_coordinator_whose_country_has_not_reads_whose_turn_it_is(
    sqlite_database: Database, network: Cast, cycle: Cycle, member: str, said: str
) -> None:
    facts = (await edition_of(sqlite_database, network, cycle)).facts
    for told in parts(as_mail(message_of(facts, facts["countries"][member]))):
        assert said in " ".join(re.sub(r"<[^>]+>", "", told).split())


async def test_when_all_have_reported_and_no_round_is_open_it_says_so(sqlite_database: Database, network: Cast) -> None:
    async with sqlite_database.writing() as session:
        cycle = await a_cycle(session, "2026", state=CycleState.CLOSED)
        await a_report(session, cycle, "IDN", NOW, submitted=cycle.due_at + DAY, pension_covered="41 2023 LFS")
    composed = await edition_of(sqlite_database, network, cycle)
    for told in (chat_of(composed.message), *parts(as_mail(composed.message, picture=False))):
        assert "Every country has reported." in told
        assert "Nothing to compare, or nothing moved:" in told
        assert "No round is open now." in told
        assert "1 reported for the first time" in told


@pytest.fixture
async def whole_region(sqlite_database: Database, network: Cast) -> Cycle:
    """Eleven countries, every indicator moved, and thirty long experiences."""
    async with sqlite_database.writing() as session:
        last, cycle = await a_cycle(session, "2025", state=CycleState.PUBLISHED), await a_cycle(session, "2026")
        indicators = editions.edition("common-1").indicators
        for member in ("BRN", "KHM", "IDN", "LAO", "MYS", "MMR", "PHL", "SGP", "THA", "TLS", "VNM"):
            for each, number in ((last, "40"), (cycle, "41.123456789")):
                answers = {i.code: f"{number} {each.code} survey" for i in indicators if i.numeric}
                answers["progress_made"] = "We moved one step and then another. " * 80
                await a_report(session, each, member, NOW - DAY, **answers)
        for kind in (ExperienceKind.LESSON, ExperienceKind.OFFER, ExperienceKind.REQUEST):
            for place in range(10):
                text = f"Lesson {place}: it took longer than we thought. " + "We would do it again. " * 40
                await an_experience(session, network["siti"].person_id, NOW, text, member="IDN", kind=kind)
    return cycle


async def test_the_whole_region_stays_readable(sqlite_database: Database, network: Cast, whole_region: Cycle) -> None:
    composed = await edition_of(sqlite_database, network, whole_region)
    posts = blocks.render(composed.message, CHANNEL, words())
    assert len(posts) <= 2
    for post in posts:
        assert len(post.blocks) <= blocks.BLOCKS_A_MESSAGE
        for block in post.blocks:
            text = (block.get("text") or block["elements"][0])["text"]
            assert len(text) < blocks.SECTION_TEXT
            assert text.count("\n") <= 7
            # Never cut inside a sentence, nor in a line.
            assert re.search(r"(\.\)?|more that moved|more in the channel)$", text) or block["type"] == "header"
    chat = chat_of(composed.message)
    assert chat.count("that moved") == 11
    assert chat.count("6 more in the channel") == 3
    text, page = parts(as_mail(composed.message))
    # The fullest digest that there can be: about four minutes at 240 words a minute, without the lines of figures,
    # which are looked at and not read. One of a usual week is under two.
    prose = [line for line in text.split("\n") if "→" not in line]
    assert len(" ".join(prose).split()) < 1100
    # Gmail cuts a page off at 102 KB.
    assert len(page.encode()) < 100_000


async def test_nothing_that_was_typed_bends_the_digest(sqlite_database: Database, network: Cast) -> None:
    async with sqlite_database.writing() as session:
        indonesia = await session.get(Member, "IDN")
        assert indonesia is not None
        indonesia.name = f"Indonesia {HOSTILE}"
        cycle = await a_cycle(session, "2026", title=HOSTILE)
        texts = {i.code: HOSTILE for i in editions.edition("common-1").indicators if i.kind in (Kind.TEXT, Kind.CHOICE)}
        await a_report(session, cycle, "IDN", NOW, **texts)
        await an_experience(session, network["siti"].person_id, NOW, HOSTILE, member="IDN", title=f"T {HOSTILE}")
        await an_experience(session, network["siti"].person_id, NOW, "x" * 2900, kind=ExperienceKind.OFFER)
        await an_experience(
            session, network["per"].person_id, NOW, "\u0645\u0631\u062d\u0628\u0627 " * 30, kind=ExperienceKind.REQUEST
        )
    composed = await edition_of(sqlite_database, network, cycle)
    facts = json.loads(json.dumps(composed.facts))
    chat = chat_of(composed.message)
    # A header is plain text; everywhere else a mention is told apart from what only looks like one.
    assert not re.search(r"\[(?!header)\w+\] [^[]*<!channel>", chat)
    assert "&lt;!channel&gt;" in chat
    # No block of its own: the headers are the digest's.
    headers = re.findall(r"\[header\] (\S+)", chat)
    assert len(headers) == 1 + len(composed.message.facts["sections"])
    assert "[divider]" not in chat
    letter = as_mail(message_of(facts, facts["countries"]["IDN"]))
    text, page = parts(letter)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    for told in (chat, text, page):
        assert "\u202e" not in told
        assert "{{ 7*7 }}" in told
        assert "x" * 2900 in told.replace("\n\n[section] ", "")
    assert "\n" not in letter.message["Subject"]


def test_the_words_do_not_shout() -> None:
    for path in sorted((editions.FOLDER.parent / "digest").iterdir()):
        assert not re.search(r"!(?!=|doctype|--)", path.read_text(encoding="utf-8")), path.name


async def test_every_section_has_its_words_in_every_medium() -> None:
    for section in digests.SECTIONS:
        for form in ("chat", "text", "html"):
            assert words().has(section.template, form), (section.name, form)


def test_a_moment_that_was_frozen_is_a_moment_again() -> None:
    facts: dict[str, Any] = {"due_at": NOW, "rows": [{"at": "x", "closes_at": NOW, "n": 1}], "since_at": None}
    assert thaw(json.loads(json.dumps(freeze(facts)))) == facts
