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
from tests.stage import Network

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


async def answer_to(network: Network, code: str, member: str = "IDN") -> Answer:
    async with network.database.reading() as session:
        found = await session.scalars(select(Answer).where(Answer.indicator == code).order_by(Answer.id.desc()))
        return found.first() or Answer()


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
