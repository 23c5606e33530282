"""The printed reports: what stands in them, in a page and in a PDF; hostile words stay words; no letter is a box."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape
from pypdf import PdfReader

from bot.experiences import first_words
from bot.exports import files, printing
from bot.exports.charts import fonts
from db.engine import Database
from db.models import Clearance, Evidence, Experience
from db.vocabulary import (
    AssessmentState,
    Availability,
    ClearanceState,
    ExperienceKind,
    ExperienceState,
    Role,
    Theme,
    Via,
)
from tests import cast
from tests.cast import Cast
from tests.golden import assert_golden
from tests.reported import PENSION_AIM, a_cycle, content, corrected, exported, figure, not_available, reports, words
from tests.unit.exports.test_whose import told

NOW = datetime(2027, 2, 1, 3, tzinfo=UTC)
HOSTILE = (
    '#read("/etc/passwd") #import "x" $x^2$ `raw` *bold* _em_ @ref <lab> \\ // no /* no */ '
    "{{ 7*7 }} <script>alert(1)</script> </td> &amp; ]]> ]"
)
SHARED = "Reading the list of who is paid aloud in each village brought out those who had moved away, within a month."
HOSTILE_PAGE = str(escape(HOSTILE))
SCRIPTS = "ភាសាខ្មែរ ພາສາລາວ ภาษาไทย မြန်မာစာ Tiếng Việt"


@pytest.fixture
async def people(sqlite_database: Database) -> AsyncIterator[Cast]:
    made = await cast.make(sqlite_database, NOW)
    async with sqlite_database.writing() as session:
        earlier = await a_cycle(session, NOW, "2024")
        await reports(session, made, earlier, "IDN", {"pension_covered": figure("34.25", 2018)})
        cycle = await a_cycle(session, NOW)
        answers = {
            "mechanism_status": words("operational", note="since May"),
            "pension_covered": figure("38.7261", 2020, "SUSENAS", explanation="A new scheme began."),
            "gini_index": figure("36.1", 2025, "WDI", availability=Availability.ESTIMATE),
            "poor_covered": not_available("no survey this year"),
            "migrant_coverage": words("yes"),
            "progress_made": words(f"{HOSTILE}\n{SCRIPTS}"),
        }
        floors = {"pension_covered": PENSION_AIM}
        one = await reports(session, made, cycle, "IDN", answers, floors=floors)
        for member, number in (("LAO", "7"), ("VNM", "41"), ("PHL", "12")):
            given = {"pension_covered": figure(number, 2023, "Survey"), "progress_made": words("More were reached.")}
            await reports(session, made, cycle, member, given, floors=floors)
        await corrected(session, made, NOW)
        await reports(session, made, cycle, "KHM", {}, AssessmentState.SUBMITTED)
        await reports(session, made, cycle, "BRN", {}, AssessmentState.NOT_REQUIRED)
        session.add(
            Clearance(
                assessment_id=one.id,
                version=1,
                place=1,
                role=Role.COORDINATOR,
                state=ClearanceState.CLEARED,
                asked_by=made["siti"].person_id,
                asked_at=NOW,
                person_id=made["dewi"].person_id,
                decided_at=datetime(2027, 1, 20, 3, tzinfo=UTC),
                via=Via.SLACK,
            )
        )
        for title in (first_words(SHARED), "A day at school"):
            session.add(
                Experience(
                    kind=ExperienceKind.GOOD_PRACTICE,
                    theme=Theme.COORDINATION,
                    title=title,
                    text=SHARED,
                    member_code="IDN",
                    person_id=made["siti"].person_id,
                    source_key=title,
                    state=ExperienceState.PUBLISHED,
                    shared_at=NOW,
                    decided_at=NOW,
                )
            )
        session.add(
            Evidence(
                assessment_id=one.id,
                indicator="pension_covered",
                title="SUSENAS tables",
                link="https://data.example.org/susenas",
                added_by=made["siti"].person_id,
                added_at=NOW,
                via=Via.SLACK,
            )
        )
    yield made


async def both(database: Database, people: Cast, who: str, typed: str) -> list[str]:
    """What stands in the PDF, and in the page."""
    return [told(file) for file in (await exported(database, people.speaker(who), typed, NOW)).files]


async def test_a_country_report_in_both_forms(sqlite_database: Database, people: Cast) -> None:
    parts = (
        *("Indonesia", "Full assessment 2026", "E Older persons", "Older persons receiving a pension"),
        # A figure, its year and source, last time, own floor and ceiling.
        *("38.73", "2020", "SUSENAS", "34.25", "2018", "40", "60 by 2030"),
        *("about 36.1", "not available", "no survey this year", "Operational", "since May", "Yes"),
        *("A new scheme began.", "SUSENAS tables: https://data.example.org/susenas"),
        *("Wednesday, 20 January 2027", "by the head of the coordination mechanism", "by the secretariat"),
        *("Corrections to questions", "The word was too narrow.", "Older persons with a pension"),
        *("Not answered", "Population covered by at least one benefit", "there is no ranking and no score"),
    )
    for said in await both(sqlite_database, people, "dewi", "2026 report"):
        for part in parts:
            assert part in said, part
        for private in ("Dewi", "dewi@", "siti@", "A draft"):
            assert private not in said


async def test_the_pdf_is_a4_with_its_country_on_each_page_and_its_pages_counted(
    sqlite_database: Database, people: Cast
) -> None:
    made = await content(sqlite_database, people.speaker("dewi"), "2026 report", NOW, ".pdf")
    read = PdfReader(io.BytesIO(made))
    assert len(read.pages) > 1
    for number, page in enumerate(read.pages, 1):
        assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == (595, 842)
        said = page.extract_text()
        assert "Indonesia" in said and "Full assessment 2026" in said
        assert f"{number} / {len(read.pages)}" in said
    assert read.metadata is not None and read.metadata.title == "Indonesia, Full assessment 2026"
    assert made == await content(sqlite_database, people.speaker("dewi"), "2026 report", NOW, ".pdf")


async def test_the_picture_stands_in_both_with_its_words(sqlite_database: Database, people: Cast) -> None:
    made = await content(sqlite_database, people.speaker("dewi"), "2026 report", NOW, ".pdf")
    pictures = [image for page in PdfReader(io.BytesIO(made)).pages for image in page.images]
    assert len(pictures) == 1
    page = (await content(sqlite_database, people.speaker("dewi"), "2026 report", NOW, ".html")).decode()
    (alt,) = re.findall(r'<img class="chart" src="data:image/png;base64,[^"]+"[^>]* alt="([^"]+)">', page)
    assert "Older persons receiving a pension" in alt and "38.73" in alt


async def test_the_words_of_the_pages(sqlite_database: Database, people: Cast) -> None:
    for who, typed, name in (("dewi", "2026 report", "country"), ("per", "2026 synthesis", "region")):
        page = await content(sqlite_database, people.speaker(who), typed, NOW, ".html")
        body = page.decode().partition("<body>")[2].replace(HOSTILE_PAGE, "(what somebody wrote)")
        assert_golden(f"exports.{name}.html", re.sub(r"base64,[^\"]+", "base64,(a picture)", body))


async def test_the_regional_synthesis_in_both_forms(sqlite_database: Database, people: Cast) -> None:
    for said in await both(sqlite_database, people, "per", "2026 synthesis"):
        for part in (
            *("Regional synthesis", "4 of 5 countries have reported", "Not reported", "Cambodia"),
            *("No report required", "Brunei Darussalam", "4 of 4 countries that answered have a value"),
            *("Of the 4 with a floor of their own, 1 have reached it", "More were reached."),
            "Fewer than three countries have a value: nothing is counted.",
        ):
            assert part in said, part
        # Alphabetical, never by the figure.
        table = said[said.index("Older persons receiving a pension") :]
        places = [table.index(name) for name in ("Indonesia", "Lao PDR", "Philippines", "Viet Nam")]
        assert places == sorted(places)
        # An experience stands there once: a title is said where it is not the text's own beginning.
        assert said.count("Reading the list") == 2 and "A day at school" in said
        # Who was excused is not among those asked, on no page.
        assert "The answers of 4 of 5 countries" in said and "of 6" not in said
    handed = await exported(sqlite_database, people.speaker("per"), "2026 synthesis", NOW)
    assert (handed.facts["reported"], handed.facts["countries"]) == (4, 5)


async def test_columns_of_floors_stand_where_there_are_floors_and_days_are_spelled_out(
    sqlite_database: Database, people: Cast
) -> None:
    for said in await both(sqlite_database, people, "dewi", "2026 report"):
        tables = re.sub(r"<[^>]+>", " ", said)
        pension, _, reach = tables.partition("F Reach and poverty")
        assert re.search(r"Floor\s+Ceiling", pension) and "38.73" in pension
        assert "36.1" in reach and not re.search(r"Floor\s+Ceiling", reach)
        assert "Title: Older persons with a pension → Older persons receiving a pension" in tables
        assert "(1 January 2026 to 31 December 2026)" in tables and not re.search(r"\d{4}-\d\d-\d\d", tables)


async def test_the_pictures_of_the_synthesis_stand_beside_their_tables(
    sqlite_database: Database, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who reported when beside the coverage, one question country by country below its table, each on one page."""
    made = await content(sqlite_database, people.speaker("per"), "2026 synthesis", NOW, ".pdf")
    on_pages = [len(page.images) for page in PdfReader(io.BytesIO(made)).pages]
    page = (await content(sqlite_database, people.speaker("per"), "2026 synthesis", NOW, ".html")).decode()
    alts = re.findall(r'<img class="chart" src="data:image/png;base64,[^"]+"[^>]* alt="([^"]+)">', page)
    assert sum(on_pages) == len(alts) == 3
    reported, pension, gini = alts
    assert page.index(reported) < page.index("Countries stand in alphabetical order")
    # What was not accepted is without a report for everybody else, though it is handed in.
    assert "Cambodia: 2026 no report;" in reported and "handed in" not in reported
    assert page.index("nothing is counted") > page.index(pension) > page.index("<h3>Older persons receiving a pension")
    assert [pension.index(name) for name in ("Indonesia", "Lao PDR", "Viet Nam")] == sorted(
        pension.index(name) for name in ("Indonesia", "Lao PDR", "Viet Nam")
    )
    assert "34.25 → 38.73" in pension and "Gini index" in gini
    # A file with very many pictures could not be printed: what has none is named.
    monkeypatch.setattr(files, "MOST_PICTURES", 1)
    for said in await both(sqlite_database, people, "per", "2026 synthesis"):
        assert "there is no picture of: Gini index. To see one: /spnet compare and the question" in said
    page = (await content(sqlite_database, people.speaker("per"), "2026 synthesis", NOW, ".html")).decode()
    assert page.count('<img class="chart"') == 2


async def test_what_people_wrote_is_never_taken_for_markup(sqlite_database: Database, people: Cast) -> None:
    pdf, page = await both(sqlite_database, people, "siti", "2026 report")
    assert " ".join(HOSTILE.split()) in pdf
    assert "root:" not in pdf
    assert "<script>" not in page and "&lt;script&gt;" in page and "49" not in page.partition("Progress made")[2][:200]


def facts(**more: Any) -> dict[str, Any]:
    """As few facts as a country report needs."""
    return {
        **{"network": "Network", "as_of": "Monday", "on": "2026-11-02", "edition": "Edition 1", "about": []},
        **{"member": "Indonesia", "cycle": "Full assessment 2026", "cycle_code": "2026", "period": "2026"},
        **{"draft": False, "late": False, "accepted": None, "submitted": "", "cleared": [], "answered": 0, "total": 33},
        **{"sections": [], "notes": [], "evidence": [], "aside": [], "silent": [], "errata": [], **more},
    }


def text_answer(*lines: str) -> list[dict[str, Any]]:
    text = {"title": "Progress made", "own": False, "aside": False, "lines": list(lines)}
    return [{"letter": "H", "title": "Experience", "figures": [], "choices": [], "texts": [text]}]


@settings(max_examples=20)
@given(st.text(st.sampled_from('#$`*_@<>\\/[]{}()"=+-~|&\n abc'), min_size=1, max_size=80))
def test_no_text_breaks_the_layout(text: str) -> None:
    lines = [line for line in text.split("\n") if line.strip()] or ["x"]
    made = printing.to_pdf(printing.COUNTRY, facts(sections=text_answer(*lines), member=text.replace("\n", " ") or "x"))
    said = "".join(PdfReader(io.BytesIO(made)).pages[0].extract_text().split())
    assert "".join("".join(lines).split()) in said


def test_letters_of_every_script_are_drawn_and_where_there_is_no_font_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not fonts.scripts_lacking([SCRIPTS]):
        made = printing.to_pdf(printing.COUNTRY, facts(sections=text_answer(SCRIPTS)))
        said = PdfReader(io.BytesIO(made)).pages[0]
        used = str([font.get_object()["/BaseFont"] for font in said["/Resources"]["/Font"].values()])  # type: ignore[index]
        for family in ("Khmer", "Lao", "Myanmar"):
            assert family in used
        assert "no font" not in said.extract_text()
    with monkeypatch.context() as machine:
        # A machine without fonts of its own: only the one that comes with Matplotlib.
        machine.setattr("matplotlib.font_manager.findSystemFonts", lambda *_: [])
        fonts.forget()
        lacking = facts(sections=text_answer("ភាសាខ្មែរ (Khmer), မြန်မာစာ, 🎉 Tiếng Việt"))
        said = "".join(
            page.extract_text() for page in PdfReader(io.BytesIO(printing.to_pdf(printing.COUNTRY, lacking))).pages
        )
    fonts.forget()
    assert "[Khmer] (Khmer), [Burmese], [party popper] Tiếng Việt" in said
    assert "Burmese (fonts-noto-core), Khmer (fonts-noto-core)" in " ".join(said.split())
    assert "ភាសាខ្មែរ" in printing.to_html(printing.COUNTRY, lacking).decode()


def test_a_draft_says_so_on_every_page() -> None:
    made = printing.to_pdf(printing.COUNTRY, facts(draft=True, silent=["A question"] * 400))
    pages = PdfReader(io.BytesIO(made)).pages
    assert len(pages) > 1
    assert all("DRAFT" in page.extract_text() for page in pages)
