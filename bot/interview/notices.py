"""What the ledger brings to those who answer, composed anew when it is sent. None: the need is gone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import assessments, editions, people, workdays
from bot.assessments import reply_of
from bot.interview.ask import again
from bot.interview.scene import Said, Scene, scene_of
from bot.messages import Choice, Deed, Message
from bot.papers import Paper, ticket
from bot.people import Contact
from bot.reading import write
from bot.review import thread as thread_facts
from db.engine import Session
from db.models import Delivery
from db.queries import assessments as queries
from db.queries import people as people_queries
from db.queries import reviews as review_queries
from db.queries import values as value_queries
from db.queries.assessments import Talk
from db.queries.delegations import Own
from db.vocabulary import ANSWERABLE, AssessmentState, Availability, Role, Via


def assessment_id(delivery: Delivery) -> int:
    """The assessment that a delivery is about."""
    return int(delivery.subject.split(":")[1])


async def _talk(session: Session, delivery: Delivery, *states: AssessmentState) -> Talk | None:
    talk = await queries.talk(session, assessment_id(delivery))
    if talk is None or talk.assessment.state not in states:
        return None
    return talk


async def opening(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """A cycle has opened: what it is, how long it takes, when it is due."""
    talk = await _talk(session, delivery, AssessmentState.OPEN)
    if talk is None or contact is None or assessments.is_locked(talk, now):
        return None
    questions = editions.questions(talk.cycle, talk.assessment)
    value = f"{talk.assessment.id}:0::"
    last = await value_queries.last_accepted(
        session,
        talk.assessment.member_code,
        talk.cycle.period_start,
        editions.canonical(questions),
    )
    return Message(
        "assessment/opening",
        {
            "name": contact.name,
            "member": talk.member.name,
            "cycle": talk.cycle.title,
            "set": questions.title,
            "questions": len(questions.indicators),
            "minutes": questions.minutes,
            "known": sum(questions.indicator(code).carry_forward for code in last),
            "due": talk.due_at,
            "closes": talk.closes_at,
            "late": now > talk.due_at,
        },
        (
            Choice(Deed.START, value, style="primary"),
            Choice(Deed.LATER, value),
            Choice(Deed.SEE_QUESTIONS, value),
        ),
    )


async def returned(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """The secretariat sent the assessment back with a question."""
    talk = await _talk(session, delivery, AssessmentState.RETURNED)
    if talk is None or contact is None or talk.assessment.round != delivery.facts.get("round"):
        return None
    questions = editions.questions(talk.cycle, talk.assessment)
    answers = await queries.answers(session, talk.assessment.id)
    asked: list[dict[str, str | None]] = []
    for question in await queries.open_questions(session, talk.assessment.id):
        known = question.indicator if question.indicator in questions else None
        indicator = questions.indicator(known) if known else None
        answer = answers.get(known or "")
        value = write(reply_of(answer), indicator) if answer and indicator else None
        asked.append({"title": indicator.title if indicator else None, "value": value, "text": question.text})
    return Message(
        "assessment/returned",
        {
            "name": contact.name,
            "member": talk.member.name,
            "cycle": talk.cycle.title,
            "asked": asked,
            "also": await _said_besides(session, talk),
            "due": talk.due_at,
            "closes": talk.closes_at,
            "late": now > talk.due_at,
        },
        (Choice(Deed.RESUME, f"{talk.assessment.id}:0::", label="answer_now", style="primary"),),
    )


async def _said_besides(session: Session, talk: Talk) -> list[dict[str, Any]]:
    """What the secretariat said about other answers without asking for them anew, and that waits for the country."""
    asked = {question.indicator for question in await queries.open_questions(session, talk.assessment.id)}
    waits = [each for each in await thread_facts.all_of(session, talk) if each.waits and each.indicator not in asked]
    return await thread_facts.items(session, talk, waits) if waits else []


async def accepted(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:  # noqa: ARG001 - a composer's signature
    """The assessment was accepted."""
    talk = await _talk(session, delivery, AssessmentState.ACCEPTED)
    if talk is None or contact is None:
        return None
    reviewer = await people_queries.person(session, talk.assessment.accepted_by or 0)
    return Message(
        "assessment/accepted",
        {
            "name": contact.name,
            "member": talk.member.name,
            "cycle": talk.cycle.title,
            "when": talk.assessment.accepted_at,
            "reviewer": reviewer.name if reviewer else "",
            "asides": await _asides(session, talk),
        },
        (Choice(Deed.GET_FILE, ticket(Paper.REPORT, talk.cycle.code, talk.member.code), label="get_report"),),
    )


async def _asides(session: Session, talk: Talk) -> list[dict[str, str | None]]:
    """The answers that it was accepted without, and why."""
    why = await review_queries.asides(session, talk.assessment.id)
    answers = await queries.answers(session, talk.assessment.id) if why else {}
    return [
        {"title": each.title, "value": write(reply_of(answers[each.code]), each), "why": why[each.code]}
        for each in editions.questions(talk.cycle, talk.assessment).indicators
        if each.code in why
    ]


async def cycle_news(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """The cycle got more time, or was cancelled: told to those who have not finished."""
    talk = await _talk(session, delivery, *ANSWERABLE, AssessmentState.AWAITING_CLEARANCE)
    if talk is None or contact is None:
        return None
    answers = await queries.answers(session, talk.assessment.id)
    return Message(
        delivery.kind,
        {
            "name": contact.name,
            "member": talk.member.name,
            "cycle": talk.cycle.title,
            "due": talk.due_at,
            "closes": talk.closes_at,
            "late": now > talk.due_at,
            "own": talk.assessment.due_at is not None,
            "answered": sum(answer.availability is not Availability.SKIPPED for answer in answers.values()),
            "total": len(editions.questions(talk.cycle, talk.assessment).indicators),
        },
    )


async def prompt_unsaid(session: Session, talk: Talk, now: datetime) -> tuple[Contact, Message] | None:
    """The open prompt of a conversation, for the person it was asked of, to be said after a crash."""
    prompt = talk.prompt
    if prompt is None or prompt.asked_person is None:
        return None
    hats = await people_queries.hats_of_person(session, prompt.asked_person, workdays.register_day(now))
    own = [hat for hat in hats if hat.member == talk.assessment.member_code]
    if not own:
        return None
    scene: Scene = await scene_of(session, people.speaker_of(own[0], Via.BOT), Said("", ""), talk, now)
    return people.contact_of(own[0]), await again(scene)


async def part_unsaid(session: Session, own: Own, now: datetime) -> tuple[Contact, Message] | None:
    """The same for a contributor's part."""
    held = await people_queries.hats_of_person(session, own.delegation.person_id, workdays.register_day(now))
    member = own.talk.assessment.member_code
    hats = [hat for hat in held if hat.member == member and hat.role is Role.CONTRIBUTOR]
    if not hats:
        return None
    by = people.speaker_of(hats[0], Via.BOT)
    scene = await scene_of(session, by, Said("", ""), own.talk, now, own.delegation)
    return people.contact_of(hats[0]), await again(scene)
