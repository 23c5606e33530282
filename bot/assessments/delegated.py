"""A part of an assessment in a contributor's hands: what it holds, who may answer it, and its end with the whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot import editions, ledger, permissions, workdays
from bot.errors import NotFound, WrongState
from bot.formats import QuestionSet
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Delegation
from db.queries import delegations as queries
from db.queries.assessments import Talk
from db.vocabulary import DelegationState

OVERTAKEN_KIND = "delegation/overtaken"
# What waits in the ledger about an open part, and loses its need when the part is settled.
DUTIES_OF_CONTRIBUTING = (
    "delegation/ask",
    "delegation/link",
    "delegation/nudge",
    "delegation/reminder",
    "delegation/passed",
)


class PartSettled(WrongState):
    """A part is not in the contributor's hands any more. Facts: what, member, cycle, part, state, since."""


def part_subject(delegation_id: int) -> str:
    """What audit and ledger call a part."""
    return f"delegation:{delegation_id}"


def narrowed(questions: QuestionSet, delegation: Delegation) -> QuestionSet:
    """Only the questions of a part: what a contributor is asked, and all that they see."""
    sections = tuple(
        replace(section, indicators=inside)
        for section in questions.sections
        if section.letter == delegation.section
        and (inside := tuple(i for i in section.indicators if delegation.indicator in (None, i.code)))
    )
    return replace(questions, sections=sections, minutes=2 * sum(len(section.indicators) for section in sections))


def title_of_part(questions: QuestionSet, section: str, indicator: str | None) -> str:
    """What people call a part: its question, or its section."""
    if indicator is not None and indicator in questions:
        return questions.indicator(indicator).title
    return next((f"{each.letter} · {each.title}" for each in questions.sections if each.letter == section), section)


def until(delegation: Delegation, zone: str) -> datetime:
    """The last minute of a part's own day, by a clock."""
    return workdays.at(delegation.due_on + workdays.DAY, 0, zone) - timedelta(minutes=1)


def check_contributor(by: Speaker, talk: Talk, delegation: Delegation, indicator: str | None = None) -> None:
    """Let a contributor through to their own open part, and to a question that it holds.

    Raises:
        NotAllowed: not a contributor of this country.
        NotFound: it is somebody else's, or does not hold this question.
        PartSettled: it is not in their hands any more.
    """
    permissions.require(by, Act.CONTRIBUTE, talk.assessment.member_code)
    if delegation.person_id != by.person_id or delegation.assessment_id != talk.assessment.id:
        raise NotFound(what="part", named=str(delegation.id))
    if delegation.state is not DelegationState.OPEN:
        raise part_settled(talk, delegation)
    if indicator is not None and indicator not in narrowed(editions.questions(talk.cycle, talk.assessment), delegation):
        raise NotFound(what="question", named=indicator)


def part_settled(talk: Talk, delegation: Delegation) -> PartSettled:
    """The refusal of whoever comes when a part is settled already."""
    return PartSettled(
        what="part",
        member=talk.member.name,
        cycle=talk.cycle.title,
        part=title_of_part(editions.questions(talk.cycle, talk.assessment), delegation.section, delegation.indicator),
        state=delegation.state.value,
        since=delegation.settled_at,
    )


async def overtake(session: Session, talk: Talk, now: datetime) -> None:
    """The assessment goes on without what is still out: those who have it are told."""
    if not talk.delegated:
        return
    for part in await queries.parts(session, talk.assessment.id, (DelegationState.OPEN,)):
        await overtake_part(session, part.delegation, now)


async def overtake_part(session: Session, delegation: Delegation, now: datetime) -> bool:
    """The same for one part; False when it was not open any more."""
    if not await queries.settle(
        session, delegation.id, DelegationState.OVERTAKEN, now, sources=(DelegationState.OPEN,)
    ):
        return False
    about = part_subject(delegation.id)
    await ledger.cancel(session, about, DUTIES_OF_CONTRIBUTING, now)
    await ledger.queue(
        session,
        now,
        key=ledger.key("part-overtaken", delegation.id),
        kind=OVERTAKEN_KIND,
        subject=about,
        person_id=delegation.person_id,
    )
    return True
