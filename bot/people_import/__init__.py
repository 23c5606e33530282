"""People from a CSV file: read it, plan what it would change, and do that in one transaction.

rows.py     bytes -> rows, or what is wrong with each line; pure
plan.py     rows and what is known already -> changes; and doing them

One row is one person in one role; a person with two roles has two rows that agree in everything else. Whoever is not in
the file is left as they are. A new focal point takes over from the one that the member had.
"""

from bot.people_import.plan import Change, Plan, carry_out, plan
from bot.people_import.rows import COLUMNS, LARGEST_FILE, Fault, Row, read

__all__ = ["COLUMNS", "LARGEST_FILE", "Change", "Fault", "Plan", "Row", "carry_out", "plan", "read"]
