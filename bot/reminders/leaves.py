"""Leave, as it reaches others: who is asked meanwhile hears what is open, and who comes back hears where it stands.

The tick finds each leave that has begun or is over; the ledger's keys make that once. Who is told is found when it is
sent, and a leave that ended early, or was never begun, is told to nobody any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot import editions, ledger, people, workdays
from bot.messages import Choice, Deed, Message
from bot.people import Contact, leave
from bot.people.contacts import ANSWERING
from bot.people.leave import Left, Meanwhile
from bot.reminders.rules import Rules, place_of
from bot.workdays import Place
from db.engine import Session
from db.models import Delivery, Leave, Member
from db.queries import assessments as queries
from db.queries import people as people_queries
from db.queries import profiles as profile_queries
from db.queries import reminders as reminder_queries
from db.queries.people import Hat
from db.vocabulary import ANSWERABLE, AssessmentState, Availability, Role

STAND_IN = "leave/stand_in"
COLLEAGUE = "leave/colleague"
NOBODY = "leave/nobody"
OVER = "leave/over"
KINDS = (STAND_IN, COLLEAGUE, NOBODY, OVER)
# A leave that was over before this many days is old news: the bot was not running then.
STILL_NEWS = timedelta(days=4)


async def tick(session: Session, now: datetime, rules: Rules) -> list[str]:
    """Queue what leaves bring today, each once; gives the keys. In the caller's transaction."""
    today = workdays.register_day(now)
    begun = await profile_queries.leaves_going_on(session, today)
    over = await profile_queries.leaves_over(session, today - STILL_NEWS, today)
    if not begun and not over:
        return []
    known = await reminder_queries.known_keys(session, {_subject(one) for one in (*begun, *over)}, KINDS)
    told = {_subject_of(key) for key in known}
    news = [one for one in begun if str(one.id) not in told]
    back = [one for one in over if _over_key(one) not in known]
    if not news and not back:
        return []
    # Of some nobody is told, at tick after tick: what is looked up does not grow with them.
    left = await leave.all_meanwhile(session, {one.person_id for one in news}, today)
    hats = await people_queries.hats_of_people(session, {one.person_id for one in back}, today)
    members = {member.code: member for member in await people_queries.members(session)}
    entries = [entry for one in news for each in left[one.person_id] for entry in _told(one, each, members, now, rules)]
    entries += [_welcome(one, hats[one.person_id], members, now, rules) for one in back]
    return await ledger.queue_all(session, now, entries)


def _over_key(one: Leave) -> str:
    return ledger.key("leave", one.id, "over")


def _subject(one: Leave) -> str:
    return f"leave:{one.id}"


def _subject_of(key: str) -> str:
    return key.split(":")[1]


def _told(one: Leave, left: Left, members: Mapping[str, Member], now: datetime, rules: Rules) -> list[ledger.Entry]:
    """Who hears of it that somebody is away, for one role of theirs, on their working day."""
    kinds = {Meanwhile.STAND_IN: STAND_IN, Meanwhile.NOBODY: NOBODY, Meanwhile.WAITS: COLLEAGUE}
    kind = kinds.get(left.how)
    member = members.get(left.member or "")
    if kind is None or member is None or (kind == COLLEAGUE and left.name is None):
        return []
    facts: dict[str, Any] = {"role": left.role.value, "member": member.code}
    place = place_of(rules.secretariat_zone, rules.hour)
    if kind != NOBODY:
        facts |= people.to_role(member.code, *(_TO[kind]))
        place = Place(member.zone, member.calendar, rules.hour)
    entry = ledger.Entry(
        key=ledger.key("leave", one.id, left.role.value, member.code),
        kind=kind,
        subject=_subject(one),
        channel="secretariat" if kind == NOBODY else None,
        facts=facts,
        not_before=place.next_working_moment(now),
        not_after=workdays.at(one.ends_on + workdays.DAY, 0, workdays.REGISTER_ZONE),
    )
    return [entry]


_TO = {
    STAND_IN: (Role.ALTERNATE, (Role.ALTERNATE,)),
    COLLEAGUE: (Role.FOCAL_POINT, (Role.FOCAL_POINT,)),
}


def _welcome(
    one: Leave, hats: Sequence[Hat], members: Mapping[str, Member], now: datetime, rules: Rules
) -> ledger.Entry:
    """To who comes back, on their first working morning."""
    hat = next((each for each in hats if each.member), hats[0] if hats else None)
    member = members.get(hat.member or "") if hat is not None else None
    zone = (hat.zone if hat else None) or workdays.REGISTER_ZONE
    at = Place(zone, member.calendar if member else None, rules.hour).next_working_moment(now)
    return ledger.Entry(
        key=_over_key(one),
        kind=OVER,
        subject=_subject(one),
        person_id=one.person_id,
        not_before=at,
        not_after=at + STILL_NEWS,
    )


async def _leave_of(session: Session, delivery: Delivery) -> Leave | None:
    one = await profile_queries.leave(session, int(delivery.subject.split(":")[1]))
    return one if one is not None and one.ended_at is None else None


async def meanwhile(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """Somebody is away: said to who is asked meanwhile, to the colleague who should know, or to the secretariat."""
    one = await _leave_of(session, delivery)
    if one is None or one.ends_on < workdays.register_day(now):
        return None
    away = await people_queries.person(session, one.person_id)
    code = delivery.facts["member"]
    member = await people_queries.member(session, code)
    if away is None or member is None or (contact is not None and contact.person_id == one.person_id):
        return None
    facts: dict[str, Any] = {
        "name": contact.name if contact else "",
        "away": away.name,
        "role": delivery.facts["role"],
        "ends": one.ends_on,
        "member": member.name,
    }
    if delivery.kind == COLLEAGUE:
        return Message(COLLEAGUE, facts)
    standings, choices = await standing(session, code)
    return Message(delivery.kind, {**facts, "standings": standings}, choices if delivery.kind == STAND_IN else ())


async def over(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """Welcome back: where it stands, for those who answer for a country."""
    one = await _leave_of(session, delivery)
    if one is None or contact is None:
        return None
    hats = await people_queries.hats_of_person(session, contact.person_id, workdays.register_day(now))
    answering = next((hat for hat in hats if hat.role in ANSWERING and hat.member), None)
    if not hats or (answering is None and hats[0].away) or (answering is not None and answering.away):
        # Nobody is welcomed who has gone, or is away again.
        return None
    standings, choices = await standing(session, answering.member or "") if answering else ([], ())
    facts = {
        "name": contact.name,
        "ended": one.ends_on,
        "member": answering.member_name if answering else None,
        "standings": standings,
    }
    return Message(OVER, facts, choices)


async def standing(session: Session, member: str) -> tuple[list[dict[str, Any]], tuple[Choice, ...]]:
    """Where a country stands in each open cycle, and a button for each that it can go on with."""
    rows: list[dict[str, Any]] = []
    choices: list[Choice] = []
    for talk in await queries.live_talks(session, member):
        answers = await queries.answers(session, talk.assessment.id)
        state = talk.assessment.state
        rows.append(
            {
                "cycle": talk.cycle.title,
                "state": state.value,
                "answered": sum(answer.availability is not Availability.SKIPPED for answer in answers.values()),
                "total": len(editions.questions(talk.cycle, talk.assessment).indicators),
                "due": talk.due_at,
            }
        )
        if state in ANSWERABLE:
            deed = Deed.START if state is AssessmentState.OPEN else Deed.RESUME
            choices.append(
                Choice(deed, f"{talk.assessment.id}:0::", "go_to_cycle", {"cycle": talk.cycle.title}, style="primary")
            )
    return rows, tuple(choices)
