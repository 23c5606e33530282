"""What stands beside the figures in every file: what is in it, of which day, by which method, and how to cite it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot import editions, workdays
from bot.exports.data import Data, Reported
from bot.exports.tidy import Value
from bot.history import called
from bot.words import UTC_READER, say_day, words


def about(data: Data, network: str) -> list[tuple[str, str]]:
    """The lines in order, in plain words: what each is about, and what is so."""
    facts = {
        "network": network,
        "cycles": [
            f"{called(cycle.code)}: {cycle.title} ({days(cycle.period_start, cycle.period_end)})"
            for cycle in data.cycles
        ],
        "titles": [cycle.title for cycle in data.cycles],
        "reported": len({row.member.code for row in data.reported}),
        "countries": data.asked,
        "member": data.members[0].name if len(data.members) == 1 else None,
        "on": data.day,
        "editions": [editions.edition(code).title for code in data.editions],
        "inside": data.inside,
        "draft": any(row.draft for row in data.rows),
    }
    said = words().render("exports/about", "text", facts, UTC_READER)
    lines = [line.partition(": ") for line in said.splitlines() if line]
    return [(name, rest) for name, _, rest in lines]


def days(start: date, end: date) -> str:
    """A period by its first and its last day: `1 January 2026 to 31 December 2026`."""
    first, last = (say_day(each, UTC_READER).partition(", ")[2] for each in (start, end))
    return words().label("export_period", start=first, end=last)


def coverage(data: Data) -> Iterable[tuple[Value, ...]]:
    """Who reported: country, cycle, where it stands, answers, questions, handed in late, accepted on."""
    for row in data.rows:
        accepted = row.assessment.accepted_at
        shown = row.accepted or row.draft
        yield (
            *(row.member.name, called(row.cycle.code), words().label(f"export_{state(row)}")),
            *(len(row.answers) if shown else None, len(row.questions.indicators) if shown else None),
            words().label("yes" if row.late else "no") if shown else None,
            workdays.register_day(accepted) if accepted and row.accepted else None,
        )


def state(row: Reported) -> str:
    """Where a country stands, as much as everybody may know: nobody outside learns how far it is before."""
    if row.accepted:
        return "accepted"
    if row.not_required:
        return "not_required"
    return "draft" if row.draft else "not_reported"
