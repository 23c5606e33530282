"""Comments of the secretariat on what was handed in: answered by just writing, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from bot.assessments import threads
from bot.assessments.threads import Thread
from bot.interview.scene import Scene
from bot.messages import Message
from bot.review import said
from db.models import Comment
from db.queries.assessments import Talk
from db.vocabulary import AssessmentState, CycleState

# In these states nothing else is awaited from the country.
WITH_SECRETARIAT = (AssessmentState.SUBMITTED, AssessmentState.ACCEPTED)
RUNNING = (CycleState.OPEN, CycleState.CLOSED)


def may_wait(talk: Talk) -> bool:
    """Whether a comment can wait for an answer that is just written."""
    return talk.assessment.state in WITH_SECRETARIAT and talk.cycle.state in RUNNING


async def waiting(scene: Scene) -> list[Thread]:
    """The threads that wait for this country and that it was told of; none for a contributor."""
    if scene.delegation is not None or not may_wait(scene.talk):
        return []
    return await threads.waiting(scene.session, scene.talk)


async def amend(scene: Scene, row: Comment) -> Message:
    """The message that answered a comment says other words now: so does the comment."""
    await threads.amend(scene.session, scene.by, scene.talk, row, scene.said.text, scene.now)
    return await said.replied(scene.session, scene.talk, row.indicator, row.text)


async def take(scene: Scene, waits: Sequence[Thread]) -> Message:
    """What was written answers the comment that has waited longest; the next one is named."""
    thread = waits[0]
    await threads.reply(
        *(scene.session, scene.by, scene.talk, thread.indicator, scene.said.text, scene.now),
        heard_key=scene.said.key,
    )
    if scene.heard is not None and thread.indicator is not None:
        scene.heard.indicators = [thread.indicator]
    return await said.replied(scene.session, scene.talk, thread.indicator, scene.said.text)
