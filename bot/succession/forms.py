"""The forms of `/spnet focal appoint|handover|end`, and what was filled in read back from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from bot import permissions, workdays
from bot.messages import Deed, Field, Form, Message, Sort
from bot.people.appointments import DAY, LONGEST_REFERENCE, last_day
from bot.people.kept import LONGEST_NAME, Given, days, one
from bot.people.profile import clean_address
from bot.permissions import Act
from bot.speaker import Speaker
from bot.succession.doing import NobodyHandsOver, preview
from bot.succession.orders import ENDED, ROLES, Order, What
from db.engine import Session
from db.models import Member
from db.queries import agencies as agency_queries
from db.queries import appointments as queries
from db.queries.appointments import Held
from db.vocabulary import Mandate, Role

Label = Callable[..., str]
DEEDS = {Deed.FOCAL_APPOINT: What.APPOINT, Deed.FOCAL_HANDOVER: What.HANDOVER, Deed.FOCAL_END: What.END}


class NobodyToEnd(NobodyHandsOver):
    """Nobody holds a role that could end. Facts: member, code."""


async def form(session: Session, by: Speaker, deed: Deed, member: Member, now: datetime, label: Label) -> Form:
    """The form of one deed for one member.

    Raises:
        NobodyHandsOver, NobodyToEnd: there is nothing to hand over or to end.
        NotAllowed: not the secretariat.
    """
    permissions.require(by, Act.APPOINT)
    today = workdays.register_day(now)
    roles = ENDED if deed is Deed.FOCAL_END else ROLES
    rows = [row for row in await queries.of_member(session, member.code, roles) if last_day(row) >= today]
    rows.sort(key=lambda row: ENDED.index(row.role))
    holders = [row for row in rows if row.role in ROLES]
    focal = [row for row in rows if row.role is Role.FOCAL_POINT]
    if deed is Deed.FOCAL_HANDOVER and not focal:
        raise NobodyHandsOver(member=member.name, code=member.code)
    if deed is Deed.FOCAL_END and not rows:
        raise NobodyToEnd(member=member.name, code=member.code)
    if deed is Deed.FOCAL_END:
        fields = _end_fields(rows, member, label)
    else:
        fields = await _person_fields(session, deed, member, focal, today, label)
    intro = Message(
        "succession/form",
        {
            "what": DEEDS[deed].value,
            "member": member.name,
            "holders": [
                {"name": row.name, "role": row.role.value, "starts": row.starts_on, "ends": row.ends_on}
                for row in holders
            ],
            "others": len(rows) - len(holders),
            "today": today,
            "bodies": deed is Deed.FOCAL_END or any(each.name == "agency" for each in fields),
        },
    )
    return Form(deed, fields, member.code, intro)


def _end_fields(rows: Sequence[Held], member: Member, label: Label) -> tuple[Field, ...]:
    options = tuple(
        (
            str(row.appointment_id),
            f"{row.name}, {label(f'hat_{row.role.value}', member=member.name)}"
            + (f" ({row.agency})" if row.agency and row.role not in ROLES else ""),
        )
        for row in rows
    )
    return (
        Field("who", "focal_end_who", options, initial=options[0][0] if len(options) == 1 else None),
        Field("ends", "focal_last_day", optional=True, sort=Sort.DATE, hint="focal_end_hint"),
    )


async def _person_fields(
    session: Session, deed: Deed, member: Member, focal: Sequence[Held], today: date, label: Label
) -> tuple[Field, ...]:
    roles = tuple((role.value, label(f"hat_{role.value}", member=member.name)) for role in ROLES)
    wanted = Role.ALTERNATE if focal else Role.FOCAL_POINT
    role = () if deed is Deed.FOCAL_HANDOVER else (Field("role", "focal_role", roles, initial=wanted.value),)
    ends = focal[-1].ends_on if focal else None
    starts = ends + DAY if ends and deed is Deed.FOCAL_HANDOVER else today
    mandates = tuple((each.value, label(f"mandate_{each.value}")) for each in Mandate)
    agencies = tuple((str(each.id), each.name) for each in await agency_queries.of_member(session, member.code))
    agency = (Field("agency", "focal_agency", agencies, optional=True),) if agencies else ()
    return (
        *role,
        Field("person", "focal_person", optional=True, sort=Sort.PERSON),
        Field("name", "focal_name", optional=True, maximum=LONGEST_NAME, hint="focal_name_hint"),
        Field("email", "focal_email", optional=True, sort=Sort.EMAIL),
        Field("starts", "focal_first_day", initial=starts.isoformat(), sort=Sort.DATE, hint="focal_days_hint"),
        Field("ends", "focal_last_day", optional=True, sort=Sort.DATE),
        Field("reference", "focal_reference", optional=True, maximum=LONGEST_REFERENCE),
        Field("mandate", "focal_mandate", mandates, optional=True),
        *agency,
    )


def read(deed: Deed, member: str, given: Given) -> tuple[Order | None, dict[str, str]]:
    """What was filled in, or what is wrong with it by field: keys of templates/labels.toml."""
    found, problems = days(given, "starts", "ends")
    starts, ends = found.get("starts"), found.get("ends")
    if deed is Deed.FOCAL_END:
        who = one(given, "who")
        if not (who.isascii() and who.isdecimal()) or len(who) > 9:
            problems["who"] = "share_choose"
        if problems:
            return None, problems
        return Order(What.END, member, appointment_id=int(who), ends_on=ends), {}
    values = {name: one(given, name) for name in ("person", "name", "email", "reference", "role", "mandate", "agency")}
    email = clean_address(values["email"]) if values["email"] else None
    if values["email"] and email is None:
        problems["email"] = "profile_no_address"
    if not values["person"] and not values["email"]:
        problems["person"] = "focal_who"
    if starts is None:
        problems.setdefault("starts", "register_no_day")
    if starts and ends and ends < starts:
        problems["ends"] = "leave_order"
    chosen: dict[str, Any] = {"role": Role.FOCAL_POINT}
    if deed is Deed.FOCAL_APPOINT:
        if values["role"] not in ROLES:
            problems["role"] = "share_choose"
        else:
            chosen["role"] = Role(values["role"])
    if values["mandate"] in list(Mandate):
        chosen["mandate"] = Mandate(values["mandate"])
    if values["agency"].isascii() and values["agency"].isdecimal() and len(values["agency"]) < 10:
        chosen["agency_id"] = int(values["agency"])
    if problems:
        return None, problems
    order = Order(
        DEEDS[deed],
        member,
        starts_on=starts,
        ends_on=ends,
        reference=values["reference"][:LONGEST_REFERENCE] or None,
        slack_id=values["person"] or None,
        name=values["name"][:LONGEST_NAME] or None,
        email=email,
        name_typed=bool(values["name"]),
        email_typed=bool(values["email"]),
        **chosen,
    )
    return order, {}


async def end_of_contributor(session: Session, by: Speaker, appointment_id: int, now: datetime) -> Form:
    """The form that shows what it would do to end a contributor's role at once; submitting it does that.

    Raises:
        AlreadyEnded, NotFound, NotAllowed.
    """
    return await shown(session, by, Order(What.END, by.member or "", appointment_id=appointment_id), now)


async def shown(session: Session, by: Speaker, order: Order, now: datetime) -> Form:
    """The form that shows what an order would do; submitting it does that.

    Raises:
        What `doing.carry_out` raises.
    """
    message, bound = await preview(session, by, order, now)
    return Form(Deed.CARRY_OUT, (), bound.text, message)
