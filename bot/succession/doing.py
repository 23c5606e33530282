"""Appoint, hand over, end, undo: what it would do is shown first; then it is done, by whoever may, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot import audit, editions, permissions, workdays
from bot.assessments import asking, title_of_part
from bot.errors import NotFound, Refusal, WrongState
from bot.messages import Choice, Deed, Message
from bot.people import answering, appointments
from bot.people.appointments import DAY, DaysDoNotFit, last_day
from bot.permissions import Act
from bot.reminders import Rules, leaves
from bot.speaker import Speaker
from bot.succession import moving, orders
from bot.succession.orders import Order, What
from db.engine import Session
from db.queries import agencies as agency_queries
from db.queries import appointments as queries
from db.queries import audit as audit_queries
from db.queries import delegations as delegation_queries
from db.queries import people as people_queries
from db.queries.appointments import Held
from db.vocabulary import DelegationState, Role


class NobodyHandsOver(Refusal):
    """There is nobody who could hand the role over. Facts: member, code."""


class NothingToUndo(WrongState):
    """It has begun, it is over, or it was undone before. Facts: member, name, role, begun and ended (days or None)."""


@dataclass(frozen=True)
class Done:
    """What came of it.

    Attributes:
        said: to whoever did it.
        touched: Slack ids of those whose Home shows something else from now on.
    """

    said: Message
    touched: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Plan:
    """What an order would do. `before`: who hands over, or whose role ends; `last`: their last day. `alternates`: roles
    as alternate of the person who becomes focal point. `not_taken`: name and address that were typed, where the
    register keeps another; `kept_email`: the address that it keeps."""

    name: str
    known: bool
    before: Held | None
    last: date | None
    alternates: tuple[Held, ...] = ()
    not_taken: tuple[str | None, str | None] = (None, None)
    kept_email: str | None = None


async def preview(session: Session, by: Speaker, order: Order, now: datetime) -> tuple[Message, Order]:
    """What an order would do. Nothing is changed.

    Returns:
        What to show, and the order bound to what is shown: to whoever hands over.

    Raises:
        What `carry_out` raises.
    """
    plan = await _plan(session, by, order, now)
    facts = await _facts(session, by, order, plan, now)
    standings, _ = await leaves.standing(session, order.member)
    bound = replace(order, appointment_id=plan.before.appointment_id) if plan.before else order
    return Message("succession/preview", {**facts, "standings": standings}), bound


async def carry_out(session: Session, by: Speaker, order: Order, now: datetime, rules: Rules) -> Done:
    """Do what an order says: today what begins today, and with the tick of its day what is planned.

    Raises:
        RolesOverlap, RoleGap, AlreadyHolds, DaysDoNotFit, AlreadyEnded, ChangedMeanwhile, NobodyHandsOver,
        PeopleDiffer, NotFound, NotAllowed.
    """
    plan = await _plan(session, by, order, now)
    touched: list[str] = []
    if order.what is What.END:
        held = plan.before
        assert held is not None and plan.last is not None  # noqa: S101 - an end is always somebody's
        if _never_begins(order, plan):
            return Done(await undo(session, by, held.appointment_id, now))
        await appointments.cut(session, by, held, plan.last, now)
        touched = await moving.ended(session, held._replace(ends_on=plan.last), now, rules)
        if held.role not in orders.ROLES and held.slack_id and plan.last < workdays.register_day(now):
            touched.append(held.slack_id)
        undo_id = held.appointment_id
    else:
        person = await orders.made(session, by, order, now)
        wish = order.wish(workdays.register_day(now))
        undo_id = await appointments.write(session, by, person.id, wish, now)
        gone = [*plan.alternates, *([plan.before] if plan.before else [])]
        for held in gone:
            await appointments.cut(session, by, held, wish.starts_on - DAY, now, follows=undo_id)
        given = await queries.by_id(session, undo_id)
        if given is not None and not given.pending:
            touched = await moving.begun(session, given, now, rules)
        for held in gone:
            touched += await moving.ended(session, held._replace(ends_on=wish.starts_on - DAY), now, rules)
    facts = await _facts(session, by, order, plan, now)
    choices = (Choice(Deed.UNDO_ROLE, str(undo_id)),) if facts["planned"] else ()
    if facts["parts"]:
        choices = (*choices, Choice(Deed.CONTRIBUTORS, str(undo_id)))
    return Done(Message("succession/done", facts, choices), tuple(touched))


def _never_begins(order: Order, plan: _Plan) -> bool:
    """Whether a role ends before its first day: then whoever was to hand it over keeps it, as if it had been undone."""
    held = plan.before
    return order.what is What.END and held is not None and held.pending and (plan.last or date.max) < held.starts_on


async def undo(session: Session, by: Speaker, appointment_id: int, now: datetime) -> Message:
    """Undo what is planned and has not begun: a role that was given, or the end of one.

    Raises:
        NothingToUndo: it has begun, or was undone before.
        RolesOverlap, RoleGap: somebody else was appointed meanwhile.
        ChangedMeanwhile, NotFound, NotAllowed.
    """
    held = await appointments.find(session, by, appointment_id)
    today = workdays.register_day(now)
    if held.pending and held.starts_on > today and last_day(held) >= held.starts_on:
        what, back = What.APPOINT, await _undo_start(session, by, held, now)
    else:
        what, back = What.END, list[dict[str, Any]]()
        await _undo_end(session, by, held, today, now)
    facts = {"what": what.value, "back": back}
    after = await queries.by_id(session, appointment_id) or held
    about = {"member": held.member_name, "name": held.name, "role": held.role.value}
    return Message("succession/undone", {**facts, **about, "starts": held.starts_on, "ends": after.ends_on})


async def _plan(session: Session, by: Speaker, order: Order, now: datetime) -> _Plan:
    today = workdays.register_day(now)
    if order.what is What.END:
        held, last = await appointments.check_end(session, by, order.appointment_id, order.ends_on, now)
        if held.member != order.member or held.role not in orders.ENDED:
            raise NotFound(what="role", named=str(order.appointment_id))
        return _Plan(held.name, True, held, last)
    permissions.require(by, Act.APPOINT)
    person = await orders.known(session, order)
    person_id, wish = (person.id if person else 0), order.wish(today)
    if wish.agency_id is not None:
        agency = await agency_queries.agency(session, wish.agency_id)
        if agency is None or agency.member_code != order.member:
            raise NotFound(what="agency", named=str(wish.agency_id))
    before = None
    if order.what is What.HANDOVER:
        before = await _hands_over(session, order, person_id, now)
    else:
        await appointments.check(session, by, person_id, wish, now)
    alternates: Sequence[Held] = ()
    if wish.role is Role.FOCAL_POINT and person_id:
        rows = await queries.of_member(session, order.member, [Role.ALTERNATE])
        alternates = [
            row for row in rows if row.person_id == person_id and row.starts_on < wish.starts_on <= last_day(row)
        ]
    name = person.name if person else order.name or order.email or ""
    return _Plan(
        name,
        person is not None,
        before,
        wish.starts_on - DAY if before else None,
        tuple(alternates),
        await orders.not_taken(session, order, person),
        person.email if person else None,
    )


async def _hands_over(session: Session, order: Order, person_id: int, now: datetime) -> Held:
    """The focal point who hands over: the one of today, or else the next one."""
    today = workdays.register_day(now)
    wish = order.wish(today)
    await appointments.lock(session, order.member)
    appointments.check_days(wish.starts_on, wish.ends_on, today)
    if wish.starts_on < today:
        raise DaysDoNotFit(problem="handover_is_past", starts=wish.starts_on, ends=wish.ends_on, today=today)
    rows = await queries.of_member(session, order.member, [Role.FOCAL_POINT])
    # Whoever began today may be corrected today; who is planned for the very same day is not put aside.
    lasting = [
        row
        for row in rows
        if last_day(row) >= today and (row.starts_on < wish.starts_on or row.starts_on == wish.starts_on == today)
    ]
    if not lasting:
        member = await people_queries.member(session, order.member)
        raise NobodyHandsOver(member=member.name if member else order.member, code=order.member)
    before = max(lasting, key=lambda row: row.starts_on)
    if order.appointment_id not in (0, before.appointment_id):
        raise appointments.ChangedMeanwhile(what="role", member=before.member_name, name=before.name)
    if before.person_id == person_id and before.agency_id == wish.agency_id:
        raise appointments.AlreadyHolds(
            member=before.member_name,
            name=before.name,
            role=before.role.value,
            starts=before.starts_on,
            ends=before.ends_on,
        )
    if before.ends_on is not None and wish.starts_on > before.ends_on + DAY:
        raise appointments.gap(before, before.ends_on, wish.starts_on)
    appointments.check_free(wish, person_id, rows, but=before.appointment_id)
    appointments.check_gap(wish, [row for row in rows if row != before], today)
    return before


async def _facts(session: Session, by: Speaker, order: Order, plan: _Plan, now: datetime) -> dict[str, Any]:
    """What is said of an order, before and after."""
    today = workdays.register_day(now)
    member = await people_queries.member(session, order.member)
    wish = order.wish(today)
    ending = order.what is What.END and plan.before is not None
    role = plan.before.role if ending and plan.before else wish.role
    starts = plan.before.starts_on if ending and plan.before else wish.starts_on
    ends = plan.last if ending else wish.ends_on
    agency = await agency_queries.agency(session, wish.agency_id) if wish.agency_id else None
    left = await answering(session, order.member, max(today, (plan.last or today) + DAY))
    gone = plan.before.person_id if ending and plan.before else None
    meanwhile = next((hat.name for hat in left if hat.person_id != gone), None)
    parts = await _parts(session, plan.before) if ending and plan.before and role is Role.CONTRIBUTOR else []
    return {
        "what": order.what.value,
        "member": member.name if member else order.member,
        "role": role.value,
        "name": plan.name,
        "known": plan.known,
        "chat": bool(order.slack_id),
        "email": order.email,
        "typed_name": plan.not_taken[0],
        "typed_email": plan.not_taken[1],
        "kept_email": plan.kept_email,
        "starts": starts,
        "ends": ends,
        "starts_before_today": not ending and starts < today,
        "never": _never_begins(order, plan),
        "over": not ending and ends is not None and ends < today,
        "reference": wish.reference,
        "mandate": wish.mandate.value if wish.mandate else None,
        "agency": agency.name if agency else None,
        "before": plan.before.name if plan.before else None,
        "before_ends": plan.last,
        "was_alternate": bool(plan.alternates),
        "meanwhile": meanwhile,
        # Which parts of the answers those are is for the country itself.
        "parts": parts if permissions.allowed(by, Act.DELEGATE, order.member) else [],
        "out": len(parts),
        "yes_waits": await asking.waits_alone(session, order.member, plan.before.appointment_id, now)
        if ending and plan.before
        else [],
        "thanked": role in orders.ROLES,
        "asks": role in (Role.FOCAL_POINT, Role.ALTERNATE),
        "planned": (plan.last is not None and plan.last >= today) if ending else wish.starts_on > today,
    }


async def _parts(session: Session, held: Held) -> list[dict[str, Any]]:
    """What is still with a contributor: it stays open, until whoever answers for the country takes it back."""
    rows = await delegation_queries.handed(session, held.member or "", (DelegationState.OPEN,), held.person_id)
    return [
        {
            "title": title_of_part(
                editions.questions(row.cycle, row.assessment), delegation.section, delegation.indicator
            ),
            "cycle": row.cycle.title,
            "due": delegation.due_on,
        }
        for row in rows
        for delegation in (row.part.delegation,)
    ]


async def _undo_start(session: Session, by: Speaker, held: Held, now: datetime) -> list[dict[str, Any]]:
    """A planned role is not given; whoever was to hand it over keeps it as before. Gives who keeps what until when."""
    about = appointments.subject(held.appointment_id)
    if not await queries.change(session, held, ends_on=held.starts_on - DAY, pending=False):
        raise appointments.ChangedMeanwhile(what="role", member=held.member_name, name=held.name)
    await audit.record(session, by, "undo_role", about, now)
    kept: list[dict[str, Any]] = []
    for row in await queries.of_member(session, held.member or "", orders.ROLES):
        rows = await audit_queries.of(session, appointments.subject(row.appointment_id))
        cut = next((one for one in reversed(rows) if one.act == "end_role"), None)
        if cut is None or cut.detail.get("follows") != held.appointment_id or row.ends_on != held.starts_on - DAY:
            continue
        await _restored(session, by, row, cut.detail.get("before"), workdays.register_day(now), now)
        kept.append({"name": row.name, "role": row.role.value, "ends": _day(cut.detail.get("before"))})
    focal = await queries.of_member(session, held.member or "", [Role.FOCAL_POINT])
    appointments.check_chain(focal, workdays.register_day(now), "undo")
    return kept


async def _undo_end(session: Session, by: Speaker, held: Held, today: date, now: datetime) -> None:
    """A planned end is taken back."""
    rows = await audit_queries.of(session, appointments.subject(held.appointment_id))
    last = next((one for one in reversed(rows) if one.act in ("end_role", "restore_role")), None)
    planned = held.ends_on is not None and held.ends_on >= max(today, held.starts_on)
    if last is None or last.act != "end_role" or not planned or last.detail.get("follows") is not None:
        was_held = last_day(held) >= held.starts_on
        over = held.ends_on if was_held and last_day(held) < today else None
        begun = held.starts_on if was_held and over is None and held.starts_on <= today and last is None else None
        about = {"member": held.member_name, "name": held.name, "role": held.role.value}
        raise NothingToUndo(what="role", **about, begun=begun, ended=over)
    await _restored(session, by, held, last.detail.get("before"), today, now)


async def _restored(session: Session, by: Speaker, held: Held, before: str | None, today: date, now: datetime) -> None:
    """A role lasts again as long as it did before its end was set."""
    ends_on = _day(before)
    await appointments.check_neighbours(session, held, held._replace(ends_on=ends_on), today, "undo")
    if not await queries.change(session, held, ends_on=ends_on):
        raise appointments.ChangedMeanwhile(what="role", member=held.member_name, name=held.name)
    about = appointments.subject(held.appointment_id)
    await audit.record(session, by, "restore_role", about, now, ends_on=before)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
