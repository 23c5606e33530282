"""What a contributor without chat sees and sends: their own questions with a field each, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot import assessments, editions, floors, history, workdays
from bot.assessments import doubting, narrowed
from bot.delegation import linked
from bot.delegation.entries import AnotherBrowser, Inside
from bot.delegation.settling import done
from bot.evidence import Limits
from bot.formats import Indicator, QuestionSet
from bot.reading import LONGEST_TEXT, AskBack, Reply, Unreadable, clean, read, write
from bot.speaker import Speaker
from db.engine import Session
from db.queries import assessments as queries
from db.queries import delegations as delegation_queries
from db.queries import values as value_queries
from db.queries.assessments import Given
from db.queries.delegations import Own
from db.vocabulary import Availability, Kind

YES_OR_NO = (("yes", "Yes"), ("no", "No"))
NOTHING = ""


@dataclass(frozen=True)
class Question:
    """One question of a part, as the page shows it.

    Attributes:
        options: (value, text) of a question with choices; empty where something is written.
        value, why: what stands in its fields; `why` is the reason where there is no answer, and goes with options.
        stood: what the fields held when the page was made: what is sent unchanged is not stored anew.
        shown: the answer that stands, as it is said; None where there is none.
        aim: what the member aims at, as `floors.aim_facts` says it.
        own: whether the member alone asks it.
        unusual: what is unusual about the value that stands, as layout/doubt.chat.j2 takes it; empty: nothing is.
        year: of that value.
        explanation: what was said to it.
        behind: what links and files behind it are called.
        link: what was sent as a link and is not kept; not_kept says why: `link` or `many`.
        problem: what was wrong with what was sent, as layout/problem.chat.j2 takes it; None where nothing was.
    """

    code: str
    title: str
    question: str
    help: str
    kind: str
    required: bool
    options: tuple[tuple[str, str], ...]
    value: str
    why: str
    stood: str
    shown: str | None
    last: str | None
    last_cycle: str | None
    asked: tuple[str, ...]
    aim: Mapping[str, Any] | None
    own: bool
    unusual: tuple[Mapping[str, Any], ...] = ()
    year: int | None = None
    explanation: str = NOTHING
    behind: tuple[str, ...] = ()
    link: str = NOTHING
    not_kept: str = NOTHING
    problem: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Saved:
    """What became of what was sent.

    Attributes:
        stored: how many answers were put in place.
        problems: by question, what was wrong.
        unusual: how many values were found unusual, and are asked about now for the first and only time.
        not_kept: by question, why a link is not kept: `link` or `many`.
    """

    stored: int
    problems: Mapping[str, Mapping[str, Any]]
    unusual: int = 0
    not_kept: Mapping[str, str] = field(default_factory=dict[str, str])


def _options(indicator: Indicator) -> tuple[tuple[str, str], ...]:
    if indicator.kind is Kind.YES_NO:
        return YES_OR_NO
    return tuple((option.code, option.title) for option in indicator.choices)


def _fields(answer: Given | None, indicator: Indicator) -> tuple[str, str]:
    """What stands in the fields of a question: the answer, and the reason where there is none."""
    if answer is None or answer.availability is Availability.SKIPPED:
        return NOTHING, NOTHING
    if not _options(indicator):
        return write(assessments.reply_of(answer), indicator), NOTHING
    if answer.availability is Availability.NOT_AVAILABLE:
        return NOTHING, answer.note or NOTHING
    return answer.text or NOTHING, answer.note or NOTHING


def _joined(value: str, why: str) -> str:
    return f"{value}\n{why}" if why else value


async def page_questions(
    session: Session,
    own: Own,
    sent: Mapping[str, str] | None = None,
    problems: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    now: datetime,
    not_kept: Mapping[str, str] | None = None,
) -> list[Question]:
    """The questions of a part with what stands, and of those that could not be read what was sent.

    Args:
        sent: the form that was sent, if any.
        problems: what was wrong with it, by question.
        not_kept: why a link is not kept, by question.
    """
    questions = narrowed(editions.questions(own.talk.cycle, own.talk.assessment), own.delegation)
    assessment = own.talk.assessment
    codes = editions.canonical(questions)
    answers = await queries.answers(session, assessment.id)
    last = await value_queries.last_accepted(session, assessment.member_code, own.talk.cycle.period_start, codes)
    asked = await queries.open_questions(session, assessment.id) if assessment.round else []
    unusual = await _unusual(session, own, questions, answers, now)
    behind = await linked.standing(session, own)
    shown: list[Question] = []
    for indicator in questions.indicators:
        code = indicator.code
        answer, before = answers.get(code), last.get(code)
        value, why = _fields(answer, indicator)
        stood = _joined(value, why)
        problem = (problems or {}).get(code)
        if problem is not None and sent is not None:
            value, why = sent.get(f"a_{code}", value), sent.get(f"n_{code}", why)
        given = answer is not None and answer.availability is not Availability.SKIPPED
        shown.append(
            Question(
                code=code,
                title=indicator.title,
                question=indicator.question,
                help=indicator.help,
                kind=indicator.kind.value,
                required=indicator.required,
                options=_options(indicator),
                value=value,
                why=why,
                stood=stood,
                shown=write(assessments.reply_of(answer), indicator) if answer is not None and given else None,
                last=write(assessments.reply_of(before.answer), indicator) if before else None,
                last_cycle=history.called(before.cycle_code) if before else None,
                asked=tuple(question.text for question in asked if question.indicator == code),
                **floors.marks(assessment, indicator),
                unusual=unusual.get(code, ()),
                year=answer.year if answer is not None else None,
                explanation=(answer.explanation or NOTHING) if answer is not None else NOTHING,
                behind=behind.get(code, ()),
                link=(sent or {}).get(f"{linked.FIELD}{code}", NOTHING) if code in (not_kept or {}) else NOTHING,
                not_kept=(not_kept or {}).get(code, NOTHING),
                problem=problem,
            )
        )
    return shown


async def _unusual(
    session: Session, own: Own, questions: QuestionSet, answers: dict[str, Given], now: datetime
) -> dict[str, tuple[Mapping[str, Any], ...]]:
    """What is unusual about the values that stand and are asked about, by question; one statement at most."""
    inside = {code: answer for code, answer in answers.items() if code in questions}
    asked = [code for code, answer in inside.items() if doubting.doubt_of(answer) is not None]
    if not asked:
        return {}
    before = await doubting.earlier(session, own.talk, questions, asked)
    return {
        code: tuple(
            doubting.facts(doubt, questions.indicator(code), questions, inside, history.called)
            for doubt in doubting.doubts(own.talk, questions, inside, code, before, now.year)
        )
        for code in asked
    }


async def save(
    session: Session, by: Speaker, own: Own, sent: Mapping[str, str], now: datetime, limits: Limits | None = None
) -> Saved:
    """Take what was sent: what can be read is stored, the rest is named. What was not touched stays as it is.

    Args:
        own: found under its lock.
        sent: `a_<question>`, `n_<question>` (the reason where there is no answer), `w_<question>` (what stood),
            `x_<question>` (what changed, where a value is unusual), `l_<question>` (a link behind a number).
        limits: what is taken as evidence.

    Raises:
        NotAllowed, NotFound, PartSettled, Locked, NotThePersonsTurn.
    """
    assessments.check_contributor(by, own.talk, own.delegation)
    assessments.check_unlocked(own.talk, now)
    questions = narrowed(editions.questions(own.talk.cycle, own.talk.assessment), own.delegation)
    standing = await queries.answers(session, own.talk.assessment.id)
    today = workdays.local(now, by.zone).date()
    stored = 0
    fresh: list[str] = []
    problems: dict[str, Mapping[str, Any]] = {}
    for indicator in questions.indicators:
        code = indicator.code
        value, why = sent.get(f"a_{code}", NOTHING).strip(), sent.get(f"n_{code}", NOTHING).strip()
        stood, stands = sent.get(f"w_{code}", NOTHING).strip(), _joined(*_fields(standing.get(code), indicator)).strip()
        wanted = _joined(value, why)
        if not wanted or _alike(wanted, stood, indicator) or _alike(wanted, stands, indicator):
            # Not touched, or the same already; an answer is not taken away by an empty field.
            continue
        if not _alike(stood, stands, indicator):
            problems[code] = {"problem": "changed_meanwhile"}
            continue
        try:
            reply = _reply(value, why, indicator, today)
        except Unreadable as unread:
            problems[code] = {name: getattr(each, "value", each) for name, each in unread.facts.items()}
            continue
        if isinstance(reply, AskBack):
            problems[code] = {"problem": reply.draft.need.value, **_suggested(reply)}
            continue
        before = standing.get(code)
        if reply.number is not None and not (before and assessments.same_figure(before, reply)):
            fresh.append(code)
        await assessments.store(
            session, by, own.talk, standing, code, reply, now, new_version=not stored, delegation=own.delegation
        )
        stored += 1
    inside = {code: answer for code, answer in standing.items() if code in questions}
    if fresh:
        await doubting.look(session, own.talk, questions, inside, fresh, today.year)
    stored += await _explained(session, by, own, inside, questions, sent, now)
    unusual = doubting.waiting(questions, inside)
    for code in unusual:
        # It stands on the page from now on.
        await doubting.now_asked(session, own.talk, inside, code)
    links, not_kept = await linked.keep(session, by, own, questions, sent, limits or Limits(), now)
    return Saved(stored + links, problems, len(unusual), not_kept)


async def _explained(
    session: Session,
    by: Speaker,
    own: Own,
    standing: dict[str, Given],
    questions: QuestionSet,
    sent: Mapping[str, str],
    now: datetime,
) -> int:
    """Keep what was written to unusual values; how many there were. What was written longer than fits is cut."""
    kept = 0
    for indicator in questions.indicators:
        text = clean(sent.get(f"x_{indicator.code}", NOTHING))[:LONGEST_TEXT]
        answer = standing.get(indicator.code)
        if answer is None or not text or doubting.doubt_of(answer) is None or text == answer.explanation:
            continue
        await assessments.explain_value(
            session, by, own.talk, standing, indicator.code, text, now, delegation=own.delegation
        )
        kept += 1
    return kept


def _alike(one: str, other: str, indicator: Indicator) -> bool:
    """Whether two fields say the same; a browser joins the lines of all but a free text."""
    return one == other if indicator.kind is Kind.TEXT else one.split() == other.split()


def _reply(value: str, why: str, indicator: Indicator, today: date) -> Reply | AskBack:
    if not _options(indicator):
        return read(value, indicator, today=today)
    if value in {code for code, _ in _options(indicator)}:
        return Reply(Availability.GIVEN, text=value, note=why or None)
    return read(f"n/a {why}", indicator, today=today)


def _suggested(reply: AskBack) -> dict[str, Any]:
    return {"suggestions": [suggestion.label for suggestion in reply.draft.suggestions]}


async def answer(
    session: Session,
    found: Inside,
    sent: Mapping[str, str],
    now: datetime,
    *,
    hand_over: bool,
    limits: Limits | None = None,
) -> tuple[Own, Saved]:
    """Take what a contributor sent from their page, and hand the part over where they wish it and all could be read.

    Returns:
        The part as it is now, and what became of what was sent.

    Raises:
        AnotherBrowser: this browser is not in.
        NotAllowed, NotFound, PartSettled, Locked, NotThePersonsTurn.
    """
    own = await delegation_queries.own(session, found.own.delegation.id, lock=True)
    if own is None or not found.is_in:
        raise AnotherBrowser(person=found.by.name, address=found.address)
    saved = await save(session, found.by, own, sent, now, limits)
    # What is unusual is asked about once; the next press hands it over, with a reason or without.
    if hand_over and not (saved.problems or saved.not_kept or saved.unusual):
        await done(session, found.by, own.talk, own.delegation, now)
    return own, saved


def unsaved(own: Own, sent: Mapping[str, str]) -> list[dict[str, str]]:
    """What was sent when nothing is taken any more, to be read and copied: nothing that a person typed is lost."""
    questions = narrowed(editions.questions(own.talk.cycle, own.talk.assessment), own.delegation)
    rows: list[dict[str, str]] = []
    for indicator in questions.indicators:
        wanted = _joined(sent.get(f"a_{indicator.code}", NOTHING), sent.get(f"n_{indicator.code}", NOTHING)).strip()
        if wanted and wanted != sent.get(f"w_{indicator.code}", NOTHING).strip():
            rows.append({"title": indicator.title, "text": wanted})
        if link := sent.get(f"{linked.FIELD}{indicator.code}", NOTHING).strip():
            rows.append({"title": indicator.title, "text": link})
    return rows
