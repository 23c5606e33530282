"""The national coordination mechanisms: one with all that belongs to it, and all of them side by side.

What a mechanism stands on is kept here; its agencies in agencies.py, its meetings and milestones in meetings.py. Every
change is recorded under one subject, so that whoever comes second is told who was first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot import audit, permissions, workdays
from bot.errors import NotFound
from bot.messages import Choice, Deed, Field, Form, Menu, Message, Sort
from bot.people import members
from bot.people.kept import LONGEST_NAME, LONGEST_TEXT, Given, Kept, Slip, again, days, lines, mark, one
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Agency, Cycle, Mechanism, Member
from db.queries import agencies as agency_queries
from db.queries import audit as audit_queries
from db.queries import cycles as cycle_queries
from db.queries import mechanisms as queries
from db.queries import people as people_queries
from db.vocabulary import CycleState, MechanismStatus

Label = Callable[[str], str]
# So many of the newest are shown; the others are counted.
MEETINGS_SHOWN = 3
OFFERED = 99
NOBODY = "nobody"
# What the audit calls a change of the mechanism itself; who sits in it is changed with it.
EDITED = "edit_mechanism"
FIELDS = ("name", "status", "legal_basis", "lead", "established_on", "sits")


@dataclass(frozen=True)
class Period:
    """The days in which meetings are counted: those of the open cycle, or this year."""

    called: str
    start: date
    end: date


def subject(member: str) -> str:
    """What the audit calls a mechanism and all that belongs to it."""
    return f"mechanism:{member}"


async def period(session: Session, now: datetime) -> Period:
    """The longest period that is asked about now; without an open cycle the year of the register's day."""
    cycles: Sequence[Cycle] = await cycle_queries.asked(session, [CycleState.OPEN])
    if cycles:
        longest = max(cycles, key=lambda cycle: cycle.period_end - cycle.period_start)
        return Period(longest.code, longest.period_start, longest.period_end)
    year = workdays.register_day(now).year
    return Period(str(year), date(year, 1, 1), date(year, 12, 31))


async def named(session: Session, by: Speaker, text: str) -> Member:
    """The member that was named; without a name the speaker's own.

    Raises:
        NotFound: no member is called so.
        NotAllowed: not everybody reads the register.
    """
    permissions.require(by, Act.READ_REGISTER, by.member)
    return await members.named(session, text or by.member or "")


async def kept_by(session: Session, by: Speaker, slip: Slip) -> Member:
    """The member whose mechanism this person is about to change; nobody else changes it until the transaction ends.

    Raises:
        NotFound, NotAllowed.
    """
    permissions.require(by, Act.KEEP_MECHANISM, slip.member)
    await queries.lock(session, slip.member)
    member = await people_queries.member(session, slip.member)
    if member is None:
        raise NotFound(what="member", named=slip.member)
    return member


async def card(
    session: Session, by: Speaker, member: Member, now: datetime, done: str | None = None, about: str | date = ""
) -> Message:
    """One mechanism with all that belongs to it, and buttons for whoever may keep it.

    Args:
        done: what has just been stored: `edited`, `unchanged`, or `<thing>_<deed>`.
        about: the name or day of the thing that was stored.

    Raises:
        NotAllowed: not everybody reads the register.
    """
    permissions.require(by, Act.READ_REGISTER, by.member)
    agencies = await agency_queries.of_member(session, member.code)
    meetings = await queries.meetings(session, member.code)
    milestones = await queries.milestones(session, member.code)
    counted, today = await period(session, now), workdays.register_day(now)
    facts = {
        "member": member.name,
        "code": member.code,
        "done": done,
        "about": about,
        **_stands(await queries.mechanism(session, member.code), agencies),
        "agencies": [
            {"name": each.name, "kind": each.kind.value, "sector": each.sector.value, "sits": each.sits}
            for each in agencies
        ],
        "period": counted.called,
        "met": sum(counted.start <= each.held_on <= counted.end for each in meetings),
        "meetings": [{"day": each.held_on, "about": each.about} for each in meetings[:MEETINGS_SHOWN]],
        "earlier": len(meetings[MEETINGS_SHOWN:]),
        "milestones": [
            {
                "title": each.title,
                "due": each.due_on,
                "reached": each.reached_on,
                "late": each.reached_on is None and each.due_on is not None and each.due_on < today,
            }
            for each in milestones
        ],
        "changed": await changed_last(session, subject(member.code)),
    }
    return Message("mechanism/card", facts, _choices(by, member, agencies, meetings, milestones))


def _choices(
    by: Speaker, member: Member, agencies: Sequence[Agency], meetings: Sequence[Any], milestones: Sequence[Any]
) -> tuple[Choice | Menu, ...]:
    if not permissions.allowed(by, Act.KEEP_MECHANISM, member.code):
        return ()
    new = Slip(member.code).text
    buttons = (
        Choice(Deed.EDIT_MECHANISM, new),
        Choice(Deed.KEEP_AGENCY, new),
        Choice(Deed.KEEP_MEETING, new),
        Choice(Deed.KEEP_MILESTONE, new),
    )

    def menu(deed: Deed, rows: Sequence[tuple[int, str]], label: str) -> tuple[Menu, ...]:
        options = tuple((Slip(member.code, number).text, text) for number, text in rows)
        return (Menu(deed, options, label),) if options else ()

    return (
        *buttons,
        *menu(Deed.KEEP_AGENCY, [(each.id, each.name) for each in agencies], "change_agency"),
        *menu(
            Deed.KEEP_MEETING,
            [(each.id, f"{each.held_on.isoformat()} {each.about or ''}".strip()) for each in meetings],
            "change_meeting",
        ),
        *menu(Deed.KEEP_MILESTONE, [(each.id, each.title) for each in milestones], "change_milestone"),
    )


def _stands(mechanism: Mechanism | None, agencies: Sequence[Agency]) -> dict[str, Any]:
    lead = next((each.name for each in agencies if mechanism and each.id == mechanism.lead_agency_id), None)
    return {
        "name": mechanism.name if mechanism else None,
        "status": mechanism.status.value if mechanism else None,
        "legal": mechanism.legal_basis if mechanism else None,
        "lead": lead,
        "since": mechanism.established_on if mechanism else None,
    }


async def changed_last(session: Session, about: str, thing: str = "", number: int = 0) -> dict[str, Any] | None:
    """Who changed a mechanism, or something that belongs to it, last, and when; None where nobody has.

    Args:
        about: what the audit calls it.
        thing: what is meant, such as `meeting`, with its number; empty: any change of the mechanism or its things.
    """
    rows = [
        row
        for row in await audit_queries.of(session, about)
        if not thing or row.detail.get(thing) == number or (thing == "agency" and row.act == EDITED)
    ]
    if not rows:
        return None
    person = await people_queries.person(session, rows[-1].person_id) if rows[-1].person_id else None
    return {"by": person.name if person else "", "when": rows[-1].at}


async def side_by_side(session: Session, by: Speaker, now: datetime) -> Message:
    """The mechanisms of all members, in alphabetical order; where nothing is recorded is said too.

    Raises:
        NotAllowed: not everybody reads the register.
    """
    permissions.require(by, Act.READ_REGISTER, by.member)
    return Message("mechanism/all", await together(session, now), (Choice(Deed.MAIL_MECHANISMS, "all"),))


async def together(session: Session, now: datetime) -> dict[str, Any]:
    """What the side-by-side table says."""
    mechanisms, agencies = await queries.every(session), await agency_queries.every(session)
    counted, today = await period(session, now), workdays.register_day(now)
    count, milestones = await queries.met(session, counted.start, counted.end), await queries.milestones(session)
    rows: list[dict[str, Any]] = []
    for member in await people_queries.members(session):
        own = [each for each in agencies if each.member_code == member.code]
        steps = [each for each in milestones if each.member_code == member.code]
        following = next((each for each in steps if each.reached_on is None), None)
        rows.append(
            {
                "member": member.name,
                "code": member.code,
                **_stands(mechanisms.get(member.code), own),
                "known": bool(member.code in mechanisms or own or steps or count.get(member.code)),
                "sit": sum(each.sits for each in own),
                "met": count.get(member.code, 0),
                "reached": sum(each.reached_on is not None for each in steps),
                "milestones": len(steps),
                "next": following.title if following else None,
                "next_due": following.due_on if following else None,
                "next_late": bool(following and following.due_on and following.due_on < today),
            }
        )
    return {
        "period": counted.called,
        "rows": rows,
        "unknown": [row["member"] for row in rows if not row["known"]],
    }


def whose(member: Member) -> Message:
    """What stands above a form: the country it is about, as the secretariat keeps all of them."""
    return Message("mechanism/form", {"member": member.name})


async def form(session: Session, by: Speaker, slip: Slip, label: Label) -> Form:
    """The form in which a mechanism is kept, as it stands.

    Raises:
        NotFound, NotAllowed.
    """
    member = await kept_by(session, by, slip)
    mechanism, agencies = await _found(session, member)
    options = tuple((str(each.id), each.name) for each in agencies)
    shown = _shown(mechanism, agencies)
    fields = [
        Field("name", "mechanism_name", optional=True, maximum=LONGEST_NAME, initial=shown["name"]),
        Field(
            "status",
            "mechanism_status",
            tuple((each.value, label(f"mechanism_status_{each.value}")) for each in MechanismStatus),
            initial=shown["status"],
        ),
        Field(
            "legal_basis",
            "mechanism_legal_basis",
            multiline=True,
            optional=True,
            maximum=LONGEST_TEXT,
            initial=shown["legal_basis"],
            hint="mechanism_legal_basis_hint",
        ),
        Field(
            "established_on",
            "mechanism_established_on",
            sort=Sort.DATE,
            optional=True,
            initial=shown["established_on"],
        ),
    ]
    if options:
        sits = ",".join(shown["sits"]) or None
        leads = ((NOBODY, label("mechanism_no_lead")), *options)
        fields += [
            Field("lead", "mechanism_lead", leads, initial=shown["lead"] or NOBODY),
            Field("sits", "mechanism_sits", options, many=True, optional=True, initial=sits),
        ]
    return Form(Deed.EDIT_MECHANISM, tuple(fields), Slip(member.code, 0, mark(shown)).text, whose(member))


async def store(session: Session, by: Speaker, slip: Slip, given: Given, now: datetime, label: Label) -> Kept:
    """Keep what was filled in, if what stands is still what the form showed.

    Raises:
        NotFound, NotAllowed.
    """
    member = await kept_by(session, by, slip)
    mechanism, agencies = await _found(session, member)
    shown = _shown(mechanism, agencies)
    wanted, problems = _read(given, agencies, workdays.register_day(now))
    if problems:
        return Kept(problems)
    if not agencies:
        wanted |= {"lead": shown["lead"], "sits": shown["sits"]}
    changed = {name: {"before": shown[name], "after": wanted[name]} for name in FIELDS if shown[name] != wanted[name]}
    if not changed:
        return Kept(said=await card(session, by, member, now, "unchanged"))
    if mark(shown) != slip.mark:
        facts = {
            "member": member.name,
            **_stands(mechanism, agencies),
            "sit": [each.name for each in agencies if each.sits],
            "changed": await changed_last(session, subject(member.code)),
        }
        return Kept(anew=again(await form(session, by, slip, label), given, Message("mechanism/meanwhile", facts)))
    await _write(session, by, member, wanted, agencies, now)
    await audit.record(session, by, EDITED, subject(member.code), now, changed=changed)
    return Kept(said=await card(session, by, member, now, "edited"))


async def _found(session: Session, member: Member) -> tuple[Mechanism | None, list[Agency]]:
    """What a form of the mechanism is about; no more agencies than a select can offer."""
    agencies = await agency_queries.of_member(session, member.code)
    return await queries.mechanism(session, member.code), agencies[:OFFERED]


def _shown(mechanism: Mechanism | None, agencies: Sequence[Agency]) -> dict[str, Any]:
    """What stands, as a form holds it."""
    established = mechanism.established_on.isoformat() if mechanism and mechanism.established_on else None
    return {
        "name": mechanism.name if mechanism else None,
        "status": mechanism.status.value if mechanism else None,
        "legal_basis": mechanism.legal_basis if mechanism else None,
        "lead": str(mechanism.lead_agency_id) if mechanism and mechanism.lead_agency_id else None,
        "established_on": established,
        "sits": sorted(str(each.id) for each in agencies if each.sits),
    }


def _read(given: Given, agencies: Sequence[Agency], today: date) -> tuple[dict[str, Any], dict[str, str]]:
    """What was filled in, and what is wrong with it; a form may have been forged."""
    found, problems = days(given, "established_on")
    established = found.get("established_on")
    own = {str(each.id) for each in agencies}
    status, sits = one(given, "status"), sorted(set(given.get("sits", [])))
    lead = None if one(given, "lead") in ("", NOBODY) else one(given, "lead")
    if status not in list(MechanismStatus):
        problems["status"] = "share_choose"
    if lead is not None and lead not in own:
        problems["lead"] = "share_choose"
    if not own.issuperset(sits):
        problems["sits"] = "share_choose"
    if established is not None and established > today:
        problems["established_on"] = "register_day_to_come"
    name, legal = one(given, "name"), lines(given, "legal_basis")
    problems |= {
        field: "register_too_long"
        for field, text, most in (("name", name, LONGEST_NAME), ("legal_basis", legal, LONGEST_TEXT))
        if len(text) > most
    }
    wanted = {"name": name or None, "status": status, "legal_basis": legal or None, "lead": lead, "sits": sits}
    return {**wanted, "established_on": established.isoformat() if established else None}, problems


async def _write(
    session: Session, by: Speaker, member: Member, wanted: dict[str, Any], agencies: Sequence[Agency], now: datetime
) -> None:
    mechanism = await queries.mechanism(session, member.code)
    if mechanism is None:
        mechanism = Mechanism(member_code=member.code)
        session.add(mechanism)
    mechanism.name, mechanism.legal_basis = wanted["name"], wanted["legal_basis"]
    mechanism.status = MechanismStatus(wanted["status"])
    mechanism.lead_agency_id = int(wanted["lead"]) if wanted["lead"] else None
    mechanism.established_on = date.fromisoformat(wanted["established_on"]) if wanted["established_on"] else None
    mechanism.changed_at, mechanism.changed_by = now, by.person_id
    for each in agencies:
        each.sits = str(each.id) in wanted["sits"]
    await session.flush()
