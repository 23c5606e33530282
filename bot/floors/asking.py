"""Who is asked for the yes to a floor: the coordinators of the country, and nobody in their place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from bot import ledger, workdays
from db.engine import Session
from db.models import Member
from db.queries import people as people_queries
from db.queries.people import Hat
from db.vocabulary import Role

ASK_KIND = "floors/ask"
REMIND_KIND = "floors/remind"
DECIDED_KIND = "floors/decided"
RECEIPT_KIND = "floors/receipt"
# What the link in a mail is good for.
FLOORS_LINK = "floors"


def subject(member: str) -> str:
    """What audit and ledger call the floors of a member."""
    return f"floors:{member}"


async def coordinators(session: Session, member: Member, authors: Collection[int], now: datetime) -> list[Hat]:
    """Who may say yes for a member today.

    Args:
        authors: who proposed what waits.
    """
    hats = await people_queries.holders(session, [Role.COORDINATOR], workdays.register_day(now), member.code)
    return may_decide(hats, member, authors)


def may_decide(hats: Sequence[Hat], member: Member, authors: Collection[int]) -> list[Hat]:
    """Of those who hold the role, those who are at work, or all of them where none is. Authors do not clear what they
    wrote, but where their country lets them. Nobody of the secretariat clears, whatever else they are appointed to."""
    free = [hat for hat in hats if member.author_may_clear or hat.person_id not in authors]
    may = [hat for hat in free if not hat.secretariat]
    return [hat for hat in may if not hat.away] or may


def asked_entries(member: str, newest: int, hats: Sequence[Hat]) -> list[ledger.Entry]:
    """One message to each coordinator, about all that waits for a yes.

    Args:
        newest: the newest proposal among those asked about; what is asked about later is asked anew.
    """
    return [
        ledger.Entry(
            key=ledger.key("floors-ask", member, newest, hat.person_id),
            kind=ASK_KIND,
            subject=subject(member),
            person_id=hat.person_id,
            facts={"member": member},
        )
        for hat in hats
    ]
