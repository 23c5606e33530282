"""Rows as a file that sheet programs open: CSV, or XLSX. No cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from xlsxwriter import Workbook as XlsxWorkbook  # pyright: ignore[reportMissingTypeStubs]

from bot.exports.cells import guarded

Cell = str | date | None
# So wide is a column at most, in letters.
WIDEST = 48


def to_csv(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """UTF-8 with the mark that Excel wants, commas, days as 2026-01-31."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(
    title: str, header: Sequence[str], rows: Sequence[Sequence[Cell]], choices: Mapping[str, Sequence[str]]
) -> bytes:
    """One sheet with a header that stays in sight; days are true days.

    Args:
        title: the sheet's name.
        choices: by column, what a cell may hold; the sheet program offers it.
    """
    out = io.BytesIO()
    made: Any = XlsxWorkbook  # it tells little of its types
    with made(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(title)
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, bold)
            longest = max((len(_text(row[column])) for row in rows), default=0)
            sheet.set_column(column, column, min(max(longest, len(name)) + 2, WIDEST))
            if name in choices:
                offered = {"validate": "list", "source": list(choices[name]), "error_type": "warning"}
                sheet.data_validation(1, column, max(len(rows) + 200, 1), column, offered)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, column, datetime.combine(cell, time.min), day)
                elif cell:
                    sheet.write_string(line, column, _text(cell))
    return out.getvalue()


def _text(cell: Cell) -> str:
    return cell.isoformat() if isinstance(cell, date) else guarded(cell or "")
