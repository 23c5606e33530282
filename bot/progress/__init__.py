"""Progress as people read it: one country, one indicator side by side, or the region. Never a ranking.

asking.py   what somebody wants to see, and whether they may
showing.py  the messages, with their buttons
on_page.py  a country's own, on a page and with what is mailed
"""

from bot.progress.asking import View, Wanted
from bot.progress.on_page import PROGRESS_LINK, accepted, on_page
from bot.progress.showing import compare, show, typed

__all__ = ["PROGRESS_LINK", "View", "Wanted", "accepted", "compare", "on_page", "show", "typed"]
