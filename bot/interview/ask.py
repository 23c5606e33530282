"""Ask: move the prompt to where the conversation goes next, and say it."""

from __future__ import annotations

from typing import Any

from bot import floors, history
from bot.assessments import threads
from bot.formats import Indicator
from bot.interview import doubts, walk
from bot.interview.common import about, common, shortened_value, stands, to_a_colleague, token, with_whom
from bot.interview.scene import Scene, put, say
from bot.interview.walk import Place
from bot.interview.whole import review
from bot.messages import Choice, Deed, Menu, Message
from bot.reading import AskBack, Draft, Need, Unreadable
from bot.review import thread as thread_facts
from bot.review import tokens
from db.queries.assessments import Given
from db.queries.values import Last
from db.vocabulary import Availability, Kind, Stage

# More choices than these are easier in a select than as buttons.
BUTTONS_AT_MOST = 5

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
            **common(scene),
            "letter": letter,
            "section": section.title,
            "questions": [shortened_value(line) for line in lines],
            "sections": len(scene.questions.sections),
            "number": scene.questions.sections.index(section) + 1,
            "problem": problem or None,
        },
        (
            Choice(Deed.NOTHING_CHANGED, token(scene), style="primary"),
            Choice(Deed.ONE_BY_ONE, token(scene)),
            Choice(Deed.SKIP_SECTION, token(scene)),
            *to_a_colleague(scene, arg=letter),
            Choice(Deed.BACK, token(scene)),
            Choice(Deed.PAUSE, token(scene)),
        ),
        about=about(scene),
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
        **common(scene),
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
        "last": _last(last, indicator) if last else None,
        "current": say(current, indicator) if stands(current) and current else None,
        "asked": asked,
        "thread": await _said_before(scene, indicator.code),
        "need": draft.need.value if draft else None,
        "understood": _understood(draft, indicator) if draft else None,
        "problem": problem or None,
        "out": with_whom((await scene.out()).get(indicator.code)),
        "aim": floors.aim_facts(floors.frozen(scene.talk.assessment, indicator.code), indicator),
        "own": indicator.own,
    }
    choices = _ways_on(scene, indicator, last is not None, current) if draft is None else _ways_back(scene, draft)
    return Message("assessment/prompt", facts, tuple(choices), about=about(scene))


async def _explain(scene: Scene, problem: Problem | None) -> Message:
    """Whether an unusual value is right, and what changed."""
    code = scene.prompt.indicator if scene.prompt else None
    choices = (
        Choice(Deed.IS_RIGHT, token(scene, code), style="primary"),
        Choice(Deed.EDIT, token(scene, code), label="change_it"),
        Choice(Deed.PAUSE, token(scene, code)),
    )
    facts = {**common(scene), **await doubts.facts(scene), "problem": problem or None}
    return Message("assessment/explain", facts, choices, about=about(scene))


async def _said_before(scene: Scene, code: str) -> list[dict[str, Any]]:
    """What the secretariat and the country said about this question, once it was handed in; what a return asks now is
    the last of it and has its own place."""
    if not scene.talk.assessment.round:
        return []
    lines = thread_facts.facts((await threads.of(scene.session, scene.talk.assessment.id)).get(code))
    asked_now = any(question.indicator == code for question in scene.asked)
    return lines[:-1] if asked_now and lines else lines


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
    if stands(current):
        ways.append(Choice(Deed.SAME, token(scene, code), label="keep"))
    elif has_last and indicator.carry_forward:
        ways.append(Choice(Deed.SAME, token(scene, code)))
    if scene.delegation is None and any(question.indicator == code for question in scene.asked):
        ways.append(Choice(Deed.REPLY_COMMENT, tokens.about(scene.talk, code), label="answer_in_words"))
    ways += [
        Choice(Deed.NOT_AVAILABLE, token(scene, code)),
        Choice(Deed.SKIP, token(scene, code)),
        *to_a_colleague(scene, code),
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


def settle_draft(scene: Scene, outcome: AskBack) -> Place:
    """Where a reading that was understood in part leaves the conversation."""
    prompt = scene.prompt
    section, indicator = (prompt.section, prompt.indicator) if prompt else (None, None)
    return Place(STAGE_OF_NEED[outcome.need], section, indicator)


def problem_of(reading: Unreadable | AskBack) -> Problem:
    """What was wrong with a reading, for the words: empty when nothing was."""
    return {name: getattr(value, "value", value) for name, value in (reading.facts or {}).items()}


def _last(last: Last, indicator: Indicator) -> dict[str, Any]:
    """The last accepted answer, and the cycle that it came in where its own year does not say the same."""
    cycle = history.called(last.cycle_code)
    said_twice = last.answer.number is not None and cycle == str(last.answer.year)
    return {"value": say(last.answer, indicator), "cycle": None if said_twice else cycle}


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
