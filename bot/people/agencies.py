"""Agencies: the ministries, public bodies and social partners of a member, and the bodies that stand for no country."""

from __future__ import annotations

from datetime import datetime

from bot import audit
from bot.errors import NotFound
from bot.messages import Deed, Field, Form, Message
from bot.people import mechanisms
from bot.people.kept import LONGEST_NAME, Given, Kept, Slip, again, mark, one
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
YES = "yes"


async def form(session: Session, by: Speaker, slip: Slip, label: Label) -> Form:
    """The form in which an agency of a member is added or changed.

    Raises:
        NotFound, NotAllowed.
    """
    member = await kept_by(session, by, slip)
    agency = await _found(session, member, slip)
    fields = (
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
        Field("sits", "agency_sits", _seats(label), initial=("yes" if agency.sits else "no") if agency else None),
    )
    return Form(Deed.KEEP_AGENCY, fields, Slip(member.code, slip.number, _mark(agency)).text)


async def store(session: Session, by: Speaker, slip: Slip, given: Given, now: datetime, label: Label) -> Kept:
    """Keep what was filled in, if the agency is still as the form showed it.

    Raises:
        NotFound, NotAllowed.
    """
    member = await kept_by(session, by, slip)
    agency = await _found(session, member, slip)
    name = one(given, "name")
    kind, sector, sits = one(given, "kind"), one(given, "sector"), one(given, "sits")
    problems = {
        field: "share_choose"
        for field, chosen, known in (
            ("kind", kind, [each.value for each in OF_A_MEMBER]),
            ("sector", sector, list(Sector)),
            ("sits", sits, (YES, "no")),
        )
        if chosen not in known
    }
    if not name or len(name) > LONGEST_NAME:
        problems["name"] = "register_too_long" if name else "share_needed"
    if _another(await queries.of_member(session, member.code), name, slip.number):
        problems["name"] = "agency_known"
    if problems:
        return Kept(problems)
    if agency is not None and _mark(agency) != slip.mark:
        facts = {"name": agency.name, "kind": agency.kind.value, "sector": agency.sector.value, "sits": agency.sits}
        changed = await changed_last(session, member.code)
        intro = Message("mechanism/agency_meanwhile", {"member": member.name, **facts, "changed": changed})
        return Kept(anew=again(await form(session, by, slip, label), given, intro))
    wanted = {"name": name, "kind": AgencyKind(kind), "sector": Sector(sector), "sits": sits == YES}
    before = {field: getattr(agency, field) for field in wanted} if agency else {}
    if before == wanted:
        return Kept(said=await card(session, by, member, now, "unchanged"))
    if agency is None:
        agency = Agency(member_code=member.code, **wanted)
        session.add(agency)
    for field, value in wanted.items():
        setattr(agency, field, value)
    await session.flush()
    about = mechanisms.subject(member.code)
    act = "change_agency" if before else "add_agency"
    await audit.record(session, by, act, about, now, agency=agency.id, before=before, after=wanted)
    return Kept(said=await card(session, by, member, now, "agency_changed" if before else "agency_added", name))


def _seats(label: Label) -> tuple[tuple[str, str], ...]:
    return ((YES, label("agency_sits_yes")), ("no", label("agency_sits_no")))


def _mark(agency: Agency | None) -> str:
    return mark(agency.name, agency.kind, agency.sector, agency.sits) if agency else ""


def _another(agencies: list[Agency], name: str, number: int) -> bool:
    return any(each.name.casefold() == name.casefold() and each.id != number for each in agencies)


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
