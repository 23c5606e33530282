""" "Away until 3 May" and "I am back" as plain messages, whatever is open, and what is said to them.

A message is a leave only as a whole (`reading.about_leave`). Where words are awaited, as by a question that wants a
text, a message that does not say who is away ("On leave until 3 May") may be the answer: then the person is asked, and
nothing is taken until they choose. "I am away until 3 May" is nobody's answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from bot import editions, reading, workdays
from bot.errors import NotFound, numbered
from bot.messages import Choice, Deed, Message
from bot.people import leave
from bot.people.leave import Meanwhile
from bot.reading import Away, Back, LeaveProblem, Unclear
from bot.speaker import Speaker
from bot.words import Reader, say_day
from db.engine import Session
from db.models import Heard, Leave, Prompt
from db.queries import assessments as queries
from db.queries import profiles as profile_queries
from db.vocabulary import HeardState, Kind, Stage

_SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class Absent:
    """What is said to a message about a leave. `since`: it was heard before, at that moment."""

    message: Message
    since: datetime | None = None


@dataclass(frozen=True)
class Awaited:
    """Words that a person may write freely now: the question's title, and the prompt that awaits them."""

    title: str | None
    prompt: Prompt


async def absence_said(session: Session, by: Speaker, key: str, text: str, now: datetime) -> Absent | None:
    """Take a message that is about a leave; None where it is about something else.

    Args:
        key: the message and its conversation: taken once.
        text: as the channel delivers it.

    Raises:
        BadLeave: no leave can lie on these days.
    """
    plain = reading.plain(text)
    meant = reading.about_leave(plain, workdays.local(now, by.zone).date())
    if meant is None:
        return None
    before = await queries.heard(session, key)
    if before is not None and before.state is not HeardState.KEPT:
        # Said again after a restart, or an answer that was taken before.
        return Absent(await told(session, by, now), before.heard_at) if before.assessment_id is None else None
    awaited = None if isinstance(meant, Back) else await _awaited(session, by, now)
    if awaited is not None and isinstance(meant, Unclear) and _is_rather_answer(meant):
        return None
    note = Heard(
        key=key,
        person_id=by.person_id,
        assessment_id=None,
        serial=None,
        indicators=None,
        text=plain,
        state=HeardState.TAKEN,
        heard_at=now,
    )
    if isinstance(meant, Back):
        message = await _back(session, by, now)
    elif isinstance(meant, Away) and (meant.by_name or awaited is None):
        message = await plan(session, by, meant.starts, meant.ends, now)
    else:
        note.state = HeardState.KEPT
        if awaited is not None:
            note.assessment_id, note.serial = awaited.prompt.assessment_id, awaited.prompt.serial
            note.delegation_id = awaited.prompt.delegation_id
        message = _asked_back(by, key, meant, awaited, now)
    if before is not None:
        return Absent(message, before.heard_at)
    await queries.put_heard(session, note)
    return Absent(message)


def _is_rather_answer(meant: Unclear) -> bool:
    """Whether words that may be an answer are one. Of days that are past it is said that they are, and asked back."""
    return not meant.by_name and not meant.options and meant.problem is not LeaveProblem.PAST


async def _awaited(session: Session, by: Speaker, now: datetime) -> Awaited | None:
    """Where free words are awaited from this person: a text, a source, a reason, an explanation to the review."""
    found = await profile_queries.asked_of(session, by.person_id, now)
    if found is None:
        return None
    prompt, cycle, assessment = found
    questions = editions.questions(cycle, assessment)
    indicator = questions.indicator(prompt.indicator) if prompt.indicator and prompt.indicator in questions else None
    if indicator is None:
        return Awaited(None, prompt) if prompt.stage is Stage.REVIEW else None
    free = prompt.stage in (Stage.YEAR_AND_SOURCE, Stage.REASON, Stage.EXPLAIN) or indicator.kind is Kind.TEXT
    return Awaited(indicator.title, prompt) if free else None


def _asked_back(by: Speaker, key: str, meant: Away | Unclear, awaited: Awaited | None, now: datetime) -> Message:
    spans = [(meant.starts, meant.ends)] if isinstance(meant, Away) else list(meant.options)
    reader = Reader(by.zone, by.locale)
    today = workdays.local(now, by.zone).date()
    choices = [_span_choice(span, reader, today) for span in spans]
    if awaited is not None:
        choices.append(Choice(Deed.WAS_ANSWER, key))
    facts = {
        "problem": None if isinstance(meant, Away) else meant.problem.value,
        "title": awaited.title if awaited else None,
        "awaited": awaited is not None,
    }
    return Message("leave/asked_back", facts, tuple(choices))


def _span_choice(span: tuple[date, date], reader: Reader, today: date) -> Choice:
    starts, ends = span
    label = "am_away_day" if starts == ends else "am_away_until" if starts == today else "am_away"
    facts = {"starts": say_day(starts, reader), "ends": say_day(ends, reader)}
    return Choice(Deed.AM_AWAY, f"{starts.isoformat()}/{ends.isoformat()}", label, facts)


async def chosen(session: Session, by: Speaker, value: str, now: datetime) -> Message:
    """The person says which days they meant.

    Raises:
        NotFound: the button was not made by this bot. BadLeave: the days are past by now.
    """
    found = _SPAN.fullmatch(value)
    try:
        starts, ends = (date.fromisoformat(each) for each in found.groups()) if found else (None, None)
    except ValueError:
        starts = ends = None
    if starts is None or ends is None:
        raise NotFound(what="button", named=value[:40])
    return await plan(session, by, starts, ends, now)


async def answer_after_all(session: Session, by: Speaker, key: str, now: datetime) -> str | None:
    """The words of a message that was no leave but the answer; None where the question has moved on since.

    Raises:
        NotFound: it is no message of this person's.
    """
    heard = await queries.heard(session, key)
    if heard is None or heard.person_id != by.person_id or heard.assessment_id is None or heard.text is None:
        raise NotFound(what="button", named=key[:40])
    found = await profile_queries.asked_of(session, by.person_id, now)
    same = found is not None and (found[0].assessment_id, found[0].serial) == (heard.assessment_id, heard.serial)
    return heard.text if same else None


async def plan(session: Session, by: Speaker, starts: date, ends: date, now: datetime) -> Message:
    """Note a leave, and say until when, who is asked meanwhile, and how it ends.

    Raises:
        BadLeave: no leave can lie on these days.
    """
    return await _told(session, by, await leave.take(session, by, starts, ends, now), now)


async def end_leave(session: Session, by: Speaker, value: str, now: datetime) -> Message:
    """A button: back before the last day, or not going at all.

    Raises:
        NotFound, LeaveOver.
    """
    ended = await leave.end(session, by, numbered(value), now)
    return _ended(by, ended, now)


async def _back(session: Session, by: Speaker, now: datetime) -> Message:
    ended = await leave.come_back(session, by, now)
    if ended is not None:
        return _ended(by, ended, now)
    planned = await leave.ahead(session, by.person_id, now)
    facts = {"name": by.name, "starts": planned[0].starts_on if planned else None}
    choices = (Choice(Deed.END_LEAVE, str(planned[0].id), "call_off_leave"),) if planned else ()
    return Message("leave/none", facts, choices)


def _ended(by: Speaker, ended: Leave, now: datetime) -> Message:
    begun = ended.starts_on <= workdays.register_day(now)
    facts = {"name": by.name, "starts": ended.starts_on, "ends": ended.ends_on, "begun": begun}
    return Message("leave/ended", facts)


async def told(session: Session, by: Speaker, now: datetime) -> Message:
    """What is noted of a person's leave now."""
    planned = await leave.ahead(session, by.person_id, now)
    return (
        await _told(session, by, planned[0], now)
        if planned
        else Message("leave/none", {"name": by.name, "starts": None})
    )


async def _told(session: Session, by: Speaker, noted: Leave, now: datetime) -> Message:
    today = workdays.register_day(now)
    left = await leave.meanwhile(session, by.person_id, max(noted.starts_on, today))
    facts = {
        "starts": noted.starts_on,
        "ends": noted.ends_on,
        "begun": noted.starts_on <= today,
        "zone": workdays.REGISTER_ZONE,
        "left": [{"how": one.how.value, "member": one.country, "name": one.name} for one in left],
        "nothing": all(one.how is Meanwhile.NOTHING for one in left),
    }
    label = "end_leave" if noted.starts_on <= today else "call_off_leave"
    return Message("leave/told", facts, (Choice(Deed.END_LEAVE, str(noted.id), label),))
