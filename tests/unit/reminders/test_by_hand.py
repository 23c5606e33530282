"""`/spnet remind`: who would get it, and then what is sent, once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import cycles, reminders
from bot.errors import NotAllowed, NotFound
from bot.reminders import Preview
from db.engine import Database
from db.models import AuditRow
from db.queries import cycles as cycle_queries
from tests.unit.reminders.conftest import Stage, on

DUE = on(2026, 11, 27, 17)
CLOSES = on(2026, 12, 15, 17)
# A Monday morning in Jakarta, three days late; a holiday in the Philippines.
LATE = on(2026, 11, 30, 11)


async def previewed(stage: Stage, member: str | None = None, by: str = "aisyah") -> list[Preview]:
    async with stage.database.reading() as session:
        cycle = await cycle_queries.cycle(session, stage.cycle_id)
        assert cycle is not None
        return await reminders.preview(
            session, stage.cast.speaker(by), stage.clock.now(), cycle, member, rules=stage.rules
        )


async def reminded(stage: Stage, *members: str, by: str = "aisyah", database: Database | None = None) -> list[str]:
    async with (database or stage.database).writing() as session:
        cycle = await cycle_queries.cycle(session, stage.cycle_id)
        assert cycle is not None
        rows = await reminders.remind_now(session, stage.cast.speaker(by), stage.clock.now(), cycle, members)
        return [row.member_code for row in rows]


async def test_aisyah_sees_who_is_late_and_why_before_anything_is_sent(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    await stage.submits("linh")
    await stage.begins("siti")
    stage.clock.set(LATE)
    rows = {row.member_code: row for row in await previewed(stage)}
    assert "VNM" not in rows
    assert list(rows) == sorted(rows, key=lambda code: rows[code].member)
    siti = rows["IDN"]
    assert (siti.hat.name if siti.hat else None, siti.state, siti.answered, siti.late) == (
        "Siti Rahmadani",
        "in_progress",
        0,
        True,
    )
    assert (siti.free, rows["PHL"].free, siti.today, siti.last) == (False, True, False, None)
    assert rows["THA"].hat is None
    await stage.works()
    assert stage.got == []


async def test_one_country_is_found_by_code_or_name(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    for named in ("IDN", "id", "indonesia "):
        assert [row.member_code for row in await previewed(stage, named)] == ["IDN"]
    with pytest.raises(NotFound):
        await previewed(stage, "Atlantis")


async def test_a_double_click_and_a_second_yes_send_once_a_day(stage: Stage, database: Database) -> None:
    await stage.opens(DUE, CLOSES)
    stage.clock.set(LATE)
    other = Database(database.url.render_as_string(hide_password=False))
    try:
        both = await asyncio.gather(
            *(reminded(stage, "IDN", "LAO", database=where) for _ in range(2) for where in (database, other))
        )
    finally:
        await other.close()
    assert sorted(code for one in both for code in one) == ["IDN", "LAO"]
    await stage.works()
    stage.clock.advance(timedelta(minutes=5))
    assert await reminded(stage, "IDN", "LAO") == []
    assert (await previewed(stage, "IDN"))[0].today
    stage.clock.advance(timedelta(days=1))
    assert await reminded(stage, "IDN") == ["IDN"]
    await stage.works()
    assert (len(stage.of("siti")), len(stage.of("bounmy")), len(stage.got)) == (2, 1, 3)
    said = stage.of("siti")[0].parcel.message
    assert (said.kind, said.facts["asked_by"], said.facts["days"]) == ("reminder/step_author", "Aisyah Noor", -3)
    assert (await previewed(stage, "IDN"))[0].last is not None
    async with stage.database.reading() as session:
        rows = list(await session.scalars(select(AuditRow).where(AuditRow.act == "remind").order_by(AuditRow.id)))
    assert sorted(code for row in rows for code in row.detail["members"]) == ["IDN", "IDN", "LAO"]
    assert {row.person_id for row in rows} == {stage.cast["aisyah"].person_id}


async def test_who_finished_after_the_preview_is_left_out(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    stage.clock.set(LATE)
    await previewed(stage)
    await stage.submits("siti")
    assert await reminded(stage, "IDN", "LAO", "THA") == ["LAO"]


async def test_on_a_free_day_the_secretariat_decides(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    stage.clock.set(LATE)
    assert await reminded(stage, "PHL") == ["PHL"]
    await stage.works()
    assert stage.days("maria", "Asia/Manila") == ["Mon 30 Nov 12:00"]


async def test_only_the_secretariat_may(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    for who in ("siti", "dewi", "per"):
        with pytest.raises(NotAllowed):
            await previewed(stage, by=who)
        with pytest.raises(NotAllowed):
            await reminded(stage, "IDN", by=who)


async def test_after_the_close_there_is_nothing_to_remind_of(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    stage.clock.set(CLOSES + timedelta(hours=1))
    assert await previewed(stage) == []
    with pytest.raises(cycles.CycleMoved):
        await reminded(stage, "IDN")
