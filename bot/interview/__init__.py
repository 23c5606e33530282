"""The open prompt: ask, hear, skip, go back. One medium-free conversation.

What is awaited is in the Prompt row, so a restart between two messages loses nothing. Every door takes
`(session, by, ..., now)`, works in the caller's transaction and gives back the Message to say after the commit.
"""

from bot.interview.amend import amend
from bot.interview.choose import DEEDS, choose
from bot.interview.errata import change_corrected
from bot.interview.greetings import converses, deleted, greeting, no_answers_from, where_we_are
from bot.interview.hear import current, hear, kept_all_the_same
from bot.interview.notices import accepted, cycle_news, opening, part_unsaid, prompt_unsaid, returned
from bot.interview.proofs import MOST_FILES, attach
from bot.interview.proofs import parse as parse_which
from bot.interview.scene import Said

__all__ = [
    "DEEDS",
    "MOST_FILES",
    "Said",
    "accepted",
    "amend",
    "attach",
    "change_corrected",
    "choose",
    "converses",
    "current",
    "cycle_news",
    "deleted",
    "greeting",
    "hear",
    "kept_all_the_same",
    "no_answers_from",
    "opening",
    "parse_which",
    "part_unsaid",
    "prompt_unsaid",
    "returned",
    "where_we_are",
]
