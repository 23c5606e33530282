"""What the ledger brings about a review, composed anew when it is sent. None: the need is gone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import assessments, editions
from bot.assessments import threads
from bot.assessments.moves import HANDED_IN
from bot.messages import Choice, Deed, Menu, Message
from bot.people import Contact
from bot.review import thread as thread_facts
from bot.review.shown import shown
from bot.review.tokens import WHOLE, about
from bot.words import words
from db.engine import Session
from db.models import Delivery
from db.queries import assessments as queries
from db.queries import people as people_queries
from db.queries import reviews as review_queries
from db.queries.assessments import Talk
from db.vocabulary import ANSWERABLE, AssessmentState, CycleState, Side

RUNNING = (CycleState.OPEN, CycleState.CLOSED)


async def _talk(session: Session, delivery: Delivery) -> Talk | None:
    return await queries.talk(session, int(delivery.subject.split(":")[1]))


async def submission(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:  # noqa: ARG001 - a composer's signature
    """The ledger's message to the secretariat's channel; gone once it was withdrawn or reviewed."""
    talk = await _talk(session, delivery)
    if talk is None or talk.assessment.state is not AssessmentState.SUBMITTED:
        return None
    if talk.assessment.round != delivery.facts.get("round"):
        return None
    return await shown(session, talk)


async def withdrawn(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:  # noqa: ARG001 - a composer's signature
    """A submission was taken back; gone once it was handed in again."""
    talk = await _talk(session, delivery)
    if talk is None or talk.assessment.state is not AssessmentState.IN_PROGRESS:
        return None
    if talk.assessment.round != delivery.facts["round"]:
        return None
    facts = {
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "person": delivery.facts["person"],
        "when": datetime.fromisoformat(delivery.facts["when"]),
    }
    return Message("review/withdrawn", facts)


async def comments(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:  # noqa: ARG001 - a composer's signature
    """What the secretariat said about the answers without returning them, in one message: each thread that waits for
    the country. The first of them is answered by just writing."""
    talk = await _talk(session, delivery)
    if talk is None or contact is None or talk.cycle.state not in RUNNING:
        return None
    if talk.assessment.state is AssessmentState.NOT_REQUIRED:
        return None
    waiting = [each for each in await thread_facts.all_of(session, talk) if each.waits]
    waiting.sort(key=lambda each: each.last.id)
    if not waiting:
        return None
    shown_threads = await thread_facts.items(session, talk, waiting)
    by_writing = talk.assessment.state in (AssessmentState.SUBMITTED, AssessmentState.ACCEPTED)
    facts = {
        "name": contact.name,
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "threads": shown_threads,
        "by_writing": by_writing,
        "first": shown_threads[0]["title"],
    }
    return Message("review/comments", facts, ways_to_reply(talk, waiting))


def ways_to_reply(talk: Talk, waiting: list[threads.Thread]) -> tuple[Choice | Menu, ...]:
    """A button to the form of the one thread that waits, or a select of several."""
    questions = editions.questions(talk.cycle, talk.assessment)
    options = tuple(
        (
            about(talk, each.indicator or WHOLE),
            questions.indicator(each.indicator).title if each.indicator else words().label("about_whole"),
        )
        for each in waiting
    )
    if len(options) == 1:
        return (Choice(Deed.REPLY_COMMENT, options[0][0]),)
    return (Menu(Deed.REPLY_COMMENT, options, "reply_to"),)


async def answered(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:  # noqa: ARG001 - a composer's signature
    """What the country said to the comments, for the secretariat's channel."""
    talk = await _talk(session, delivery)
    if talk is None or talk.cycle.state not in RUNNING or talk.assessment.state not in HANDED_IN:
        return None
    fresh = [
        each
        for each in await thread_facts.all_of(session, talk)
        if any(one.comment.side is Side.COUNTRY and one.comment.id >= delivery.facts["since"] for one in each.lines)
    ]
    if not fresh:
        return None
    facts = {
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "threads": await thread_facts.items(session, talk, fresh),
    }
    return Message("review/answered", facts, (Choice(Deed.SEE_SUBMISSION, str(talk.assessment.id)),))


async def undone(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:  # noqa: ARG001 - a composer's signature
    """The secretariat took its acceptance back: the country is told why, and that nothing is asked of it yet."""
    talk = await _talk(session, delivery)
    if talk is None or contact is None or talk.assessment.state is not AssessmentState.SUBMITTED:
        return None
    if talk.assessment.state_why is None:
        return None
    reviewer = await people_queries.person(session, talk.assessment.review_begun_by or 0)
    facts = {
        "name": contact.name,
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "why": talk.assessment.state_why,
        "when": talk.assessment.state_since,
        "reviewer": reviewer.name if reviewer else "",
    }
    return Message("assessment/undone", facts)


async def news(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """One member has more time, was reopened, is asked for no report, or is again: told as it is now."""
    talk = await _talk(session, delivery)
    if talk is None or contact is None or talk.cycle.state not in RUNNING:
        return None
    excused = talk.assessment.state is AssessmentState.NOT_REQUIRED
    if excused is not (delivery.kind == "assessment/excused") or talk.assessment.state is AssessmentState.ACCEPTED:
        return None
    if not excused and assessments.is_locked(talk, now):
        return None
    before = delivery.facts.get("before")
    facts: dict[str, Any] = {
        "name": contact.name,
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "due": talk.due_at,
        "closes": talk.closes_at,
        "before": datetime.fromisoformat(before) if before else None,
        "late": now > talk.due_at,
        "why": delivery.facts.get("why"),
        "state": talk.assessment.state.value,
        "answered": len(await review_queries.said_at(session, talk.assessment.id)),
        "total": len(editions.questions(talk.cycle, talk.assessment).indicators),
    }
    return Message(delivery.kind, facts, _go_on(talk))


async def noted(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:  # noqa: ARG001 - a composer's signature
    """What one of the secretariat granted a country, for the others in its channel."""
    talk = await _talk(session, delivery)
    if talk is None:
        return None
    facts = {
        **delivery.facts,
        "due": datetime.fromisoformat(delivery.facts["due"]),
        "closes": datetime.fromisoformat(delivery.facts["closes"]),
        "member": talk.member.name,
        "cycle": talk.cycle.title,
    }
    return Message("review/granted", facts)


def _go_on(talk: Talk) -> tuple[Choice, ...]:
    if talk.assessment.state not in ANSWERABLE:
        return ()
    deed = Deed.START if talk.assessment.state is AssessmentState.OPEN else Deed.RESUME
    return (Choice(deed, f"{talk.assessment.id}:0::", style="primary"),)
