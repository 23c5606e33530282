"""Questions that a member adds to a section for itself: asked, shown, carried forward and cleared with its answers.

They are never compared: `bot.editions.questions` gives them only together with the member's own assessment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot import audit, editions, permissions
from bot.assessments import is_locked
from bot.errors import NotFound, Refusal, WrongState
from bot.floors.freezing import kept
from bot.permissions import Act
from bot.reading.typed import key
from bot.speaker import Speaker
from db.engine import Session
from db.models import OwnIndicator
from db.queries import assessments as assessment_queries
from db.queries import floors as queries
from db.queries.assessments import Talk
from db.vocabulary import Kind

NUMERIC = (Kind.PERCENT, Kind.NUMBER, Kind.INTEGER)
LONGEST_TITLE, LONGEST_QUESTION, LONGEST_HELP, LONGEST_UNIT, LONGEST_CHOICE = 100, 300, 1000, 60, 75
FEWEST_CHOICES, MOST_CHOICES = 2, 20
# More of them, and the common questions are lost among them.
MOST_QUESTIONS = 30


class BadQuestion(Refusal):
    """A question cannot be added so. Facts: problem, field."""


class QuestionGone(WrongState):
    """A question is asked no more. Facts: what, state, title."""


@dataclass(frozen=True)
class Wanted:
    """A question as somebody wrote it down. Bounds are for numbers, choices for a choice."""

    section: str
    title: str
    question: str
    kind: Kind
    help: str = ""
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    choices: tuple[str, ...] = field(default_factory=tuple)


def subject(member: str) -> str:
    """What the audit calls the own questions of a member."""
    return f"own_questions:{member}"


async def of_member(session: Session, by: Speaker, member: str) -> list[OwnIndicator]:
    """What a member asks itself now, in the order in which it was added.

    Raises:
        NotAllowed: not somebody of the member who may add to it.
    """
    permissions.require(by, Act.SET_FLOORS, member)
    return list(await queries.own_indicators(session, [member]))


async def add(session: Session, by: Speaker, member: str, wanted: Wanted, edition: str, now: datetime) -> OwnIndicator:
    """Add a question. Assessments that the member is at work on get it at once.

    Args:
        edition: the code of the edition in use, whose sections there are.

    Raises:
        BadQuestion, NotAllowed.
    """
    permissions.require(by, Act.SET_FLOORS, member)
    await queries.lock(session, member)
    own = await queries.own_indicators(session, [member])
    _check(wanted, edition, {key(row.title) for row in own}, len(own))
    numeric = wanted.kind in NUMERIC
    percent = wanted.kind is Kind.PERCENT
    row = OwnIndicator(
        member_code=member,
        code=f"own_{member.lower()}_{await queries.ever_added(session, member) + 1}",
        section=wanted.section,
        title=wanted.title,
        question=wanted.question,
        help=wanted.help or None,
        kind=wanted.kind,
        unit=wanted.unit or None,
        minimum=wanted.minimum if wanted.minimum is not None or not percent else Decimal(0),
        maximum=wanted.maximum if wanted.maximum is not None or not percent else Decimal(100),
        choices=[
            {"code": f"option_{number}", "title": title}
            for number, title in enumerate(wanted.choices, start=1)
            if wanted.kind is Kind.CHOICE
        ],
        added_by=by.person_id,
        added_at=now,
    )
    if not numeric:
        row.unit = row.minimum = row.maximum = None
    session.add(row)
    await session.flush()
    await audit.record(session, by, "add_question", subject(member), now, code=row.code, **_detail(row))
    for talk in await _at_work(session, member, now):
        sections = {section.letter for section in editions.questions(talk.cycle).sections}
        if row.section in sections:
            talk.assessment.own_indicators = [*talk.assessment.own_indicators, kept(row)]
    await session.flush()
    return row


def _detail(row: OwnIndicator) -> dict[str, Any]:
    return {name: value for name, value in kept(row).items() if name != "code"}


def _check(wanted: Wanted, edition: str, own_titles: set[str], count: int) -> None:
    asked = editions.edition(edition)
    lengths = {
        "title": (wanted.title, LONGEST_TITLE),
        "question": (wanted.question, LONGEST_QUESTION),
        "help": (wanted.help, LONGEST_HELP),
        "unit": (wanted.unit, LONGEST_UNIT),
    }
    for name, (text, longest) in lengths.items():
        if len(text) > longest:
            raise BadQuestion(problem="too_long", field=name)
    for name in ("title", "question"):
        if sum(map(str.isalnum, lengths[name][0])) < 2:
            raise BadQuestion(problem="empty", field=name)
    if wanted.section not in {section.letter for section in asked.sections}:
        raise BadQuestion(problem="no_section", field="section")
    common = {key(text) for indicator in asked.indicators for text in (indicator.title, indicator.code)}
    if key(wanted.title) in own_titles | common:
        raise BadQuestion(problem="known", field="title")
    if count >= MOST_QUESTIONS:
        raise BadQuestion(problem="too_many", field="title")
    if wanted.kind in NUMERIC:
        _check_bounds(wanted)
    if wanted.kind is Kind.CHOICE:
        titles = [key(choice) for choice in wanted.choices]
        if not FEWEST_CHOICES <= len(titles) <= MOST_CHOICES or len(set(titles)) != len(titles) or "" in titles:
            raise BadQuestion(problem="choices", field="choices")
        if any(len(choice) > LONGEST_CHOICE for choice in wanted.choices):
            raise BadQuestion(problem="too_long", field="choices")


def _check_bounds(wanted: Wanted) -> None:
    low, high = wanted.minimum, wanted.maximum
    whole = wanted.kind is Kind.INTEGER
    for name, bound in (("minimum", low), ("maximum", high)):
        if bound is not None and whole and bound != bound.to_integral_value():
            raise BadQuestion(problem="not_whole", field=name)
    if wanted.kind is Kind.PERCENT:
        low, high = low if low is not None else Decimal(0), high if high is not None else Decimal(100)
    if low is not None and high is not None and low >= high:
        raise BadQuestion(problem="bounds", field="maximum")


async def retire(session: Session, by: Speaker, number: int, now: datetime) -> OwnIndicator:
    """Ask a question no more from the next cycle on. Out of assessments that the member is at work on it goes at once,
    unless it has an answer there or is just being asked: no answer is lost.

    Raises:
        QuestionGone: it was retired before.
        NotFound: there is none, or it is another country's.
        NotAllowed.
    """
    row = await live(session, by, number)
    await queries.lock(session, row.member_code)
    await session.refresh(row)
    if row.retired_at is not None:
        raise QuestionGone(what="question", state="retired", title=row.title)
    row.retired_at, row.retired_by = now, by.person_id
    await session.flush()
    await audit.record(session, by, "retire_question", subject(row.member_code), now, code=row.code)
    talks = await _at_work(session, row.member_code, now)
    held = await queries.asked_at(session, [talk.assessment.id for talk in talks], row.code)
    answered = await assessment_queries.answered(session, [talk.assessment.id for talk in talks])
    for talk in talks:
        if talk.assessment.id not in held and row.code not in answered[talk.assessment.id]:
            left = [each for each in talk.assessment.own_indicators if each["code"] != row.code]
            talk.assessment.own_indicators = left
    await session.flush()
    return row


async def live(session: Session, by: Speaker, number: int) -> OwnIndicator:
    """One of the questions that the speaker's member asks itself.

    Raises:
        QuestionGone: it was retired.
        NotFound: there is none, or it is another country's.
        NotAllowed.
    """
    permissions.require(by, Act.SET_FLOORS, by.member)
    row = await queries.own_indicator(session, number)
    if row is None or row.member_code != by.member:
        raise NotFound(what="question", named=str(number))
    if row.retired_at is not None:
        raise QuestionGone(what="question", state="retired", title=row.title)
    return row


async def _at_work(session: Session, member: str, now: datetime) -> list[Talk]:
    """The assessments of a member that take answers now."""
    return [talk for talk in await queries.at_work(session, member) if not is_locked(talk, now)]
