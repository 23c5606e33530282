"""App Home for each role: what a person sees of the network without asking.

A Home is a row of cards, each with its own words and its own buttons. Whoever has several roles sees the cards of all
of them; the buttons stand only under those of the role worn now.

answering.py      focal point and alternate: my assessment, my contributors, my deadlines
contributor.py    my parts
coordinator.py    my country's picture, what waits for me
secretariat.py    every member: appointed, mechanism, state, who has the ball
floors.py         the floors of a country: how many are set, what waits for a yes
partner.py        what was published last
waiting.py        with whom a national yes waits
whole.py          all cards of one person, with the profile
"""

from bot.homes.answering import answering
from bot.homes.contributor import contributor
from bot.homes.coordinator import coordinator
from bot.homes.partner import partner
from bot.homes.secretariat import secretariat
from bot.homes.whole import HOMES, Home, whole

__all__ = ["HOMES", "Home", "answering", "contributor", "coordinator", "partner", "secretariat", "whole"]
