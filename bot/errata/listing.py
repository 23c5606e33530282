"""The errata on record: what was corrected and why; who kept an answer, who changed it, and who has not said yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot import editions, permissions
from bot.assessments.moves import may_read
from bot.formats import BOUNDS, FormatError, Indicator, UnknownIndicator
from bot.messages import Message
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.queries import errata as queries
from db.queries.assessments import Given
from db.queries.errata import Asked
from db.vocabulary import Availability, ErratumState

# So many of the newest are shown.
SHOWN = 20
NO_FIGURE = (Availability.NOT_AVAILABLE, Availability.SKIPPED)


def recorded(changes: Mapping[str, Sequence[str | None]]) -> list[dict[str, Any]]:
    """What an erratum changes, field by field, for a message."""
    return [
        {
            "field": field,
            "before": Decimal(pair[0]) if field in BOUNDS and pair[0] is not None else pair[0],
            "after": Decimal(pair[1]) if field in BOUNDS and pair[1] is not None else pair[1],
        }
        for field, pair in changes.items()
    ]


def outside(indicator: Indicator, number: Decimal | None) -> bool:
    """Whether a number lies outside the bounds of its question as it stands now: kept, and marked."""
    return number is not None and not indicator.takes(number, None)


def beyond(indicator: Indicator, answer: Given | None) -> dict[str, Decimal | None] | None:
    """The bounds of a question that its answer lies outside of, since an erratum corrected them; None where it does
    not, or where it says that the figure is not available."""
    if answer is None or answer.availability in NO_FIGURE or not outside(indicator, answer.number):
        return None
    return {"minimum": indicator.minimum, "maximum": indicator.maximum}


async def listed(session: Session, by: Speaker) -> Message:
    """All errata, newest first. The secretariat reads who said what; a country what it said itself.

    Raises:
        NotAllowed: not everybody reads the register.
    """
    permissions.require(by, Act.READ_REGISTER, by.member)
    found = list(reversed(await queries.every(session)))
    shown = found[:SHOWN]
    asked = await queries.asked_of(session, [each.erratum.id for each in shown])
    rows: list[dict[str, Any]] = []
    for each in shown:
        of_it = [one for one in asked if one.erratum.id == each.erratum.id]
        read = [one for one in of_it if permissions.allowed(by, Act.READ_ANSWERS, one.member.code)]
        rows.append(
            {
                "number": each.erratum.id,
                "code": each.erratum.indicator,
                "title": _title(each.erratum.edition, each.erratum.indicator),
                "edition": each.erratum.edition,
                "why": each.erratum.why,
                "by": each.person,
                "when": each.erratum.issued_at,
                "changes": recorded(each.erratum.changes),
                **{state.value: _who(by, read, state) for state in ErratumState},
                "asked_since": min((one.asked.asked_at for one in read), default=None),
                "nobody": not of_it,
            }
        )
    keeps = permissions.allowed(by, Act.KEEP_FORMAT)
    return Message("erratum/list", {"rows": rows, "earlier": len(found) - len(shown), "keeps": keeps})


def _who(by: Speaker, asked: Sequence[Asked], state: ErratumState) -> list[dict[str, Any]]:
    return [
        {
            "member": one.member.name,
            "when": one.asked.settled_at,
            "outside": may_read(by, one.member.code, one.assessment.state) and _outside_now(one),
        }
        for one in asked
        if one.asked.state is state
    ]


def _outside_now(one: Asked) -> bool:
    try:
        return outside(editions.edition(one.erratum.edition).indicator(one.erratum.indicator), one.number)
    except (FormatError, UnknownIndicator):
        return False


def _title(edition: str, code: str) -> str:
    try:
        return editions.edition(edition).indicator(code).title
    except (FormatError, UnknownIndicator):
        return code
