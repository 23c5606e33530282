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
    asker,
    enter,
    fresh_entry,
    inside,
    invitation,
    send_new_link,
)
from bot.delegation.forms import check, form, read_form
from bot.delegation.giving import (
    AlreadyOut,
    AnswersAlready,
    DayDoesNotFit,
    Handed,
    HandedOften,
    NotYours,
    NoWayToAnswer,
    give,
    hand,
)
from bot.delegation.listing import Authors, Owes, authors, contributors, owed, written
from bot.delegation.notices import (
    PASSED_KIND,
    REMINDER_KIND,
    Links,
    handed_over,
    notices_with,
    overtaken,
    passed,
    taken_back,
)
from bot.delegation.page import Question, Saved, answer, page_questions, save, unsaved
from bot.delegation.settling import (
    HANDED_OVER_KIND,
    TAKEN_BACK_KIND,
    AlreadyNudged,
    NoContributor,
    done,
    end_what_is_over,
    nudge,
    take_back,
)

__all__ = [
    "ENTRY_LINK",
    "HANDED_OVER_KIND",
    "PASSED_KIND",
    "REMINDER_KIND",
    "TAKEN_BACK_KIND",
    "AlreadyNudged",
    "AlreadyOut",
    "AnotherBrowser",
    "AnswersAlready",
    "Authors",
    "DayDoesNotFit",
    "Handed",
    "HandedOften",
    "Inside",
    "Links",
    "NoContributor",
    "NoWayToAnswer",
    "NotYours",
    "Owes",
    "Question",
    "Saved",
    "TooManyLinks",
    "answer",
    "asker",
    "authors",
    "check",
    "contributors",
    "done",
    "end_what_is_over",
    "enter",
    "form",
    "fresh_entry",
    "give",
    "hand",
    "handed_over",
    "inside",
    "invitation",
    "notices_with",
    "nudge",
    "overtaken",
    "owed",
    "page_questions",
    "passed",
    "read_form",
    "save",
    "send_new_link",
    "take_back",
    "taken_back",
    "unsaved",
    "written",
]
