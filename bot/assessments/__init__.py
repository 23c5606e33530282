"""One member's answers in one cycle, and how they pass from hand to hand.

moves.py       MOVES, and what stands in the way of a move
answering.py   the country's side: begin, store, explain, submit, withdraw
doubting.py    unusual values: found, asked about, explained
delegated.py   a part in a contributor's hands
asking.py      who is asked for the national yes, and when that counts no more
clearing.py    the national yes: given, refused, or recorded from a letter
reviewing.py   the secretariat's side: begin_review, mark_fine, accept, return_with_questions, undo_accept
threads.py     what both sides say about one question
granting.py    what one member is granted: more time, another opening, no report
snapshots.py   what was handed in, a row a round, and what became of it since
"""

from bot.assessments.answering import begin, explain, missing, reply_of, same_figure, store, submit, withdraw
from bot.assessments.asking import asked_of
from bot.assessments.clearing import (
    AlreadyCleared,
    AlreadySentBack,
    AuthorMayNotClear,
    ClearanceVoid,
    LetterRefused,
    NotTheClearer,
)
from bot.assessments.delegated import (
    DUTIES_OF_CONTRIBUTING,
    OVERTAKEN_KIND,
    PartSettled,
    check_contributor,
    narrowed,
    overtake_part,
    part_settled,
    part_subject,
    title_of_part,
    until,
)
from bot.assessments.doubting import explain_value
from bot.assessments.granting import BadDates, StillOpen
from bot.assessments.moves import (
    DUTIES_OF_ANSWERING,
    DUTIES_OF_CLEARING,
    DUTIES_OF_REVIEW,
    MOVES,
    AnswersChanged,
    Locked,
    Move,
    MoveName,
    NotThePersonsTurn,
    ReviewHasBegun,
    StillNeeded,
    check_answerable,
    check_unlocked,
    cycle_is_locked,
    find,
    is_late,
    is_locked,
    may_read,
    subject,
)
from bot.assessments.reviewing import (
    AlreadyPublished,
    NothingToSetAside,
    ReasonNeeded,
    accept,
    begin_review,
    mark_fine,
    return_with_questions,
    undo_accept,
)
from bot.assessments.threads import CommentsClosed, NothingToAnswer, NothingWritten

__all__ = [
    "DUTIES_OF_ANSWERING",
    "DUTIES_OF_CLEARING",
    "DUTIES_OF_CONTRIBUTING",
    "DUTIES_OF_REVIEW",
    "MOVES",
    "OVERTAKEN_KIND",
    "AlreadyCleared",
    "AlreadyPublished",
    "AlreadySentBack",
    "AnswersChanged",
    "AuthorMayNotClear",
    "BadDates",
    "ClearanceVoid",
    "CommentsClosed",
    "LetterRefused",
    "Locked",
    "Move",
    "MoveName",
    "NotTheClearer",
    "NotThePersonsTurn",
    "NothingToAnswer",
    "NothingToSetAside",
    "NothingWritten",
    "PartSettled",
    "ReasonNeeded",
    "ReviewHasBegun",
    "StillNeeded",
    "StillOpen",
    "accept",
    "asked_of",
    "begin",
    "begin_review",
    "check_answerable",
    "check_contributor",
    "check_unlocked",
    "cycle_is_locked",
    "explain",
    "explain_value",
    "find",
    "is_late",
    "is_locked",
    "mark_fine",
    "may_read",
    "missing",
    "narrowed",
    "overtake_part",
    "part_settled",
    "part_subject",
    "reply_of",
    "return_with_questions",
    "same_figure",
    "store",
    "subject",
    "submit",
    "title_of_part",
    "undo_accept",
    "until",
    "withdraw",
]
