"""What a person wants to get, and what not."""

from __future__ import annotations

from datetime import datetime

from bot import audit, workdays
from bot.errors import NotFound
from bot.people.recognising import speaker_of
from bot.speaker import Speaker
from db.engine import Session
from db.models import Person
from db.queries import people as queries
from db.vocabulary import Via


async def has_stopped_digests(session: Session, person_id: int) -> bool:
    """Whether the person wants no digests.

    Raises:
        NotFound: there is no such person.
    """
    return (await _known(session, person_id)).digest_stopped_at is not None


async def stop_digests(
    session: Session, person_id: int, now: datetime, *, again: bool = False, by: Speaker | None = None
) -> None:
    """A person wants no more digests, or wants them again. Doing it twice changes nothing.

    Who holds the signed link of a mail may do this without a role: it is theirs alone.

    Args:
        by: who does it for them; None for the person's own link.

    Raises:
        NotFound: there is no such person.
    """
    person = await _known(session, person_id)
    if (person.digest_stopped_at is None) == again:
        return
    person.digest_stopped_at = None if again else now
    hats = await queries.hats_of_person(session, person_id, workdays.register_day(now))
    by = by or (speaker_of(hats[0], Via.PAGE) if hats else None)
    await audit.record(session, by, "want_digests" if again else "stop_digests", f"person:{person_id}", now)
    await session.flush()


async def _known(session: Session, person_id: int) -> Person:
    person = await queries.person(session, person_id)
    if person is None:
        raise NotFound(what="person", named=str(person_id))
    return person
