"""What each member sets for itself: floors and ceilings, and questions of its own.

aim.py        what a member aims at for one indicator; what counts in one assessment
freezing.py   what stands on a day; kept with each assessment when its cycle opens
proposing.py  written down, collected, asked about, taken back
asking.py     who is asked for the yes
deciding.py   the coordinator's yes, or no with a reason
forms.py      the forms in which this is done in the chat
shown.py      a country's floors, all countries', the history of one indicator
notices.py    what the ledger brings
on_page.py    the yes on a page, behind the signed link of a mail
own.py        a member's own questions
"""

from bot.floors.aim import Aim, aim_of, frozen
from bot.floors.asking import ASK_KIND, DECIDED_KIND, FLOORS_LINK, RECEIPT_KIND, REMIND_KIND
from bot.floors.deciding import decide
from bot.floors.freezing import freeze, standing_on
from bot.floors.notices import ask_with, decided, receipt_by_mail, remind_with, waiting
from bot.floors.proposing import ask, propose, withdraw
from bot.floors.shown import aim_facts, floored, marks

__all__ = [
    "ASK_KIND",
    "DECIDED_KIND",
    "FLOORS_LINK",
    "RECEIPT_KIND",
    "REMIND_KIND",
    "Aim",
    "aim_facts",
    "aim_of",
    "ask",
    "ask_with",
    "decide",
    "decided",
    "floored",
    "freeze",
    "frozen",
    "marks",
    "propose",
    "receipt_by_mail",
    "remind_with",
    "standing_on",
    "waiting",
    "withdraw",
]
