"""What a reminder says. Composed at the moment of sending, from what is true then; None: the need is gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot import assessments, editions, workdays
from bot.ledger import PutOff, wait_for_work
from bot.messages import Choice, Deed, Message
from bot.people import Contact, addressed
from bot.reminders.rules import days_until, place_of
from bot.workdays import Place
from db.engine import Session
from db.models import Delivery
from db.queries import assessments as queries
from db.queries import people as people_queries
from db.queries import reminders as reminder_queries
from db.queries.assessments import Given, Talk
from db.vocabulary import ANSWERABLE, AssessmentState, Availability, Role, Stage

# Who said something so shortly ago is not interrupted; the reminder comes so much later.
TALKING = timedelta(minutes=15)
LATER = timedelta(hours=1)
TEMPLATES = {
    Role.FOCAL_POINT: "reminder/step_author",
    Role.ALTERNATE: "reminder/step_alternate",
    Role.COORDINATOR: "reminder/step_coordinator",
}


async def step(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """One step of the plan, or a reminder by hand: where it stands, when it is due, and a button to go on.

    Raises:
        PutOff: it is night or a free day there, or the person is just answering.
    """
    talk = await queries.talk(session, int(delivery.subject.split(":")[1]))
    if talk is None or contact is None or talk.assessment.state not in ANSWERABLE:
        return None
    # A new due date has its own steps.
    if assessments.is_locked(talk, now) or delivery.facts["due"] != talk.due_at.isoformat():
        return None
    if delivery.facts.get("reopened_until") not in (None, talk.closes_at.isoformat()):
        return None
    role = Role(delivery.facts["addressee"]["role"])
    if not delivery.facts.get("asked_by"):
        wait_for_work(Place(contact.reader.zone, talk.member.calendar, delivery.facts["hour"]), now)
    if role is not Role.COORDINATOR and await reminder_queries.last_heard(session, contact.person_id, now - TALKING):
        raise PutOff(now + LATER)
    facts = {
        **await how_far(session, talk),
        **await _people(session, delivery, talk, contact, now),
        "name": contact.name,
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "due": talk.due_at,
        "closes": talk.closes_at,
        "late": now > talk.due_at,
        "days": days_until(talk.due_at, now, contact.reader.zone),
        "asked_by": delivery.facts.get("asked_by"),
    }
    choices = () if role is Role.COORDINATOR else (_go_on(talk),)
    return Message(TEMPLATES[role], facts, choices)


def _go_on(talk: Talk) -> Choice:
    value = f"{talk.assessment.id}:0::"
    if talk.assessment.state is AssessmentState.OPEN:
        return Choice(Deed.START, value, style="primary")
    if talk.assessment.state is AssessmentState.RETURNED:
        return Choice(Deed.RESUME, value, label="answer_now", style="primary")
    return Choice(Deed.RESUME, value, style="primary")


async def how_far(session: Session, talk: Talk) -> dict[str, Any]:
    """How far they are: counts, where they stopped, what is still required, what the review asks."""
    questions = editions.questions(talk.cycle, talk.assessment)
    answers = await queries.answers(session, talk.assessment.id)
    asked = await queries.open_questions(session, talk.assessment.id) if talk.assessment.round else []
    given = {code for code, answer in answers.items() if _is_given(answer)}
    missing = [questions.indicator(code).title for code in assessments.missing(talk, answers)]
    return {
        "begun": talk.assessment.state is not AssessmentState.OPEN,
        "returned": talk.assessment.round > 0,
        "asked": len(asked),
        "answered": len(given & {indicator.code for indicator in questions.indicators}),
        "total": len(questions.indicators),
        "minutes": questions.minutes,
        "required": len(missing),
        "stopped_at": _stopped_at(talk),
    }


def _is_given(answer: Given) -> bool:
    return answer.availability is not Availability.SKIPPED


def _stopped_at(talk: Talk) -> str | None:
    """The title of the question or section that is open; None at the review of all answers, or before the start."""
    prompt = talk.prompt
    if prompt is None or prompt.stage is Stage.REVIEW:
        return None
    questions = editions.questions(talk.cycle, talk.assessment)
    if prompt.indicator is not None and prompt.indicator in questions:
        return questions.indicator(prompt.indicator).title
    return next((section.title for section in questions.sections if section.letter == prompt.section), None)


async def _people(
    session: Session, delivery: Delivery, talk: Talk, contact: Contact, now: datetime
) -> dict[str, str | list[str] | None]:
    """Who answers for the country, and who else gets this step."""
    to = [Role(role) for role in delivery.facts["addressee"]["to"]]
    hats = await people_queries.holders(
        session, list(TEMPLATES), workdays.register_day(now), talk.assessment.member_code
    )
    receivers = addressed(hats, to)
    author = addressed(hats, [Role.FOCAL_POINT]).get(Role.FOCAL_POINT)
    return {
        "author": author.name if author else None,
        "others": [hat.name for hat in receivers.values() if hat.person_id != contact.person_id],
    }


async def review(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:  # noqa: ARG001 - a composer's signature
    """The secretariat's own duty: a submission that waits.

    Raises:
        PutOff: it is night or a free day at the secretariat.
    """
    talk = await queries.talk(session, int(delivery.subject.split(":")[1]))
    if talk is None or talk.assessment.state is not AssessmentState.SUBMITTED:
        return None
    if talk.assessment.round != delivery.facts["round"] or talk.assessment.submitted_at is None:
        return None
    place = place_of(delivery.facts["zone"], delivery.facts["hour"])
    wait_for_work(place, now)
    submitter = await people_queries.person(session, talk.assessment.submitted_by or 0)
    reviewer = await people_queries.person(session, talk.assessment.review_begun_by or 0)
    here = workdays.local(now, place.zone).date() - workdays.local(talk.assessment.submitted_at, place.zone).date()
    return Message(
        "reminder/review",
        {
            "member": talk.member.name,
            "cycle": talk.cycle.title,
            "person": submitter.name if submitter else "",
            "submitted": talk.assessment.submitted_at,
            "days": here.days,
            "again": talk.assessment.round > 1,
            "reviewer": reviewer.name if reviewer and talk.assessment.review_begun_at else None,
            "since": talk.assessment.review_begun_at,
            "closes": talk.closes_at,
            "locked": assessments.is_locked(talk, now),
        },
    )
