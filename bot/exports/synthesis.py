"""The regional synthesis of a published cycle: who reported, answers side by side in alphabetical order, own floors.

There is no ranking, no average and no score. What is counted is how many countries; with fewer than three that have a
value nothing is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import overview
from bot.experiences import OFFERED
from bot.exports import report
from bot.exports.about import state
from bot.exports.data import Answered, Data, Reported
from bot.exports.report import Facts
from bot.exports.tidy import printable
from bot.formats import Indicator, Section
from bot.history import called
from bot.standing import Progress, Regional, table
from bot.words import words
from db.engine import Session
from db.queries import experiences as experience_queries
from db.queries.experiences import Shared
from db.vocabulary import ExperienceKind, Kind


async def region(session: Session, data: Data, network: str, now: datetime) -> tuple[Facts, list[Progress]]:
    """What the synthesis of the one cycle in these data says, and the figures drawn; seven statements more."""
    cycle = data.cycles[0]
    counted = await table(session, cycle, published=True)
    regional = {each.indicator.code: each for each in counted.indicators}
    shared = await experience_queries.published_between(session, cycle.opens_at, now)
    sections = [_section(each, data.reported, regional) for each in data.sections]
    facts = {
        **report.heading(data, network),
        "cycle": cycle.title,
        "cycle_code": called(cycle.code),
        "period": report.period(cycle.period_start, cycle.period_end),
        "coverage": {
            "reported": [one.member.name for one in data.rows if one.accepted],
            "late": [one.member.name for one in data.reported if one.late],
            "not_required": [one.member.name for one in data.rows if one.not_required],
            "not_reported": [one.member.name for one in data.rows if state(one) == "not_reported"],
            "asked": sum(not one.not_required for one in data.rows),
            "accepted": len(data.reported),
        },
        # Drawn beside the coverage.
        "reports": await overview.published_history(session, cycle, now),
        "sections": [section for section in sections if section["figures"] or section["choices"] or section["texts"]],
        "experiences": _experiences(shared),
        "errata": report.corrections(data),
    }
    return facts, counted.rows


def _section(section: Section, rows: Sequence[Reported], regional: dict[str, Regional]) -> Facts:
    """One section: each question with the countries that answered it, in alphabetical order."""
    figures: list[Facts] = []
    choices: list[Facts] = []
    texts: list[Facts] = []
    for asked in section.indicators:
        answers = [(one, one.by_code[asked.code]) for one in rows if asked.code in one.by_code]
        if not answers:
            continue
        if asked.numeric:
            figures.append(_figures(asked, answers, regional.get(asked.code)))
        elif asked.kind is not Kind.TEXT:
            choices.append(_choices(asked, answers))
        elif asked.code not in OFFERED:
            texts.append(_texts(asked, answers))
    return {
        "letter": section.letter,
        "title": section.title,
        "figures": figures,
        "choices": choices,
        "texts": [each for each in texts if each["rows"]],
    }


def _figures(asked: Indicator, answers: Sequence[tuple[Reported, Answered]], counted: Regional | None) -> Facts:
    return {
        "code": asked.code,
        "title": asked.title,
        "unit": asked.unit or "",
        "direction": asked.direction.value if asked.direction else "",
        "rows": [
            {
                "name": one.member.name,
                "value": report.value(answer),
                "missing": not answer.available,
                "year": str(answer.year or "") if answer.available else "",
                "source": answer.source or "",
                "floor": report.number(answer.aim.floor) if answer.aim else "",
                "ceiling": report.target(answer),
                "note": answer.note or "",
            }
            for one, answer in answers
        ],
        "count": _count(counted),
    }


def _count(counted: Regional | None) -> Facts | None:
    """How many countries; None with fewer than three that have a value."""
    if counted is None or counted.set_floor is None:
        return None
    return {
        "members": counted.members,
        "reported": counted.reported,
        "set_floor": counted.set_floor,
        "reached": counted.reached,
        "compared": counted.compared,
        "moved_right": counted.moved_right,
    }


def _choices(asked: Indicator, answers: Sequence[tuple[Reported, Answered]]) -> Facts:
    return {
        "title": asked.title,
        "rows": [
            {"name": one.member.name, "value": report.chosen(answer), "note": answer.note or ""}
            for one, answer in answers
        ],
    }


def _texts(asked: Indicator, answers: Sequence[tuple[Reported, Answered]]) -> Facts:
    return {
        "title": asked.title,
        "rows": [
            {"name": one.member.name, "lines": _lines(answer.text or "")} for one, answer in answers if answer.available
        ],
    }


def _experiences(shared: Sequence[Shared]) -> list[Facts]:
    """What was shared and published since the cycle opened, by kind, and within one by country."""
    kinds: list[Facts] = []
    for kind in ExperienceKind:
        items = [each for each in shared if each.experience.kind is kind]
        if items:
            kinds.append(
                {
                    "kind": words().label(f"kind_{kind.value}"),
                    "rows": [
                        {
                            "name": each.member or each.body or "",
                            "title": _own_title(each.experience.title, each.experience.text),
                            "lines": _lines(each.experience.text),
                        }
                        for each in items
                    ],
                }
            )
    return kinds


def _own_title(title: str, text: str) -> str:
    """A title that somebody gave; empty where it is the text's own beginning, which stands below."""
    return "" if text.strip().startswith(title.removesuffix("…")) else title


def _lines(text: str) -> list[str]:
    return [line for line in printable(text).split("\n") if line.strip()]


def printed(data: Data) -> str:
    """What the file of the synthesis is called, without its ending."""
    return f"region-{called(data.cycles[0].code)}-synthesis"
