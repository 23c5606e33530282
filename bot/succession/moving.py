"""A role begins or ends: what was asked of whoever left is asked of whoever answers now, and both are written to.

A planned role is `pending` until its day; the tick then does what comes with it. The ledger's keys and the mark on the
row make that once, however often the tick runs, on how many machines, or after how long an outage.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot import assessments, audit, ledger, people, workdays
from bot.people import appointments
from bot.people.contacts import ANSWERING
from bot.reminders import Rules
from bot.reminders.rules import place_of
from bot.succession.orders import ROLES
from bot.workdays import Place
from db.engine import Session
from db.models import Delivery
from db.queries import appointments as queries
from db.queries import people as people_queries
from db.queries import reminders as reminder_queries
from db.queries.appointments import Held
from db.vocabulary import Role, Via

log = structlog.get_logger("spnet.succession")

BRIEFING = "succession/briefing"
THANKS = "succession/thanks"
MEANWHILE = "succession/meanwhile"
CARRIED_OUT = "succession/carried_out"
# What began or ended longer ago is old news: the bot was not running then, or it was written down late.
STILL_NEWS = timedelta(days=14)
A_COMMAND_TAKES = timedelta(minutes=2)
A_NIGHT = timedelta(days=1)


async def changed_by_command(session: Session, since: datetime | None, now: datetime) -> list[str]:
    """Slack ids of those whose roles somebody changed with a command on the machine, which shows no Home.

    Args:
        since: when it was asked last; None: not since the start. A command that was still at work then is asked again.
    """
    begun_at = since - A_COMMAND_TAKES if since else now - A_NIGHT
    return await queries.changed_over(session, Via.COMMAND_LINE, begun_at)


async def tick(session: Session, now: datetime, rules: Rules) -> list[str]:
    """Carry out what was planned for today or, after an outage, for the days before; in the caller's transaction.

    Returns:
        Slack ids of those whose Home shows something else from now on.
    """
    today = workdays.register_day(now)
    touched: list[str] = []
    # Whoever holds the rows of several members takes them in this order, as the import does: nobody waits in a circle.
    for held in sorted(await queries.begun(session, today), key=lambda held: held.member or ""):
        touched += await begin(session, held, now, rules)
    over = await queries.lately_ended(session, today - STILL_NEWS, today)
    if not over:
        return touched
    subjects = [appointments.subject(held.appointment_id) for held in over]
    thanked = await reminder_queries.known_keys(session, subjects, [THANKS])
    for held in over:
        if _thanks_key(held) not in thanked:
            touched += await ended(session, held, now, rules, told=True)
    return touched


async def begin(session: Session, held: Held, now: datetime, rules: Rules) -> list[str]:
    """The day of a planned role has come; nothing where another process did it already."""
    await appointments.lock(session, held.member)
    if not await queries.change(session, held, pending=False):
        return []
    log.info("role_began", appointment=held.appointment_id)
    touched = await begun(session, held._replace(pending=False), now, rules)
    await _tell_secretariat(session, held, "begun", now, rules)
    return touched


async def begun(session: Session, held: Held, now: datetime, rules: Rules) -> list[str]:
    """A role has begun: it is the hat that the person wears, what is asked of the country is asked of them, and they
    get a briefing."""
    if held.role not in ROLES or held.member is None or not appointments.is_held(held, workdays.register_day(now)):
        return []
    person = await people_queries.person(session, held.person_id)
    if person is None:
        return []
    person.hat_id = held.appointment_id
    await session.flush()
    if held.role in ANSWERING:
        await settle(session, held.member, now)
    await ledger.queue(
        session,
        now,
        key=ledger.key("briefing", held.appointment_id, held.starts_on),
        kind=BRIEFING,
        subject=appointments.subject(held.appointment_id),
        person_id=held.person_id,
        not_before=await _working_moment(session, held, now, rules),
        not_after=now + STILL_NEWS,
    )
    return [person.slack_id] if person.slack_id else []


async def ended(session: Session, held: Held, now: datetime, rules: Rules, *, told: bool = False) -> list[str]:
    """A role is over: what was asked of the person is asked of whoever answers now, and they are thanked; once.

    Args:
        told: it ended by itself, so that the secretariat hears of it where nobody follows.
    """
    today = workdays.register_day(now)
    if held.role not in ROLES or held.member is None or held.ends_on is None or held.ends_on >= today:
        return []
    hats = await people_queries.hats_of_person(session, held.person_id, today)
    stays = [hat for hat in hats if hat.member == held.member and hat.role in ROLES]
    if held.ends_on < held.starts_on or any(hat.role is held.role or held.role is Role.ALTERNATE for hat in stays):
        # It never began, goes on, or became another one: there is nothing to thank for yet.
        if told:
            return []
        await settle(session, held.member, now)
        return [held.slack_id] if held.slack_id else []
    reachable = bool(held.email or held.slack_id)
    entry = ledger.Entry(
        key=_thanks_key(held),
        kind=THANKS,
        subject=appointments.subject(held.appointment_id),
        person_id=held.person_id,
        not_before=await _working_moment(session, held, now, rules),
        not_after=now + STILL_NEWS,
        void=None if reachable else "no_address",
    )
    if not await ledger.queue_all(session, now, [entry]):
        return []
    log.info("role_ended", appointment=held.appointment_id)
    await settle(session, held.member, now)
    holders = await people_queries.holders(session, [held.role], today, held.member)
    if not holders and held.role is Role.FOCAL_POINT:
        await _tell_alternate(session, held, held.member, now, rules)
    if told and not holders and held.role is not Role.ALTERNATE:
        await _tell_secretariat(session, held, "ended", now, rules)
    return [held.slack_id] if held.slack_id else []


def _thanks_key(held: Held) -> str:
    return ledger.key("thanks", held.appointment_id, held.ends_on or held.starts_on)


async def settle(session: Session, member: str, now: datetime) -> None:
    """What is asked of somebody who answers for a member no more is asked of whoever does: prompts, and what waits in
    the ledger. Parts in the hands of contributors stay with the assessment."""
    hats = await people.answering(session, member, workdays.register_day(now))
    answering = [hat.person_id for hat in hats]
    to = answering[0] if answering else None
    prompts = await queries.move_prompts(session, member, answering, to)
    subjects = [assessments.subject(each) for each in await queries.assessment_ids(session, member)]
    waiting = [
        delivery.id
        for delivery in await queries.queued_about(session, subjects)
        if _is_for_the_role(delivery) and (delivery.person_id not in (None, *answering) or delivery.medium is not None)
    ]
    if waiting:
        await queries.redirect_deliveries(session, waiting, to)
    if prompts or waiting:
        await audit.record(
            session, None, "pass_on", f"member:{member}", now, to=to, prompts=prompts, deliveries=len(waiting)
        )


def _is_for_the_role(delivery: Delivery) -> bool:
    """Whether a delivery is for whoever answers for the member, and not for one person by name."""
    wanted = delivery.facts.get("addressee")
    return wanted is not None and Role(wanted["role"]) in ANSWERING


async def _working_moment(session: Session, held: Held, now: datetime, rules: Rules) -> datetime:
    """Now, if people are at work where the person lives; else their next working morning."""
    person = await people_queries.person(session, held.person_id)
    member = await people_queries.member(session, held.member or "")
    if member is None:
        return now
    zone = (person.zone if person else None) or member.zone
    return Place(zone, member.calendar, rules.hour).next_working_moment(now)


async def _tell_alternate(session: Session, held: Held, member: str, now: datetime, rules: Rules) -> None:
    """A focal point is gone and nobody follows: the alternate, if there is one, is asked meanwhile, and is told so."""
    home = await people_queries.member(session, member)
    place = Place(home.zone, home.calendar, rules.hour) if home else place_of(rules.secretariat_zone, rules.hour)
    at = place.next_working_moment(now)
    await ledger.queue(
        session,
        now,
        key=ledger.key("meanwhile", held.appointment_id, held.ends_on or held.starts_on),
        kind=MEANWHILE,
        subject=appointments.subject(held.appointment_id),
        facts=people.to_role(member, Role.ALTERNATE, (Role.ALTERNATE,)),
        not_before=at,
        not_after=at + STILL_NEWS,
    )


async def _tell_secretariat(session: Session, held: Held, what: str, now: datetime, rules: Rules) -> None:
    """What happened by itself is said in the secretariat's channel, on its next working morning."""
    at = place_of(rules.secretariat_zone, rules.hour).next_working_moment(now)
    await ledger.queue(
        session,
        now,
        key=ledger.key("carried-out", held.appointment_id, what, held.ends_on or held.starts_on),
        kind=CARRIED_OUT,
        subject=appointments.subject(held.appointment_id),
        channel="secretariat",
        facts={"what": what},
        not_before=at,
        not_after=at + STILL_NEWS,
    )
