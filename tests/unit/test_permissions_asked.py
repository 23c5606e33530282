"""Each right where it is asked for: a deed of each act, tried by every role on its own country's things and on others'.

`test_permissions.py` holds the table against itself; here it is held against what the deeds let through.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot import (
    assessments,
    benchmarks,
    clearance,
    cycles,
    delegation,
    digests,
    errata,
    experiences,
    floors,
    history,
    interview,
    overview,
    progress,
    reminders,
)
from bot.assessments import clearing
from bot.assessments.moves import may_read
from bot.clearance import setting
from bot.clock import SimulatedClock
from bot.editions import edition
from bot.errors import NotAllowed, NotFound, Refusal
from bot.floors import forms, shown
from bot.interview import Said
from bot.messages import Deed
from bot.people import appointments, mechanisms
from bot.people.appointments import Wish
from bot.people.kept import Slip
from bot.permissions import Act
from bot.speaker import Speaker
from bot.words import words
from db.engine import Database, Session
from db.models import Assessment, Clearance, Cycle, Delegation, Experience, Floor
from db.queries import assessments as queries
from db.queries.assessments import Talk
from db.vocabulary import (
    AssessmentState,
    ClearanceState,
    CycleOrigin,
    CycleState,
    DelegationState,
    ExperienceKind,
    ExperienceState,
    FloorState,
    QuestionSetCode,
    Role,
    Theme,
)
from tests import cast
from tests.cast import Cast
from tests.unit.test_permissions import CELLS, PLAYERS, ROLES

OWN, OTHER = "IDN", "LAO"


@dataclass
class Tried:
    """What is tried: by whom, on which country's assessment, within a transaction that is undone."""

    session: Session
    by: Speaker
    talk: Talk
    clock: SimulatedClock

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def member(self) -> str:
        return self.talk.assessment.member_code


async def answer(t: Tried) -> object:
    return await interview.choose(
        t.session, t.by, Deed.START, f"{t.talk.assessment.id}:0::", Said("click:1", "1.1"), t.now
    )


async def delegate(t: Tried) -> object:
    return await delegation.form(t.session, t.by, f"{t.talk.assessment.id}:0::", t.now)


async def contribute(t: Tried) -> object:
    part = Delegation(
        assessment_id=t.talk.assessment.id,
        section="B",
        person_id=t.by.person_id,
        due_on=t.now.date(),
        state=DelegationState.OPEN,
        given_by=t.by.person_id,
        given_at=t.now,
    )
    return assessments.check_contributor(t.by, t.talk, part)


async def read_answers(t: Tried) -> object:
    if not may_read(t.by, t.member, AssessmentState.SUBMITTED):
        raise NotFound(what="assessment", named="")
    return await clearance.show_setting(t.session, t.by, t.member, t.now)


async def asked(t: Tried) -> int:
    """A yes is asked of the very role that tries."""
    t.talk.assessment.state = AssessmentState.AWAITING_CLEARANCE
    row = Clearance(
        assessment_id=t.talk.assessment.id,
        version=t.talk.assessment.version,
        place=1,
        role=t.by.role,
        state=ClearanceState.ASKED,
        asked_by=t.by.person_id,
        asked_at=t.now,
    )
    t.talk.member.author_may_clear = True
    t.session.add(row)
    await t.session.flush()
    return row.id


async def clear(t: Tried) -> object:
    return await clearing.clear(t.session, t.by, await asked(t), t.now)


async def record_letter(t: Tried) -> object:
    return await clearing.letter_for(t.session, t.by, await asked(t), t.now)


async def set_clearance(t: Tried) -> object:
    return await setting.form(t.session, t.by, Slip(t.member), words().label)


async def review(t: Tried) -> object:
    t.talk.assessment.state = AssessmentState.SUBMITTED
    await t.session.flush()
    return await assessments.accept(t.session, t.by, t.talk, t.talk.assessment.version, t.now)


async def run_cycles(t: Tried) -> object:
    return await cycles.close(t.session, t.by, t.talk.cycle.id, t.now)


async def remind(t: Tried) -> object:
    return await reminders.preview(t.session, t.by, t.now, t.talk.cycle)


async def see_status(t: Tried) -> object:
    return await overview.status(t.session, t.by, None, t.now)


async def send_digest(t: Tried) -> object:
    return await digests.preview(t.session, t.by, t.talk.cycle, t.now)


async def share(t: Tried) -> object:
    kind, theme = ExperienceKind.LESSON, Theme.OTHER
    return await experiences.share(
        t.session, t.by, key="share:1", kind=kind, theme=theme, title="A", text="B", now=t.now
    )


async def publish(t: Tried) -> object:
    shared = Experience(
        source_key="shared:1",
        kind=ExperienceKind.LESSON,
        theme=Theme.OTHER,
        title="A",
        text="B",
        member_code=t.member,
        person_id=t.by.person_id,
        shared_at=t.now,
        state=ExperienceState.SHARED,
    )
    t.session.add(shared)
    await t.session.flush()
    return await experiences.decide(t.session, t.by, shared.id, t.now, publish=True)


async def bring_in(t: Tried) -> object:
    return await history.bring_in(t.session, t.by, [], edition=edition("common-1"), title=str, now=t.now)


async def appoint(t: Tried) -> object:
    wish = Wish(Role.PARTNER, None, t.now.date())
    return await appointments.appoint(t.session, t.by, t.by.person_id, wish, t.now)


async def read_register(t: Tried) -> object:
    return await appointments.of_member(t.session, t.by, t.member, tuple(Role))


async def keep_mechanism(t: Tried) -> object:
    return await mechanisms.form(t.session, t.by, Slip(t.member), words().label)


async def read_progress(t: Tried) -> object:
    return await progress.show(t.session, t.by, f"member:{t.member}:", t.now)


async def read_floors(t: Tried) -> object:
    return await shown.show(t.session, t.by, t.member, "common-1", t.now)


async def set_floors(t: Tried) -> object:
    return await forms.set_form(t.session, t.by, f"{t.member}:gini_index", "common-1", words().label, t.now)


async def clear_floors(t: Tried) -> object:
    t.talk.member.author_may_clear = True
    row = Floor(
        member_code=t.member,
        indicator="gini_index",
        floor=Decimal(38),
        source="Plan",
        valid_from=t.now.date(),
        state=FloorState.PROPOSED,
        proposed_by=t.by.person_id,
        proposed_at=t.now,
        proposed_via=t.by.via,
        asked_at=t.now,
    )
    t.session.add(row)
    await t.session.flush()
    return await floors.decide(t.session, t.by, t.member, [row.id], {}, t.now)


async def keep_format(t: Tried) -> object:
    await errata.use(t.session, "common-1", t.now)
    return await errata.form(t.session, t.by, errata.About("common-1", "gini_index"))


async def keep_benchmarks(t: Tried) -> object:
    return await benchmarks.form(t.session, t.by, Slip(t.member, 1), words().label)


DEEDS: dict[Act, Callable[[Tried], Awaitable[object]]] = {
    Act.ANSWER: answer,
    Act.DELEGATE: delegate,
    Act.CONTRIBUTE: contribute,
    Act.READ_ANSWERS: read_answers,
    Act.CLEAR: clear,
    Act.RECORD_LETTER: record_letter,
    Act.SET_CLEARANCE: set_clearance,
    Act.REVIEW: review,
    Act.RUN_CYCLES: run_cycles,
    Act.REMIND: remind,
    Act.SEE_NETWORK_STATUS: see_status,
    Act.SEND_DIGEST: send_digest,
    Act.SHARE: share,
    Act.PUBLISH_EXPERIENCES: publish,
    Act.IMPORT: bring_in,
    Act.APPOINT: appoint,
    Act.READ_REGISTER: read_register,
    Act.KEEP_MECHANISM: keep_mechanism,
    Act.KEEP_FORMAT: keep_format,
    Act.KEEP_BENCHMARKS: keep_benchmarks,
    Act.READ_FLOORS: read_floors,
    Act.SET_FLOORS: set_floors,
    Act.CLEAR_FLOORS: clear_floors,
    Act.READ_PROGRESS: read_progress,
}


def test_every_act_has_its_deed() -> None:
    assert set(DEEDS) == set(Act)


@dataclass
class Stage:
    """Two countries that are asked in one cycle."""

    database: Database
    people: Cast
    clock: SimulatedClock
    ids: dict[str, int]

    async def lets_through(self, deed: Callable[[Tried], Awaitable[object]], by: Speaker, member: str) -> bool:
        """Whether somebody may do it; whatever was done is undone. What stands in the way later is no matter of rights.

        Raises:
            Refusal: of another kind than these.
        """
        try:
            async with self.database.writing() as session:
                talk = await queries.talk(session, self.ids[member])
                assert talk is not None
                await deed(Tried(session, by, talk, self.clock))
                raise _Undone
        except _Undone:
            return True
        except (NotAllowed, NotFound):
            return False


class _Undone(Exception):
    """It went through."""


@pytest.fixture
async def stage(sqlite_database: Database, clock: SimulatedClock) -> AsyncIterator[Stage]:
    now = clock.now()
    people = await cast.make(sqlite_database, now)
    ids: dict[str, int] = {}
    async with sqlite_database.writing() as session:
        cycle = Cycle(
            code="2026",
            title="Full assessment 2026",
            question_set=QuestionSetCode.FULL,
            edition="common-1",
            period_start=now.date().replace(month=1, day=1),
            period_end=now.date().replace(month=12, day=31),
            opens_at=now,
            due_at=now + timedelta(days=40),
            closes_at=now + timedelta(days=54),
            state=CycleState.OPEN,
            origin=CycleOrigin.ASKED,
            opened_by=people["aisyah"].person_id,
        )
        session.add(cycle)
        await session.flush()
        for member in (OWN, OTHER):
            row = Assessment(
                cycle_id=cycle.id, member_code=member, state=AssessmentState.IN_PROGRESS, version=1, state_since=now
            )
            session.add(row)
            await session.flush()
            ids[member] = row.id
    yield Stage(sqlite_database, people, clock, ids)


@pytest.mark.parametrize("role", ROLES)
async def test_each_cell_is_what_the_deed_lets_through(stage: Stage, role: Role) -> None:
    by = stage.people.speaker(PLAYERS[role])
    assert by.role is role
    wrong: list[str] = []
    for act, deed in DEEDS.items():
        for member in (OWN, OTHER):
            cell = CELLS[role, act]
            may = cell == "any" or (cell == "own" and member == by.member)
            try:
                let = await stage.lets_through(deed, by, member)
            except Refusal as refusal:
                wrong.append(f"{act} {member}: {refusal.name} {dict(refusal.facts)}")
                continue
            if let is not may:
                wrong.append(f"{act} {member}: {'let through' if let else 'refused'}, the table says {cell}")
    assert wrong == []
