"""Progress as people read it: one country, one indicator side by side, or the region. Never a ranking.

asking.py   what somebody wants to see, and whether they may
showing.py  the messages, with their buttons
mailed.py   the comparison as a mail
on_page.py  a country's own, on a page and with what is mailed
"""

from bot.progress.asking import View, Wanted
from bot.progress.mailed import mail, mailed_with
from bot.progress.on_page import PROGRESS_LINK, accepted, on_page
from bot.progress.showing import COMPARISON_KIND, compare, show, typed

__all__ = [
    "COMPARISON_KIND",
    "PROGRESS_LINK",
    "View",
    "Wanted",
    "accepted",
    "compare",
    "mail",
    "mailed_with",
    "on_page",
    "show",
    "typed",
]
