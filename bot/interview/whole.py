"""All answers before they are sent: of the whole assessment, or of a contributor's part."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot import assessments, clearance, evidence, trail
from bot.assessments import snapshots
from bot.assessments.snapshots import Change
from bot.delegation import Authors
from bot.formats import Indicator
from bot.interview import walk
from bot.interview.common import about, common, shortened, stands, to_a_colleague, token, with_whom
from bot.interview.scene import Scene, say
from bot.messages import Choice, Deed, Menu, Message
from db.models import Delegation
from db.vocabulary import AssessmentState


async def review(scene: Scene) -> Message:
    """All answers before they are sent, by section, with what is still needed and who wrote what."""
    if scene.delegation is not None:
        return await _review_of_part(scene, scene.delegation)
    authors, out = await scene.authors(), await scene.out()
    rounds = scene.talk.assessment.round
    changes = (
        await snapshots.since_last(scene.session, scene.talk, scene.standing, before_round=rounds + 1) if rounds else {}
    )
    proofs = (await evidence.of(scene.session, [scene.talk.assessment.id])).get(scene.talk.assessment.id, {})
    lacking = set(assessments.missing(scene.talk, scene.standing))
    sections = [
        {
            "letter": section.letter,
            "title": section.title,
            "answers": [
                {
                    "title": indicator.title,
                    "own": indicator.own,
                    "value": shortened(scene.value(indicator.code))
                    if stands(scene.standing.get(indicator.code))
                    else None,
                    "missing": indicator.code in lacking,
                    **_since_handed_in(indicator, changes.get(indicator.code)),
                    "authors": _behind(authors.get(indicator.code)),
                    "out": with_whom(out.get(indicator.code)),
                    "beside": evidence.beside(scene.standing.get(indicator.code), proofs.get(indicator.code, ())),
                }
                for indicator in section.indicators
            ],
        }
        for section in scene.questions.sections
    ]
    return Message(
        "assessment/review",
        {
            **common(scene),
            "sections": sections,
            "answered": scene.answered(),
            "total": len(scene.questions.indicators),
            "missing": [i.title for i in scene.questions.indicators if i.code in lacking],
            "closes": scene.talk.closes_at,
            "sent_back": await clearance.sent_back_last(scene.session, scene.talk),
        },
        _ways_on(scene, written=bool(authors)),
        about=about(scene),
    )


def _ways_on(scene: Scene, *, written: bool) -> tuple[Choice | Menu, ...]:
    """Hand in, or answer what is missing; change, hand to a colleague, prove, look back, pause. `written`: somebody
    else wrote a part of it."""
    if scene.talk.assessment.state is not AssessmentState.IN_PROGRESS:
        return ()
    number, first = scene.talk.assessment.id, walk.first_missing(scene.questions, scene.standing)
    options = tuple((token(scene, i.code), i.title) for i in scene.questions.indicators)
    onward = (
        Choice(Deed.SUBMIT, token(scene), style="primary")
        if first is None
        else Choice(Deed.EDIT, token(scene, first), label="answer_missing", style="primary")
    )
    return (
        onward,
        Menu(Deed.EDIT, options, "edit_an_answer"),
        *to_a_colleague(scene),
        *([Choice(Deed.CONTRIBUTORS, str(number))] if scene.talk.delegated else []),
        *([Choice(Deed.WRITTEN, str(number))] if written else []),
        Choice(Deed.EVIDENCE, evidence.token(number, None)),
        trail.menu(scene.talk, scene.questions.indicators),
        Choice(Deed.PAUSE, token(scene)),
    )


async def _review_of_part(scene: Scene, part: Delegation) -> Message:
    """A contributor's own answers, before they are handed over."""
    number = scene.talk.assessment.id
    proofs = (await evidence.of(scene.session, [number])).get(number, {})
    answers = [
        {
            "title": indicator.title,
            "required": indicator.required,
            "own": indicator.own,
            "value": shortened(scene.value(indicator.code)) if stands(scene.standing.get(indicator.code)) else None,
            "beside": evidence.beside(scene.standing.get(indicator.code), proofs.get(indicator.code, ())),
        }
        for indicator in scene.questions.indicators
    ]
    options = tuple((token(scene, i.code), i.title) for i in scene.questions.indicators)
    return Message(
        "delegation/review",
        {
            **common(scene),
            "part": assessments.title_of_part(scene.questions, part.section, part.indicator),
            "part_due": part.due_on,
            "answers": answers,
            "answered": scene.answered(),
            "total": len(answers),
        },
        (
            Choice(Deed.HAND_OVER, token(scene), style="primary"),
            Menu(Deed.EDIT, options, "edit_an_answer"),
            Choice(Deed.EVIDENCE, evidence.token(number, part)),
            trail.menu(scene.talk, scene.questions.indicators, part.id),
            Choice(Deed.PAUSE, token(scene)),
        ),
        about=about(scene),
    )


def _since_handed_in(indicator: Indicator, change: Change | None) -> dict[str, Any]:
    """What became of an answer since it was handed in last."""
    if change is None or change.how == "same":
        return {"change": None, "handed_in": None}
    before = change.before if change.how != "beside" else None
    return {"change": change.how, "handed_in": shortened(say(before, indicator)) if before else None}


def _behind(found: Authors | None) -> dict[str, Any] | None:
    return asdict(found) if found else None
