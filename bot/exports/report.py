"""The country report: what one country answered in one cycle, as it is printed. Facts are JSON for both forms.

Figures are shown with at most two decimals, as people read them; the other files hold every digit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot import editions, workdays
from bot.exports import about as abouts
from bot.exports import tidy
from bot.exports.data import Answered, Data, Reported
from bot.exports.tidy import printable
from bot.formats import Indicator
from bot.history import called
from bot.standing import Progress, Value, short
from bot.words import UTC_READER, say_day, words
from db.engine import Session
from db.queries import values as value_queries
from db.queries.assessments import Given
from db.queries.exports import Cleared
from db.vocabulary import Availability, CycleOrigin, Kind

Facts = dict[str, Any]


@dataclass(frozen=True)
class Before:
    """What the country had last, as it is shown, and its reference year."""

    said: str
    year: str


async def last_of(session: Session, data: Data, progress: Sequence[Progress]) -> dict[str, Before]:
    """The last accepted answers before the one report in these data, by the code of the question.

    Args:
        progress: what its reader may know of the way there; inside the country all is known.
    """
    one = data.reported[0]
    if not data.inside:
        rows = [row for row in progress if row.last is not None]
        return {row.indicator.code: _of_value(row.last) for row in rows if row.last is not None}
    codes = editions.canonical(one.questions)
    found = await value_queries.last_accepted(session, one.member.code, one.cycle.period_start, codes)
    asked = {indicator.code: indicator for indicator in one.questions.indicators}
    return {code: _of_answer(last.answer, asked[code]) for code, last in found.items() if code in asked}


def _of_value(value: Value) -> Before:
    said = number(value.number) or value.text or ""
    if not value.available:
        said = words().label("export_not_available")
    return Before(said, str(value.year or "") if value.number is not None else "")


def _of_answer(answer: Given, asked: Indicator) -> Before:
    if answer.availability is Availability.NOT_AVAILABLE:
        return Before(words().label("export_not_available"), "")
    if asked.numeric:
        return Before(number(answer.number), str(answer.year or ""))
    titles = {option.code: option.title for option in asked.choices}
    return Before(titles.get(answer.text or "", answer.text or ""), "")


def country(data: Data, network: str, last: Mapping[str, Before]) -> Facts:
    """What the report of the one country and cycle in these data says.

    Args:
        last: from `last_of`.
    """
    one = data.reported[0]
    sections: list[Facts] = []
    for section in one.questions.sections:
        answers = [answer for answer in one.answers if answer.indicator.section == section.letter]
        if answers:
            figures = [_figure(each, last) for each in answers if each.indicator.numeric]
            sections.append(
                {
                    "letter": section.letter,
                    "title": section.title,
                    "figures": figures,
                    # Where the country set no floor and no ceiling, there are no columns for them.
                    "aims": any(each["floor"] or each["ceiling"] for each in figures),
                    "choices": [_choice(each, last) for each in answers if _chosen(each)],
                    "texts": [_text(each) for each in answers if each.indicator.kind is Kind.TEXT],
                }
            )
    notes = [note for answer in one.answers for note in [_note(answer)] if note]
    silent = [
        asked.title
        for asked in one.questions.indicators
        if all(asked.code != answer.indicator.code for answer in one.answers)
    ]
    return {
        **heading(data, network),
        "member": one.member.name,
        "cycle": one.cycle.title,
        "cycle_code": called(one.cycle.code),
        "period": period(one.cycle.period_start, one.cycle.period_end),
        "draft": one.draft,
        "late": one.late,
        "accepted": _day(one.assessment.accepted_at) if one.accepted else None,
        "submitted": _day(one.assessment.submitted_at if one.cycle.origin is CycleOrigin.ASKED else None),
        "cleared": [_cleared(each) for each in one.cleared],
        "answered": len(one.answers),
        "total": len(one.questions.indicators),
        "sections": sections,
        "notes": notes,
        "evidence": [
            {"title": answer.indicator.title, "proofs": [tidy.proof(each) for each in answer.evidence]}
            for answer in one.answers
            if answer.evidence
        ],
        "aside": [
            {"title": answer.indicator.title, "why": answer.set_aside} for answer in one.answers if answer.set_aside
        ],
        "silent": silent,
        "errata": corrections(data),
    }


def heading(data: Data, network: str) -> Facts:
    """What stands on every report: whose it is, of which day, in which edition, by which method."""
    return {
        "network": network,
        "as_of": say_day(data.day, UTC_READER),
        "on": data.day.isoformat(),
        "edition": "; ".join(editions.edition(code).title for code in data.editions),
        "about": [{"name": name, "said": said} for name, said in abouts.about(data, network)],
    }


def corrections(data: Data) -> list[Facts]:
    """The errata of the editions, each with what was corrected."""
    titles = {asked.code: asked.title for asked in data.indicators}
    return [
        {
            "title": titles.get(each.indicator, each.indicator),
            "day": say_day(each.on, UTC_READER),
            "why": each.why,
            "changes": [
                {"field": words().label(f"erratum_field_{field}"), "before": before, "after": after}
                for field, before, after in each.changes
            ],
        }
        for each in data.errata
    ]


def period(start: date, end: date) -> str:
    """A period as people say it: by its days, or as a year."""
    if (start.month, start.day, end) == (1, 1, date(start.year, 12, 31)):
        return str(start.year)
    return abouts.days(start, end)


def number(value: Decimal | None) -> str:
    """A figure for reading; empty where there is none."""
    return "" if value is None else short(value)


def value(answer: Answered) -> str:
    """The figure of an answer, or that it is not available; an estimate says so."""
    if not answer.available:
        return words().label("export_not_available")
    said = number(answer.number)
    return words().label("export_about", value=said) if answer.availability is Availability.ESTIMATE else said


def target(answer: Answered) -> str:
    """The country's own ceiling with its year, as one cell."""
    aim = answer.aim
    if aim is None or (aim.ceiling is None and aim.target_year is None):
        return ""
    said = number(aim.ceiling)
    if aim.target_year is None:
        return said
    return words().label("export_by_year", value=said, year=aim.target_year).strip()


def _figure(answer: Answered, last: Mapping[str, Before]) -> Facts:
    before = last.get(answer.indicator.code)
    return {
        "title": answer.indicator.title,
        "unit": answer.indicator.unit or "",
        "own": answer.indicator.own,
        "value": value(answer),
        "missing": not answer.available,
        "year": str(answer.year or ""),
        "source": answer.source or "",
        "last": before.said if before else "",
        "last_year": before.year if before else "",
        "floor": number(answer.aim.floor) if answer.aim else "",
        "ceiling": target(answer),
        "aside": answer.set_aside is not None,
    }


def _chosen(answer: Answered) -> bool:
    return not answer.indicator.numeric and answer.indicator.kind is not Kind.TEXT


def _choice(answer: Answered, last: Mapping[str, Before]) -> Facts:
    before = last.get(answer.indicator.code)
    return {
        "title": answer.indicator.title,
        "own": answer.indicator.own,
        "value": chosen(answer),
        "last": _yes(before.said, answer) if before else "",
        "aside": answer.set_aside is not None,
    }


def chosen(answer: Answered) -> str:
    """A choice, yes or no, in words."""
    if not answer.available:
        return words().label("export_not_available")
    return _yes(answer.choice or answer.text or "", answer)


def _yes(said: str, answer: Answered) -> str:
    """A stored yes or no in words; anything else as it is."""
    return words().label(said) if answer.indicator.kind is Kind.YES_NO and said in ("yes", "no") else said


def _text(answer: Answered) -> Facts:
    said = answer.text if answer.available else words().label("export_not_available")
    return {
        "title": answer.indicator.title,
        "own": answer.indicator.own,
        "lines": [line for line in printable(said or "").split("\n") if line.strip()],
        "aside": answer.set_aside is not None,
    }


def _note(answer: Answered) -> Facts | None:
    if not (answer.note or answer.explanation):
        return None
    return {"title": answer.indicator.title, "note": answer.note or "", "explanation": answer.explanation or ""}


def _cleared(each: Cleared) -> Facts:
    return {
        "role": words().label(f"export_role_{each.role.value}"),
        "agency": each.agency or "",
        "day": _day(each.decided_at),
        "signatory": each.signatory or "",
        "reference": each.reference or "",
        "signed": say_day(each.signed_on, UTC_READER) if each.signed_on else "",
    }


def _day(moment: datetime | None) -> str:
    """A day of the register, as in the other files."""
    return say_day(workdays.register_day(moment), UTC_READER) if moment else ""


def printed(one: Reported) -> str:
    """What the file of a country's report is called, without its ending."""
    return f"{one.member.code.lower()}-{called(one.cycle.code)}-{'draft' if one.draft else 'report'}"
