"""What a digest says of the progress toward own floors, in the channel, in a mail's text and on its page."""

from __future__ import annotations

from typing import Any

import pytest

from bot import digests
from bot.digests.compose import message_of
from db.engine import Database
from db.models import Cycle
from db.vocabulary import CycleState
from tests import cast
from tests.cast import Cast
from tests.golden import assert_golden
from tests.reports import a_cycle, a_report
from tests.unit.digests.test_words import DAY, NOW, as_mail, chat_of, edition_of, parts


def aim(floor: str | None, ceiling: str | None = None, target: int | None = None) -> Any:
    return {"floor": floor, "ceiling": ceiling, "target_year": target, "source": "Law", "valid_from": "2022-03-01"}


AIMS = {"pension_covered": aim("40", "60", 2030), "gini_index": aim("37", None, 2028), "mothers_covered": aim("50")}


@pytest.fixture
async def network(sqlite_database: Database) -> Cast:
    return await cast.make(sqlite_database, NOW)


async def fill(database: Database, *members: str) -> Cycle:
    """Countries that reported in two years and have set themselves floors; but for Thailand."""
    async with database.writing() as session:
        last = await a_cycle(session, "2024", state=CycleState.PUBLISHED)
        cycle = await a_cycle(session, "2026")
        for place, member in enumerate(members):
            await a_report(session, last, member, NOW - 300 * DAY, pension_covered=f"{38 + place} 2022 LFS")
            said = {"pension_covered": f"{41 + 3 * place} 2025 LFS", "gini_index": f"{36 + place} 2025 WDI"}
            report = await a_report(session, cycle, member, NOW - DAY, mothers_covered="n/a", **said)
            report.floors = {} if member == "THA" else AIMS
    return cycle


def section(composed: digests.Composed) -> dict[str, Any] | None:
    return next((each["facts"] for each in composed.facts["sections"] if each["name"] == "toward_floors"), None)


async def test_how_many_floors_are_reached_and_how_far_my_own_country_is(
    sqlite_database: Database, network: Cast
) -> None:
    cycle = await fill(sqlite_database, "IDN", "LAO", "THA", "VNM")
    composed = await edition_of(sqlite_database, network, cycle)
    told = section(composed)
    assert told is not None
    # Three have set a floor for the pension, all at 40; for the index, two of three are at 37 or below.
    assert (told["set_floor"], told["reached"]) == (6, 5)
    assert told["indicators"] == [
        {"title": "Older persons receiving a pension", "reached": 3, "set_floor": 3},
        {"title": "Gini index", "reached": 2, "set_floor": 3},
    ]
    assert_golden("digest_floors.chat", chat_of(composed.message) + "\n")
    text, page = parts(as_mail(message_of(composed.facts, composed.facts["countries"]["IDN"])))
    assert "Mothers" not in text.split("Toward your own floors:")[1].split("\n\n")[0], "not available is no line"
    assert_golden("digest_floors.text", text)
    assert "Toward your own floors:" in page and "18.5" not in page
    thailand = composed.facts["countries"]["THA"]["floors"]
    assert thailand == {"lines": [], "more": 0}


async def test_of_fewer_than_three_countries_nothing_is_counted(sqlite_database: Database, network: Cast) -> None:
    cycle = await fill(sqlite_database, "IDN", "VNM")
    composed = await edition_of(sqlite_database, network, cycle)
    assert section(composed) is None
    assert len(composed.facts["countries"]["IDN"]["floors"]["lines"]) == 2
