"""A contributor's part: which one they talk about, where it stands, and what is said when it is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import assessments, editions
from bot.assessments import title_of_part
from bot.interview.common import token
from bot.interview.scene import Said, Scene, scene_at
from bot.messages import Choice, Deed, Message
from bot.speaker import Speaker
from db.engine import Session
from db.models import Delegation
from db.queries import delegations as queries
from db.queries import people as people_queries
from db.queries.delegations import Own
from db.vocabulary import AssessmentState, Availability, CycleState, DelegationState

RUNNING = (CycleState.OPEN, CycleState.CLOSED)


async def current(session: Session, by: Speaker, said: Said, now: datetime) -> Scene | None:
    """The part that a contributor talks about: of the open ones that of which they spoke last, then the one due first;
    else the one that was settled last. None: nothing was ever handed to them in a cycle that runs."""
    owns = await queries.of_person(session, by.person_id, by.member or "", tuple(DelegationState), RUNNING)
    open_ones = [own for own in owns if _is_open(own.delegation) and not assessments.is_locked(own.talk, now)]
    settled = sorted(owns, key=lambda own: own.delegation.settled_at or own.delegation.given_at, reverse=True)
    for own in (*open_ones[:1], *settled[:1]):
        return await scene_at(session, by, said, own.talk.assessment.id, own.delegation.id, now)
    return None


def _is_open(part: Delegation) -> bool:
    return part.state is DelegationState.OPEN


def is_over(scene: Scene, part: Delegation) -> bool:
    """Whether nothing can be answered in a part any more."""
    in_hand = scene.talk.assessment.state is AssessmentState.IN_PROGRESS
    return not _is_open(part) or not in_hand or assessments.is_locked(scene.talk, scene.now)


def about_part(scene: Scene, part: Delegation) -> dict[str, Any]:
    """The facts that every reply about a part names."""
    return {
        "member": scene.talk.member.name,
        "cycle": scene.talk.cycle.title,
        "part": title_of_part(scene.questions, part.section, part.indicator),
        "part_due": part.due_on,
        "answered": scene.answered(),
        "total": len(scene.questions.indicators),
        "wrote": scene.said.text,
    }


async def over(scene: Scene, part: Delegation) -> Message:
    """The part is not in the contributor's hands any more: what became of it, and what else is with them."""
    state = "closed" if _is_open(part) else part.state.value
    others, ways = await _others(scene)
    facts = {**about_part(scene, part), "state": state, "since": part.settled_at or scene.talk.closes_at}
    return Message("delegation/over", {**facts, "others": others}, ways)


async def status_of_part(scene: Scene, part: Delegation) -> Message:
    """Where a part stands, and what else is with the contributor."""
    if is_over(scene, part):
        return await over(scene, part)
    indicator = scene.indicator()
    others, ways = await _others(scene)
    given = await queries.part(scene.session, part.id)
    facts = {
        **about_part(scene, part),
        "at": indicator.title if indicator else None,
        "by": given.given_by if given else "",
        "note": part.note,
        "others": others,
    }
    begun = scene.prompt is not None
    choices = (
        Choice(Deed.RESUME if begun else Deed.START, token(scene), style="primary"),
        *((Choice(Deed.REVIEW, token(scene)),) if begun else ()),
        *ways,
    )
    return Message("delegation/status", facts, choices)


async def handed_over(scene: Scene, part: Delegation) -> Message:
    """Thanks to a contributor who has handed their part over."""
    others, ways = await _others(scene)
    given = {code for code, answer in scene.standing.items() if answer.availability is not Availability.SKIPPED}
    left = [indicator.title for indicator in scene.questions.indicators if indicator.code not in given]
    facts = {**about_part(scene, part), "name": scene.by.name, "left": left, "others": others}
    return Message("delegation/done", facts, ways)


async def _others(scene: Scene) -> tuple[list[dict[str, Any]], tuple[Choice, ...]]:
    """What else is with this contributor, and a button to each."""
    owns = await queries.of_person(
        scene.session, scene.by.person_id, scene.by.member or "", (DelegationState.OPEN,), RUNNING
    )
    others = [
        own
        for own in owns
        if own.delegation.id != (scene.delegation.id if scene.delegation else None)
        and not assessments.is_locked(own.talk, scene.now)
    ]
    rows = [{"part": title(own), "cycle": own.talk.cycle.title, "due": own.delegation.due_on} for own in others]
    ways = tuple(
        Choice(Deed.RESUME, f"{own.talk.assessment.id}:0:::{own.delegation.id}", "go_to_cycle", {"cycle": title(own)})
        for own in others[:5]
    )
    return rows, ways


def title(own: Own) -> str:
    """What people call a part."""
    return title_of_part(
        editions.questions(own.talk.cycle, own.talk.assessment), own.delegation.section, own.delegation.indicator
    )


async def nothing(session: Session, by: Speaker) -> Message:
    """Nothing is with this contributor now."""
    member = await people_queries.member(session, by.member or "")
    return Message("delegation/nothing", {"name": by.name, "member": member.name if member else ""})
