"""One member's answers in one cycle, and how they pass from hand to hand.

moves.py       MOVES, and what stands in the way of a move
answering.py   the country's side: begin, store, explain, submit, withdraw
reviewing.py   the secretariat's side: begin_review, accept, return_with_questions
"""

from bot.assessments.answering import begin, explain, missing, reply_of, store, submit, withdraw
from bot.assessments.moves import (
    DUTIES_OF_ANSWERING,
    DUTIES_OF_REVIEW,
    MOVES,
    AnswersChanged,
    Locked,
    Move,
    MoveName,
    NotThePersonsTurn,
    ReviewHasBegun,
    StillNeeded,
    check_unlocked,
    find,
    is_locked,
    subject,
)
from bot.assessments.reviewing import accept, begin_review, return_with_questions

__all__ = [
    "DUTIES_OF_ANSWERING",
    "DUTIES_OF_REVIEW",
    "MOVES",
    "AnswersChanged",
    "Locked",
    "Move",
    "MoveName",
    "NotThePersonsTurn",
    "ReviewHasBegun",
    "StillNeeded",
    "accept",
    "begin",
    "begin_review",
    "check_unlocked",
    "explain",
    "find",
    "is_locked",
    "missing",
    "reply_of",
    "return_with_questions",
    "store",
    "subject",
    "submit",
    "withdraw",
]
