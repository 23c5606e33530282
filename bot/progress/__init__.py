"""Progress as people read it: one country, one indicator side by side, or the region. Never a ranking.

asking.py   what somebody wants to see, and whether they may
saying.py   one value on its way, as facts for the words
showing.py  the messages, with their buttons
"""

from bot.progress.asking import View, Wanted
from bot.progress.saying import way
from bot.progress.showing import compare, show, typed

__all__ = ["View", "Wanted", "compare", "show", "typed", "way"]
