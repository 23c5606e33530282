"""What is answered to who has just commented, replied, agreed or undone; and to who asks for the threads."""

from __future__ import annotations

from datetime import datetime

from bot import assessments, editions, people, permissions
from bot.assessments import threads
from bot.errors import NotFound
from bot.messages import Choice, Deed, Message
from bot.permissions import Act
from bot.review import thread as thread_facts
from bot.review.notices import ways_to_reply
from bot.review.tokens import ALL, parse_about
from bot.speaker import Speaker
from db.engine import Session
from db.queries import assessments as queries
from db.queries import cycles as cycle_queries
from db.queries import reviews as review_queries
from db.queries.assessments import Talk
from db.vocabulary import AssessmentState, CycleState

RUNNING = (CycleState.OPEN, CycleState.CLOSED)


def _title(talk: Talk, code: str | None) -> str | None:
    questions = editions.questions(talk.cycle, talk.assessment)
    return questions.indicator(code).title if code is not None and code in questions else None


async def marked(session: Session, by: Speaker, value: str, now: datetime) -> Message:
    """Agree to one answer, or to all that are left, as an option of the select says.

    Raises:
        NotFound, AnswersChanged, NotThePersonsTurn, NotAllowed.
    """
    chosen = parse_about(value)
    talk = await assessments.find(session, by, Act.REVIEW, chosen.assessment_id)
    codes = [indicator.code for indicator in editions.questions(talk.cycle, talk.assessment).indicators]
    if chosen.code != ALL and chosen.code not in codes:
        raise NotFound(what="question", named=chosen.code or "")
    which = codes if chosen.code == ALL else [chosen.code or ""]
    agreed = await assessments.mark_fine(session, by, talk, chosen.version, which, now)
    given = await review_queries.said_at(session, talk.assessment.id)
    facts = {
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "title": _title(talk, chosen.code),
        "agreed": len(agreed),
        "answered": len(given),
    }
    return Message("review/marked", facts, (Choice(Deed.SEE_SUBMISSION, str(talk.assessment.id)),))


def commented(talk: Talk, code: str | None, text: str) -> Message:
    """To the secretariat that has commented."""
    facts = {"member": talk.member.name, "cycle": talk.cycle.title, "title": _title(talk, code), "text": text}
    return Message("review/commented", facts, (Choice(Deed.SEE_SUBMISSION, str(talk.assessment.id)),))


async def replied(session: Session, talk: Talk, code: str | None, text: str) -> Message:
    """To whoever has answered a comment: what was kept, and what waits still."""
    waiting = await threads.waiting(session, talk)
    left = await thread_facts.items(session, talk, waiting)
    state = talk.assessment.state
    facts = {
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "title": _title(talk, code),
        "text": text,
        "left": left,
        "with_country": state in (AssessmentState.IN_PROGRESS, AssessmentState.RETURNED),
    }
    if facts["with_country"]:
        # It goes to the secretariat with the rest.
        deed = Deed.RESUME if await queries.open_questions(session, talk.assessment.id) else Deed.REVIEW
        return Message("review/replied", facts, (Choice(deed, f"{talk.assessment.id}:0::", style="primary"),))
    return Message("review/replied", facts, ways_to_reply(talk, waiting) if waiting else ())


def undone(talk: Talk, by: Speaker, why: str, published: list[str], now: datetime) -> Message:
    """What stands in the place of an acceptance that was undone.

    Args:
        published: the titles of what it shared and is published already.
    """
    facts = {
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "person": by.name,
        "why": why,
        "when": now,
        "published": published,
    }
    return Message("review/undone", facts)


async def comments_of(session: Session, by: Speaker, named: str) -> Message:
    """The threads of a country's assessments that run: for its own people who answer and its coordinator, and, where
    it was handed in, for the secretariat.

    Args:
        named: a country's code or name; empty: one's own.

    Raises:
        NotFound: no such country.
        NotAllowed: another's country, or a role that reads no answers.
    """
    cycles = await cycle_queries.asked(session, RUNNING)
    rows: list[dict[str, object]] = []
    name = None
    for cycle in reversed(cycles):
        for one in await queries.standings(session, cycle.id):
            if not (people.is_called(one.member, named) if named else one.member.code == by.member):
                continue
            permissions.require(by, Act.READ_ANSWERS, one.member.code)
            name = one.member.name
            if not assessments.may_read(by, one.member.code, one.assessment.state):
                continue
            talk = Talk(one.assessment, one.cycle, one.member, None)
            found = await thread_facts.all_of(session, talk)
            rows.append({"cycle": cycle.title, "threads": await thread_facts.items(session, talk, found)})
    if name is None:
        permissions.require(by, Act.READ_ANSWERS, by.member)
        raise NotFound(what="member" if named else "cycle", named=named)
    return Message("review/threads", {"member": name, "cycles": [row for row in rows if row["threads"]]})
