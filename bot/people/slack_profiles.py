"""What Slack says of people: whose an account is, where they live, and whether the bot can write to them there.

Pure rules, and what they write down; who asks Slack is bot/delivery/roll_call.py and handlers/profiles.py.

- An account becomes a person's only where its e-mail address is theirs (in use, or further and confirmed), the account
  belongs to our own team and is open, no bot and no stranger, Slack has confirmed the address, and neither has another.
  What a workspace of another organisation says of an address proves nothing.
- The time zone is taken where there is none, or where it came from Slack before. What a person set stays.
- A name that somebody was nominated by stays as the letter writes it; one that came from Slack is kept in step.
- A trouble is Slack's own word for why no message can be sent; e-mail is used while it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from bot import audit, workdays
from bot.people.contacts import Contact, contact
from db.engine import Session
from db.models import Person
from db.queries import people as people_queries
from db.queries import profiles as queries
from db.vocabulary import Origin, Role

# What Slack says when a message to a closed account is tried.
CLOSED = "user_disabled"
LONGEST_NAME = 200
# Partners only read: nothing is asked of them, so nobody need know before a deadline.
NEEDED = tuple(role for role in Role if role is not Role.PARTNER)


@dataclass(frozen=True)
class SlackProfile:
    """An account, as users.info, users.lookupByEmail, user_change and team_join tell of it."""

    slack_id: str
    team: str
    name: str
    email: str | None
    zone: str | None
    deleted: bool
    is_bot: bool
    is_stranger: bool
    is_guest: bool
    email_confirmed: bool

    @classmethod
    def of(cls, user: Mapping[str, Any]) -> SlackProfile:
        """The account of Slack's user object; of a closed one, and without scopes, Slack tells less."""
        profile: Mapping[str, Any] = user.get("profile") or {}
        name = str(user.get("real_name") or profile.get("real_name") or "")
        email, zone = profile.get("email"), user.get("tz")
        return cls(
            slack_id=str(user.get("id") or ""),
            team=str(user.get("team_id") or profile.get("team") or ""),
            name=" ".join(name.split())[:LONGEST_NAME],
            email=str(email).strip().lower() if email else None,
            zone=zone if isinstance(zone, str) and zone in available_timezones() else None,
            deleted=bool(user.get("deleted")),
            is_bot=bool(user.get("is_bot")) or user.get("id") == "USLACKBOT",
            is_stranger=bool(user.get("is_stranger")),
            is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
            # Slack leaves the mark out where it has nothing to say of it.
            email_confirmed=user.get("is_email_confirmed") is not False,
        )

    def is_ours(self, team: str) -> bool:
        """Whether the account belongs to our own team."""
        return bool(team) and self.team == team and not self.is_stranger

    def proves_its_address(self, team: str) -> bool:
        """Whether the e-mail address of this account may say whose it is."""
        return self.is_ours(team) and not self.deleted and not self.is_bot and self.email_confirmed and bool(self.email)

    @property
    def trouble(self) -> str | None:
        """Why no message can be sent, as far as the profile tells; of a guest or a stranger, only trying tells."""
        return CLOSED if self.deleted else None

    def must_be_tried(self, team: str) -> bool:
        """Whether only Slack can tell if a message would be taken: guests, and people of another organisation."""
        return not self.deleted and (self.is_guest or not self.is_ours(team))


async def bind(session: Session, profile: SlackProfile, team: str, now: datetime) -> Person | None:
    """The account becomes the person's whose address it has; None where it proves nothing, or is nobody's."""
    if not profile.proves_its_address(team) or profile.email is None:
        return None
    person = await queries.person_of_address(session, profile.email)
    if person is None or not await queries.bind_slack_id(session, person.id, profile.slack_id):
        return None
    await audit.record(session, None, "bind_slack_id", f"person:{person.id}", now, slack_id=profile.slack_id)
    await learn(session, person, profile, now)
    return person


async def learn(session: Session, person: Person, profile: SlackProfile, now: datetime) -> None:
    """Take the zone and the name from Slack, where they are Slack's to say."""
    taken: dict[str, Any] = {}
    free = person.zone_by is Origin.SLACK or (not person.zone and person.zone_by is not Origin.PERSON)
    if free and profile.zone and profile.zone != person.zone:
        taken["zone"] = [person.zone, profile.zone]
        person.zone, person.zone_by = profile.zone, Origin.SLACK
    if profile.name and profile.name != person.name and (not person.name or person.name_by is Origin.SLACK):
        taken["name"] = [person.name, profile.name]
        person.name, person.name_by = profile.name, Origin.SLACK
    if taken:
        await audit.record(session, None, "learn_from_slack", f"person:{person.id}", now, **taken)
    await session.flush()


async def looked_at(session: Session, person_id: int, code: str | None, now: datetime) -> Contact | None:
    """Somebody was looked at in Slack: write down why they cannot be written to there, or that they can.

    Args:
        code: Slack's word for the trouble; None: there is none.

    Returns:
        Where they are reached now, if this is a new trouble of somebody who is needed, so that the secretariat is told.
    """
    await queries.seen(session, [person_id], now)
    if not await queries.set_trouble(session, person_id, code):
        return None
    await audit.record(session, None, "slack_trouble", f"person:{person_id}", now, code=code)
    if code is None:
        return None
    roles = await queries.roles_of(session, person_id, workdays.register_day(now))
    return await contact(session, person_id, now) if any(role in NEEDED for role, _ in roles) else None


async def concerns(session: Session, profile: SlackProfile, team: str) -> bool:
    """Whether an account is somebody's of the register, or could become so."""
    if await known(session, profile.slack_id) is not None:
        return True
    if not profile.proves_its_address(team) or profile.email is None:
        return False
    return await queries.person_of_address(session, profile.email) is not None


async def known(session: Session, slack_id: str) -> Person | None:
    """The person of an account."""
    return await people_queries.person_by_slack_id(session, slack_id)
