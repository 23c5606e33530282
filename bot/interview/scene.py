"""What one turn of the conversation knows: the assessment, its questions and answers, who speaks and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from bot import assessments, delegation, editions, permissions, workdays
from bot.assessments import threads
from bot.assessments.answering import same_figure
from bot.delegation import Authors
from bot.errors import NotFound
from bot.evidence import EvidenceRefused, Handed, Limits
from bot.formats import Indicator, QuestionSet
from bot.interview.walk import Place
from bot.permissions import Act
from bot.plausibility import Figure
from bot.reading import Expected, Line, Problem, Reply, Unreadable, lines, write
from bot.speaker import Speaker
from db.engine import Session
from db.models import Delegation, Heard, Prompt, ReviewQuestion
from db.queries import assessments as queries
from db.queries import delegations as delegation_queries
from db.queries import values as value_queries
from db.queries.assessments import Given, Talk
from db.queries.delegations import Part
from db.queries.values import Last
from db.vocabulary import Availability, DelegationState, HeardState, Stage


@dataclass(frozen=True)
class Said:
    """Something a person said or clicked.

    Attributes:
        key: the message and its conversation, or the trigger of a click: taken once.
        ts: the channel's own time of it, which orders what was said.
        text: what was written; empty for a click.
        edit_ts: the channel's own time of the edit, where it is one.
        whole: the same before its addresses were taken out.
        links: the addresses that stand in the text.
        handed: the files that came with it, each looked at already, or why it is not taken.
        file_ids: the channel's own ids of these files.
        limits: what is taken as evidence.
    """

    key: str
    ts: str
    text: str = ""
    edit_ts: str | None = None
    whole: str = ""
    links: tuple[str, ...] = ()
    handed: tuple[Handed | EvidenceRefused, ...] = ()
    file_ids: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)

    @property
    def cause(self) -> str:
        """What marks the reply to it, so that it is looked up before it is said again."""
        return f"{self.key}:{self.edit_ts}" if self.edit_ts else self.key


Echo = dict[str, Any]
# What a person says of their own accord: "same as last time" is nothing to be looked at again.
NEWLY_SAID = ("answer", "amend")


@dataclass
class Scene:
    """One turn.

    Attributes:
        questions, standing, asked: all of the assessment; of a contributor's part only what is in the part.
        delegation: the part that a contributor talks about; None for whoever answers for the member.
        echo: what it did, to be said before the next question.
        changed: it has put an answer in place: the assessment's version is a new one, once a turn.
        fresh: the questions that it gave another number to, not looked at yet.
        earlier: the accepted numbers of some questions, where they were looked up.
    """

    session: Session
    by: Speaker
    said: Said
    now: datetime
    talk: Talk
    questions: QuestionSet
    standing: dict[str, Given]
    asked: list[ReviewQuestion]
    delegation: Delegation | None = None
    heard: Heard | None = None
    echo: list[Echo] = field(default_factory=list[Echo])
    changed: bool = False
    fresh: list[str] = field(default_factory=list[str])
    earlier: dict[str, list[Figure]] = field(default_factory=dict[str, list[Figure]])
    _last: dict[str, Last] | None = None
    _out: dict[str, Part] | None = None

    @property
    def prompt(self) -> Prompt | None:
        """The question now open, if any was ever asked."""
        return self.talk.prompt

    @property
    def today(self) -> date:
        """The person's own day."""
        return workdays.local(self.now, self.by.zone).date()

    @property
    def place(self) -> Place | None:
        """Where the conversation stands."""
        prompt = self.talk.prompt
        return Place(prompt.stage, prompt.section, prompt.indicator) if prompt else None

    async def last(self) -> Mapping[str, Last]:
        """The last accepted answers of this member, from earlier cycles."""
        if self._last is None:
            codes = editions.canonical(self.questions)
            # Nothing of this turn is in it, so what the turn has changed is written later, all at once.
            with self.session.no_autoflush:
                self._last = await value_queries.last_accepted(
                    self.session, self.talk.assessment.member_code, self.talk.cycle.period_start, codes
                )
        return self._last

    async def out(self) -> Mapping[str, Part]:
        """The questions that are with a contributor now, and with whom."""
        if self._out is None:
            self._out = {}
            if self.talk.delegated and self.delegation is None:
                states = (DelegationState.OPEN,)
                parts = await delegation_queries.parts(self.session, self.talk.assessment.id, states)
                for part in parts:
                    inside = assessments.narrowed(self.questions, part.delegation).indicators
                    self._out |= {indicator.code: part for indicator in inside}
        return self._out

    def touched(self) -> set[str]:
        """The questions that need not be asked any more. What somebody else has skipped is asked of a contributor."""
        return {
            code
            for code, answer in self.standing.items()
            if self.delegation is None
            or answer.availability is not Availability.SKIPPED
            or answer.said_by == self.by.person_id
        }

    async def authors(self) -> Mapping[str, Authors]:
        """Who stands behind the answers that contributors had a hand in."""
        return {} if self.delegation is not None else await delegation.authors(self.session, self.talk, self.standing)

    async def begin(self) -> None:
        """Take the assessment in hand; a part is handed out of one that is."""
        if self.delegation is None:
            await assessments.begin(self.session, self.by, self.talk, self.now)

    def lines(self, text: str) -> list[Line] | None:
        """Several answers in one message; a line about a question outside a contributor's part is not taken."""
        whole = self.questions if self.delegation is None else editions.questions(self.talk.cycle, self.talk.assessment)
        given = lines(text, whole.indicators, today=self.today)
        return given and [self._within(line) for line in given]

    def _within(self, line: Line) -> Line:
        if line.indicator is None or line.indicator.code in self.questions:
            return line
        outside = Unreadable(expected=Expected.INDICATOR, problem=Problem.NOT_WITH_YOU, wrote=line.raw)
        return replace(line, indicator=None, outcome=outside)

    def questioned(self) -> list[str]:
        """The questions that the review asked about and that are still open."""
        return [question.indicator for question in self.asked if question.indicator in self.questions]  # pyright: ignore[reportReturnType]

    def asked_of_all(self) -> list[ReviewQuestion]:
        """What the review asked about the whole assessment."""
        return [question for question in self.asked if question.indicator is None]

    def indicator(self) -> Indicator | None:
        """The question now open, when it is one question."""
        code = self.prompt.indicator if self.prompt else None
        return self.questions.indicator(code) if code is not None and code in self.questions else None

    def value(self, code: str) -> str:
        """How a stored answer is said."""
        return say(self.standing[code], self.questions.indicator(code))

    async def store(self, code: str, reply: Reply, act: str = "answer") -> None:
        """Put an answer in place and remember that this turn gave it."""
        before = self.standing.get(code)
        if act in NEWLY_SAID and reply.number is not None and not (before and same_figure(before, reply)):
            self.fresh.append(code)
        await assessments.store(
            self.session,
            self.by,
            self.talk,
            self.standing,
            code,
            reply,
            self.now,
            heard_key=self.said.key,
            act=act,
            new_version=not self.changed,
            delegation=self.delegation,
        )
        self.changed = True
        await self.settle_review(code)
        if self.heard is not None:
            self.heard.indicators = [*dict.fromkeys([*(self.heard.indicators or []), code])]

    async def settle_review(self, code: str) -> None:
        """What the review asked, or said, about a question is answered, and the answer stands in its thread."""
        settled = [question for question in self.asked if question.indicator == code]
        for question in settled:
            question.answered_at = self.now
            self.asked.remove(question)
        if self.talk.assessment.round:
            words = self.said.text or self.value(code)
            await threads.answered(self.session, self.by, self.talk, code, settled, words, self.now)

    def remember(self, state: HeardState) -> None:
        """Say what became of what was heard."""
        if self.heard is not None:
            self.heard.state = state

    def answered(self) -> int:
        """How many questions have an answer; a skipped one has none."""
        return sum(answer.availability is not Availability.SKIPPED for answer in self.standing.values())


def say(answer: Given, indicator: Indicator) -> str:
    """How a stored answer is said: `38.8 % (2020, VHLSS)`."""
    return write(assessments.reply_of(answer), indicator)


async def scene_of(
    session: Session, by: Speaker, said: Said, talk: Talk, now: datetime, part: Delegation | None = None
) -> Scene:
    """Load what a turn needs: the answers and the open questions of the review; of a part only what it holds."""
    questions = editions.questions(talk.cycle, talk.assessment)
    standing = await queries.answers(session, talk.assessment.id)
    asked = await queries.open_questions(session, talk.assessment.id) if talk.assessment.round else []
    if part is not None:
        questions = assessments.narrowed(questions, part)
        standing = {code: answer for code, answer in standing.items() if code in questions}
        asked = [question for question in asked if question.indicator in questions]
    return Scene(session, by, said, now, talk, questions, standing, asked, part)


async def scene_at(
    session: Session, by: Speaker, said: Said, assessment_id: int, delegation_id: int | None, now: datetime
) -> Scene:
    """The scene of an assessment, or of one part of it, under its lock.

    Args:
        delegation_id: for a contributor, their own part, settled or not.

    Raises:
        NotFound: there is none, or it is not this person's.
    """
    if delegation_id is None:
        return await scene_of(session, by, said, await assessments.find(session, by, Act.ANSWER, assessment_id), now)
    own = await delegation_queries.own(session, delegation_id, lock=True)
    if own is None or own.delegation.person_id != by.person_id or own.talk.assessment.id != assessment_id:
        raise NotFound(what="part", named=str(delegation_id))
    if not permissions.allowed(by, Act.CONTRIBUTE, own.talk.assessment.member_code):
        raise NotFound(what="part", named=str(delegation_id))
    return await scene_of(session, by, said, own.talk, now, own.delegation)


def note(scene: Scene) -> None:
    """Note what was said; `keep_note` writes it down at the end of the turn, with what became of it."""
    prompt = scene.prompt
    scene.heard = Heard(
        key=scene.said.key,
        person_id=scene.by.person_id,
        assessment_id=scene.talk.assessment.id,
        delegation_id=scene.delegation.id if scene.delegation else None,
        serial=prompt.serial if prompt else None,
        indicators=None,
        text=scene.said.text or None,
        state=HeardState.TAKEN,
        heard_at=scene.now,
    )


async def keep_note(scene: Scene) -> None:
    """Write down what was said, in the same transaction as what it did."""
    if scene.heard is not None:
        await queries.put_heard(scene.session, scene.heard)


def put(
    scene: Scene,
    place: Place,
    *,
    draft: dict[str, Any] | None = None,
    to_review: bool | None = None,
) -> Prompt:
    """Ask something new: the prompt's serial grows, so that buttons of the earlier asking are known as old."""
    prompt = scene.talk.prompt
    if prompt is None:
        of_part = scene.delegation.id if scene.delegation else None
        prompt = Prompt(assessment_id=scene.talk.assessment.id, delegation_id=of_part, serial=0, to_review=False)
        scene.session.add(prompt)
        scene.talk = scene.talk._replace(prompt=prompt)
    prompt.serial += 1
    prompt.stage, prompt.section, prompt.indicator, prompt.draft = place.stage, place.section, place.indicator, draft
    prompt.asked_at, prompt.asked_person, prompt.paused_at = scene.now, scene.by.person_id, None
    prompt.cause_key, prompt.cause_ts, prompt.said_ts = scene.said.cause, scene.said.ts, None
    if to_review is not None:
        prompt.to_review = to_review
    if place.stage is Stage.REVIEW:
        prompt.to_review = False
    return prompt
