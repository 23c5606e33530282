"""What each member sets for itself: floors and ceilings, and questions of its own.

aim.py        what a member aims at for one indicator; what counts in one assessment
freezing.py   what stands on a day is kept with each assessment when its cycle opens
"""

from bot.floors.aim import Aim, aim_of, frozen
from bot.floors.freezing import freeze, standing_on

__all__ = ["Aim", "aim_of", "freeze", "frozen", "standing_on"]
