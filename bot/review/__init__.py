"""What both sides of a review see and fill in.

tokens.py            what its buttons and forms carry
shown.py             a submission with its answers: what is new since last time, what is agreed, what was said
thread.py            the thread of a question as it is shown
forms.py             return, comment, accept without some answers, undo
listing.py           what waits, one of it called up, and what was decided
said.py              what is answered to who has just commented, replied, agreed or undone
notices.py           what the ledger brings to either side
granted.py           more time, another opening or no report for one member: shown first, then done
experience_cards.py  shared experiences, for the secretariat's button and for the network
"""

from bot.review.experience_cards import experience_card, experience_published
from bot.review.forms import return_form
from bot.review.listing import decided, open_for, see, waiting
from bot.review.notices import answered, comments, news, noted, submission, undone, withdrawn
from bot.review.shown import shown
from bot.review.tokens import parse, parse_about, token

__all__ = [
    "answered",
    "comments",
    "decided",
    "experience_card",
    "experience_published",
    "news",
    "noted",
    "open_for",
    "parse",
    "parse_about",
    "return_form",
    "see",
    "shown",
    "submission",
    "token",
    "undone",
    "waiting",
    "withdrawn",
]
