"""The Home of a coordinator: what waits for me, and my country's picture."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import permissions, workdays
from bot.homes import floors
from bot.homes.answering import shown, state_facts
from bot.homes.waiting import waits
from bot.messages import Choice, Deed, Message
from bot.people.contacts import ANSWERING
from bot.people.kept import Slip
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.queries import appointments as appointment_queries
from db.queries import assessments as assessment_queries
from db.queries import homes as queries
from db.queries.homes import Country, Seat
from db.vocabulary import Role


async def coordinator(session: Session, by: Speaker, now: datetime) -> list[Message]:
    """What this person is asked to clear, then where the country stands.

    Raises:
        NotAllowed: not somebody who reads a country's answers.
    """
    permissions.require(by, Act.READ_ANSWERS, by.member)
    member, today = by.member or "", workdays.register_day(now)
    rows = [row for row in await queries.running(session, member) if shown(row.talk)]
    answered = await assessment_queries.answered(session, [row.talk.assessment.id for row in rows])
    waiting = await waits(session, [row.talk for row in rows], now)
    cards: list[Message] = []
    states: list[dict[str, Any]] = []
    for row in rows:
        wait = waiting.get(row.talk.assessment.id)
        facts = state_facts(row.talk, len(answered[row.talk.assessment.id]), row.reviewer, wait, now)
        states.append(facts)
        if wait is not None and by.person_id in wait.people:
            cards.append(Message("home/to_clear", {**facts, "first": not cards}, _clearing(wait.clearance_id)))
    assessments_waiting = len(cards)
    cards += await floors.to_clear(session, by, first=not cards)
    (country,) = await queries.countries(session, member)
    seats = await queries.seats(session, ANSWERING, today, member)
    last = await appointment_queries.accepted_last(session, member)
    facts = {
        "member": country.member.name,
        "states": states,
        "to_clear": assessments_waiting,
        **register_facts(country, seats, today),
        "last": {"cycle": last.cycle, "accepted": last.accepted_at} if last else None,
    }
    return [*(cards or [Message("home/nothing_to_clear")]), Message("home/country", facts, _keeping(member))]


def _clearing(clearance_id: int) -> tuple[Choice, ...]:
    return (Choice(Deed.SEE_CLEARANCE, str(clearance_id), style="primary"),)


def _keeping(member: str) -> tuple[Choice, ...]:
    return (
        Choice(Deed.PROGRESS, ""),
        Choice(Deed.EXPORT, ""),
        Choice(Deed.EDIT_MECHANISM, Slip(member).text),
        Choice(Deed.SEE_FLOORS, member),
    )


def register_facts(country: Country, seats: list[Seat], today: Any) -> dict[str, Any]:
    """Who answers for a member, and its mechanism."""
    held = [seat for seat in seats if seat.starts_on <= today]
    ahead = [seat for seat in seats if seat.starts_on > today and seat.role is Role.FOCAL_POINT]
    return {
        "focal": [
            {"name": seat.name, "since": seat.starts_on, "until": seat.ends_on}
            for seat in held
            if seat.role is Role.FOCAL_POINT
        ],
        "alternates": [seat.name for seat in held if seat.role is Role.ALTERNATE],
        "follows": {"name": ahead[0].name, "since": ahead[0].starts_on} if ahead else None,
        "status": country.mechanism.status.value if country.mechanism else None,
        "called": country.mechanism.name if country.mechanism else None,
        "lead": country.lead,
    }
