"""Pictures and files made of what the network reported, and of its register.

charts.py   pictures of what moved
cells.py    what a cell of a sheet may hold: never a formula
tables.py   rows as CSV or XLSX
people.py   the register as rows; `spnet import people` takes them back
"""
