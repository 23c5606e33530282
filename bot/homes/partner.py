"""The Home of a partner: what was published last, and the way to share."""

from __future__ import annotations

from datetime import datetime

from bot import people, permissions
from bot.messages import Choice, Deed, Message
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.queries import homes as queries

SHOWN = 5


async def partner(session: Session, by: Speaker, now: datetime) -> list[Message]:  # noqa: ARG001 - as every Home
    """What the network has published.

    Raises:
        NotAllowed: this person may not share.
    """
    permissions.require(by, Act.SHARE)
    edition = await queries.newest_edition(session)
    facts = {
        "digest": {"title": edition.title, "sent": edition.composed_at} if edition else None,
        "experiences": [{**row._asdict(), "kind": row.kind.value} for row in await queries.published(session, SHOWN)],
        "stopped": await people.has_stopped_digests(session, by.person_id),
    }
    ways = (Choice(Deed.SHARE, "home", style="primary"), Choice(Deed.PROGRESS, ""), Choice(Deed.EXPORT, ""))
    return [Message("home/partner", facts, ways)]
