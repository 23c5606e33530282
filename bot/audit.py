"""Record a change: who, in which role, over which way, what, and why."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.speaker import Speaker
from db.engine import Session
from db.queries import audit as queries
from db.vocabulary import Via


async def record(
    session: Session,
    by: Speaker | None,
    act: str,
    subject: str,
    now: datetime,
    *,
    why: str | None = None,
    **detail: Any,
) -> int:
    """Add one row to the audit, in the caller's transaction; its number, which no other deed has.

    Args:
        by: who did it; None for what the bot does by itself.
        act: a short word, such as `submit`.
        subject: what it was done to, such as `assessment:12`.
        detail: JSON values; decimals are kept as their digits.
    """
    return await queries.add(
        session,
        {
            "at": now,
            "person_id": by.person_id if by else None,
            "role": by.role if by else None,
            "member_code": by.member if by else None,
            "via": by.via if by else Via.BOT,
            "act": act,
            "subject": subject,
            "detail": {key: _plain(value) for key, value in detail.items()},
            "why": why,
        },
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return value
