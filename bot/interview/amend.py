"""Amend: the latest edit of a sent message counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot import assessments
from bot.interview import comments, doubts, parts, proofs, replies
from bot.interview.ask import again, proceed
from bot.interview.hear import hear, listen
from bot.interview.scene import Said, Scene, scene_at
from bot.messages import Message
from bot.reading import Reply, Unreadable, plain, read
from bot.speaker import Speaker
from db.engine import Session
from db.models import Heard
from db.queries import assessments as queries
from db.queries import reviews
from db.vocabulary import AssessmentState, HeardState, Stage


async def amend(session: Session, by: Speaker, said: Said, now: datetime) -> Message | None:
    """Take the edit of a message: the answer it gave becomes what it says now.

    Args:
        said: the message's own key and time, with the new text and the time of the edit; an older edit than was taken
            is passed over.

    Returns:
        What to say, or None when there is nothing new.

    Raises:
        Refusal: the deed is not done; the earlier answer stands.
    """
    heard = await queries.heard(session, said.key)
    if heard is None:
        # The edit overtook its message: it is heard as the message, and the message will be known.
        message = await hear(session, by, said, now)
        heard = await queries.heard(session, said.key)
        if heard is not None:
            heard.edit_ts = said.edit_ts
        return message
    if heard.edit_ts is not None and float(said.edit_ts or 0) <= float(heard.edit_ts):
        return None
    # Remembered also where it changes nothing: an older edit may still be on its way.
    heard.edit_ts = said.edit_ts
    text = plain(said.text)
    if text == (heard.text or ""):
        return None
    heard.text = text
    if heard.assessment_id is None or heard.person_id != by.person_id:
        return None
    scene = await scene_at(session, by, replace(said, text=text), heard.assessment_id, heard.delegation_id, now)
    talk = scene.talk
    scene.heard = heard
    if scene.delegation is not None and parts.is_over(scene, scene.delegation):
        return await parts.over(scene, scene.delegation)
    if (row := await reviews.comment_heard(session, talk.assessment.id, said.key)) is not None:
        return await comments.amend(scene, row)
    if assessments.is_locked(talk, now):
        return replies.locked(scene)
    if talk.assessment.state is AssessmentState.OPEN:
        return replies.invitation(scene)
    if talk.assessment.state is AssessmentState.RETURNED:
        return await replies.status(scene)
    if talk.assessment.state is not AssessmentState.IN_PROGRESS:
        return await replies.in_other_hands(scene)
    return await _heard_anew(scene, heard)


async def _heard_anew(scene: Scene, heard: Heard) -> Message:
    given = scene.lines(scene.said.text)
    codes = list(heard.indicators or [])
    if given is not None:
        for line in given:
            if line.indicator is not None and isinstance(line.outcome, Reply):
                if _overtaken(scene, line.indicator.code):
                    scene.echo.append(replies.echo(scene, "later_one_stands", line.indicator.code))
                    continue
                await scene.store(line.indicator.code, line.outcome, act="amend")
                scene.echo.append(replies.echo(scene, "changed", line.indicator.code))
            else:
                scene.echo.append(replies.unread_line(line))
        return await _again(scene)
    if (explained := doubts.explained_by(scene, heard.key)) is not None:
        return await _explained_anew(scene, explained)
    if heard.state is HeardState.TAKEN and len(codes) == 1:
        return await _one_answer(scene, codes[0])
    return await _not_yet_taken(scene, heard)


async def _explained_anew(scene: Scene, code: str) -> Message:
    """The message said why an unusual value is right; now it says so in other words."""
    await assessments.explain_value(
        *(scene.session, scene.by, scene.talk, scene.standing, code, scene.said.text, scene.now),
        heard_key=scene.said.key,
        delegation=scene.delegation,
    )
    scene.echo.append(replies.echo(scene, "explained", code))
    return await again(scene)


async def _one_answer(scene: Scene, code: str) -> Message:
    indicator = scene.questions.indicator(code)
    if _overtaken(scene, code):
        scene.echo.append(replies.echo(scene, "later_one_stands", code))
        return await again(scene)
    try:
        outcome = read(proofs.readable(scene.said.text, indicator, scene), indicator, today=scene.today)
    except Unreadable as problem:
        scene.echo.append({**replies.echo(scene, "edit_not_read", code), "problem": str(problem.facts["problem"])})
        return await again(scene)
    if isinstance(outcome, Reply):
        await scene.store(code, outcome, act="amend")
        scene.echo.append(replies.echo(scene, "changed", code))
    else:
        scene.echo.append(replies.echo(scene, "edit_in_part", code))
    return await _again(scene)


async def _again(scene: Scene) -> Message:
    """The open question once more; first what is unusual in what the edit has given."""
    await doubts.look(scene)
    prompt = scene.prompt
    if prompt is not None and prompt.stage is Stage.EXPLAIN and not doubts.is_asked(scene):
        # What was asked about is another value now.
        return await proceed(scene, after=prompt.indicator)
    await doubts.open_beside(scene)
    return await again(scene)


async def _not_yet_taken(scene: Scene, heard: Heard) -> Message:
    """The message was not understood, or in part: if its question is still open, the new text answers it."""
    prompt = scene.prompt
    serial = heard.serial or 0
    half = heard.state is HeardState.IN_PART and prompt is not None and prompt.serial == serial + 1
    if prompt is None or not (half or prompt.serial == serial):
        scene.remember(HeardState.KEPT)
        return replies.came_late(scene, await again(scene))
    if half and prompt.indicator is not None:
        prompt.draft, prompt.stage = None, Stage.VALUE
    heard.state = HeardState.TAKEN
    heard.indicators = None
    prompt.cause_ts = None
    return await listen(scene)


def _overtaken(scene: Scene, code: str) -> bool:
    """Whether another message has answered this question since."""
    answer = scene.standing.get(code)
    return answer is not None and answer.heard_key != scene.said.key
