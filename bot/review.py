"""The secretariat's side of an assessment: what was submitted, and what became of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot import assessments, clearance, delegation, editions, people, permissions
from bot.errors import NotFound, numbered
from bot.messages import Choice, Deed, Field, Form, Message
from bot.people import Contact
from bot.permissions import Act
from bot.reading import write
from bot.speaker import Speaker
from db.engine import Session
from db.models import Delivery
from db.queries import assessments as queries
from db.queries import experiences as experience_queries
from db.queries import people as people_queries
from db.queries.assessments import Given, Talk
from db.vocabulary import AssessmentState, Availability, ExperienceState

# Short enough to be read on a phone between two meetings.
LONGEST_QUESTION = 1000


def token(talk: Talk) -> str:
    """What a review button carries: the assessment, and the version that was seen."""
    return f"{talk.assessment.id}:{talk.assessment.version}"


def parse(value: str) -> tuple[int, int]:
    """(assessment id, version) of a review button.

    Raises:
        NotFound: it was not made by this bot.
    """
    left, _, right = value.partition(":")
    return numbered(left), numbered(right)


async def shown(session: Session, talk: Talk) -> Message:
    """A submitted assessment with its answers, and Accept or Return while it can be reviewed."""
    questions = editions.questions(talk.cycle, talk.assessment)
    answers = await queries.answers(session, talk.assessment.id)
    last = await queries.last_accepted(
        session, talk.assessment.member_code, talk.cycle.period_start, editions.canonical(questions)
    )
    asked = await queries.review_questions(session, talk.assessment.id)
    behind = await delegation.authors(session, talk, answers)
    sections: list[dict[str, Any]] = []
    for section in questions.sections:
        rows: list[dict[str, Any]] = []
        for indicator in section.indicators:
            answer, before = answers.get(indicator.code), last.get(indicator.code)
            stands = _given(answer)
            rows.append(
                {
                    "title": indicator.title,
                    "value": write(assessments.reply_of(stands), indicator) if stands else None,
                    "last": write(assessments.reply_of(before.answer), indicator) if before else None,
                    "same": bool(stands and before and _same(stands, before.answer)),
                    "text": indicator.kind.value == "text",
                    "asked": [q.text for q in asked if q.indicator == indicator.code],
                    "authors": asdict(behind[indicator.code]) if indicator.code in behind else None,
                }
            )
        given = any(row["value"] or row["asked"] for row in rows)
        sections.append({"letter": section.letter, "title": section.title, "answers": rows, "given": given})
    submitter = await people_queries.person(session, talk.assessment.submitted_by or 0)
    under_review = talk.assessment.state is AssessmentState.SUBMITTED
    record = await clearance.record(session, talk.assessment.id, talk.assessment.version)
    facts = {
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "round": talk.assessment.round,
        "submitted": talk.assessment.submitted_at,
        "person": submitter.name if submitter else "",
        "late": bool(talk.assessment.submitted_at and talk.assessment.submitted_at > talk.due_at),
        "state": talk.assessment.state.value,
        "sections": sections,
        "silent": [f"{section['letter']} {section['title']}" for section in sections if not section["given"]],
        "general": [{"text": q.text, "answer": q.answer} for q in asked if q.indicator is None],
        "record": record,
        "answered": sum(_given(answer) is not None for answer in answers.values()),
        "total": len(questions.indicators),
    }
    choices = (
        (Choice(Deed.ACCEPT, token(talk), style="primary"), Choice(Deed.RETURN, token(talk))) if under_review else ()
    )
    letters = tuple(Choice(Deed.SEE_LETTER, str(one["id"])) for one in record if one["scan"])
    return Message("review/submission", facts, (*choices, *letters))


def _given(answer: Given | None) -> Given | None:
    return answer if answer is not None and answer.availability is not Availability.SKIPPED else None


def _same(now: Given, before: Given) -> bool:
    return (now.number, now.text, now.year, now.availability) == (
        before.number,
        before.text,
        before.year,
        before.availability,
    )


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
    )


def read_return(private: str, given: dict[str, list[str]]) -> Asked:
    """The return form read back; with no indicator chosen the question is about the whole.

    Raises:
        NotFound: the form was not made by this bot.
    """
    assessment_id, version = parse(private.partition("|")[0])
    text = "\n".join(given.get("question", []))
    return Asked(assessment_id, version, tuple((code, text) for code in given.get("indicators") or [None]))


def shown_at(private: str) -> str:
    """Where the submission stands that a return form was opened from."""
    return private.partition("|")[2]


async def submission(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:  # noqa: ARG001 - a composer's signature
    """The ledger's message to the secretariat's channel; gone once it was withdrawn or reviewed."""
    talk = await queries.talk(session, int(delivery.subject.split(":")[1]))
    if talk is None or talk.assessment.state is not AssessmentState.SUBMITTED:
        return None
    if talk.assessment.round != delivery.facts.get("round"):
        return None
    return await shown(session, talk)


async def withdrawn(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:  # noqa: ARG001 - a composer's signature
    """A submission was taken back; gone once it was handed in again."""
    talk = await queries.talk(session, int(delivery.subject.split(":")[1]))
    if talk is None or talk.assessment.state is not AssessmentState.IN_PROGRESS:
        return None
    if talk.assessment.round != delivery.facts["round"]:
        return None
    facts = {
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "person": delivery.facts["person"],
        "when": datetime.fromisoformat(delivery.facts["when"]),
    }
    return Message("review/withdrawn", facts)


async def open_for(session: Session, by: Speaker, member: str, now: datetime) -> Message:
    """A member's submission, for the secretariat that asks for it; the review has then begun.

    Args:
        member: a country's code or name.

    Raises:
        NotFound: nothing of this member waits for review.
        NotAllowed: not the secretariat.
    """
    permissions.require(by, Act.REVIEW)
    for talk in await queries.awaiting_review(session):
        if people.is_called(talk.member, member):
            await assessments.begin_review(session, by, talk, now)
            return await shown(session, talk)
    raise NotFound(what="submission", named=member)


async def waiting(session: Session, by: Speaker) -> Message:
    """What waits for review, the oldest first.

    Raises:
        NotAllowed: not the secretariat.
    """
    permissions.require(by, Act.REVIEW)
    rows = [
        {
            "member": talk.member.name,
            "code": talk.member.code,
            "cycle": talk.cycle.title,
            "since": talk.assessment.submitted_at,
            "begun": talk.assessment.review_begun_at,
        }
        for talk in await queries.awaiting_review(session)
    ]
    return Message("review/waiting", {"rows": rows})


async def decided(session: Session, by: Speaker, talk: Talk, now: datetime) -> Message:
    """What stands in the place of the buttons once the review has decided."""
    questions = editions.questions(talk.cycle, talk.assessment)
    returned = talk.assessment.state is AssessmentState.RETURNED
    asked = await queries.open_questions(session, talk.assessment.id) if returned else []
    titles = {indicator.code: indicator.title for indicator in questions.indicators}
    return Message(
        "review/decided",
        {
            "member": talk.member.name,
            "cycle": talk.cycle.title,
            "state": talk.assessment.state.value,
            "person": by.name,
            "when": now,
            "asked": [{"title": titles.get(q.indicator or ""), "text": q.text} for q in asked],
        },
    )


async def experience_card(
    session: Session,
    delivery: Delivery,
    contact: Contact | None,  # noqa: ARG001 - a composer's signature
    now: datetime,  # noqa: ARG001
) -> Message | None:
    """A shared experience in the secretariat's channel, with Publish and Decline."""
    shared = await experience_queries.shared(session, int(delivery.subject.split(":")[1]))
    if shared is None or shared.experience.state is not ExperienceState.SHARED:
        return None
    value = str(shared.experience.id)
    return Message(
        "experience/moderate",
        _experience_facts(shared),
        (Choice(Deed.PUBLISH, value, style="primary"), Choice(Deed.DECLINE, value)),
    )


async def experience_published(
    session: Session,
    delivery: Delivery,
    contact: Contact | None,  # noqa: ARG001 - a composer's signature
    now: datetime,  # noqa: ARG001
) -> Message | None:
    """A published experience in the network's channel."""
    shared = await experience_queries.shared(session, int(delivery.subject.split(":")[1]))
    if shared is None or shared.experience.state is not ExperienceState.PUBLISHED:
        return None
    return Message("experience/published", _experience_facts(shared))


def _experience_facts(shared: experience_queries.Shared) -> dict[str, Any]:
    experience = shared.experience
    return {
        "kind": experience.kind.value,
        "theme": experience.theme.value,
        "title": experience.title,
        "text": experience.text,
        "person": shared.person,
        "member": shared.member or shared.body,
        "when": experience.shared_at,
    }
