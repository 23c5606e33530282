"""The signed link that lets one browser in, once, to one part.

The first browser that says yes on the page gets a cookie, and is the only one that the link is good for from then on: a
link that was forwarded opens nothing. Another link goes by mail, to the address of whoever was invited, and to nobody
else. Opening the page changes nothing, as mail gateways open links too.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import audit, ledger, workdays
from bot.assessments import check_contributor, is_locked, part_subject, title_of_part
from bot.editions import questions as questions_of
from bot.errors import NotAllowed, NotFound, Refusal
from bot.people import speaker_of
from bot.people.contacts import ANSWERING
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Delegation, Entry
from db.queries import delegations as queries
from db.queries import people as people_queries
from db.queries import profiles as profile_queries
from db.queries.delegations import Own
from db.vocabulary import DelegationState, Medium, Role, Via

# What the link is good for, and the path of its page.
ENTRY_LINK = "contribute"
LINK_KIND = "delegation/link"
# A link is good for a week behind the contributor's day, and for a week at least; never after the cycle has closed.
LIVES = timedelta(days=7)
# A link with less time left than this goes into no further mail.
STILL_GOOD = timedelta(days=3)
LINKS_A_DAY = 3
ASKS_FOR_LINK = "ask_for_link"
A_DAY = timedelta(days=1)
A_MINUTE = timedelta(minutes=1)


class AnotherBrowser(Refusal):
    """The link has let another browser in, or has been replaced. Facts: person, address."""


class TooManyLinks(Refusal):
    """This person was sent so many links within a day, whatever they are for. Facts: address, again."""


@dataclass(frozen=True)
class Inside:
    """Who holds up a link, and what it leads to.

    Attributes:
        by: the contributor whose link it is.
        is_in: this browser is the one that was let in.
        may_enter: nobody was let in yet, and its time is not over.
        address: where the mails of the contributor go, with most of it hidden.
    """

    entry: Entry
    own: Own
    by: Speaker
    is_in: bool
    may_enter: bool
    address: str

    @property
    def part(self) -> str:
        """What people call the part."""
        delegation = self.own.delegation
        return title_of_part(
            questions_of(self.own.talk.cycle, self.own.talk.assessment), delegation.section, delegation.indicator
        )


async def fresh_entry(session: Session, delegation: Delegation, closes_at: datetime, zone: str, now: datetime) -> Entry:
    """The link that the next mail about a part carries: the one that is there while it is good for some days, else a
    new one. A new one is for the browser that was let in before, if there is one."""
    last = await queries.newest_entry(session, delegation.id)
    ends = _ends(delegation, closes_at, zone, now)
    if last is not None and last.expires_at > now and last.expires_at >= min(now + STILL_GOOD, ends):
        return last
    return await _add(session, delegation, ends, now, last)


def _ends(delegation: Delegation, closes_at: datetime, zone: str, now: datetime) -> datetime:
    """The last minute of a day in this zone."""
    last = max(workdays.local(now, zone).date(), delegation.due_on) + LIVES
    return min(closes_at, workdays.at(last + workdays.DAY, 0, zone) - A_MINUTE)


async def _add(session: Session, delegation: Delegation, ends: datetime, now: datetime, last: Entry | None) -> Entry:
    entry = Entry(
        delegation_id=delegation.id,
        person_id=delegation.person_id,
        made_at=now,
        expires_at=ends,
        browser=last.browser if last else None,
        used_at=last.used_at if last else None,
    )
    return await queries.add_entry(session, entry)


def browser_of(cookie: str) -> str:
    """What is kept of a browser: nobody who reads the database can make its cookie."""
    return hashlib.sha256(cookie.encode()).hexdigest()


async def inside(session: Session, entry_id: int, cookie: str | None, now: datetime) -> Inside:
    """Whose link it is, and whether this browser is in.

    Args:
        entry_id: from a link whose signature was checked; its time may be over.
        cookie: what the browser holds, if anything.

    Raises:
        NotFound: there is no such link any more.
        NotAllowed: its owner is no contributor of this country today.
    """
    entry = await queries.entry(session, entry_id)
    own = await queries.own(session, entry.delegation_id) if entry else None
    if entry is None or own is None or own.delegation.person_id != entry.person_id:
        raise NotFound(what="link", named=str(entry_id))
    by, address = await _owner(session, own, now)
    browser = browser_of(cookie) if cookie else None
    is_in = browser is not None and await queries.is_in(session, entry.delegation_id, browser, now)
    may_enter = entry.browser is None and entry.expires_at > now
    return Inside(entry, own, by, is_in, may_enter and not is_in, _hidden(address))


async def _owner(session: Session, own: Own, now: datetime) -> tuple[Speaker, str]:
    member = own.talk.assessment.member_code
    held = await people_queries.hats_of_person(session, own.delegation.person_id, workdays.register_day(now))
    for hat in held:
        if hat.role is Role.CONTRIBUTOR and hat.member == member:
            return speaker_of(hat, Via.PAGE), hat.email or ""
    raise NotAllowed(act=Act.CONTRIBUTE.value, role=Role.CONTRIBUTOR.value)


def _hidden(address: str) -> str:
    """`r…@example.org`: enough to know one's own address, too little to learn another's."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}…@{domain}" if domain else ""


def invitation(found: Inside, now: datetime) -> dict[str, object]:
    """What stands on the page before somebody is let in: for whom it is and about what, and nothing of the answers."""
    own, state = found.own, found.own.delegation.state
    if state is DelegationState.OPEN and is_locked(own.talk, now):
        state = DelegationState.OVERTAKEN
    return {
        "name": found.by.name,
        "address": found.address,
        "part": found.part,
        "member": own.talk.member.name,
        "cycle": own.talk.cycle.title,
        "due": own.delegation.due_on,
        "state": state.value,
    }


async def asker(session: Session, own: Own, now: datetime) -> dict[str, str | None]:
    """Whom a contributor can ask: who handed them the part, or whoever answers for the country by now. They are of one
    country, and know each other."""
    today = workdays.register_day(now)
    held = await people_queries.holders(session, ANSWERING, today, own.talk.assessment.member_code)
    held.sort(key=lambda hat: (hat.person_id != own.delegation.given_by, hat.role is not Role.FOCAL_POINT))
    return {"ask": held[0].name if held else None, "ask_email": held[0].email if held else None}


async def enter(session: Session, found: Inside, cookie: str, now: datetime) -> None:
    """Let this browser in, the first one only. The other links of the part end with it.

    Raises:
        AnotherBrowser: another was let in before, or the link's time is over.
        PartSettled: there is nothing to answer any more.
    """
    check_contributor(found.by, found.own.talk, found.own.delegation)
    if found.is_in:
        return
    if not await queries.let_in(session, found.entry.id, browser_of(cookie), now):
        raise AnotherBrowser(person=found.by.name, address=found.address)
    await queries.end_entries(session, found.own.delegation.id, now, but=found.entry.id)
    await audit.record(session, found.by, "enter", part_subject(found.own.delegation.id), now, entry=found.entry.id)


async def send_new_link(session: Session, found: Inside, now: datetime) -> None:
    """Mail another link to whoever was invited; whoever asked need not be that person.

    Until it is used, the browser that was let in stays in.

    Raises:
        PartSettled: there is nothing to answer any more.
        TooManyLinks: a few a day for one person.
        NotFound: nobody can be written to.
    """
    check_contributor(found.by, found.own.talk, found.own.delegation)
    delegation, zone = found.own.delegation, found.own.talk.member.zone
    if is_locked(found.own.talk, now) or not found.address:
        raise NotFound(what="link", named=str(found.entry.id))
    sent = await profile_queries.done_since(session, found.by.person_id, ASKS_FOR_LINK, now - A_DAY)
    if len(sent) >= LINKS_A_DAY:
        raise TooManyLinks(address=found.address, again=sent[-LINKS_A_DAY] + A_DAY)
    entry = await _add(session, delegation, _ends(delegation, found.own.talk.closes_at, zone, now), now, None)
    await ledger.queue(
        session,
        now,
        key=ledger.key("part-link", entry.id),
        kind=LINK_KIND,
        subject=part_subject(delegation.id),
        person_id=delegation.person_id,
        medium=Medium.EMAIL,
        facts={"entry": entry.id},
        not_after=entry.expires_at,
    )
    await audit.record(session, found.by, ASKS_FOR_LINK, part_subject(delegation.id), now, entry=entry.id)
