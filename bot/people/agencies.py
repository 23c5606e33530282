"""Agencies: the ministries, public bodies and social partners of a member, and the bodies that stand for no country."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import audit
from bot.errors import NotFound
from bot.messages import Deed, Field, Form, Message
from bot.people import mechanisms
from bot.people.kept import LONGEST_NAME, REMOVE, Given, Kept, Slip, again, mark, one, removal, removes
from bot.people.mechanisms import Label, card, changed_last, kept_by
from bot.speaker import Speaker
from db.engine import Session
from db.models import Agency, Member
from db.queries import agencies as queries
from db.vocabulary import AgencyKind, Sector

# A country has agencies of these kinds; those of the others stand for no country.
OF_A_MEMBER = (
    AgencyKind.MINISTRY,
    AgencyKind.PUBLIC_BODY,
    AgencyKind.WORKERS,
    AgencyKind.EMPLOYERS,
    AgencyKind.CIVIL_SOCIETY,
)
FIELDS = ("name", "kind", "sector", "sits")
YES, NO = "yes", "no"
# So many are offered in a select.
MOST = 99


async def form(session: Session, by: Speaker, slip: Slip, label: Label) -> Form:
    """The form in which an agency of a member is added, changed or taken out.

    Raises:
        NotFound, NotAllowed.
    """
    member = await kept_by(session, by, slip)
    agency = await _found(session, member, slip)
    fields = [
        Field("name", "agency_name", maximum=LONGEST_NAME, initial=agency.name if agency else None),
        Field(
            "kind",
            "agency_kind",
            tuple((each.value, label(f"agency_kind_{each.value}")) for each in OF_A_MEMBER),
            initial=agency.kind.value if agency else None,
        ),
        Field(
            "sector",
            "agency_sector",
            tuple((each.value, label(f"sector_{each.value}")) for each in Sector),
            initial=agency.sector.value if agency else None,
        ),
        Field("sits", "agency_sits", _seats(label), initial=(YES if agency.sits else NO) if agency else None),
    ]
    if agency is not None:
        fields.append(removal("agency_remove_yes", label))
    return Form(Deed.KEEP_AGENCY, tuple(fields), Slip(member.code, slip.number, _mark(agency)).text)


async def store(session: Session, by: Speaker, slip: Slip, given: Given, now: datetime, label: Label) -> Kept:
    """Keep what was filled in, if the agency is still as the form showed it.

    Raises:
        NotFound, NotAllowed.
    """
    member = await kept_by(session, by, slip)
    agency = await _found(session, member, slip)
    removed = agency is not None and removes(given)
    problems = await _problems(session, member, agency, given, removed=removed)
    if problems:
        return Kept(problems)
    if agency is not None and _mark(agency) != slip.mark:
        facts = {"name": agency.name, "kind": agency.kind.value, "sector": agency.sector.value, "sits": agency.sits}
        changed = await changed_last(session, member.code, "agency", agency.id)
        intro = Message("mechanism/agency_meanwhile", {"member": member.name, **facts, "changed": changed})
        return Kept(anew=again(await form(session, by, slip, label), given, intro))
    before: dict[str, Any] = {field: getattr(agency, field) for field in FIELDS} if agency else {}
    if agency is not None and removed:
        await session.delete(agency)
        return await _kept(session, by, member, now, agency.id, before, {})
    wanted: dict[str, Any] = {
        "name": one(given, "name"),
        "kind": AgencyKind(one(given, "kind")),
        "sector": Sector(one(given, "sector")),
        "sits": one(given, "sits") == YES,
    }
    if agency is None:
        agency = Agency(member_code=member.code, **wanted)
        session.add(agency)
    for field, value in wanted.items():
        setattr(agency, field, value)
    await session.flush()
    return await _kept(session, by, member, now, agency.id, before, wanted)


async def _problems(
    session: Session, member: Member, agency: Agency | None, given: Given, *, removed: bool
) -> dict[str, str]:
    """What is wrong with what was filled in; a form may have been forged."""
    if removed and agency is not None:
        return {REMOVE: "agency_in_use"} if await queries.is_in_use(session, agency.id) else {}
    name = one(given, "name")
    problems = {
        field: "share_choose"
        for field, known in (("kind", OF_A_MEMBER), ("sector", tuple(Sector)), ("sits", (YES, NO)))
        if one(given, field) not in known
    }
    own = await queries.of_member(session, member.code)
    others = [each for each in own if agency is None or each.id != agency.id]
    if not name or len(name) > LONGEST_NAME:
        problems["name"] = "register_too_long" if name else "share_needed"
    elif name.casefold() in [each.name.casefold() for each in others]:
        problems["name"] = "agency_known"
    elif agency is None and len(own) >= MOST:
        problems["name"] = "agency_too_many"
    return problems


async def _kept(
    session: Session,
    by: Speaker,
    member: Member,
    now: datetime,
    number: int,
    before: dict[str, Any],
    after: dict[str, Any],
) -> Kept:
    """Record what was done, and show the mechanism with it."""
    if before == after:
        return Kept(said=await card(session, by, member, now, "unchanged"))
    await session.flush()
    deed = "agency_added" if not before else "agency_changed" if after else "agency_removed"
    about = mechanisms.subject(member.code)
    await audit.record(session, by, deed, about, now, agency=number, before=before, after=after)
    return Kept(said=await card(session, by, member, now, deed, (after or before)["name"]))


def _seats(label: Label) -> tuple[tuple[str, str], ...]:
    return ((YES, label("agency_sits_yes")), (NO, label("agency_sits_no")))


def _mark(agency: Agency | None) -> str:
    return mark(agency.name, agency.kind, agency.sector, agency.sits) if agency else ""


async def _found(session: Session, member: Member, slip: Slip) -> Agency | None:
    """The agency that is to be changed; None for a new one.

    Raises:
        NotFound: it is none of this member's.
    """
    if not slip.number:
        return None
    agency = await queries.agency(session, slip.number)
    if agency is None or agency.member_code != member.code:
        raise NotFound(what="agency", named=str(slip.number))
    return agency
