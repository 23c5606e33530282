"""Choose: a button or a select of the conversation. A button of an earlier asking changes nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot import assessments
from bot.errors import NotFound, numbered
from bot.interview import parts, replies, steps
from bot.interview.ask import STAGE_OF_NEED, ask, proceed
from bot.interview.hear import take
from bot.interview.scene import Said, Scene, keep_note, note, scene_at
from bot.interview.walk import Place
from bot.messages import Deed, Message
from bot.reading import Draft, Reply
from bot.speaker import Speaker
from db.engine import Session
from db.queries import assessments as queries
from db.vocabulary import ANSWERABLE, AssessmentState, Availability, Kind, Stage


@dataclass(frozen=True)
class Token:
    """What a button carries."""

    assessment_id: int
    serial: int
    indicator: str | None
    arg: str
    delegation_id: int | None = None


def parse(value: str) -> Token:
    """A button's value taken apart.

    Raises:
        NotFound: it was not made by this bot.
    """
    parts = value.split(":")
    if len(parts) not in (4, 5) or len(value) > 200:
        raise NotFound(what="button", named=value[:40])
    part = numbered(parts[4]) if len(parts) == 5 else None
    return Token(numbered(parts[0]), numbered(parts[1]), parts[2] or None, parts[3], part)


async def choose(session: Session, by: Speaker, deed: Deed, value: str, said: Said, now: datetime) -> Message | None:
    """Take one click of whoever answers for a member, or of a contributor about their part.

    Args:
        deed: what the button does.
        value: what it carries; may be forged.
        said: the click's trigger and time.

    Returns:
        What to say, or None for a click that was taken before.

    Raises:
        Refusal: the deed is not done.
    """
    clicked = parse(value)
    if await queries.heard(session, said.key) is not None:
        return None
    scene = await scene_at(session, by, said, clicked.assessment_id, clicked.delegation_id, now)
    if deed in (NOT_OF_A_PART if scene.delegation else ONLY_OF_A_PART):
        raise NotFound(what="button", named=deed.value)
    note(scene)
    message = await _done(scene, deed, clicked)
    await keep_note(scene)
    return message


async def _done(scene: Scene, deed: Deed, clicked: Token) -> Message:
    """What a click does, once it is known to be new."""
    talk = scene.talk
    if deed in ASKING:
        return await ASKING[deed](scene, clicked)
    if scene.delegation is not None and parts.is_over(scene, scene.delegation):
        return await parts.over(scene, scene.delegation)
    if assessments.is_locked(talk, scene.now):
        return replies.locked(scene)
    if talk.assessment.state not in ANSWERABLE:
        return await replies.in_other_hands(scene)
    if deed in WAYS_IN:
        return await WAYS_IN[deed](scene, clicked)
    stale = scene.prompt is None or clicked.serial != scene.prompt.serial
    if stale or talk.assessment.state is not AssessmentState.IN_PROGRESS:
        return await replies.old_button(scene, clicked.indicator)
    return await ANSWERING[deed](scene, clicked)


async def _start(scene: Scene, _clicked: Token) -> Message:
    return await steps.resume(scene)


async def _edit(scene: Scene, clicked: Token) -> Message:
    if scene.talk.assessment.state is not AssessmentState.IN_PROGRESS:
        return await steps.resume(scene)
    return await steps.edit(scene, clicked.indicator or "")


async def _review(scene: Scene, _clicked: Token) -> Message:
    if scene.talk.assessment.state is not AssessmentState.IN_PROGRESS:
        return await steps.resume(scene)
    return await steps.show_review(scene)


async def _take(scene: Scene, clicked: Token) -> Message:
    prompt, indicator = scene.prompt, scene.indicator()
    if prompt is None or indicator is None or indicator.code != clicked.indicator or prompt.stage is Stage.EXPLAIN:
        return await replies.old_button(scene, clicked.indicator)
    if clicked.arg.startswith("meant-"):
        return await _meant(scene, indicator.code, clicked.arg.removeprefix("meant-"))
    known = {"yes", "no"} if indicator.kind is Kind.YES_NO else {option.code for option in indicator.choices}
    if clicked.arg not in known:
        raise NotFound(what="button", named=clicked.arg[:40])
    return await take(scene, indicator.code, Reply(Availability.GIVEN, text=clicked.arg))


async def _meant(scene: Scene, code: str, number: str) -> Message:
    prompt = scene.prompt
    draft = Draft.from_json(prompt.draft) if prompt and prompt.draft else None
    if draft is None or numbered(number) >= len(draft.suggestions):
        return await replies.old_button(scene, code)
    meant = draft.suggestions[int(number)].leads_to
    if isinstance(meant, Reply):
        return await take(scene, code, meant)
    place = Place(STAGE_OF_NEED[meant.need], prompt.section if prompt else None, code)
    return await ask(scene, place, draft=meant)


async def _go_to(scene: Scene, _clicked: Token) -> Message:
    await scene.begin()
    return await proceed(scene, after=None) if scene.place is None else await ask(scene, scene.place)


async def _see_questions(scene: Scene, _clicked: Token) -> Message:
    return replies.all_questions(scene)


async def _help(scene: Scene, clicked: Token) -> Message:
    return await replies.help_now(scene, clicked.indicator)


async def _later(scene: Scene, _clicked: Token) -> Message:
    return replies.later(scene)


async def _withdraw(scene: Scene, _clicked: Token) -> Message:
    return await steps.withdraw(scene)


_Way = Callable[[Scene, Token], Awaitable[Message]]


def _plainly(step: Callable[[Scene], Awaitable[Message]]) -> _Way:
    async def run(scene: Scene, _clicked: Token) -> Message:
        return await step(scene)

    return run


# Buttons that only ask, or that are good in any state.
ASKING: dict[Deed, _Way] = {
    Deed.SEE_QUESTIONS: _see_questions,
    Deed.HELP: _help,
    Deed.LATER: _later,
    Deed.WITHDRAW: _withdraw,
}

# Buttons that lead into the conversation, however old.
WAYS_IN: dict[Deed, _Way] = {
    Deed.START: _start,
    Deed.RESUME: _start,
    Deed.GO_TO: _go_to,
    Deed.EDIT: _edit,
    Deed.REVIEW: _review,
}

# Buttons that answer the open prompt, and only that.
ANSWERING: dict[Deed, _Way] = {
    Deed.NOTHING_CHANGED: _plainly(steps.nothing_changed),
    Deed.ONE_BY_ONE: _plainly(steps.one_by_one),
    Deed.SKIP_SECTION: _plainly(steps.skip_section),
    Deed.TAKE: _take,
    Deed.IS_RIGHT: _plainly(steps.is_right),
    Deed.SAME: _plainly(steps.same),
    Deed.NOT_AVAILABLE: _plainly(steps.not_available),
    Deed.SKIP: _plainly(steps.skip),
    Deed.BACK: _plainly(steps.back),
    Deed.PAUSE: _plainly(steps.pause),
    Deed.SUBMIT: _plainly(steps.submit),
    Deed.SUBMIT_WITHOUT: _plainly(steps.submit_without),
    Deed.HAND_OVER: _plainly(steps.hand_over),
}

# A contributor hands nothing in and takes nothing back; whoever answers for the member hands nothing over.
NOT_OF_A_PART = (Deed.SUBMIT, Deed.SUBMIT_WITHOUT, Deed.WITHDRAW)
ONLY_OF_A_PART = (Deed.HAND_OVER,)

DEEDS = (*ASKING, *WAYS_IN, *ANSWERING)
