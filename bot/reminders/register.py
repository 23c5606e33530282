"""What the register needs: shown to the secretariat once a week, and whenever it asks, with what to do for each.

A member without a focal point; a focal point who has no account in the chat and so cannot answer; a role that ends
inside an open cycle and nobody follows; a national yes, or one to a floor, that nobody can give; an address that the
mail server refuses; three reminders without a sign of life.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from bot import assessments, ledger, permissions, workdays
from bot.floors.asking import may_decide
from bot.messages import Choice, Deed, Menu, Message
from bot.people import Contact
from bot.people.appointments import DAY, is_held, last_day
from bot.people.contacts import ANSWERING
from bot.permissions import Act
from bot.reminders.rules import Rules, place_of
from bot.reminders.ticking import KIND as STEP_KIND
from bot.speaker import Speaker
from db.engine import Session
from db.models import Cycle, Delivery
from db.queries import appointments as queries
from db.queries import clearances as clearance_queries
from db.queries import cycles as cycle_queries
from db.queries import floors as floor_queries
from db.queries import people as people_queries
from db.queries import reminders as reminder_queries
from db.queries.appointments import Held
from db.queries.assessments import Standing
from db.vocabulary import CycleState, Role

KIND = "register/weekly"
# So many reminders without a word, and the secretariat should ask on another way.
SILENT_AFTER = 3
# A report that could not be said for so long is replaced by the next one.
STILL_NEWS = timedelta(days=6)
NAMED = (Role.FOCAL_POINT, Role.ALTERNATE, Role.COORDINATOR)
NEEDS = ("unheld", "outside", "stuck", "floors", "ending", "refused", "silent")


class Holder(Protocol):
    """Somebody who holds a role of a member."""

    @property
    def member(self) -> str | None: ...

    @property
    def role(self) -> Role: ...

    @property
    def name(self) -> str: ...

    @property
    def starts_on(self) -> date: ...


async def tick(session: Session, now: datetime, rules: Rules) -> bool:
    """Queue the report of this week once its day has come, on the secretariat's next working morning.

    Weeks are those of the secretariat's calendar. After an outage of days it comes late; of weeks, only the last one.
    """
    here = workdays.local(now, rules.secretariat_zone)
    week = here.date().isocalendar()
    monday = here.date() - timedelta(days=here.weekday())
    wanted = workdays.at(monday + timedelta(days=rules.register_weekday), rules.hour, rules.secretariat_zone)
    if now < wanted:
        return False
    key = ledger.key("register-weekly", f"{week.year}-W{week.week:02d}")
    if key in await reminder_queries.known_keys(session, ["register"], [KIND]):
        return False
    at = place_of(rules.secretariat_zone, rules.hour).next_working_moment(now)
    return await ledger.queue(
        session,
        now,
        key=key,
        kind=KIND,
        subject="register",
        channel="secretariat",
        facts={"zone": rules.secretariat_zone, "hour": rules.hour},
        not_before=at,
        not_after=at + STILL_NEWS,
    )


async def weekly(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:  # noqa: ARG001 - a composer's signature
    """The weekly report; None in a week in which nothing needs to be done.

    Raises:
        PutOff: it is night or a free day at the secretariat.
    """
    place = place_of(delivery.facts["zone"], delivery.facts["hour"])
    ledger.wait_for_work(place, now)
    found = await needs(session, now)
    if not any(found[each] for each in NEEDS):
        return None
    return Message(KIND, {**found, "asked": False}, _choices(found))


async def report(session: Session, by: Speaker, now: datetime) -> Message:
    """The same, for whoever of the secretariat asks.

    Raises:
        NotAllowed: not the secretariat.
    """
    permissions.require(by, Act.APPOINT)
    found = await needs(session, now)
    return Message(KIND, {**found, "asked": True}, _choices(found))


async def needs(session: Session, now: datetime) -> dict[str, Any]:
    """What the register needs, as the facts of the report."""
    today = workdays.register_day(now)
    rows = await queries.of_network(session, NAMED, today)
    cycles = await cycle_queries.asked(session, [CycleState.OPEN])
    answering = [row for row in rows if row.role in ANSWERING and is_held(row, today)]
    refused = [
        {
            "name": one.name,
            "member": one.member_name,
            "role": one.role.value,
            "email": one.email,
            "since": one.refused_at,
            "chat": one.chat,
        }
        for one in await queries.refused_addresses(session, today)
    ]
    return {
        "today": today,
        "unheld": await _unheld(session, rows, today),
        "outside": _outside(answering),
        "stuck": await _stuck(session, now),
        "floors": await _floors(session, today),
        "ending": _ending(rows, cycles, today),
        "refused": refused,
        "silent": await silent(session, answering, now),
    }


def _choices(found: dict[str, Any]) -> tuple[Choice | Menu, ...]:
    """A select for the members that have no focal point: it opens the form."""
    options = tuple((one["code"], one["member"]) for one in found["unheld"] if one["next"] is None)
    return (Menu(Deed.FOCAL_APPOINT, options, "focal_appoint_for"),) if options else ()


async def _unheld(session: Session, rows: Sequence[Held], today: date) -> list[dict[str, Any]]:
    """The members that have no focal point today, with who stands in and who comes next."""
    found: list[dict[str, Any]] = []
    for member in await people_queries.members(session):
        own = [row for row in rows if row.member == member.code]
        focal = [row for row in own if row.role is Role.FOCAL_POINT]
        if any(is_held(row, today) for row in focal):
            continue
        alternate = next((row.name for row in own if row.role is Role.ALTERNATE and is_held(row, today)), None)
        following = min(focal, key=lambda row: row.starts_on, default=None)
        found.append(
            {
                "member": member.name,
                "code": member.code,
                "alternate": alternate,
                "next": following.name if following else None,
                "starts": following.starts_on if following else None,
            }
        )
    return found


def _ending(rows: Sequence[Held], cycles: Sequence[Cycle], today: date) -> list[dict[str, Any]]:
    """Roles that end before an open cycle takes no more answers, and that nobody takes over."""
    closing = [(workdays.register_day(cycle.closes_at), cycle) for cycle in cycles]
    found: list[dict[str, Any]] = []
    for row in rows:
        inside = [cycle for day, cycle in closing if is_held(row, today) and last_day(row) < day]
        follows = any(
            (other.member, other.role) == (row.member, row.role) and is_held(other, last_day(row) + DAY)
            for other in rows
            if inside
        )
        if inside and not follows:
            found.append(
                {
                    "name": row.name,
                    "member": row.member_name,
                    "role": row.role.value,
                    "ends": row.ends_on,
                    "cycle": inside[0].title,
                    "closes": inside[0].closes_at,
                }
            )
    return sorted(found, key=lambda one: one["ends"])


def _outside(answering: Sequence[Held]) -> list[dict[str, Any]]:
    """Focal points who have no account in the chat, where answers are given, and the alternate who has one."""
    return [
        {
            "member": row.member_name,
            "name": row.name,
            "alternate": next(
                (
                    other.name
                    for other in answering
                    if (other.member, other.role) == (row.member, Role.ALTERNATE) and other.slack_id is not None
                ),
                None,
            ),
        }
        for row in answering
        if row.role is Role.FOCAL_POINT and row.slack_id is None
    ]


async def _stuck(session: Session, now: datetime) -> list[dict[str, Any]]:
    """The yeses that are waited for and that nobody can give."""
    waiting = [one for one in await clearance_queries.waiting(session) if not assessments.is_locked(one, now)]
    standings = [Standing(one.assessment, one.member, one.cycle, 0, None) for one in waiting]
    asked = await assessments.asked_of(session, standings, now)
    return [
        {
            "member": one.member.name,
            "cycle": one.cycle.title,
            "role": one.clearance.role.value,
            "agency": one.agency,
            "since": one.clearance.asked_at,
        }
        for one in waiting
        if not asked.get(one.assessment.id)
    ]


async def _floors(session: Session, today: date) -> list[dict[str, Any]]:
    """The members whose floors wait for a yes that no coordinator may give: there is none, they wrote it, or they are
    of the secretariat."""
    waiting = await floor_queries.waiting(session)
    hats = await people_queries.holders(session, [Role.COORDINATOR], today) if waiting else []
    return [
        {"member": one.member.name, "since": one.since}
        for one in waiting
        if not may_decide([hat for hat in hats if hat.member == one.member.code], one.member, one.authors)
    ]


async def silent(session: Session, answering: Sequence[Holder], now: datetime) -> list[dict[str, Any]]:
    """Members that got so many reminders since anybody who answers for them last said or clicked something.

    What was sent before the focal point began was for somebody else.

    Args:
        answering: whoever holds a role that answers today, of every member.
    """
    today = workdays.register_day(now)
    sent = await reminder_queries.sent_to_owing(session, STEP_KIND, ANSWERING, today, now)
    found: list[dict[str, Any]] = []
    for about in dict.fromkeys(one.assessment_id for one in sent):
        rows = [one for one in sent if one.assessment_id == about]
        first = rows[0]
        own = [each for each in answering if each.member == first.member]
        focal = [each for each in own if each.role is Role.FOCAL_POINT]
        begun = [workdays.at(each.starts_on, 0, workdays.REGISTER_ZONE) for each in focal]
        after = max((at for at in (first.heard_at, *begun) if at is not None), default=None)
        unanswered = [
            one
            for one in rows
            if one.facts["addressee"]["role"] == Role.FOCAL_POINT and (after is None or one.sent_at > after)
        ]
        if own and len(unanswered) >= SILENT_AFTER:
            found.append(
                {
                    "member": first.member_name,
                    "name": (focal or own)[0].name,
                    "alternate": next((each.name for each in own if each.role is Role.ALTERNATE), None),
                    "count": len(unanswered),
                    "since": first.heard_at,
                    "cycle": first.cycle,
                    "due": first.due_at,
                }
            )
    return found
