"""What the secretariat grants one member: shown first, with who is told, and done at the button below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot import assessments, cycles, editions, people, permissions, workdays
from bot.assessments import granting
from bot.assessments.moves import MOVES, MoveName, not_their_turn
from bot.assessments.reviewing import in_the_way
from bot.errors import NotFound
from bot.messages import Message
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.queries import assessments as queries
from db.queries import delegations as delegation_queries
from db.queries import reviews as review_queries
from db.queries.assessments import Talk
from db.vocabulary import AssessmentState, CycleState, DelegationState

RUNNING = (CycleState.OPEN, CycleState.CLOSED)


class Grant(StrEnum):
    """What can be granted."""

    EXTEND = "extend"
    REOPEN = "reopen"
    EXCUSE = "excuse"
    REQUIRE = "require"
    UNDO = "undo"


RIGHTS = {Grant.UNDO: Act.REVIEW}
ABOUT_DATES = (Grant.EXTEND, Grant.REOPEN)


@dataclass(frozen=True)
class Wish:
    """What is wished for one member.

    Attributes:
        due: the new due date, of an extension.
        closes: until when it may answer, of an extension or a reopening.
        why: the reason.
        seen: its state and its dates, as they were when this was shown (`seen_of`); None: it is shown now.
    """

    what: Grant
    due: datetime | None = None
    closes: datetime | None = None
    why: str = ""
    seen: str | None = None


@dataclass(frozen=True)
class Shown:
    """A preview: what is said, and the assessment that it is about with the state and the dates that it has."""

    message: Message
    assessment_id: int
    seen: str


def seen_of(talk: Talk) -> str:
    """The state and the dates that a preview shows, for its button."""
    return f"{talk.assessment.state.value} {granting.dates_of(talk.due_at, talk.closes_at)}"


async def preview(session: Session, by: Speaker, wish: Wish, code: str | None, member: str, now: datetime) -> Shown:
    """What would be done, and who would be told. Nothing is changed and nobody is written to.

    Args:
        code: the cycle's; None: the only one that runs.
        member: a country's code or name.

    Raises:
        NotFound: no such cycle, or no such country in it.
        NotAllowed, and what the deed itself would raise.
    """
    permissions.require(by, RIGHTS.get(wish.what, Act.RUN_CYCLES))
    cycle = await cycles.named(session, by, code, RUNNING)
    found = [one for one in await queries.standings(session, cycle.id) if people.is_called(one.member, member)]
    if not found:
        raise NotFound(what="member", named=member)
    talk = await queries.talk(session, found[0].assessment.id)
    if talk is None:
        raise NotFound(what="member", named=member)
    await _check(session, talk, wish, now)
    answering = await people.answering_by_member(session, workdays.register_day(now))
    hat = answering.get(talk.member.code)
    parts = await delegation_queries.parts(session, talk.assessment.id, (DelegationState.OPEN,))
    facts = {
        **_facts(talk, wish),
        "told": hat.name if hat else None,
        "answered": found[0].answered,
        "total": len(editions.questions(talk.cycle, talk.assessment).indicators),
        "parts": len(parts) if wish.what is Grant.EXCUSE else 0,
        "waits": wish.what is Grant.EXCUSE and talk.assessment.state is AssessmentState.AWAITING_CLEARANCE,
        "state": talk.assessment.state.value,
    }
    return Shown(Message("cycle/grant", facts), talk.assessment.id, seen_of(talk))


async def _check(session: Session, talk: Talk, wish: Wish, now: datetime) -> None:
    match wish.what:
        case Grant.EXTEND:
            await granting.check_extension(session, talk, wish.due or now, wish.closes or now, now)
        case Grant.REOPEN:
            await granting.check_reopening(session, talk, wish.closes or now, now)
        case Grant.EXCUSE:
            await granting.check_excuse(session, talk)
        case Grant.REQUIRE:
            await granting.check_requirement(session, talk, now)
        case Grant.UNDO:
            if talk.cycle.state not in RUNNING or talk.assessment.state not in MOVES[MoveName.UNDO_ACCEPT].sources:
                raise await in_the_way(session, talk, MoveName.UNDO_ACCEPT)


async def do(session: Session, by: Speaker, assessment_id: int, wish: Wish, now: datetime) -> Message:
    """Do what a preview showed.

    Raises:
        NotThePersonsTurn: the assessment has moved on since.
        DatesMoved: it has got other dates since, and the wish is about dates.
        NotFound, NotAllowed, and what the deed itself raises.
    """
    act = RIGHTS.get(wish.what, Act.RUN_CYCLES)
    permissions.require(by, act)
    talk = await assessments.find(session, by, act, assessment_id)
    if wish.seen is not None:
        state, _, dates = wish.seen.partition(" ")
        if talk.assessment.state.value != state:
            raise not_their_turn(talk)
        if wish.what in ABOUT_DATES and dates != granting.dates_of(talk.due_at, talk.closes_at):
            facts = {"member": talk.member.name, "cycle": talk.cycle.title}
            raise granting.DatesMoved(**facts, due=talk.due_at, closes=talk.closes_at)
    before = _facts(talk, wish)
    published: list[str] = []
    match wish.what:
        case Grant.EXTEND:
            await granting.extend(session, by, talk, wish.due or now, wish.closes or now, wish.why, now)
        case Grant.REOPEN:
            await granting.reopen(session, by, talk, wish.closes or now, wish.why, now)
        case Grant.EXCUSE:
            await granting.excuse(session, by, talk, wish.why, now)
        case Grant.REQUIRE:
            await granting.require(session, by, talk, wish.why, now)
        case Grant.UNDO:
            published = await assessments.undo_accept(session, by, talk, wish.why, now)
    answered = await review_queries.has_answers(session, talk.assessment.id)
    facts = {
        **before,
        "new_due": talk.due_at,
        "new_closes": talk.closes_at,
        "state": talk.assessment.state.value,
        "published": published,
        "kept": answered,
        "person": by.name,
    }
    return Message("cycle/granted", facts)


def _facts(talk: Talk, wish: Wish) -> dict[str, Any]:
    closes = granting.longest(talk, wish.closes) if wish.what is Grant.EXTEND and wish.closes else wish.closes
    return {
        "what": wish.what.value,
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "due": talk.due_at,
        "closes": talk.closes_at,
        "new_due": wish.due or talk.due_at,
        "new_closes": closes or talk.closes_at,
        "why": wish.why,
    }
