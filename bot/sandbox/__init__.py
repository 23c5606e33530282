"""Slack's wire protocol and a mailbox on this machine, for the demo, the replay and the tests."""

from bot.sandbox.control import Move, Moves, TourStep
from bot.sandbox.failures import Trouble
from bot.sandbox.mailbox import Letter, Mailbox
from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from bot.sandbox.slack import ApiCall
from bot.sandbox.things import APP_ID, BOT_ID, BOT_USER, Message

__all__ = [
    "APP_ID",
    "BOT_ID",
    "BOT_USER",
    "ApiCall",
    "Letter",
    "Mailbox",
    "Message",
    "Move",
    "Moves",
    "Person",
    "Sandbox",
    "TourStep",
    "Trouble",
]
