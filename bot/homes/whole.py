"""All cards of one person: those of each role, and the profile once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import people, workdays
from bot.homes.answering import answering
from bot.homes.contributor import contributor
from bot.homes.coordinator import coordinator
from bot.homes.partner import partner
from bot.homes.secretariat import secretariat
from bot.messages import Choice, Deed, Message
from bot.people import leave, profile
from bot.people.recognising import Recognised
from bot.speaker import Speaker
from db.engine import Session
from db.queries.people import Hat
from db.vocabulary import Role, Via

Home = Callable[[Session, Speaker, datetime], Awaitable[list[Message]]]

HOMES: dict[Role, Home] = {
    Role.FOCAL_POINT: answering,
    Role.ALTERNATE: answering,
    Role.CONTRIBUTOR: contributor,
    Role.COORDINATOR: coordinator,
    Role.SECRETARIAT: secretariat,
    Role.PARTNER: partner,
}


async def whole(session: Session, known: Recognised, now: datetime) -> list[Message]:
    """The cards of somebody who holds a role, or several.

    Args:
        known: with at least one hat.
    """
    cards: list[Message] = []
    worn = _worn(known)
    first, *_ = known.hats
    # Whoever holds one role for several agencies has one Home of it.
    roles = {(hat.role, hat.member): hat for hat in reversed(known.hats)}
    # The role worn now comes first: its buttons work.
    order = list(reversed(roles.items()))
    order.sort(key=lambda each: worn is None or each[0] != (worn.role, worn.member))
    for role, hat in order:
        by = people.speaker_of(hat, Via.SLACK)
        mine = await HOMES[hat.role](session, by, now)
        if len(roles) > 1:
            is_worn = worn is not None and role == (worn.role, worn.member)
            cards.append(_hat(hat, is_worn=is_worn, undecided=worn is None))
            # A button acts in the role worn now: under the cards of another it would only be refused.
            mine = mine if is_worn else [replace(card, choices=()) for card in mine]
        cards += mine
    by = people.speaker_of(worn or first, Via.SLACK)
    return [*cards, await _profile(session, by, now, chosen=worn is not None)]


def _worn(known: Recognised) -> Hat | None:
    if known.speaker is None:
        return None
    return next((hat for hat in known.hats if hat.appointment_id == hat.chosen), known.hats[0])


def _hat(hat: Hat, *, is_worn: bool, undecided: bool) -> Message:
    facts = {"role": hat.role.value, "member": hat.member_name, "worn": is_worn, "undecided": undecided}
    wear = Choice(Deed.WEAR, str(hat.appointment_id), f"hat_{hat.role.value}", {"member": hat.member_name or ""})
    return Message("home/hat", facts, () if is_worn else (wear,))


async def _profile(session: Session, by: Speaker, now: datetime, *, chosen: bool) -> Message:
    person = await profile.of(session, by.person_id)
    today = workdays.register_day(now)
    leaves = await leave.ahead(session, person.id, now)
    quiet = person.quiet_from is not None and person.quiet_until is not None
    facts: dict[str, Any] = {
        "name": person.name,
        "zone": by.zone,
        "language": profile.LANGUAGES.get(person.language or "en", "English"),
        "reach": person.reach.value if person.reach else None,
        "quiet": {"from": f"{person.quiet_from:02d}:00", "until": f"{person.quiet_until:02d}:00"} if quiet else None,
        "refused": person.email_refused_at if person.email else None,
        "trouble": bool(person.slack_trouble),
        "leaves": [{"starts": one.starts_on, "ends": one.ends_on, "now": one.starts_on <= today} for one in leaves],
    }
    choices = [Choice(Deed.PROFILE, str(person.id), "home_profile")]
    choices += [Choice(Deed.END_LEAVE, str(one.id)) for one in leaves if one.starts_on <= today]
    return Message("home/profile", facts, tuple(choices) if chosen else ())
