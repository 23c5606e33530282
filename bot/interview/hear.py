"""Hear: what a person wrote becomes an answer, a step, or a friendly line; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot import assessments
from bot.assessments import threads
from bot.formats import Indicator
from bot.interview import comments, doubts, parts, proofs, replies, steps
from bot.interview.ask import again, ask, problem_of, proceed, settle_draft
from bot.interview.scene import Said, Scene, keep_note, note, scene_of
from bot.messages import Message
from bot.permissions import Act, allowed, require
from bot.reading import Act as Word
from bot.reading import (
    AskBack,
    Draft,
    Line,
    Phrase,
    Reply,
    Unreadable,
    agrees,
    by_any_name,
    exact_yes_no,
    named,
    phrase,
    plain,
    read,
    says_nothing,
)
from bot.speaker import Speaker
from db.engine import Session
from db.queries import assessments as queries
from db.queries.assessments import Talk
from db.vocabulary import ANSWERABLE, AssessmentState, CycleState, HeardState, Kind, Stage

RUNNING = (CycleState.OPEN, CycleState.CLOSED)


async def hear(session: Session, by: Speaker, said: Said, now: datetime) -> Message | None:
    """Take one message of whoever answers for a member, or of a contributor about their part.

    Args:
        said: the message as it came over the channel; `text` may carry the channel's own decorations.

    Returns:
        What to say, or None for a message that was taken before.

    Raises:
        Refusal: the deed is not done; what was written is kept all the same.
    """
    if not allowed(by, Act.ANSWER, by.member):
        return await _hear_about_part(session, by, replace(said, text=plain(said.text)), now)
    talks, heard_before = await queries.talks_unless_heard(session, by.member or "", RUNNING, said.key)
    if heard_before:
        return None
    talk = await _chosen(session, by, talks, now)
    if talk is None:
        return Message("assessment/nothing_open", {"name": by.name})
    scene = await scene_of(session, by, replace(said, text=plain(said.text)), talk, now)
    note(scene)
    message = await listen(scene)
    await keep_note(scene)
    return message


async def _hear_about_part(session: Session, by: Speaker, said: Said, now: datetime) -> Message | None:
    require(by, Act.CONTRIBUTE, by.member)
    if await queries.heard(session, said.key) is not None:
        return None
    scene = await parts.current(session, by, said, now)
    if scene is None:
        return await parts.nothing(session, by)
    note(scene)
    message = await listen(scene)
    await keep_note(scene)
    return message


async def current(session: Session, by: Speaker, now: datetime) -> Talk | None:
    """The assessment that a member is talking about: one that can be answered before one that waits or is closed."""
    return await _chosen(session, by, await queries.talks(session, by.member or "", RUNNING), now)


async def _chosen(session: Session, by: Speaker, talks: Sequence[Talk], now: datetime) -> Talk | None:
    # A member with a date of its own may answer after the close.
    live = [talk for talk in talks if talk.cycle.state is CycleState.OPEN or talk.assessment.closes_at is not None]
    open_ones = [talk for talk in live if talk.assessment.state in ANSWERABLE and not assessments.is_locked(talk, now)]
    if not open_ones:
        for talk in talks:
            if comments.may_wait(talk) and await threads.waiting(session, talk):
                return talk
        return next(iter(live or talks), None)
    if len(open_ones) < 2 or _asked(open_ones[0]) in (None, by.person_id):
        return open_ones[0]
    # Somebody else of this country went on in one cycle; this person stays in the one they spoke about last.
    begun = {talk.assessment.id: talk for talk in open_ones if talk.prompt is not None}
    last = await queries.spoke_about(session, by.person_id, list(begun))
    return begun.get(last or 0, open_ones[0])


def _asked(talk: Talk) -> int | None:
    return talk.prompt.asked_person if talk.prompt else None


async def listen(scene: Scene) -> Message:
    """What one message does, once it is known to be new."""
    proofs.prepare(scene)
    text = scene.said.text
    word = phrase(text)
    if word is not None and word.act in ALWAYS and not _is_the_answer(scene, word):
        return await ALWAYS[word.act](scene, word)
    if scene.delegation is not None and parts.is_over(scene, scene.delegation):
        scene.remember(HeardState.KEPT)
        return await parts.over(scene, scene.delegation)
    words_of_an_answer = word is None or word.act in (Word.SAME, Word.SAME_SECTION, Word.NOT_AVAILABLE)
    if words_of_an_answer and (waits := await comments.waiting(scene)):
        return await comments.take(scene, waits)
    if assessments.is_locked(scene.talk, scene.now) and not comments.may_wait(scene.talk):
        scene.remember(HeardState.KEPT)
        return replies.locked(scene)
    state = scene.talk.assessment.state
    if state not in ANSWERABLE:
        scene.remember(HeardState.KEPT)
        return await replies.in_other_hands(scene)
    given = scene.lines(text) if word is None else None
    if given is not None and doubts.is_asked(scene) and not any(isinstance(line.outcome, Reply) for line in given):
        # It names a question, as "Old-age pension: the law changed" does, and answers none.
        given = None
    if state is not AssessmentState.IN_PROGRESS:
        return await _first_words(scene, word, given)
    if _came_late(scene):
        scene.remember(HeardState.KEPT)
        return replies.came_late(scene, await again(scene))
    if proofs.alone(scene):
        return await proofs.take(scene) if await _was_put(scene) else proofs.which(scene, [])
    if given is None and (word is None or word.act in TO_THE_OPEN_QUESTION) and not await _was_put(scene):
        scene.remember(HeardState.KEPT)
        return replies.not_put_to_you(scene, await again(scene))
    if word is not None and not _is_the_answer(scene, word):
        if scene.prompt is not None and scene.prompt.indicator is not None:
            await proofs.behind(scene, scene.prompt.indicator)
        return await WORDS[word.act](scene, word) if word.act in WORDS else await replies.status(scene)
    if given is not None:
        return await take_lines(scene, given)
    return await take_text(scene, text)


async def _first_words(scene: Scene, word: Phrase | None, given: Sequence[Line] | None) -> Message:
    """Before the start: a start, answers pasted at once, or an invitation with what was written kept."""
    if word is None and given is None:
        scene.remember(HeardState.KEPT)
        return replies.invitation(scene)
    returned = scene.talk.assessment.state is AssessmentState.RETURNED
    ways_in = (Word.START, Word.SAME, Word.REVIEW, Word.EDIT, *((Word.SUBMIT,) if returned else ()))
    if word is not None and word.act not in ways_in:
        return replies.invitation(scene)
    await scene.begin()
    if word is not None and word.act is Word.SUBMIT:
        # What the secretariat asked comes first.
        return await steps.submit(scene)
    if given is not None:
        return await take_lines(scene, given)
    if word is not None and word.act in (Word.REVIEW, Word.EDIT):
        return await WORDS[word.act](scene, word)
    return await proceed(scene, after=None)


def _is_the_answer(scene: Scene, word: Phrase) -> bool:
    """ "No change" to a question about this period is an answer; there is no earlier one to take. "ok" means yes to
    "did you mean this?", and where a text is wanted it is asked back as other short answers are."""
    prompt, indicator = scene.prompt, scene.indicator()
    if prompt is None or indicator is None or prompt.paused_at is not None:
        return False
    if scene.talk.assessment.state is not AssessmentState.IN_PROGRESS:
        return False
    wants_text = prompt.stage is Stage.VALUE and indicator.kind is Kind.TEXT
    if word.act is Word.THANKS:
        if prompt.stage in (Stage.WHICH, Stage.EXPLAIN):
            return agrees(scene.said.text)
        return wants_text and says_nothing(scene.said.text)
    return word.act is Word.SAME and wants_text and not indicator.carry_forward


def _came_late(scene: Scene) -> bool:
    """Whether this message was written before the one that brought us here: events can arrive out of order."""
    cause = scene.prompt.cause_ts if scene.prompt else None
    return cause is not None and float(scene.said.ts) < float(cause)


async def _was_put(scene: Scene) -> bool:
    """Whether this person has seen the open question. While one of a country answers, another may still have an
    earlier question before their eyes; what they write is not meant for this one."""
    prompt = scene.prompt
    if prompt is None or prompt.asked_person in (None, scene.by.person_id):
        return True
    before = await queries.heard_before(scene.session, scene.talk.assessment.id, scene.by.person_id, scene.said.key)
    return before is not None and (before.serial == prompt.serial or before.key == prompt.cause_key)


async def take_text(scene: Scene, text: str) -> Message:
    """An answer to the open question."""
    prompt, indicator = scene.prompt, scene.indicator()
    if prompt is None:
        return await proceed(scene, after=None)
    if prompt.stage is Stage.REVIEW and scene.asked_of_all():
        await assessments.explain(scene.session, scene.by, scene.talk, scene.asked_of_all(), text, scene.now)
        return await steps.show_review(scene)
    if prompt.stage is Stage.SECTION and (changed := exact_yes_no(text)) and not changed.note:
        # "Has anything changed since last time?"
        return await (steps.one_by_one if changed.text == "yes" else steps.nothing_changed)(scene)
    if prompt.stage is Stage.REVIEW and (meant := by_any_name(text, scene.questions.indicators, today=scene.today)):
        # As `edit` and then the answer; all answers are shown again.
        await steps.edit(scene, meant[0].code)
        return await take(scene, meant[0].code, meant[1])
    if prompt.stage is Stage.EXPLAIN and indicator is not None:
        return await _take_explanation(scene, indicator, text)
    if prompt.stage in (Stage.SECTION, Stage.REVIEW) or indicator is None:
        scene.remember(HeardState.NOT_UNDERSTOOD)
        return replies.choose_first(scene, await again(scene))
    draft = Draft.from_json(prompt.draft) if prompt.draft else None
    try:
        outcome = read(text, indicator, draft=draft, today=scene.today)
    except Unreadable as problem:
        scene.remember(HeardState.NOT_UNDERSTOOD)
        return await again(scene, problem=problem_of(problem))
    return await take(scene, indicator.code, outcome)


async def _take_explanation(scene: Scene, indicator: Indicator, text: str) -> Message:
    """What was said to "is this right? what changed?": yes, no, the value once more, or the reason."""
    said = exact_yes_no(text)
    if agrees(text) or (said and said.text == "yes" and not said.note):
        return await steps.is_right(scene)
    if said and said.text == "no" and not said.note:
        return await steps.edit(scene, indicator.code)
    await proofs.behind(scene, indicator.code)
    again_said = said.note or "" if said and said.text == "no" else text
    try:
        if doubts.is_value(again_said):
            return await take(scene, indicator.code, read(again_said, indicator, today=scene.today))
        return await steps.is_right(scene, text)
    except Unreadable as problem:
        scene.remember(HeardState.NOT_UNDERSTOOD)
        return await again(scene, problem=problem_of(problem))


async def take(scene: Scene, code: str, outcome: Reply | AskBack) -> Message:
    """A reading of the open question: stored, or asked back."""
    if isinstance(outcome, AskBack):
        scene.remember(HeardState.IN_PART)
        await proofs.behind(scene, code)
        if scene.heard is not None:
            scene.heard.indicators = [code]
        return await ask(scene, settle_draft(scene, outcome), draft=outcome.draft, problem=problem_of(outcome))
    how = "changed" if steps.stands(scene, code) else "stored"
    await scene.store(code, outcome)
    scene.echo.append(replies.echo(scene, how, code))
    await proofs.behind(scene, code)
    return await proceed(scene, after=code)


async def take_lines(scene: Scene, given: Sequence[Line]) -> Message:
    """Several answers in one message: what is understood is taken, the rest is named with what was expected."""
    taken = 0
    for line in given:
        if line.indicator is not None and isinstance(line.outcome, Reply):
            how = "changed" if steps.stands(scene, line.indicator.code) else "stored"
            await scene.store(line.indicator.code, line.outcome)
            scene.echo.append(replies.echo(scene, how, line.indicator.code))
            taken += 1
        elif line.indicator is not None and isinstance(line.outcome, Phrase):
            taken += await steps.line_step(scene, line.indicator, line.outcome.act)
        else:
            scene.echo.append(replies.unread_line(line))
    await proofs.behind_lines(scene, given)
    await doubts.look(scene)
    scene.remember(HeardState.TAKEN if taken else HeardState.NOT_UNDERSTOOD)
    half = [line for line in given if isinstance(line.outcome, AskBack)]
    if len(given) == 1 and half and half[0].indicator is not None and isinstance(half[0].outcome, AskBack):
        return await _ask_back_line(scene, half[0].indicator.code, half[0].outcome)
    prompt = scene.prompt
    if prompt is not None and prompt.stage is Stage.REVIEW and not taken:
        return replies.without_the_list(await again(scene))
    if prompt is None or (prompt.indicator is not None and prompt.indicator not in scene.standing and not taken):
        return await again(scene) if prompt else await proceed(scene, after=None)
    return await proceed(scene, after=_behind(scene, taken))


def _behind(scene: Scene, taken: int) -> str | None:
    """Where to go on after pasted lines: the open question is asked again unless it was among them."""
    prompt = scene.prompt
    if not taken or prompt is None or prompt.indicator is None:
        return None
    codes = [indicator.code for indicator in scene.questions.indicators]
    if prompt.indicator in scene.standing:
        return prompt.indicator
    at = codes.index(prompt.indicator) if prompt.indicator in codes else 0
    return codes[at - 1] if at else None


async def _ask_back_line(scene: Scene, code: str, outcome: AskBack) -> Message:
    """One line, understood in part: its question becomes the open one, so that the next message completes it."""
    scene.echo.clear()
    await proofs.behind(scene, code)
    scene.remember(HeardState.IN_PART)
    await ask(scene, steps.place_of(scene, code))
    return await ask(scene, settle_draft(scene, outcome), draft=outcome.draft, problem=problem_of(outcome))


async def _submit(scene: Scene, _word: Phrase) -> Message:
    prompt = scene.prompt
    if prompt is None or prompt.stage is not Stage.REVIEW:
        # Nobody sends what they have not seen.
        return await steps.show_review(scene)
    return await steps.submit(scene)


async def _edit(scene: Scene, word: Phrase) -> Message:
    if not word.argument:
        return await steps.show_review(scene)
    meant = named(word.argument, scene.questions.indicators)
    return await steps.edit(scene, meant.code if meant else word.argument)


_Step = Callable[[Scene, Phrase], Awaitable[Message]]


def _plainly(step: Callable[[Scene], Awaitable[Message]]) -> _Step:
    async def run(scene: Scene, _word: Phrase) -> Message:
        return await step(scene)

    return run


# Words that are heard whatever state the assessment is in.
ALWAYS: dict[Word, _Step] = {
    Word.STATUS: _plainly(replies.status),
    Word.HELP: _plainly(replies.help_now),
    Word.WITHDRAW: _plainly(steps.withdraw),
    Word.GREETING: _plainly(replies.status),
    Word.THANKS: _plainly(replies.thanks),
}

# Words that say something to the open question.
TO_THE_OPEN_QUESTION = (Word.SKIP, Word.BACK, Word.SAME, Word.SAME_SECTION, Word.NOT_AVAILABLE, Word.THANKS)

# Words that are heard while answering.
WORDS: dict[Word, _Step] = {
    Word.START: _plainly(steps.resume),
    Word.SKIP: _plainly(steps.skip),
    Word.BACK: _plainly(steps.back),
    Word.SAME: _plainly(steps.same),
    Word.SAME_SECTION: _plainly(steps.nothing_changed),
    Word.NOT_AVAILABLE: _plainly(steps.not_available),
    Word.PAUSE: _plainly(steps.pause),
    Word.LATER: _plainly(steps.pause),
    Word.REVIEW: _plainly(steps.show_review),
    Word.SUBMIT: _submit,
    Word.EDIT: _edit,
    **ALWAYS,
}


async def kept_all_the_same(session: Session, by: Speaker, said: Said, now: datetime) -> None:
    """After a refusal undid the turn, keep at least what was written."""
    if await queries.heard(session, said.key) is None:
        scene = await current_scene(session, by, replace(said, text=plain(said.text)), now)
        if scene is not None:
            note(scene)
            scene.remember(HeardState.KEPT)
            await keep_note(scene)


async def current_scene(session: Session, by: Speaker, said: Said, now: datetime) -> Scene | None:
    """The scene of what a person talks about: an assessment, or a contributor's part."""
    if not allowed(by, Act.ANSWER, by.member):
        return await parts.current(session, by, said, now)
    talk = await current(session, by, now)
    return await scene_of(session, by, said, talk, now) if talk is not None else None
