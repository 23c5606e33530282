"""Doubts: an unusual value is asked about once, "is this right? what changed?", and what is said is kept with it.

The prompt of such a question (Stage.EXPLAIN) keeps in `draft` where to go on: `after` the question that was answered,
or `then` the place that was open when the value came by an edit.
"""

from __future__ import annotations

import re
from typing import Any

from bot import history
from bot.assessments import doubting
from bot.interview.scene import Scene, put
from bot.interview.walk import Place
from bot.reading.typed import fold
from db.vocabulary import Stage

# A value written again at "is this right?": a number alone, or a number and a year before anything else.
VALUE_AGAIN = re.compile(
    r"[~≈+-]?\d[\d.,' ]*?\s*(?:%|percent|per cent)?\s*(?:[(,;]?\s*(?:in\s+)?\d{4}\b.*)?", re.DOTALL
)


async def look(scene: Scene) -> None:
    """Look at the numbers that this turn has given: one statement, and none where it gave no number."""
    if scene.fresh:
        fresh, scene.fresh = scene.fresh, []
        before = await doubting.look(
            scene.session, scene.talk, scene.questions, scene.standing, fresh, scene.today.year
        )
        scene.earlier |= {code: before.get(code, []) for code in fresh}


async def open_next(scene: Scene, after: str | None) -> bool:
    """Put the question about the next unusual value, where there is one; whether there is."""
    found = doubting.waiting(scene.questions, scene.standing)
    if not found:
        return False
    code = found[0]
    prompt = scene.prompt
    draft: dict[str, Any] = {"after": after}
    if prompt is not None and prompt.stage is Stage.EXPLAIN and prompt.draft:
        draft = prompt.draft
    await _put(scene, code, draft)
    return True


async def open_beside(scene: Scene) -> bool:
    """The same, and afterwards the place that is open now is open again, as it was."""
    found = doubting.waiting(scene.questions, scene.standing)
    prompt = scene.prompt
    if not found or prompt is None or prompt.stage is Stage.EXPLAIN:
        return await open_next(scene, None)
    open_now = {
        "stage": prompt.stage.value,
        "section": prompt.section,
        "indicator": prompt.indicator,
        "draft": prompt.draft,
    }
    await _put(scene, found[0], {"after": None, "then": open_now})
    return True


async def _put(scene: Scene, code: str, draft: dict[str, Any]) -> None:
    put(scene, Place(Stage.EXPLAIN, scene.questions.section_of(code).letter, code), draft=draft)
    await doubting.now_asked(scene.session, scene.talk, scene.standing, code)


def is_asked(scene: Scene) -> bool:
    """Whether an unusual value that still stands is asked about now."""
    prompt = scene.prompt
    if prompt is None or prompt.stage is not Stage.EXPLAIN or prompt.indicator is None:
        return False
    known = doubting.doubt_of(scene.standing.get(prompt.indicator))
    return known is not None and known["state"] == doubting.Asked.ASKED


def goes_on(scene: Scene) -> tuple[str | None, tuple[Place, dict[str, Any] | None] | None]:
    """Where the conversation goes on behind such a question: after a question, or at a place, with what was
    understood there so far."""
    draft: dict[str, Any] = (scene.prompt.draft if scene.prompt else None) or {}
    then = draft.get("then")
    if then is None:
        return draft.get("after"), None
    place = Place(Stage(then["stage"]), then["section"], then["indicator"])
    return None, (place, then["draft"])


def is_value(text: str) -> bool:
    """Whether somebody writes a value again where an explanation is awaited: a number alone, or a number and a year
    before anything else. "2 new programmes began in 2023" is none."""
    return VALUE_AGAIN.fullmatch(fold(text).strip()) is not None


def explained_by(scene: Scene, heard_key: str) -> str | None:
    """The question whose value a message has explained."""
    for code, answer in scene.standing.items():
        known = doubting.doubt_of(answer)
        if known is not None and known.get("heard") == heard_key:
            return code
    return None


async def facts(scene: Scene) -> dict[str, Any]:
    """What is asked, for the words: the value, and what is unusual about it."""
    prompt = scene.prompt
    code = prompt.indicator if prompt and prompt.indicator else ""
    indicator = scene.questions.indicator(code)
    if code not in scene.earlier:
        before = await doubting.earlier(scene.session, scene.talk, scene.questions, [code])
        scene.earlier[code] = before.get(code, [])
    found = doubting.doubts(scene.talk, scene.questions, scene.standing, code, scene.earlier, scene.today.year)
    return {
        "title": indicator.title,
        "value": scene.value(code),
        "year": scene.standing[code].year,
        "doubts": [
            doubting.facts(doubt, indicator, scene.questions, scene.standing, history.called) for doubt in found
        ],
        "left": len(doubting.waiting(scene.questions, scene.standing)),
    }
