"""A part of an assessment in the hands of a contributor.

giving.py     hand a section or one question to somebody, known or new
forms.py      the form in which that is filled in
settling.py   handed over, taken back, nudged
listing.py    who owes what until when; who wrote what
notices.py    what the ledger brings about a part
entries.py    the signed link that lets one browser in
page.py       what a contributor without chat sees and sends
"""

from bot.delegation.entries import (
    ENTRY_LINK,
    AnotherBrowser,
    Inside,
    TooManyLinks,
    enter,
    fresh_entry,
    inside,
    invitation,
    send_new_link,
)
from bot.delegation.forms import check, form, read_form
from bot.delegation.giving import AlreadyOut, AnswersAlready, Handed, NotYours, give
from bot.delegation.listing import Authors, Owes, authors, contributors, owed, written
from bot.delegation.notices import (
    Links,
    ask_with,
    handed_over,
    link_with,
    nudge_with,
    overtaken,
    passed,
    remind_with,
    taken_back,
)
from bot.delegation.page import Question, Saved, page_questions, save
from bot.delegation.settling import AlreadyNudged, done, end_what_is_over, nudge, take_back

__all__ = [
    "ENTRY_LINK",
    "AlreadyNudged",
    "AlreadyOut",
    "AnotherBrowser",
    "AnswersAlready",
    "Authors",
    "Handed",
    "Inside",
    "Links",
    "NotYours",
    "Owes",
    "Question",
    "Saved",
    "TooManyLinks",
    "ask_with",
    "authors",
    "check",
    "contributors",
    "done",
    "end_what_is_over",
    "enter",
    "form",
    "fresh_entry",
    "give",
    "handed_over",
    "inside",
    "invitation",
    "link_with",
    "nudge",
    "nudge_with",
    "overtaken",
    "owed",
    "page_questions",
    "passed",
    "read_form",
    "remind_with",
    "save",
    "send_new_link",
    "take_back",
    "taken_back",
    "written",
]
