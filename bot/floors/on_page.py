"""The coordinator's yes on a page, behind the signed link of a mail: looked at, then decided row by row.

Looking changes nothing, as mail gateways and previews look too. What is done goes as a receipt to the person's own
address, so that they learn of it if it was not they.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot import ledger, people, workdays
from bot.errors import NotFound
from bot.floors.asking import RECEIPT_KIND, subject
from bot.floors.deciding import LONGEST_REASON, clearer, decide, reason_of
from bot.floors.notices import ask_facts, decided_facts, waiting
from bot.floors.proposing import the_member
from bot.speaker import Speaker
from db.engine import Session
from db.queries import people as people_queries
from db.vocabulary import Medium, Via

YES, NO, LATER = "yes", "no", "later"


async def speaker(session: Session, person_id: int, now: datetime) -> Speaker:
    """Who holds the link, in a role that they hold today.

    Raises:
        NotFound: they hold none any more.
    """
    hats = await people_queries.hats_of_person(session, person_id, workdays.register_day(now))
    if not hats:
        raise NotFound(what="person", named=str(person_id))
    return people.speaker_of(hats[0], Via.PAGE)


async def look(
    session: Session, by: Speaker, member: str, now: datetime, given: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What waits for this person's yes; without a row where nothing does any more.

    Args:
        given: what was filled in before; it stands there again.

    Raises:
        NotAllowed: not the member's coordinator any more.
    """
    by = await clearer(session, by, member, now)
    country, rows = await the_member(session, member), await waiting(session, member)
    facts: dict[str, Any] = {"member": country.name, "rows": []}
    if rows:
        facts = await ask_facts(session, country, rows, now)
    kept = given or {}
    for row in facts["rows"]:
        row["decision"] = kept.get(f"decision_{row['id']}", LATER)
        row["why"] = reason_of(kept.get(f"why_{row['id']}", ""))
    return {**facts, "name": by.name, "longest": LONGEST_REASON, "seen": ".".join(str(row.floor.id) for row in rows)}


def chosen(given: Mapping[str, str]) -> tuple[list[int], dict[int, str], list[int]]:
    """What was chosen on the page: the rows of a yes, those of a no with its reason, and those of a no without one.

    Args:
        given: `seen`, the rows that the page showed; `choice`, `all` for a yes to each; else `decision_<row>` and
            `why_<row>` of each.
    """
    seen = [int(part) for part in given.get("seen", "").split(".") if part.isascii() and part.isdecimal()][:200]
    if given.get("choice") == "all":
        return seen, {}, []
    yes = [row for row in seen if given.get(f"decision_{row}") == YES]
    refused = {row: reason_of(given.get(f"why_{row}", "")) for row in seen if given.get(f"decision_{row}") == NO}
    no = {row: why for row, why in refused.items() if why}
    return yes, no, [row for row, why in refused.items() if not why]


async def decide_there(
    session: Session, by: Speaker, member: str, yes: list[int], no: Mapping[int, str], now: datetime
) -> dict[str, Any]:
    """Decide, with a receipt; what the page says then.

    Raises:
        FloorGone, OwnFloor, NothingDecided, NotAllowed.
    """
    done = await decide(session, by, member, yes, no, now)
    ids = sorted({*yes, *no})
    await ledger.queue(
        session,
        now,
        key=ledger.key("floors-receipt", member, "-".join(map(str, ids))),
        kind=RECEIPT_KIND,
        subject=subject(member),
        person_id=by.person_id,
        medium=Medium.EMAIL,
        facts={"rows": ids},
    )
    left = len(await waiting(session, member))
    return {**decided_facts(done), "left": left}
