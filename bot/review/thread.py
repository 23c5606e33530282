"""The thread of a question as it is shown: who said what, when, on which side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot import assessments, editions
from bot.assessments import threads
from bot.assessments.threads import Thread
from bot.reading import write
from db.engine import Session
from db.queries import assessments as queries
from db.queries.assessments import Given, Talk
from db.queries.reviews import Line
from db.vocabulary import Availability

# Of a long thread the last lines are shown, and how many came before.
LINES_AT_MOST = 8


def facts(thread: Thread | None) -> list[dict[str, Any]]:
    """The lines of a thread, the oldest first; none where nothing was said."""
    return [line_facts(line) for line in thread.lines[-LINES_AT_MOST:]] if thread is not None else []


def line_facts(line: Line) -> dict[str, Any]:
    """One line."""
    said = line.comment
    return {"side": said.side.value, "person": line.person, "when": said.at, "text": said.text}


def item(talk: Talk, thread: Thread, answers: Mapping[str, Given]) -> dict[str, Any]:
    """A thread with its question and the answer that stands."""
    questions = editions.questions(talk.cycle, talk.assessment)
    code = thread.indicator
    known = questions.indicator(code) if code is not None and code in questions else None
    answer = answers.get(code or "")
    given = answer is not None and answer.availability is not Availability.SKIPPED
    return {
        "title": known.title if known else None,
        "value": write(assessments.reply_of(answer), known) if known and given and answer else None,
        "lines": facts(thread),
        "waits": thread.waits,
    }


async def items(session: Session, talk: Talk, shown: Sequence[Thread]) -> list[dict[str, Any]]:
    """Threads with their questions and answers, in their order."""
    answers = await queries.answers(session, talk.assessment.id)
    return [item(talk, each, answers) for each in shown]


async def all_of(session: Session, talk: Talk) -> list[Thread]:
    """Every thread of an assessment, in the order of its questions; what is about the whole is last."""
    found = await threads.of(session, talk.assessment.id)
    codes = [indicator.code for indicator in editions.questions(talk.cycle, talk.assessment).indicators]
    place = {code: number for number, code in enumerate(codes)}
    return sorted(found.values(), key=lambda each: place.get(each.indicator or "", len(codes)))
