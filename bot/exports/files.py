"""MAKERS: how each form becomes files, and what is said beside them. A new form is a maker and a line there.

Two steps: what is needed is read within the turn, then the files are made in a worker thread, with no transaction open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import standing
from bot.exports import printing, report, sdmx, synthesis, tidy, workbook
from bot.exports.asking import PUBLISHED_ONLY, Granted, Much, grant, readable, titles
from bot.exports.charts import Chart, dumbbell, multiples, pages_of, timeline
from bot.exports.data import Data
from bot.exports.report import Facts
from bot.formats import Indicator
from bot.history import called
from bot.messages import Attachment, Message
from bot.papers import Paper, Wish
from bot.speaker import Speaker
from bot.standing import Progress
from bot.words import words
from db.engine import Session

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# From so many answers on it is said first that it takes a moment.
LONG = 5000
Say = Callable[[Message], Awaitable[None]]
# So many pictures stand in one printed file, so that it can still be printed and sent.
MOST_PICTURES = 40


@dataclass(frozen=True)
class Order:
    """What is to be made, with all that it is made of: no database is needed any more.

    Attributes:
        facts: of a printed report.
        progress: for its pictures: figures beside the last ones, with each country's own floor and ceiling.
    """

    granted: Granted
    network: str
    facts: Facts
    progress: tuple[Progress, ...] = ()

    @property
    def data(self) -> Data:
        """What it is made of."""
        return self.granted.data

    @property
    def size(self) -> int:
        """How many answers are in it."""
        return sum(len(row.answers) for row in self.data.reported)


async def order(
    session: Session, by: Speaker, wish: Wish, network: str, now: datetime, first: Say | None = None
) -> Order:
    """Read what a wish needs, as far as this person may have it.

    Args:
        network: the network's name.
        first: says that it takes a while, where it does, before anything is read.

    Raises:
        The same as `asking.grant`.
    """

    async def before(much: Much) -> None:
        if first is not None and much.answers >= LONG:
            await first(Message("exports/making", much._asdict()))

    granted = await grant(session, by, wish, now, before if first is not None else None)
    facts: Facts = {}
    rows: list[Progress] = []
    if granted.paper is Paper.REPORT:
        one = granted.data.reported[0]
        published = readable(by, one.member.code) == PUBLISHED_ONLY
        # A draft has no place on the way yet.
        rows = await standing.progress(session, one.cycle, members=[one.member.code], published=published)
        facts = report.country(granted.data, network, await report.last_of(session, granted.data, rows))
    elif granted.paper is Paper.SYNTHESIS:
        facts, rows = await synthesis.region(session, granted.data, network, now)
        facts["without_picture"] = [asked.title for asked, _, shown in _pictured(rows) if not shown]
    return Order(granted, network, facts, tuple(rows))


def make(wanted: Order) -> tuple[Attachment, ...]:
    """The files."""
    return MAKERS[wanted.granted.paper](wanted)


async def handed(wanted: Order) -> Message:
    """The files with what is said beside them: what is in them, of which day, and what is not."""
    files = await asyncio.to_thread(make, wanted)
    data = wanted.data
    facts: dict[str, Any] = {
        "paper": wanted.granted.paper.value,
        "member": wanted.granted.member.name if wanted.granted.member else None,
        "cycles": titles(data.cycles),
        "reported": len({row.member.code for row in data.reported}),
        "countries": data.asked,
        "answers": wanted.size,
        "on": data.day,
        "inside": data.inside,
        "draft": any(row.draft for row in data.rows),
        "names": [file.name for file in files],
        "lacking": printing.lacking(wanted.facts) if wanted.facts else [],
    }
    return Message("exports/handed", facts, files=files)


def _workbook(wanted: Order) -> tuple[Attachment, ...]:
    return (_file(wanted, f"{_stem(wanted)}.xlsx", workbook.to_xlsx(wanted.data, wanted.network), XLSX),)


def _tidy(wanted: Order) -> tuple[Attachment, ...]:
    return (_file(wanted, f"{_stem(wanted)}.csv", tidy.to_csv(wanted.data), "text/csv"),)


def _sdmx(wanted: Order) -> tuple[Attachment, ...]:
    return (
        _file(wanted, f"{_stem(wanted)}-sdmx.csv", sdmx.to_csv(wanted.data), "text/csv"),
        _file(wanted, f"{_stem(wanted)}-structure.xml", sdmx.structure(wanted.data, wanted.network), "application/xml"),
    )


def _report(wanted: Order) -> tuple[Attachment, ...]:
    return _printed(wanted, printing.COUNTRY, report.printed(wanted.data.reported[0]), dumbbell(wanted.progress))


def _synthesis(wanted: Order) -> tuple[Attachment, ...]:
    beside = {asked.code: multiples(rows) for asked, rows, shown in _pictured(wanted.progress) if shown}
    return _printed(wanted, printing.REGION, synthesis.printed(wanted.data), timeline(wanted.facts["reports"]), beside)


def _pictured(rows: Sequence[Progress]) -> list[tuple[Indicator, list[Progress], bool]]:
    """Each numeric question with the countries that answered it, and whether its pictures still go into the file."""
    by_question: dict[str, list[Progress]] = {}
    for row in rows:
        if row.indicator.numeric:
            by_question.setdefault(row.indicator.code, []).append(row)
    found: list[tuple[Indicator, list[Progress], bool]] = []
    drawn = 0
    for each in by_question.values():
        shown = drawn + pages_of(each) <= MOST_PICTURES
        drawn += pages_of(each) if shown else 0
        found.append((each[0].indicator, each, shown))
    return found


def _printed(
    wanted: Order, kind: str, stem: str, drawn: Sequence[Chart], beside: Mapping[str, Sequence[Chart]] | None = None
) -> tuple[Attachment, ...]:
    facts, near = wanted.facts, beside or {}
    return (
        _file(wanted, f"{stem}.pdf", printing.to_pdf(kind, facts, drawn, near), "application/pdf"),
        _file(wanted, f"{stem}.html", printing.to_html(kind, facts, drawn, near), "text/html"),
    )


def _file(wanted: Order, name: str, content: bytes, media_type: str) -> Attachment:
    where = wanted.granted.member.name if wanted.granted.member else words().label("export_all_countries")
    cycles = wanted.data.cycles
    when = cycles[0].title if len(cycles) == 1 else words().label("export_all_cycles")
    return Attachment(name, content, media_type, f"{where}, {when}")


def _stem(wanted: Order) -> str:
    """What a file is called: its country or the region, and its cycle."""
    whose = wanted.granted.member.code.lower() if wanted.granted.member else "region"
    cycles = wanted.data.cycles
    return f"{whose}-{called(cycles[0].code) if len(cycles) == 1 else 'all'}"


MAKERS: dict[Paper, Callable[[Order], tuple[Attachment, ...]]] = {
    Paper.XLSX: _workbook,
    Paper.CSV: _tidy,
    Paper.SDMX: _sdmx,
    Paper.REPORT: _report,
    Paper.SYNTHESIS: _synthesis,
}
