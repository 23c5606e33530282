"""Hand a section or one question to somebody, known or new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot import assessments, audit, editions, ledger, permissions, workdays
from bot.assessments import narrowed, part_subject, title_of_part
from bot.delegation import forms
from bot.delegation.entries import fresh_entry
from bot.delegation.listing import contributors
from bot.delegation.notices import ASK_KIND
from bot.errors import NotFound, Refusal
from bot.messages import Message
from bot.people.contacts import ANSWERING
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Appointment, Delegation, Person
from db.queries import delegations as queries
from db.queries import people as people_queries
from db.queries import profiles as profile_queries
from db.queries.assessments import Talk
from db.vocabulary import DelegationState, Role

# What is wrong with the person, as the form says it.
WRONG_PERSON = {
    "not_yours": "delegate_not_yours",
    "answers_already": "delegate_answers_already",
    "no_way_to_answer": "delegate_no_way_to_answer",
}
# To one person, by one member. Whoever hands over and takes back again and again would fill a mailbox.
HANDED_A_DAY = 10
A_DAY = timedelta(days=1)


class AlreadyOut(Refusal):
    """A part of this is in somebody's hands. Facts: part, person, due."""


class NotYours(Refusal):
    """This person cannot be made a contributor of this country by its focal point. Facts: email."""


class AnswersAlready(Refusal):
    """This person answers for the whole country already. Facts: person."""


class NoWayToAnswer(Refusal):
    """This person is not in the chat, and there are no pages to answer on. Facts: person."""


class HandedOften(Refusal):
    """This person was handed so much within a day: each time is a message to them. Facts: person, most, again."""


class DayDoesNotFit(Refusal):
    """The contributor's day is past, or after the due day. Facts: wanted, latest, problem."""


@dataclass(frozen=True)
class Handed:
    """What was handed to whom."""

    delegation: Delegation
    person: str
    part: str


async def hand(
    session: Session, by: Speaker, private: str, given: Mapping[str, Sequence[str]], now: datetime, *, pages: bool
) -> Message | dict[str, str]:
    """Do what a filled-in form asks for.

    Args:
        private: what came back with the form.
        given: what was filled in, by field.
        pages: whether people can open pages of the bot.

    Returns:
        Who has what now; or, by field, the label that says what is wrong.

    Raises:
        As `give`, but for what the form says itself.
    """
    assessment_id, wish = forms.read_form(private, given)
    talk = await assessments.find(session, by, Act.DELEGATE, assessment_id)
    if not isinstance(wish, forms.Wish):
        return wish
    if wrong := forms.check(talk, wish, now, by.zone):
        return wrong
    try:
        handed = await give(session, by, talk, wish, now, pages=pages)
    except (NotYours, AnswersAlready, NoWayToAnswer) as refusal:
        return {"email" if wish.person_id is None else "who": WRONG_PERSON[refusal.name]}
    said = {"did": "given", "person": handed.person, "part": handed.part}
    return await contributors(session, by, now, said=said)


async def give(session: Session, by: Speaker, talk: Talk, wish: forms.Wish, now: datetime, *, pages: bool) -> Handed:
    """Hand a part to a contributor. They are written to, in chat or by mail with a link of their own.

    Args:
        talk: found with Act.DELEGATE, under its lock; an opened or returned assessment is taken in hand.

    Raises:
        NotAllowed: another country's assessment.
        Locked, NotThePersonsTurn: nothing can be answered any more.
        AlreadyOut, NotYours, AnswersAlready, NoWayToAnswer, HandedOften, DayDoesNotFit.
        NotFound: there is no such section, question, person or agency here.
    """
    permissions.require(by, Act.DELEGATE, talk.assessment.member_code)
    questions = editions.questions(talk.cycle, talk.assessment)
    wanted = Delegation(
        assessment_id=talk.assessment.id,
        section=wish.section,
        indicator=wish.indicator,
        due_on=wish.due_on,
        note=wish.note,
        state=DelegationState.OPEN,
        given_by=by.person_id,
        given_at=now,
    )
    inside = {indicator.code for indicator in narrowed(questions, wanted).indicators}
    if not inside:
        raise NotFound(what="section", named=wish.section)
    if wrong := forms.check(talk, wish, now, by.zone):
        raise DayDoesNotFit(wanted=wish.due_on, latest=forms.latest(talk, now, by.zone), problem=wrong["due"])
    assessments.check_answerable(talk, now)
    for part in await queries.parts(session, talk.assessment.id, (DelegationState.OPEN,)):
        held = narrowed(questions, part.delegation)
        if any(code in held for code in inside):
            title = title_of_part(questions, part.delegation.section, part.delegation.indicator)
            raise AlreadyOut(part=title, person=part.person, due=part.delegation.due_on)
    person = await _person(session, by, talk, wish, now, pages=pages)
    await assessments.begin(session, by, talk, now)
    wanted.person_id = person.id
    delegation = await queries.add(session, wanted)
    await fresh_entry(session, delegation, talk.closes_at, talk.member.zone, now)
    about = part_subject(delegation.id)
    await ledger.queue(
        session, now, key=ledger.key("part", delegation.id), kind=ASK_KIND, subject=about, person_id=person.id
    )
    title = title_of_part(questions, wish.section, wish.indicator)
    await audit.record(
        session,
        by,
        "delegate",
        assessments.subject(talk.assessment.id),
        now,
        delegation=delegation.id,
        section=wish.section,
        indicator=wish.indicator,
        to=person.id,
        due=wish.due_on.isoformat(),
    )
    return Handed(delegation, person.name, title)


async def _person(session: Session, by: Speaker, talk: Talk, wish: forms.Wish, now: datetime, *, pages: bool) -> Person:
    member, today = talk.assessment.member_code, workdays.register_day(now)
    if wish.person_id is not None:
        known = await people_queries.holders(session, [Role.CONTRIBUTOR], today, member)
        person = await people_queries.person(session, wish.person_id)
        if person is None or person.id not in {hat.person_id for hat in known}:
            raise NotFound(what="person", named=str(wish.person_id))
        _check_way(person, wish, pages=pages)
        await _check_often(session, person, member, now)
        return person
    if wish.agency_id is not None and wish.agency_id not in {a.id for a in await queries.agencies_of(session, member)}:
        raise NotFound(what="agency", named=str(wish.agency_id))
    # Also by an address that they have confirmed beside the one in use: nobody else may come to own it.
    person = await people_queries.person_by_email(session, wish.email)
    person = person or await profile_queries.person_of_address(session, wish.email)
    _check_way(person, wish, pages=pages)
    if person is None:
        person = Person(name=wish.name, email=wish.email)
        session.add(person)
        await session.flush()
    roles = await queries.roles_from(session, person.id, today)
    if any(role.member_code != member for role in roles):
        # Who it is stays unsaid: it may be another country's colleague.
        raise NotYours(email=wish.email)
    if any(role.role in ANSWERING for role in roles):
        raise AnswersAlready(person=person.name)
    await _check_often(session, person, member, now)
    own = sorted(role.starts_on for role in roles if role.role is Role.CONTRIBUTOR)
    if not own or own[0] > today:
        # Up to the day on which a role that is planned begins.
        until = own[0] - workdays.DAY if own else None
        await _appoint(session, by, person, member, wish.agency_id, until, now)
    return person


def _check_way(person: Person | None, wish: forms.Wish, *, pages: bool) -> None:
    if not pages and (person is None or not person.slack_id or person.slack_trouble):
        raise NoWayToAnswer(person=person.name if person else wish.name)


async def _check_often(session: Session, person: Person, member: str, now: datetime) -> None:
    given = await queries.given_since(session, person.id, member, now - A_DAY)
    if len(given) >= HANDED_A_DAY:
        raise HandedOften(person=person.name, most=HANDED_A_DAY, again=given[-HANDED_A_DAY] + A_DAY)


async def _appoint(
    session: Session,
    by: Speaker,
    person: Person,
    member: str,
    agency_id: int | None,
    until: date | None,
    now: datetime,
) -> None:
    appointment = Appointment(
        person_id=person.id,
        role=Role.CONTRIBUTOR,
        member_code=member,
        agency_id=agency_id,
        starts_on=workdays.register_day(now),
        ends_on=until,
    )
    session.add(appointment)
    await session.flush()
    about = f"person:{person.id}"
    await audit.record(session, by, "invite_contributor", about, now, member=member, agency=agency_id)
