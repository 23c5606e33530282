"""The register from a file: read it, plan what it would change, and do that in one transaction.

sheets.py     bytes of CSV or XLSX -> lines of cells, or what is wrong with the sheet; pure
row.py        one row
rows.py       lines -> rows, or what is wrong with each line; pure
days.py       a cell -> the day that it means; pure
doubles.py    rows that contradict those above them; pure
draft.py      the register as it would stand
plan.py       rows and what is known already -> changes and refused lines
following.py  who takes over from whom; no two focal points, and no hole between them
doing.py      the changes are stored

One row is one person in one role, or an agency alone. Whoever is not in the file is left as they are, and an empty cell
changes nothing. A new focal point takes over from the one before. bot/exports/people.py writes such a file.
"""

from bot.people_import.doing import carry_out
from bot.people_import.draft import Change
from bot.people_import.plan import Plan, plan
from bot.people_import.row import Row
from bot.people_import.rows import read
from bot.people_import.sheets import LARGEST_FILE, Fault

__all__ = ["LARGEST_FILE", "Change", "Fault", "Plan", "Row", "carry_out", "plan", "read"]
