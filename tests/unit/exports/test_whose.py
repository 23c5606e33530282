"""Whose answers may be in a file: every role, every form, every state; what is a country's own stays there."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from bot.errors import NotAllowed, NotFound, Refusal
from bot.exports import NothingToExport, NotPublished, OneCycle, WhichCountry
from bot.exports.data import load
from bot.messages import Attachment
from bot.papers import Paper
from db.engine import Database
from db.models import Evidence
from db.queries import exports as queries
from db.vocabulary import AssessmentState, CycleState, Role, Via
from tests import cast
from tests.cast import Cast
from tests.reported import a_cycle, exported, figure, reports, words
from tests.unit.test_permissions import PLAYERS

NOW = datetime(2027, 2, 1, 3, tzinfo=UTC)
OWN = {
    "code": "own_idn_zakat",
    "section": "E",
    "title": "Older persons reached by zakat",
    "question": "How many?",
    "help": None,
    "kind": "number",
    "unit": "thousand persons",
    "minimum": None,
    "maximum": None,
    "choices": [],
}
SECRET, ASIDE, MINE = "zephyrine", "quixotic", "vermilion"
# Another country's people, and those who stand for none.
OUTSIDE = ("bounmy", "thong", "aisyah", "per")
INSIDE = ("siti", "budi", "dewi")


@pytest.fixture
async def people(sqlite_database: Database) -> AsyncIterator[Cast]:
    yield await cast.make(sqlite_database, NOW)


async def indonesia(
    database: Database, people: Cast, state: AssessmentState, of_cycle: CycleState = CycleState.PUBLISHED
) -> None:
    """What Indonesia says in a state, beside what Lao PDR has reported."""
    async with database.writing() as session:
        cycle = await a_cycle(session, NOW, state=of_cycle)
        answers = {
            "pension_covered": figure("38.8", source=f"SUSENAS {SECRET}"),
            "gini_index": figure("36.125", source=f"WDI {ASIDE}", set_aside=f"Not yet checked {ASIDE}"),
            "own_idn_zakat": figure("71.5", source=f"BAZNAS {MINE}"),
            "progress_made": words(f"More families were reached {SECRET}."),
        }
        await reports(session, people, cycle, "IDN", answers, state, own_indicators=[OWN])
        await reports(session, people, cycle, "LAO", {"pension_covered": figure("7", 2023, "LSIS")})


def told(file: Attachment) -> str:
    """All words of a file, whatever its form."""
    if file.name.endswith(".pdf"):
        return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages).split())
    if file.name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(file.content)) as parts:
            return " ".join(parts.read(name).decode() for name in parts.namelist())
    return file.content.decode("utf-8")


async def tried(database: Database, people: Cast, who: str, typed: str) -> str:
    """All that somebody gets; nothing where it is refused."""
    try:
        message = await exported(database, people.speaker(who), typed, NOW)
    except Refusal as refusal:
        return str(refusal.facts)
    return str(message.facts) + " ".join(told(file) for file in message.files)


@pytest.mark.parametrize("state", AssessmentState)
async def test_nobody_outside_reads_what_is_not_accepted(
    sqlite_database: Database, people: Cast, state: AssessmentState
) -> None:
    await indonesia(sqlite_database, people, state)
    accepted = state is AssessmentState.ACCEPTED
    for who in OUTSIDE:
        for paper in Paper:
            for typed in (f"2026 {paper}", f"2026 Indonesia {paper}", f"all {paper}", f"all IDN {paper}"):
                said = await tried(sqlite_database, people, who, typed)
                assert ASIDE not in said, (who, typed)
                assert MINE not in said, (who, typed)
                if not accepted:
                    assert SECRET not in said and "38.8" not in said, (who, typed)
        said = await tried(sqlite_database, people, who, "2026 csv")
        assert "LSIS" in said
        assert (SECRET in said) is accepted


@pytest.mark.parametrize("state", AssessmentState)
async def test_a_country_reads_its_own_draft_and_only_there_what_is_its_own(
    sqlite_database: Database, people: Cast, state: AssessmentState
) -> None:
    await indonesia(sqlite_database, people, state, CycleState.OPEN)
    accepted = state is AssessmentState.ACCEPTED
    draft = state not in (AssessmentState.ACCEPTED, AssessmentState.NOT_REQUIRED)
    for who in INSIDE:
        report = await tried(sqlite_database, people, who, "2026 report")
        assert (SECRET in report and MINE in report and ASIDE in report) is (accepted or draft)
        assert ("A draft." in report) is draft
        own = await tried(sqlite_database, people, who, "2026 IDN csv")
        assert (MINE in own) is accepted
        # A file of all countries is there once the cycle is published.
        with pytest.raises(NotPublished):
            await exported(sqlite_database, people.speaker(who), "2026 csv", NOW)


async def test_others_read_what_is_published_and_a_contributor_nothing(sqlite_database: Database, people: Cast) -> None:
    await indonesia(sqlite_database, people, AssessmentState.ACCEPTED, CycleState.CLOSED)
    for paper in Paper:
        for typed in (f"2026 {paper}", f"2026 IDN {paper}", f"all {paper}", f"IDN {paper}"):
            for who in ("per", "bounmy", "thong"):
                assert SECRET not in await tried(sqlite_database, people, who, typed), (who, typed)
            with pytest.raises(NotAllowed):
                await exported(sqlite_database, people.speaker("rina"), typed, NOW)
    for who, typed in (("aisyah", "2026 csv"), ("siti", "2026 IDN csv"), ("dewi", "IDN report")):
        assert SECRET in await tried(sqlite_database, people, who, typed), who
    with pytest.raises(NotFound):
        await exported(sqlite_database, people.speaker("per"), "2026 csv", NOW)
    with pytest.raises(NotPublished):
        await exported(sqlite_database, people.speaker("bounmy"), "2026 synthesis", NOW)


async def test_what_cannot_be_made_says_why(sqlite_database: Database, people: Cast) -> None:
    await indonesia(sqlite_database, people, AssessmentState.SUBMITTED)
    with pytest.raises(WhichCountry):
        await exported(sqlite_database, people.speaker("aisyah"), "2026 report", NOW)
    with pytest.raises(OneCycle) as refused:
        await exported(sqlite_database, people.speaker("siti"), "all report", NOW)
    assert refused.value.facts == {"paper": "report", "codes": ["2026"]}
    for who, draft in (("siti", True), ("aisyah", False)):
        with pytest.raises(NothingToExport) as nothing:
            await exported(sqlite_database, people.speaker(who), "2026 Indonesia xlsx", NOW)
        assert nothing.value.facts["draft"] is draft
    for typed in ("2031 csv", "Atlantis csv"):
        with pytest.raises(NotFound):
            await exported(sqlite_database, people.speaker("siti"), typed, NOW)


def test_every_role_is_walked() -> None:
    assert {PLAYERS[role] for role in Role} <= {*OUTSIDE, *INSIDE, "rina"}


async def test_what_was_planned_or_called_off_is_in_no_file(sqlite_database: Database, people: Cast) -> None:
    async with sqlite_database.writing() as session:
        for code, state in (("2024", CycleState.CANCELLED), ("2025", CycleState.DRAFT), ("2026", CycleState.CLOSED)):
            cycle = await a_cycle(session, NOW, code, state)
            await reports(session, people, cycle, "IDN", {"pension_covered": figure("38.8", source=code)})
    async with sqlite_database.reading() as session:
        found = await queries.cycles(session)
        data = await load(session, found, NOW)
    assert [cycle.code for cycle in data.cycles] == ["2026"]
    assert [answer.source for row in data.reported for answer in row.answers] == ["2026"]


async def test_a_partner_reads_no_last_value_of_a_cycle_that_is_not_published(
    sqlite_database: Database, people: Cast
) -> None:
    async with sqlite_database.writing() as session:
        for code, state, number in (("2025", CycleState.CLOSED, "31.75"), ("2026", CycleState.PUBLISHED, "38.8")):
            cycle = await a_cycle(session, NOW, code, state)
            answers = {"pension_covered": figure(number), "mechanism_status": words("planned")}
            await reports(session, people, cycle, "IDN", answers)
    for who, knows in (("per", False), ("bounmy", False), ("siti", True), ("aisyah", True)):
        said = await tried(sqlite_database, people, who, "2026 Indonesia report")
        assert "38.8" in said
        assert ("31.75" in said) is knows, who
        assert (said.count("Planned") > 2) is knows, who


async def test_what_stands_behind_an_answer_is_read_by_who_reads_the_answers(
    sqlite_database: Database, people: Cast
) -> None:
    link = "https://drive.example.org/d/3f9a"
    async with sqlite_database.writing() as session:
        cycle = await a_cycle(session, NOW)
        answers = {"pension_covered": figure("38.8", explanation=f"A new scheme {SECRET}.")}
        report = await reports(session, people, cycle, "IDN", answers)
        siti = people["siti"].person_id
        piece = {"indicator": "pension_covered", "title": "The tables", "link": link, "added_by": siti, "added_at": NOW}
        session.add(Evidence(assessment_id=report.id, via=Via.SLACK, **piece))
    for paper in (Paper.CSV, Paper.XLSX, Paper.REPORT):
        for who in ("siti", "budi", "dewi", "aisyah"):
            said = await tried(sqlite_database, people, who, f"2026 Indonesia {paper}")
            assert SECRET in said and "3f9a" in said.replace("\u200b", ""), (who, paper)
        for who in ("bounmy", "thong", "per"):
            said = await tried(sqlite_database, people, who, f"2026 Indonesia {paper}")
            assert "38.8" in said and SECRET not in said and "3f9a" not in said, (who, paper)
    # In a file of all countries there is nothing of a country's own, but for the secretariat.
    assert "3f9a" in await tried(sqlite_database, people, "aisyah", "2026 csv")
    assert "3f9a" not in await tried(sqlite_database, people, "siti", "2026 csv")
