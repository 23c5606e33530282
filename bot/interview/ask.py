"""Ask: move the prompt to where the conversation goes next, and say it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot import assessments, clearance, evidence, floors, history, trail
from bot.assessments import snapshots, threads
from bot.assessments.snapshots import Change
from bot.delegation import Authors
from bot.formats import Indicator
from bot.interview import doubts, walk
from bot.interview.scene import Scene, put, say
from bot.interview.walk import Place
from bot.messages import Choice, Deed, Menu, Message
from bot.reading import AskBack, Draft, Need, Unreadable
from bot.review import thread as thread_facts
from db.models import Delegation
from db.queries.assessments import Given
from db.queries.delegations import Part
from db.vocabulary import AssessmentState, Availability, Kind, Stage

# More choices than these are easier in a select than as buttons.
BUTTONS_AT_MOST = 5
SHORTENED = 160

# The facts that templates/layout/problem.chat.j2 takes.
Problem = dict[str, Any]

STAGE_OF_NEED = {
    Need.VALUE: Stage.WHICH,
    Need.YEAR_AND_SOURCE: Stage.YEAR_AND_SOURCE,
    Need.YEAR: Stage.YEAR_AND_SOURCE,
    Need.SOURCE: Stage.YEAR_AND_SOURCE,
    Need.REASON: Stage.REASON,
    Need.WHICH_NUMBER: Stage.WHICH,
    Need.WHICH_YEAR: Stage.WHICH,
    Need.WHICH_CHOICE: Stage.WHICH,
}


def token(scene: Scene, indicator: str | None = None, arg: str = "") -> str:
    """What a button carries: the assessment, the asking it belongs to, the question, an argument, and the part of a
    contributor."""
    serial = scene.prompt.serial if scene.prompt else 0
    part = f":{scene.delegation.id}" if scene.delegation else ""
    return f"{scene.talk.assessment.id}:{serial}:{indicator or ''}:{arg}{part}"


async def proceed(scene: Scene, *, after: str | None) -> Message:
    """Go on behind a question, or back to the review where the person came from there; first what is unusual in what
    was just given."""
    await doubts.look(scene)
    if await doubts.open_next(scene, after):
        return await again(scene)
    prompt = scene.prompt
    if prompt is not None and prompt.stage is Stage.EXPLAIN:
        after, then = doubts.goes_on(scene)
        if then is not None:
            put(scene, then[0], draft=then[1])
            return await again(scene)
    only = scene.questioned()
    if only:
        # After what the review asked about, all answers are shown again, not the questions left out before.
        return await ask(scene, walk.question(scene.questions, only[0]), to_review=True)
    if prompt is not None and prompt.to_review:
        # Whoever fills a gap from the review is led through the other gaps before it is shown again.
        gap = walk.first_missing(scene.questions, scene.standing, await scene.out())
        if gap is None or after is None or not scene.questions.indicator(after).required:
            return await ask(scene, walk.REVIEW)
        return await ask(scene, walk.question(scene.questions, gap), to_review=True)
    known = (await scene.last()).keys()
    touched = {*scene.touched(), *await scene.out()}
    place = walk.next_place(scene.questions, touched, after=after, known=known)
    return await ask(scene, place)


async def ask(
    scene: Scene,
    place: Place,
    *,
    draft: Draft | None = None,
    to_review: bool | None = None,
    problem: Problem | None = None,
) -> Message:
    """Put something new to the person."""
    put(scene, place, draft=draft.to_json() if draft else None, to_review=to_review)
    return await again(scene, problem=problem)


async def again(scene: Scene, *, problem: Problem | None = None) -> Message:
    """Say the open prompt as it stands, with what was wrong with the last try, if anything was."""
    prompt = scene.prompt
    if prompt is None:
        return await proceed(scene, after=None)
    if prompt.stage is Stage.SECTION:
        return await _section(scene, prompt.section or "", problem)
    if prompt.stage is Stage.REVIEW:
        return await review(scene)
    if prompt.stage is Stage.EXPLAIN:
        # Somebody else may have changed the value since it was asked about.
        return await _explain(scene, problem) if doubts.is_asked(scene) else await proceed(scene, after=None)
    return await _question(scene, problem)


async def _section(scene: Scene, letter: str, problem: Problem | None) -> Message:
    section = next(section for section in scene.questions.sections if section.letter == letter)
    last = await scene.last()
    lines = [
        {
            "title": indicator.title,
            "required": indicator.required,
            "own": indicator.own,
            "value": say(last[indicator.code].answer, indicator) if indicator.code in last else None,
            "cycle": history.called(last[indicator.code].cycle_code) if indicator.code in last else None,
        }
        for indicator in section.indicators
    ]
    return Message(
        "assessment/section",
        {
            **_common(scene),
            "letter": letter,
            "section": section.title,
            "questions": [_shortened_value(line) for line in lines],
            "sections": len(scene.questions.sections),
            "number": scene.questions.sections.index(section) + 1,
            "problem": problem or None,
        },
        (
            Choice(Deed.NOTHING_CHANGED, token(scene), style="primary"),
            Choice(Deed.ONE_BY_ONE, token(scene)),
            Choice(Deed.SKIP_SECTION, token(scene)),
            *_to_a_colleague(scene, arg=letter),
            Choice(Deed.BACK, token(scene)),
            Choice(Deed.PAUSE, token(scene)),
        ),
        about=_about(scene),
    )


async def _question(scene: Scene, problem: Problem | None) -> Message:
    prompt, indicator = scene.prompt, scene.indicator()
    if prompt is None or indicator is None:
        raise LookupError("a question is open, but the format has no such question")
    codes = [each.code for each in scene.questions.indicators]
    last = (await scene.last()).get(indicator.code)
    current = scene.standing.get(indicator.code)
    draft = Draft.from_json(prompt.draft) if prompt.draft else None
    asked = next((question.text for question in scene.asked if question.indicator == indicator.code), None)
    section = scene.questions.section_of(indicator.code)
    facts = {
        **_common(scene),
        "position": codes.index(indicator.code) + 1,
        "total": len(codes),
        "letter": section.letter,
        "section": section.title,
        "title": indicator.title,
        "question": indicator.question,
        "kind": indicator.kind.value,
        "unit": indicator.unit,
        "required": indicator.required,
        "choices": [option.title for option in indicator.choices],
        "last": {"value": say(last.answer, indicator), "cycle": history.called(last.cycle_code)} if last else None,
        "current": say(current, indicator) if _stands(current) and current else None,
        "asked": asked,
        "thread": await _said_before(scene, indicator.code),
        "need": draft.need.value if draft else None,
        "understood": _understood(draft, indicator) if draft else None,
        "problem": problem or None,
        "out": _with_whom((await scene.out()).get(indicator.code)),
        "aim": floors.aim_facts(floors.frozen(scene.talk.assessment, indicator.code), indicator),
        "own": indicator.own,
    }
    choices = _ways_on(scene, indicator, last is not None, current) if draft is None else _ways_back(scene, draft)
    return Message("assessment/prompt", facts, tuple(choices), about=_about(scene))


async def _explain(scene: Scene, problem: Problem | None) -> Message:
    """Whether an unusual value is right, and what changed."""
    code = scene.prompt.indicator if scene.prompt else None
    choices = (
        Choice(Deed.IS_RIGHT, token(scene, code), style="primary"),
        Choice(Deed.EDIT, token(scene, code), label="change_it"),
        Choice(Deed.PAUSE, token(scene, code)),
    )
    facts = {**_common(scene), **await doubts.facts(scene), "problem": problem or None}
    return Message("assessment/explain", facts, choices, about=_about(scene))


async def _said_before(scene: Scene, code: str) -> list[dict[str, Any]]:
    """What the secretariat and the country said about this question, once it was handed in; what a return asks now is
    the last of it and has its own place."""
    if not scene.talk.assessment.round:
        return []
    lines = thread_facts.facts((await threads.of(scene.session, scene.talk.assessment.id)).get(code))
    asked_now = any(question.indicator == code for question in scene.asked)
    return lines[:-1] if asked_now and lines else lines


def _since_handed_in(indicator: Indicator, change: Change | None) -> dict[str, Any]:
    """What became of an answer since it was handed in last."""
    if change is None or change.how == "same":
        return {"change": None, "handed_in": None}
    return {"change": change.how, "handed_in": _shortened(say(change.before, indicator)) if change.before else None}


def _ways_on(scene: Scene, indicator: Indicator, has_last: bool, current: Given | None) -> list[Choice | Menu]:
    code = indicator.code
    ways: list[Choice | Menu] = []
    options = [(option.code, option.title) for option in indicator.choices]
    if indicator.kind is Kind.YES_NO:
        ways += [
            Choice(Deed.TAKE, token(scene, code, "yes"), label="yes"),
            Choice(Deed.TAKE, token(scene, code, "no"), label="no"),
        ]
    elif len(options) <= BUTTONS_AT_MOST:
        ways += [Choice(Deed.TAKE, token(scene, code, value), "as_it_is", {"text": text}) for value, text in options]
    else:
        ways.append(Menu(Deed.TAKE, tuple((token(scene, code, value), text) for value, text in options), "choose_one"))
    if _stands(current):
        ways.append(Choice(Deed.SAME, token(scene, code), label="keep"))
    elif has_last and indicator.carry_forward:
        ways.append(Choice(Deed.SAME, token(scene, code)))
    ways += [
        Choice(Deed.NOT_AVAILABLE, token(scene, code)),
        Choice(Deed.SKIP, token(scene, code)),
        *_to_a_colleague(scene, code),
        Choice(Deed.BACK, token(scene, code)),
        Choice(Deed.HELP, token(scene, code)),
        Choice(Deed.PAUSE, token(scene, code)),
    ]
    return ways


def _ways_back(scene: Scene, draft: Draft) -> list[Choice | Menu]:
    code = scene.prompt.indicator if scene.prompt else None
    ways: list[Choice | Menu] = [
        Choice(Deed.TAKE, token(scene, code, f"meant-{place}"), "as_it_is", {"text": suggestion.label})
        for place, suggestion in enumerate(draft.suggestions)
    ]
    return [
        *ways,
        Choice(Deed.BACK, token(scene, code), label="start_question_again"),
        Choice(Deed.HELP, token(scene, code)),
    ]


def _to_a_colleague(scene: Scene, code: str | None = None, arg: str = "") -> tuple[Choice, ...]:
    """The button that hands this to a contributor; a contributor hands nothing on."""
    return () if scene.delegation else (Choice(Deed.DELEGATE, token(scene, code, arg)),)


def _with_whom(part: Part | None) -> dict[str, Any] | None:
    return {"person": part.person, "due": part.delegation.due_on} if part else None


def _behind(found: Authors | None) -> dict[str, Any] | None:
    return asdict(found) if found else None


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
                    "value": _shortened(scene.value(indicator.code))
                    if _stands(scene.standing.get(indicator.code))
                    else None,
                    "missing": indicator.code in lacking,
                    **_since_handed_in(indicator, changes.get(indicator.code)),
                    "authors": _behind(authors.get(indicator.code)),
                    "out": _with_whom(out.get(indicator.code)),
                    "beside": evidence.beside(scene.standing.get(indicator.code), proofs.get(indicator.code, ())),
                }
                for indicator in section.indicators
            ],
        }
        for section in scene.questions.sections
    ]
    options = tuple((token(scene, i.code), i.title) for i in scene.questions.indicators)
    first = walk.first_missing(scene.questions, scene.standing)
    choices: list[Choice | Menu] = []
    if scene.talk.assessment.state is AssessmentState.IN_PROGRESS:
        if first is None:
            choices.append(Choice(Deed.SUBMIT, token(scene), style="primary"))
        else:
            choices.append(Choice(Deed.EDIT, token(scene, first), label="answer_missing", style="primary"))
        choices += [Menu(Deed.EDIT, options, "edit_an_answer"), *_to_a_colleague(scene)]
        if scene.talk.delegated:
            choices += [Choice(Deed.CONTRIBUTORS, str(scene.talk.assessment.id))]
        if authors:
            choices += [Choice(Deed.WRITTEN, str(scene.talk.assessment.id))]
        choices.append(Choice(Deed.EVIDENCE, evidence.token(scene.talk.assessment.id, None)))
        choices.append(trail.menu(scene.talk, scene.questions.indicators))
        choices.append(Choice(Deed.PAUSE, token(scene)))
    return Message(
        "assessment/review",
        {
            **_common(scene),
            "sections": sections,
            "answered": scene.answered(),
            "total": len(scene.questions.indicators),
            "missing": [i.title for i in scene.questions.indicators if i.code in lacking],
            "closes": scene.talk.closes_at,
            "sent_back": await clearance.sent_back_last(scene.session, scene.talk),
        },
        tuple(choices),
        about=_about(scene),
    )


async def _review_of_part(scene: Scene, part: Delegation) -> Message:
    """A contributor's own answers, before they are handed over."""
    about = scene.talk.assessment.id
    proofs = (await evidence.of(scene.session, [about])).get(about, {})
    answers = [
        {
            "title": indicator.title,
            "required": indicator.required,
            "own": indicator.own,
            "value": _shortened(scene.value(indicator.code)) if _stands(scene.standing.get(indicator.code)) else None,
            "beside": evidence.beside(scene.standing.get(indicator.code), proofs.get(indicator.code, ())),
        }
        for indicator in scene.questions.indicators
    ]
    options = tuple((token(scene, i.code), i.title) for i in scene.questions.indicators)
    return Message(
        "delegation/review",
        {
            **_common(scene),
            "part": assessments.title_of_part(scene.questions, part.section, part.indicator),
            "part_due": part.due_on,
            "answers": answers,
            "answered": scene.answered(),
            "total": len(answers),
        },
        (
            Choice(Deed.HAND_OVER, token(scene), style="primary"),
            Menu(Deed.EDIT, options, "edit_an_answer"),
            Choice(Deed.EVIDENCE, evidence.token(about, part)),
            trail.menu(scene.talk, scene.questions.indicators, part.id),
            Choice(Deed.PAUSE, token(scene)),
        ),
        about=_about(scene),
    )


def settle_draft(scene: Scene, outcome: AskBack) -> Place:
    """Where a reading that was understood in part leaves the conversation."""
    prompt = scene.prompt
    section, indicator = (prompt.section, prompt.indicator) if prompt else (None, None)
    return Place(STAGE_OF_NEED[outcome.need], section, indicator)


def _about(scene: Scene) -> str:
    serial = scene.prompt.serial if scene.prompt else 0
    part = f":{scene.delegation.id}" if scene.delegation else ""
    return f"prompt:{scene.talk.assessment.id}:{serial}{part}"


def _common(scene: Scene) -> dict[str, Any]:
    return {
        "echo": scene.echo,
        "member": scene.talk.member.name,
        "cycle": scene.talk.cycle.title,
        "due": scene.talk.due_at,
        "late": scene.now > scene.talk.due_at,
        "part": scene.delegation is not None,
        "over_all": scene.prompt is not None and scene.prompt.stage is Stage.REVIEW,
        "returned": [{"text": question.text, "answer": question.answer} for question in scene.asked_of_all()],
    }


def problem_of(reading: Unreadable | AskBack) -> Problem:
    """What was wrong with a reading, for the words: empty when nothing was."""
    return {name: getattr(value, "value", value) for name, value in (reading.facts or {}).items()}


def _understood(draft: Draft, indicator: Indicator) -> dict[str, Any]:
    return {
        "number": draft.number,
        "text": draft.text,
        "year": draft.year,
        "source": draft.source,
        "unit": indicator.unit,
        "estimate": draft.availability is Availability.ESTIMATE,
        "not_available": draft.availability is Availability.NOT_AVAILABLE,
    }


def _stands(answer: Given | None) -> bool:
    return answer is not None and answer.availability is not Availability.SKIPPED


def _shortened(text: str) -> str:
    return text if len(text) <= SHORTENED else text[:SHORTENED].rsplit(" ", 1)[0] + " …"


def _shortened_value(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "value": _shortened(line["value"]) if line["value"] else None}
