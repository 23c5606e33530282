"""Values of earlier years are brought in, and the first cycle knows last time."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from bot import history, observations
from bot.editions import FOLDER
from bot.errors import NotAllowed
from bot.formats import load_edition
from bot.history import Brought
from bot.observations import Observation, ObservationsRefused, Trouble
from db.engine import Database
from db.models import AuditRow
from db.queries import records
from db.vocabulary import Via
from tests import cast
from tests.stage import Network

EDITION = load_edition(FOLDER / "common-1.toml")
NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)
FILE = """member,indicator,wdi_code,year,value
IDN,poverty_national_line,SI.POV.NAHC,2013,11.4
IDN,poverty_national_line,SI.POV.NAHC,2014,11.3
IDN,urban_slum_population,EN.POP.SLUM.UR.ZS,2014,21.7999992370605
VNM,gini_index,SI.POV.GINI,2014,34.8
"""


def rows(text: str = FILE) -> list[Observation]:
    members = [part.member for part in cast.PARTS if part.member]
    return observations.read(io.BytesIO(text.encode()), edition=EDITION, members=members, today=date(2026, 11, 2))


async def bring(database: Database, people: cast.Cast, text: str = FILE, who: str = "aisyah") -> Brought:
    async with database.writing() as session:
        by = people.speaker(who, Via.COMMAND_LINE)
        return await history.bring_in(
            session, by, rows(text), edition=EDITION, title=lambda year: f"Values of {year}", now=NOW
        )


async def stored(database: Database) -> list[tuple[str, str, str, Decimal | None, int | None, str | None]]:
    async with database.reading() as session:
        values = await records.accepted_values(session)
    return sorted((v.title, v.member, v.indicator, v.number, v.year, v.source) for v in values)  # pyright: ignore[reportReturnType]


async def test_siti_sees_what_stood_last_time(everywhere: Network) -> None:
    await bring(everywhere.database, everywhere.people)
    await everywhere.opens()
    siti = everywhere["siti"]
    siti.hears("2 of your earlier answers")
    await siti.clicks("Start")
    await siti.says("edit poverty_national_line")
    siti.hears("Last time: *11.3 % (2014, SI.POV.NAHC)*")
    await siti.clicks("Same as last time")
    siti.hears("11.3 % (2014, SI.POV.NAHC)")


async def test_twice_changes_nothing(database: Database) -> None:
    people = await cast.make(database)
    assert await bring(database, people) == Brought(new=4, known=0, years=2)
    before = await stored(database)
    assert before == [
        ("Values of 2013", "IDN", "poverty_national_line", Decimal("11.4"), 2013, "SI.POV.NAHC"),
        ("Values of 2014", "IDN", "poverty_national_line", Decimal("11.3"), 2014, "SI.POV.NAHC"),
        ("Values of 2014", "IDN", "urban_slum_population", Decimal("21.7999992370605"), 2014, "EN.POP.SLUM.UR.ZS"),
        ("Values of 2014", "VNM", "gini_index", Decimal("34.8"), 2014, "SI.POV.GINI"),
    ]
    async with database.reading() as session:
        audited = len((await session.scalars(select(AuditRow))).all())
    assert await bring(database, people) == Brought(new=0, known=4, years=0)
    assert await stored(database) == before
    async with database.reading() as session:
        assert len((await session.scalars(select(AuditRow))).all()) == audited


async def test_it_is_written_down_who_brought_what_in(sqlite_database: Database) -> None:
    people = await cast.make(sqlite_database)
    await bring(sqlite_database, people)
    async with sqlite_database.reading() as session:
        rows = [row for row in await session.scalars(select(AuditRow)) if row.act == "import_observations"]
    assert [(row.person_id, row.via) for row in rows] == [(people["aisyah"].person_id, Via.COMMAND_LINE)] * 3
    assert rows[0].detail == {"values": {"poverty_national_line": "11.4 (2013, SI.POV.NAHC)"}}


async def test_more_of_a_year_that_is_there_already(sqlite_database: Database) -> None:
    people = await cast.make(sqlite_database)
    await bring(sqlite_database, people)
    more = FILE + "IDN,gini_index,SI.POV.GINI,2014,39.4\nLAO,gini_index,SI.POV.GINI,2014,36\n"
    assert await bring(sqlite_database, people, more) == Brought(new=2, known=4, years=1)
    assert len(await stored(sqlite_database)) == 6


async def test_a_changed_value_is_refused_with_what_is_stored(sqlite_database: Database) -> None:
    people = await cast.make(sqlite_database)
    await bring(sqlite_database, people)
    before = await stored(sqlite_database)
    changed = FILE.replace("11.3", "11.2") + "IDN,gini_index,SI.POV.GINI,2014,39.4\n"
    with pytest.raises(ObservationsRefused) as caught:
        await bring(sqlite_database, people, changed)
    (refused,) = caught.value.refused
    assert (refused.line, refused.trouble, refused.facts["stored"]) == (3, Trouble.DIFFERS, "11.3")
    assert await stored(sqlite_database) == before
    # The same number in other digits is the same number.
    assert (await bring(sqlite_database, people, FILE.replace("11.3", "11.30"))).known == 4


async def test_only_the_secretariat_brings_in_history(sqlite_database: Database) -> None:
    people = await cast.make(sqlite_database)
    with pytest.raises(NotAllowed):
        await bring(sqlite_database, people, who="siti")
    assert await stored(sqlite_database) == []


async def test_what_people_answered_for_a_year_is_not_overruled(network: Network) -> None:
    await network.opens("2014", due="2026-12-15")
    siti, aisyah = network["siti"], network["aisyah"]
    await siti.clicks("Start")
    required = [i.code for i in EDITION.question_set("full").required if i.code != "poverty_national_line"]
    await siti.says(
        "poverty_national_line 11.0 2014 SUSENAS\n" + "\n".join(f"{code} n/a: no survey" for code in required)
    )
    await siti.says("review")
    await siti.clicks("Submit")
    await aisyah.clicks("Accept", channel="C0SECRET")
    with pytest.raises(ObservationsRefused) as caught:
        await bring(network.database, network.people)
    (refused,) = caught.value.refused
    assert (refused.line, refused.facts["stored"], refused.facts["cycle"]) == (3, "11.0", "Full assessment 2014")
