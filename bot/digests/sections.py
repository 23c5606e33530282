"""The parts of a digest. A new one is a function, a line in SECTIONS, and a template for each medium.

A section computes JSON facts (and moments, under names that end in `_at`), or None when it has nothing to say: then it
is left out. Its words are in `templates/<template>.{chat,text,html}.j2`, which find the facts as `section.facts`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from bot.digests.excerpts import brief, one_line
from bot.digests.floors import own_floors, toward_floors
from bot.digests.scene import Facts, Scene
from bot.standing import EXACT, MOVED, Moved, Row, Value, Verdict, short
from db.engine import Session
from db.queries import cycles as cycle_queries
from db.vocabulary import AssessmentState, CycleState, ExperienceKind, Kind

# A digest is read in two minutes. What its readers get to see of each country and of each kind of experience is a part
# of what fits, between a least and a most; "and 6 more" says what is left.
LINES = (24, 2, 5)
PROGRESS_LENGTH = (1600, 140, 320)
LINES_OF_OWN = 12
OWN_PROGRESS_LENGTH = 900
ITEMS_A_KIND = 4
EXPERIENCE_LENGTH = 180
NO_BREAK = "\u00a0"

Compute = Callable[[Session, Scene], Awaitable[Facts | None]]


# Nothing more is asked of these for now.
DONE = (AssessmentState.SUBMITTED, AssessmentState.ACCEPTED, AssessmentState.NOT_REQUIRED)


class Section(NamedTuple):
    """A part of the digest: its name, what computes its facts, and the stem of its templates."""

    name: str
    compute: Compute
    template: str


async def reported(session: Session, scene: Scene) -> Facts | None:  # noqa: ARG001 - every section takes the same
    """Who has reported, the new ones with their own words on progress; who is under review; who is still to report."""
    length = _part(PROGRESS_LENGTH, len(scene.fresh))
    return {
        "fresh": [_report(row, scene, length) for row in scene.rows if row.member in scene.fresh],
        "earlier": [row.name for row in _accepted(scene) if row.member not in scene.fresh],
        "reviewed": [row.name for row in scene.rows if row.state is AssessmentState.SUBMITTED],
        "waiting": [{"name": row.name, "late": row.late} for row in scene.rows if row.state not in DONE],
        "excused": [row.name for row in scene.rows if row.state is AssessmentState.NOT_REQUIRED],
    }


async def moved(session: Session, scene: Scene) -> Facts | None:  # noqa: ARG001
    """What moved in the countries that have newly reported, each beside its own last value."""
    fresh = [row for row in scene.rows if row.member in scene.fresh]
    limit = _part(LINES, sum(bool(_notable(row, scene)) for row in fresh))
    countries = [country(row, scene, limit) for row in fresh]
    if not countries:
        return None
    return {
        "countries": [each for each in countries if each["lines"]],
        "quiet": [each for each in countries if not each["lines"]],
    }


async def experiences(session: Session, scene: Scene) -> Facts | None:  # noqa: ARG001
    """What was shared and published since the last edition, by kind."""
    kinds: list[Facts] = []
    for kind in ExperienceKind:
        items = [item for item in scene.shared if item.experience.kind is kind]
        if not items:
            continue
        shown: list[Facts] = []
        for item in items[:ITEMS_A_KIND]:
            text, more = brief(item.experience.text, EXPERIENCE_LENGTH)
            title = one_line(item.experience.title)
            # A title made of the text's own beginning is not said twice.
            own_title = title if not text.startswith(title.rstrip("…").rstrip()) else ""
            shown.append(
                {
                    "title": own_title,
                    "text": text,
                    "more": more,
                    "country": one_line(item.member or item.body or ""),
                    "person": one_line(item.person),
                    "theme": item.experience.theme.value,
                }
            )
        kinds.append({"kind": kind.value, "shown": shown, "more": len(items) - len(shown)})
    return {"kinds": kinds} if kinds else None


async def due_next(session: Session, scene: Scene) -> Facts | None:
    """The rounds that are open, with their dates, the earliest due first."""
    rounds = await cycle_queries.asked(session, [CycleState.OPEN])
    waiting = [row for row in scene.rows if row.state not in DONE]
    return {
        "rounds": [
            {
                "title": one_line(cycle.title),
                "due_at": cycle.due_at,
                "closes_at": cycle.closes_at,
                "passed": scene.now > cycle.due_at,
                "waiting": len(waiting) if cycle.id == scene.cycle.id else None,
                # A country with more time than the others is named with its own date.
                "later": [
                    {"name": row.name, "due_at": row.due}
                    for row in waiting
                    if cycle.id == scene.cycle.id and row.due > cycle.due_at
                ],
            }
            for cycle in rounds
        ]
    }


SECTIONS: tuple[Section, ...] = (
    Section("reported", reported, "digest/reported"),
    Section("moved", moved, "digest/moved"),
    Section("toward_floors", toward_floors, "digest/toward_floors"),
    Section("experiences", experiences, "digest/experiences"),
    Section("due_next", due_next, "digest/due_next"),
)


def own(row: Row, scene: Scene) -> Facts:
    """What the coordinator of one country reads first."""
    return {
        **country(row, scene, LINES_OF_OWN),
        **_report(row, scene, OWN_PROGRESS_LENGTH),
        "state": row.state.value,
        "since_at": row.since,
        "due_at": row.due,
        "closes_at": row.closes or scene.cycle.closes_at,
        "open": _takes_answers(row, scene),
        "holder": one_line(row.holder or ""),
        "answered": row.answered,
        "total": row.total,
        "floors": own_floors(row.member, scene),
    }


def country(row: Row, scene: Scene, limit: int) -> Facts:
    """The lines of one country: what moved or was corrected first, in the format's order; the rest is counted."""
    rows, notable = scene.moved.get(row.member, ()), _notable(row, scene)
    return {
        "name": row.name,
        "lines": [_line(each) for each in notable[:limit]],
        "more": len(notable) - min(limit, len(notable)),
        "same": _count(rows, Verdict.SAME),
        "first": _count(rows, Verdict.FIRST),
        "not_available": _count(rows, Verdict.NOT_AVAILABLE),
    }


def _takes_answers(row: Row, scene: Scene) -> bool:
    """Whether this country can still answer; one with a closing date of its own also after the others."""
    if not row.own_date:
        return scene.cycle.state is CycleState.OPEN and scene.now < scene.cycle.closes_at
    return scene.cycle.state in (CycleState.OPEN, CycleState.CLOSED) and scene.now < (row.closes or scene.now)


def _notable(row: Row, scene: Scene) -> list[Moved]:
    rows = scene.moved.get(row.member, ())
    return [each for each in rows if each.verdict in MOVED or each.verdict is Verdict.REVISED]


def _part(budget: tuple[int, int, int], among: int) -> int:
    """A part of (all, least, most), shared by so many."""
    whole, least, most = budget
    return min(most, max(least, whole // max(among, 1)))


def _report(row: Row, scene: Scene, limit: int) -> Facts:
    text, more = brief(scene.progress.get(row.member, ""), limit)
    return {"name": row.name, "accepted_at": row.since, "late": row.handed_in_late, "progress": text, "cut": more}


def _accepted(scene: Scene) -> list[Row]:
    return [row for row in scene.rows if row.state is AssessmentState.ACCEPTED]


def _count(rows: Sequence[Moved], verdict: Verdict) -> int:
    return sum(row.verdict is verdict for row in rows)


def _line(row: Moved) -> Facts:
    return {
        "title": row.indicator.title,
        "last": _shown(row.last, row) if row.last else None,
        "now": _shown(row.now, row),
        "change": short(abs(row.change).normalize(EXACT)) if row.change is not None else None,
        "up": row.change is not None and row.change > 0,
        "percent": row.indicator.kind is Kind.PERCENT,
        "verdict": row.verdict.value,
    }


def _shown(value: Value, row: Moved) -> Facts:
    number = short(value.number) if value.number is not None else None
    if number is not None and row.indicator.kind is Kind.PERCENT:
        number += f"{NO_BREAK}%"
    return {"value": number or one_line(value.text or ""), "year": value.year, "estimate": value.estimate}
