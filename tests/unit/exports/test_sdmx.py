"""The SDMX file and its data structure, read back by a library of SDMX's own makers: equal to what is stored."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from pysdmx.io import get_datasets, read_sdmx
from pysdmx.model import DataStructureDefinition

from bot.exports import sdmx
from db.engine import Database
from db.vocabulary import Availability
from tests import cast
from tests.reported import PENSION_AIM, a_cycle, content, figure, not_available, reports, words

NOW = datetime(2027, 2, 1, 3, tzinfo=UTC)
# A figure with more digits than a float holds.
LONG = "38.79999923706050000123456789"
# One of the observations of the network, which a float holds.
DIGITS = "50.7999992370605"
MISSING = ("", "NaN", "nan", "None", "<NA>")


@pytest.fixture
async def people(sqlite_database: Database) -> cast.Cast:
    made = await cast.make(sqlite_database, NOW)
    async with sqlite_database.writing() as session:
        earlier = await a_cycle(session, NOW, "2024")
        await reports(session, made, earlier, "IDN", {"pension_covered": figure("38.8"), "gini_index": figure("38.10")})
        cycle = await a_cycle(session, NOW)
        indonesia = {
            "mechanism_status": words("operational"),
            "mechanism_meetings": figure("4", None, None),
            # The same year as two years before, another figure.
            "pension_covered": figure(DIGITS, 2020, "=cmd|calc!A1", note='say "hello", twice\nand once more'),
            "gini_index": figure(LONG, 2025, "WDI", availability=Availability.ESTIMATE),
            "poor_covered": not_available("no survey this year"),
            "progress_made": words("More families were reached."),
        }
        await reports(session, made, cycle, "IDN", indonesia, floors={"pension_covered": PENSION_AIM})
        await reports(session, made, cycle, "LAO", {"pension_covered": figure("7", 2023)})
    return made


async def both(database: Database, people: cast.Cast, tmp_path: Path) -> tuple[Path, Path]:
    """The data and the structure, as files."""
    for ending in ("-sdmx.csv", "-structure.xml"):
        made = await content(database, people.speaker("per"), "all sdmx", NOW, ending)
        (tmp_path / f"all{ending}").write_bytes(made)
    return tmp_path / "all-sdmx.csv", tmp_path / "all-structure.xml"


def lines_of(data: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.read_text(encoding="utf-8"), newline="")))


async def test_the_data_read_back_are_what_is_stored_to_the_digit(
    sqlite_database: Database, people: cast.Cast, tmp_path: Path
) -> None:
    data, structure = await both(sqlite_database, people, tmp_path)
    (found,) = get_datasets(str(data), str(structure), validate=True)
    rows = {
        (row["REF_AREA"], row["INDICATOR"], row["CYCLE"], row["TIME_PERIOD"]): row
        for row in found.data.astype(str).to_dict("records")
    }
    stored = {
        ("IDN", "pension_covered", "2024", "2020"): "38.8",
        ("IDN", "gini_index", "2024", "2020"): "38.10",
        ("IDN", "mechanism_meetings", "2026", "2026"): "4",
        ("IDN", "pension_covered", "2026", "2020"): DIGITS,
        ("IDN", "gini_index", "2026", "2025"): LONG,
        ("IDN", "poor_covered", "2026", "2026"): None,
        ("LAO", "pension_covered", "2026", "2023"): "7",
    }
    read = {
        key: None if str(row["OBS_VALUE"]) in MISSING else Decimal(str(row["OBS_VALUE"])) for key, row in rows.items()
    }
    # The library reads a figure into a float, which holds no more than seventeen digits; the file itself holds all.
    assert read == {key: None if said is None else Decimal(str(float(said))) for key, said in stored.items()}
    assert read["IDN", "pension_covered", "2026", "2020"] == Decimal(DIGITS)
    written = {tuple(line[each] for each in sdmx.DIMENSIONS[1:]): line["OBS_VALUE"] for line in lines_of(data)}
    assert written == {key: said or "" for key, said in stored.items()}
    status = {key[1:3]: row["OBS_STATUS"] for key, row in rows.items() if key[0] == "IDN"}
    assert (status["gini_index", "2026"], status["poor_covered", "2026"]) == ("E", "O")
    assert status["pension_covered", "2026"] == "A"
    pension = rows["IDN", "pension_covered", "2026", "2020"]
    assert (pension["SERIES"], pension["UNIT_MEASURE"]) == ("SI_COV_PENSN", "PERCENT")
    assert (Decimal(pension["FLOOR"]), Decimal(pension["CEILING"]), pension["TARGET_YEAR"]) == (40, 60, "2030")
    assert pension["SOURCE"] == "'=cmd|calc!A1"
    assert pension["NOTE"] == 'say "hello", twice\nand once more'
    assert rows["IDN", "poor_covered", "2026", "2026"]["NOTE"] == "no survey this year"


async def test_the_structure_says_what_the_columns_are(
    sqlite_database: Database, people: cast.Cast, tmp_path: Path
) -> None:
    data, structure = await both(sqlite_database, people, tmp_path)
    message = read_sdmx(str(structure), validate=True)
    (found,) = message.get_data_structure_definitions()
    assert isinstance(found, DataStructureDefinition)
    components = found.components
    assert [each.id for each in components.dimensions] == list(sdmx.DIMENSIONS)
    assert [each.id for each in components.measures] == [sdmx.MEASURE]
    assert {each.id for each in components.attributes} == set(sdmx.ATTRIBUTES)
    (flow,) = message.get_dataflows()
    assert f"{flow.agency}:{flow.id}({flow.version})" == sdmx.STRUCTURE_ID
    lists = {each.id: {code.id: code for code in each.items} for each in message.get_codelists()}
    assert lists["CL_INDICATOR"]["pension_covered"].name == "Older persons receiving a pension"
    assert set(lists["CL_CYCLE"]) == {"2024", "2026"}
    rows = lines_of(data)
    for column, codelist in sdmx.CODED.items():
        assert {row[column] for row in rows} <= set(lists[codelist]), column
    # Each key stands once, and the columns are the guide's.
    assert len({tuple(row[each] for each in sdmx.DIMENSIONS) for row in rows}) == len(rows)
    assert list(rows[0])[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    assert {(row["STRUCTURE"], row["STRUCTURE_ID"], row["ACTION"]) for row in rows} == {
        ("dataflow", sdmx.STRUCTURE_ID, "I")
    }


async def test_the_same_data_give_the_same_bytes(sqlite_database: Database, people: cast.Cast, tmp_path: Path) -> None:
    once = [file.read_bytes() for file in await both(sqlite_database, people, tmp_path)]
    again = [file.read_bytes() for file in await both(sqlite_database, people, tmp_path)]
    assert once == again
    assert str(date(2027, 2, 1)).encode() in once[1]
