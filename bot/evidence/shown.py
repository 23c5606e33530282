"""What people see of evidence: what stands behind an answer, the list of an assessment, the form, the file itself.

A file is handed out only to who may read the answer that it stands behind, as a file to keep and never as a page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from bot import files, people, permissions, workdays
from bot.assessments import doubting
from bot.assessments.delegated import narrowed
from bot.assessments.moves import is_locked, may_read
from bot.editions import questions as questions_of
from bot.errors import NotFound, numbered
from bot.evidence.given import (
    LONGEST_LINK,
    LONGEST_TITLE,
    MEGABYTE,
    EvidenceRefused,
    Handed,
    Limits,
    Link,
    link_of,
)
from bot.evidence.keeping import add, codes_of, part_of
from bot.formats import QuestionSet
from bot.messages import Attachment, Choice, Deed, Field, Form, Menu, Message, Sort
from bot.people.kept import Given as Answers
from bot.people.kept import one
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Delegation
from db.queries import assessments as assessment_queries
from db.queries import clearances as file_queries
from db.queries import evidence as queries
from db.queries import people as people_queries
from db.queries.assessments import Given, Talk
from db.queries.evidence import Found, Kept
from db.vocabulary import ANSWERABLE, Via

# What a link to a file is good for, and how long.
EVIDENCE_LINK = "evidence"
LINK_LIVES = timedelta(days=1)
KILOBYTE = 1000

# (person id, evidence id, until) -> the page where this person gets the file; None without a public address.
FileLink = Callable[[int, int, datetime], str | None]
Of = dict[int, dict[str, list[Kept]]]


def without_pages(_person: int, _evidence: int, _until: datetime) -> str | None:
    """The way to a file where the bot has no pages: there is none."""
    return None


async def of(session: Session, assessment_ids: Collection[int]) -> Of:
    """What stands behind the answers of some assessments, by assessment and question, in one statement."""
    found: Of = {}
    for kept in await queries.of(session, assessment_ids):
        found.setdefault(kept.evidence.assessment_id, {}).setdefault(kept.evidence.indicator, []).append(kept)
    return found


def beside(answer: Given | None, behind: Collection[Kept] = ()) -> dict[str, Any] | None:
    """What is said beside an answer, as layout/beside.chat.j2 takes it; None where there is nothing.

    Returns:
        explanation: what the country said to an unusual value; right: it said only that it is right; evidence: what
        each piece is called.
    """
    row = doubting.doubt_of(answer)
    explanation = answer.explanation if answer is not None else None
    right = row is not None and row["state"] == doubting.Asked.RIGHT and not explanation
    evidence = [kept.evidence.title for kept in behind]
    if not (explanation or right or evidence):
        return None
    return {"explanation": explanation, "right": right, "evidence": evidence}


@dataclass(frozen=True)
class Seen:
    """An assessment as somebody may see its evidence.

    Attributes:
        questions: all of them, or those of a contributor's own parts.
        part: the contributor's part, where there is one only.
        answers: it is theirs to answer now.
    """

    talk: Talk
    questions: QuestionSet
    part: Delegation | None
    answers: bool


async def seen(session: Session, by: Speaker, assessment_id: int, now: datetime, delegation_id: int | None) -> Seen:
    """What somebody may see of an assessment's evidence.

    Raises:
        NotFound: there is no such assessment, or it is not theirs to see.
    """
    talk = await assessment_queries.talk(session, assessment_id)
    nothing = NotFound(what="assessment", named=str(assessment_id))
    if talk is None:
        raise nothing
    member, state = talk.assessment.member_code, talk.assessment.state
    questions = questions_of(talk.cycle, talk.assessment)
    answerable = state in ANSWERABLE and not is_locked(talk, now)
    if may_read(by, member, state):
        return Seen(talk, questions, None, answerable and permissions.allowed(by, Act.ANSWER, member))
    if permissions.allowed(by, Act.CONTRIBUTE, member):
        for part in await queries.parts_of(session, assessment_id, by.person_id):
            if part.id == delegation_id:
                return Seen(talk, narrowed(questions, part), part, answerable)
    raise nothing


def parse(value: str) -> tuple[int, int | None]:
    """(assessment id, part id) of a button that is about the evidence of an assessment."""
    left, _, right = value.partition(":")
    return numbered(left), numbered(right) if right else None


def token(assessment_id: int, part: Delegation | None) -> str:
    """What such a button carries."""
    return f"{assessment_id}:{part.id}" if part else str(assessment_id)


async def listing(session: Session, by: Speaker, value: str, now: datetime, link: FileLink) -> Message:
    """All evidence of an assessment that somebody may see, with the ways to add and to take away for who answers.

    Raises:
        NotFound.
    """
    assessment_id, part_id = parse(value)
    found = await seen(session, by, assessment_id, now, part_id)
    behind = (await of(session, [assessment_id])).get(assessment_id, {})
    expires = now + LINK_LIVES
    rows: list[dict[str, Any]] = [
        {
            "title": indicator.title,
            "pieces": [_piece(kept, link(by.person_id, kept.evidence.id, expires)) for kept in behind[indicator.code]],
        }
        for indicator in found.questions.indicators
        if indicator.code in behind
    ]
    facts = {
        "member": found.talk.member.name,
        "cycle": found.talk.cycle.title,
        "rows": rows,
        "files": any(piece["file"] for row in rows for piece in row["pieces"]),
        "pages": any(piece["link"] for row in rows for piece in row["pieces"] if piece["file"]),
        "expires": expires,
        "answers": found.answers,
        "gone": None,
    }
    return Message("evidence/list", facts, _ways(found, behind))


def _ways(found: Seen, behind: dict[str, list[Kept]]) -> tuple[Choice | Menu, ...]:
    get = _to_get(found, behind)
    if not found.answers:
        return get
    add = Choice(Deed.ADD_EVIDENCE, token(found.talk.assessment.id, found.part), style="primary")
    options = tuple(
        (str(kept.evidence.id), kept.evidence.title)
        for indicator in found.questions.indicators
        for kept in behind.get(indicator.code, [])
    )
    return (add, *get, Menu(Deed.REMOVE_EVIDENCE, options, "remove_evidence")) if options else (add,)


def _to_get(found: Seen, behind: dict[str, list[Kept]]) -> tuple[Menu, ...]:
    """The files that can be had in the chat; none where there is none."""
    options = tuple(
        (str(kept.evidence.id), kept.evidence.title)
        for indicator in found.questions.indicators
        for kept in behind.get(indicator.code, [])
        if kept.evidence.file_id is not None
    )
    return (Menu(Deed.GET_EVIDENCE, options, "get_evidence"),) if options else ()


def _piece(kept: Kept, link: str | None) -> dict[str, Any]:
    row = kept.evidence
    kind = next((each for each in files.TYPES.values() if each.media_type == kept.media_type), None)
    return {
        "title": row.title,
        "file": row.file_id is not None,
        "kind": kind.name.upper() if kind else None,
        "kilobytes": -(-(kept.size or 0) // KILOBYTE),
        "link": link if row.file_id is not None else row.link,
        # Whoever chose the title of a link does not hide where it leads.
        "host": None if row.link is None or _names(row.title, row.link) else urlsplit(row.link).hostname,
        "person": kept.person,
        "when": row.added_at,
    }


def _names(title: str, link: str) -> bool:
    """Whether a title is the address itself, with or without its beginning, or the first part of it."""
    return link.partition("//")[2].startswith(title.partition("//")[2] or title)


async def form(session: Session, by: Speaker, value: str, now: datetime, limits: Limits) -> Form:
    """The form in which evidence is handed in.

    Raises:
        NotFound: it is not theirs to answer, or not now.
    """
    assessment_id, part_id = parse(value)
    found = await seen(session, by, assessment_id, now, part_id)
    if not found.answers:
        raise NotFound(what="assessment", named=str(assessment_id))
    options = tuple((each.code, each.title) for each in found.questions.indicators)
    facts = {
        "member": found.talk.member.name,
        "cycle": found.talk.cycle.title,
        "kinds": [kind.upper() for kind in limits.kinds],
        "most": limits.largest // MEGABYTE,
    }
    fields = (
        Field("question", "evidence_question", options),
        Field("link", "evidence_link", optional=True, maximum=LONGEST_LINK, hint="evidence_link_hint"),
        Field("file", "evidence_file", optional=True, sort=Sort.FILE, maximum=1),
        Field("title", "evidence_title", optional=True, maximum=LONGEST_TITLE, hint="evidence_title_hint"),
    )
    return Form(Deed.ADD_EVIDENCE, fields, value, Message("evidence/form", facts))


@dataclass(frozen=True)
class Filled:
    """What was filled in of the form; the title is of the link."""

    indicator: str
    link: Link | None
    file_ids: tuple[str, ...]


def read_form(given: Answers, limits: Limits) -> tuple[Filled | None, dict[str, str]]:
    """The form read back, and what is wrong with it, by field: keys of templates/labels.toml."""
    code, typed, file_ids = one(given, "question"), one(given, "link"), tuple(given.get("file", []))[:1]
    if not typed and not file_ids:
        return None, {"link": "evidence_nothing"}
    try:
        link = link_of(typed, limits, one(given, "title")) if typed else None
    except EvidenceRefused:
        return None, {"link": "evidence_bad_link"}
    return Filled(code, link, file_ids), {}


async def take(
    session: Session,
    by: Speaker,
    value: str,
    filled: Filled,
    handed: Sequence[Handed | EvidenceRefused],
    limits: Limits,
    now: datetime,
    link: FileLink,
) -> Message:
    """Keep what a filled-in form brought, all of it or nothing, and show what stands there now.

    Raises:
        EvidenceRefused, NotFound, NotAllowed, PartSettled, Locked, NotThePersonsTurn.
    """
    assessment_id, part_id = parse(value)
    found = await seen(session, by, assessment_id, now, part_id)
    if filled.indicator not in found.questions:
        raise NotFound(what="indicator", named=filled.indicator[:40])
    talk = await assessment_queries.talk(session, assessment_id, lock=True) or found.talk
    for what in (filled.link, *handed):
        if isinstance(what, EvidenceRefused):
            raise what
        if what is not None:
            await add(session, by, talk, filled.indicator, what, limits, now, delegation=found.part)
    return await listing(session, by, value, now, link)


async def removed(session: Session, by: Speaker, found: Found, now: datetime, link: FileLink) -> Message:
    """What stands there after a piece was taken away, and which it was."""
    talk, row = found.talk, found.kept.evidence
    part = await part_of(session, by, talk, row.indicator)
    message = await listing(session, by, token(talk.assessment.id, part), now, link)
    return replace(message, facts={**message.facts, "gone": row.title})


@dataclass(frozen=True)
class KeptFile:
    """A file to be handed out. `name` is made by the bot; `media_type` was told by the content."""

    name: str
    media_type: str
    content: bytes


async def file_for(session: Session, person_id: int, evidence_id: int, now: datetime) -> KeptFile:
    """A file, for the person whose link it is, as long as they hold a role that may see it.

    Raises:
        NotFound: there is none, it was taken away, or it is not theirs to see any more.
    """
    found = await queries.one(session, evidence_id)
    nothing = NotFound(what="evidence", named=str(evidence_id))
    if found is None or found.kept.evidence.file_id is None:
        raise nothing
    talk, row = found.talk, found.kept.evidence
    hats = await people_queries.hats_of_person(session, person_id, workdays.register_day(now))
    for hat in hats:
        by = people.speaker_of(hat, Via.PAGE)
        if may_read(by, talk.assessment.member_code, talk.assessment.state) or await _in_part(
            session, by, talk, row.indicator
        ):
            break
    else:
        raise nothing
    kind = next(each for each in files.TYPES.values() if each.media_type == found.kept.media_type)
    name = f"evidence-{talk.assessment.member_code}-{row.indicator}-{row.id}.{kind.ending}"
    return KeptFile(name, kind.media_type, await file_queries.content(session, row.file_id or 0))


async def handed_out(session: Session, by: Speaker, evidence_id: int, now: datetime) -> Message:
    """A file as it goes into the direct messages of who asks for it: the same as by their link, to the same people.

    Raises:
        NotFound: as of `file_for`.
    """
    file = await file_for(session, by.person_id, evidence_id, now)
    found = await queries.one(session, evidence_id)
    if found is None:
        raise NotFound(what="evidence", named=str(evidence_id))
    talk, row = found.talk, found.kept.evidence
    asked = {each.code: each.title for each in questions_of(talk.cycle, talk.assessment).indicators}
    facts = {
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "question": asked.get(row.indicator, row.indicator),
        "title": row.title,
    }
    attached = Attachment(file.name, file.content, file.media_type, row.title)
    return Message("evidence/file", facts, files=(attached,))


async def _in_part(session: Session, by: Speaker, talk: Talk, indicator: str) -> bool:
    if not permissions.allowed(by, Act.CONTRIBUTE, talk.assessment.member_code):
        return False
    parts = await queries.parts_of(session, talk.assessment.id, by.person_id)
    return any(indicator in codes_of(talk, part) for part in parts)
