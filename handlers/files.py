"""Files that a person shared in chat: fetched with no transaction open, and looked at before anything is done."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog

from bot import interview
from bot.errors import ChannelError
from bot.evidence import EvidenceRefused, Handed, file_of
from bot.messages import Message
from bot.speaker import Speaker
from db.engine import Session
from handlers.speaker import Desk

log = structlog.stdlib.get_logger(__name__)


async def fetched(desk: Desk, user: str, file_ids: Sequence[str]) -> list[Handed | EvidenceRefused]:
    """Some files of a person, or why one is not taken; none where nobody is there who answers for a country or a part.

    Args:
        user: the Slack id of whose files they must be.
    """
    limits = desk.place.evidence_limits
    found: list[Handed | EvidenceRefused] = []
    for file_id in file_ids if file_ids and await _answers(desk, user) else ():
        try:
            file = await desk.slack.directory.file(file_id, user, limits.largest)
            if file is None:
                raise limits.refused("gone")
            # Looking into ten megabytes takes a while: others are heard meanwhile.
            found.append(await asyncio.to_thread(file_of, *file, limits))
        except EvidenceRefused as refused:
            found.append(refused)
        except ChannelError as error:
            log.warning("file_not_fetched", code=error.code)
            found.append(limits.refused("gone"))
    return found


async def _answers(desk: Desk, user: str) -> bool:
    known: list[bool] = []

    async def look(session: Session, by: Speaker, now: datetime) -> Message | None:
        known.append(interview.converses(by))
        return None

    await desk.turn(user, look)
    return any(known)
