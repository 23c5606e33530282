"""Steps: skip, back, same, a whole section at once, pause, review, edit, submit, withdraw. Typed or clicked alike."""

from __future__ import annotations

from bot import assessments, delegation
from bot.errors import NotFound
from bot.formats import Indicator
from bot.interview import doubts, replies, walk
from bot.interview.ask import again, ask, proceed
from bot.interview.parts import handed_over
from bot.interview.scene import Scene
from bot.interview.walk import Place
from bot.interview.whole import review
from bot.messages import Message
from bot.reading import LONGEST_TEXT, Draft, Expected, Need, Problem, Reply, Unreadable
from bot.reading import Act as Word
from db.queries.assessments import Given
from db.queries.values import Last
from db.vocabulary import AssessmentState, Availability, Stage


def stands(scene: Scene, code: str) -> bool:
    """Whether a question has an answer; a skipped one has none."""
    answer = scene.standing.get(code)
    return answer is not None and answer.availability is not Availability.SKIPPED


def place_of(scene: Scene, code: str) -> Place:
    """One question as a place."""
    return walk.question(scene.questions, code)


async def resume(scene: Scene) -> Message:
    """Go on where we were."""
    await scene.begin()
    if scene.prompt is None or scene.questioned():
        return await proceed(scene, after=None)
    if scene.asked:
        return await show_review(scene)
    if scene.prompt.paused_at is not None:
        scene.prompt.paused_at = None
    if (last := await _handed_out(scene)) is not None:
        return await proceed(scene, after=last)
    return await again(scene)


async def _handed_out(scene: Scene) -> str | None:
    """The end of what is asked now, where a contributor has it by now."""
    prompt, out = scene.prompt, await scene.out()
    if prompt is None or not out:
        return None
    if prompt.indicator is not None:
        return prompt.indicator if prompt.indicator in out and not stands(scene, prompt.indicator) else None
    if prompt.stage is not Stage.SECTION:
        return None
    inside = [indicator.code for indicator in _section(scene).indicators]
    return inside[-1] if all(code in out for code in inside) else None


async def skip(scene: Scene) -> Message:
    """Leave the open question, or the whole open section, for later."""
    prompt = scene.prompt
    if prompt is None:
        return await resume(scene)
    if prompt.stage is Stage.SECTION:
        return await skip_section(scene)
    if prompt.indicator is None:
        return replies.choose_first(scene, await again(scene))
    code = prompt.indicator
    if code in scene.questioned():
        return replies.choose_first(scene, await again(scene))
    if stands(scene, code):
        scene.echo.append(replies.echo(scene, "kept", code))
    else:
        await scene.store(code, Reply(Availability.SKIPPED), act="skip")
        scene.echo.append(replies.echo(scene, "skipped", code))
    return await proceed(scene, after=code)


async def back(scene: Scene) -> Message:
    """One question back; out of a half answer, to its question."""
    prompt = scene.prompt
    if prompt is None or scene.place is None:
        return await resume(scene)
    if prompt.draft is not None and prompt.indicator is not None:
        return await ask(scene, place_of(scene, prompt.indicator))
    return await ask(scene, walk.before(scene.questions, scene.place))


async def same(scene: Scene) -> Message:
    """The answer of last time once more: for the open question, or for the whole open section."""
    prompt = scene.prompt
    if prompt is None:
        return await resume(scene)
    if prompt.stage is Stage.SECTION:
        return await nothing_changed(scene)
    code = prompt.indicator
    if code is None:
        return replies.choose_first(scene, await again(scene))
    if stands(scene, code):
        await scene.settle_review(code)
        scene.echo.append(replies.echo(scene, "kept", code))
        return await proceed(scene, after=code)
    last = (await scene.last()).get(code)
    if last is None or not _carries(scene.questions.indicator(code), last):
        scene.echo.append({"how": "no_last", "title": scene.questions.indicator(code).title, "value": None})
        return await again(scene)
    await _carry(scene, code, last)
    scene.echo.append(replies.echo(scene, "same", code))
    return await proceed(scene, after=code)


async def is_right(scene: Scene, text: str | None = None) -> Message:
    """An unusual value is right; what changed is kept with it.

    Raises:
        Unreadable: more was written than is kept.
    """
    prompt = scene.prompt
    if prompt is None or prompt.indicator is None or not doubts.is_asked(scene):
        return await again(scene)
    if text is not None and len(text) > LONGEST_TEXT:
        raise Unreadable(
            expected=Expected.REASON, problem=Problem.TOO_LONG, wrote=text, maximum=LONGEST_TEXT, length=len(text)
        )
    code = prompt.indicator
    await assessments.explain_value(
        *(scene.session, scene.by, scene.talk, scene.standing, code, text, scene.now),
        heard_key=scene.said.key,
        delegation=scene.delegation,
    )
    scene.echo.append(replies.echo(scene, "explained" if text else "kept", code))
    return await proceed(scene, after=code)


async def line_step(scene: Scene, indicator: Indicator, act: Word) -> int:
    """ "same" or "skip" in a pasted line; returns how many answers it gave (0 or 1)."""
    code = indicator.code
    last = (await scene.last()).get(code)
    if act is Word.SKIP:
        if not stands(scene, code):
            await scene.store(code, Reply(Availability.SKIPPED), act="skip")
        scene.echo.append(replies.echo(scene, "skipped", code))
        return 1
    if last is None or not _carries(indicator, last):
        scene.echo.append({"how": "no_last", "title": indicator.title, "value": None})
        return 0
    await _carry(scene, code, last)
    scene.echo.append(replies.echo(scene, "same", code))
    return 1


async def nothing_changed(scene: Scene) -> Message:
    """Carry a whole section forward; what is required and has no earlier answer is asked."""
    if scene.prompt is None or scene.prompt.section is None:
        return replies.choose_first(scene, await again(scene))
    section = _section(scene)
    last = await scene.last()
    carried = [
        indicator.code
        for indicator in section.indicators
        if indicator.code in last
        and _carries(indicator, last[indicator.code])
        and not stands(scene, indicator.code)
        and indicator.code not in await scene.out()
    ]
    for code in carried:
        await _carry(scene, code, last[code])
    out = await scene.out()
    for indicator in section.indicators:
        if indicator.code not in scene.standing and indicator.code not in out and not indicator.required:
            await scene.store(indicator.code, Reply(Availability.SKIPPED), act="skip")
    scene.echo.append({"how": "carried", "title": section.title, "value": str(len(carried))})
    # Behind the section's head, not its end: a required question in it may still be open.
    return await proceed(scene, after=_before_section(scene))


async def one_by_one(scene: Scene) -> Message:
    """Ask a section question by question."""
    section = _section(scene)
    code = next((i.code for i in section.indicators if i.code not in scene.standing), section.indicators[0].code)
    return await ask(scene, place_of(scene, code))


async def skip_section(scene: Scene) -> Message:
    """Leave a whole section for later."""
    section, out = _section(scene), await scene.out()
    for indicator in section.indicators:
        if indicator.code not in scene.standing and indicator.code not in out:
            await scene.store(indicator.code, Reply(Availability.SKIPPED), act="skip")
    scene.echo.append({"how": "section_skipped", "title": section.title, "value": None})
    return await proceed(scene, after=section.indicators[-1].code)


async def not_available(scene: Scene) -> Message:
    """The value does not exist; the reason is asked."""
    prompt, indicator = scene.prompt, scene.indicator()
    if prompt is None or indicator is None:
        return replies.choose_first(scene, await again(scene))
    draft = Draft(Need.REASON, Availability.NOT_AVAILABLE)
    return await ask(scene, Place(Stage.REASON, prompt.section, indicator.code), draft=draft)


async def pause(scene: Scene) -> Message:
    """Stop for now; the next message goes on."""
    if scene.prompt is not None:
        scene.prompt.paused_at = scene.now
    return replies.paused(scene)


async def show_review(scene: Scene) -> Message:
    """All answers before they are sent."""
    return await ask(scene, walk.REVIEW)


async def edit(scene: Scene, code: str) -> Message:
    """Change one answer, and come back here."""
    if code not in scene.questions:
        raise NotFound(what="question", named=code)
    to_review = scene.prompt is not None and scene.prompt.stage is Stage.REVIEW
    return await ask(scene, place_of(scene, code), to_review=to_review or None)


async def submit(scene: Scene) -> Message:
    """Hand in the assessment, and give the receipt. Where something is missing, go there; where a part is still with a
    contributor, ask once more. Of a contributor it hands over their part."""
    if scene.delegation is not None:
        return await hand_over(scene)
    return await _submit(scene, without=False)


async def submit_without(scene: Scene) -> Message:
    """The same, also where parts are still with contributors: the assessment goes on without them."""
    return await _submit(scene, without=True)


async def _submit(scene: Scene, *, without: bool) -> Message:
    missing = next(iter(scene.questioned()), None) or walk.first_missing(scene.questions, scene.standing)
    if missing is not None:
        scene.echo.append({"how": "still_needed", "title": scene.questions.indicator(missing).title, "value": None})
        return await ask(scene, place_of(scene, missing), to_review=True)
    if _sent_back_since(scene):
        # Nothing goes out again unread: what came back, and why, stands above the button.
        return await show_review(scene)
    if not without and await scene.out():
        return await replies.still_out(scene)
    await assessments.submit(scene.session, scene.by, scene.talk, scene.standing, scene.now)
    if scene.talk.assessment.state is AssessmentState.AWAITING_CLEARANCE:
        return await replies.handed_in_for_clearance(scene)
    for question in scene.asked:
        question.answered_at = scene.now
    return await replies.receipt(scene)


def _sent_back_since(scene: Scene) -> bool:
    """Whether the assessment came back after these answers were last shown."""
    prompt = scene.prompt
    return prompt is None or prompt.stage is not Stage.REVIEW or prompt.asked_at < scene.talk.assessment.state_since


async def hand_over(scene: Scene) -> Message:
    """A contributor hands their part over to whoever answers for the member."""
    if scene.delegation is None:
        raise NotFound(what="part", named="")
    await delegation.done(scene.session, scene.by, scene.talk, scene.delegation, scene.now)
    return await handed_over(scene, scene.delegation)


async def withdraw(scene: Scene) -> Message:
    """Take the assessment back from the secretariat, and show it again. A contributor has nothing to take back."""
    if scene.delegation is not None:
        return await replies.status(scene)
    await assessments.withdraw(scene.session, scene.by, scene.talk, scene.now)
    scene.echo.append({"how": "withdrawn", "title": scene.talk.cycle.title, "value": None})
    await ask(scene, walk.REVIEW)
    return await review(scene)


def _carries(indicator: Indicator, last: Last) -> bool:
    """Whether last time's answer may be taken over: the question may have other bounds or choices by now."""
    return indicator.carry_forward and indicator.takes(last.answer.number, last.answer.text)


async def _carry(scene: Scene, code: str, last: Last) -> Given:
    await scene.store(code, assessments.reply_of(last.answer), act="carry_forward")
    return scene.standing[code]


def _section(scene: Scene):
    letter = scene.prompt.section if scene.prompt else None
    for section in scene.questions.sections:
        if section.letter == letter:
            return section
    raise NotFound(what="section", named=str(letter))


def _before_section(scene: Scene) -> str | None:
    codes = [indicator.code for indicator in scene.questions.indicators]
    at = codes.index(_section(scene).indicators[0].code)
    return codes[at - 1] if at else None
