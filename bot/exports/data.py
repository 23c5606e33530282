"""What every export is made of: what the countries reported, read once, with all that belongs to it.

Nothing of a country is in it for somebody outside before the country cleared it and the secretariat accepted it; a
partner gets what was published. A value that was set aside counts for nothing outside its country, and a question that
a country added for itself is in no file but its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from bot import editions, errata, workdays
from bot.assessments import is_late
from bot.floors import Aim, frozen
from bot.formats import Indicator, QuestionSet, Section
from db.engine import Session, uncollected
from db.models import Assessment, Cycle, Member
from db.queries import exports as queries
from db.queries.exports import Assessed, Cleared, Held, Said
from db.vocabulary import AssessmentState, Availability, CycleOrigin, Role


@dataclass(frozen=True)
class Proof:
    """What an answer rests on: a link, or a file by its name. Exactly one of both."""

    title: str
    link: str | None
    file: str | None


# By assessment and question.
Proofs = Mapping[int, Mapping[str, tuple[Proof, ...]]]


@dataclass(frozen=True)
class Correction:
    """An erratum: which question of which edition was corrected, in what, when and why."""

    edition: str
    indicator: str
    changes: tuple[tuple[str, str, str], ...]
    why: str
    on: date


@dataclass(frozen=True)
class Answered:
    """One answer with all that belongs to it.

    Attributes:
        indicator: as it was asked in that cycle; `code` is what the question is called today.
        number: exact; None where it is not available, and for choices and words.
        text: the code of a choice, `yes` or `no`, or free text.
        note: why it is not available, or a remark.
        explanation: what the country said when it was asked whether an unusual value is right.
        set_aside: why it was accepted without this answer; only in the country's own file.
        said_as: the role of whoever gave it; None where it was brought in, or nobody knows.
        aim: the country's own floor and ceiling, as they stood when the cycle opened.
    """

    indicator: Indicator
    code: str
    availability: Availability
    number: Decimal | None
    text: str | None
    year: int | None
    source: str | None
    note: str | None
    explanation: str | None
    set_aside: str | None
    said_as: Role | None
    said_on: date
    aim: Aim | None
    evidence: tuple[Proof, ...]

    @property
    def available(self) -> bool:
        """Whether there is a value."""
        return self.availability is not Availability.NOT_AVAILABLE

    @property
    def choice(self) -> str | None:
        """The title of a choice."""
        return next((option.title for option in self.indicator.choices if option.code == self.text), None)


@dataclass(frozen=True)
class Reported:
    """One member in one cycle. Without answers where it has not reported, or nothing of it may be shown.

    Attributes:
        late: it was handed in, for the first time after its due date.
        draft: it is not accepted; only its own country reads it.
        cleared: the national yes to exactly this version, in the order of the steps.
        questions: what it was asked.
    """

    member: Member
    cycle: Cycle
    assessment: Assessment
    late: bool
    draft: bool
    cleared: tuple[Cleared, ...]
    questions: QuestionSet
    answers: tuple[Answered, ...]

    @property
    def accepted(self) -> bool:
        """Whether the secretariat accepted it."""
        return self.assessment.state is AssessmentState.ACCEPTED

    @property
    def not_required(self) -> bool:
        """Whether no report was asked of it."""
        return self.assessment.state is AssessmentState.NOT_REQUIRED

    @cached_property
    def by_code(self) -> Mapping[str, Answered]:
        """The answers by today's code of the question."""
        return {answer.code: answer for answer in self.answers}


@dataclass(frozen=True)
class Data:
    """What may be exported, in the alphabetical order of the countries, and within one by cycle.

    Attributes:
        day: the day of which it is, by the network's register.
        cycles: the earliest period first.
        sections: the questions by section as they are asked today, then those that are asked no more.
        inside: it is for the country that it is about.
    """

    day: date
    cycles: tuple[Cycle, ...]
    rows: tuple[Reported, ...]
    sections: tuple[Section, ...]
    errata: tuple[Correction, ...] = ()
    inside: bool = False

    @cached_property
    def reported(self) -> tuple[Reported, ...]:
        """Those whose answers are in it."""
        return tuple(row for row in self.rows if row.accepted or row.draft)

    @property
    def editions(self) -> tuple[str, ...]:
        """The codes of the editions that were asked, the earliest first."""
        return tuple(dict.fromkeys(cycle.edition for cycle in self.cycles))

    @property
    def indicators(self) -> Iterable[Indicator]:
        """All questions, in order."""
        return (indicator for section in self.sections for indicator in section.indicators)

    @property
    def members(self) -> tuple[Member, ...]:
        """Every country of it, in alphabetical order."""
        return tuple({row.member.code: row.member for row in self.rows}.values())

    @property
    def asked(self) -> int:
        """Of how many countries a report was asked; who was excused from all of these cycles is not among them."""
        return len({row.member.code for row in self.rows if not row.not_required})


async def load(
    session: Session,
    cycles: Sequence[Cycle],
    now: datetime,
    *,
    member: str | None = None,
    inside: bool = False,
    behind: bool = False,
    draft: bool = False,
) -> Data:
    """Read all that belongs to these cycles: six statements, however much there is.

    Args:
        cycles: the earliest first. Whoever asks may read them: `bot.exports.asking` has looked.
        member: only this country.
        inside: for this country itself, with its own questions and what was set aside.
        behind: for who reads the answers themselves, with what stands behind them: evidence, and what the country said
            of an unusual value.
        draft: also what is not accepted yet; only for the country itself, and one cycle.
    """
    ids = [cycle.id for cycle in cycles]
    rows = await queries.assessed(session, ids, member)
    drafted = [row.assessment.id for row in rows if row.assessment.state not in _FINISHED] if draft and inside else []
    answers = await queries.said(session, ids, member, drafted[0] if drafted else None)
    cleared: dict[int, list[Cleared]] = {}
    for given in await queries.cleared(session, ids, member):
        cleared.setdefault(given.assessment_id, []).append(given)
    roles = Roles(await queries.held(session, member))
    today = _today(cycles)
    proofs: Proofs = await _evidence(session, ids, member) if behind else {}
    corrected = await _errata(session, cycles)

    def assembled() -> Data:
        said = _by_assessment(answers)
        reported = tuple(
            _reported(
                row,
                said,
                cleared,
                roles,
                today,
                proofs,
                inside=inside,
                behind=behind,
                drafted=row.assessment.id in drafted,
            )
            for row in rows
        )
        sections = _sections(cycles, reported)
        return Data(workdays.register_day(now), tuple(cycles), reported, sections, corrected, inside)

    # All is read by now; what is left is arithmetic, and nobody who talks to the bot waits for it.
    with uncollected():
        return await asyncio.to_thread(assembled)


_FINISHED = (AssessmentState.ACCEPTED, AssessmentState.NOT_REQUIRED)


class Roles:
    """Which role somebody held for a member on a day."""

    def __init__(self, held: Iterable[Held]) -> None:
        self._held: dict[int, list[Held]] = {}
        self._known: dict[tuple[int | None, str, date], Role | None] = {}
        for row in held:
            self._held.setdefault(row.person_id, []).append(row)

    def on(self, person: int | None, member: str, day: date) -> Role | None:
        """The role; None where nobody knows. One for the member itself goes before one for no country."""
        asked = person, member, day
        if asked not in self._known:
            self._known[asked] = self._look(person, member, day)
        return self._known[asked]

    def _look(self, person: int | None, member: str, day: date) -> Role | None:
        held = [
            row
            for row in self._held.get(person or 0, ())
            if row.member in (member, None) and row.starts_on <= day and (row.ends_on is None or day <= row.ends_on)
        ]
        held.sort(key=lambda row: row.member is None)
        return held[0].role if held else None


def _by_assessment(said: Iterable[Said]) -> dict[int, list[Said]]:
    found: dict[int, list[Said]] = {}
    for row in said:
        found.setdefault(row.assessment_id, []).append(row)
    return found


def _today(cycles: Sequence[Cycle]) -> dict[str, str]:
    """What each question is called in the newest of these editions, by each code that it ever had."""
    names: dict[str, str] = {}
    for cycle in cycles:
        names |= editions.canonical(editions.edition(cycle.edition))
    return names


def _reported(
    row: Assessed,
    said: Mapping[int, Sequence[Said]],
    cleared: Mapping[int, Sequence[Cleared]],
    roles: Roles,
    today: Mapping[str, str],
    proofs: Proofs,
    *,
    inside: bool,
    behind: bool,
    drafted: bool,
) -> Reported:
    assessment, member, cycle = row
    questions = editions.questions(cycle, assessment if inside else None)
    given = {each.indicator: each for each in said.get(assessment.id, ())}
    proof = proofs.get(assessment.id, {})
    asked_people = cycle.origin is CycleOrigin.ASKED
    answers: list[Answered] = []
    for indicator in questions.indicators:
        each = given.get(indicator.code)
        if each is None or (each.set_aside is not None and not inside):
            continue
        said_on = workdays.register_day(each.said_at)
        answers.append(
            Answered(
                indicator=indicator,
                code=today.get(indicator.code, indicator.code),
                availability=each.availability,
                number=each.number,
                text=each.text,
                year=each.year,
                source=each.source,
                note=each.note,
                explanation=each.explanation if behind else None,
                set_aside=each.set_aside,
                said_as=roles.on(each.said_by, member.code, said_on) if asked_people else None,
                said_on=said_on,
                aim=frozen(assessment, indicator.code),
                evidence=proof.get(indicator.code, ()),
            )
        )
    return Reported(
        member,
        cycle,
        assessment,
        late=is_late(row),
        draft=drafted,
        cleared=tuple(cleared.get(assessment.id, ())),
        questions=questions,
        answers=tuple(answers),
    )


def _sections(cycles: Sequence[Cycle], rows: Sequence[Reported]) -> tuple[Section, ...]:
    """The questions of the newest edition by section; then in each what only earlier ones, or one country, asked."""
    found: dict[str, Section] = {}
    questions: dict[str, dict[str, Indicator]] = {}
    known: set[str] = set()
    for cycle in reversed(cycles):
        edition = editions.edition(cycle.edition)
        for section in edition.sections:
            found.setdefault(section.letter, section)
            into = questions.setdefault(section.letter, {})
            into |= {each.code: each for each in section.indicators if each.code not in known}
        known |= set(editions.canonical(edition))
    for row in rows:
        for indicator in row.questions.indicators:
            if indicator.own:
                questions.setdefault(indicator.section, {}).setdefault(indicator.code, indicator)
    return tuple(
        Section(letter, section.title, section.sectors, tuple(questions[letter].values()))
        for letter, section in sorted(found.items())
    )


async def _evidence(session: Session, ids: Sequence[int], member: str | None) -> Proofs:
    found: dict[int, dict[str, tuple[Proof, ...]]] = {}
    for row in await queries.proofs(session, ids, member):
        of_assessment = found.setdefault(row.assessment_id, {})
        of_assessment[row.indicator] = (*of_assessment.get(row.indicator, ()), Proof(row.title, row.link, row.file))
    return found


async def _errata(session: Session, cycles: Sequence[Cycle]) -> tuple[Correction, ...]:
    asked = {cycle.edition for cycle in cycles}
    rows = [each.erratum for each in await errata.every(session) if each.erratum.edition in asked]
    return tuple(
        Correction(
            row.edition,
            row.indicator,
            tuple((field, _said(before), _said(after)) for field, (before, after) in row.changes.items()),
            row.why,
            workdays.register_day(row.issued_at),
        )
        for row in rows
    )


def _said(value: object) -> str:
    return "" if value is None else str(value)
