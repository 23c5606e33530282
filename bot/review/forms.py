"""The forms of a review: return, comment, accept without some answers, undo an acceptance; made and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot import assessments, editions, permissions
from bot.assessments import threads
from bot.errors import NotFound, numbered
from bot.messages import Deed, Field, Form, Message
from bot.permissions import Act
from bot.reading import clean, write
from bot.review import thread as thread_facts
from bot.review.tokens import parse, parse_about
from bot.speaker import Speaker
from db.engine import Session
from db.queries import assessments as queries
from db.queries.assessments import Talk
from db.vocabulary import Availability

# Short enough to be read on a phone between two meetings.
LONGEST_QUESTION = 1000
# More answers than these are set aside by returning the assessment instead.
ASIDES_AT_MOST = 20

Filled = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Asked:
    """What a filled-in return form asks: of which assessment, as it was seen in which version."""

    assessment_id: int
    version: int
    questions: tuple[tuple[str | None, str], ...]


def return_form(talk: Talk, version: int, shown_at: str) -> Form:
    """The form in which the secretariat chooses the questioned indicators and writes its question.

    Args:
        shown_at: where the submission stands, to be brought up to date afterwards.
    """
    questions = editions.questions(talk.cycle, talk.assessment)
    options = tuple((indicator.code, indicator.title) for indicator in questions.indicators)
    return Form(
        Deed.RETURN,
        (
            Field("indicators", "return_indicators", options, many=True, optional=True),
            Field("question", "return_question", multiline=True, maximum=LONGEST_QUESTION),
        ),
        f"{talk.assessment.id}:{version}|{shown_at}",
        Message("review/return_form", {"member": talk.member.name, "cycle": talk.cycle.title}),
    )


def read_return(private: str, given: Filled) -> Asked:
    """The return form read back; with no indicator chosen the question is about the whole.

    Raises:
        NotFound: the form was not made by this bot.
    """
    assessment_id, version = parse(private.partition("|")[0])
    text = "\n".join(given.get("question", []))
    return Asked(assessment_id, version, tuple((code, text) for code in given.get("indicators") or [None]))


def shown_at(private: str) -> str:
    """Where the submission stands that a form was opened from."""
    return private.split("|")[1] if "|" in private else ""


def typed(given: Filled, name: str) -> str:
    """What was typed into a field, as it is kept; empty: nothing."""
    return clean("\n".join(given.get(name, [])))


async def comment_form(session: Session, by: Speaker, value: str, shown_at: str) -> Form:
    """The form in which the secretariat says something about one answer, without returning it: what stands and what
    was said before is above it.

    Args:
        shown_at: where the submission stands, to be brought up to date afterwards.

    Raises:
        NotFound, NotAllowed.
    """
    asked = parse_about(value)
    talk = await assessments.find(session, by, Act.REVIEW, asked.assessment_id)
    field = Field("text", "comment_text", multiline=True, maximum=LONGEST_QUESTION)
    return Form(Deed.COMMENT, (field,), f"{value}|{shown_at}", await _above(session, talk, asked.code))


async def reply_form(session: Session, by: Speaker, value: str) -> Form:
    """The form in which whoever answers for the country says something to a comment.

    Raises:
        NotFound, NotAllowed.
    """
    asked = parse_about(value)
    talk = await assessments.find(session, by, Act.ANSWER, asked.assessment_id)
    field = Field("text", "reply_text", multiline=True, maximum=LONGEST_QUESTION)
    return Form(Deed.REPLY_COMMENT, (field,), value, await _above(session, talk, asked.code))


async def _above(session: Session, talk: Talk, code: str | None) -> Message:
    questions = editions.questions(talk.cycle, talk.assessment)
    if code is not None and code not in questions:
        raise NotFound(what="question", named=code)
    found = (await threads.of(session, talk.assessment.id)).get(code)
    answer = (await queries.answers(session, talk.assessment.id)).get(code or "")
    given = answer is not None and answer.availability is not Availability.SKIPPED
    facts = {
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "title": questions.indicator(code).title if code else None,
        "value": write(assessments.reply_of(answer), questions.indicator(code)) if code and answer and given else None,
        "lines": thread_facts.facts(found),
    }
    return Message("review/thread_form", facts)


async def aside_form(session: Session, by: Speaker, value: str, where: str) -> Form:
    """The form in which the answers are chosen that an assessment is accepted without.

    Raises:
        NotFound, NotAllowed.
    """
    assessment_id, version = parse(value)
    talk = await assessments.find(session, by, Act.REVIEW, assessment_id)
    answers = await queries.answers(session, talk.assessment.id)
    options = tuple(
        (indicator.code, indicator.title)
        for indicator in editions.questions(talk.cycle, talk.assessment).indicators
        if indicator.code in answers and answers[indicator.code].availability is not Availability.SKIPPED
    )
    facts = {"member": talk.member.name, "cycle": talk.cycle.title, "chosen": None}
    field = Field("indicators", "aside_indicators", options, many=True)
    return Form(Deed.ACCEPT_WITHOUT, (field,), f"{assessment_id}:{version}|{where}", Message("review/aside", facts))


def chosen_asides(private: str) -> list[str]:
    """The questions that were chosen in the first of the two forms; none in that form itself."""
    parts = private.split("|")
    return parts[2].split(",") if len(parts) > 2 and parts[2] else []


async def reasons_form(session: Session, by: Speaker, private: str, codes: Sequence[str]) -> Form:
    """The second form: a reason for each answer that was chosen.

    Raises:
        NotFound, NotAllowed.
    """
    assessment_id, version = parse(private.partition("|")[0])
    talk = await assessments.find(session, by, Act.REVIEW, assessment_id)
    questions = editions.questions(talk.cycle, talk.assessment)
    known = [questions.indicator(code) for code in codes if code in questions][:ASIDES_AT_MOST]
    if not known:
        raise NotFound(what="question", named=", ".join(codes)[:40])
    fields = tuple(
        Field(
            f"why_{number}",
            "aside_why",
            multiline=True,
            maximum=LONGEST_QUESTION,
            facts={"title": indicator.title},
        )
        for number, indicator in enumerate(known)
    )
    facts = {
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "chosen": [{"title": indicator.title, "required": indicator.required} for indicator in known],
    }
    kept = ",".join(indicator.code for indicator in known)
    private = f"{assessment_id}:{version}|{shown_at(private)}|{kept}"
    intro = Message("review/aside", facts)
    return Form(Deed.ACCEPT_WITHOUT, fields, private, intro, submit="accept_without_these")


def read_reasons(private: str, given: Filled) -> tuple[dict[str, str], dict[str, str]]:
    """The reasons that were written, by question; and what is wrong, by field."""
    codes = chosen_asides(private)
    why = {code: typed(given, f"why_{number}") for number, code in enumerate(codes)}
    wrong = {f"why_{number}": "reason_needed" for number, code in enumerate(codes) if not why[code]}
    return why, wrong


async def undo_form(session: Session, by: Speaker, value: str, where: str) -> Form:
    """The form in which the secretariat says why an acceptance is undone.

    Raises:
        NotFound, NotAllowed.
    """
    permissions.require(by, Act.REVIEW)
    talk = await assessments.find(session, by, Act.REVIEW, numbered(value))
    facts = {"member": talk.member.name, "cycle": talk.cycle.title}
    field = Field("reason", "undo_reason", multiline=True, maximum=LONGEST_QUESTION)
    return Form(Deed.UNDO_ACCEPT, (field,), f"{talk.assessment.id}|{where}", Message("review/undo_form", facts))


def undone_of(private: str) -> int:
    """The assessment whose acceptance is undone.

    Raises:
        NotFound: the form was not made by this bot.
    """
    return numbered(private.partition("|")[0])
