"""One country's progress outside of Slack: on a page behind a signed link, and as a picture with what is mailed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot import interview, people, permissions, standing, workdays
from bot.errors import NotFound
from bot.exports.charts import dumbbell, sketch
from bot.messages import Message
from bot.people import Contact
from bot.permissions import Act
from bot.progress.asking import View, Wanted
from bot.progress.showing import show
from bot.words import Reader
from db.engine import Session
from db.models import Delivery
from db.queries import assessments as assessment_queries
from db.queries import people as people_queries
from db.vocabulary import Via

PROGRESS_LINK = "progress"


async def on_page(session: Session, person_id: int, member: str, cycle: str, now: datetime) -> tuple[Message, Reader]:
    """The progress of the person's own country in a cycle, as `/spnet progress` says it, and for whom it is said.

    Looking changes nothing.

    Raises:
        NotFound: the person does not stand for the country any more.
    """
    hats = await people_queries.hats_of_person(session, person_id, workdays.register_day(now))
    for hat in hats:
        by = people.speaker_of(hat, Via.PAGE)
        if hat.member == member and permissions.allowed(by, Act.READ_PROGRESS, member):
            said = await show(session, by, Wanted(View.MEMBER, member, cycle).value, now)
            return said, Reader(by.zone, by.locale)
    raise NotFound(what="person", named=str(person_id))


async def accepted(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """The word that an assessment was accepted, with the picture of its numbers between the country's own floor and
    ceiling; remembered, so that a country with many readers is drawn once."""
    said = await interview.accepted(session, delivery, contact, now)
    talk = await assessment_queries.talk(session, int(delivery.subject.split(":")[1])) if said else None
    if said is None or talk is None:
        return said
    rows = await standing.progress(session, talk.cycle, members=[talk.member.code])
    return replace(said, draws=sketch(dumbbell, rows))
