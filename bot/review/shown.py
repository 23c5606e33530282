"""A submission with its answers: what is new since it was handed in last, what is agreed, what was said about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot import assessments, clearance, delegation, editions, errata, evidence, floors, trail
from bot.assessments import snapshots, threads
from bot.assessments.snapshots import Change
from bot.assessments.threads import Thread
from bot.delegation import Authors
from bot.formats import Indicator, QuestionSet
from bot.messages import Choice, Deed, Menu, Message
from bot.reading import write
from bot.review import thread as thread_facts
from bot.review.tokens import ALL, WHOLE, about, token
from bot.words import words
from db.engine import Session
from db.queries import assessments as queries
from db.queries import people as people_queries
from db.queries import reviews as review_queries
from db.queries import values as value_queries
from db.queries.assessments import Given, Talk
from db.queries.values import Last
from db.vocabulary import AssessmentState, Availability, CycleState

# Slack takes a hundred options in a select.
OPTIONS_AT_MOST = 100


@dataclass(frozen=True)
class _Seen:
    """All that is known about the answers of one assessment."""

    answers: Mapping[str, Given]
    last: Mapping[str, Last]
    changes: Mapping[str, Change]
    agreed: set[str]
    threads: Mapping[str | None, Thread]
    behind: Mapping[str, Authors]
    asides: Mapping[str, str]


async def shown(session: Session, talk: Talk) -> Message:
    """A submitted assessment with its answers, and the buttons of the review while it can be reviewed.

    What is agreed already is named in short; what is new or changed since it was handed in last is marked.
    """
    questions = editions.questions(talk.cycle, talk.assessment)
    seen = await _seen(session, talk, questions)
    proofs = (await evidence.of(session, [talk.assessment.id])).get(talk.assessment.id, {})
    sections: list[dict[str, Any]] = []
    for section in questions.sections:
        rows = [
            {
                **_row(each, seen),
                **floors.marks(talk.assessment, each),
                "beyond": errata.beyond(each, seen.answers.get(each.code)),
                "beside": evidence.beside(seen.answers.get(each.code), proofs.get(each.code, ())),
            }
            for each in section.indicators
        ]
        given = any(row["value"] or row["thread"] for row in rows)
        sections.append({"letter": section.letter, "title": section.title, "answers": rows, "given": given})
    submitter = await people_queries.person(session, talk.assessment.submitted_by or 0)
    record = await clearance.record(session, talk.assessment.id, talk.assessment.version)
    facts = {
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "round": talk.assessment.round,
        "submitted": talk.assessment.submitted_at,
        "person": submitter.name if submitter else "",
        "late": assessments.is_late(talk),
        "state": talk.assessment.state.value,
        "undone": talk.assessment.state_why if talk.assessment.state is AssessmentState.SUBMITTED else None,
        "sections": sections,
        "silent": [f"{section['letter']} {section['title']}" for section in sections if not section["given"]],
        "general": thread_facts.facts(seen.threads.get(None)),
        "record": record,
        "answered": sum(_given(answer) is not None for answer in seen.answers.values()),
        "total": len(questions.indicators),
        "changed": sum(change.how != "same" for change in seen.changes.values()),
        "agreed": sum(row["fine"] for section in sections for row in section["answers"]),
        "again": bool(seen.changes),
    }
    looks = (Choice(Deed.EVIDENCE, evidence.token(talk.assessment.id, None)),) if proofs else ()
    letters = tuple(Choice(Deed.SEE_LETTER, str(one["id"])) for one in record if one["scan"])
    ways = (*_ways_on(talk, questions, seen), *looks, *letters, trail.menu(talk, questions.indicators))
    return Message("review/submission", facts, ways)


async def _seen(session: Session, talk: Talk, questions: QuestionSet) -> _Seen:
    answers = await queries.answers(session, talk.assessment.id)
    again = talk.assessment.round > 1
    return _Seen(
        answers,
        await value_queries.last_accepted(
            session, talk.assessment.member_code, talk.cycle.period_start, editions.canonical(questions)
        ),
        await snapshots.since_last(session, talk, answers, before_round=talk.assessment.round) if again else {},
        await review_queries.agreed(session, talk.assessment.id),
        await threads.of(session, talk.assessment.id),
        await delegation.authors(session, talk, answers),
        await review_queries.asides(session, talk.assessment.id)
        if talk.assessment.state is AssessmentState.ACCEPTED
        else {},
    )


def _row(indicator: Indicator, seen: _Seen) -> dict[str, Any]:
    """One question, without what its floor says and what stands behind the answer."""
    code = indicator.code
    answer, before, change = _given(seen.answers.get(code)), seen.last.get(code), seen.changes.get(code)
    how = change.how if change is not None else None
    return {
        "code": code,
        "title": indicator.title,
        "value": _said(answer, indicator),
        "last": _said(before.answer, indicator) if before else None,
        "same": bool(answer and before and _same(answer, before.answer)),
        "text": indicator.kind.value == "text",
        "change": how if how != "same" else None,
        "handed_in": _said(change.before, indicator) if change is not None and how in ("changed", "gone") else None,
        "fine": code in seen.agreed,
        "aside": seen.asides.get(code),
        "thread": thread_facts.facts(seen.threads.get(code)),
        "authors": asdict(seen.behind[code]) if code in seen.behind else None,
    }


def _ways_on(talk: Talk, questions: QuestionSet, seen: _Seen) -> tuple[Choice | Menu, ...]:
    if talk.cycle.state not in (CycleState.OPEN, CycleState.CLOSED):
        under_review = talk.assessment.state is AssessmentState.SUBMITTED
        return _deciding(talk)[:2] if under_review else ()
    titles = [(indicator.code, indicator.title) for indicator in questions.indicators]
    whole = (about(talk, WHOLE), words().label("about_whole"))
    comment = Menu(
        Deed.COMMENT,
        (*((about(talk, code), title) for code, title in titles[: OPTIONS_AT_MOST - 1]), whole),
        "comment",
    )
    if talk.assessment.state is not AssessmentState.SUBMITTED:
        undo = Choice(Deed.UNDO_ACCEPT, str(talk.assessment.id))
        return (comment, undo) if talk.assessment.state is AssessmentState.ACCEPTED else (comment,)
    left = [
        (about(talk, code), title)
        for code, title in titles
        if _given(seen.answers.get(code)) is not None and code not in seen.agreed
    ]
    options = (*left[: OPTIONS_AT_MOST - 1], (about(talk, ALL), words().label("all_left")))
    fine = (Menu(Deed.FINE, options, "fine"),) if left else ()
    return (*_deciding(talk), comment, *fine)


def _deciding(talk: Talk) -> tuple[Choice, ...]:
    return (
        Choice(Deed.ACCEPT, token(talk), style="primary"),
        Choice(Deed.RETURN, token(talk)),
        Choice(Deed.ACCEPT_WITHOUT, token(talk)),
    )


def _given(answer: Given | None) -> Given | None:
    return answer if answer is not None and answer.availability is not Availability.SKIPPED else None


def _said(answer: Given | None, indicator: Indicator) -> str | None:
    given = _given(answer)
    return write(assessments.reply_of(given), indicator) if given is not None else None


def _same(now: Given, before: Given) -> bool:
    return (now.number, now.text, now.year, now.availability) == (
        before.number,
        before.text,
        before.year,
        before.availability,
    )
