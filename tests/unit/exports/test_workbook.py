"""The workbook and the tidy table: each value as what it is, whatever people wrote, also in LibreOffice."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from bot import editions
from bot.exports import sdmx, tidy
from bot.exports.cells import guarded, unguarded
from bot.exports.tables import to_csv as table_to_csv
from bot.exports.tidy import COLUMNS, plain, printable
from db.engine import Database
from db.vocabulary import Availability
from tests import cast
from tests.conftest import absent
from tests.reported import PENSION_AIM, a_cycle, content, corrected, figure, not_available, reports, words

NOW = datetime(2027, 2, 1, 3, tzinfo=UTC)
FORMULAS = ("=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(1+9)*cmd", "\t=1+1", "＝1", '=HYPERLINK("http://x.example")')
# How LibreOffice writes a sheet as CSV: commas, quotes, UTF-8, cells as they are shown, all sheets.
ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


@pytest.fixture
async def people(sqlite_database: Database) -> AsyncIterator[cast.Cast]:
    made = await cast.make(sqlite_database, NOW)
    async with sqlite_database.writing() as session:
        cycle = await a_cycle(session, NOW)
        indonesia = {
            "mechanism_status": words("operational", note=FORMULAS[3]),
            "mechanism_meetings": figure("4", None, None),
            "pension_covered": figure("38.8", 2020, FORMULAS[0], note="=1+1", explanation="-2+3"),
            "gini_index": figure("36.1", 2025, "WDI", availability=Availability.ESTIMATE),
            "poor_covered": not_available("@no survey"),
            "migrant_coverage": words("yes"),
            "progress_made": words("+More families\nwere reached.\tភាសាខ្មែរ"),
        }
        await reports(session, made, cycle, "IDN", indonesia, floors={"pension_covered": PENSION_AIM})
        await reports(session, made, cycle, "LAO", {"pension_covered": figure("7", 2023, "LSIS, 2023")})
        await corrected(session, made, NOW)
    yield made


def sheet(book: Any, name: str) -> list[list[Any]]:
    return [list(row) for row in book[name].iter_rows(values_only=True)]


async def test_each_value_is_what_it_is(sqlite_database: Database, people: cast.Cast) -> None:
    made = await content(sqlite_database, people.speaker("aisyah"), "2026 xlsx", NOW, ".xlsx")
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == [
        *("About", "Coverage", "A Coordination", "B Health", "C Children and families", "D Working age"),
        *("E Older persons", "F Reach and poverty", "G Mobility", "H Experience"),
        *("Floors", "Notes", "Definitions", "Errata", "Observations"),
    ]
    older = sheet(book, "E Older persons")
    assert older[0][2] == "Older persons receiving a pension (percent of persons above retirement age)"
    assert older[1] == ["Country", "Cycle", "Value", "Year", "Source", "Status"]
    assert older[2] == ["Indonesia", "2026", 38.8, 2020, "'" + FORMULAS[0], "given"]
    assert older[3] == ["Lao PDR", "2026", 7, 2023, "LSIS, 2023", "given"]
    assert [type(cell) for cell in older[2][2:4]] == [float, int]
    poverty = sheet(book, "F Reach and poverty")
    column = next(place for place, head in enumerate(poverty[0]) if head and head.startswith("Poor persons covered"))
    assert poverty[2][column : column + 4] == [None, None, None, "not available"]
    floors = sheet(book, "Floors")
    assert floors[1][3:] == ["pension_covered", 40, 60, 2030, "Law 40 of 2004", datetime(2026, 1, 1)]  # noqa: DTZ001 - a day of a sheet has no zone
    notes = {row[3]: row for row in sheet(book, "Notes")[1:]}
    assert notes["poor_covered"][4:6] == ["not available", "'@no survey"]
    assert notes["pension_covered"][5:7] == ["'=1+1", "'-2+3"]
    assert sheet(book, "Errata")[1][1:4] == ["pension_covered", "title", "Older persons with a pension"]
    coverage = {row[0]: row for row in sheet(book, "Coverage")[1:]}
    assert coverage["Indonesia"][2:6] == ["accepted", 7, 33, "No"]
    about = dict(row[:2] for row in sheet(book, "About"))
    assert about["What is in it"].startswith("The answers of 2 of 2 countries to the common monitoring format")
    assert "Full assessment 2026" in about["Please cite as"]
    for name in book.sheetnames:
        for row in book[name].iter_rows():
            for cell in row:
                assert cell.data_type != "f", f"{name} {cell.coordinate}"
        assert book[name].freeze_panes is not None
        assert book[name].page_setup.orientation == "landscape"
        assert book[name].print_title_rows
    # The same data give the same bytes.
    assert made == await content(sqlite_database, people.speaker("aisyah"), "2026 xlsx", NOW, ".xlsx")


async def test_the_title_over_a_question_is_not_cut_off(sqlite_database: Database, people: cast.Cast) -> None:
    made = await content(sqlite_database, people.speaker("aisyah"), "2026 xlsx", NOW, ".xlsx")
    for sheet in openpyxl.load_workbook(io.BytesIO(made)).worksheets[2:10]:
        for merged in sheet.merged_cells.ranges:
            columns = [get_column_letter(at) for at in range(merged.min_col, merged.max_col + 1)]
            across = sum(sheet.column_dimensions[letter].width for letter in columns)
            title = str(sheet.cell(1, merged.min_col).value)
            assert (sheet.row_dimensions[1].height or 0) >= 15 * len(title) / across, f"{sheet.title}: {title}"


async def test_a_statistician_reads_the_tidy_table(sqlite_database: Database, people: cast.Cast) -> None:
    made = await content(sqlite_database, people.speaker("bounmy"), "2026 csv", NOW, ".csv")
    frame = pandas.read_csv(io.BytesIO(made))
    assert tuple(frame.columns) == COLUMNS
    assert len(frame) == 8
    pension = frame[frame.indicator == "pension_covered"].set_index("member")
    assert pension.value.to_dict() == {"IDN": 38.8, "LAO": 7.0}
    assert pension.floor.dropna().to_dict() == {"IDN": 40.0}
    assert frame[frame.indicator == "poor_covered"].value.isna().all()


async def convert(file: Path, into: Path) -> None:
    """LibreOffice opens a file and writes each of its sheets as CSV."""
    soffice = shutil.which("soffice") or absent("LibreOffice is not installed here: its tests are left out")
    profile = f"-env:UserInstallation=file://{into}/profile"
    # Somebody at a desk is asked in which letters a CSV is written; here it is said: UTF-8.
    letters = ("--infilter=CSV:44,34,76,1",) if file.suffix == ".csv" else ()
    to = ("--convert-to", ALL_SHEETS, "--outdir", str(into), str(file))
    running = await asyncio.create_subprocess_exec(
        *(soffice, profile, "--headless", "--norestore", *letters, *to),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await running.communicate()
    assert running.returncode == 0, said.decode()


async def test_libreoffice_opens_both_and_reads_the_same(
    sqlite_database: Database, people: cast.Cast, tmp_path: Path
) -> None:
    for ending in (".xlsx", ".csv"):
        made = await content(sqlite_database, people.speaker("bounmy"), f"2026 {ending}", NOW, ending)
        (tmp_path / f"made{ending}").write_bytes(made)
    out = tmp_path / "out"
    out.mkdir()
    await convert(tmp_path / "made.xlsx", out)
    await convert(tmp_path / "made.csv", out)

    def read(name: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO((out / name).read_text(encoding="utf-8"), newline="")))

    assert read("made-E Older persons.csv")[2:4] == [
        ["Indonesia", "2026", "38.8", "2020", "'" + FORMULAS[0], "given"],
        ["Lao PDR", "2026", "7", "2023", "LSIS, 2023", "given"],
    ]
    assert read("made-Floors.csv")[1][3:] == ["pension_covered", "40", "60", "2030", "Law 40 of 2004", "2026-01-01"]
    from_xlsx, from_csv = read("made-Observations.csv"), read("made-made.csv")
    written = list(csv.reader(io.StringIO((tmp_path / "made.csv").read_text(encoding="utf-8-sig"), newline="")))
    assert from_xlsx == written
    assert from_csv == written


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(FORMULAS)


@given(texts)
def test_whatever_people_wrote_comes_back_from_csv(text: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerow([plain(text), "end"])
    (row,) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert [unguarded(row[0]), row[1]] == [printable(text), "end"]
    assert not row[0].startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@settings(max_examples=25)
@given(st.lists(texts, min_size=1, max_size=8))
def test_whatever_people_wrote_comes_back_from_a_workbook(written: list[str]) -> None:
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet("Page")
        for line, text in enumerate(written):
            page.write_string(line, 0, guarded(printable(text)))
    found = openpyxl.load_workbook(io.BytesIO(out.getvalue()))["Page"]
    for line, text in enumerate(written, 1):
        cell = found.cell(line, 1)
        assert cell.data_type in ("s", "n")
        assert unguarded(cell.value or "") == printable(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**6), max_value=10**6))
def test_a_figure_is_written_digit_by_digit(number: Decimal) -> None:
    assert Decimal(plain(number)) == number
    assert "E" not in plain(number)


def test_a_day_a_year_and_nothing() -> None:
    assert [plain(value) for value in (date(2026, 1, 31), 2026, None, "")] == ["2026-01-31", "2026", "", ""]
    assert len(tidy.COLUMNS) == len(set(tidy.COLUMNS))
    assert table_to_csv(["a"], [["=1"]]).endswith(b"'=1\r\n")


def test_the_readme_says_what_each_column_holds() -> None:
    readme = Path("README.md").read_text(encoding="utf-8")

    def named(block: str) -> list[str]:
        rows = re.findall(
            r"^\| (`.+?) \|", readme.partition(f"<!-- {block} -->")[2].partition("<!-- /")[0], re.MULTILINE
        )
        return [name for row in rows for name in re.findall(r"`(\w+)`", row)]

    assert tuple(named("observations")) == COLUMNS
    assert tuple(named("structure")) == sdmx.COLUMNS[3:]


async def test_a_renamed_question_is_one_column_under_its_name_of_today(
    sqlite_database: Database, tmp_path: Path
) -> None:
    people = await cast.make(sqlite_database, NOW)
    text = (editions.FOLDER / "common-1.toml").read_text(encoding="utf-8")
    text = text.replace('\ncode = "common-1"', '\ncode = "common-x"\nfollows = ["common-1"]', 1)
    renamed = 'code = "pension_reached"\nwas = ["pension_covered"]'
    file = tmp_path / "common-x.toml"
    file.write_text(text.replace('code = "pension_covered"', renamed), encoding="utf-8")
    editions.know(file)
    try:
        async with sqlite_database.writing() as session:
            earlier = await a_cycle(session, NOW, "2024")
            await reports(session, people, earlier, "IDN", {"pension_covered": figure("34.25", 2022)})
            cycle = await a_cycle(session, NOW, edition="common-x")
            await reports(session, people, cycle, "IDN", {"pension_reached": figure("38.8", 2025)})
        made = await content(sqlite_database, people.speaker("bounmy"), "all xlsx", NOW, ".xlsx")
        older = sheet(openpyxl.load_workbook(io.BytesIO(made)), "E Older persons")
        assert [row[:4] for row in older[2:]] == [["Indonesia", "2024", 34.25, 2022], ["Indonesia", "2026", 38.8, 2025]]
        assert len(older[0]) == 6
        frame = pandas.read_csv(
            io.BytesIO(await content(sqlite_database, people.speaker("bounmy"), "all csv", NOW, ".csv"))
        )
        assert set(frame.indicator) == {"pension_reached"}
        report = await content(sqlite_database, people.speaker("bounmy"), "2026 Indonesia report", NOW, ".html")
        assert "34.25" in report.decode() and "38.8" in report.decode()
    finally:
        editions.begin_anew()


async def test_a_day_is_that_of_the_register_in_every_file(sqlite_database: Database) -> None:
    """Late in the evening of the old year in Greenwich it is the new year in Jakarta."""
    made = await cast.make(sqlite_database, NOW)
    async with sqlite_database.writing() as session:
        cycle = await a_cycle(session, NOW)
        accepted = datetime(2026, 12, 31, 18, tzinfo=UTC)
        await reports(session, made, cycle, "IDN", {"pension_covered": figure("38.8")}, accepted_at=accepted)
    by = made.speaker("aisyah")
    (row,) = csv.DictReader(
        io.StringIO((await content(sqlite_database, by, "2026 csv", NOW, ".csv")).decode("utf-8-sig"))
    )
    assert row["accepted_on"] == "2027-01-01"
    book = openpyxl.load_workbook(io.BytesIO(await content(sqlite_database, by, "2026 xlsx", NOW, ".xlsx")))
    assert sheet(book, "Coverage")[1][-1] == datetime(2027, 1, 1)  # noqa: DTZ001 - a day in a cell
    assert b"1 January 2027" in await content(sqlite_database, by, "2026 Indonesia report", NOW, ".html")
