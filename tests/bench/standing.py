"""The regional table, with its pace and counts; against reading the same rows by one plain query in the same run.

200 members, 33 numeric questions and 20 cycles: 132,000 accepted answers, and a floor, a ceiling and a target year for
each member and question. The table is that of `/spnet progress region`, of the last cycle. The baseline selects
the rows that it is made of, with the columns that it needs, by one statement, and fetches them as rows: no objects,
nothing parsed, nothing looked at, on the same engine. Both are measured in turn, with a garbage collection before each;
the figures are medians in milliseconds, and their ratio.
"""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from sqlalchemy import insert

from bot import editions, standing
from bot.standing import Table
from db.engine import Database, Session
from db.models import Answer, Assessment, Cycle, Member
from db.queries import progress as queries
from db.vocabulary import AssessmentState, Availability, CycleOrigin, CycleState, QuestionSetCode, Via
from tests.reports import counted

MEMBERS, INDICATORS, CYCLES = 200, 33, 20
FIRST_YEAR = 2007
ROUNDS = 9
WHEN = datetime(2026, 11, 2, tzinfo=UTC)
EDITION = "bench-1"
T = TypeVar("T")


async def run() -> dict[str, Any]:
    """Fill a database, then measure both, round by round."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{folder}/standing.db", durable=False)
        try:
            await database.migrate()
            await fill(database, Path(folder))
            return await _measured(database)
        finally:
            await database.close()


async def _measured(database: Database) -> dict[str, Any]:
    times: dict[str, list[float]] = {"plain": [], "table": []}
    with counted(database) as asked:
        table, _ = await _timed(database, whole)
    rows: list[queries.Said] = []
    for _ in range(ROUNDS):
        rows, seconds = await _timed(database, plain)
        times["plain"].append(seconds * 1000)
        table, seconds = await _timed(database, whole)
        times["table"].append(seconds * 1000)
    medians = {name: statistics.median(values) for name, values in times.items()}
    return {
        "members": MEMBERS,
        "indicators": len(table.indicators),
        "cycles": CYCLES,
        "rows_read": len(rows),
        "rows_made": len(table.rows),
        "with_pace": sum(row.pace is not None for row in table.rows),
        "queries": len(asked),
        "baseline_ms": round(medians["plain"], 1),
        "table_ms": round(medians["table"], 1),
        "ratio": round(medians["table"] / medians["plain"], 2),
    }


async def _timed(database: Database, does: Callable[[Session], Awaitable[T]]) -> tuple[T, float]:
    gc.collect()
    async with database.reading() as session:
        begun = time.perf_counter()
        made = await does(session)
        return made, time.perf_counter() - begun


async def plain(session: Session) -> list[queries.Said]:
    """Every accepted answer of every cycle, with the columns that the table needs."""
    found: Any = await session.execute(queries.SAID.where(Assessment.state == AssessmentState.ACCEPTED))
    return found.all()


async def whole(session: Session) -> Table:
    """The regional table of the last cycle."""
    cycle = await queries.newest_with_answers(session, None, published=False)
    assert cycle is not None
    return await standing.table(session, cycle)


def edition(folder: Path) -> list[str]:
    """An edition of 33 questions that ask for numbers, in eleven sections; gives their codes."""
    file, codes = folder / f"{EDITION}.toml", []
    lines = [f'code = "{EDITION}"', 'title = "For the bench"']
    for code in QuestionSetCode:
        lines += ["[[question_set]]", f'code = "{code}"', f'title = "{code}"', "minutes = 5"]
    for place in range(INDICATORS):
        letter = chr(ord("A") + place // 3)
        if place % 3 == 0:
            lines += ["[[section]]", f'letter = "{letter}"', f'title = "Section {letter}"', 'sectors = ["health"]']
        code = f"share_{place}"
        codes.append(code)
        lines += [
            "[[section.indicator]]",
            f'code = "{code}"',
            f'title = "Share {place}"',
            f'question = "Share {place}?"',
        ]
        lines += ['help = "A share."', 'kind = "percent"', "minimum = 0", "maximum = 100", "floor = true"]
        lines += [f'direction = "{"down" if place % 3 else "up"}"', "carry_forward = true", 'sector = "health"']
        lines += ["required = true"] if place == 0 else []
    file.write_text("\n".join(lines), encoding="utf-8")
    editions.know(file)
    return codes


async def fill(database: Database, folder: Path) -> None:
    """Members, cycles, and an accepted answer to each question of each cycle."""
    dice = Random(20)
    codes = edition(folder)
    members = [chr(65 + n // 26) + chr(65 + n % 26) + "X" for n in range(MEMBERS)]
    async with database.writing() as session:
        await session.execute(
            insert(Member),
            [
                {
                    "code": code,
                    "alpha2": code[:2],
                    "name": f"Country {code}",
                    "zone": "UTC",
                    "calendar": "",
                    "locale": "en",
                }
                for code in members
            ],
        )
        for year in range(FIRST_YEAR, FIRST_YEAR + CYCLES):
            cycle = _cycle(year)
            session.add(cycle)
            await session.flush()
            for code in members:
                assessment = _assessment(cycle, code, codes, dice)
                session.add(assessment)
                await session.flush()
                await session.execute(insert(Answer), [_answer(assessment, each, year, dice) for each in codes])


def _cycle(year: int) -> Cycle:
    return Cycle(
        code=str(year),
        title=f"Assessment {year}",
        question_set=QuestionSetCode.FULL,
        edition=EDITION,
        period_start=date(year, 1, 1),
        period_end=date(year, 12, 31),
        opens_at=WHEN,
        due_at=WHEN,
        closes_at=WHEN,
        state=CycleState.PUBLISHED,
        origin=CycleOrigin.ASKED,
    )


def _assessment(cycle: Cycle, member: str, codes: list[str], dice: Random) -> Assessment:
    floors = {
        code: {
            "floor": str(dice.randint(20, 60)),
            "ceiling": str(dice.randint(61, 99)) if place % 3 == 0 else str(dice.randint(1, 19)),
            "target_year": 2030,
            "source": "Decree 12",
            "valid_from": f"{dice.randint(FIRST_YEAR, FIRST_YEAR + CYCLES - 2)}-03-01",
        }
        for place, code in enumerate(codes)
    }
    return Assessment(
        cycle_id=cycle.id, member_code=member, state=AssessmentState.ACCEPTED, state_since=WHEN, floors=floors
    )


def _answer(assessment: Assessment, code: str, year: int, dice: Random) -> dict[str, Any]:
    return {
        "assessment_id": assessment.id,
        "indicator": code,
        "availability": Availability.GIVEN,
        "number": Decimal(dice.randint(0, 10_000)) / 100,
        "year": year - 1,
        "source": "Labour force survey",
        "said_at": WHEN,
        "via": Via.BOT,
    }
