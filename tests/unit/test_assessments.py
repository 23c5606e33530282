"""MOVES of an assessment: every move from every state, by every role, on both databases; and a long random life."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from bot import assessments
from bot.assessments import (
    MOVES,
    AlreadyPublished,
    AnswersChanged,
    Locked,
    MoveName,
    NotThePersonsTurn,
    ReasonNeeded,
    ReviewHasBegun,
    StillNeeded,
    StillOpen,
    granting,
)
from bot.clock import SimulatedClock
from bot.errors import NotAllowed, NotFound, Refusal
from bot.permissions import Act
from bot.reading import Reply
from bot.speaker import Speaker
from db.engine import Database, Session
from db.models import Answer, Assessment, Cycle, Delivery, Prompt
from db.queries import assessments as queries
from db.queries import audit as audit_queries
from db.queries import reviews as review_queries
from db.queries import values as value_queries
from db.queries.assessments import Talk
from db.vocabulary import AssessmentState, Availability, CycleOrigin, CycleState, QuestionSetCode
from db.vocabulary import Stage as Awaited
from tests import cast
from tests.cast import Cast

S = AssessmentState
REQUIRED = (
    *("mechanism_status", "national_strategy", "social_registry", "population_covered", "poverty_national_line"),
    *("portability", "progress_made"),
)
# Written down again, apart from the code: from which state each move leads where, and whose it is.
LEADS = {
    (S.OPEN, "begin"): S.IN_PROGRESS,
    (S.IN_PROGRESS, "begin"): S.IN_PROGRESS,
    (S.RETURNED, "begin"): S.IN_PROGRESS,
    (S.IN_PROGRESS, "submit"): S.SUBMITTED,
    (S.AWAITING_CLEARANCE, "withdraw"): S.IN_PROGRESS,
    (S.SUBMITTED, "withdraw"): S.IN_PROGRESS,
    (S.SUBMITTED, "begin_review"): S.SUBMITTED,
    (S.SUBMITTED, "accept"): S.ACCEPTED,
    (S.SUBMITTED, "return"): S.RETURNED,
    (S.ACCEPTED, "undo_accept"): S.SUBMITTED,
    **{(state, "extend"): state for state in (S.OPEN, S.IN_PROGRESS, S.AWAITING_CLEARANCE, S.SUBMITTED, S.RETURNED)},
    **{(state, "excuse"): S.NOT_REQUIRED for state in (S.OPEN, S.IN_PROGRESS, S.AWAITING_CLEARANCE, S.RETURNED)},
    # Something is answered in it.
    (S.NOT_REQUIRED, "require"): S.IN_PROGRESS,
}
ANSWERING = ("siti", "budi")
OTHERS = ("bounmy", "dewi", "thong", "per")


@dataclass
class Stage:
    """One assessment of Indonesia, with all that is required answered."""

    database: Database
    people: Cast
    now: datetime
    id: int

    async def talk(self, session: Session) -> Talk:
        talk = await queries.talk(session, self.id)
        assert talk is not None
        return talk

    async def state(self) -> AssessmentState:
        async with self.database.reading() as session:
            return (await self.talk(session)).assessment.state

    async def does(self, who: str, deed: str) -> Refusal | None:
        """One deed in a transaction of its own."""
        try:
            async with self.database.writing() as session:
                await DEEDS[deed](session, self.people.speaker(who), await self.talk(session), self.now)
        except Refusal as refusal:
            return refusal
        return None


Deed = Callable[[Session, Speaker, Talk, datetime], Awaitable[None]]


async def _submit(session: Session, by: Speaker, talk: Talk, now: datetime) -> None:
    await assessments.submit(session, by, talk, await queries.answers(session, talk.assessment.id), now)


async def _accept(session: Session, by: Speaker, talk: Talk, now: datetime) -> None:
    await assessments.accept(session, by, talk, talk.assessment.version, now)


async def _return(session: Session, by: Speaker, talk: Talk, now: datetime) -> None:
    asked = [("population_covered", "Which survey?")]
    await assessments.return_with_questions(session, by, talk, talk.assessment.version, asked, now)


async def _undo(session: Session, by: Speaker, talk: Talk, now: datetime) -> None:
    await assessments.undo_accept(session, by, talk, "A figure was wrong.", now)


async def _extend(session: Session, by: Speaker, talk: Talk, now: datetime) -> None:
    due = talk.due_at + timedelta(days=1)
    await granting.extend(session, by, talk, due, due + timedelta(days=14), "Floods.", now)


async def _excuse(session: Session, by: Speaker, talk: Talk, now: datetime) -> None:
    await granting.excuse(session, by, talk, "Elections.", now)


async def _require(session: Session, by: Speaker, talk: Talk, now: datetime) -> None:
    await granting.require(session, by, talk, "", now)


async def _store(session: Session, by: Speaker, talk: Talk, now: datetime) -> None:
    standing = await queries.answers(session, talk.assessment.id)
    reply = Reply(Availability.GIVEN, number=Decimal("46.5"), year=2024, source="SUSENAS")
    await assessments.store(session, by, talk, standing, "population_covered", reply, now)


DEEDS: dict[str, Deed] = {
    "begin": assessments.begin,
    "submit": _submit,
    "withdraw": assessments.withdraw,
    "begin_review": assessments.begin_review,
    "accept": _accept,
    "return": _return,
    "undo_accept": _undo,
    "extend": _extend,
    "excuse": _excuse,
    "require": _require,
    "store": _store,
}
REVIEWING = ("begin_review", "accept", "return", "undo_accept", "extend", "excuse", "require")


async def made(database: Database, now: datetime, state: AssessmentState, *, answered: bool = True) -> Stage:
    """The cast, and an assessment in a state, whatever led there."""
    return await another(database, await cast.make(database, now), now, state, answered=answered)


async def another(
    database: Database,
    people: Cast,
    now: datetime,
    state: AssessmentState,
    code: str = "2026",
    *,
    answered: bool = True,
) -> Stage:
    """One more assessment of Indonesia, in a cycle of its own."""
    async with database.writing() as session:
        cycle = Cycle(
            code=code,
            title=f"Full assessment {code}",
            question_set=QuestionSetCode.FULL,
            edition="common-1",
            period_start=date(2026, 1, 1),
            period_end=date(2026, 12, 31),
            opens_at=now,
            due_at=now + timedelta(days=30),
            closes_at=now + timedelta(days=44),
            state=CycleState.OPEN,
            origin=CycleOrigin.ASKED,
        )
        session.add(cycle)
        await session.flush()
        assessment = Assessment(cycle_id=cycle.id, member_code="IDN", state=state, state_since=now, version=0, round=0)
        if state in (S.SUBMITTED, S.RETURNED, S.ACCEPTED):
            assessment.submitted_at, assessment.submitted_by = now, people["siti"].person_id
            assessment.first_submitted_at = now
        session.add(assessment)
        await session.flush()
        session.add_all(
            Answer(
                assessment_id=assessment.id,
                indicator=code,
                availability=Availability.NOT_AVAILABLE,
                note="no survey yet",
                said_at=now,
                via=people.speaker("siti").via,
            )
            for code in REQUIRED[: None if answered else -1]
        )
        return Stage(database, people, now, assessment.id)


def test_the_table_of_moves_is_this_one() -> None:
    table = {(source, name): (move.target, move.act) for name, move in MOVES.items() for source in move.sources}
    assert table == {
        (S.OPEN, MoveName.START): (S.IN_PROGRESS, Act.ANSWER),
        (S.RETURNED, MoveName.RESUME): (S.IN_PROGRESS, Act.ANSWER),
        (S.IN_PROGRESS, MoveName.SUBMIT): (S.SUBMITTED, Act.ANSWER),
        (S.IN_PROGRESS, MoveName.ASK_CLEARANCE): (S.AWAITING_CLEARANCE, Act.ANSWER),
        (S.AWAITING_CLEARANCE, MoveName.CLEAR): (S.SUBMITTED, Act.CLEAR),
        (S.AWAITING_CLEARANCE, MoveName.RECORD_LETTER): (S.SUBMITTED, Act.RECORD_LETTER),
        (S.AWAITING_CLEARANCE, MoveName.SEND_BACK): (S.IN_PROGRESS, Act.CLEAR),
        (S.AWAITING_CLEARANCE, MoveName.GIVE_BACK): (S.IN_PROGRESS, Act.SET_CLEARANCE),
        (S.AWAITING_CLEARANCE, MoveName.WITHDRAW): (S.IN_PROGRESS, Act.ANSWER),
        (S.SUBMITTED, MoveName.WITHDRAW): (S.IN_PROGRESS, Act.ANSWER),
        (S.SUBMITTED, MoveName.RETURN): (S.RETURNED, Act.REVIEW),
        (S.SUBMITTED, MoveName.ACCEPT): (S.ACCEPTED, Act.REVIEW),
        (S.ACCEPTED, MoveName.UNDO_ACCEPT): (S.SUBMITTED, Act.REVIEW),
        (S.OPEN, MoveName.EXCUSE): (S.NOT_REQUIRED, Act.RUN_CYCLES),
        (S.IN_PROGRESS, MoveName.EXCUSE): (S.NOT_REQUIRED, Act.RUN_CYCLES),
        (S.AWAITING_CLEARANCE, MoveName.EXCUSE): (S.NOT_REQUIRED, Act.RUN_CYCLES),
        (S.RETURNED, MoveName.EXCUSE): (S.NOT_REQUIRED, Act.RUN_CYCLES),
        (S.NOT_REQUIRED, MoveName.ASK_AGAIN): (S.OPEN, Act.RUN_CYCLES),
        (S.NOT_REQUIRED, MoveName.GO_ON_AGAIN): (S.IN_PROGRESS, Act.RUN_CYCLES),
        # A member's own dates leave it where it is.
        **{
            (state, name): (None, Act.RUN_CYCLES)
            for name in (MoveName.EXTEND, MoveName.REOPEN)
            for state in (S.OPEN, S.IN_PROGRESS, S.AWAITING_CLEARANCE, S.SUBMITTED, S.RETURNED)
        },
    }


@pytest.mark.parametrize("state", list(S))
async def test_every_move_from_every_state(database: Database, clock: SimulatedClock, state: AssessmentState) -> None:
    people = await cast.make(database, clock.now())
    for number, deed in enumerate(deed for deed in DEEDS if deed != "store"):
        await _one_move(await another(database, people, clock.now(), state, f"2026-{number + 1:02}"), state, deed)


async def _one_move(stage: Stage, state: AssessmentState, deed: str) -> None:
    refusal = await stage.does("aisyah" if deed in REVIEWING else "siti", deed)
    leads = LEADS.get((state, deed))
    async with stage.database.reading() as session:
        acts = [row.act for row in await audit_queries.of(session, f"assessment:{stage.id}")]
    if leads is None:
        assert isinstance(refusal, NotThePersonsTurn)
        assert refusal.facts["state"] == state.value
        assert refusal.facts["member"] == "Indonesia"
        assert await stage.state() is state
        assert acts == []
    else:
        assert refusal is None
        assert await stage.state() is leads
        # Taking in hand what is in hand already is no change.
        assert len([act for act in acts if act != "share"]) == (0 if (state, deed) == (S.IN_PROGRESS, "begin") else 1)


@pytest.mark.parametrize("state", list(S))
async def test_every_move_by_everybody_else(
    sqlite_database: Database, clock: SimulatedClock, state: AssessmentState
) -> None:
    stage = await made(sqlite_database, clock.now(), state)
    for deed in DEEDS:
        for who in (*OTHERS, *(ANSWERING if deed in REVIEWING else ("aisyah",))):
            refusal = await stage.does(who, deed)
            assert isinstance(refusal, NotAllowed), (deed, who, refusal)
    assert await stage.state() is state
    async with sqlite_database.reading() as session:
        talk = await stage.talk(session)
        assert talk.assessment.version == 0
        assert await audit_queries.of(session, f"assessment:{stage.id}") == []


@pytest.mark.parametrize("state", list(S))
async def test_an_answer_is_taken_only_while_it_is_in_hand(
    database: Database, clock: SimulatedClock, state: AssessmentState
) -> None:
    stage = await made(database, clock.now(), state)
    for who in ANSWERING:
        refusal = await stage.does(who, "store")
        assert (refusal is None) is (state is S.IN_PROGRESS)
    async with database.reading() as session:
        talk = await stage.talk(session)
        answers = await queries.answers(session, stage.id)
    assert talk.assessment.version == (2 if state is S.IN_PROGRESS else 0)
    assert answers["population_covered"].number == (Decimal("46.5") if state is S.IN_PROGRESS else None)


async def test_another_countrys_assessment_is_not_even_there(sqlite_database: Database, clock: SimulatedClock) -> None:
    stage = await made(sqlite_database, clock.now(), S.IN_PROGRESS)
    async with sqlite_database.reading() as session:
        for who in OTHERS:
            for assessment_id in (stage.id, 99):
                with pytest.raises(NotFound):
                    await assessments.find(session, stage.people.speaker(who), Act.ANSWER, assessment_id)
        with pytest.raises(NotFound):
            await assessments.find(session, stage.people.speaker("aisyah"), Act.ANSWER, stage.id)
        assert await assessments.find(session, stage.people.speaker("budi"), Act.ANSWER, stage.id)


async def test_what_is_required_is_needed(sqlite_database: Database, clock: SimulatedClock) -> None:
    stage = await made(sqlite_database, clock.now(), S.IN_PROGRESS, answered=False)
    refusal = await stage.does("siti", "submit")
    assert isinstance(refusal, StillNeeded)
    assert refusal.facts["codes"] == ["progress_made"]
    assert refusal.facts["titles"] == ["Progress made"]


@pytest.mark.parametrize("deed", ["begin", "submit", "withdraw", "store", "return"])
@pytest.mark.parametrize("late", [timedelta(days=44), timedelta(days=400)])
async def test_after_the_closing_date_nothing_is_answered(
    sqlite_database: Database, clock: SimulatedClock, deed: str, late: timedelta
) -> None:
    stage = await made(sqlite_database, clock.now(), S.SUBMITTED if deed in ("withdraw", "return") else S.IN_PROGRESS)
    stage.now = clock.now() + late
    refusal = await stage.does("aisyah" if deed == "return" else "siti", deed)
    assert isinstance(refusal, Locked)
    assert refusal.facts["closed"] == clock.now() + timedelta(days=44)


async def test_what_was_submitted_is_accepted_after_the_close_too(
    sqlite_database: Database, clock: SimulatedClock
) -> None:
    stage = await made(sqlite_database, clock.now(), S.SUBMITTED)
    stage.now = clock.now() + timedelta(days=100)
    assert await stage.does("aisyah", "accept") is None


async def test_too_late_to_withdraw_names_who_reads_it(database: Database, clock: SimulatedClock) -> None:
    stage = await made(database, clock.now(), S.SUBMITTED)
    assert await stage.does("aisyah", "begin_review") is None
    assert await stage.does("aisyah", "begin_review") is None
    refusal = await stage.does("siti", "withdraw")
    assert isinstance(refusal, ReviewHasBegun)
    assert refusal.facts["reviewer"] == "Aisyah Noor"
    assert refusal.facts["since"] == clock.now()
    assert await stage.state() is S.SUBMITTED


async def test_late_is_told_by_the_first_handing_in_that_was_not_withdrawn(
    database: Database, clock: SimulatedClock
) -> None:
    start = clock.now()
    stage = await made(database, start, S.IN_PROGRESS)
    first = start + timedelta(days=29)
    after = start + timedelta(days=31)

    async def does(short: str, deed: str, at: datetime) -> tuple[datetime | None, bool]:
        """When it counts as handed in, and whether it is late, after what somebody did."""
        stage.now = at
        assert await stage.does(short, deed) is None
        async with database.reading() as session:
            talk = await queries.talk(session, stage.id)
            assert talk is not None
            return talk.assessment.first_submitted_at, assessments.is_late(talk, after)

    assert await does("siti", "submit", start) == (start, False)
    assert await does("siti", "withdraw", start) == (None, True), "what was withdrawn was not handed in"
    assert await does("siti", "submit", first) == (first, False)
    assert await does("aisyah", "return", first) == (first, False)
    assert await does("siti", "begin", after) == (first, False)
    assert await does("siti", "submit", after) == (first, False)
    assert await does("siti", "withdraw", after) == (first, False), "the round that was returned stays handed in"
    assert await does("siti", "submit", after + timedelta(hours=1)) == (first, False)
    assert await does("aisyah", "accept", after + timedelta(days=1)) == (first, False)
    assert await does("aisyah", "undo_accept", after + timedelta(days=1)) == (first, False)

    late = await another(database, stage.people, start, S.IN_PROGRESS, "2026-B")
    late.now = after
    assert await late.does("siti", "submit") is None
    async with database.reading() as session:
        talk = await queries.talk(session, late.id)
        assert talk is not None and assessments.is_late(talk)
        talk.assessment.due_at = after
        assert not assessments.is_late(talk), "its own due date counts"
        talk.assessment.due_at, talk.cycle.origin = None, CycleOrigin.IMPORTED
        assert not assessments.is_late(talk), "history was never due"
        session.expunge_all()


async def test_what_waited_for_a_yes_takes_no_earlier_round_back(database: Database, clock: SimulatedClock) -> None:
    start = clock.now()
    stage = await made(database, start, S.AWAITING_CLEARANCE)
    async with database.writing() as session:
        talk = await assessments.find(session, stage.people.speaker("siti"), Act.ANSWER, stage.id)
        # It was handed in, and returned; now it waits for the yes to the answer.
        talk.assessment.submitted_at = talk.assessment.first_submitted_at = start
    assert await stage.does("siti", "withdraw") is None
    async with database.reading() as session:
        talk = await queries.talk(session, stage.id)
        assert talk is not None and talk.assessment.first_submitted_at == start


async def test_only_the_version_that_was_seen_is_decided(database: Database, clock: SimulatedClock) -> None:
    stage = await made(database, clock.now(), S.IN_PROGRESS)
    assert await stage.does("siti", "store") is None
    assert await stage.does("siti", "submit") is None
    for version in (0, 2):
        with pytest.raises(AnswersChanged):
            async with database.writing() as session:
                talk = await stage.talk(session)
                await assessments.accept(session, stage.people.speaker("aisyah"), talk, version, clock.now())
    assert await stage.does("aisyah", "accept") is None


async def test_a_return_needs_a_question(sqlite_database: Database, clock: SimulatedClock) -> None:
    stage = await made(sqlite_database, clock.now(), S.SUBMITTED)
    for asked in ([], [(None, "  ")]):
        with pytest.raises(ReasonNeeded):
            async with sqlite_database.writing() as session:
                talk = await stage.talk(session)
                await assessments.return_with_questions(
                    session, stage.people.speaker("aisyah"), talk, 0, asked, clock.now()
                )
    assert await stage.state() is S.SUBMITTED


async def test_a_new_answer_is_not_the_one_that_was_set_aside(database: Database, clock: SimulatedClock) -> None:
    stage = await made(database, clock.now(), S.IN_PROGRESS)
    async with database.writing() as session:
        await review_queries.set_aside(session, stage.id, {"population_covered": "Old.", "portability": "Old."})
    assert await stage.does("siti", "store") is None
    async with database.reading() as session:
        assert await review_queries.asides(session, stage.id) == {"portability": "Old."}
        last = await value_queries.last_accepted(session, "IDN", date(2030, 1, 1), {code: code for code in REQUIRED})
        assert last == {}
    async with database.writing() as session:
        (await stage.talk(session)).assessment.state = S.ACCEPTED
    async with database.reading() as session:
        last = await value_queries.last_accepted(session, "IDN", date(2030, 1, 1), {code: code for code in REQUIRED})
    assert set(last) == set(REQUIRED) - {"portability"}, "what was set aside is nobody's last answer"


async def test_each_needs_a_reason_and_none_is_possible_once_published(
    database: Database, clock: SimulatedClock
) -> None:
    stage = await made(database, clock.now(), S.ACCEPTED)
    aisyah, now = stage.people.speaker("aisyah"), clock.now()
    later = now + timedelta(days=90)
    for why in ("", " \n", "\u200b"):
        async with database.writing() as session:
            talk = await stage.talk(session)
            for deed in (
                assessments.undo_accept(session, aisyah, talk, why, now),
                granting.extend(session, aisyah, talk, later, later, why, now),
                granting.reopen(session, aisyah, talk, later, why, now),
                granting.excuse(session, aisyah, talk, why, now),
            ):
                with pytest.raises(ReasonNeeded):
                    await deed
    async with database.writing() as session:
        (await stage.talk(session)).cycle.state = CycleState.PUBLISHED
    for deed in ("undo_accept", "extend", "excuse", "require"):
        assert isinstance(await stage.does("aisyah", deed), AlreadyPublished), deed
    async with database.writing() as session:
        with pytest.raises(AlreadyPublished):
            await granting.reopen(session, aisyah, await stage.talk(session), later, "Floods.", now)
    assert await stage.state() is S.ACCEPTED


async def test_what_is_granted_twice_within_a_second_is_told_twice(database: Database, clock: SimulatedClock) -> None:
    stage = await made(database, clock.now(), S.IN_PROGRESS)
    for _ in range(2):
        assert await stage.does("aisyah", "extend") is None
    async with database.reading() as session:
        told = await session.scalars(select(Delivery).where(Delivery.kind == "assessment/extended"))
        assert len({delivery.facts["due"] for delivery in told}) == 2


@pytest.mark.parametrize("state", list(S))
async def test_reopening_gives_a_locked_one_new_dates_and_leaves_it_where_it_is(
    database: Database, clock: SimulatedClock, state: AssessmentState
) -> None:
    stage = await made(database, clock.now(), state)
    aisyah = stage.people.speaker("aisyah")

    async def reopens(now: datetime) -> Refusal | None:
        try:
            async with database.writing() as session:
                until = now + timedelta(days=5)
                await granting.reopen(session, aisyah, await stage.talk(session), until, "Late.", now)
        except Refusal as refusal:
            return refusal
        return None

    if state in (S.OPEN, S.IN_PROGRESS, S.AWAITING_CLEARANCE, S.SUBMITTED, S.RETURNED):
        assert isinstance(await reopens(clock.now()), StillOpen)
    now = clock.now() + timedelta(days=60)
    refusal = await reopens(now)
    async with database.reading() as session:
        talk = await stage.talk(session)
    if state is S.NOT_REQUIRED:
        assert isinstance(refusal, NotThePersonsTurn)
        return
    assert refusal is None
    assert talk.assessment.state is (S.SUBMITTED if state is S.ACCEPTED else state)
    assert talk.closes_at == now + timedelta(days=5)
    assert talk.due_at == talk.cycle.due_at, "what comes now is late"
    assert not assessments.is_locked(talk, now)
    assert assessments.is_locked(talk, talk.closes_at)


@pytest.mark.parametrize(
    ("state", "deeds"),
    [
        (S.IN_PROGRESS, [("siti", "submit"), ("budi", "submit")]),
        (S.SUBMITTED, [("siti", "withdraw"), ("aisyah", "accept")]),
        (S.SUBMITTED, [("aisyah", "accept"), ("aisyah", "return")]),
        (S.SUBMITTED, [("siti", "withdraw"), ("budi", "withdraw")]),
        (S.ACCEPTED, [("aisyah", "undo_accept"), ("aisyah", "undo_accept")]),
        (S.IN_PROGRESS, [("siti", "submit"), ("aisyah", "excuse")]),
        (S.NOT_REQUIRED, [("aisyah", "require"), ("aisyah", "require")]),
    ],
)
async def test_two_at_once_and_one_wins(
    database: Database, clock: SimulatedClock, state: AssessmentState, deeds: list[tuple[str, str]]
) -> None:
    stage = await made(database, clock.now(), state)
    other = Database(database.url.render_as_string(hide_password=False))
    twin = Stage(other, stage.people, stage.now, stage.id)
    try:
        ends = await asyncio.gather(
            *(where.does(who, deed) for where, (who, deed) in zip((stage, twin), deeds, strict=True))
        )
    finally:
        await other.close()
    assert len([end for end in ends if end is None]) == 1, ends
    async with database.reading() as session:
        acts = [row.act for row in await audit_queries.of(session, f"assessment:{stage.id}")]
    assert len(acts) == 1


async def test_a_turn_that_waited_for_another_process_sees_what_it_left(
    postgresql_database: Database, clock: SimulatedClock
) -> None:
    stage = await made(postgresql_database, clock.now(), S.IN_PROGRESS)
    other = Database(postgresql_database.url.render_as_string(hide_password=False))

    async def one() -> Talk | None:
        async with other.writing() as session:
            return await queries.talk(session, stage.id, lock=True)

    async def all_of_the_member() -> Talk | None:
        async with other.writing() as session:
            return next(iter(await queries.talks(session, "IDN", [CycleState.OPEN])))

    for serial, turn in enumerate((one, all_of_the_member), 1):
        async with postgresql_database.writing() as session:
            talk = await queries.talk(session, stage.id, lock=True)
            assert talk is not None
            waiting = asyncio.create_task(turn())
            while not await session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):  # noqa: ASYNC110
                await asyncio.sleep(0)
            if talk.prompt is None:
                session.add(
                    Prompt(assessment_id=stage.id, serial=serial, stage=Awaited.VALUE, asked_at=clock.now(), draft=None)
                )
            else:
                talk.prompt.serial = serial
        seen = await waiting
        assert seen is not None
        assert seen.prompt is not None
        assert seen.prompt.serial == serial
    await other.close()


@given(
    st.lists(
        st.tuples(st.sampled_from(["siti", "budi", "bounmy", "dewi", "aisyah"]), st.sampled_from(list(DEEDS))),
        max_size=16,
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_long_life_never_leaves_the_table(
    sqlite_template, tmp_path_factory, clock: SimulatedClock, life
) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("life") / "spnet.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite+aiosqlite:///{path}")
    try:
        stage = await made(database, clock.now(), S.OPEN)
        state, reviewed, handed_in, changes = S.OPEN, False, False, 0
        for who, deed in life:
            refusal = await stage.does(who, deed)
            theirs = who == "aisyah" if deed in REVIEWING else who in ANSWERING
            if deed == "store":
                may = theirs and state is S.IN_PROGRESS
                changes += may
            else:
                may = theirs and (state, deed) in LEADS and not (deed == "withdraw" and reviewed)
                if may:
                    state = LEADS[state, deed]
                    reviewed = deed in ("begin_review", "undo_accept") or (
                        reviewed and deed not in ("submit", "withdraw")
                    )
                    handed_in = handed_in or deed == "submit"
            assert (refusal is None) is may, (who, deed, state, refusal)
            assert await stage.state() is state
            assert handed_in or state not in (S.SUBMITTED, S.RETURNED, S.ACCEPTED), "nothing leaves unless handed in"
        async with database.reading() as session:
            assert (await stage.talk(session)).assessment.version == changes
    finally:
        await database.close()
