"""The member's own setting: whether its assessment needs the national yes, who gives it and in which order, and whether
whoever hands it in may be among them.

Whoever may set it is in the permissions. The secretariat sets it only by a letter of the country, whose reference stays
in the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import audit, ledger, permissions, workdays
from bot.assessments import asking
from bot.errors import NotFound
from bot.messages import Choice, Deed, Field, Form, Message, Sort
from bot.people import members
from bot.people.kept import LONGEST_NAME, Given, Kept, Slip, again, mark, one
from bot.people.mechanisms import Label
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Agency, Delivery, Member
from db.queries import assessments as assessment_queries
from db.queries import audit as audit_queries
from db.queries import clearances as queries
from db.queries import people as people_queries
from db.queries.clearances import Step
from db.vocabulary import AssessmentState, Role

SET_KIND = "clearance/setting_changed"
# Who gives it first, second and third: more would never be finished in a cycle.
PLACES = ("first", "second", "third")
NOBODY = "nobody"
# Of a form that has said that a setting blocks itself.
WARNED = 1
# The roles that can be asked for the yes; the rights say the same.
CLEARING = (Role.COORDINATOR, Role.FOCAL_POINT)


def subject(member: str) -> str:
    """What the audit calls a member's setting."""
    return f"clearance_setting:{member}"


async def show_setting(session: Session, by: Speaker, named: str, now: datetime, done: str | None = None) -> Message:
    """What a member asks for before its assessment leaves the country.

    Args:
        named: a country's code or name; empty: the speaker's own.
        done: what has just been stored: `changed` or `unchanged`.

    Raises:
        NotFound: no member is called so.
        NotAllowed: it is another country's.
    """
    member = await _named(session, by, named)
    choices = (Choice(Deed.SET_CLEARANCE, Slip(member.code).text),) if _may_set(by, member) else ()
    facts = {
        "member": member.name,
        "done": done,
        "changed": await _changed_last(session, member.code),
        **await described(session, member, now),
    }
    return Message("clearance/setting", facts, choices)


async def _named(session: Session, by: Speaker, named: str) -> Member:
    member = await members.named(session, named or by.member or "")
    permissions.require(by, Act.READ_ANSWERS, member.code)
    return member


def _may_set(by: Speaker, member: Member) -> bool:
    return permissions.allowed(by, Act.SET_CLEARANCE, member.code)


@dataclass(frozen=True)
class Setting:
    """Whether a member wants its yes, from whom in which order, and whether an author may give it."""

    wanted: bool
    steps: Sequence[Step]
    author_may: bool


async def described(session: Session, member: Member, now: datetime, setting: Setting | None = None) -> dict[str, Any]:
    """A setting in facts: whether it is wanted, and each step with those who hold its role today.

    Args:
        setting: one that does not hold yet; None: the one that does.
    """
    if setting is None:
        steps = await asking.steps_of(session, member.code)
        setting = Setting(member.clearance_wanted, steps, member.author_may_clear)
    hats = await people_queries.holders(session, CLEARING, workdays.register_day(now), member.code)
    submits = {hat.person_id for hat in hats if hat.role is Role.FOCAL_POINT}
    rows: list[dict[str, Any]] = []
    for step in setting.steps:
        held = [hat for hat in hats if asking.stands(hat, step.role, step.agency_id)]
        only = bool(held) and not setting.author_may and {hat.person_id for hat in held} <= submits
        names = [hat.name for hat in held]
        rows.append({"role": step.role.value, "agency": step.agency, "holders": names, "only_author": only})
    return {"wanted": setting.wanted, "author_may": setting.author_may, "steps": rows}


def _blocks(facts: dict[str, Any]) -> bool:
    """Whether a step of a setting could be given by nobody but whoever submits, who may not."""
    return facts["wanted"] and any(step["only_author"] for step in facts["steps"])


async def _changed_last(session: Session, member: str) -> dict[str, Any] | None:
    rows = await audit_queries.of(session, subject(member))
    if not rows:
        return None
    person = await people_queries.person(session, rows[-1].person_id) if rows[-1].person_id else None
    return {"by": person.name if person else "", "when": rows[-1].at, "reference": rows[-1].detail.get("reference")}


async def form_for(session: Session, by: Speaker, named: str, label: Label) -> Form:
    """The form in which a named member's setting is changed.

    Args:
        label: the words for a key of templates/labels.toml.

    Raises:
        NotFound, NotAllowed.
    """
    member = await _named(session, by, named)
    return await form(session, by, Slip(member.code), label)


async def form(session: Session, by: Speaker, slip: Slip, label: Label) -> Form:
    """The form in which a member's setting is changed.

    Raises:
        NotFound, NotAllowed.
    """
    permissions.require(by, Act.SET_CLEARANCE, slip.member)
    member = await people_queries.member(session, slip.member)
    if member is None:
        raise NotFound(what="member", named=slip.member)
    steps = await asking.steps_of(session, member.code)
    return _form(by, member, steps, await queries.agencies(session, member.code), label)


def _form(
    by: Speaker, member: Member, steps: Sequence[Step], agencies: Sequence[Agency], label: Label, number: int = 0
) -> Form:
    options = _options(agencies, label)
    none = ((NOBODY, label("clearance_nobody_more")),)
    chosen = [_value(step.role, step.agency_id) for step in steps]
    yes_no = (("yes", label("clearance_wanted_yes")), ("no", label("clearance_wanted_no")))
    fields = [
        Field("wanted", "clearance_wanted", yes_no, initial="yes" if member.clearance_wanted else "no"),
        Field("first", "clearance_first", options, initial=chosen[0]),
        Field("second", "clearance_second", none + options, optional=True, initial=[*chosen, NOBODY, NOBODY][1]),
        Field("third", "clearance_third", none + options, optional=True, initial=[*chosen, NOBODY, NOBODY][2]),
        Field(
            "author",
            "clearance_author",
            (("may", label("clearance_author_may")),),
            sort=Sort.CHECKS,
            optional=True,
            initial="may" if member.author_may_clear else None,
        ),
    ]
    if by.role is Role.SECRETARIAT:
        hint = "clearance_reference_hint"
        fields.append(Field("reference", "clearance_reference", maximum=LONGEST_NAME, hint=hint))
    return Form(
        Deed.SET_CLEARANCE,
        tuple(fields),
        Slip(member.code, number, mark(_plain(member, steps))).text,
        Message("clearance/setting_form", {"member": member.name, "changed": False, "blocks": False}),
    )


def _options(agencies: Sequence[Agency], label: Label) -> tuple[tuple[str, str], ...]:
    general = tuple((_value(role, None), label(f"clearer_{role.value}")) for role in CLEARING)
    return general + tuple(
        (_value(Role.COORDINATOR, each.id), f"{label('clearer_agency')} {each.name}") for each in agencies
    )


def _value(role: Role, agency_id: int | None) -> str:
    return f"{role.value}-{agency_id or 0}"


def _plain(member: Member, steps: Sequence[Step]) -> dict[str, Any]:
    return {
        "wanted": member.clearance_wanted,
        "author_may": member.author_may_clear,
        "steps": [[step.role.value, step.agency_id] for step in steps],
    }


async def store(session: Session, by: Speaker, slip: Slip, given: Given, now: datetime, label: Label) -> Kept:
    """Keep what was filled in. What waits for a clearance by then is asked of those who must clear from now on, or
    given back to those who answer.

    Raises:
        NotFound, NotAllowed.
    """
    permissions.require(by, Act.SET_CLEARANCE, slip.member)
    member = await queries.held_member(session, slip.member)
    if member is None:
        raise NotFound(what="member", named=slip.member)
    agencies = await queries.agencies(session, member.code)
    before = await asking.steps_of(session, member.code)
    if mark(_plain(member, before)) != slip.mark:
        facts = {"member": member.name, "changed": True, "blocks": False, **await described(session, member, now)}
        intro = Message("clearance/setting_form", facts)
        return Kept(anew=again(_form(by, member, before, agencies, label), given, intro))
    wanted, problems = _read(given, by, {value for value, _ in _options(agencies, label)})
    if problems:
        return Kept(problems=problems)
    names = {each.id: each.name for each in agencies}
    steps = [Step(place, role, agency, names.get(agency or 0)) for place, (role, agency) in enumerate(wanted, 1)]
    chosen = Setting(one(given, "wanted") == "yes", steps, bool(given.get("author")))
    facts = await described(session, member, now, chosen)
    if _blocks(facts) and slip.number != WARNED:
        # Once: a country that wants it so keeps it with the second click.
        warned = _form(by, member, before, agencies, label, number=WARNED)
        intro = Message("clearance/setting_form", {"member": member.name, "changed": False, "blocks": True, **facts})
        return Kept(anew=again(warned, given, intro))
    was = _plain(member, before)
    member.clearance_wanted, member.author_may_clear = chosen.wanted, chosen.author_may
    await queries.put_steps(session, member.code, wanted)
    await session.flush()
    now_stands = _plain(member, await asking.steps_of(session, member.code))
    if now_stands == was:
        return Kept(said=await show_setting(session, by, member.code, now, "unchanged"))
    reference = one(given, "reference") if by.role is Role.SECRETARIAT else None
    about = subject(member.code)
    await audit.record(session, by, "set_clearance", about, now, before=was, after=now_stands, reference=reference)
    back = await _ask_anew(session, by, member, now)
    await _tell(session, by, member, back, reference, mark(now_stands), now)
    return Kept(said=await show_setting(session, by, member.code, now, "changed"))


def _read(given: Given, by: Speaker, known: set[str]) -> tuple[list[tuple[Role, int | None]], dict[str, str]]:
    problems: dict[str, str] = {}
    chosen: list[str] = []
    for place in PLACES:
        value = one(given, place) or NOBODY
        if value == NOBODY and place != "first":
            continue
        if value not in known:
            problems[place] = "profile_choose"
        elif value in chosen:
            problems[place] = "clearance_twice"
        chosen.append(value)
    if by.role is Role.SECRETARIAT and not one(given, "reference"):
        problems["reference"] = "clearance_no_reference"
    if problems:
        return [], problems
    pairs = [value.rpartition("-") for value in chosen]
    return [(Role(role), int(agency) or None) for role, _, agency in pairs], {}


async def _ask_anew(session: Session, by: Speaker, member: Member, now: datetime) -> list[str]:
    """What waits now is asked of whoever must clear from now on. Gives the cycles whose assessment was given back."""
    back: list[str] = []
    for assessment_id in await queries.waiting_of_member(session, member.code):
        talk = await assessment_queries.talk(session, assessment_id, lock=True)
        if talk is None or talk.assessment.state is not AssessmentState.AWAITING_CLEARANCE:
            continue
        asked = [yes.clearance for yes in await queries.asked(session, [assessment_id])]
        author = asked[-1].asked_by if asked else by.person_id
        step = await asking.open_step(session, talk, author) if member.clearance_wanted else None
        if step and asked and (asked[-1].role, asked[-1].agency_id) == (step.role, step.agency_id):
            # The same people are asked; whoever may not any more, or may now, is found at the next look.
            continue
        if await asking.ask_anew(session, by, talk, now) is None:
            back.append(talk.cycle.title)
    return back


async def _tell(
    session: Session, by: Speaker, member: Member, back: list[str], reference: str | None, stamp: str, now: datetime
) -> None:
    """The member's people hear of it: who answers, and who coordinates."""
    hats = await people_queries.holders(session, CLEARING, workdays.register_day(now), member.code)
    facts = {"by": by.name, "when": now.isoformat(), "back": back, "reference": reference, "member": member.code}
    people = sorted({hat.person_id for hat in hats} - {by.person_id})
    await ledger.queue_all(
        session,
        now,
        [
            ledger.Entry(
                key=ledger.key("clearance-setting", member.code, f"{now:%Y%m%dT%H%M%S}", stamp, person_id),
                kind=SET_KIND,
                subject=subject(member.code),
                person_id=person_id,
                facts=facts,
            )
            for person_id in people
        ],
    )


async def setting_changed(session: Session, delivery: Delivery, contact: Any, now: datetime) -> Message | None:
    """A member's setting changed: to its people, with what stands now."""
    facts = delivery.facts
    member = await people_queries.member(session, facts["member"])
    if contact is None or member is None:
        return None
    hats = await people_queries.hats_of_person(session, contact.person_id, workdays.register_day(now))
    if member.code not in {hat.member for hat in hats}:
        return None
    return Message(
        SET_KIND,
        {
            "name": contact.name,
            "by": facts["by"],
            "when": datetime.fromisoformat(facts["when"]),
            "back": facts["back"],
            "reference": facts["reference"],
            **await described(session, member, now),
            "member": member.name,
        },
    )
