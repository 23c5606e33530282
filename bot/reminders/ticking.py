"""The tick: what has come due becomes rows of the ledger, each once.

It reads all that is owed, computes every step whose moment has come, takes away those that the ledger knows already,
and writes the rest in one statement: a handful of queries, however many members there are. Two ticks at once, or a tick
after a crash, come to the same keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog

from bot import assessments, cycles, ledger, people, workdays
from bot.people import addressed
from bot.reminders.clearances import queue_clearances
from bot.reminders.contributors import queue_contributors
from bot.reminders.floors import queue_floors
from bot.reminders.rules import Passed, Reopened, Rules, ahead, moments, place_of, reached, written_to
from bot.workdays import Place
from db.engine import Session
from db.models import Cycle
from db.queries import people as people_queries
from db.queries import reminders as queries
from db.queries.people import Hat
from db.queries.reminders import Owed
from db.vocabulary import ANSWERABLE, AssessmentState, Role

log = structlog.get_logger("spnet.reminders")

KIND = "reminder/step"
REVIEW_KIND = "reminder/review"
ROLES = (Role.FOCAL_POINT, Role.ALTERNATE, Role.COORDINATOR)


@dataclass(frozen=True)
class Ticked:
    """What a tick did.

    Attributes:
        closed: cycles whose closing date had passed.
        queued: keys of the reminders that go out.
        passed: keys of the steps that do not, and why.
    """

    closed: tuple[Cycle, ...] = ()
    queued: tuple[str, ...] = ()
    passed: dict[str, str] = field(default_factory=dict[str, str])


async def tick(session: Session, now: datetime, rules: Rules) -> Ticked:
    """All that the clock alone brings: close what is due, queue what has come due. In the caller's transaction.

    It may run twice, on two machines, or after a week's outage: everything is written once.
    """
    closed = await cycles.close_what_is_due(session, now)
    done = await queue_due(session, now, rules)
    await queue_clearances(session, now, rules)
    await queue_contributors(session, now, rules)
    await queue_floors(session, now, rules)
    return Ticked(tuple(closed), done.queued, done.passed)


async def queue_due(session: Session, now: datetime, rules: Rules) -> Ticked:
    """Queue every reminder whose moment has come, once, and write down those that are passed over, and why."""
    entries = {entry.key: entry for entry in await due(session, now, rules)}
    added = [entries[key] for key in await ledger.queue_all(session, now, list(entries.values()))]
    queued = tuple(entry.key for entry in added if entry.void is None)
    passed = {entry.key: entry.void for entry in added if entry.void is not None}
    for entry in added:
        if entry.void is None:
            log.info("reminder_queued", key=entry.key)
        elif entry.void != Passed.NOBODY:
            log.info("reminder_passed_over", key=entry.key, why=entry.void)
    return Ticked((), queued, passed)


async def due(session: Session, now: datetime, rules: Rules) -> list[ledger.Entry]:
    """What would be queued now: every step whose moment has come and that the ledger does not know yet.

    Those that are passed over have `void` set. Nothing is written.
    """
    owed = await queries.owed(session, now)
    if not owed:
        return []
    hats: dict[str | None, list[Hat]] = {}
    if any(one.assessment.state in ANSWERABLE for one in owed):
        for hat in await people_queries.holders(session, ROLES, workdays.register_day(now)):
            hats.setdefault(hat.member, []).append(hat)
    secretariat = place_of(rules.secretariat_zone, rules.hour)
    found: list[ledger.Entry] = []
    for one in owed:
        if one.assessment.state is AssessmentState.SUBMITTED:
            found += _review_reminders(one, secretariat, rules, now)
        else:
            found += _steps(one, hats.get(one.member.code, []), rules, now)
    if not found:
        return []
    known = await queries.known_keys(session, {entry.subject for entry in found}, (KIND, REVIEW_KIND))
    return [entry for entry in found if entry.key not in known]


def step_key(cycle: Cycle, due: datetime, member: str, step: str, role: Role, *, reopened: bool = False) -> str:
    """The key of one step to one role. A new due date, of all or of this member, makes new steps; a new person does
    not.

    Args:
        due: what the step is counted from: of a reopened assessment the date on which it closes.
    """
    duty = "reminder-reopened" if reopened else "reminder"
    return ledger.key(duty, cycle.id, member, f"{due.astimezone(UTC):%Y%m%dT%H%M%SZ}", step, role.value)


def step_facts(due: datetime, member: str, role: Role, to: Sequence[Role], **more: Any) -> dict[str, Any]:
    """What the ledger keeps of a reminder: whom it is for, by role, and the due date that it is about."""
    return {**people.to_role(member, role, to), "due": due.isoformat(), **more}


def _steps(one: Owed, hats: Sequence[Hat], rules: Rules, now: datetime) -> Iterator[ledger.Entry]:
    """The steps of one assessment that have come due, for each role."""
    cycle, member = one.cycle, one.member
    # Its due date is past and stays so; what counts for its people is when it closes.
    dates, counted = (Reopened(one.closes_at), ahead(rules.steps)) if one.reopened else (one, rules.steps)
    more = {"reopened_until": one.closes_at.isoformat()} if one.reopened else {}
    for role in ROLES:
        steps = written_to(counted, role)
        if not steps:
            continue
        to = {step.name: step.to for step in steps}
        own = next((hat for hat in hats if hat.role is role), None)
        receiver = own or addressed(hats, (role,)).get(role)
        place = Place((receiver.zone if receiver else None) or member.zone, member.calendar, rules.hour)
        plan = moments(steps, dates, place, member.calendar)
        for step, what in reached(plan, now, place, one.closes_at, lambda at: _void(one, at)):
            person = addressed(hats, to[step.name]).get(role)
            if person is None and not isinstance(what, Passed):
                what = Passed.SAME_PERSON if receiver else Passed.NOBODY
            yield ledger.Entry(
                key=step_key(cycle, dates.due_at, member.code, step.name, role, reopened=one.reopened),
                kind=KIND,
                subject=assessments.subject(one.assessment.id),
                person_id=person.person_id if person else None,
                facts=step_facts(
                    *(one.due_at, member.code, role, to[step.name]),
                    **{"step": step.name, "days": step.days, "hour": rules.hour, **more},
                ),
                not_before=None if isinstance(what, Passed) else what,
                not_after=step.until,
                void=what.value if isinstance(what, Passed) else None,
            )


def _void(one: Owed, at: datetime) -> Passed | None:
    """Why a step of this moment was void from the start: it was past before there was anything to be reminded of."""
    if one.extended_at is not None and at <= one.extended_at:
        return Passed.BEFORE_NEW_DATE
    if at <= one.cycle.opens_at:
        return Passed.BEFORE_OPENING
    # Who has handed in once got no reminders while it was with the secretariat, or waited for its clearance.
    if (one.assessment.round or one.was_away) and at <= one.assessment.state_since:
        return Passed.IN_OTHER_HANDS
    return None


def _review_reminders(one: Owed, place: Place, rules: Rules, now: datetime) -> Iterator[ledger.Entry]:
    """The secretariat's own duty: a submission that has waited for so many of its working days."""
    assessment = one.assessment
    submitted = assessment.submitted_at or assessment.state_since
    due_days = [(days, place.after_working_days(submitted, days)) for days in rules.review_after_days]
    past = [pair for pair in due_days if pair[1] <= now]
    for days, moment in past:
        last = (days, moment) == past[-1]
        yield ledger.Entry(
            key=ledger.key("reminder-review", assessment.id, assessment.round, days),
            kind=REVIEW_KIND,
            subject=assessments.subject(assessment.id),
            channel="secretariat",
            facts={"round": assessment.round, "days": days, "hour": rules.hour, "zone": rules.secretariat_zone},
            not_before=place.next_working_moment(now) if last else None,
            not_after=min([at for _, at in due_days if at > moment], default=None),
            void=None if last else Passed.OVERTAKEN.value,
        )
