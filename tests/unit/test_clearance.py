"""The national yes underneath: races on both databases, its setting, letters, and what a scan is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from bot import assessments, clearance, workdays
from bot.assessments import clearing
from bot.clearance import setting
from bot.clock import SimulatedClock
from bot.errors import Refusal, SecretariatMayNotClear
from bot.people.kept import Slip, slip
from bot.reminders import Rules
from bot.reminders.clearances import queue_clearances
from bot.speaker import Speaker
from bot.words import words
from db.engine import Conflict, Database, Session
from db.models import Appointment, Clearance, Delivery, Member, StoredFile
from db.queries import clearances as queries
from db.queries.assessments import Standing
from db.vocabulary import AssessmentState, ClearanceState, Role, Via
from tests.cast import SINCE
from tests.unit.test_assessments import DEEDS, Stage, another, made

S = AssessmentState
PNG, JPEG, PDF = b"\x89PNG\r\n\x1a\n....", b"\xff\xd8\xff\xe0....", b"%PDF-1.4 ...."
Deed = Callable[[Session, datetime], Awaitable[object]]


async def waiting(database: Database, now: datetime, *, second: bool = False) -> tuple[Stage, int]:
    """Indonesia wants its yes, of the coordinator (and then of the focal point), and Siti has handed in."""
    stage = await made(database, now, S.IN_PROGRESS)
    async with database.writing() as session:
        member = await session.get(Member, "IDN")
        assert member is not None
        member.clearance_wanted = True
        steps = [(Role.COORDINATOR, None), *([(Role.FOCAL_POINT, None)] if second else [])]
        await queries.put_steps(session, "IDN", steps)
    assert await stage.does("siti", "submit") is None
    async with database.reading() as session:
        return stage, await session.scalar(select(func.max(Clearance.id))) or 0


async def colleague(stage: Stage) -> Speaker:
    """Rina holds the coordinator's role as well as Dewi."""
    async with stage.database.writing() as session:
        person = stage.people["rina"].person_id
        session.add(Appointment(person_id=person, role=Role.COORDINATOR, member_code="IDN", starts_on=SINCE))
    return stage.people.speaker("rina")


async def at_once(stage: Stage, *deeds: Deed) -> list[Refusal | None]:
    """Several deeds at the same moment, each by a process of its own."""

    async def do(deed: Deed) -> Refusal | None:
        other = Database(stage.database.url.render_as_string(hide_password=False))
        try:
            for _ in range(3):
                try:
                    async with other.writing() as session:
                        await deed(session, stage.now)
                    return None
                except Refusal as refusal:
                    return refusal
                except Conflict:
                    # As a turn does: once more, with what the other wrote known.
                    continue
            raise AssertionError("never through")
        finally:
            await other.close()

    return list(await asyncio.gather(*map(do, deeds)))


async def count(stage: Stage, kind: str) -> int:
    async with stage.database.reading() as session:
        return await session.scalar(select(func.count(Delivery.id)).where(Delivery.kind == kind)) or 0


async def test_of_two_who_clear_at_once_one_does(database: Database, clock: SimulatedClock) -> None:
    stage, number = await waiting(database, clock.now())
    dewi, rina = stage.people.speaker("dewi"), await colleague(stage)
    ends = await at_once(stage, *[lambda s, now, by=by: clearing.clear(s, by, number, now) for by in (dewi, rina) * 2])
    assert sorted(type(end).__name__ for end in ends) == ["AlreadyCleared"] * 3 + ["NoneType"]
    assert await stage.state() is S.SUBMITTED
    assert (await count(stage, "review/submission"), await count(stage, "clearance/given")) == (1, 1)


async def test_a_yes_and_a_no_at_once_are_one_of_them(database: Database, clock: SimulatedClock) -> None:
    stage, number = await waiting(database, clock.now())
    dewi, rina = stage.people.speaker("dewi"), await colleague(stage)
    ends = await at_once(
        stage,
        lambda s, now: clearing.clear(s, dewi, number, now),
        lambda s, now: clearing.send_back(s, rina, number, "no", now),
    )
    assert len([end for end in ends if end is None]) == 1
    cleared = ends[0] is None
    assert await stage.state() is (S.SUBMITTED if cleared else S.IN_PROGRESS)
    assert await count(stage, "review/submission") == int(cleared)


async def test_a_yes_against_a_change_is_for_what_was_seen(database: Database, clock: SimulatedClock) -> None:
    """Whoever is first, the secretariat never has answers that nobody cleared."""
    now = clock.now()
    stage, first = await waiting(database, now)
    dewi, siti = stage.people.speaker("dewi"), stage.people.speaker("siti")

    async def take_back_and_change(session: Session, now: datetime) -> None:
        await assessments.withdraw(session, siti, await stage.talk(session), now)
        await DEEDS["store"](session, siti, await stage.talk(session), now)

    for place in range(4):
        number = first if place == 0 else await _again(stage)
        ends = await at_once(stage, lambda s, now, n=number: clearing.clear(s, dewi, n, now), take_back_and_change)
        async with stage.database.reading() as session:
            talk = await stage.talk(session)
            yes = await queries.yes(session, number)
        assert yes is not None
        if talk.assessment.state is S.SUBMITTED:
            assert yes.clearance.state is ClearanceState.CLEARED
            assert yes.clearance.version == talk.assessment.version
        else:
            assert talk.assessment.state is S.IN_PROGRESS
            assert yes.clearance.state is ClearanceState.VOID
        assert None in ends
        if talk.assessment.state is S.SUBMITTED:
            assert await stage.does("siti", "withdraw") is None


async def _again(stage: Stage) -> int:
    assert await stage.does("siti", "store") is None
    assert await stage.does("siti", "submit") is None
    async with stage.database.reading() as session:
        return await session.scalar(select(func.max(Clearance.id))) or 0


async def test_the_setting_against_a_yes(database: Database, clock: SimulatedClock) -> None:
    stage, number = await waiting(database, clock.now(), second=True)
    dewi = stage.people.speaker("dewi")
    async with database.reading() as session:
        form = await setting.form(session, dewi, Slip("IDN"), words().label)
    given = {"wanted": ["no"], "first": ["coordinator-0"]}
    ends = await at_once(
        stage,
        lambda s, now: clearing.clear(s, dewi, number, now),
        lambda s, now: setting.store(s, dewi, slip(form.private), given, now, words().label),
    )
    assert ends[1] is None
    # The first of two had perhaps said yes; then the second was asked, and the setting gives it back all the same.
    assert await stage.state() in (S.IN_PROGRESS, S.AWAITING_CLEARANCE)
    async with database.reading() as session:
        member = await session.get(Member, "IDN")
    assert member is not None and not member.clearance_wanted


async def test_the_same_version_needs_no_second_yes(sqlite_database: Database, clock: SimulatedClock) -> None:
    stage, number = await waiting(sqlite_database, clock.now())
    async with sqlite_database.writing() as session:
        await clearing.clear(session, stage.people.speaker("dewi"), number, stage.now)
    assert await stage.does("siti", "withdraw") is None
    assert await stage.does("siti", "submit") is None
    assert await stage.state() is S.SUBMITTED, "nothing was changed, so the yes stands"
    assert await stage.does("siti", "withdraw") is None
    assert await stage.does("siti", "store") is None
    assert await stage.does("siti", "submit") is None
    assert await stage.state() is S.AWAITING_CLEARANCE
    assert await count(stage, "clearance/void") == 1, "who had said yes is told that it counts no more"


async def test_whether_the_author_may_clear_is_the_members_setting(
    sqlite_database: Database, clock: SimulatedClock
) -> None:
    stage, number = await waiting(sqlite_database, clock.now(), second=True)
    siti = stage.people.speaker("siti")
    async with sqlite_database.writing() as session:
        following = (await clearing.clear(session, stage.people.speaker("dewi"), number, stage.now)).next
    assert following is not None
    with pytest.raises(clearing.AuthorMayNotClear):
        async with sqlite_database.writing() as session:
            await clearing.clear(session, siti, following.id, stage.now)
    async with sqlite_database.writing() as session:
        form = await setting.form(session, stage.people.speaker("dewi"), Slip("IDN"), words().label)
        given = {"wanted": ["yes"], "first": ["coordinator-0"], "second": ["focal_point-0"], "author": ["may"]}
        by = stage.people.speaker("dewi")
        await setting.store(session, by, slip(form.private), given, stage.now, words().label)
    async with sqlite_database.writing() as session:
        await clearing.clear(session, siti, following.id, stage.now)
    assert await stage.state() is S.SUBMITTED


async def test_whoever_said_yes_and_then_hands_it_in_has_not_cleared_it(
    sqlite_database: Database, clock: SimulatedClock
) -> None:
    stage, number = await waiting(sqlite_database, clock.now())
    async with sqlite_database.writing() as session:
        person = stage.people["budi"].person_id
        session.add(Appointment(person_id=person, role=Role.COORDINATOR, member_code="IDN", starts_on=SINCE))
    async with sqlite_database.writing() as session:
        await clearing.clear(session, stage.people.speaker("budi"), number, clock.now())
    assert await stage.state() is S.SUBMITTED
    for submits, ends in (("siti", S.SUBMITTED), ("budi", S.AWAITING_CLEARANCE)):
        assert await stage.does("siti", "withdraw") is None
        assert await stage.does(submits, "submit") is None
        assert await stage.state() is ends
    async with sqlite_database.writing() as session:
        last = await session.scalar(select(func.max(Clearance.id))) or 0
        await clearing.clear(session, stage.people.speaker("dewi"), last, clock.now())
    assert await stage.state() is S.SUBMITTED


async def test_whoever_wrote_the_answers_is_an_author_too(sqlite_database: Database, clock: SimulatedClock) -> None:
    """Siti coordinates too, writes all of it and lets Budi hand it in: the yes is still not hers."""
    stage, first = await waiting(sqlite_database, clock.now())
    siti, dewi = stage.people.speaker("siti"), stage.people.speaker("dewi")
    assert await stage.does("siti", "withdraw") is None
    assert await stage.does("siti", "store") is None
    async with sqlite_database.writing() as session:
        session.add(
            Appointment(person_id=siti.person_id, role=Role.COORDINATOR, member_code="IDN", starts_on=SINCE),
        )
    assert await stage.does("budi", "submit") is None
    async with sqlite_database.reading() as session:
        number = await session.scalar(select(func.max(Clearance.id))) or 0
        asked = await session.scalars(select(Delivery.person_id).where(Delivery.kind == "clearance/ask"))
        assert (number > first, set(asked)) == (True, {dewi.person_id})
        assert (await clearance.waiting_for(session, siti, stage.now))[0] == []
        talk = await stage.talk(session)
        standing = Standing(talk.assessment, talk.member, talk.cycle, 0, None)
        assert [hat.name for hat in (await assessments.asked_of(session, [standing], stage.now))[stage.id]] == [
            dewi.name
        ]
    with pytest.raises(clearing.AuthorMayNotClear):
        async with sqlite_database.writing() as session:
            await clearing.clear(session, siti, number, stage.now)
    # Where nobody else holds the role, that is said; when the country lets authors clear, Siti is asked.
    async with sqlite_database.writing() as session:
        await session.execute(update(Appointment).where(Appointment.person_id == dewi.person_id).values(ends_on=SINCE))
        await queue_clearances(session, stage.now, Rules())
    assert await count(stage, "clearance/nobody") == 2
    async with sqlite_database.writing() as session:
        (await session.get_one(Member, "IDN")).author_may_clear = True
        await queue_clearances(session, stage.now, Rules())
        asked = await session.scalars(select(Delivery.person_id).where(Delivery.kind == "clearance/ask"))
        assert siti.person_id in set(asked)
    async with sqlite_database.writing() as session:
        await clearing.clear(session, siti, number, stage.now)
    assert await stage.state() is S.SUBMITTED


@pytest.mark.parametrize("via", [Via.SLACK, Via.PAGE])
async def test_the_secretariat_gives_no_countrys_yes_whatever_it_appoints_itself_to(
    database: Database, clock: SimulatedClock, via: Via
) -> None:
    """Neither by a button nor on a page, as the secretariat or in the other role, nor by a letter; nobody asks her."""
    stage, number = await waiting(database, clock.now())
    aisyah, dewi = stage.people.speaker("aisyah"), stage.people.speaker("dewi")
    async with database.writing() as session:
        for role in (Role.COORDINATOR, Role.FOCAL_POINT):
            session.add(
                Appointment(person_id=aisyah.person_id, role=role, member_code="IDN", starts_on=SINCE),
            )
        await session.execute(update(Appointment).where(Appointment.person_id == dewi.person_id).values(ends_on=SINCE))
        await session.flush()
        await queue_clearances(session, stage.now, Rules())
        asked = await session.scalars(select(Delivery.person_id).where(Delivery.kind == "clearance/ask"))
        assert aisyah.person_id not in set(asked)
        yes, talk = await queries.yes(session, number), await stage.talk(session)
        assert yes is not None
        shown = await clearance.waits(session, talk, stage.now)
        assert shown is not None and (shown["asked"], shown["held"]) == ([], "secretariat")
        as_coordinator = replace(aisyah, role=Role.COORDINATOR, member="IDN", via=via)
        assert (await clearance.waiting_for(session, as_coordinator, stage.now))[0] == []
    assert await count(stage, "clearance/nobody") == 2
    for by in (replace(aisyah, via=via), as_coordinator):
        for deed in (
            lambda s, by=by: clearing.clear(s, by, number, stage.now),
            lambda s, by=by: clearing.send_back(s, by, number, "no", stage.now),
            lambda s, by=by: clearing.letter_for(s, by, number, stage.now),
        ):
            with pytest.raises(SecretariatMayNotClear):
                async with database.writing() as session:
                    await deed(session)
    assert await stage.state() is S.AWAITING_CLEARANCE
    # Whoever has left the secretariat is the country's like anybody else.
    async with database.writing() as session:
        left = (Appointment.person_id == aisyah.person_id) & (Appointment.role == Role.SECRETARIAT)
        await session.execute(update(Appointment).where(left).values(ends_on=SINCE))
    async with database.writing() as session:
        await clearing.clear(session, as_coordinator, number, stage.now)
    assert await stage.state() is S.SUBMITTED


async def test_every_cycle_has_its_own_yes(sqlite_database: Database, clock: SimulatedClock) -> None:
    stage, number = await waiting(sqlite_database, clock.now())
    second = await another(sqlite_database, stage.people, clock.now(), S.IN_PROGRESS, "2027")
    assert await second.does("siti", "submit") is None
    async with sqlite_database.writing() as session:
        await clearing.clear(session, stage.people.speaker("dewi"), number, stage.now)
    assert (await stage.state(), await second.state()) == (S.SUBMITTED, S.AWAITING_CLEARANCE)
    async with sqlite_database.reading() as session:
        rows, buttons = await clearance.waiting_for(session, stage.people.speaker("dewi"), stage.now)
        others = await clearance.waiting_for(session, stage.people.speaker("thong"), stage.now)
    assert [row["cycle"] for row in rows] == ["Full assessment 2027"] and len(buttons) == 1
    assert others == ([], ())


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"wanted": ["yes"], "first": ["coordinator-0"], "second": ["coordinator-0"]}, {"second"}),
        ({"wanted": ["yes"], "first": ["secretariat-0"]}, {"first"}),
        ({"wanted": ["yes"], "first": ["coordinator-999"]}, {"first"}),
        ({"wanted": ["yes"], "first": []}, {"first"}),
        ({"wanted": ["yes"], "first": ["nobody"], "third": ["coordinator-1; drop"]}, {"first", "third"}),
    ],
)
async def test_what_cannot_be_a_setting(
    sqlite_database: Database, clock: SimulatedClock, given: Any, wrong: set[str]
) -> None:
    stage = await made(sqlite_database, clock.now(), S.IN_PROGRESS)
    dewi = stage.people.speaker("dewi")
    async with sqlite_database.writing() as session:
        form = await setting.form(session, dewi, Slip("IDN"), words().label)
        kept = await setting.store(session, dewi, slip(form.private), given, stage.now, words().label)
    assert set(kept.problems) == wrong and kept.said is None


@pytest.mark.parametrize(
    ("content", "media_type"), [(PDF, "application/pdf"), (JPEG, "image/jpeg"), (PNG, "image/png")]
)
def test_what_a_scan_is_is_told_by_its_content(content: bytes, media_type: str) -> None:
    scan = clearance.scan_of("letter\r\n.exe", content)
    assert (scan.media_type, scan.name, scan.content) == (media_type, "letter .exe", content)


@given(st.binary(max_size=64))
def test_nothing_else_is_a_scan(content: bytes) -> None:
    if not content.startswith((b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        with pytest.raises(clearance.ScanRefused):
            clearance.scan_of("letter.pdf", content)


def test_a_letter_has_its_day_between_the_handing_in_and_today() -> None:
    first, today = date(2026, 11, 2), date(2026, 11, 9)
    for signed, problem in (
        (first, None),
        (today, None),
        (date(2026, 11, 1), "too_early"),
        (date(2026, 11, 10), "future"),
    ):
        letter = clearing.Letter("Minister", "B-12", signed)
        if problem is None:
            clearing.check_letter(letter, first, today)
        else:
            with pytest.raises(clearing.LetterRefused) as refused:
                clearing.check_letter(letter, first, today)
            assert refused.value.facts["problem"] == problem


async def test_a_refused_letter_leaves_nothing_behind(sqlite_database: Database, clock: SimulatedClock) -> None:
    stage, number = await waiting(sqlite_database, clock.now())
    late = clearing.Letter("Minister", "B-12", (stage.now + timedelta(days=2)).date())
    with pytest.raises(clearing.LetterRefused):
        async with sqlite_database.writing() as session:
            by = stage.people.speaker("siti")
            await clearing.record_letter(session, by, number, late, clearance.scan_of("a.pdf", PDF), stage.now)
    async with sqlite_database.reading() as session:
        assert await session.scalar(select(func.count(StoredFile.id))) == 0


def test_working_days_are_counted_by_the_calendar_of_the_country() -> None:
    friday, monday = datetime(2026, 11, 6, 10, 0, tzinfo=UTC), datetime(2026, 11, 9, 1, 0, tzinfo=UTC)

    def waited(since: datetime, now: datetime, calendar: str = "IDN") -> int:
        return workdays.working_days(since, now, zone="Asia/Jakarta", calendar=calendar)

    assert (waited(friday, friday), waited(friday, monday), waited(monday, friday)) == (0, 1, 0)
    # Brunei works on Saturday, and rests on Friday and Sunday.
    assert waited(friday, monday, "BRN") == 2
