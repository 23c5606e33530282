"""The control address: people's acts, what they see, faults, the clock and the mailbox, over HTTP on this machine.

acts.py       ACTS: everything that a person can do
seen.py       what one person sees, whole or since they last looked
letters.py    the mailbox
clock.py      the moves of the clock that a demo offers
tour.py       the steps of a guided tour
doors.py      who may come in: this machine's own pages and programs
address.py    ROUTES: every address, and how it is answered
files.py      the page itself
"""

from bot.sandbox.control.address import Control
from bot.sandbox.control.clock import Move, Moves
from bot.sandbox.control.tour import TourStep

__all__ = ["Control", "Move", "Moves", "TourStep"]
