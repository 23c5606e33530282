"""Who is due which step now, and what the reminder says.

rules.py     the plan and the times: pure
ticking.py   the tick: what has come due becomes rows of the ledger, each once
notices.py   the composers, asked again at the moment of sending
by_hand.py   `/spnet remind`: who would get it, then send
register.py   what the register needs: the weekly report to the secretariat
contributors.py  contributors by their own date, and whoever waits for them
floors.py    floors that wait for the coordinator's yes
leaves.py    somebody is away, or back: who is asked meanwhile hears of it

One row is one step and one role; the person is found when it is sent, so a handover or another way never sends twice.
What is not sent is a cancelled row that says why.
"""

from bot.reminders import leaves, register
from bot.reminders.by_hand import Preview, passed_for, preview, remind_now
from bot.reminders.notices import how_far, review, step
from bot.reminders.rules import Passed, PassedStep, Rules, passed_at_opening
from bot.reminders.ticking import KIND, REVIEW_KIND, Ticked, due, queue_due, tick

__all__ = [
    "KIND",
    "REVIEW_KIND",
    "Passed",
    "PassedStep",
    "Preview",
    "Rules",
    "Ticked",
    "due",
    "how_far",
    "leaves",
    "passed_at_opening",
    "passed_for",
    "preview",
    "queue_due",
    "register",
    "remind_now",
    "review",
    "step",
    "tick",
]
