"""What is written when a role passes: composed when it is sent, from what is true then. None: the need is gone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import assessments, editions, workdays
from bot.messages import Choice, Message
from bot.people import Contact, answering
from bot.people.appointments import DAY, is_held
from bot.people.contacts import ANSWERING
from bot.reminders import how_far, leaves
from bot.succession.moving import BRIEFING, CARRIED_OUT, MEANWHILE, THANKS
from bot.succession.orders import ROLES
from db.engine import Session
from db.models import Delivery
from db.queries import appointments as queries
from db.queries import assessments as assessment_queries
from db.queries import people as people_queries
from db.queries.appointments import Held
from db.vocabulary import AssessmentState, Role

SETTLED = (AssessmentState.ACCEPTED, AssessmentState.NOT_REQUIRED)


async def briefing(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """To whoever begins in a role: what is open, how far it is, what was accepted last, and what is due when."""
    held = await _held(session, delivery)
    today = workdays.register_day(now)
    if held is None or held.member is None or contact is None or not is_held(held, today):
        return None
    rows = await queries.of_member(session, held.member, [held.role])
    before = [row for row in rows if row.ends_on == held.starts_on - DAY and row.person_id != held.person_id]
    colleagues = await people_queries.holders(session, ROLES, today, held.member)
    accepted = await queries.accepted_last(session, held.member)
    choices: tuple[Choice, ...] = ()
    # A button in a mail would only say where they cannot go yet.
    if held.role in ANSWERING and contact.slack_id is not None:
        _, choices = await leaves.standing(session, held.member)
    return Message(
        BRIEFING,
        {
            "name": contact.name,
            "member": held.member_name,
            "role": held.role.value,
            "starts": held.starts_on,
            "ends": held.ends_on,
            "before": before[-1].name if before and held.role is Role.FOCAL_POINT else None,
            "colleagues": [
                {"name": hat.name, "role": hat.role.value} for hat in colleagues if hat.person_id != held.person_id
            ],
            "cycles": await _cycles(session, held.member, now),
            "accepted": {"cycle": accepted.cycle, "at": accepted.accepted_at} if accepted else None,
            "chat": contact.slack_id is not None,
        },
        choices,
    )


async def thanks(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """To whoever held a role: thanks, and who goes on."""
    held = await _held(session, delivery)
    today = workdays.register_day(now)
    if held is None or held.member is None or contact is None or held.ends_on is None or held.ends_on >= today:
        return None
    still = await people_queries.hats_of_person(session, held.person_id, today)
    if any((hat.role, hat.member) == (held.role, held.member) for hat in still):
        return None
    return Message(
        THANKS,
        {
            "name": contact.name,
            "member": held.member_name,
            "role": held.role.value,
            "ended": held.ends_on,
            "still": [{"role": hat.role.value, "member": hat.member_name} for hat in still],
            "successor": await _goes_on(session, held, now),
        },
    )


async def meanwhile(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """To the alternate: there is no focal point, so the country's questions come to them."""
    held = await _held(session, delivery)
    today = workdays.register_day(now)
    if held is None or held.member is None or contact is None or held.ends_on is None or held.ends_on >= today:
        return None
    if await people_queries.holders(session, [Role.FOCAL_POINT], today, held.member):
        return None
    standings, choices = await leaves.standing(session, held.member)
    facts = {"name": contact.name, "member": held.member_name, "before": held.name, "ended": held.ends_on}
    return Message(MEANWHILE, {**facts, "standings": standings}, choices)


async def carried_out(
    session: Session,
    delivery: Delivery,
    contact: Contact | None,  # noqa: ARG001 - a composer's signature
    now: datetime,
) -> Message | None:
    """To the secretariat: a planned role has begun, or one has ended and nobody follows."""
    held = await _held(session, delivery)
    if held is None or held.member is None:
        return None
    what, follows = delivery.facts["what"], await _goes_on(session, held, now)
    standings, _ = await leaves.standing(session, held.member)
    return Message(
        CARRIED_OUT,
        {
            "what": what,
            "name": held.name,
            "member": held.member_name,
            "role": held.role.value,
            "starts": held.starts_on,
            "ended": held.ends_on,
            "meanwhile": follows,
            "chat": held.slack_id is not None,
            "mail": held.email is not None,
            "standings": standings,
        },
    )


async def _held(session: Session, delivery: Delivery) -> Held | None:
    return await queries.by_id(session, int(delivery.subject.split(":")[1]))


async def _goes_on(session: Session, held: Held, now: datetime) -> str | None:
    """Who holds the role now, or stands in for it."""
    today = workdays.register_day(now)
    if held.role in ANSWERING:
        hats = await answering(session, held.member or "", today)
    else:
        hats = await people_queries.holders(session, [held.role], today, held.member)
    return next((hat.name for hat in hats if hat.person_id != held.person_id), None)


async def _cycles(session: Session, member: str, now: datetime) -> list[dict[str, Any]]:
    """Where the member stands in each open cycle, with what contributors still owe."""
    found: list[dict[str, Any]] = []
    for talk in await assessment_queries.live_talks(session, member):
        questions = editions.questions(talk.cycle, talk.assessment)
        parts = await queries.parts(session, talk.assessment.id)
        found.append(
            {
                **await how_far(session, talk),
                "cycle": talk.cycle.title,
                "state": talk.assessment.state.value,
                "since": talk.assessment.state_since,
                "due": talk.due_at,
                "closes": talk.closes_at,
                "late": now > talk.due_at and talk.assessment.state not in SETTLED,
                "half_said": talk.prompt is not None and bool(talk.prompt.draft),
                "parts": [
                    {
                        "title": assessments.title_of_part(questions, part.section, part.indicator),
                        "name": part.name,
                        "due": part.due_on,
                    }
                    for part in parts
                ],
            }
        )
    return found
