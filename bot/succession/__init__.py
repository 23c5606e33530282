"""A role passes from one person to another: what is asked for, what it would do, and what moves at that moment.

orders.py    what somebody asks to be done, as a form hands it on; whom it is about
forms.py     the forms of `/spnet focal appoint|handover|end`, and what was filled in
doing.py     appoint, hand over, end, undo: shown first, then done
moving.py    a role begins or ends: prompts, reminders and deliveries move; the tick does it for planned ones
letters.py   the briefing, the thanks, and the word to the secretariat, composed when they are sent
history.py   who held which role of a member, and when

What is asked of a country is asked of whoever holds the role: answers, parts in the hands of contributors and
reminders belong to the assessment and the role, so there is nothing to copy. Who holds no role any more is a stranger
from that moment on, over every way, because every turn asks anew who somebody is today.
"""

from bot.succession.doing import Done, carry_out, preview, undo
from bot.succession.history import history
from bot.succession.letters import briefing, carried_out, meanwhile, thanks
from bot.succession.moving import BRIEFING, CARRIED_OUT, MEANWHILE, THANKS, begin, changed_by_command, tick
from bot.succession.orders import Order, order_of

__all__ = [
    "BRIEFING",
    "CARRIED_OUT",
    "MEANWHILE",
    "THANKS",
    "Done",
    "Order",
    "begin",
    "briefing",
    "carried_out",
    "carry_out",
    "changed_by_command",
    "history",
    "meanwhile",
    "order_of",
    "preview",
    "thanks",
    "tick",
    "undo",
]
