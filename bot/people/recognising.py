"""Who stands behind a Slack id or at the command line: the speaker, or the hats to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import workdays
from bot.errors import NotFound
from bot.people.contacts import DEFAULT_LOCALE
from bot.speaker import Speaker
from db.engine import Session
from db.queries import people as queries
from db.queries.people import Hat
from db.vocabulary import Role, Via


@dataclass(frozen=True)
class Recognised:
    """What is known of whoever wrote: the speaker, or the hats to choose from, or a role that has ended, or nothing."""

    speaker: Speaker | None
    hats: tuple[Hat, ...] = ()
    ended: queries.Ended | None = None


def speaker_of(hat: Hat, via: Via) -> Speaker:
    """A person in one of their roles."""
    zone, locale = hat.zone or "UTC", hat.locale or DEFAULT_LOCALE
    return Speaker(hat.person_id, hat.name, hat.role, hat.member, via, zone, locale, hat.agency_id)


def choose(hats: Sequence[Hat], via: Via) -> Recognised:
    """The one hat, the chosen hat, or all of them to choose from."""
    if not hats:
        return Recognised(None)
    chosen = [hat for hat in hats if hat.appointment_id == hat.chosen]
    if len(hats) == 1 or chosen:
        return Recognised(speaker_of((chosen or hats)[0], via), tuple(hats))
    return Recognised(None, tuple(hats))


async def recognise(session: Session, slack_id: str, now: datetime, via: Via = Via.SLACK) -> Recognised:
    """Who stands behind a Slack id today."""
    today = workdays.register_day(now)
    known = choose(await queries.hats_of_slack_id(session, slack_id, today), via)
    return known if known.hats else replace(known, ended=await queries.ended(session, slack_id, today))


async def all_hats(session: Session, person_id: int, now: datetime) -> Recognised:
    """Every role that a person holds today, to choose from."""
    return Recognised(None, tuple(await queries.hats_of_person(session, person_id, workdays.register_day(now))))


async def wear(session: Session, slack_id: str, appointment_id: str, now: datetime) -> None:
    """A person with several roles chooses one; it holds until another is chosen.

    Raises:
        NotFound: it is not a role that this person holds today.
    """
    for hat in await queries.hats_of_slack_id(session, slack_id, workdays.register_day(now)):
        if str(hat.appointment_id) == appointment_id:
            person = await queries.person(session, hat.person_id)
            if person is not None:
                person.hat_id = hat.appointment_id
                await session.flush()
            return
    raise NotFound(what="role", named=appointment_id[:40])


async def first_secretariat(session: Session, email: str, slack_id: str | None, now: datetime, via: Via) -> Speaker:
    """Who speaks where nobody is asked for a name: the first person of the secretariat, as in the config.

    Raises:
        NotFound: that person is not there yet.
    """
    person = await queries.person_by_email(session, email)
    if person is None and slack_id:
        person = await queries.person_by_slack_id(session, slack_id)
    held = await queries.hats_of_person(session, person.id, workdays.register_day(now)) if person else []
    for hat in held:
        if hat.role is Role.SECRETARIAT:
            return speaker_of(hat, via)
    raise NotFound(what="person", named=email)
