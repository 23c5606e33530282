"""Agencies: the ministries, public bodies and social partners of a member, and the bodies that stand for no country.

A member's are kept by whoever keeps its mechanism, and shown with it; the bodies are kept by the secretariat, and shown
in a list of their own, with the people who stand for them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import audit, permissions, workdays
from bot.errors import NotFound
from bot.messages import Choice, Deed, Field, Form, Menu, Message
from bot.people import mechanisms
from bot.people.kept import LONGEST_NAME, REMOVE, Given, Kept, Slip, again, mark, one, removal, removes
from bot.people.mechanisms import Label, card, changed_last, kept_by
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Agency, Member
from db.queries import agencies as queries
from db.queries import people as people_queries
from db.vocabulary import AgencyKind, Role, Sector

# A country has agencies of these kinds; those of the others stand for no country.
OF_A_MEMBER = (
    AgencyKind.MINISTRY,
    AgencyKind.PUBLIC_BODY,
    AgencyKind.WORKERS,
    AgencyKind.EMPLOYERS,
    AgencyKind.CIVIL_SOCIETY,
)
BODIES = tuple(kind for kind in AgencyKind if kind not in OF_A_MEMBER)
# What the audit calls the bodies.
SUBJECT = "bodies"
FIELDS = ("name", "kind", "sector", "sits")
YES, NO = "yes", "no"
# So many are offered in a select.
MOST = 99


async def bodies(session: Session, by: Speaker, now: datetime, done: str | None = None, about: str = "") -> Message:
    """The bodies that stand for no country, with their people, and buttons for whoever keeps them.

    Args:
        done: what has just been stored: `added`, `changed`, `removed` or `unchanged`.
        about: the name of what was stored.

    Raises:
        NotAllowed: not everybody reads the register.
    """
    permissions.require(by, Act.READ_REGISTER, by.member)
    found = await queries.of_no_member(session)
    held = await people_queries.holders(session, list(Role), workdays.register_day(now))
    rows = [
        {
            "name": each.name,
            "kind": each.kind.value,
            "sector": each.sector.value,
            "people": sorted({hat.name for hat in held if hat.agency_id == each.id}),
        }
        for kind in BODIES
        for each in found
        if each.kind is kind
    ]
    choices: tuple[Choice | Menu, ...] = ()
    if permissions.allowed(by, Act.APPOINT):
        choices = (Choice(Deed.KEEP_BODY, Slip("").text),)
        if found:
            options = tuple((Slip("", each.id).text, each.name) for each in found)
            choices += (Menu(Deed.KEEP_BODY, options, "change_body"),)
    return Message("register/bodies", {"rows": rows, "done": done, "about": about}, choices)


async def form(session: Session, by: Speaker, slip: Slip, label: Label) -> Form:
    """The form in which an agency of a member, or a body of none, is added, changed or taken out.

    Raises:
        NotFound, NotAllowed.
    """
    member = await _whose(session, by, slip)
    agency = await _found(session, member, slip)
    fields = [
        Field("name", "agency_name", maximum=LONGEST_NAME, initial=agency.name if agency else None),
        Field(
            "kind",
            "agency_kind",
            tuple((each.value, label(f"agency_kind_{each.value}")) for each in _kinds(member)),
            initial=agency.kind.value if agency else None,
        ),
        Field(
            "sector",
            "agency_sector",
            tuple((each.value, label(f"sector_{each.value}")) for each in Sector),
            initial=agency.sector.value if agency else None,
        ),
    ]
    if member is not None:
        seats = ((YES, label("agency_sits_yes")), (NO, label("agency_sits_no")))
        fields.append(Field("sits", "agency_sits", seats, initial=(YES if agency.sits else NO) if agency else None))
    if agency is not None:
        fields.append(removal("agency_remove_yes", label))
    deed = Deed.KEEP_AGENCY if member is not None else Deed.KEEP_BODY
    intro = mechanisms.whose(member) if member is not None else None
    return Form(deed, tuple(fields), Slip(slip.member, slip.number, _mark(agency)).text, intro)


async def store(session: Session, by: Speaker, slip: Slip, given: Given, now: datetime, label: Label) -> Kept:
    """Keep what was filled in, if the agency is still as the form showed it.

    Raises:
        NotFound, NotAllowed.
    """
    member = await _whose(session, by, slip)
    agency = await _found(session, member, slip)
    removed = agency is not None and removes(given)
    own = await (queries.of_member(session, member.code) if member else queries.of_no_member(session))
    stands = [each for each in own if (agency is None or each is agency) and _says(each, given)]
    if stands and not removed:
        # Nothing of it is new: the same form may have been sent twice.
        return Kept(said=await _shown(session, by, member, now, "unchanged", stands[0].name))
    problems = await _problems(session, member, agency, given, own, removed=removed)
    if problems:
        return Kept(problems)
    if agency is not None and _mark(agency) != slip.mark:
        facts = {"name": agency.name, "kind": agency.kind.value, "sector": agency.sector.value, "sits": agency.sits}
        changed = await changed_last(session, _subject(member), "agency", agency.id)
        facts |= {"member": member.name if member else None, "changed": changed}
        intro = Message("mechanism/agency_meanwhile", facts)
        return Kept(anew=again(await form(session, by, slip, label), given, intro))
    before: dict[str, Any] = {field: getattr(agency, field) for field in FIELDS} if agency else {}
    if agency is not None and removed:
        await session.delete(agency)
        return await _kept(session, by, member, now, agency.id, before, {})
    wanted: dict[str, Any] = {
        "name": one(given, "name"),
        "kind": AgencyKind(one(given, "kind")),
        "sector": Sector(one(given, "sector")),
        "sits": member is not None and one(given, "sits") == YES,
    }
    if agency is None:
        agency = Agency(member_code=member.code if member else None, **wanted)
        session.add(agency)
    for field, value in wanted.items():
        setattr(agency, field, value)
    await session.flush()
    return await _kept(session, by, member, now, agency.id, before, wanted)


async def _problems(
    session: Session, member: Member | None, agency: Agency | None, given: Given, own: list[Agency], *, removed: bool
) -> dict[str, str]:
    """What is wrong with what was filled in; a form may have been forged."""
    if removed and agency is not None:
        return {REMOVE: "agency_in_use"} if await queries.is_in_use(session, agency.id) else {}
    name = one(given, "name")
    chosen = {"kind": _kinds(member), "sector": tuple(Sector), **({"sits": (YES, NO)} if member else {})}
    problems = {field: "share_choose" for field, known in chosen.items() if one(given, field) not in known}
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
    member: Member | None,
    now: datetime,
    number: int,
    before: dict[str, Any],
    after: dict[str, Any],
) -> Kept:
    """Record what was done, and show the mechanism or the bodies with it."""
    await session.flush()
    done = "added" if not before else "changed" if after else "removed"
    await audit.record(session, by, f"agency_{done}", _subject(member), now, agency=number, before=before, after=after)
    return Kept(said=await _shown(session, by, member, now, done, (after or before)["name"]))


async def _shown(session: Session, by: Speaker, member: Member | None, now: datetime, done: str, name: str) -> Message:
    if member is None:
        return await bodies(session, by, now, done, name)
    return await card(session, by, member, now, done if done == "unchanged" else f"agency_{done}", name)


def _says(agency: Agency, given: Given) -> bool:
    """Whether an agency stands as it was filled in."""
    sits = agency.member_code is None or one(given, "sits") == (YES if agency.sits else NO)
    return sits and (agency.name, agency.kind, agency.sector) == tuple(
        one(given, x) for x in ("name", "kind", "sector")
    )


def _kinds(member: Member | None) -> tuple[AgencyKind, ...]:
    return OF_A_MEMBER if member is not None else BODIES


def _subject(member: Member | None) -> str:
    return mechanisms.subject(member.code) if member is not None else SUBJECT


def _mark(agency: Agency | None) -> str:
    return mark(agency.name, agency.kind, agency.sector, agency.sits) if agency else ""


async def _whose(session: Session, by: Speaker, slip: Slip) -> Member | None:
    """The member whose agency is about to be changed; None for a body of no country, which is the secretariat's.

    Raises:
        NotFound, NotAllowed.
    """
    if slip.member:
        return await kept_by(session, by, slip)
    permissions.require(by, Act.APPOINT)
    return None


async def _found(session: Session, member: Member | None, slip: Slip) -> Agency | None:
    """The agency that is to be changed, by nobody else until the transaction ends; None for a new one.

    Raises:
        NotFound: it is none of this member's.
    """
    if not slip.number:
        return None
    agency = await queries.locked(session, slip.number)
    if agency is None or agency.member_code != (member.code if member else None):
        raise NotFound(what="agency", named=str(slip.number))
    return agency
