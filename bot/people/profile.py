"""What a person sets for themselves: zone, date style, language, quiet hours, way of being reached, name, addresses.

Whoever holds any role may do all of it, for themselves only: each function takes the speaker and touches that person's
row, and an id that comes back with a button is looked up among that person's own things. No right of PERMISSIONS is
asked for: being who they are is all that it needs. Delivery reads these wishes; here they are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from email_validator import EmailNotValidError, validate_email

from bot import audit, workdays
from bot.errors import NotFound, Refusal
from bot.people.kept import one
from bot.speaker import Speaker
from bot.words import Reader, say_day
from db.engine import Session
from db.models import Address, Person
from db.queries import people as people_queries
from db.queries import profiles as queries
from db.vocabulary import Origin, Reach

LINK_LIVES = timedelta(days=3)
ADDRESSES_AT_MOST = 5
# Each addition writes to somebody; more than these a day are no slips of the pen.
ADDITIONS_A_DAY = 5
DAY = timedelta(days=1)
LONGEST_NAME = 200
# What stands in a select for "nothing of my own".
DEFAULT = "-"
# How people of the network write dates in English, beside their own country's way.
STYLES = ("en_GB", "en_US")
# Codes of ISO 639, with the names that their speakers give them.
LANGUAGES = {
    "en": "English",
    "id": "Bahasa Indonesia",
    "ms": "Bahasa Melayu",
    "fil": "Filipino",
    "km": "ខ្មែរ",
    "lo": "ລາວ",
    "my": "မြန်မာ",
    "ta": "தமிழ்",
    "tet": "Tetun",
    "th": "ไทย",
    "vi": "Tiếng Việt",
    "zh": "中文",
}


class NameTaken(Refusal):
    """Somebody else whom the same people deal with has this name. Facts: name."""


class AddressNotFree(Refusal):
    """The address belongs to somebody else; told to whoever reads its mails, without saying whose it is. No facts."""


class AddressKnown(Refusal):
    """The address is this person's already. Facts: address, state (`in_use`, `confirmed` or `waiting`)."""


class TooManyAddresses(Refusal):
    """No further address can be added. Facts: most, today (whether it is the number of one day)."""


class AddressGone(Refusal):
    """The address is no longer there to be confirmed or used. No facts."""


class AddressNotConfirmed(Refusal):
    """The address is not confirmed yet. Facts: address."""


class NoPages(Refusal):
    """There is no public address, so no link can be sent. No facts."""


@dataclass(frozen=True)
class Wishes:
    """What the form of the profile holds. None: nothing of one's own."""

    name: str
    zone: str | None
    locale: str | None
    language: str | None
    reach: Reach | None
    quiet_from: int | None
    quiet_until: int | None


async def of(session: Session, person_id: int) -> Person:
    """The person.

    Raises:
        NotFound: there is no such person.
    """
    person = await people_queries.person(session, person_id)
    if person is None:
        raise NotFound(what="person", named=str(person_id))
    return person


async def home(session: Session, by: Speaker) -> tuple[str, str]:
    """The zone and the date style that hold for a person who sets none."""
    member = await people_queries.member(session, by.member) if by.member else None
    return (member.zone, member.locale) if member else ("UTC", "en_GB")


async def zones(session: Session) -> list[str]:
    """The zones of the network's countries, each once."""
    return sorted({member.zone for member in await people_queries.members(session)})


async def styles(session: Session) -> list[str]:
    """The date styles of the network's countries, and two more; each once."""
    return list(dict.fromkeys([*STYLES, *sorted(member.locale for member in await people_queries.members(session))]))


def zone_named(text: str) -> str | None:
    """The time zone that somebody means: its whole name, or its city, whatever the case: `europe/rome`, `Rome`."""
    wanted = "_".join(text.split()).casefold()
    if not wanted:
        return None
    known = available_timezones()
    exact = [zone for zone in known if zone.casefold() == wanted]
    cities = [zone for zone in known if "/" in zone and zone.rsplit("/", 1)[-1].casefold() == wanted]
    # Some zones stand there twice, in the old way too (Asia/Saigon): the shortest name of a region is the one in use.
    found = exact or [zone for zone in cities if not zone.startswith(("posix/", "right/", "Etc/"))]
    return min(found, key=lambda zone: (len(zone), zone)) if found else None


def read(given: Mapping[str, Sequence[str]]) -> tuple[Wishes | None, dict[str, str]]:
    """What was filled in, or what is wrong with it: keys of templates/labels.toml by field."""
    problems: dict[str, str] = {}
    name = one(given, "name")
    if not name:
        problems["name"] = "profile_no_name"
    zone = _choice(given, "zone")
    if other := _first(given, "other_zone").strip():
        zone = zone_named(other)
        if zone is None:
            problems["other_zone"] = "profile_no_such_zone"
    elif zone is not None and zone not in available_timezones():
        problems["zone"] = "profile_choose"
    locale = _choice(given, "locale")
    language = _choice(given, "language")
    reach = _choice(given, "reach")
    if language is not None and language not in LANGUAGES:
        problems["language"] = "profile_choose"
    if reach is not None and reach not in list(Reach):
        problems["reach"] = "profile_choose"
    start, end = _hour(given, "quiet_from"), _hour(given, "quiet_until")
    if (start is None) != (end is None) or (start is not None and start == end):
        problems["quiet_until"] = "profile_quiet_both"
    if problems:
        return None, problems
    return Wishes(name, zone, locale, language, Reach(reach) if reach else None, start, end), {}


def _first(given: Mapping[str, Sequence[str]], field: str) -> str:
    return next(iter(given.get(field, ())), "")


def _choice(given: Mapping[str, Sequence[str]], field: str) -> str | None:
    chosen = _first(given, field)
    return None if chosen in ("", DEFAULT) else chosen


def _hour(given: Mapping[str, Sequence[str]], field: str) -> int | None:
    chosen = _choice(given, field)
    return int(chosen) if chosen and chosen.isascii() and chosen.isdecimal() and int(chosen) < 24 else None


async def change(session: Session, by: Speaker, wishes: Wishes, now: datetime) -> list[str]:
    """Keep what a person set; gives the fields that are new. What they did not touch stays as it came.

    Raises:
        NotFound: there is no such person, or no such date style.
        NameTaken: the new name is that of somebody of the same country, or of no country: the secretariat, partners.
    """
    person = await of(session, by.person_id)
    if wishes.locale is not None and wishes.locale not in await styles(session):
        raise NotFound(what="button", named=wishes.locale[:40])
    before = {
        "name": person.name,
        "zone": person.zone or None,
        "locale": person.locale or None,
        "language": person.language,
        "reach": person.reach.value if person.reach else None,
        "quiet": _quiet(person.quiet_from, person.quiet_until),
    }
    after: dict[str, str | None] = {
        "name": wishes.name[:LONGEST_NAME],
        "zone": wishes.zone,
        "locale": wishes.locale,
        "language": wishes.language,
        "reach": wishes.reach.value if wishes.reach else None,
        "quiet": _quiet(wishes.quiet_from, wishes.quiet_until),
    }
    changed: dict[str, Any] = {
        field: [before[field], value] for field, value in after.items() if before[field] != value
    }
    if not changed:
        return []
    if "name" in changed:
        others = await queries.names_beside(session, by.person_id, workdays.register_day(now))
        if wishes.name.casefold() in {" ".join(name.split()).casefold() for name in others}:
            raise NameTaken(name=wishes.name)
        person.name, person.name_by = wishes.name[:LONGEST_NAME], Origin.PERSON
    if "zone" in changed:
        # Also "as my country": what Slack says is then not asked for again.
        person.zone, person.zone_by = wishes.zone, Origin.PERSON
    person.locale, person.language, person.reach = wishes.locale, wishes.language, wishes.reach
    person.quiet_from, person.quiet_until = wishes.quiet_from, wishes.quiet_until
    await audit.record(session, by, "change_profile", f"person:{person.id}", now, fields=changed)
    await session.flush()
    return list(changed)


def _quiet(start: int | None, end: int | None) -> str | None:
    return None if start is None or end is None else f"{start:02d}:00-{end:02d}:00"


def clock_there(zone: str, now: datetime) -> str:
    """What the clock shows in a zone: `09:05`."""
    return f"{now.astimezone(ZoneInfo(zone)):%H:%M}"


def style_shown(locale: str, zone: str, now: datetime) -> str:
    """How a day is written in a style: that day."""
    return say_day(now, Reader(zone, locale))


# Addresses


def clean_address(typed: str) -> str | None:
    """An e-mail address in the form in which it is kept; None where it is none."""
    try:
        return validate_email(typed.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


async def addresses(session: Session, by: Speaker) -> list[Address]:
    """The further addresses of a person."""
    return await queries.addresses(session, by.person_id)


async def add_address(session: Session, by: Speaker, email: str, now: datetime) -> Address:
    """A further address, not confirmed yet. One that waits already is written to again, under its old row.

    Whether somebody else has it is not looked at here, so nobody can ask the register who is in it: that is found out
    when whoever reads its mails confirms it.

    Args:
        email: from `clean_address`.

    Raises:
        AddressKnown, TooManyAddresses.
    """
    added = await queries.done_since(session, by.person_id, "add_address", now - DAY)
    person = await of(session, by.person_id)
    if person.email == email:
        raise AddressKnown(address=email, state="in_use")
    mine = await queries.addresses(session, by.person_id)
    waiting = next((row for row in mine if row.address == email), None)
    if waiting is not None and waiting.confirmed_at is not None:
        raise AddressKnown(address=email, state="confirmed")
    if waiting is None and len(mine) >= ADDRESSES_AT_MOST:
        raise TooManyAddresses(most=ADDRESSES_AT_MOST, today=False)
    if len(added) >= ADDITIONS_A_DAY:
        raise TooManyAddresses(most=ADDITIONS_A_DAY, today=True)
    row = waiting or await queries.add_address(session, Address(person_id=by.person_id, address=email, added_at=now))
    # The address that waits was asked for again: its link lives from now on.
    row.added_at = now
    await audit.record(session, by, "add_address", f"person:{by.person_id}", now, address=row.id)
    await session.flush()
    return row


async def own_address(session: Session, by: Speaker, address_id: int) -> Address:
    """A further address of this person.

    Raises:
        NotFound: it is none of theirs.
    """
    row = await queries.address(session, address_id)
    if row is None or row.person_id != by.person_id:
        raise NotFound(what="address", named=str(address_id))
    return row


async def to_confirm(
    session: Session, person_id: int, address_id: int, email: str, now: datetime
) -> tuple[Person, Address | None]:
    """Whose address a link is about, and the address; None where it is confirmed already.

    Raises:
        AddressGone: it was removed, is another one by now, or its person holds no role any more.
    """
    row = await queries.address(session, address_id)
    person = await people_queries.person(session, person_id)
    if not await queries.roles_of(session, person_id, workdays.register_day(now)):
        raise AddressGone
    if person is not None and person.email == email:
        return person, None
    if row is None or person is None or row.person_id != person_id or row.address != email:
        raise AddressGone
    return person, row if row.confirmed_at is None else None


async def confirm_address(session: Session, person_id: int, address_id: int, email: str, now: datetime) -> bool:
    """Whoever reads the mails of an address says that it is this person's; False where that was said before.

    Raises:
        AddressGone, AddressNotFree.
    """
    _, row = await to_confirm(session, person_id, address_id, email, now)
    if row is None:
        return False
    if await queries.is_taken(session, email, person_id):
        raise AddressNotFree
    if not await queries.confirm_address(session, row.id, now):
        return False
    await audit.record(session, None, "confirm_address", f"person:{person_id}", now, address=row.id)
    return True


async def use_address(session: Session, by: Speaker, address_id: int, now: datetime) -> tuple[str, str | None]:
    """A confirmed address is the one in use from now on; the one before is kept beside it.

    Returns:
        The new address, and the one before.

    Raises:
        NotFound, AddressNotConfirmed, AddressNotFree; AddressGone: somebody was first.
    """
    row = await own_address(session, by, address_id)
    if row.confirmed_at is None:
        raise AddressNotConfirmed(address=row.address)
    person = await of(session, by.person_id)
    new, before = row.address, person.email
    if await queries.is_taken(session, new, by.person_id):
        raise AddressNotFree
    if not await queries.use_address(session, row, before):
        raise AddressGone
    await audit.record(session, by, "use_address", f"person:{by.person_id}", now, address=address_id)
    return new, before


async def remove_address(session: Session, by: Speaker, address_id: int, now: datetime) -> str:
    """A further address is taken away; gives the address.

    Raises:
        NotFound: it is none of theirs, or was taken away before.
    """
    email = (await own_address(session, by, address_id)).address
    if not await queries.remove_address(session, address_id, by.person_id):
        raise NotFound(what="address", named=str(address_id))
    # With the address itself: a file of people does not bring back what its person took away.
    about = f"person:{by.person_id}"
    await audit.record(session, by, "remove_address", about, now, address=address_id, email=email)
    return email


def link_expires(row: Address) -> datetime:
    """Until when the link that confirms an address is good."""
    return row.added_at + LINK_LIVES


def facts_of(row: Address) -> dict[str, Any]:
    """An address as it is shown."""
    return {"address": row.address, "confirmed": row.confirmed_at is not None, "expires": link_expires(row)}
