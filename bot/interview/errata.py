"""Change an answer to a question that was corrected: it is asked again, with the words that stand now."""

from __future__ import annotations

from datetime import datetime

from bot.assessments import is_locked
from bot.errata import settling
from bot.interview import replies, steps
from bot.interview.scene import Said, keep_note, note, scene_at
from bot.messages import Message
from bot.speaker import Speaker
from db.engine import Session
from db.queries import assessments as queries
from db.vocabulary import AssessmentState


async def change_corrected(session: Session, by: Speaker, number: int, said: Said, now: datetime) -> Message | None:
    """Ask the question again where the answer can still be changed; else the secretariat is told; what waits for
    the national yes can be taken back.

    Args:
        number: of what was asked about the erratum.
        said: the click.

    Returns:
        What to say, or None for a click that was taken before.

    Raises:
        NotFound: it is not theirs, or its cycle is over.
    """
    if await queries.heard(session, said.key) is not None:
        return None
    one = await settling.find(session, by, number)
    waits = one.assessment.state is AssessmentState.AWAITING_CLEARANCE and not is_locked(one, now)
    if not waits and not settling.answerable(one, now):
        return await settling.want(session, by, one, now)
    scene = await scene_at(session, by, said, one.assessment.id, None, now)
    if waits:
        # The secretariat does not have it yet: whoever answers takes it back themselves.
        return await replies.in_other_hands(scene)
    note(scene)
    await scene.begin()
    message = await steps.edit(scene, one.erratum.indicator)
    await keep_note(scene)
    return message
