"""What is said to those who do not answer, and to whoever asks where we are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import clearance, floors, people
from bot.errors import NotFound
from bot.interview import parts, replies
from bot.interview.ask import again
from bot.interview.hear import current_scene
from bot.interview.scene import Said, scene_at
from bot.messages import Choice, Deed, Message
from bot.permissions import Act, allowed
from bot.speaker import Speaker
from db.engine import Session
from db.queries import assessments as queries
from db.queries import people as people_queries
from db.vocabulary import AssessmentState, Availability, CycleState


async def greeting(session: Session, by: Speaker, now: datetime) -> Message:
    """A first word in a role: where we stand, for those who answer; what to do here, for the others."""
    if not converses(by):
        return await no_answers_from(session, by, now)
    scene = await current_scene(session, by, Said("", ""), now)
    return await replies.status(scene) if scene is not None else await nothing_open(session, by)


def converses(by: Speaker) -> bool:
    """Whether what a person writes can be an answer: of their country's, or of their part."""
    return allowed(by, Act.ANSWER, by.member) or allowed(by, Act.CONTRIBUTE, by.member)


async def no_answers_from(session: Session, by: Speaker, now: datetime) -> Message:
    """Coordinators, the secretariat and partners give no answers; each is told what there is for them, and finds what
    waits for their yes."""
    country = await people_queries.member(session, by.member) if by.member else None
    standings: list[dict[str, Any]] = []
    if by.member and allowed(by, Act.READ_ANSWERS, by.member):
        for talk in await queries.live_talks(session, by.member):
            answers = await queries.answers(session, talk.assessment.id)
            standings.append(
                {
                    "cycle": talk.cycle.title,
                    "state": talk.assessment.state.value,
                    "due": talk.due_at,
                    "answered": sum(answer.availability is not Availability.SKIPPED for answer in answers.values()),
                }
            )
    facts = {
        "name": by.name,
        "role": by.role.value,
        "member": country.name if country else None,
        "standings": standings,
        "stopped": await people.has_stopped_digests(session, by.person_id),
    }
    waiting, buttons = await clearance.waiting_for(session, by, now)
    wanted = 0
    if by.member and allowed(by, Act.CLEAR_FLOORS, by.member):
        wanted = len(await floors.waiting(session, by.member))
    see = (Choice(Deed.SEE_PROPOSALS, by.member or ""),) if wanted else ()
    return Message("network/welcome", {**facts, "waiting": waiting, "floors": wanted}, (*buttons, *see))


async def nothing_open(session: Session, by: Speaker) -> Message:
    """No cycle asks anything of this member now, or nothing is with this contributor."""
    if not allowed(by, Act.ANSWER, by.member):
        return await parts.nothing(session, by)
    return Message("assessment/nothing_open", {"name": by.name})


async def where_we_are(session: Session, by: Speaker, said: Said, now: datetime) -> Message:
    """For a message that was delivered again: the open prompt, or where we stand."""
    scene = await current_scene(session, by, said, now)
    if scene is None:
        return await nothing_open(session, by)
    if scene.delegation is not None and parts.is_over(scene, scene.delegation):
        return await parts.over(scene, scene.delegation)
    if scene.talk.assessment.state is AssessmentState.IN_PROGRESS and scene.prompt is not None:
        return await again(scene)
    return await replies.status(scene)


async def deleted(session: Session, by: Speaker, key: str, now: datetime) -> Message | None:
    """A message that gave an answer was deleted: the answer stays, and the person is told how to change it."""
    heard = await queries.heard(session, key)
    if heard is None or heard.person_id != by.person_id or not heard.indicators or heard.assessment_id is None:
        return None
    try:
        scene = await scene_at(session, by, Said(key, ""), heard.assessment_id, heard.delegation_id, now)
    except NotFound:
        # It was said in another role.
        return None
    if scene.talk.cycle.state is not CycleState.OPEN and scene.talk.assessment.closes_at is None:
        return None
    given = [code for code in heard.indicators if code in scene.standing and scene.standing[code].heard_key == key]
    if not given:
        return None
    return Message(
        "assessment/deleted", {**replies.about(scene), "echo": [replies.echo(scene, "stays", c) for c in given]}
    )
