"""The forms of floors: what a member wants to aim at, beside what stands today; and why a proposal is refused."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from bot import permissions, workdays
from bot.errors import NotFound, numbered
from bot.floors.aim import Aim
from bot.floors.asking import coordinators
from bot.floors.deciding import LONGEST_REASON, clearer
from bot.floors.notices import ask_facts
from bot.floors.proposing import (
    LONGEST_SOURCE,
    BadAim,
    bad,
    codes,
    newest_cleared,
    number_of,
    propose,
    the_member,
    waits,
)
from bot.floors.shown import found, proposals, row_facts
from bot.formats import Indicator
from bot.messages import Choice, Deed, Field, Form, Menu, Message, Sort
from bot.people.kept import Given, Kept, again, day, mark, one
from bot.permissions import Act
from bot.reading.typed import fold
from bot.speaker import Speaker
from db.engine import Session
from db.models import Floor, Member
from db.queries import floors as queries
from db.queries.floors import Noted
from db.vocabulary import Direction

LONGEST_NUMBER = 60
GIVE_UP = "give_up"
FIELDS = ("floor", "ceiling", "target_year", "source", "valid_from")


def parsed(value: str) -> tuple[str, str, str]:
    """What a menu or a form carries: the country, the indicator, and the mark of what the form showed."""
    member, _, rest = value.partition(":")
    code, _, shown = rest.partition(":")
    return member[:3], code, shown


async def set_form(session: Session, by: Speaker, value: str, edition: str, label: Any, now: datetime) -> Form:
    """The form in which a floor is set, with what stands today and what waits already.

    Args:
        value: what the menu carries: the country and the indicator.
        edition: the code of the edition in use.
        label: the words for a key of templates/labels.toml.

    Raises:
        NotFound, NotAllowed.
    """
    code, name, _ = parsed(value)
    permissions.require(by, Act.SET_FLOORS, code)
    member, indicator = await the_member(session, code), found(edition, name)
    return _form(member, indicator, await queries.history(session, code, codes(indicator)), label, now)


def _form(member: Member, indicator: Indicator, rows: list[Noted], label: Any, now: datetime) -> Form:
    today = workdays.register_day(now)
    stands, newest, waiting = _known(rows, now)
    shown = waiting or stands
    earliest = max(today, newest.valid_from + workdays.DAY) if newest is not None else today
    begins = waiting.valid_from if waiting is not None else earliest
    fields = [
        Field("floor", "floor_floor", optional=True, maximum=LONGEST_NUMBER, initial=_digits(shown and shown.floor)),
        Field(
            "ceiling", "floor_ceiling", optional=True, maximum=LONGEST_NUMBER, initial=_digits(shown and shown.ceiling)
        ),
        Field(
            "target_year",
            "floor_target_year",
            optional=True,
            maximum=20,
            initial=str(shown.target_year) if shown is not None and shown.target_year else None,
        ),
        Field("source", "floor_source", maximum=LONGEST_SOURCE, initial=shown.source if shown is not None else None),
        Field("valid_from", "floor_valid_from", sort=Sort.DATE, initial=begins.isoformat(), hint="floor_day_hint"),
    ]
    if newest is not None and newest.floor is not None:
        options = ((GIVE_UP, label("floor_give_up_yes")),)
        fields.append(Field(GIVE_UP, "floor_give_up", options, sort=Sort.CHECKS, optional=True))
    private = f"{member.code}:{indicator.code}:{_mark(stands, newest, waiting)}"
    return Form(Deed.SET_FLOOR, tuple(fields), private, Message("floors/form", _facts(member, indicator, rows, now)))


def _known(rows: list[Noted], now: datetime) -> tuple[Floor | None, Floor | None, Floor | None]:
    """What stands today, what was cleared with the last day, and what waits."""
    floors = [noted.floor for noted in rows]
    newest = newest_cleared(floors)
    begun = [row for row in floors if row.valid_from <= workdays.register_day(now)]
    stands = newest_cleared(begun)
    waiting = next((row for row in floors if waits(row)), None)
    return stands if stands is not None and stands.floor is not None else None, newest, waiting


def _digits(number: Decimal | None) -> str | None:
    return format(number, "f") if number is not None else None


def _mark(*rows: Floor | None) -> str:
    return mark(*[row.id if row is not None else None for row in rows])


def _facts(member: Member, indicator: Indicator, rows: list[Noted], now: datetime) -> dict[str, Any]:
    stands, newest, waiting = _known(rows, now)
    ahead = newest if newest is not None and newest.valid_from > workdays.register_day(now) else None
    who = next((noted.proposed_by for noted in rows if noted.floor is waiting), None)
    return {
        "member": member.name,
        "title": indicator.title,
        "unit": indicator.unit,
        "minimum": indicator.minimum,
        "maximum": indicator.maximum,
        "down": indicator.direction is Direction.DOWN,
        "stands": row_facts(stands),
        "coming": row_facts(ahead),
        "waiting": row_facts(waiting),
        "by": who,
    }


async def store(
    session: Session, by: Speaker, value: str, given: Given, edition: str, label: Any, now: datetime
) -> Kept:
    """Write down what was filled in, if what the form showed is still so.

    Args:
        value: what the form carries.

    Raises:
        FloorKnown, NotFound, NotAllowed.
    """
    code, name, shown = parsed(value)
    permissions.require(by, Act.SET_FLOORS, code)
    member, indicator = await the_member(session, code), found(edition, name)
    await queries.lock(session, code)
    rows = await queries.history(session, code, codes(indicator))
    if shown != _mark(*_known(rows, now)):
        intro = Message("floors/meanwhile", _facts(member, indicator, rows, now))
        return Kept(anew=again(_form(member, indicator, rows, label, now), given, intro))
    try:
        aim = read_aim(given, indicator, now)
        floor = await propose(session, by, code, indicator, aim, now)
    except BadAim as wrong:
        field, problem = str(wrong.facts["field"]), str(wrong.facts["problem"])
        return Kept({field: f"floor_wrong_{problem}"})
    return Kept(said=await proposed_message(session, member, floor, now))


def read_aim(given: Given, indicator: Indicator, now: datetime) -> Aim:
    """What was filled in, as an aim.

    Raises:
        BadAim: something of it cannot be read.
    """
    today = workdays.register_day(now)
    gives_up = GIVE_UP in given.get(GIVE_UP, [])
    typed = {name: one(given, name) for name in FIELDS}
    if not gives_up and not typed["floor"]:
        raise bad("no_floor", indicator, field="floor")
    try:
        begins = day(given, "valid_from")
    except ValueError:
        begins = None
    if begins is None:
        raise bad("no_day", indicator, field="valid_from")
    if gives_up:
        return Aim(None, None, None, typed["source"], begins)
    floor = number_of(typed["floor"], indicator, today, "floor")
    ceiling = number_of(typed["ceiling"], indicator, today, "ceiling") if typed["ceiling"] else None
    year = fold(typed["target_year"])
    if year and not (len(year) == 4 and year.isdecimal()):
        raise bad("bad_year", indicator, field="target_year")
    return Aim(floor, ceiling, int(year) if year else None, typed["source"], begins)


async def proposed_message(session: Session, member: Member, floor: Floor, now: datetime) -> Message:
    """What was written down, beside what stands, and what is collected so far."""
    rows = await queries.proposed(session, member.code)
    cleared = await queries.cleared(session, [member.code])
    own = [noted for noted in rows if noted.floor.id == floor.id]
    collected = [noted for noted in rows if noted.floor.asked_at is None]
    authors = {noted.floor.proposed_by for noted in rows}
    facts = {
        "member": member.name,
        **proposals(own, cleared, workdays.register_day(now))[0],
        "collected": len(collected),
        "coordinators": [hat.name for hat in await coordinators(session, member, authors, now)],
    }
    choices: tuple[Choice | Menu, ...] = (
        Choice(Deed.ASK_FLOORS, member.code, style="primary"),
        Choice(Deed.SEE_FLOORS, member.code, "set_another_floor"),
    )
    return Message("floors/proposed", facts, choices)


async def refuse_form(session: Session, by: Speaker, value: str, where: str, now: datetime) -> Form:
    """The form in which the reason of a no is written.

    Args:
        value: what the menu carries: the number of the row.
        where: where the question for the yes stands, to be brought up to date afterwards.

    Raises:
        NotFound: there is none, or it does not wait.
        NotAllowed: not the member's coordinator.
    """
    rows = await queries.some(session, [numbered(value)])
    if not rows:
        raise NotFound(what="floor", named=value[:40])
    row = rows[0].floor
    await clearer(session, by, row.member_code, now)
    if not waits(row) or row.asked_at is None:
        raise NotFound(what="floor", named=value[:40])
    member = await the_member(session, row.member_code)
    facts = await ask_facts(session, member, rows, now)
    reason = Field("reason", "refuse_floor_reason", multiline=True, maximum=LONGEST_REASON)
    return Form(Deed.REFUSE_FLOOR, (reason,), f"{member.code}:{row.id}|{where}", Message("floors/refuse_form", facts))
