"""A digest is frozen once, queued once to everybody who reads it, and not sent when nothing is new."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import cycles, digests, people
from bot.clock import SimulatedClock
from bot.digests.compose import NotForADigest
from bot.errors import NotAllowed
from bot.messages import Message, Picture
from bot.words import UTC_READER, words
from db.engine import Database
from db.models import Answer, Assessment, AuditRow, Cycle, Delivery, DigestEdition, Member, Person
from db.vocabulary import AssessmentState, CycleState, Medium
from tests import cast
from tests.cast import Cast
from tests.reports import a_cycle, a_report, an_assessment, an_experience, counted

DAY = timedelta(days=1)


@pytest.fixture
async def network(database: Database, clock: SimulatedClock) -> Cast:
    return await cast.make(database, clock.now())


@pytest.fixture
async def cycle(database: Database, clock: SimulatedClock, network: Cast) -> Cycle:
    """Indonesia is accepted, Lao PDR under review, the Philippines have not begun."""
    now = clock.now()
    async with database.writing() as session:
        last = await a_cycle(session, "2025", state=CycleState.PUBLISHED)
        await a_report(session, last, "IDN", now - 300 * DAY, pension_covered="38.8 2020 LFS")
        cycle = await a_cycle(session, "2026")
        await a_report(
            session, cycle, "IDN", now - DAY, pension_covered="41.2 2023 LFS", progress_made="The registry grew."
        )
        await a_report(
            session,
            cycle,
            "LAO",
            now,
            state=AssessmentState.SUBMITTED,
            pension_covered="7.1 2023 LFS",
            progress_made="A secret.",
        )
        await an_assessment(session, cycle, "PHL", AssessmentState.OPEN, now)
    return cycle


async def send(database: Database, network: Cast, cycle: Cycle, clock: SimulatedClock) -> digests.Composed | None:
    async with database.writing() as session:
        fresh = await session.get(Cycle, cycle.id)
        assert fresh is not None
        return await digests.compose(session, network.speaker("aisyah"), fresh, clock.now())


async def look(database: Database, network: Cast, cycle: Cycle, clock: SimulatedClock) -> digests.Composed:
    async with database.reading() as session:
        fresh = await session.get(Cycle, cycle.id)
        assert fresh is not None
        return await digests.preview(session, network.speaker("aisyah"), fresh, clock.now())


async def deliveries(database: Database) -> list[Delivery]:
    async with database.reading() as session:
        return list(await session.scalars(select(Delivery).order_by(Delivery.id)))


def section(composed: digests.Composed, name: str) -> dict[str, Any]:
    return next(each["facts"] for each in composed.facts["sections"] if each["name"] == name)


async def test_an_edition_is_frozen_and_queued_to_the_channel_and_to_each_reader_by_mail(
    database: Database, network: Cast, cycle: Cycle, clock: SimulatedClock
) -> None:
    with counted(database) as asked:
        composed = await send(database, network, cycle, clock)
    assert composed is not None
    assert len([statement for statement in asked if statement.startswith("SELECT")]) <= 12
    queued = await deliveries(database)
    assert [(each.kind, each.channel, each.medium) for each in queued if each.channel] == [
        ("digest/edition", "network", None)
    ]
    by_mail = {each.person_id for each in queued if each.medium is Medium.EMAIL}
    assert by_mail == {network[name].person_id for name in ("dewi", "thong", "per")}
    assert {each.edition_id for each in queued} == {composed.edition_id}
    assert composed.readers == 3
    async with database.reading() as session:
        (edition,) = (await session.scalars(select(DigestEdition))).all()
        assert json.loads(json.dumps(edition.facts)) == composed.facts
        acts = [row.act for row in (await session.scalars(select(AuditRow))).all()]
    assert acts == ["send_digest"]


async def test_nothing_is_shown_before_it_is_accepted(
    database: Database, network: Cast, cycle: Cycle, clock: SimulatedClock
) -> None:
    composed = await look(database, network, cycle, clock)
    assert "A secret." not in json.dumps(composed.facts)
    assert "7.1" not in json.dumps(composed.facts)
    told = section(composed, "reported")
    assert [row["name"] for row in told["fresh"]] == ["Indonesia"]
    assert told["reviewed"] == ["Lao PDR"]
    assert told["waiting"] == [{"name": "Philippines", "late": False}]


async def test_a_preview_writes_nothing(database: Database, network: Cast, cycle: Cycle, clock: SimulatedClock) -> None:
    composed = await look(database, network, cycle, clock)
    assert (composed.news.accepted, composed.edition_id, bool(composed.news)) == (1, None, True)
    assert composed.message.kind == "digest/edition"
    assert await deliveries(database) == []


async def test_with_nothing_new_it_is_not_sent(
    database: Database, network: Cast, cycle: Cycle, clock: SimulatedClock
) -> None:
    assert await send(database, network, cycle, clock) is not None
    queued = len(await deliveries(database))
    clock.advance(DAY)
    assert await send(database, network, cycle, clock) is None
    assert len(await deliveries(database)) == queued
    assert not (await look(database, network, cycle, clock)).news


async def test_two_who_press_the_button_at_once_send_one_digest(
    database: Database, network: Cast, cycle: Cycle, clock: SimulatedClock
) -> None:
    other = Database(database.url.render_as_string(hide_password=False))
    try:
        sent = await asyncio.gather(*(send(where, network, cycle, clock) for where in (database, other) * 2))
    finally:
        await other.close()
    assert sum(each is not None for each in sent) == 1
    assert len(await deliveries(database)) == 4


async def test_only_what_is_new_is_told_again_and_nothing_falls_between_two_editions(
    database: Database, network: Cast, cycle: Cycle, clock: SimulatedClock
) -> None:
    async with database.writing() as session:
        await an_experience(session, network["siti"].person_id, clock.now(), "One desk for all.", member="IDN")
    first = await send(database, network, cycle, clock)
    # In the very same moment, by the clock, more happens.
    async with database.writing() as session:
        await a_report(session, cycle, "VNM", clock.now(), pension_covered="9 2023 LFS", progress_made="Sick leave.")
        await an_experience(session, network["per"].person_id, clock.now(), "A handbook is out.")
    second = await send(database, network, cycle, clock)
    assert first is not None
    assert second is not None
    assert [row["name"] for row in section(second, "reported")["fresh"]] == ["Viet Nam"]
    assert section(second, "reported")["earlier"] == ["Indonesia"]
    (kind,) = section(second, "experiences")["kinds"]
    assert [item["text"] for item in kind["shown"]] == ["A handbook is out."]
    assert (first.facts["number"], second.facts["number"]) == (1, 2)
    assert await send(database, network, cycle, clock) is None


async def test_an_experience_alone_is_news(
    database: Database, network: Cast, cycle: Cycle, clock: SimulatedClock
) -> None:
    await send(database, network, cycle, clock)
    clock.advance(DAY)
    async with database.writing() as session:
        await an_experience(session, network["siti"].person_id, clock.now(), "One desk for all.", member="IDN")
    again = await send(database, network, cycle, clock)
    assert again is not None
    assert [each["name"] for each in again.facts["sections"]] == ["reported", "experiences", "due_next"]
    # What moved was told before; the picture of it is not sent twice.
    assert again.facts["panels"] == []


async def test_the_digest_of_a_closed_cycle_publishes_it_once(
    database: Database, network: Cast, cycle: Cycle, clock: SimulatedClock
) -> None:
    assert await send(database, network, cycle, clock) is not None
    async with database.writing() as session:
        await cycles.close(session, network.speaker("aisyah"), cycle.id, clock.now())
    # Nothing more was accepted, but the round is over: this edition says so. Something waits for the review still.
    last = await send(database, network, cycle, clock)
    assert last is not None
    assert (last.news.closed, last.publishes) == (True, False)
    async with database.writing() as session:
        assert (await session.get_one(Cycle, cycle.id)).state is CycleState.CLOSED
        waits = Assessment.cycle_id == cycle.id, Assessment.state == AssessmentState.SUBMITTED
        waiting = list(await session.scalars(select(Member.name).join(Assessment).where(*waits).order_by(Member.name)))
        assert waiting and last.cut_off.waiting == tuple(waiting)
    assert await send(database, network, cycle, clock) is None
    async with database.writing() as session:
        await session.execute(update(Assessment).where(*waits).values(state=AssessmentState.RETURNED))
    clock.advance(DAY)
    last = await send(database, network, cycle, clock)
    assert last is not None
    assert (last.news.closed, last.news.settled, last.publishes) == (False, True, True)
    async with database.reading() as session:
        assert (await session.get_one(Cycle, cycle.id)).state is CycleState.PUBLISHED
    assert await send(database, network, cycle, clock) is None


async def test_who_stopped_the_digest_or_has_no_address_gets_none(
    database: Database, network: Cast, cycle: Cycle, clock: SimulatedClock
) -> None:
    async with database.writing() as session:
        dewi = await session.get(Person, network["dewi"].person_id)
        thong = await session.get(Person, network["thong"].person_id)
        assert dewi is not None
        assert thong is not None
        dewi.digest_stopped_at, thong.email = clock.now(), None
    composed = await send(database, network, cycle, clock)
    assert composed is not None
    assert (composed.readers, composed.unreached) == (1, ("Thong Vilay",))
    assert [each.person_id for each in await deliveries(database) if each.person_id] == [network["per"].person_id]


async def test_only_the_secretariat_sends_and_only_what_was_opened(
    database: Database, network: Cast, cycle: Cycle, clock: SimulatedClock
) -> None:
    async with database.writing() as session:
        for name in ("siti", "dewi", "per"):
            with pytest.raises(NotAllowed):
                await digests.compose(session, network.speaker(name), cycle, clock.now())
        draft = await a_cycle(session, "2027", state=CycleState.DRAFT)
        with pytest.raises(NotForADigest):
            await digests.compose(session, network.speaker("aisyah"), draft, clock.now())


async def noticed(database: Database, clock: SimulatedClock, composer: Any, person_id: int | None) -> Message | None:
    async with database.reading() as session:
        (delivery,) = [each for each in await session.scalars(select(Delivery)) if each.person_id == person_id]
        contact = await people.contact(session, person_id, clock.now()) if person_id else None
        return await composer(session, delivery, contact, clock.now())


async def test_each_reader_gets_the_same_edition_with_the_own_country_and_a_way_to_stop(
    database: Database, network: Cast, cycle: Cycle, clock: SimulatedClock
) -> None:
    await send(database, network, cycle, clock)
    # Later changes do not reach an edition that was frozen.
    async with database.writing() as session:
        await a_report(session, cycle, "VNM", clock.now(), progress_made="Later.")
    drawn: list[Any] = []

    def draw(panels: Any) -> Picture:
        drawn.append(panels)
        return Picture("moved.png", b"png", "A chart")

    composer = digests.notice_with(lambda person, _: f"https://bot.example.org/stop/{person}", draw)
    dewi = await noticed(database, clock, composer, network["dewi"].person_id)
    per = await noticed(database, clock, composer, network["per"].person_id)
    channel = await noticed(database, clock, composer, None)
    assert dewi is not None
    assert per is not None
    assert channel is not None
    assert dewi.facts["own"]["name"] == "Indonesia"
    assert (per.facts["own"], channel.facts["own"]) == (None, None)
    assert dewi.facts["sections"] == per.facts["sections"] == channel.facts["sections"]
    assert dewi.facts["reported"] == 1
    assert dewi.stop_link == f"https://bot.example.org/stop/{network['dewi'].person_id}"
    assert (channel.stop_link, channel.pictures) == (None, ())
    assert dewi.pictures == per.pictures == (Picture("moved.png", b"png", "A chart"),)
    assert drawn[0][0]["title"] == "Older persons receiving a pension"


async def test_who_stops_the_digest_while_it_waits_is_not_written_to(
    database: Database, network: Cast, cycle: Cycle, clock: SimulatedClock
) -> None:
    await send(database, network, cycle, clock)
    async with database.writing() as session:
        dewi = await session.get(Person, network["dewi"].person_id)
        assert dewi is not None
        dewi.digest_stopped_at = clock.now()
    assert await noticed(database, clock, digests.notice, network["dewi"].person_id) is None
    thong = await noticed(database, clock, digests.notice, network["thong"].person_id)
    assert thong is not None
    assert thong.facts["own"]["state"] == "submitted"
    assert thong.facts["own"]["lines"] == []
    assert thong.stop_link is None


async def test_who_is_excused_is_not_missing_a_later_date_is_named_and_what_is_set_aside_is_not_told(
    database: Database, network: Cast, cycle: Cycle, clock: SimulatedClock
) -> None:
    now = clock.now()
    async with database.writing() as session:
        excused = await an_assessment(session, cycle, "VNM", AssessmentState.NOT_REQUIRED, now)
        excused.state_why = "Elections."
        (later,) = await session.scalars(select(Assessment).where(Assessment.member_code == "PHL"))
        later.due_at, later.closes_at = cycle.due_at + 9 * DAY, cycle.closes_at + 9 * DAY
        await session.execute(
            update(Answer).where(Answer.indicator == "pension_covered").values(set_aside="Not the survey.")
        )
    composed = await look(database, network, cycle, clock)
    reported, due = section(composed, "reported"), section(composed, "due_next")
    assert reported["excused"] == ["Viet Nam"]
    assert [row["name"] for row in reported["waiting"]] == ["Philippines"]
    assert composed.facts["total"] == 3
    (round_,) = due["rounds"]
    assert round_["waiting"] == 1
    assert [(one["name"], one["due_at"]) for one in round_["later"]] == [
        ("Philippines", (cycle.due_at + 9 * DAY).isoformat())
    ]
    assert "41.2" not in json.dumps(composed.facts) and "38.8" not in json.dumps(composed.facts)
    words_of = words().render("digest/edition", "text", composed.message.facts, UTC_READER)
    assert "No report required: Viet Nam." in words_of and "Philippines has until" in words_of
