"""Files that a person shared in chat: fetched with no transaction open, and looked at before anything is done."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot.errors import ChannelError
from bot.evidence import EvidenceRefused, Handed, file_of
from handlers.speaker import Desk

log = structlog.stdlib.get_logger(__name__)


async def fetched(desk: Desk, user: str, file_ids: Sequence[str]) -> list[Handed | EvidenceRefused]:
    """Some files of a person, or why one is not taken.

    Args:
        user: the Slack id of whose files they must be.
    """
    limits = desk.place.evidence_limits
    found: list[Handed | EvidenceRefused] = []
    for file_id in file_ids:
        try:
            file = await desk.slack.directory.file(file_id, user, limits.largest)
            if file is None:
                raise limits.refused("gone")
            found.append(file_of(*file, limits))
        except EvidenceRefused as refused:
            found.append(refused)
        except ChannelError as error:
            log.warning("file_not_fetched", code=error.code)
            found.append(limits.refused("gone"))
    return found
