"""Evidence is added and taken away by those who answer, while they may answer. A change of it changes the answer.

What was cleared was cleared with its evidence: a piece that comes or goes makes a new version of the assessment.
"""

from __future__ import annotations

from datetime import datetime

from bot import audit, permissions
from bot.assessments import asking
from bot.assessments.answering import begin
from bot.assessments.delegated import check_contributor, narrowed
from bot.assessments.moves import check_unlocked, not_their_turn, subject
from bot.editions import questions
from bot.errors import NotFound
from bot.evidence.given import Handed, Limits, Link
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Delegation, Evidence, StoredFile
from db.queries import assessments as assessment_queries
from db.queries import evidence as queries
from db.queries import reviews as review_queries
from db.queries.assessments import Talk
from db.queries.evidence import Found
from db.vocabulary import AssessmentState


async def add(
    session: Session,
    by: Speaker,
    talk: Talk,
    indicator: str,
    what: Link | Handed,
    limits: Limits,
    now: datetime,
    *,
    delegation: Delegation | None = None,
) -> Evidence:
    """Keep a link or a file behind one answer; what stands there already is not kept twice.

    Args:
        indicator: a question of the assessment.
        delegation: the part that a contributor answers.

    Raises:
        NotAllowed, NotFound, PartSettled, Locked, NotThePersonsTurn.
        EvidenceRefused: there is enough behind this answer.
    """
    await _check(session, by, talk, indicator, delegation, now)
    behind = await queries.of(session, [talk.assessment.id])
    standing = [kept.evidence for kept in behind if kept.evidence.indicator == indicator]
    file_id = await _stored(session, by, talk.assessment.member_code, what, now) if isinstance(what, Handed) else None
    link = what.address if isinstance(what, Link) else None
    for each in standing:
        if (each.link, each.file_id) == (link, file_id):
            return each
    if len(standing) >= limits.most:
        raise limits.refused("many", what.title)
    evidence = Evidence(
        assessment_id=talk.assessment.id,
        indicator=indicator,
        title=what.title,
        link=link,
        file_id=file_id,
        added_by=by.person_id,
        added_at=now,
        via=by.via,
        removed_by=None,
        removed_at=None,
    )
    await queries.put(session, evidence)
    await _changed(session, by, talk, evidence, "add_evidence", now)
    return evidence


async def _stored(session: Session, by: Speaker, member: str, what: Handed, now: datetime) -> int:
    known = await queries.stored(session, member, what.sha256)
    if known is not None:
        return known
    file = StoredFile(
        member_code=member,
        sha256=what.sha256,
        name=what.name,
        media_type=what.kind.media_type,
        size=len(what.content),
        content=what.content,
        added_by=by.person_id,
        added_at=now,
    )
    return await queries.store(session, file)


async def remove(session: Session, by: Speaker, evidence_id: int, now: datetime) -> Found:
    """Take a piece away. It stays in the history; nobody gets it any more.

    Raises:
        NotFound: there is none, or it is not theirs.
        PartSettled, Locked, NotThePersonsTurn.
    """
    found = await queries.one(session, evidence_id, lock=True)
    if found is None:
        raise NotFound(what="evidence", named=str(evidence_id))
    talk, evidence = found.talk, found.kept.evidence
    part = await part_of(session, by, talk, evidence.indicator)
    if not permissions.allowed(by, Act.ANSWER, talk.assessment.member_code) and part is None:
        raise NotFound(what="evidence", named=str(evidence_id))
    await _check(session, by, talk, evidence.indicator, part, now)
    if await queries.take_away(session, evidence_id, by.person_id, now):
        await _changed(session, by, talk, evidence, "remove_evidence", now)
    return found


async def part_of(session: Session, by: Speaker, talk: Talk, indicator: str) -> Delegation | None:
    """The contributor's own part that a question is in; None where there is none, and of whoever answers for the
    member."""
    member = talk.assessment.member_code
    if permissions.allowed(by, Act.ANSWER, member) or not permissions.allowed(by, Act.CONTRIBUTE, member):
        return None
    for part in await queries.parts_of(session, talk.assessment.id, by.person_id):
        if indicator in codes_of(talk, part):
            return part
    return None


def codes_of(talk: Talk, part: Delegation) -> set[str]:
    """The questions of a part."""
    return {each.code for each in narrowed(questions(talk.cycle, talk.assessment), part).indicators}


async def _check(
    session: Session, by: Speaker, talk: Talk, indicator: str, delegation: Delegation | None, now: datetime
) -> None:
    if delegation is None:
        permissions.require(by, Act.ANSWER, talk.assessment.member_code)
    else:
        check_contributor(by, talk, delegation, indicator)
    check_unlocked(talk, now)
    if delegation is None:
        await begin(session, by, talk, now)
    if talk.assessment.state is not AssessmentState.IN_PROGRESS:
        raise not_their_turn(talk)


async def _changed(session: Session, by: Speaker, talk: Talk, evidence: Evidence, act: str, now: datetime) -> None:
    await assessment_queries.next_version(session, talk.assessment)
    # What the review agreed to stood on other evidence.
    await review_queries.unmark(session, talk.assessment.id, [evidence.indicator])
    await asking.changed(session, by, talk, evidence.indicator, now)
    await audit.record(
        session,
        by,
        act,
        subject(talk.assessment.id),
        now,
        indicator=evidence.indicator,
        evidence=evidence.id,
        title=evidence.title,
        link=evidence.link,
        file=evidence.file_id,
    )
