"""The Home of a contributor: the parts that were handed to them, and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import assessments, editions, permissions, workdays
from bot.messages import Choice, Deed, Message
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.queries import assessments as assessment_queries
from db.queries import delegations as delegation_queries
from db.queries import people as people_queries
from db.queries.delegations import Own
from db.vocabulary import CycleState, DelegationState

# So many parts have a button of their own; one leads to the next.
BUTTONS_AT_MOST = 5


async def contributor(session: Session, by: Speaker, now: datetime) -> list[Message]:
    """A card for each part in this person's hands, with its date and the button that leads into it.

    Raises:
        NotAllowed: not a contributor.
    """
    permissions.require(by, Act.CONTRIBUTE, by.member)
    member = by.member or ""
    states, cycles = (DelegationState.OPEN,), (CycleState.OPEN, CycleState.CLOSED)
    owns = await delegation_queries.of_person(session, by.person_id, member, states, cycles)
    # After the others' close only where the country has a date of its own.
    owns = [own for own in owns if own.talk.cycle.state is CycleState.OPEN or own.talk.assessment.closes_at is not None]
    owns = sorted(owns, key=lambda own: (own.delegation.due_on, own.delegation.id))
    if not owns:
        country = await people_queries.member(session, member)
        return [Message("home/parts", {"member": country.name if country else member, "rows": []})]
    answered = await assessment_queries.answered(session, {own.talk.assessment.id for own in owns})
    today = workdays.local(now, by.zone).date()
    rows: list[tuple[dict[str, Any], Own]] = []
    for own in owns:
        talk, delegation = own.talk, own.delegation
        questions = editions.questions(talk.cycle, talk.assessment)
        inside = [indicator.code for indicator in assessments.narrowed(questions, delegation).indicators]
        facts = {
            "cycle": talk.cycle.title,
            "part": assessments.title_of_part(questions, delegation.section, delegation.indicator),
            "due": delegation.due_on,
            "late": delegation.due_on < today,
            "closes": talk.closes_at,
            "note": delegation.note,
            "answered": sum(code in answered[talk.assessment.id] for code in inside),
            "total": len(inside),
        }
        rows.append((facts, own))
    cards = [
        Message("home/parts", {"member": own.talk.member.name, "rows": [facts], "first": not place}, (_way_in(own),))
        for place, (facts, own) in enumerate(rows[:BUTTONS_AT_MOST])
    ]
    if rest := [facts for facts, _ in rows[BUTTONS_AT_MOST:]]:
        cards.append(Message("home/parts", {"member": owns[0].talk.member.name, "rows": rest, "first": False}))
    return cards


def _way_in(own: Own) -> Choice:
    """The button that leads into a part, begun or not."""
    value = f"{own.talk.assessment.id}:0:::{own.delegation.id}"
    if own.talk.prompt is None:
        # The word of the message that asked for it.
        return Choice(Deed.START, value, "answer_now", style="primary")
    return Choice(Deed.RESUME, value, style="primary")
