"""Contributors are reminded by their own date; once it is over, whoever answers for the member is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog

from bot import delegation, ledger, people, workdays
from bot.assessments import part_subject
from bot.reminders.rules import Passed, Rules
from bot.workdays import Place
from db.engine import Session
from db.queries import reminders as reminder_queries
from db.queries.delegations import Due

log = structlog.get_logger("spnet.reminders")

KINDS = (delegation.REMINDER_KIND, delegation.PASSED_KIND)


async def queue_contributors(session: Session, now: datetime, rules: Rules) -> tuple[str, ...]:
    """Queue what the open parts ask for now, each once; parts of a cycle that is over end.

    Returns:
        The keys of what goes out.
    """
    still_open = await delegation.end_what_is_over(session, now)
    found: dict[str, tuple[Due, ledger.Entry]] = {}
    for one in still_open:
        found |= {entry.key: (one, entry) for entry in (*_reminders(one, rules, now), *_passed(one, rules, now))}
    if not found:
        return ()
    known = await reminder_queries.known_keys(session, {entry.subject for _, entry in found.values()}, KINDS)
    added = await ledger.queue_all(session, now, [entry for _, entry in found.values() if entry.key not in known])
    sent = [found[key] for key in added if found[key][1].void is None]
    for one, entry in sent:
        log.info("part_reminder_queued", key=entry.key)
        if entry.kind == delegation.REMINDER_KIND:
            await delegation.fresh_entry(session, one.delegation, one.assessment.closes_in(one.cycle), one.zone, now)
    return tuple(entry.key for _, entry in sent)


def _reminders(one: Due, rules: Rules, now: datetime) -> Iterator[ledger.Entry]:
    """The steps whose moment has come since the part was given; of several only the last is sent."""
    part = one.delegation
    place = Place(one.zone, one.member.calendar, rules.hour)
    ends = workdays.at(part.due_on + workdays.DAY, 0, one.zone)
    moments = [
        (days, workdays.step_moment(ends, days, zone=one.zone, calendar=one.member.calendar, hour=rules.hour))
        for days in rules.contributor_days
    ]
    if not one.held:
        return
    past = [(days, at) for days, at in moments if part.given_at < at <= now]
    for days, at in past:
        until = min([later for _, later in moments if later > at], default=one.assessment.closes_in(one.cycle))
        send_at = place.next_working_moment(now)
        void = Passed.OVERTAKEN if (days, at) != past[-1] else Passed.TOO_LATE if send_at >= until else None
        yield ledger.Entry(
            key=ledger.key("part-remind", part.id, part.due_on, days),
            kind=delegation.REMINDER_KIND,
            subject=part_subject(part.id),
            person_id=part.person_id,
            not_before=send_at if void is None else None,
            not_after=until,
            void=void.value if void is not None else None,
        )


def _passed(one: Due, rules: Rules, now: datetime) -> Iterator[ledger.Entry]:
    """The first working morning in the country after the contributor's day, or after they lost their role: told once
    each."""
    part, member = one.delegation, one.member
    place = Place(member.zone, member.calendar, rules.hour)
    over = max(workdays.at(part.due_on + workdays.DAY, 0, one.zone), part.given_at + timedelta(hours=1))
    if over <= now or not one.held:
        yield ledger.Entry(
            key=ledger.key("part-passed" if one.held else "part-alone", part.id, part.due_on),
            kind=delegation.PASSED_KIND,
            subject=part_subject(part.id),
            facts=people.to_role(member.code),
            not_before=place.next_working_moment(now),
            not_after=one.assessment.closes_in(one.cycle),
        )
