"""The form in which a part is handed to somebody, and what was filled in read back and looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from email_validator import EmailNotValidError, validate_email

from bot import assessments, editions, workdays
from bot.assessments import title_of_part
from bot.errors import NotFound, numbered
from bot.messages import Deed, Field, Form, Message, Sort
from bot.permissions import Act
from bot.reading import clean
from bot.speaker import Speaker
from db.engine import Session
from db.queries import delegations as queries
from db.queries import people as people_queries
from db.queries.assessments import Talk
from db.vocabulary import Role

# So many working days before the due date the contributor's own date is proposed: time to look and to ask back.
BEFORE_DUE = 5
LONGEST_NOTE = 500
LONGEST_NAME = 100
NOBODY = "-"


@dataclass(frozen=True)
class Wish:
    """What a filled-in form asks for.

    Attributes:
        section, indicator: what is handed over; without an indicator the whole section.
        person_id: somebody known; None: somebody new, of this name, address and agency.
    """

    section: str
    indicator: str | None
    person_id: int | None
    name: str
    email: str
    agency_id: int | None
    due_on: date
    note: str | None


def proposed(talk: Talk, now: datetime, zone: str) -> date:
    """The day that is proposed: some working days before the due date, but not before tomorrow."""
    today = workdays.local(now, zone).date()
    day = _last_day(talk, zone)
    for _ in range(BEFORE_DUE):
        day = workdays.previous_workday(day - workdays.DAY, talk.member.calendar)
    return min(max(day, today + workdays.DAY), max(today, _last_day(talk, zone)))


def _last_day(talk: Talk, zone: str) -> date:
    """The due day."""
    end = talk.due_at
    return workdays.local(end - timedelta(microseconds=1), zone).date()


def latest(talk: Talk, now: datetime, zone: str) -> date:
    """The last day that a contributor can be given: the due day, or after it the day on which the cycle closes."""
    end = talk.due_at if now < talk.due_at else talk.closes_at
    return workdays.local(end - timedelta(microseconds=1), zone).date()


async def form(session: Session, by: Speaker, value: str, now: datetime) -> Form:
    """The form for whoever answers for a member.

    Args:
        value: of the button: `assessment:serial:question:section`, the last two empty where it stood at none.

    Raises:
        NotFound: there is no such assessment, or it is another country's.
        Locked, NotThePersonsTurn: nothing can be answered any more, by nobody.
    """
    first, _, rest = value.partition(":")
    _, _, rest = rest.partition(":")
    indicator, _, letter = rest.partition(":")
    talk = await assessments.find(session, by, Act.DELEGATE, numbered(first))
    assessments.check_answerable(talk, now)
    member = talk.assessment.member_code
    questions = editions.questions(talk.cycle, talk.assessment)
    parts: list[tuple[str, str]] = []
    sections = questions.sections
    if indicator in questions:
        sections = (questions.section_of(indicator),)
        parts.append((f"{sections[0].letter}:{indicator}", questions.indicator(indicator).title))
    elif letter:
        sections = tuple(sorted(sections, key=lambda section: section.letter != letter))
    parts += [(f"{section.letter}:", title_of_part(questions, section.letter, None)) for section in sections]
    today = workdays.register_day(now)
    known = await people_queries.holders(session, [Role.CONTRIBUTOR], today, member)
    people = tuple((str(hat.person_id), f"{hat.name} ({hat.agency})" if hat.agency else hat.name) for hat in known)
    agencies = tuple((str(agency.id), agency.name) for agency in await queries.agencies_of(session, member))
    fields = [Field("part", "delegate_part", tuple(parts), initial=parts[0][0])]
    if people:
        fields.append(Field("who", "delegate_who", people[:100], optional=True))
    fields += [
        Field("name", "delegate_name", optional=bool(people), maximum=LONGEST_NAME),
        Field("email", "delegate_email", optional=bool(people), sort=Sort.EMAIL, hint="delegate_email_hint"),
    ]
    if agencies:
        fields.append(Field("agency", "delegate_agency", agencies[:100], optional=True))
    fields += [
        Field("due", "delegate_due", sort=Sort.DATE, initial=proposed(talk, now, by.zone).isoformat()),
        Field("note", "delegate_note", multiline=True, optional=True, maximum=LONGEST_NOTE),
    ]
    intro = Message(
        "delegation/form",
        {
            "member": talk.member.name,
            "cycle": talk.cycle.title,
            "due": talk.due_at,
            "closes": talk.closes_at,
            "late": now > talk.due_at,
        },
    )
    return Form(Deed.DELEGATE, tuple(fields), str(talk.assessment.id), intro)


def read_form(private: str, given: Mapping[str, Sequence[str]]) -> tuple[int, Wish | dict[str, str]]:
    """The assessment and what is wished; or, by field, the label that says what is missing or wrong.

    Raises:
        NotFound: the form was not made by this bot.
    """
    assessment_id = numbered(private)
    one = {name: clean(values[0]) for name, values in given.items() if values}
    who = one.get("who", NOBODY)
    section, colon, indicator = one.get("part", "").partition(":")
    if not colon or len(section) > 4 or len(indicator) > 64:
        raise NotFound(what="part", named=section[:10])
    wrong: dict[str, str] = {}
    person_id = None if who == NOBODY else numbered(who)
    email = ""
    if person_id is None:
        name = " ".join(one.get("name", "").split())
        if not name:
            wrong["name"] = "delegate_needs_somebody"
        email = _address(one.get("email", "")) or ""
        if not email:
            wrong["email"] = "delegate_needs_address"
    else:
        name = ""
        if one.get("email") or one.get("name"):
            wrong["name"] = "delegate_one_of_both"
    due = _day(one.get("due", ""))
    if due is None:
        wrong["due"] = "delegate_needs_day"
    if wrong or due is None:
        return assessment_id, wrong
    agency = numbered(one["agency"]) if one.get("agency") else None
    note = one.get("note", "")[:LONGEST_NOTE] or None
    return assessment_id, Wish(section, indicator or None, person_id, name[:LONGEST_NAME], email, agency, due, note)


def check(talk: Talk, wish: Wish, now: datetime, zone: str) -> dict[str, str]:
    """What is wrong with the day, by field; nothing where it fits."""
    if wish.due_on < workdays.local(now, zone).date():
        return {"due": "delegate_day_is_past"}
    return {"due": "delegate_day_too_late"} if wish.due_on > latest(talk, now, zone) else {}


def _address(typed: str) -> str | None:
    try:
        return validate_email(typed, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
