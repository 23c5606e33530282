"""Who is reminded when: stories by the clock, over both databases."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from bot import assessments, cycles, ledger, reminders
from bot.clock import SimulatedClock
from db.engine import Database
from db.models import Appointment, Heard
from db.queries import assessments as queries
from db.queries import people as people_queries
from db.vocabulary import DeliveryState, HeardState
from tests.unit.reminders.conftest import Stage, on

HOMES = {
    "siti": "Asia/Jakarta",
    "linh": "Asia/Ho_Chi_Minh",
    "maria": "Asia/Manila",
    "khin": "Asia/Yangon",
    "hajah": "Asia/Brunei",
}
# Friday, 27 November 2026, 17:00 in Jakarta.
DUE = on(2026, 11, 27, 17)
CLOSES = on(2026, 12, 15, 17)


async def test_every_step_comes_at_nine_by_each_persons_own_clock(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    await stage.passes(on(2026, 12, 12, 20))
    usual = ["Fri 13 Nov", "Fri 20 Nov", "Tue 24 Nov", "Thu 26 Nov", "Fri 27 Nov", "Mon 30 Nov", "Fri 04 Dec"]
    days = {short: stage.days(short, zone) for short, zone in HOMES.items()}
    assert days["siti"] == [f"{day} 09:00" for day in usual]
    # That Tuesday is a holiday in Viet Nam (Culture Day) and in Myanmar (full moon of Tazaungmone), and Friday, 4
    # December, Myanmar's National Day.
    moved = [f"{day} 09:00".replace("Tue 24 Nov", "Wed 25 Nov") for day in usual]
    assert days["linh"] == moved
    assert days["khin"] == [*moved[:-1], "Mon 07 Dec 09:00"]
    # Bonifacio Day is a Monday this year.
    assert days["maria"] == [f"{day} 09:00".replace("Mon 30 Nov", "Tue 01 Dec") for day in usual]
    # Brunei rests on Friday and Sunday, and works on Saturday. The last day before the due moment is Thursday: there
    # the step of the day itself takes the place of the day before.
    assert days["hajah"] == [
        f"{day} 09:00" for day in ["Sat 14 Nov", "Sat 21 Nov", "Tue 24 Nov", "Thu 26 Nov", "Mon 30 Nov", "Sat 05 Dec"]
    ]
    # The alternate and the coordinator are in copy only when it is late.
    assert stage.days("budi", "Asia/Jakarta") == stage.days("dewi", "Asia/Jakarta")
    assert stage.days("dewi", "Asia/Jakarta") == ["Mon 30 Nov 09:00", "Fri 04 Dec 09:00"]
    assert [one.kind for one in stage.of("budi")] == ["reminder/step_alternate"] * 2
    assert [one.kind for one in stage.of("dewi")] == ["reminder/step_coordinator"] * 2
    assert not [one for one in stage.got if one.who in ("Per Larsen", "Aisyah Noor")]


async def test_a_tick_that_runs_twice_reminds_once(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    stage.clock.set(on(2026, 11, 13, 9))
    first = await stage.ticks()
    assert len(first.queued) == 4  # all but Manila, an hour earlier, and Brunei, a day later
    second = await stage.ticks()
    assert (second.queued, second.passed) == ((), {})
    assert len(stage.of("siti")) == 1


async def test_two_ticks_at_once_remind_once(stage: Stage, database: Database) -> None:
    await stage.opens(DUE, CLOSES)
    now = on(2026, 11, 13, 12)
    stage.clock.set(now)
    other = Database(database.url.render_as_string(hide_password=False))

    async def tick(where: Database) -> int:
        async with where.writing() as session:
            return len((await reminders.tick(session, now, stage.rules)).queued)

    try:
        counts = await asyncio.gather(*(tick(where) for _ in range(4) for where in (database, other)))
    finally:
        await other.close()
    assert sum(counts) == 5
    await stage.works()
    assert len(stage.got) == 5
    assert len({one.who for one in stage.got}) == 5


async def test_after_a_week_of_outage_only_the_latest_step_is_sent(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    await stage.passes(on(2026, 11, 13, 12))
    # Down until the Wednesday in between -3 and -1.
    stage.clock.set(on(2026, 11, 25, 11))
    await stage.ticks()
    assert stage.days("siti", "Asia/Jakarta") == ["Fri 13 Nov 09:00", "Wed 25 Nov 11:00"]
    rows = {
        row.facts["step"]: row for row in await stage.rows("IDN") if row.facts["addressee"]["role"] == "focal_point"
    }
    assert rows["7_days_before"].state is DeliveryState.CANCELLED
    assert rows["7_days_before"].last_error == "overtaken"
    assert rows["3_days_before"].state is DeliveryState.SENT


async def test_what_was_missed_does_not_come_at_night_or_on_a_free_day(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    await stage.passes(on(2026, 11, 13, 12))
    # The step of Friday the 20th is missed; the bot is up again on Saturday at noon.
    stage.clock.set(on(2026, 11, 21, 12))
    await stage.ticks()
    assert len(stage.of("siti")) == 1
    # In Brunei it is a working day.
    assert stage.days("hajah", "Asia/Brunei")[-1] == "Sat 21 Nov 13:00"
    await stage.passes(on(2026, 11, 23, 20))
    assert stage.days("siti", "Asia/Jakarta")[-1] == "Mon 23 Nov 09:00"


async def test_a_channel_that_is_down_for_days_does_not_pour_out_old_steps(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    for day in (20, 24, 26):
        stage.clock.set(on(2026, 11, day, 9))
        async with stage.database.writing() as session:
            await reminders.tick(session, stage.clock.now(), stage.rules)
    stage.clock.set(on(2026, 11, 26, 14))
    await stage.works()
    assert len(stage.of("siti")) == 1
    assert stage.of("siti")[0].parcel.message.facts["days"] == 1


async def test_who_has_finished_is_left_alone(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    await stage.passes(on(2026, 11, 14, 9))
    await stage.submits("siti")
    # One that was queued in the very moment is not sent either.
    stage.clock.set(on(2026, 11, 20, 9))
    async with stage.database.writing() as session:
        await reminders.tick(session, stage.clock.now(), stage.rules)
    await stage.submits("linh")
    await stage.works()
    await stage.passes(on(2026, 12, 12, 20))
    assert len(stage.of("siti")) == 1
    assert len(stage.of("linh")) == 1
    assert stage.of("dewi") == []
    (row,) = [row for row in await stage.rows("VNM") if row.facts["step"] == "7_days_before"]
    assert row.state is DeliveryState.CANCELLED


async def test_an_assessment_that_comes_back_is_reminded_from_the_next_step_on(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    await stage.submits("siti")
    await stage.passes(on(2026, 11, 25, 12))
    aisyah = stage.cast.speaker("aisyah")
    found = await stage.assessment("IDN")
    async with stage.database.writing() as session:
        talk = await queries.talk(session, found)
        assert talk is not None
        await assessments.return_with_questions(
            session, aisyah, talk, talk.assessment.version, [(None, "Which survey?")], stage.clock.now()
        )
        await ledger.cancel(session, assessments.subject(found), ["assessment/returned"], stage.clock.now())
    await stage.passes(on(2026, 11, 27, 20))
    assert stage.days("siti", "Asia/Jakarta") == ["Thu 26 Nov 09:00", "Fri 27 Nov 09:00"]
    said = stage.of("siti")[0].parcel.message
    assert (said.facts["asked"], said.choices[0].label) == (1, "answer_now")
    reasons = {row.facts["step"]: row.last_error for row in await stage.rows("IDN") if row.last_error}
    assert reasons == {
        "14_days_before": "in_other_hands",
        "7_days_before": "in_other_hands",
        "3_days_before": "in_other_hands",
    }


async def test_a_new_due_date_has_steps_of_its_own(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    await stage.passes(on(2026, 11, 26, 12))
    assert len(stage.of("siti")) == 4
    later = on(2026, 12, 11, 17)
    async with stage.database.writing() as session:
        await cycles.extend(
            session, stage.cast.speaker("aisyah"), stage.cycle_id, later, on(2026, 12, 22, 17), stage.clock.now()
        )
        for one in await queries.standings(session, stage.cycle_id):
            await ledger.cancel(session, assessments.subject(one.assessment.id), ["cycle/extended"], stage.clock.now())
    await stage.passes(on(2026, 12, 21, 20))
    # Fourteen days before the new date, the 27th, is still to come; then 7, 3, 1, 0, and 3 and 7 after.
    assert stage.days("siti", "Asia/Jakarta")[4:] == [
        f"{day} 09:00"
        for day in ["Fri 27 Nov", "Fri 04 Dec", "Tue 08 Dec", "Thu 10 Dec", "Fri 11 Dec", "Mon 14 Dec", "Fri 18 Dec"]
    ]


async def test_an_extension_does_not_send_what_its_new_date_has_already_passed(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    await stage.passes(on(2026, 11, 26, 12))
    async with stage.database.writing() as session:
        await cycles.extend(
            session,
            stage.cast.speaker("aisyah"),
            stage.cycle_id,
            on(2026, 11, 30, 17),
            CLOSES,
            stage.clock.now(),
        )
        done = await reminders.tick(session, stage.clock.now(), stage.rules)
    assert done.queued == ()
    assert set(done.passed.values()) == {"before_new_date"}


async def test_a_cycle_opened_three_days_before_it_is_due(stage: Stage) -> None:
    stage.clock.set(on(2026, 11, 24, 15))
    async with stage.database.reading() as session:
        members = await people_queries.members(session)
    cycle_id = await stage.opens(DUE, CLOSES)
    async with stage.database.reading() as session:
        cycle = await session.get(cycles.Cycle, cycle_id)
        assert cycle is not None
        plan = await cycles.preview(session, cycle, stage.clock.now())
    passed = reminders.passed_at_opening(cycle, stage.rules, plan.asked, members, stage.clock.now())
    assert [one.step.name for one in passed] == ["14_days_before", "7_days_before", "3_days_before"]
    # In Myanmar and Viet Nam that Tuesday is a holiday, and three days before is still to come.
    assert [one.everyone for one in passed] == [True, True, False]
    assert passed[2].members == ("Brunei Darussalam", "Indonesia", "Lao PDR", "Philippines")
    await stage.passes(on(2026, 11, 27, 20))
    assert stage.days("siti", "Asia/Jakarta") == ["Thu 26 Nov 09:00", "Fri 27 Nov 09:00"]
    reasons = {row.facts["step"]: row.last_error for row in await stage.rows("IDN") if row.last_error}
    assert reasons == dict.fromkeys(["14_days_before", "7_days_before", "3_days_before"], "before_opening")


async def test_over_the_turn_of_the_year(stage: Stage) -> None:
    # Due Friday, 1 January 2027, at noon: a holiday everywhere.
    stage.clock.set(on(2026, 12, 1, 9))
    await stage.opens(on(2027, 1, 1, 12), on(2027, 1, 31, 12))
    await stage.passes(on(2027, 1, 12, 12))
    days = stage.days("siti", "Asia/Jakarta")
    # 18 December; Christmas moves seven days before to the Monday; 29 and 31 December; the day itself would be
    # New Year and comes with the day before; 4 and 8 January.
    assert days == [
        f"{day} 09:00" for day in ["Fri 18 Dec", "Mon 28 Dec", "Tue 29 Dec", "Thu 31 Dec", "Mon 04 Jan", "Fri 08 Jan"]
    ]


async def test_after_a_handover_the_new_person_is_reminded_and_nobody_twice(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    stage.clock.set(on(2026, 11, 13, 9))
    async with stage.database.writing() as session:
        await reminders.tick(session, stage.clock.now(), stage.rules)
        old = await session.get(Appointment, stage.cast["siti"].appointment_id)
        assert old is not None
        # From the day before on, Budi is the focal point.
        old.ends_on = stage.clock.now().date() - timedelta(days=1)
        budi = await session.get(Appointment, stage.cast["budi"].appointment_id)
        assert budi is not None
        budi.role = old.role
    await stage.works()
    await stage.ticks()
    assert stage.of("siti") == []
    assert [one.kind for one in stage.of("budi")] == ["reminder/step_author"]


async def test_who_is_just_answering_is_not_interrupted(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    stage.clock.set(on(2026, 11, 13, 9) - timedelta(minutes=5))
    await hears(stage, "siti")
    stage.clock.set(on(2026, 11, 13, 9))
    await stage.ticks()
    assert stage.of("siti") == []
    assert len(stage.of("linh")) == 1
    stage.clock.advance(timedelta(minutes=50))
    await hears(stage, "siti")
    stage.clock.advance(timedelta(minutes=10))
    await stage.ticks()
    assert stage.of("siti") == []
    stage.clock.advance(timedelta(hours=1))
    await stage.ticks()
    assert stage.days("siti", "Asia/Jakarta") == ["Fri 13 Nov 11:00"]
    (row,) = await stage.rows("IDN")
    assert (row.state, row.attempts) == (DeliveryState.SENT, 1)


async def hears(stage: Stage, short: str) -> None:
    """Somebody says something to the bot now."""
    now = stage.clock.now()
    async with stage.database.writing() as session:
        session.add(
            Heard(
                key=f"{short}:{now.isoformat()}",
                person_id=stage.cast[short].person_id,
                state=HeardState.TAKEN,
                heard_at=now,
            )
        )


async def test_the_secretariat_is_reminded_of_what_waits_for_it(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    # Thursday noon; the third working day after is Tuesday, the seventh the Monday after.
    stage.clock.set(on(2026, 11, 5, 12))
    await stage.submits("siti")
    await stage.passes(on(2026, 11, 30, 12))
    got = [one for one in stage.got if one.kind == "reminder/review"]
    assert [(one.who, one.local("Asia/Jakarta")) for one in got] == [
        ("#secretariat", "Tue 10 Nov 09:00"),
        ("#secretariat", "Mon 16 Nov 09:00"),
    ]
    facts = got[0].parcel.message.facts
    assert (facts["member"], facts["person"], facts["days"], facts["reviewer"]) == (
        "Indonesia",
        "Siti Rahmadani",
        5,
        None,
    )


async def test_a_review_that_is_done_is_not_reminded(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    stage.clock.set(on(2026, 11, 5, 12))
    await stage.submits("siti")
    stage.clock.set(on(2026, 11, 10, 9))
    async with stage.database.writing() as session:
        assert len((await reminders.tick(session, stage.clock.now(), stage.rules)).queued) == 1
    found = await stage.assessment("IDN")
    async with stage.database.writing() as session:
        talk = await queries.talk(session, found)
        assert talk is not None
        aisyah = stage.cast.speaker("aisyah")
        await assessments.begin_review(session, aisyah, talk, stage.clock.now())
        await assessments.accept(session, aisyah, talk, talk.assessment.version, stage.clock.now())
    (row,) = await stage.rows("IDN", "reminder/review")
    assert row.state is DeliveryState.CANCELLED


async def test_a_cycle_past_its_closing_date_is_closed_and_reminds_nobody(stage: Stage) -> None:
    await stage.opens(DUE, on(2026, 11, 30, 8))
    await stage.passes(on(2026, 11, 29, 12))
    stage.clock.set(on(2026, 11, 30, 9))
    done = await stage.ticks()
    assert [cycle.code for cycle in done.closed] == ["2026"]
    assert done.queued == ()


@pytest.mark.parametrize("at", [on(2026, 11, 13, 9), on(2026, 11, 13, 10), on(2026, 11, 30, 9)])
async def test_a_tick_asks_the_database_few_questions(
    stage: Stage, clock: SimulatedClock, at: datetime, statements: list[str]
) -> None:
    await stage.opens(DUE, CLOSES)
    await stage.submits("linh")
    clock.set(at)
    statements.clear()
    async with stage.database.writing() as session:
        await reminders.tick(session, clock.now(), stage.rules)
    # Three of them look for national clearances that wait, for parts that are with contributors, and for floors.
    assert len(said(statements)) <= 8
    statements.clear()
    async with stage.database.writing() as session:
        await reminders.tick(session, clock.now(), stage.rules)
    # The look for floors that wait is one of them here too.
    assert len(said(statements)) <= 7


def said(statements: list[str]) -> list[str]:
    return [one for one in statements if not one.startswith(("BEGIN", "COMMIT", "PRAGMA"))]


@pytest.fixture
def statements(database: Database) -> list[str]:
    """Every statement that the database is told, as it is told."""
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    event.listen(database._engine.sync_engine, "before_cursor_execute", note)
    return found
