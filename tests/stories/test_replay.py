"""Real observations through the whole bot over the wire, and the count of what arrived.

Only over the socket, which `spnet replay` plays on: the stories tell that HTTP brings the same.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update

from bot import observations
from bot.cli import replay
from bot.cli.playing import tally
from bot.cli.playing.people import parts
from bot.cli.playing.stage import Stage
from bot.cli.replay import Report
from bot.cli.troubles import Trouble
from bot.editions import FOLDER
from bot.formats import load_edition, load_members
from bot.observations import Observation
from bot.sandbox import Mailbox
from db.engine import Database, DatabaseError
from db.models import Answer, Delivery, Heard
from db.vocabulary import DeliveryState, HeardState
from tests.conftest import PostgreSQL, absent
from tests.unit.cli.conftest import spnet

EDITION = load_edition(FOLDER / "common-1.toml")
MEMBERS = [member.code for member in load_members(FOLDER / "asean.toml")]
ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("SPNET_OBSERVATIONS") or ROOT.parent / "shared" / "data" / "observations.csv")
# Around the turn of 2001, where Slack's timestamps get their tenth digit; many decimals, none, and a whole number.
SMALL = """member,member_name,indicator,wdi_code,year,value,unit
LAO,Lao PDR,poverty_national_line,SI.POV.NAHC,2000,50.7999992370605,percent
THA,Thailand,poverty_national_line,SI.POV.NAHC,2000,42.3,percent
THA,Thailand,gini_index,SI.POV.GINI,2000,43,index
KHM,Cambodia,gini_index,SI.POV.GINI,2001,0.125,index
THA,Thailand,poverty_international_line,SI.POV.DDAY,2001,0,percent
THA,Thailand,portability_agreements,ministry records,2001,12,agreements
MMR,Myanmar,poverty_national_line,"Survey of households, 2001 (second round)",2001,48.25,percent
"""


# Any file of these columns: sources that could be mistaken, values that could be read in two ways, the first and the
# last year that is taken.
ODD = """member,indicator,wdi_code,year,value
BRN,gini_index,"World Bank, 2019 (rev. 2)",1950,12.345
BRN,poverty_national_line,12 regions survey,1950,1.234
SGP,population_covered,SUSENAS; BPS,1950,33.3333333333333333
SGP,mechanism_meetings,2012 census,1950,300
TLS,expenditure_gdp,@channel note,1969,0
TLS,children_covered,<b>BPS</b> & co,1969,100
KHM,gini_index,ទិន្នន័យ,1969,0.001
KHM,portability_agreements,https://example.org/a?b=1,2026,100
LAO,gini_index,skip list,2026,20.10
LAO,poverty_national_line,same survey,2026,19.5
MMR,uhc_service_coverage,n/a register,2026,50
"""


def rows(text: str = SMALL) -> list[Observation]:
    return observations.read(io.BytesIO(text.encode()), edition=EDITION, members=MEMBERS, today=date(2026, 11, 2))


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> str:
    """The address of a file that is not there yet."""
    return f"sqlite:///{tmp_path}/replay.db"


@pytest.fixture
async def empty_postgresql(postgresql: PostgreSQL) -> AsyncIterator[str]:
    """The address of a PostgreSQL database without tables."""
    name = f"replay_{uuid4().hex}"
    await postgresql.run(f"CREATE DATABASE {name}")
    yield postgresql.url(name)
    await postgresql.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, of each kind in turn."""
    return request.getfixturevalue(f"empty_{request.param}")


def silent(_what: str) -> None:
    pass


async def test_a_small_file_arrives_exactly(empty: str) -> None:
    report, losses = await replay.play(empty, EDITION, rows(), silent)
    assert losses.lines == []
    figures = asdict(report)
    assert figures.pop("seconds") > 0
    assert figures.pop("prompts") > 8 * 8
    assert figures.pop("deliveries") > 2 * (4 + 4 + 4 + 5)
    assert figures == {
        "cycles": 2,
        "members": 4,
        "answers_stored": 7,
        "answers_wrong": 0,
        "accepted": 8,
        "mails": 8,
        "lost": 0,
    }
    assert report.good
    with pytest.raises(Trouble) as caught:
        await replay.play(empty, EDITION, rows(), silent)
    assert caught.value.code == "database_not_empty"


async def test_any_file_of_these_columns_arrives_exactly(tmp_path: Path) -> None:
    report, losses = await replay.play(f"sqlite:///{tmp_path}/replay.db", EDITION, rows(ODD), silent)
    assert losses.lines == []
    assert (report.cycles, report.answers_stored, report.answers_wrong) == (3, 11, 0)


async def test_the_count_sees_what_was_changed_or_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever counts must be able to find something: the database is spoilt before the count."""
    count = tally.count

    async def spoil_and_count(on: Stage, rows: list[Observation], failures: list[str]) -> tally.Counted:
        database: Database = on.app.database
        async with database.writing() as session:
            answers = list(await session.scalars(select(Answer).where(Answer.number.is_not(None)).order_by(Answer.id)))
            await session.execute(update(Answer).where(Answer.id == answers[0].id).values(source="another"))
            await session.execute(update(Answer).where(Answer.id == answers[1].id).values(year=1999))
            await session.execute(delete(Answer).where(Answer.id == answers[2].id))
            first = (await session.scalars(select(Delivery).order_by(Delivery.id))).first()
            assert first is not None
            first.state = DeliveryState.QUEUED
            typed = (await session.scalars(select(Heard).where(Heard.key == on.typed[0]))).one()
            typed.state = HeardState.KEPT
            await session.execute(delete(Heard).where(Heard.key == on.typed[1]))
        mailbox: Mailbox = on.mailbox
        mailbox.letters.pop()
        return await count(on, rows, failures)

    monkeypatch.setattr(tally, "count", spoil_and_count)
    report, losses = await replay.play(f"sqlite:///{tmp_path}/replay.db", EDITION, rows(), silent)
    assert not report.good
    assert (report.answers_stored, report.answers_wrong) == (6, 2)
    assert [len(x) for x in (losses.rows, losses.ledger, losses.unheard, losses.unreceived)] == [1, 1, 2, 1]
    assert report.lost == 5


def test_the_people_of_a_replay_are_told_apart() -> None:
    cast = parts(MEMBERS)
    assert len({part.slack_id for part in cast}) == len({part.email for part in cast}) == 1 + 2 * len(MEMBERS)
    assert all(part.email.endswith("@example.org") for part in cast)


async def test_at_the_command_line_one_object_on_standard_output(tmp_path: Path) -> None:
    file = tmp_path / "small.csv"
    file.write_text("".join(SMALL.splitlines(keepends=True)[:3]))
    ended = await (await spnet("replay", str(file), "--json")).ended()
    assert ended.code == 0, ended.err
    assert set(json.loads(ended.out)) == set(Report.__annotations__)
    assert (json.loads(ended.out)["answers_stored"], json.loads(ended.out)["lost"]) == (2, 0)


async def test_a_bad_file_is_refused_before_anything_begins(tmp_path: Path) -> None:
    file, database = tmp_path / "bad.csv", tmp_path / "replay.db"
    file.write_text(SMALL.replace("LAO,", "XXX,").replace("42.3", "420.3"))
    ended = await (await spnet("replay", str(file), "--json", "--database", f"sqlite:///{database}")).ended()
    assert (ended.code, ended.out) == (1, "")
    assert 'line 2: no member has the code "XXX"' in ended.err
    assert "line 3: 420.3 is outside 0 to 100" in ended.err
    assert not database.exists()


async def test_a_database_that_cannot_be_used(tmp_path: Path) -> None:
    for url, code in (("nonsense", "database_url"), ("sqlite:////nowhere/at/all/replay.db", "unreachable")):
        with pytest.raises((Trouble, DatabaseError)) as caught:
            await replay.play(url, EDITION, rows(), silent)
        assert caught.value.code == code  # pyright: ignore[reportAttributeAccessIssue]


async def test_all_real_observations_arrive_exactly(tmp_path: Path) -> None:
    if not REAL.is_file():
        absent(f"the real observations are not here ({REAL.name}; SPNET_OBSERVATIONS may name them)")
    edition, real = replay.read(REAL)
    report, losses = await replay.play(f"sqlite:///{tmp_path}/replay.db", edition, real, silent)
    assert losses.lines == []
    assert (report.answers_stored, report.answers_wrong, report.lost) == (len(real), 0, 0)
    assert len(real) == 427
    assert report.accepted == report.cycles * report.members
