"""What the ledger's worker asks when it sends a digest: the frozen edition, with what is the reader's own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from bot.digests.compose import message_of
from bot.messages import Message, Picture
from bot.people import Contact
from db.engine import Session
from db.models import Delivery
from db.queries import digests as queries
from db.queries import people as people_queries

# (person id, now) -> the address of the page where this person stops the digest.
LinkFor = Callable[[int, datetime], str]
# (person id, member, cycle's code, now) -> the address of the page where this person sees their own country; None:
# there are no pages.
PageFor = Callable[[int, str, str, datetime], str | None]
# An edition's panels -> the picture of them, or None when there is nothing to draw. Runs in a thread.
Draw = Callable[[Sequence[Mapping[str, Any]]], Picture | None]
Composer = Callable[[Session, Delivery, Contact | None, datetime], Awaitable[Message | None]]


def notice_with(link_for: LinkFor | None = None, draw: Draw | None = None, page_for: PageFor | None = None) -> Composer:
    """The composer of a digest.

    Args:
        link_for: gives each reader a way to stop; without it mails carry none.
        draw: makes the picture of a mail; without it there is none. It is asked for every mail and shall remember
            what it drew: `bot.exports.charts.moved_picture` does.
        page_for: gives who stands for a country the page with that country's own picture.
    """

    async def composer(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
        edition = await queries.edition(session, delivery.edition_id or 0)
        if edition is None:
            return None
        panels = _with_codes(edition.facts)
        if contact is None:
            # The network's channel: its digest is many posts long, and the picture stands below the last.
            return replace(message_of(edition.facts), draws=partial(_drawn, draw, panels) if draw else None)
        person = await people_queries.person(session, contact.person_id)
        if person is None or person.digest_stopped_at is not None:
            return None
        member = delivery.facts.get("member")
        message = message_of(edition.facts, edition.facts["countries"].get(member))
        if page_for is not None and message.facts["own"]:
            own_page = page_for(contact.person_id, str(member), edition.facts["cycle"]["code"], now)
            message = replace(message, facts={**message.facts, "own_page": own_page})
        picture = await asyncio.to_thread(draw, panels) if draw else None
        if picture is not None:
            chart = {"name": picture.name, "alt": picture.alt}
            message = replace(message, facts={**message.facts, "chart": chart}, pictures=(picture,))
        return replace(message, stop_link=link_for(contact.person_id, now)) if link_for else message

    return composer


def _with_codes(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The panels, each row with its country's code: it is written where no font has the name's letters."""
    codes = {own["name"]: code for code, own in facts["countries"].items()}
    return [
        {**panel, "rows": [{**row, "code": codes.get(row["name"], "")} for row in panel["rows"]]}
        for panel in facts["panels"]
    ]


def _drawn(draw: Draw, panels: Sequence[Mapping[str, Any]]) -> tuple[Picture, ...]:
    picture = draw(panels)
    return (picture,) if picture is not None else ()


notice: Composer = notice_with()
