"""What the register needs: shown to the secretariat once a week, and whenever it asks, with what to do for each.

A member without a focal point; a role that ends inside an open cycle and nobody follows; an address that the mail
server refuses; three reminders without a sign of life.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bot import ledger, permissions, workdays
from bot.messages import Choice, Deed, Menu, Message
from bot.people import Contact
from bot.people.appointments import DAY, is_held, last_day
from bot.people.contacts import ANSWERING
from bot.permissions import Act
from bot.reminders.rules import Place, Rules, place_of
from bot.reminders.ticking import KIND as STEP_KIND
from bot.speaker import Speaker
from db.engine import Session
from db.models import Cycle, Delivery
from db.queries import appointments as queries
from db.queries import cycles as cycle_queries
from db.queries import people as people_queries
from db.queries import reminders as reminder_queries
from db.queries.appointments import Held
from db.vocabulary import ANSWERABLE, CycleState, Role

KIND = "register/weekly"
# So many reminders without a word, and the secretariat should ask on another way.
SILENT_AFTER = 3
# A report that could not be said for so long is replaced by the next one.
STILL_NEWS = timedelta(days=6)
NAMED = (Role.FOCAL_POINT, Role.ALTERNATE, Role.COORDINATOR)


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
    _wait_for_work(place, now)
    found = await needs(session, now)
    if not any(found[each] for each in ("unheld", "ending", "refused", "silent")):
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
    return {
        "today": today,
        "unheld": await _unheld(session, rows, today),
        "ending": _ending(rows, cycles, today),
        "refused": [
            {
                "name": one.name,
                "member": one.member_name,
                "role": one.role.value,
                "email": one.email,
                "since": one.refused_at,
                "chat": one.chat,
            }
            for one in await queries.refused_addresses(session, today)
        ],
        "silent": await _silent(session, rows, now, today),
    }


def _wait_for_work(place: Place, now: datetime) -> None:
    at = place.next_working_moment(now)
    if at > now:
        raise ledger.PutOff(at)


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


async def _silent(session: Session, rows: Sequence[Held], now: datetime, today: date) -> list[dict[str, Any]]:
    """Members that got so many reminders since anybody who answers for them last said or clicked something.

    What was sent before the focal point began was for somebody else.
    """
    owed = [
        one for one in await reminder_queries.owed(session, now) if one.assessment.state in ANSWERABLE
    ]
    subjects = {f"assessment:{one.assessment.id}": one for one in owed}
    sent = await reminder_queries.sent(session, list(subjects), STEP_KIND)
    if not sent:
        return []
    hats = await people_queries.holders(session, ANSWERING, today)
    heard = await reminder_queries.heard_of(session, [hat.person_id for hat in hats])
    begun = {
        row.member: workdays.at(row.starts_on, 0, workdays.REGISTER_ZONE)
        for row in rows
        if row.role is Role.FOCAL_POINT and is_held(row, today)
    }
    found: list[dict[str, Any]] = []
    for subject, one in subjects.items():
        own = [hat for hat in hats if hat.member == one.member.code]
        since = max((heard[hat.person_id] for hat in own if hat.person_id in heard), default=None)
        after = max((each for each in (since, begun.get(one.member.code)) if each is not None), default=None)
        unanswered = [
            at
            for about, at, facts in sent
            if about == subject and facts["addressee"]["role"] == Role.FOCAL_POINT and (after is None or at > after)
        ]
        if own and len(unanswered) >= SILENT_AFTER:
            found.append(
                {
                    "member": one.member.name,
                    "name": next((hat.name for hat in own if hat.role is Role.FOCAL_POINT), own[0].name),
                    "alternate": next((hat.name for hat in own if hat.role is Role.ALTERNATE), None),
                    "count": len(unanswered),
                    "since": since,
                    "cycle": one.cycle.title,
                    "due": one.cycle.due_at,
                }
            )
    return found
