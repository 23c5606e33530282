"""Who is asked for the national yes, step by step; and when what was asked or given counts no more.

A yes is asked for one version of the answers and counts for just that version. Nobody's silence is ever one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from bot import ledger, people, workdays
from bot.assessments.moves import (
    DUTIES_OF_ANSWERING,
    DUTIES_OF_CLEARING,
    MoveName,
    is_locked,
    move,
    not_their_turn,
    subject,
)
from bot.speaker import Speaker
from db.engine import Session
from db.models import Clearance, Member
from db.queries import clearances as queries
from db.queries import people as people_queries
from db.queries.assessments import Standing, Talk
from db.queries.clearances import Step, Voided, Yes
from db.queries.people import Hat
from db.vocabulary import AssessmentState, ClearanceState, Role

ASK_KIND = "clearance/ask"
REMIND_KIND = "clearance/remind"
NOBODY_KIND = "clearance/nobody"
# Who gives it where a member wants a clearance and has named nobody.
USUAL = Step(1, Role.COORDINATOR, None, None)


async def steps_of(session: Session, member: str) -> list[Step]:
    """Who must clear for a member, in order; at least one."""
    return await queries.steps(session, member) or [USUAL]


def clearers(hats: Sequence[Hat], role: Role, agency_id: int | None, barred: Collection[int]) -> list[Hat]:
    """Who may give a yes now, of those who hold a role for this member: those at work, or all where none is. Nobody of
    the secretariat: it gives no country's yes, whatever else they are appointed to.

    Args:
        barred: people who may not, being the authors.
    """
    held = [hat for hat in hats if stands(hat, role, agency_id) and hat.person_id not in barred and not hat.secretariat]
    return [hat for hat in held if not hat.away] or held


def stands(hat: Hat, role: Role, agency_id: int | None) -> bool:
    """Whether somebody holds the role that a step names."""
    return hat.role is role and agency_id in (None, hat.agency_id)


async def barred(session: Session, talk: Talk, asked_by: int) -> frozenset[int]:
    """The authors, where the member does not let them clear: who hands it in, and whose words stand in the answers."""
    return (await all_barred(session, [(talk.member, talk.assessment.id, asked_by)]))[talk.assessment.id]


async def all_barred(session: Session, asked: Collection[tuple[Member, int, int]]) -> dict[int, frozenset[int]]:
    """The same for several assessments, in one statement at most; by assessment.

    Args:
        asked: the member, the assessment, and who handed it in.
    """
    wrote = await queries.writers(session, [about for member, about, _ in asked if not member.author_may_clear])
    return {
        about: frozenset() if member.author_may_clear else frozenset({handed_in, *wrote.get(about, ())})
        for member, about, handed_in in asked
    }


async def holders(session: Session, talk: Talk, row: Clearance, now: datetime) -> list[Hat]:
    """Who may give this yes today."""
    hats = await people_queries.holders(session, [row.role], workdays.register_day(now), talk.assessment.member_code)
    return clearers(hats, row.role, row.agency_id, await barred(session, talk, row.asked_by))


async def in_the_way(session: Session, talk: Talk, row: Clearance, now: datetime) -> str | None:
    """Where nobody may give a yes: why those who hold its role all the same may not.

    Returns:
        `secretariat`: all of them are of the secretariat; `author`: some are authors; None: nobody holds it.
    """
    hats = await people_queries.holders(session, [row.role], workdays.register_day(now), talk.assessment.member_code)
    held = [hat for hat in hats if stands(hat, row.role, row.agency_id)]
    if not held:
        return None
    return "secretariat" if all(hat.secretariat for hat in held) else "author"


async def waits_alone(session: Session, member: str, appointment_id: int, now: datetime) -> list[str]:
    """The cycles of a member whose yes nobody could give any more, if this role ended."""
    found: list[str] = []
    for one in await queries.waiting(session):
        row = one.clearance
        if one.member.code != member or is_locked(one, now):
            continue
        hats = await people_queries.holders(session, [row.role], workdays.register_day(now), member)
        authors = await barred(session, Talk(one.assessment, one.cycle, one.member, None), row.asked_by)
        left = [hat for hat in hats if hat.appointment_id != appointment_id]
        if clearers(hats, row.role, row.agency_id, authors) and not clearers(left, row.role, row.agency_id, authors):
            found.append(one.cycle.title)
    return found


async def asked_of(
    session: Session, standings: Collection[Standing], now: datetime, asked: Sequence[Yes] | None = None
) -> dict[int, list[Hat]]:
    """Who may give the yes that each of these assessments waits for, by assessment.

    Args:
        asked: what they wait for, where that is known already.
    """
    if not standings:
        return {}
    asked = await queries.asked(session, [one.assessment.id for one in standings]) if asked is None else asked
    rows = {yes.clearance.assessment_id: yes.clearance for yes in asked}
    hats = await people_queries.holders(session, list({row.role for row in rows.values()}), workdays.register_day(now))
    waiting = [(one, rows[one.assessment.id]) for one in standings if one.assessment.id in rows]
    authors = await all_barred(session, [(one.member, one.assessment.id, row.asked_by) for one, row in waiting])
    found: dict[int, list[Hat]] = {}
    for one, row in waiting:
        own = [hat for hat in hats if hat.member == one.member.code]
        found[one.assessment.id] = clearers(own, row.role, row.agency_id, authors[one.assessment.id])
    return found


async def ask(session: Session, by: Speaker, talk: Talk, now: datetime) -> bool:
    """Hand in for clearance: the first step that has not said yes to this very version is asked.

    Returns:
        False when every step has: nothing has changed since, and nobody is asked again.

    Raises:
        NotThePersonsTurn, NotAllowed.
    """
    step = await open_step(session, talk, by.person_id)
    if step is None:
        return False
    if not await move(session, by, talk, MoveName.ASK_CLEARANCE, now, review_begun_at=None):
        await session.refresh(talk.assessment)
        raise not_their_turn(talk)
    await ledger.cancel(session, subject(talk.assessment.id), DUTIES_OF_ANSWERING, now)
    await ask_step(session, talk, step, by.person_id, now, at_once=True)
    return True


async def open_step(session: Session, talk: Talk, author: int) -> Step | None:
    """The first step that has not said yes to this very version; None when every one has.

    Args:
        author: the person who hands it in. What an author said yes to when it was somebody else's does not count any
            more, where the member does not let them clear.
    """
    authors = await barred(session, talk, author)
    given = {
        (row.role, row.agency_id)
        for row in (yes.clearance for yes in await queries.of_assessment(session, talk.assessment.id))
        if row.state is ClearanceState.CLEARED
        and row.version == talk.assessment.version
        and (row.signatory is not None or row.person_id not in authors)
    }
    steps = await steps_of(session, talk.assessment.member_code)
    return next((step for step in steps if (step.role, step.agency_id) not in given), None)


async def ask_step(
    session: Session, talk: Talk, step: Step, author: int, now: datetime, *, at_once: bool = False
) -> Clearance:
    """Ask for the yes of one step.

    Args:
        author: the person who hands it in.
        at_once: they hear in the answer itself whom it waits for.
    """
    row = Clearance(
        assessment_id=talk.assessment.id,
        version=talk.assessment.version,
        place=step.place,
        role=step.role,
        agency_id=step.agency_id,
        state=ClearanceState.ASKED,
        asked_by=author,
        asked_at=now,
    )
    session.add(row)
    await session.flush()
    entries = asking(row, talk.assessment.member_code, await holders(session, talk, row, now), told_author=at_once)
    await ledger.queue_all(session, now, entries)
    return row


def asking(
    row: Clearance, member: str, hats: Sequence[Hat], *, known: Collection[str] = (), told_author: bool = False
) -> list[ledger.Entry]:
    """The messages that ask for a yes, one to each who may give it; where nobody may, those that say so.

    They are keyed by the person: a successor is asked too, and nobody is asked twice. That nobody may is said anew when
    somebody was asked since and may no more.

    Args:
        known: the keys of what was queued about this before.
        told_author: whoever handed it in has the answer before their eyes that nobody can be asked.
    """
    about = subject(row.assessment_id)
    if hats:
        return [
            ledger.Entry(
                key=ledger.key("clearance-ask", row.id, hat.person_id),
                kind=ASK_KIND,
                subject=about,
                person_id=hat.person_id,
                facts={"clearance": row.id},
            )
            for hat in hats
        ]
    facts = {"clearance": row.id}
    asked = sum(key.startswith(f"clearance-ask:{row.id}:") for key in known)
    since = (asked,) if asked else ()
    return [
        ledger.Entry(
            key=ledger.key("clearance-nobody", row.id, "secretariat", *since),
            kind=NOBODY_KIND,
            subject=about,
            channel="secretariat",
            facts=facts,
        ),
        ledger.Entry(
            key=ledger.key("clearance-nobody", row.id, Role.FOCAL_POINT.value, *since),
            kind=NOBODY_KIND,
            subject=about,
            facts={**facts, **people.to_role(member)},
            void="said_at_submit" if told_author else None,
        ),
    ]


async def changed(session: Session, by: Speaker, talk: Talk, indicator: str | None, now: datetime) -> None:
    """An answer is another now: what was asked or given for the version before counts no more, and those are told.

    Members that want no clearance pay nothing for this.

    Args:
        indicator: the question; None: what was written about the whole.
    """
    if not talk.member.clearance_wanted:
        return
    gone = await queries.void(session, talk.assessment.id, "changed", now, before=talk.assessment.version)
    await _tell_void(session, by, talk, gone, "changed", now, indicator=indicator)


async def stop_asking(session: Session, by: Speaker | None, talk: Talk, why: str, now: datetime) -> None:
    """What is asked now is asked no more, and those who were asked are told why. A yes that was given stands.

    Args:
        why: `withdrawn`, `setting`, `excused` or `cancelled`.
    """
    gone = await queries.void(session, talk.assessment.id, why, now, states=(ClearanceState.ASKED,))
    await ledger.cancel(session, subject(talk.assessment.id), DUTIES_OF_CLEARING, now)
    await _tell_void(session, by, talk, gone, why, now)


async def ask_anew(session: Session, by: Speaker, talk: Talk, now: datetime) -> Clearance | None:
    """The member's setting changed while this waits: whoever must clear now is asked; what nobody must clear any more
    is given back to those who answer.

    Returns:
        Who is asked now; None when it was given back: nobody must clear it, or all who must have said yes already.
    """
    asked = await queries.asked(session, [talk.assessment.id])
    author = asked[0].clearance.asked_by if asked else by.person_id
    await stop_asking(session, by, talk, "setting", now)
    step = await open_step(session, talk, author) if talk.member.clearance_wanted else None
    if step is not None:
        return await ask_step(session, talk, step, author, now)
    if not await move(session, by, talk, MoveName.GIVE_BACK, now):
        raise not_their_turn(talk)
    return None


async def called_off(session: Session, by: Speaker, standings: Collection[Standing], now: datetime) -> None:
    """A cycle is called off: nobody needs to clear anything of it."""
    for one in standings:
        if one.assessment.state is AssessmentState.AWAITING_CLEARANCE:
            talk = Talk(one.assessment, one.cycle, one.member, None)
            await stop_asking(session, by, talk, "cancelled", now)


async def closed(session: Session, standings: Collection[Standing | Talk], now: datetime) -> None:
    """A cycle has closed, or a member's own time is over: of what still waits for its clearance, those who were asked
    and those who answer are told."""
    waiting = [one for one in standings if one.assessment.state is AssessmentState.AWAITING_CLEARANCE]
    entries: list[ledger.Entry] = []
    for one in waiting:
        about = subject(one.assessment.id)
        stamp = one.closes_at.isoformat()
        told = await queries.told(session, about, ASK_KIND)
        asked = {yes.clearance.id for yes in await queries.asked(session, [one.assessment.id])}
        for person in {each.person_id for each in told if each.facts.get("clearance") in asked}:
            key = ledger.key("clearance-closed", one.assessment.id, stamp, person or 0)
            entries.append(ledger.Entry(key=key, kind="clearance/closed", subject=about, person_id=person))
        key = ledger.key("clearance-closed", one.assessment.id, stamp, Role.FOCAL_POINT.value)
        facts = people.to_role(one.member.code)
        entries.append(ledger.Entry(key=key, kind="clearance/closed", subject=about, facts=facts))
    await ledger.queue_all(session, now, entries)


async def _tell_void(
    session: Session,
    by: Speaker | None,
    talk: Talk,
    gone: Sequence[Voided],
    why: str,
    now: datetime,
    *,
    indicator: str | None = None,
) -> None:
    """Tell whoever was asked, or had said yes, once."""
    if not gone:
        return
    about, ids = subject(talk.assessment.id), {each.id for each in gone}
    to: dict[int, int] = {}
    for delivery in await queries.told(session, about, ASK_KIND):
        if delivery.person_id is not None and delivery.facts.get("clearance") in ids:
            to[delivery.person_id] = delivery.facts["clearance"]
    to |= {each.person_id: each.id for each in gone if each.person_id is not None and each.signatory is None}
    facts = {"why": why, "by": by.name if by else None, "indicator": indicator, "when": now.isoformat()}
    entries = [
        ledger.Entry(
            key=ledger.key("clearance-void", clearance_id, person_id),
            kind="clearance/void",
            subject=about,
            person_id=person_id,
            facts={**facts, "clearance": clearance_id},
        )
        for person_id, clearance_id in to.items()
        if by is None or person_id != by.person_id
    ]
    await ledger.queue_all(session, now, entries)
