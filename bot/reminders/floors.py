"""Floors that wait for the coordinator's yes: a successor is asked too, and all are reminded after working days.

The days are those of the plan for the national yes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import structlog

from bot import ledger, workdays
from bot.floors import asking
from bot.reminders.rules import Passed, Rules
from bot.workdays import Place
from db.engine import Session
from db.queries import floors as queries
from db.queries import people as people_queries
from db.queries import reminders as reminder_queries
from db.queries.floors import Asked
from db.queries.people import Hat
from db.vocabulary import Role

log = structlog.get_logger("spnet.reminders")


async def queue_floors(session: Session, now: datetime, rules: Rules) -> tuple[str, ...]:
    """Queue what the floors that wait ask for now, each once.

    Returns:
        The keys of what goes out.
    """
    waiting = await queries.waiting(session)
    if not waiting:
        return ()
    hats: dict[str | None, list[Hat]] = {}
    for hat in await people_queries.holders(session, [Role.COORDINATOR], workdays.register_day(now)):
        hats.setdefault(hat.member, []).append(hat)
    about = {asking.subject(one.member.code) for one in waiting}
    known = await reminder_queries.known_keys(session, about, (asking.ASK_KIND, asking.REMIND_KIND))
    entries: list[ledger.Entry] = []
    for one in waiting:
        own = asking.may_decide(hats.get(one.member.code, []), one.member, one.authors)
        entries += asking.asked_entries(one.member.code, one.newest, own)
        entries += _reminders(one, own, rules, now)
    added = await ledger.queue_all(session, now, [entry for entry in entries if entry.key not in known])
    for key in added:
        log.info("floors_queued", key=key)
    return tuple(added)


def _reminders(one: Asked, hats: Sequence[Hat], rules: Rules, now: datetime) -> Iterator[ledger.Entry]:
    """The steps whose moment has come, for each coordinator; of several only the last is sent."""
    member = one.member
    for hat in hats:
        place = Place(hat.zone or member.zone, member.calendar, rules.hour)
        moments = [(days, place.after_working_days(one.since, days)) for days in rules.clearance_after_days]
        past = [pair for pair in moments if pair[1] <= now]
        for days, at in past:
            last = (days, at) == past[-1]
            yield ledger.Entry(
                key=ledger.key("floors-remind", member.code, one.newest, hat.person_id, days),
                kind=asking.REMIND_KIND,
                subject=asking.subject(member.code),
                person_id=hat.person_id,
                facts={"member": member.code, "hour": rules.hour},
                not_before=place.next_working_moment(now) if last else None,
                not_after=min([later for _, later in moments if later > at], default=None),
                void=None if last else Passed.OVERTAKEN.value,
            )
