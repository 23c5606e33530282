"""What is shown: the whole assessment for who must clear it, with whom it waits, and who cleared what, when and how."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot import assessments, delegation, editions, errata, evidence, floors, history, permissions, workdays
from bot.assessments import asking, clearing
from bot.assessments.clearing import Given as Passed
from bot.delegation import Authors
from bot.errors import numbered
from bot.formats import Indicator
from bot.messages import Choice, Deed, Field, Form, Message
from bot.permissions import Act
from bot.reading import clean, write
from bot.speaker import Speaker
from db.engine import Session
from db.queries import assessments as assessment_queries
from db.queries import clearances as queries
from db.queries import values as value_queries
from db.queries.assessments import Given, Talk
from db.queries.clearances import Yes
from db.queries.values import Last
from db.vocabulary import AssessmentState, Availability, ClearanceState, Kind

# Short enough to be read on a phone between two meetings.
LONGEST_REASON = 1000


def reason_of(typed: str) -> str:
    """The reason of a no, as it is kept: without signs that nobody sees. Empty: there is none."""
    return clean(typed)


async def whole(session: Session, talk: Talk, yes: Yes) -> dict[str, Any]:
    """All that somebody who clears must see: every answer, the last accepted one beside it, what is new in it, and who
    contributed."""
    questions = editions.questions(talk.cycle, talk.assessment)
    codes = [indicator.code for indicator in questions.indicators]
    answers = await assessment_queries.answers(session, talk.assessment.id)
    last = await value_queries.last_accepted(
        session, talk.assessment.member_code, talk.cycle.period_start, editions.canonical(questions)
    )
    behind = await delegation.authors(session, talk, answers)
    proofs = (await evidence.of(session, [talk.assessment.id])).get(talk.assessment.id, {})
    before = await _before(session, talk, yes)
    fresh: set[str] = set()
    if before is not None:
        fresh = await queries.answered_since(session, talk.assessment.id, before.clearance.asked_at)
    sections: list[dict[str, Any]] = []
    for section in questions.sections:
        rows = [
            {
                **_row(each, answers.get(each.code), last.get(each.code), behind.get(each.code), fresh),
                **floors.marks(talk.assessment, each),
                "beyond": errata.beyond(each, answers.get(each.code)),
                "beside": evidence.beside(answers.get(each.code), proofs.get(each.code, ())),
            }
            for each in section.indicators
        ]
        given = [row for row in rows if row["value"]]
        sections.append({"letter": section.letter, "title": section.title, "answers": given, "given": bool(given)})
    rows = [row for section in sections for row in section["answers"]]
    asked = await assessment_queries.review_questions(session, talk.assessment.id) if talk.assessment.round else []
    return {
        **about(talk),
        "author": yes.asked_by,
        "asked": yes.clearance.asked_at,
        "sections": sections,
        "silent": [f"{section['letter']} {section['title']}" for section in sections if not section["given"]],
        "changes": [row for row in rows if row["mark"] == "changed" and not row["text"]],
        "known": bool(last),
        "answered": len(rows),
        "total": len(codes),
        "general": [{"text": q.text, "answer": q.answer} for q in asked if q.indicator is None],
        "record": await record(session, talk.assessment.id, talk.assessment.version),
        "before": _said_before(before),
        "fresh": [row["title"] for row in rows if row["fresh"]],
    }


def about(talk: Talk) -> dict[str, Any]:
    """Country, cycle and dates."""
    return {
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "due": talk.due_at,
        "closes": talk.closes_at,
    }


def how_given(yes: Yes) -> dict[str, Any]:
    """Who gave a yes, in which role, when and over which way, to which version; with a letter, its three facts."""
    row = yes.clearance
    return {
        "person": yes.person,
        "role": row.role.value,
        "agency": yes.agency,
        "when": row.decided_at,
        "via": row.via.value if row.via else None,
        "version": row.version,
        "signatory": row.signatory,
        "reference": row.reference,
        "signed": row.signed_on,
    }


def _row(
    indicator: Indicator, answer: Given | None, last: Last | None, behind: Authors | None, fresh: set[str]
) -> dict[str, Any]:
    given = answer if answer is not None and answer.availability is not Availability.SKIPPED else None
    return {
        "title": indicator.title,
        "value": write(assessments.reply_of(given), indicator) if given else None,
        "last": write(assessments.reply_of(last.answer), indicator) if last else None,
        "last_cycle": history.called(last.cycle_code) if last else None,
        "mark": _mark(given, last) if given else None,
        "text": indicator.kind is Kind.TEXT,
        "authors": asdict(behind) if behind else None,
        "fresh": indicator.code in fresh,
    }


def _mark(now: Given, last: Last | None) -> str:
    if last is None:
        return "new"
    before = last.answer
    same = (now.number, now.text, now.year, now.availability) == (
        before.number,
        before.text,
        before.year,
        before.availability,
    )
    return "same" if same else "changed"


async def _before(session: Session, talk: Talk, yes: Yes) -> Yes | None:
    """What the same step was asked about this assessment before."""
    row = yes.clearance
    earlier = [
        each
        for each in await queries.of_assessment(session, talk.assessment.id)
        if each.clearance.id < row.id and (each.clearance.role, each.clearance.agency_id) == (row.role, row.agency_id)
    ]
    return earlier[-1] if earlier else None


def _said_before(before: Yes | None) -> dict[str, Any] | None:
    if before is None:
        return None
    row = before.clearance
    refused = row.state is ClearanceState.REFUSED
    return {
        "asked": row.asked_at,
        "refused": row.decided_at if refused else None,
        "person": before.person if refused else None,
        "why": row.why if refused else None,
    }


async def sent_back_last(session: Session, talk: Talk) -> dict[str, Any] | None:
    """Who sent an assessment back, when and why, where that is what its people work on now."""
    if not talk.member.clearance_wanted or talk.assessment.state is not AssessmentState.IN_PROGRESS:
        return None
    asked = await queries.of_assessment(session, talk.assessment.id)
    row = asked[-1].clearance if asked else None
    if row is None or row.state is not ClearanceState.REFUSED:
        return None
    return {"person": asked[-1].person, "when": row.decided_at, "why": row.why}


async def record(session: Session, assessment_id: int, version: int | None = None) -> list[dict[str, Any]]:
    """Who cleared, when, over which way, and by which letter.

    Args:
        version: only what counts for this version; None: every yes that stands.
    """
    return [
        {"id": yes.clearance.id, **how_given(yes), "scan": yes.clearance.scan_id is not None}
        for yes in await queries.of_assessment(session, assessment_id)
        if yes.clearance.state is ClearanceState.CLEARED and version in (None, yes.clearance.version)
    ]


async def waits(session: Session, talk: Talk, now: datetime) -> dict[str, Any] | None:
    """With whom it waits, since when, and what was said so far; None where nothing is waited for."""
    asked = await queries.asked(session, [talk.assessment.id])
    if not asked:
        return None
    yes = asked[-1]
    row = yes.clearance
    steps = await asking.steps_of(session, talk.assessment.member_code)
    hats = await asking.holders(session, talk, row, now)
    return {
        "id": row.id,
        "role": row.role.value,
        "agency": yes.agency,
        "since": row.asked_at,
        "days": waited(talk, row.asked_at, now),
        "asked": [{"name": hat.name, "away": hat.away} for hat in hats],
        "held": None if hats else await asking.in_the_way(session, talk, row, now),
        "place": row.place,
        "steps": len(steps),
        "record": await record(session, talk.assessment.id, row.version),
    }


def waited(talk: Talk, since: datetime, now: datetime) -> int:
    """For how many working days of the country something has waited."""
    return workdays.working_days(since, now, zone=talk.member.zone, calendar=talk.member.calendar)


async def see(session: Session, by: Speaker, value: str, now: datetime) -> Message:
    """The whole assessment, for who is asked to clear it, with the two choices.

    Args:
        value: what the button carries: the number of the yes.

    Raises:
        NotFound, NotTheClearer, AuthorMayNotClear, AlreadyCleared, AlreadySentBack, ClearanceVoid, Locked.
    """
    yes, talk, by = await clearing.asked_for(session, by, numbered(value), now)
    clearing.check_waiting(yes, talk, now)
    return Message(asking.ASK_KIND, {**await whole(session, talk, yes), "name": by.name, "link": None}, choices(yes))


def choices(yes: Yes) -> tuple[Choice, ...]:
    """Yes and no, as buttons."""
    value = str(yes.clearance.id)
    about = evidence.token(yes.clearance.assessment_id, None)
    return Choice(Deed.CLEAR, value, style="primary"), Choice(Deed.SEND_BACK, value), Choice(Deed.EVIDENCE, about)


async def waiting_for(session: Session, by: Speaker, now: datetime) -> tuple[list[dict[str, Any]], tuple[Choice, ...]]:
    """What waits for this person's yes: country, cycle, who asked and since when; and a button to see each."""
    if by.member is None or not permissions.allowed(by, Act.CLEAR, by.member):
        return [], ()
    rows: list[dict[str, Any]] = []
    buttons: list[Choice] = []
    for one in await queries.waiting(session):
        if one.member.code != by.member or assessments.is_locked(one, now):
            continue
        talk = Talk(one.assessment, one.cycle, one.member, None)
        if by.person_id in {hat.person_id for hat in await asking.holders(session, talk, one.clearance, now)}:
            rows.append({**about(talk), "since": one.clearance.asked_at})
            facts = {"cycle": one.cycle.title}
            buttons.append(Choice(Deed.SEE_CLEARANCE, str(one.clearance.id), "see_clearance_of", facts))
    return rows, tuple(buttons)


async def cleared_message(session: Session, passed: Passed, now: datetime) -> Message:
    """The receipt of who cleared, or who recorded a letter."""
    talk = passed.talk
    following = await waits(session, talk, now) if passed.next is not None else None
    return Message("clearance/receipt", {**about(talk), **how_given(passed.yes), "next": following})


def sent_back_message(talk: Talk, by: Speaker, why: str, now: datetime) -> Message:
    """The receipt of who said no."""
    return Message("clearance/sent_back", {**about(talk), "person": by.name, "why": why, "when": now})


async def send_back_form(session: Session, by: Speaker, value: str, where: str, now: datetime) -> Form:
    """The form in which the reason of a no is written.

    Args:
        value: what the button carries: the number of the yes.
        where: where the question stands, to be brought up to date afterwards.

    Raises:
        NotFound, NotTheClearer, AuthorMayNotClear, AlreadyCleared, AlreadySentBack, ClearanceVoid, Locked.
    """
    yes, talk, _ = await clearing.asked_for(session, by, numbered(value), now)
    clearing.check_waiting(yes, talk, now)
    reason = Field("reason", "send_back_reason", multiline=True, maximum=LONGEST_REASON)
    intro = Message("clearance/send_back_form", about(talk))
    return Form(Deed.SEND_BACK, (reason,), f"{yes.clearance.id}|{where}", intro)
