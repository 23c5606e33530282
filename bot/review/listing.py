"""What waits for review, one of it called up, and what stands in its place once the review has decided."""

from __future__ import annotations

from datetime import datetime

from bot import assessments, editions, people, permissions
from bot.assessments.moves import HANDED_IN
from bot.errors import NotFound
from bot.messages import Choice, Deed, Message
from bot.permissions import Act
from bot.review.shown import shown
from bot.speaker import Speaker
from db.engine import Session
from db.queries import assessments as queries
from db.queries import cycles as cycle_queries
from db.queries import reviews as review_queries
from db.queries.assessments import Talk
from db.vocabulary import AssessmentState, CycleState


async def open_for(session: Session, by: Speaker, member: str, now: datetime) -> Message:
    """A member's submission, for the secretariat that asks for it; the review has then begun. Where nothing waits for
    review, what was handed in last of the cycles that run.

    Args:
        member: a country's code or name.

    Raises:
        NotFound: nothing of this member was handed in.
        NotAllowed: not the secretariat.
    """
    permissions.require(by, Act.REVIEW)
    for talk in await queries.awaiting_review(session):
        if people.is_called(talk.member, member):
            await assessments.begin_review(session, by, talk, now)
            return await shown(session, talk)
    for cycle in reversed(await cycle_queries.asked(session, [CycleState.OPEN, CycleState.CLOSED])):
        for one in await queries.standings(session, cycle.id):
            if people.is_called(one.member, member) and one.assessment.state in HANDED_IN:
                return await shown(session, Talk(one.assessment, one.cycle, one.member, None))
    raise NotFound(what="submission", named=member)


async def see(session: Session, by: Speaker, assessment_id: int, now: datetime) -> Message:
    """One assessment as it was handed in, with the buttons that fit; under review, the review has then begun.

    Raises:
        NotFound: there is none, or it was not handed in.
        NotAllowed: not the secretariat.
    """
    permissions.require(by, Act.REVIEW)
    talk = await assessments.find(session, by, Act.REVIEW, assessment_id)
    if talk.assessment.state not in HANDED_IN:
        raise NotFound(what="submission", named=talk.member.name)
    if talk.assessment.state is AssessmentState.SUBMITTED:
        await assessments.begin_review(session, by, talk, now)
    return await shown(session, talk)


async def waiting(session: Session, by: Speaker) -> Message:
    """What waits for review, the oldest first.

    Raises:
        NotAllowed: not the secretariat.
    """
    permissions.require(by, Act.REVIEW)
    rows = [
        {
            "member": talk.member.name,
            "code": talk.member.code,
            "cycle": talk.cycle.title,
            "since": talk.assessment.submitted_at,
            "begun": talk.assessment.review_begun_at,
        }
        for talk in await queries.awaiting_review(session)
    ]
    return Message("review/waiting", {"rows": rows})


async def decided(session: Session, by: Speaker, talk: Talk, now: datetime) -> Message:
    """What stands in the place of the buttons once the review has decided."""
    questions = editions.questions(talk.cycle, talk.assessment)
    returned = talk.assessment.state is AssessmentState.RETURNED
    asked = await queries.open_questions(session, talk.assessment.id) if returned else []
    accepted = talk.assessment.state is AssessmentState.ACCEPTED
    asides = await review_queries.asides(session, talk.assessment.id) if accepted else {}
    choices = (Choice(Deed.UNDO_ACCEPT, str(talk.assessment.id)),) if accepted else ()
    published = None
    if accepted and talk.cycle.state is CycleState.PUBLISHED:
        # From the time when a digest published a cycle with a submission unreviewed: nobody is left stranded.
        published = await review_queries.published_at(session, talk.cycle.id)
        choices = ()
    titles = {indicator.code: indicator.title for indicator in questions.indicators}
    return Message(
        "review/decided",
        {
            "member": talk.member.name,
            "cycle": talk.cycle.title,
            "state": talk.assessment.state.value,
            "person": by.name,
            "when": now,
            "published": published,
            "asked": [{"title": titles.get(q.indicator or ""), "text": q.text} for q in asked],
            "asides": [{"title": titles.get(code, code), "why": why} for code, why in asides.items()],
        },
        choices,
    )
