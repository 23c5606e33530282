"""The regional table of a cycle, and one member's values over the cycles.

Read in three statements, however many members and cycles there are, and gone through once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bot import editions
from bot.formats import Edition, QuestionSet
from bot.standing.comparing import Value
from bot.standing.progress import Lived, Progress, Way, plain_value
from bot.standing.regional import Coverage, Regional, coverage, regional
from db.engine import Session, uncollected
from db.models import Cycle
from db.queries import progress as queries
from db.vocabulary import AssessmentState, CycleState, Kind


@dataclass(frozen=True)
class Table:
    """The regional table of a cycle.

    Attributes:
        rows: members in alphabetical order, the answers of each in the format's order.
        indicators: what the region says together, for each indicator that can be counted, in the format's order.
        coverage: who was asked, and whose report was accepted.
    """

    rows: list[Progress]
    indicators: list[Regional]
    coverage: Coverage


@dataclass(frozen=True)
class Accepted:
    """One accepted value of a member: the title of its cycle, the day on which that one's period ended, the value."""

    cycle: str
    period_end: date
    value: Value


async def progress(
    session: Session,
    cycle: Cycle,
    *,
    members: Collection[str] | None = None,
    indicators: Collection[str] | None = None,
    published: bool = False,
) -> list[Progress]:
    """The rows of `table`."""
    return (await table(session, cycle, members=members, indicators=indicators, published=published)).rows


async def table(
    session: Session,
    cycle: Cycle,
    *,
    members: Collection[str] | None = None,
    indicators: Collection[str] | None = None,
    published: bool = False,
) -> Table:
    """All accepted answers of a cycle, each on its country's own way. The caller asks the permission.

    Numbers, choices, and yes or no; free text, what a member asks only itself, and what the review set aside are left
    out. What stands in cycles that were called off, or that ended later than this one, counts for nothing.

    Args:
        members: codes; None: all.
        indicators: codes of today; None: all.
        published: for readers who see only what was published: earlier values too come only from such cycles, and of
            a cycle that is not published there is nothing.
    """
    hidden = published and cycle.state is not CycleState.PUBLISHED
    reports = [] if hidden else await queries.reports(session, cycle.id)
    asked = [report for report in reports if members is None or report.member in members]
    accepted = {report.member: report for report in asked if report.state is AssessmentState.ACCEPTED}
    asking = editions.questions(cycle)
    questions = [
        indicator
        for indicator in asking.indicators
        if indicator.kind is not Kind.TEXT and (indicators is None or indicator.code in indicators)
    ]
    if not accepted or not questions:
        return Table([], [], coverage(asked))
    history = [
        each for each in await queries.cycles_until(session, cycle.period_end, published=published) if each != cycle
    ]
    names = _names(asking, {question.code for question in questions})
    # Of all members or of one: naming two hundred would only make the statement longer.
    whose = None if members is None else list(accepted)
    cycles = [cycle.id, *(each.id for each in history)]
    said = await queries.said(session, cycles, list(names), whose, whole=cycle.id)
    way = Way(Lived.of(cycle), [Lived.of(each) for each in history], questions, names)

    def reckoned() -> Table:
        rows = way.rows(accepted, said)
        return Table(rows, regional(rows, questions), coverage(asked))

    # All is read by now, as plain rows; what is left is arithmetic, and nobody who talks to the bot waits for it.
    with uncollected():
        return await asyncio.to_thread(reckoned)


async def series(
    session: Session, member: str, codes: Collection[str], *, published: bool = False
) -> dict[str, list[Accepted]]:
    """The accepted values of one member, the oldest cycle first, by the codes of today.

    Args:
        codes: of today; those of which nothing was ever accepted have an empty list.
        published: only from published cycles.
    """
    found: dict[str, list[Accepted]] = {code: [] for code in codes}
    cycles = await queries.cycles_until(session, date.max, published=published)
    if not cycles:
        return found
    edition = editions.edition(cycles[-1].edition)
    names, order = _names(edition, found), {each.id: place for place, each in enumerate(cycles)}
    for row in sorted(await queries.said(session, list(order), list(names), [member]), key=lambda row: order[row[2]]):
        code, cycle = names[row[1]], cycles[order[row[2]]]
        found[code].append(Accepted(cycle.title, cycle.period_end, plain_value(row, edition.indicator(code))))
    return found


def _names(asked: QuestionSet | Edition, codes: Collection[str]) -> dict[str, str]:
    """Each code that an answer to these questions may stand under, and that of today."""
    return {each: code for each, code in editions.canonical(asked).items() if code in codes}
