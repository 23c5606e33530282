"""Pictures, files and reports made of what the network reported, and files of its register.

data.py       all that was reported, read once; what may be in a file, and for whom
asking.py     what somebody wants as a file, and whether they may have it
files.py      MAKERS: each form and what makes it
tidy.py       one row an observation: CSV
workbook.py   XLSX: a sheet a section, floors, notes, definitions, errata
sdmx.py       SDMX-CSV 2.0, and its data structure
about.py      what stands beside the figures in each of them
report.py     the country report, synthesis.py the region's; printing.py makes a page and a PDF of either
charts/       pictures
cells.py      what a cell of a sheet may hold: never a formula
tables.py     rows as CSV or XLSX
people.py     the register as rows; `spnet import people` takes them back
"""

from bot.exports.asking import (
    PRINTED,
    NothingToExport,
    NotPublished,
    OneCycle,
    WhichCountry,
    filled,
    form,
    read,
)
from bot.exports.files import Order, handed, make, order

__all__ = [
    "PRINTED",
    "NotPublished",
    "NothingToExport",
    "OneCycle",
    "Order",
    "WhichCountry",
    "filled",
    "form",
    "handed",
    "make",
    "order",
    "read",
]
