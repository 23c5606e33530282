"""The same as a workbook: a sheet a section with the countries side by side, and what belongs to it beside.

Numbers are numbers, years whole numbers, days true days; what is not available is an empty cell with the reason beside
it. No text is ever taken for a formula: each is written as text, and guarded where it begins like one, since a sheet
may be saved as CSV.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook as XlsxWorkbook  # pyright: ignore[reportMissingTypeStubs]

from bot.exports import tidy
from bot.exports.about import about, coverage
from bot.exports.data import Answered, Data, Reported
from bot.exports.tidy import Value, printable
from bot.formats import Indicator, Section
from bot.history import called
from bot.words import words

# A column is so wide at most, in letters; longer text is on several lines.
WIDEST, NARROWEST = 44, 8
# How high a line is, in points; and how much wider bold letters are than the digits that widths are counted in.
LINE_HEIGHT, BOLD = 15, 1.2
# More than this no cell of a sheet holds.
LONGEST_CELL = 32_767
SHEETS = ("about", "coverage", "floors", "notes", "definitions", "errata", "observations")


def to_xlsx(data: Data, network: str) -> bytes:
    """The file: the same data give the same bytes."""
    out = io.BytesIO()
    made: Any = XlsxWorkbook  # it tells little of its types
    with made(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": network, "created": datetime.combine(data.day, time.min)})
        pen = _Pen(book, data, network)
        pen.table("about", ("", ""), about(data, network), widths=(26, 100))
        pen.table("coverage", _heads("coverage"), list(coverage(data)))
        for section in data.sections:
            pen.section(section)
        pen.table("floors", _heads("floors"), list(_floors(data)))
        pen.table("notes", _heads("notes"), list(_notes(data)))
        pen.table("definitions", _heads("definitions"), list(_definitions(data)))
        pen.table("errata", _heads("errata"), list(_errata(data)))
        pen.table("observations", tidy.COLUMNS, list(tidy.rows(data)))
    return out.getvalue()


_HEADS = {
    "coverage": ("country", "cycle", "state", "answered", "of", "late", "accepted_on"),
    "floors": ("country", "cycle", "question", "indicator", "floor", "ceiling", "target_year", "source", "valid_from"),
    "notes": ("country", "cycle", "question", "indicator", "availability", "note", "explanation", "evidence"),
    "definitions": (
        *("indicator", "question", "section", "asks", "help", "kind", "unit", "direction", "series", "follows"),
        "edition",
    ),
    "errata": ("edition", "indicator", "field", "before", "after", "why", "on"),
}


def _heads(sheet: str) -> list[str]:
    return [words().label(f"export_column_{column}") for column in _HEADS[sheet]]


def _floors(data: Data) -> Iterable[tuple[Value, ...]]:
    for one, answer in _answers(data):
        if answer.aim is not None:
            aim, asked = answer.aim, answer.indicator
            yield (
                *(one.member.name, called(one.cycle.code), asked.title, answer.code, aim.floor, aim.ceiling),
                *(aim.target_year, aim.source, aim.valid_from),
            )


def _notes(data: Data) -> Iterable[tuple[Value, ...]]:
    for one, answer in _answers(data):
        evidence = tidy.BETWEEN.join(tidy.proof(each) for each in answer.evidence)
        if answer.note or answer.explanation or evidence:
            yield (
                *(one.member.name, called(one.cycle.code), answer.indicator.title, answer.code),
                *(_availability(answer), answer.note, answer.explanation, evidence),
            )


def _definitions(data: Data) -> Iterable[tuple[Value, ...]]:
    newest = data.editions[-1] if data.editions else ""
    for asked in data.indicators:
        yield (
            *(asked.code, asked.title, asked.section, asked.question, asked.help, asked.kind.value, asked.unit),
            *(asked.direction.value if asked.direction else None, asked.series, asked.source),
            words().label("export_own_question") if asked.own else newest,
        )


def _errata(data: Data) -> Iterable[tuple[Value, ...]]:
    for each in data.errata:
        for field, before, after in each.changes:
            yield each.edition, each.indicator, field, before, after, each.why, each.on


def _answers(data: Data) -> Iterable[tuple[Reported, Answered]]:
    return ((one, answer) for one in data.reported for answer in one.answers)


def _availability(answer: Answered) -> str:
    return words().label(f"export_{'set_aside' if answer.set_aside else answer.availability.value}")


class _Pen:
    """Writes the sheets of one book, one after another."""

    def __init__(self, book: Any, data: Data, network: str) -> None:
        self._book = book
        self._data = data
        self._network = network
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._over = book.add_format({"bold": True, "align": "center", "valign": "top", "text_wrap": True, "left": 1})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._number = book.add_format({"valign": "top"})
        self._whole = book.add_format({"valign": "top", "num_format": "0"})
        self._day = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"})

    def table(
        self, name: str, heads: Sequence[str], rows: Sequence[Sequence[Value]], widths: Sequence[int] = ()
    ) -> None:
        """A sheet with one line of headings that stays in sight and is printed on every page."""
        sheet = self._sheet(words().label(f"export_sheet_{name}"), lines=1)
        for column, head in enumerate(heads):
            self._write(sheet, 0, column, head, self._bold)
            cells = [row[column] for row in rows]
            wide = widths[column] if widths else _wide([head, *cells])
            sheet.set_column(column, column, wide)
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                self._write(sheet, line, column, value)
        if rows and any(heads):
            sheet.autofilter(0, 0, len(rows), len(heads) - 1)

    def section(self, section: Section) -> None:
        """A sheet with a line a country and cycle, and for each question its value, year, source and status."""
        sheet = self._sheet(f"{section.letter} {section.title}", lines=2, beside=2)
        rows = self._data.reported
        for column, head in enumerate(("country", "cycle")):
            sheet.write_string(1, column, words().label(f"export_column_{head}"), self._bold)
        sheet.set_column(0, 0, _wide([one.member.name for one in rows]))
        sheet.set_column(1, 1, _wide([called(one.cycle.code) for one in rows]))
        for line, one in enumerate(rows, 2):
            self._write(sheet, line, 0, one.member.name)
            self._write(sheet, line, 1, called(one.cycle.code))
        column, high = 2, 1
        for asked in section.indicators:
            column, lines = self._question(sheet, column, asked, rows)
            high = max(high, lines)
        # No sheet program makes a line higher for what is wrapped over several columns.
        sheet.set_row(0, LINE_HEIGHT * high)

    def _question(self, sheet: Any, column: int, asked: Indicator, rows: Sequence[Reported]) -> tuple[int, int]:
        """The columns of one question; gives the next free one, and how many lines its title takes above them."""
        heads = _columns_of(asked)
        title = f"{asked.title} ({asked.unit})" if asked.unit else asked.title
        sheet.merge_range(0, column, 0, column + len(heads) - 1, "", self._over)
        self._write(sheet, 0, column, title, self._over)
        answers = [one.by_code.get(asked.code) for one in rows]
        across = 0
        for place, head in enumerate(heads, column):
            cells = [_cell(head, answer) for answer in answers]
            self._write(sheet, 1, place, words().label(f"export_column_{head}"), self._bold)
            wide = _wide([words().label(f"export_column_{head}"), *cells])
            sheet.set_column(place, place, wide)
            across += wide
            for line, cell in enumerate(cells, 2):
                self._write(sheet, line, place, cell)
        return column + len(heads), len(textwrap.wrap(title, int(across / BOLD)))

    def _sheet(self, name: str, *, lines: int, beside: int = 0) -> Any:
        sheet = self._book.add_worksheet(_named(name))
        sheet.freeze_panes(lines, beside)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_print_scale(70)
        sheet.repeat_rows(0, lines - 1)
        if beside:
            sheet.repeat_columns(0, beside - 1)
        sheet.set_footer(f"&L{_footed(self._network)}&C&A&R&P / &N")
        return sheet

    def _write(self, sheet: Any, line: int, column: int, value: Value, form: Any = None) -> None:
        """A value as what it is; an empty one leaves the cell empty."""
        if isinstance(value, Decimal):
            sheet.write_number(line, column, float(value), form or self._number)
        elif isinstance(value, int):
            sheet.write_number(line, column, value, form or self._whole)
        elif isinstance(value, date):
            sheet.write_datetime(line, column, datetime.combine(value, time.min), form or self._day)
        elif value:
            sheet.write_string(line, column, tidy.plain(value)[:LONGEST_CELL], form or self._text)


def _named(name: str) -> str:
    """What a sheet may be called: 31 signs, without those that stand for something in an address of cells."""
    return re.sub(r"[\[\]:*?/\\]", " ", printable(name))[:31].strip("' ") or "-"


def _columns_of(asked: Indicator) -> tuple[str, ...]:
    return ("value", "year", "source", "availability") if asked.numeric else ("said", "availability")


def _cell(head: str, answer: Answered | None) -> Value:
    if answer is None:
        return None
    match head:
        case "value":
            return answer.number
        case "year":
            return answer.year
        case "source":
            return answer.source
        case "said":
            return answer.choice or answer.text
        case _:
            return _availability(answer)


def _wide(cells: Iterable[Value]) -> int:
    longest = max((len(line) for cell in cells if cell is not None for line in str(cell).splitlines()), default=0)
    return max(NARROWEST, min(longest + 2, WIDEST))


def _footed(text: str) -> str:
    """A text in a footer, where & begins a command."""
    return printable(text).replace("&", "&&")[:100]
