"""Who must give the national yes: asked anew where somebody else holds the role by now, and reminded while it waits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import structlog

from bot import assessments, ledger, workdays
from bot.assessments import asking
from bot.reminders.rules import Passed, Rules
from bot.workdays import Place
from db.engine import Session
from db.queries import clearances as queries
from db.queries import people as people_queries
from db.queries import reminders as reminder_queries
from db.queries.assessments import Talk
from db.queries.clearances import Waiting
from db.queries.people import Hat
from db.vocabulary import CycleState

log = structlog.get_logger("spnet.reminders")


async def queue_clearances(session: Session, now: datetime, rules: Rules) -> tuple[str, ...]:
    """Queue what the clearances that wait ask for now, each once: the asking of a successor, and the reminders.

    Returns:
        The keys of what goes out.
    """
    everyone = await queries.waiting(session)
    waiting = [one for one in everyone if not assessments.is_locked(one, now)]
    # A member's own closing date passes when its cycle has closed long since; of the others the close itself tells.
    alone = [one for one in everyone if assessments.is_locked(one, now) and one.cycle.state is CycleState.CLOSED]
    await asking.closed(session, [Talk(one.assessment, one.cycle, one.member, None) for one in alone], now)
    if not waiting:
        return ()
    roles = sorted({one.clearance.role for one in waiting})
    hats: dict[str | None, list[Hat]] = {}
    for hat in await people_queries.holders(session, roles, workdays.register_day(now)):
        hats.setdefault(hat.member, []).append(hat)
    asked = [(one.member, one.clearance.assessment_id, one.clearance.asked_by) for one in waiting]
    authors = await asking.all_barred(session, asked)
    kinds = (asking.ASK_KIND, asking.NOBODY_KIND, asking.REMIND_KIND)
    about = {assessments.subject(one.clearance.assessment_id) for one in waiting}
    known = await reminder_queries.known_keys(session, about, kinds)
    entries: list[ledger.Entry] = []
    for one in waiting:
        row = one.clearance
        own = asking.clearers(hats.get(one.member.code, []), row.role, row.agency_id, authors[row.assessment_id])
        entries += asking.asking(row, one.member.code, own, known=known)
        entries += _reminders(one, own, rules, now)
    added = await ledger.queue_all(session, now, [entry for entry in entries if entry.key not in known])
    for key in added:
        log.info("clearance_queued", key=key)
    return tuple(added)


def _reminders(one: Waiting, hats: Sequence[Hat], rules: Rules, now: datetime) -> Iterator[ledger.Entry]:
    """The steps whose moment has come, for each who may clear; of several only the last is sent.

    They count from the day on which it was asked, or from the day on which the cycle got more time.
    """
    row = one.clearance
    since = max(row.asked_at, one.extended_at or row.asked_at)
    for hat in hats:
        place = Place(hat.zone or one.member.zone, one.member.calendar, rules.hour)
        moments = [(days, place.after_working_days(since, days)) for days in rules.clearance_after_days]
        past = [pair for pair in moments if pair[1] <= now]
        for days, at in past:
            last = (days, at) == past[-1]
            yield ledger.Entry(
                key=ledger.key("clearance-remind", row.id, hat.person_id, workdays.register_day(since), days),
                kind=asking.REMIND_KIND,
                subject=assessments.subject(row.assessment_id),
                person_id=hat.person_id,
                facts={"clearance": row.id, "hour": rules.hour},
                not_before=place.next_working_moment(now) if last else None,
                not_after=min(
                    [later for _, later in moments if later > at], default=one.assessment.closes_in(one.cycle)
                ),
                void=None if last else Passed.OVERTAKEN.value,
            )
