"""What a person sets for themselves, as a conversation: their profile, their further addresses, their leave.

showing.py   the profile in plain words with its buttons, and the forms behind them
letters.py   a further address: the mail that confirms it, and the one to the address before
absence.py   "away until 3 May" and "I am back" as plain messages, and what is said to it
"""

from bot.profile.absence import absence_said, answer_after_all, chosen, end_leave, plan, told
from bot.profile.letters import (
    ADDRESS_LINK,
    CHANGED_KIND,
    CONFIRM_KIND,
    LinkFor,
    add_address,
    address_changed,
    confirm_with,
    remove_address,
    use_address,
)
from bot.profile.showing import address_form, form, leave_form, show

__all__ = [
    "ADDRESS_LINK",
    "CHANGED_KIND",
    "CONFIRM_KIND",
    "LinkFor",
    "absence_said",
    "add_address",
    "address_changed",
    "address_form",
    "answer_after_all",
    "chosen",
    "confirm_with",
    "end_leave",
    "form",
    "leave_form",
    "plan",
    "remove_address",
    "show",
    "told",
    "use_address",
]
