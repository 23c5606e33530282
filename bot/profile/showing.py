"""The profile in plain words with its buttons, and the forms behind them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import people, workdays
from bot.messages import Choice, Deed, Field, Form, Message, Sort
from bot.people import leave, profile
from bot.people.profile import DEFAULT, LANGUAGES
from bot.speaker import Speaker
from bot.words import words, zone_name
from db.engine import Session
from db.models import Person
from db.queries import people as people_queries
from db.vocabulary import Origin, Reach

HOURS = [(str(hour), f"{hour:02d}:00") for hour in range(24)]


async def show(session: Session, by: Speaker, now: datetime, changed: str | None = None) -> Message:
    """All that a person has set, and where they are reached, with the buttons that change it.

    Args:
        changed: what was just done, said above it: `profile`, `nothing`, `used` or `removed`.
    """
    person = await profile.of(session, by.person_id)
    today = workdays.register_day(now)
    zone, locale = await _in_force(session, by, person)
    leaves = await leave.ahead(session, person.id, now)
    further = await profile.addresses(session, by)
    hats = await people_queries.hats_of_person(session, person.id, today)
    country = await people_queries.member(session, by.member) if by.member else None
    facts: dict[str, Any] = {
        "changed": changed,
        "name": person.name,
        "roles": [{"role": hat.role.value, "member": hat.member_name, "agency": hat.agency} for hat in hats],
        "zone": zone,
        "clock": profile.clock_there(zone, now),
        "zone_by": (person.zone_by or Origin.REGISTER).value if person.zone else "country",
        "country": country.name if country else None,
        "today": profile.style_shown(locale, zone, now),
        "language": LANGUAGES.get(person.language or "en", "English"),
        "reach": person.reach.value if person.reach else None,
        "quiet": _quiet(person),
        "email": person.email,
        "refused": person.email_refused_at,
        "further": [profile.facts_of(row) for row in further],
        "in_chat": bool(person.slack_id),
        "trouble": person.slack_trouble,
        "leaves": [{"starts": one.starts_on, "ends": one.ends_on, "now": one.starts_on <= today} for one in leaves],
        "stopped": await people.has_stopped_digests(session, person.id),
    }
    choices = [
        Choice(Deed.CHANGE_PROFILE, str(person.id), style="primary"),
        Choice(Deed.PLAN_LEAVE, str(person.id)),
        Choice(Deed.ADD_ADDRESS, str(person.id)),
    ]
    for one in leaves:
        label = "end_leave" if one.starts_on <= today else "call_off_leave"
        choices.append(Choice(Deed.END_LEAVE, str(one.id), label))
    for row in further:
        if row.confirmed_at is not None:
            choices.append(Choice(Deed.USE_ADDRESS, str(row.id), facts={"address": row.address}))
        choices.append(Choice(Deed.REMOVE_ADDRESS, str(row.id), facts={"address": row.address}))
    return Message("profile/show", facts, tuple(choices))


async def _in_force(session: Session, by: Speaker, person: Person) -> tuple[str, str]:
    zone, locale = await profile.home(session, by)
    return person.zone or zone, person.locale or locale


def _quiet(person: Person) -> dict[str, str] | None:
    if person.quiet_from is None or person.quiet_until is None:
        return None
    return {"from": f"{person.quiet_from:02d}:00", "until": f"{person.quiet_until:02d}:00"}


async def form(session: Session, by: Speaker, now: datetime) -> Form:
    """What a person can set, with what stands now."""
    label = words().label
    person = await profile.of(session, by.person_id)
    zone, locale = await profile.home(session, by)
    zones = await profile.zones(session)
    listed = [*zones, *([person.zone] if person.zone and person.zone not in zones else [])]
    styles = await profile.styles(session)
    samples = {style: profile.style_shown(style, person.zone or zone, now) for style in styles}
    own = label("profile_as_country") if by.member else label("profile_as_usual")
    return Form(
        Deed.CHANGE_PROFILE,
        (
            Field("name", "profile_name", initial=person.name, maximum=profile.LONGEST_NAME, hint="profile_name_hint"),
            Field(
                "zone",
                "profile_zone",
                ((DEFAULT, f"{zone_name(zone)} ({own})"), *((each, zone_name(each)) for each in listed)),
                initial=person.zone or DEFAULT,
            ),
            Field("other_zone", "profile_other_zone", optional=True, maximum=60, hint="profile_other_zone_hint"),
            Field(
                "locale",
                "profile_locale",
                (
                    (DEFAULT, f"{samples.get(locale) or profile.style_shown(locale, zone, now)} ({own})"),
                    *_told_apart(samples, person.locale),
                ),
                initial=person.locale or DEFAULT,
            ),
            Field(
                "language",
                "profile_language",
                tuple(LANGUAGES.items()),
                initial=person.language or "en",
                hint="profile_language_hint",
            ),
            Field(
                "reach",
                "profile_reach",
                (
                    (DEFAULT, label("profile_reach_any")),
                    *((each.value, label(f"reach_{each.value}")) for each in Reach),
                ),
                initial=person.reach.value if person.reach else DEFAULT,
                hint="profile_reach_hint",
            ),
            Field(
                "quiet_from",
                "profile_quiet_from",
                ((DEFAULT, label("profile_no_quiet")), *HOURS),
                initial=DEFAULT if person.quiet_from is None else str(person.quiet_from),
            ),
            Field(
                "quiet_until",
                "profile_quiet_until",
                ((DEFAULT, label("profile_no_quiet")), *HOURS),
                initial=DEFAULT if person.quiet_until is None else str(person.quiet_until),
                hint="profile_quiet_hint",
            ),
        ),
    )


def _told_apart(samples: dict[str, str], chosen: str | None) -> list[tuple[str, str]]:
    """Each way of writing a date once, though several countries may share it; the chosen one stays."""
    seen: dict[str, str] = {}
    for style, sample in samples.items():
        if sample not in seen or style == chosen:
            seen[sample] = style
    return [(style, sample) for sample, style in seen.items()]


def address_form() -> Form:
    """A further address."""
    return Form(Deed.ADD_ADDRESS, (Field("address", "profile_address", sort=Sort.EMAIL, hint="profile_address_hint"),))


def leave_form(by: Speaker, now: datetime) -> Form:
    """A leave, from today on unless told otherwise."""
    today = workdays.local(now, by.zone).date().isoformat()
    return Form(
        Deed.PLAN_LEAVE,
        (
            Field("starts", "leave_starts", sort=Sort.DATE, initial=today),
            Field("ends", "leave_ends", sort=Sort.DATE, hint="leave_ends_hint"),
        ),
    )
