"""`/spnet remind`: who would get a reminder, and, after the secretariat's yes, the reminders themselves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot import assessments, audit, cycles, editions, ledger, people, permissions, workdays
from bot.cycles import Plan
from bot.errors import NotFound
from bot.people import addressed
from bot.permissions import Act
from bot.reminders.rules import PassedStep, Rules, passed_at_opening
from bot.reminders.ticking import KIND, step_facts
from bot.speaker import Speaker
from bot.workdays import Place
from db.engine import Session
from db.models import Cycle
from db.queries import assessments as queries
from db.queries import people as people_queries
from db.queries import reminders as reminder_queries
from db.queries.assessments import Standing
from db.queries.people import Hat
from db.vocabulary import ANSWERABLE, CycleState, Role

_TO = (Role.FOCAL_POINT,)
# What the secretariat asked for yesterday it may not want any more.
STALE = workdays.DAY


@dataclass(frozen=True)
class Preview:
    """One line of what would be sent.

    Attributes:
        hat: who would get it; None where nobody answers for the country.
        due, closes: the member's own dates, or the cycle's.
        late: the due date has passed.
        local: the time there now, in the person's zone.
        free: it is a free day or out of hours there; it would be sent all the same.
        last: when the last reminder about this assessment was sent.
        today: one was asked for by hand today already, and this one would not be sent.
    """

    assessment_id: int
    member_code: str
    member: str
    state: str
    answered: int
    total: int
    hat: Hat | None
    due: datetime
    closes: datetime
    late: bool
    local: datetime
    free: bool
    last: datetime | None
    today: bool


async def passed_for(session: Session, plan: Plan, rules: Rules, now: datetime) -> tuple[PassedStep, ...]:
    """The steps that would not be sent if a planned cycle opened now, because their moment is past."""
    members = await people_queries.members(session)
    return passed_at_opening(plan.cycle, rules, plan.asked, members, now)


async def preview(
    session: Session, by: Speaker, now: datetime, cycle: Cycle, member: str | None = None, rules: Rules | None = None
) -> list[Preview]:
    """Who would be reminded: all that are not finished, which after the due date are those who are late; or one.

    Args:
        member: a country's code or name; None is all.

    Returns:
        One row a country, alphabetical. Empty where everybody has finished, or nothing is taken any more.

    Raises:
        NotFound: no such country in this cycle.
        NotAllowed: not the secretariat.
    """
    permissions.require(by, Act.REMIND)
    standings = await queries.standings(session, cycle.id)
    if member is not None:
        standings = [one for one in standings if people.is_called(one.member, member)]
        if not standings:
            raise NotFound(what="member", named=member)
    unfinished = [
        one for one in standings if one.assessment.state in ANSWERABLE and not assessments.is_locked(one, now)
    ]
    if not unfinished:
        return []
    rules = rules or Rules()
    hats: dict[str | None, list[Hat]] = {}
    for hat in await people_queries.holders(session, (Role.FOCAL_POINT, Role.ALTERNATE), workdays.register_day(now)):
        hats.setdefault(hat.member, []).append(hat)
    subjects = [assessments.subject(one.assessment.id) for one in unfinished]
    last = await reminder_queries.last_sent(session, subjects, KIND)
    known = await reminder_queries.known_keys(session, subjects, (KIND,))
    return [_row(one, hats.get(one.member.code, []), rules, now, last, known) for one in unfinished]


def _row(
    one: Standing,
    hats: list[Hat],
    rules: Rules,
    now: datetime,
    last: dict[str, datetime],
    known: Collection[str],
) -> Preview:
    hat = addressed(hats, _TO).get(Role.FOCAL_POINT)
    zone = (hat.zone if hat else None) or one.member.zone
    here = workdays.local(now, zone)
    place = Place(zone, one.member.calendar, rules.hour)
    return Preview(
        assessment_id=one.assessment.id,
        member_code=one.member.code,
        member=one.member.name,
        state=one.assessment.state.value,
        answered=one.answered,
        total=len(editions.questions(one.cycle, one.assessment).indicators),
        hat=hat,
        due=one.due_at,
        closes=one.closes_at,
        late=now > one.due_at,
        local=here,
        free=place.next_working_moment(now) > now,
        last=last.get(assessments.subject(one.assessment.id)),
        today=hat is not None and _key(one.cycle, hat, here) in known,
    )


def _key(cycle: Cycle, hat: Hat, here: datetime) -> str:
    return ledger.key("remind", cycle.id, hat.member or "", hat.person_id, here.date())


async def remind_now(
    session: Session, by: Speaker, now: datetime, cycle: Cycle, members: Collection[str], rules: Rules | None = None
) -> list[Preview]:
    """Remind these countries now, as the secretariat has seen in the preview. Asked twice a day, it is sent once.

    Those who finished since the preview are left out.

    Args:
        members: codes.

    Returns:
        The rows that were queued.

    Raises:
        CycleMoved: the cycle is not open any more.
        NotAllowed: not the secretariat.
    """
    permissions.require(by, Act.REMIND)
    rules = rules or Rules()
    everyone = await preview(session, by, now, cycle, rules=rules)
    if not everyone and assessments.cycle_is_locked(cycle, now):
        state = cycle.state if cycle.state is not CycleState.OPEN else CycleState.CLOSED
        raise cycles.CycleMoved(what="cycle", cycle=cycle.title, state=state.value)
    rows = [row for row in everyone if row.member_code in members]
    entries = {_key(cycle, row.hat, row.local): (row, row.hat) for row in rows if row.hat is not None}
    added = await ledger.queue_all(
        session,
        now,
        [
            ledger.Entry(
                key=key,
                kind=KIND,
                subject=assessments.subject(row.assessment_id),
                person_id=hat.person_id,
                facts=step_facts(row.due, row.member_code, Role.FOCAL_POINT, _TO, asked_by=by.name, hour=rules.hour),
                not_after=min(row.closes, now + STALE),
            )
            for key, (row, hat) in entries.items()
        ],
    )
    sent = [entries[key][0] for key in entries if key in added]
    if sent:
        codes = [row.member_code for row in sent]
        await audit.record(session, by, "remind", cycles.subject(cycle.id), now, members=codes)
        await session.flush()
    return sent
