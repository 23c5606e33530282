"""Keep an answer, or say that it must change, on a page behind the signed link of a mail. Looking changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import people, workdays
from bot.errata.settling import facts_of, find, keep, want
from bot.errors import NotFound
from bot.speaker import Speaker
from db.engine import Session
from db.queries import people as people_queries
from db.queries.errata import Asked
from db.vocabulary import Via


async def _found(session: Session, person_id: int, number: int, now: datetime, *, lock: bool) -> tuple[Speaker, Asked]:
    """Who holds the link, in that role of theirs which answers for the member.

    Raises:
        NotFound: they hold no such role today, or the cycle is over.
    """
    for hat in await people_queries.hats_of_person(session, person_id, workdays.register_day(now)):
        by = people.speaker_of(hat, Via.PAGE)
        try:
            return by, await find(session, by, number, lock=lock)
        except NotFound:
            continue
    raise NotFound(what="erratum", named=str(number))


async def look(session: Session, person_id: int, number: int, now: datetime) -> tuple[Speaker, dict[str, Any]]:
    """What the page shows, and to whom.

    Raises:
        NotFound: it is not theirs.
    """
    by, one = await _found(session, person_id, number, now, lock=False)
    return by, {**await facts_of(session, one), "name": by.name}


async def say(
    session: Session, person_id: int, number: int, now: datetime, *, keeps: bool
) -> tuple[Speaker, dict[str, Any]]:
    """Keep it, or tell the secretariat that it must change; what the page says then.

    Raises:
        NotFound: it is not theirs.
    """
    by, one = await _found(session, person_id, number, now, lock=True)
    said = await keep(session, by, number, now) if keeps else await want(session, by, one, now)
    return by, {**said.facts, "name": by.name}
