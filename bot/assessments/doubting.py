"""Unusual values: found by `bot.plausibility`, asked about once, and what the country says to it.

`Answer.doubted` holds a row for each value of a question that was found unusual: `number` and `year` as they were,
`why`, `state` (found, asked, right, explained) and `heard`, the message that explained it. So the same value is never
asked about twice, whoever says it and over which way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot import audit, editions, permissions, plausibility
from bot.assessments import asking
from bot.assessments.delegated import check_contributor
from bot.assessments.moves import check_unlocked, not_their_turn, subject
from bot.formats import Indicator, QuestionSet, Rule
from bot.permissions import Act
from bot.plausibility import Doubt, Figure
from bot.reading import Reply, write
from bot.reading.numbers import spelled
from bot.speaker import Speaker
from db.engine import Session
from db.models import Delegation
from db.queries import assessments as queries
from db.queries import reviews as review_queries
from db.queries import values
from db.queries.assessments import Given, Talk
from db.vocabulary import AssessmentState, Availability, Kind

Row = dict[str, Any]
Earlier = Mapping[str, list[Figure]]


class Asked(StrEnum):
    """How far the asking about an unusual value is."""

    FOUND = "found"
    ASKED = "asked"
    RIGHT = "right"
    EXPLAINED = "explained"


def figure(answer: Given) -> Figure | None:
    """The number of an answer, where it has one."""
    return Figure(answer.number, answer.year) if answer.number is not None else None


def doubt_of(answer: Given | None) -> Row | None:
    """What is known of the value that stands, where it was found unusual."""
    if answer is None or answer.number is None:
        return None
    number = format(answer.number, "f")
    known: list[Row] = answer.doubted or []
    return next((row for row in known if (row["number"], row["year"]) == (number, answer.year)), None)


async def earlier(session: Session, talk: Talk, questions: QuestionSet, codes: Collection[str]) -> Earlier:
    """The accepted numbers of some questions from earlier cycles, in one statement."""
    stood = {old: new for old, new in editions.canonical(questions).items() if new in codes}
    with session.no_autoflush:
        found = await values.earlier(session, talk.assessment.member_code, talk.cycle.period_start, stood)
    return {code: [Figure(row.number, row.year, row.cycle) for row in rows] for code, rows in found.items()}


def doubts(
    talk: Talk,
    questions: QuestionSet,
    standing: Mapping[str, Given],
    code: str,
    before: Earlier,
    this_year: int,
    but: Collection[str] = (),
) -> list[Doubt]:
    """What is unusual about the answer that stands to a question."""
    now = figure(standing[code]) if code in standing else None
    if now is None:
        return []
    beside = {each: known for each, answer in standing.items() if (known := figure(answer)) is not None}
    return plausibility.doubts(
        questions.indicator(code),
        now,
        before.get(code, []),
        this_year=this_year,
        beside=beside,
        rules=rules(talk),
        but=but,
    )


def rules(talk: Talk) -> tuple[Rule, ...]:
    """The rules of the edition that a cycle asks by."""
    return editions.edition(talk.cycle.edition).rules


def facts(
    doubt: Doubt,
    indicator: Indicator,
    questions: QuestionSet,
    standing: Mapping[str, Given],
    called: Callable[[str], str],
) -> dict[str, Any]:
    """One thing that is unusual, as layout/doubt.chat.j2 takes it.

    Args:
        called: what people call a cycle of a code.
    """
    last = doubt.last
    numbers = [code for code in (plausibility.members(doubt.rule) if doubt.rule else ()) if code in questions]
    return {
        "kind": doubt.why.value,
        "last": _said(last.number, last.year, indicator) if last else None,
        "last_year": last.year if last else None,
        "last_cycle": called(last.cycle) if last else None,
        "change": spelled(abs(doubt.change)) if doubt.change is not None else None,
        "up": doubt.change is not None and doubt.change > 0,
        "points": indicator.kind is Kind.PERCENT,
        "lowest": spelled(doubt.lowest) if doubt.lowest is not None else None,
        "highest": spelled(doubt.highest) if doubt.highest is not None else None,
        "says": doubt.rule.says if doubt.rule else None,
        "numbers": [
            {"title": questions.indicator(code).title, "value": _said(given.number, given.year, indicator)}
            for code in numbers
            if (given := standing.get(code)) is not None and given.number is not None
        ],
    }


def _said(number: Decimal, year: int | None, indicator: Indicator) -> str:
    return write(Reply(Availability.GIVEN, number, year=year), indicator)


async def look(
    session: Session,
    talk: Talk,
    questions: QuestionSet,
    standing: dict[str, Given],
    fresh: Collection[str],
    this_year: int,
) -> Earlier:
    """Look at numbers that were just given; what is unusual and was not asked about before is marked as found.

    Args:
        questions: what may be held against each other: of a contributor only their part.
        standing: brought up to date.
        fresh: the questions that got a new number.

    Returns:
        The earlier numbers, for the words.
    """
    asked = [each.code for each in questions.indicators if each.code in fresh]
    before = await earlier(session, talk, questions, asked)
    used: set[str] = set()
    for code in asked:
        answer = standing[code]
        found = doubts(talk, questions, standing, code, before, this_year, used)
        if not found or answer.number is None or doubt_of(answer) is not None:
            continue
        used |= {doubt.rule.code for doubt in found if doubt.rule}
        row: Row = {
            "number": format(answer.number, "f"),
            "year": answer.year,
            "why": [doubt.why.value for doubt in found],
            "state": Asked.FOUND.value,
        }
        await _keep(session, talk, standing, code, [*(answer.doubted or []), row], answer.explanation)
    return before


def waiting(questions: QuestionSet, standing: Mapping[str, Given]) -> list[str]:
    """The questions whose value was found unusual and is not asked about yet, in order."""
    return [
        each.code
        for each in questions.indicators
        if (row := doubt_of(standing.get(each.code))) is not None and row["state"] == Asked.FOUND
    ]


async def now_asked(session: Session, talk: Talk, standing: dict[str, Given], code: str) -> None:
    """The value that stands is asked about now."""
    answer = standing[code]
    await _keep(session, talk, standing, code, _with(answer, state=Asked.ASKED.value), answer.explanation)


def _with(answer: Given, **more: Any) -> list[Row]:
    """The rows of an answer, with more about the value that stands."""
    known = doubt_of(answer)
    return [{**row, **more} if row == known else row for row in answer.doubted or []]


async def _keep(
    session: Session, talk: Talk, standing: dict[str, Given], code: str, rows: list[Row], explanation: str | None
) -> None:
    await queries.put_doubts(session, talk.assessment.id, code, rows, explanation)
    standing[code] = standing[code]._replace(doubted=rows, explanation=explanation)


async def explain_value(
    session: Session,
    by: Speaker,
    talk: Talk,
    standing: dict[str, Given],
    code: str,
    text: str | None,
    now: datetime,
    *,
    heard_key: str | None = None,
    delegation: Delegation | None = None,
) -> None:
    """The country says that an unusual value is right, and why; the reason is kept with the answer.

    Args:
        text: what changed; None: it was only said that the value is right, and an earlier reason stays.

    Raises:
        NotAllowed, NotFound, PartSettled, Locked, NotThePersonsTurn.
    """
    if delegation is None:
        permissions.require(by, Act.ANSWER, talk.assessment.member_code)
    else:
        check_contributor(by, talk, delegation, code)
    check_unlocked(talk, now)
    if talk.assessment.state is not AssessmentState.IN_PROGRESS:
        raise not_their_turn(talk)
    answer = standing[code]
    state = Asked.RIGHT if text is None else Asked.EXPLAINED
    rows = _with(answer, state=state.value, heard=heard_key)
    await _keep(session, talk, standing, code, rows, text or answer.explanation)
    if text is not None:
        # Whoever clears or reviews reads it with the answer.
        await queries.next_version(session, talk.assessment)
        await review_queries.unmark(session, talk.assessment.id, [code])
        await asking.changed(session, by, talk, code, now)
    about = subject(talk.assessment.id)
    value = {"number": format(answer.number, "f") if answer.number is not None else None, "year": answer.year}
    await audit.record(session, by, "value_is_right", about, now, indicator=code, text=text, value=value)
