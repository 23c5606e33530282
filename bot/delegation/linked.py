"""A link to where a number comes from, on the page of a contributor without chat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot import evidence
from bot.evidence import EvidenceRefused, Limits
from bot.formats import QuestionSet
from bot.speaker import Speaker
from db.engine import Session
from db.queries.delegations import Own

FIELD = "l_"
"""What the field of a question is called, before its code."""


async def keep(
    session: Session,
    by: Speaker,
    own: Own,
    questions: QuestionSet,
    sent: Mapping[str, str],
    limits: Limits,
    now: datetime,
) -> tuple[int, dict[str, str]]:
    """Keep the links that were sent behind their numbers.

    Returns:
        How many came; and why others are not kept, by question: `link` or `many`.
    """
    kept, refused = 0, dict[str, str]()
    before = (await evidence.of(session, [own.talk.assessment.id])).get(own.talk.assessment.id, {})
    for indicator in questions.indicators:
        code, typed = indicator.code, sent.get(f"{FIELD}{indicator.code}", "").strip()
        if not typed or not indicator.numeric:
            continue
        try:
            link = evidence.link_of(typed, limits)
            if any(each.evidence.link == link.address for each in before.get(code, ())):
                # A second press: it stands there already.
                continue
            await evidence.add(session, by, own.talk, code, link, limits, now, delegation=own.delegation)
        except EvidenceRefused as why:
            refused[code] = str(why.facts["problem"])
        else:
            kept += 1
    return kept, refused


async def standing(session: Session, own: Own) -> dict[str, tuple[str, ...]]:
    """What stands behind each answer, by its title."""
    found = (await evidence.of(session, [own.talk.assessment.id])).get(own.talk.assessment.id, {})
    return {code: tuple(each.evidence.title for each in pieces) for code, pieces in found.items()}
