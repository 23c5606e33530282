"""What a coordination mechanism does: its meetings, and its milestones towards harmonisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot import audit, workdays
from bot.errors import NotFound
from bot.messages import Deed, Field, Form, Message, Sort
from bot.people import mechanisms
from bot.people.kept import (
    LONGEST_NAME,
    LONGEST_TEXT,
    Given,
    Kept,
    Slip,
    again,
    days,
    lines,
    mark,
    one,
    removal,
    removes,
)
from bot.people.mechanisms import Label, card, changed_last, kept_by
from bot.speaker import Speaker
from db.engine import Session
from db.models import Meeting, Member, Milestone
from db.queries import mechanisms as queries


async def meeting_form(session: Session, by: Speaker, slip: Slip, label: Label) -> Form:
    """The form in which a meeting is recorded, corrected or taken out.

    Raises:
        NotFound, NotAllowed.
    """
    member = await kept_by(session, by, slip)
    meeting = await _meeting(session, member, slip)
    held = meeting.held_on.isoformat() if meeting else None
    fields = [
        Field("held_on", "meeting_held_on", sort=Sort.DATE, initial=held),
        Field(
            "about",
            "meeting_about",
            multiline=True,
            optional=True,
            maximum=LONGEST_TEXT,
            initial=meeting.about if meeting else None,
        ),
    ]
    if meeting is not None:
        fields.append(removal("meeting_remove_yes", label))
    return Form(
        Deed.KEEP_MEETING, tuple(fields), Slip(member.code, slip.number, _mark(meeting)).text, mechanisms.whose(member)
    )


async def store_meeting(session: Session, by: Speaker, slip: Slip, given: Given, now: datetime, label: Label) -> Kept:
    """Keep what was filled in, if the meeting is still as the form showed it.

    Raises:
        NotFound, NotAllowed.
    """
    member = await kept_by(session, by, slip)
    meeting = await _meeting(session, member, slip)
    removed = meeting is not None and removes(given)
    found, problems = days(given, "held_on")
    held_on, about = found.get("held_on"), lines(given, "about") or None
    wanted = {"held_on": held_on, "about": about}
    every = await queries.meetings(session, member.code)
    if not removed and _stand(meeting, every, wanted):
        return Kept(said=await card(session, by, member, now, "unchanged"))
    if held_on is None:
        problems.setdefault("held_on", "register_no_day")
    elif held_on > workdays.register_day(now):
        problems["held_on"] = "register_day_to_come"
    elif held_on in [each.held_on for each in every if each is not meeting]:
        problems["held_on"] = "meeting_known"
    if about and len(about) > LONGEST_TEXT:
        problems["about"] = "register_too_long"
    if problems and not removed:
        return Kept(problems)
    if meeting is not None and _mark(meeting) != slip.mark:
        facts = {"member": member.name, "day_held": meeting.held_on, "about": meeting.about}
        changed = await changed_last(session, mechanisms.subject(member.code), "meeting", meeting.id)
        intro = Message("mechanism/meeting_meanwhile", {**facts, "changed": changed})
        return Kept(anew=again(await meeting_form(session, by, slip, label), given, intro))
    before = _facts(meeting) if meeting else {}
    if meeting is not None and removed:
        await session.delete(meeting)
        return await _kept(session, by, member, now, "meeting", before, {}, meeting.id)
    if meeting is None:
        meeting = Meeting(member_code=member.code, added_at=now, **wanted)
        session.add(meeting)
    for field, value in wanted.items():
        setattr(meeting, field, value)
    await session.flush()
    return await _kept(session, by, member, now, "meeting", before, wanted, meeting.id)


async def milestone_form(session: Session, by: Speaker, slip: Slip, label: Label) -> Form:
    """The form in which a milestone is added, changed or taken out, its date set, or the day on which it was reached.

    Raises:
        NotFound, NotAllowed.
    """
    member = await kept_by(session, by, slip)
    step = await _milestone(session, member, slip)
    due = step.due_on.isoformat() if step and step.due_on else None
    reached = step.reached_on.isoformat() if step and step.reached_on else None
    fields = [
        Field("title", "milestone_title", maximum=LONGEST_NAME, initial=step.title if step else None),
        Field("due_on", "milestone_due_on", sort=Sort.DATE, optional=True, initial=due),
        Field(
            "reached_on",
            "milestone_reached_on",
            sort=Sort.DATE,
            optional=True,
            initial=reached,
            hint="milestone_reached_hint",
        ),
    ]
    if step is not None:
        fields.append(removal("milestone_remove_yes", label))
    return Form(
        Deed.KEEP_MILESTONE, tuple(fields), Slip(member.code, slip.number, _mark(step)).text, mechanisms.whose(member)
    )


async def store_milestone(session: Session, by: Speaker, slip: Slip, given: Given, now: datetime, label: Label) -> Kept:
    """Keep what was filled in, if the milestone is still as the form showed it.

    Raises:
        NotFound, NotAllowed.
    """
    member = await kept_by(session, by, slip)
    step = await _milestone(session, member, slip)
    removed = step is not None and removes(given)
    found, problems = days(given, "due_on", "reached_on")
    title, reached_on = one(given, "title"), found.get("reached_on")
    wanted = {"title": title, "due_on": found.get("due_on"), "reached_on": reached_on}
    every = await queries.milestones(session, member.code)
    if not removed and not problems and _stand(step, every, wanted):
        return Kept(said=await card(session, by, member, now, "unchanged"))
    if reached_on is not None and reached_on > workdays.register_day(now):
        problems["reached_on"] = "register_day_to_come"
    if not title or len(title) > LONGEST_NAME:
        problems["title"] = "register_too_long" if title else "share_needed"
    elif title.casefold() in [each.title.casefold() for each in every if each is not step]:
        problems["title"] = "milestone_known"
    if problems and not removed:
        return Kept(problems)
    if step is not None and _mark(step) != slip.mark:
        facts = {"member": member.name, "title": step.title, "due": step.due_on, "reached": step.reached_on}
        changed = await changed_last(session, mechanisms.subject(member.code), "milestone", step.id)
        intro = Message("mechanism/milestone_meanwhile", {**facts, "changed": changed})
        return Kept(anew=again(await milestone_form(session, by, slip, label), given, intro))
    before = _facts(step) if step else {}
    if step is not None and removed:
        await session.delete(step)
        return await _kept(session, by, member, now, "milestone", before, {}, step.id)
    if step is None:
        step = Milestone(member_code=member.code, added_at=now, **wanted)
        session.add(step)
    for field, value in wanted.items():
        setattr(step, field, value)
    await session.flush()
    return await _kept(session, by, member, now, "milestone", before, wanted, step.id)


async def _kept(
    session: Session,
    by: Speaker,
    member: Member,
    now: datetime,
    thing: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    number: int,
) -> Kept:
    """Record what was done, and show the mechanism with it."""
    await session.flush()
    deed = "added" if not before else "changed" if after else "removed"
    reached = thing == "milestone" and not before.get("reached_on") and after.get("reached_on")
    detail: dict[str, Any] = {thing: number, "before": _plain(before), "after": _plain(after)}
    await audit.record(session, by, f"{thing}_{deed}", mechanisms.subject(member.code), now, **detail)
    about = (after or before).get("title") or (after or before)["held_on"]
    return Kept(said=await card(session, by, member, now, "milestone_reached" if reached else f"{thing}_{deed}", about))


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}


def _facts(thing: Meeting | Milestone) -> dict[str, Any]:
    if isinstance(thing, Meeting):
        return {"held_on": thing.held_on, "about": thing.about}
    return {"title": thing.title, "due_on": thing.due_on, "reached_on": thing.reached_on}


def _stand(
    thing: Meeting | Milestone | None, every: Sequence[Meeting] | Sequence[Milestone], wanted: Mapping[str, Any]
) -> bool:
    """Whether nothing of what was filled in is new: the same form may have been sent twice."""
    return any(_facts(each) == wanted for each in every if thing is None or each is thing)


def _mark(thing: Meeting | Milestone | None) -> str:
    return mark(_facts(thing)) if thing else ""


async def _meeting(session: Session, member: Member, slip: Slip) -> Meeting | None:
    meeting = await queries.meeting(session, slip.number) if slip.number else None
    if slip.number and (meeting is None or meeting.member_code != member.code):
        raise NotFound(what="meeting", named=str(slip.number))
    return meeting


async def _milestone(session: Session, member: Member, slip: Slip) -> Milestone | None:
    step = await queries.milestone(session, slip.number) if slip.number else None
    if slip.number and (step is None or step.member_code != member.code):
        raise NotFound(what="milestone", named=str(slip.number))
    return step
