"""Replies that ask nothing new: echoes, receipts, where we stand, and friendly refusals of the moment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot import assessments, clearance
from bot.formats import Indicator
from bot.interview.common import token
from bot.interview.parts import status_of_part
from bot.interview.scene import Echo, Scene
from bot.messages import Choice, Deed, Message
from bot.reading import AskBack, Line, Need, Problem, Unreadable
from db.queries import assessments as queries
from db.queries import people as people_queries
from db.vocabulary import ANSWERABLE, AssessmentState, Availability, CycleState, Kind

# Of closed cycles those count in which this member has a date of its own.
RUNNING = (CycleState.OPEN, CycleState.CLOSED)


def echo(scene: Scene, how: str, code: str) -> Echo:
    """One line that says what was done with one question."""
    answer = scene.standing.get(code)
    value = scene.value(code) if answer is not None and answer.availability is not Availability.SKIPPED else None
    return {"how": how, "title": scene.questions.indicator(code).title, "value": value, "code": code}


def unread_line(line: Line) -> Echo:
    """A pasted line that was not taken, with what was expected."""
    problem = line.outcome.facts if isinstance(line.outcome, Unreadable) else {}
    if isinstance(line.outcome, AskBack) and line.indicator is not None:
        problem = _half_said(line.outcome, line.indicator)
    return {
        "how": "line_not_taken",
        "title": line.indicator.title if line.indicator else None,
        "value": line.raw,
        "problem": {name: getattr(value, "value", value) for name, value in problem.items()},
        "code": line.indicator.code if line.indicator else None,
    }


def _half_said(outcome: AskBack, indicator: Indicator) -> dict[str, Any]:
    """What a pasted line still needs; nothing where it is the value, the year and the source."""
    if outcome.draft.need is Need.REASON:
        return {"problem": Problem.NO_REASON}
    if indicator.kind is Kind.YES_NO:
        return {"problem": Problem.NOT_YES_NOR_NO}
    return {"problem": Problem.NO_SUCH_CHOICE} if indicator.kind is Kind.CHOICE else {}


def about(scene: Scene) -> dict[str, Any]:
    """The facts that every reply names: country, cycle, dates, how far."""
    return {
        "member": scene.talk.member.name,
        "cycle": scene.talk.cycle.title,
        "due": scene.talk.due_at,
        "closes": scene.talk.closes_at,
        "late": scene.now > scene.talk.due_at,
        "answered": scene.answered(),
        "total": len(scene.questions.indicators),
        "locked": assessments.is_locked(scene.talk, scene.now),
        "wrote": scene.said.text,
        "part_due": scene.delegation.due_on if scene.delegation else None,
    }


def locked(scene: Scene) -> Message:
    """The cycle takes no answers any more; what was written is kept."""
    return Message("assessment/locked", about(scene))


def invitation(scene: Scene) -> Message:
    """Before the start, something else was written."""
    return Message(
        "assessment/invitation",
        {**about(scene), "minutes": scene.questions.minutes},
        (Choice(Deed.START, token(scene), style="primary"), Choice(Deed.SEE_QUESTIONS, token(scene))),
    )


async def in_other_hands(scene: Scene) -> Message:
    """The assessment is with the secretariat, or accepted."""
    state = scene.talk.assessment.state
    choices = (*await _by_letter(scene), Choice(Deed.WITHDRAW, token(scene))) if _may_withdraw(scene) else ()
    return Message("assessment/in_other_hands", {**about(scene), **await _hands(scene), "state": state.value}, choices)


def choose_first(scene: Scene, prompt: Message) -> Message:
    """A value where a choice was awaited: said what is awaited, with the prompt once more."""
    line = {"how": "choose_first", "title": scene.said.text or "", "value": None}
    return without_the_list(replace(prompt, facts={**prompt.facts, "echo": [line, *prompt.facts["echo"]]}))


def without_the_list(prompt: Message) -> Message:
    """All answers were shown just before: only what is new, and the same buttons. Other prompts stay as they are."""
    return replace(prompt, kind="assessment/review_again") if prompt.kind == "assessment/review" else prompt


def came_late(scene: Scene, prompt: Message) -> Message:
    """A message that was overtaken by a later one: kept, not used, and the open question once more."""
    line = {"how": "came_late", "title": scene.said.text, "value": None}
    return replace(prompt, facts={**prompt.facts, "echo": [line, *prompt.facts["echo"]]})


def not_put_to_you(scene: Scene, prompt: Message) -> Message:
    """Somebody else of this country went on meanwhile: kept, not used, and the open question."""
    line = {"how": "not_put_to_you", "title": scene.said.text, "value": None}
    return replace(prompt, facts={**prompt.facts, "echo": [line, *prompt.facts["echo"]]})


def paused(scene: Scene) -> Message:
    """Stopped for now."""
    return Message("assessment/paused", about(scene), (Choice(Deed.RESUME, token(scene), style="primary"),))


def later(scene: Scene) -> Message:
    """Not now."""
    return Message("assessment/later", about(scene), (Choice(Deed.START, token(scene), style="primary"),))


def all_questions(scene: Scene) -> Message:
    """Every question, to look at before starting."""
    sections = [
        {
            "letter": section.letter,
            "title": section.title,
            "questions": [{"title": i.title, "required": i.required, "code": i.code} for i in section.indicators],
        }
        for section in scene.questions.sections
    ]
    facts = {**about(scene), "sections": sections, "minutes": scene.questions.minutes}
    return Message("assessment/questions", facts, (Choice(Deed.START, token(scene), style="primary"),))


async def help_now(scene: Scene, code: str | None = None) -> Message:
    """The definition of the open question, how to answer it, and the words that work."""
    chosen = scene.questions.indicator(code) if code is not None and code in scene.questions else scene.indicator()
    facts = {
        **about(scene),
        "title": chosen.title if chosen else None,
        "help": chosen.help if chosen else None,
        "source": chosen.source if chosen else None,
        "kind": chosen.kind.value if chosen else None,
        "code": chosen.code if chosen else None,
        "choices": [option.title for option in chosen.choices] if chosen else [],
    }
    return Message("assessment/help", facts)


async def status(scene: Scene) -> Message:
    """Where we stand, who waits for whom, what is next."""
    if scene.delegation is not None:
        return await status_of_part(scene, scene.delegation)
    state = scene.talk.assessment.state
    indicator = scene.indicator()
    others, ways = await _others(scene)
    facts = {
        **about(scene),
        **await _hands(scene),
        "state": state.value,
        "at": indicator.title if indicator else None,
        "others": others,
        "out": await _parts_out(scene),
    }
    if scene.talk.delegated:
        ways = (Choice(Deed.CONTRIBUTORS, str(scene.talk.assessment.id)), *ways)
    choices: list[Choice] = []
    if facts["locked"] and not _may_withdraw(scene):
        # Nothing can be answered any more here, and no button pretends it.
        return Message("assessment/status", facts, ways)
    if state is AssessmentState.OPEN:
        choices.append(Choice(Deed.START, token(scene), style="primary"))
    elif state in (AssessmentState.IN_PROGRESS, AssessmentState.RETURNED):
        choices += [Choice(Deed.RESUME, token(scene), style="primary"), Choice(Deed.REVIEW, token(scene))]
    elif _may_withdraw(scene):
        choices += [*await _by_letter(scene), Choice(Deed.WITHDRAW, token(scene))]
    return Message("assessment/status", facts, (*choices, *ways))


async def receipt(scene: Scene) -> Message:
    """The submission receipt: what was sent, when, what happens next."""
    counts = {
        kind.value: sum(answer.availability is kind for answer in scene.standing.values()) for kind in Availability
    }
    facts = {
        **about(scene),
        "counts": counts,
        "when": scene.now,
        "person": scene.by.name,
        "round": scene.talk.assessment.round,
        "late": assessments.is_late(scene.talk, scene.now),
    }
    others, ways = await _others(scene)
    behind = (await scene.authors()).values()
    facts |= {"others": others, "contributors": sorted({each.wrote for each in behind})}
    return Message("assessment/receipt", facts, (*ways, Choice(Deed.WITHDRAW, token(scene))))


async def handed_in_for_clearance(scene: Scene) -> Message:
    """Submitted, and now it waits for the national yes: whose, and what happens next."""
    waiting = await clearance.waits(scene.session, scene.talk, scene.now)
    others, ways = await _others(scene)
    facts = {
        **about(scene),
        "when": scene.now,
        "person": scene.by.name,
        "late": assessments.is_late(scene.talk, scene.now),
        "waits": waiting,
        "others": others,
    }
    choices = (*ways, *await _by_letter(scene), Choice(Deed.WITHDRAW, token(scene)))
    return Message("clearance/submitted", facts, choices)


async def still_out(scene: Scene) -> Message:
    """Before an assessment goes on without what is still with contributors: who has what, asked once more."""
    choices = (
        Choice(Deed.SUBMIT_WITHOUT, token(scene)),
        Choice(Deed.CONTRIBUTORS, str(scene.talk.assessment.id), style="primary"),
        Choice(Deed.REVIEW, token(scene)),
    )
    return Message("assessment/still_out", {**about(scene), "out": await _parts_out(scene)}, choices)


async def old_button(scene: Scene, code: str | None) -> Message:
    """A button of an earlier asking: what is true now, and the way on."""
    indicator = scene.questions.indicator(code) if code and code in scene.questions else None
    answer = scene.standing.get(code or "")
    given = answer is not None and answer.availability is not Availability.SKIPPED
    now_open = scene.indicator()
    facts = {
        **about(scene),
        "title": indicator.title if indicator else None,
        "value": scene.value(indicator.code) if indicator and given else None,
        "at": now_open.title if now_open else None,
    }
    choices: list[Choice] = [Choice(Deed.RESUME, token(scene), style="primary")]
    if indicator is not None and given:
        choices.append(Choice(Deed.EDIT, token(scene, indicator.code), label="change_it"))
    return Message("assessment/old_button", facts, tuple(choices))


async def thanks(scene: Scene) -> Message:
    """You are welcome, and where we stand."""
    said = await status(scene)
    if scene.delegation is not None:
        # Of a part that is over it is said what became of it.
        return replace(said, kind="delegation/thanks") if said.kind == "delegation/status" else said
    return replace(said, kind="assessment/thanks")


async def _parts_out(scene: Scene) -> list[dict[str, Any]]:
    """What is with contributors now: a line each."""
    parts = {part.delegation.id: part for part in (await scene.out()).values()}
    return [
        {
            "part": assessments.title_of_part(scene.questions, part.delegation.section, part.delegation.indicator),
            "person": part.person,
            "due": part.delegation.due_on,
        }
        for part in parts.values()
    ]


async def _others(scene: Scene) -> tuple[list[dict[str, Any]], tuple[Choice, ...]]:
    """The other assessments of this country that wait for an answer, and a button to each: where two cycles are open,
    this is how a person passes from one to the other."""
    talks = await queries.talks(scene.session, scene.talk.assessment.member_code, RUNNING)
    others = [
        talk
        for talk in talks
        if talk.assessment.id != scene.talk.assessment.id
        and talk.assessment.state in ANSWERABLE
        and not assessments.is_locked(talk, scene.now)
    ]
    facts = [
        {
            "cycle": talk.cycle.title,
            "state": talk.assessment.state.value,
            "due": talk.due_at,
            "closes": talk.closes_at,
            "late": scene.now > talk.due_at,
        }
        for talk in others
    ]
    return facts, tuple(
        Choice(Deed.RESUME, f"{talk.assessment.id}:0::", "go_to_cycle", {"cycle": talk.cycle.title}) for talk in others
    )


async def _hands(scene: Scene) -> dict[str, Any]:
    assessment = scene.talk.assessment
    reviewer = (
        await people_queries.person(scene.session, assessment.review_begun_by) if assessment.review_begun_by else None
    )
    return {
        "since": assessment.state_since,
        "why": assessment.state_why,
        "submitted": assessment.submitted_at,
        "reviewer": reviewer.name if reviewer and assessment.review_begun_at else None,
        "may_withdraw": _may_withdraw(scene),
        "waits": await clearance.waits(scene.session, scene.talk, scene.now) if _waits(scene) else None,
        "record": await clearance.record(scene.session, assessment.id, assessment.version) if _left(scene) else [],
    }


def _waits(scene: Scene) -> bool:
    return scene.talk.assessment.state is AssessmentState.AWAITING_CLEARANCE


def _left(scene: Scene) -> bool:
    """Whether it left the country with whatever yes the country wants."""
    return scene.talk.assessment.state in (AssessmentState.SUBMITTED, AssessmentState.ACCEPTED)


def _may_withdraw(scene: Scene) -> bool:
    assessment = scene.talk.assessment
    if _waits(scene):
        return not assessments.is_locked(scene.talk, scene.now)
    return assessment.state is AssessmentState.SUBMITTED and assessment.review_begun_at is None


async def _by_letter(scene: Scene) -> tuple[Choice, ...]:
    """The button that records a signed letter, while a yes is waited for."""
    waiting = await clearance.waits(scene.session, scene.talk, scene.now) if _may_withdraw(scene) else None
    return (Choice(Deed.RECORD_LETTER, str(waiting["id"])),) if waiting else ()
