"""What a member aims at, and asks of itself, stays as it was when a cycle opened, until that cycle is over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot import editions, workdays
from bot.floors.aim import aim_of, to_json
from db.engine import Session
from db.models import Assessment, Cycle, Floor, OwnIndicator
from db.queries import floors as queries


def standing_on(
    rows: Iterable[Floor], day: date, canonical: Mapping[str, str] | None = None
) -> dict[tuple[str, str], Floor]:
    """What counts on a day, by member and indicator: of the cleared rows that have begun by then, the newest.

    A row without a floor and without a ceiling is one too: it says that the member has given up what it had set.

    Args:
        rows: cleared ones, of any members, in any order.
        canonical: the code of today of each code, as `bot.editions.canonical` gives it; None: as they are.
    """
    found: dict[tuple[str, str], Floor] = {}
    for row in sorted(rows, key=lambda row: (row.valid_from, row.id)):
        if row.valid_from <= day:
            found[row.member_code, (canonical or {}).get(row.indicator, row.indicator)] = row
    return found


async def freeze(session: Session, cycle: Cycle, assessments: Sequence[Assessment], now: datetime) -> None:
    """Keep with each assessment what its member aims at on the day on which the cycle opens, and what it asks itself.

    Three statements, whatever the number of members. Who adds a question at the same moment waits: it is then either
    kept here, or joins what has been opened.

    Args:
        cycle: the one that opens; a member's own question is asked where its section is.
        assessments: its own, new; they are filled.
        now: when it opens; the day is that of the network's register.
    """
    members = [assessment.member_code for assessment in assessments]
    day = workdays.register_day(now)
    await queries.lock(session, *members)
    canonical = editions.canonical(editions.edition(cycle.edition))
    standing = standing_on(await queries.cleared(session, members), day, canonical)
    sections = {section.letter for section in editions.questions(cycle).sections}
    asked: dict[str, list[dict[str, Any]]] = {}
    for row in await queries.own_indicators(session, members):
        if row.section in sections:
            asked.setdefault(row.member_code, []).append(kept(row))
    for assessment in assessments:
        assessment.floors = _of(standing, assessment.member_code)
        assessment.own_indicators = asked.get(assessment.member_code, [])


def _of(standing: Mapping[tuple[str, str], Floor], member: str) -> dict[str, Any]:
    return {
        indicator: to_json(aim_of(row))
        for (whose, indicator), row in standing.items()
        if whose == member and (row.floor is not None or row.ceiling is not None)
    }


def kept(row: OwnIndicator) -> dict[str, Any]:
    """A member's own question as an assessment keeps it, and as `bot.editions` reads it."""
    return {
        "code": row.code,
        "section": row.section,
        "title": row.title,
        "question": row.question,
        "help": row.help,
        "kind": row.kind.value,
        "unit": row.unit,
        "minimum": format(row.minimum, "f") if row.minimum is not None else None,
        "maximum": format(row.maximum, "f") if row.maximum is not None else None,
        "choices": row.choices,
    }
