"""Regional benchmarks: standards that are proposed, and where each country says that it stands. Nobody is ranked.

standards.py  the benchmarks that this network works with, from its data file
positions.py  where members stand, for tables, pictures and exports
showing.py    one country, one benchmark side by side, or all of them
noting.py     the form in which a country says where it stands
"""

from bot.benchmarks.noting import form, store
from bot.benchmarks.positions import Position, positions
from bot.benchmarks.showing import ALL_KIND, asked, home, mail, mailed, together
from bot.benchmarks.standards import know, standards

__all__ = [
    "ALL_KIND",
    "Position",
    "asked",
    "form",
    "home",
    "know",
    "mail",
    "mailed",
    "positions",
    "standards",
    "store",
    "together",
]
