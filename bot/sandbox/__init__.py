"""Slack's wire protocol and a mailbox on this machine, for the demo, the replay and the tests.

The wire
    server.py       every address of Slack's, and the sandbox as its users see it
    arguments.py    what a call says, in any encoding      calls.py      the same, in the types that a method wants
    methods/        the Web API, one file a family          rates.py      how often
    tokens.py       who may                                 scopes.py     what for
    failures.py     refusals                                responses.py  what comes to a response URL
    outbox.py       payloads on their way to the bot        activity.py   who is busy; `settled`
    socket.py       over a socket                           http.py       or over HTTP
    payloads.py     what they hold                          events.py     more of them

What there is
    slack.py        all of it together                      workspace.py  people, channels, messages
    things.py       of which it is made                     files.py      uploaded files
    views.py        modals and Home                         triggers.py   trigger ids and response URLs
    scheduled.py    messages still to come                  mailbox.py    letters
    journal.py      what changed, in order                  changes.py    waiting for a change
    kept.py         written to a folder, and read again

Block Kit
    limits.py       the tables                              rules.py      what they are written in
    blocks.py       the check                               elements.py   what an element holds

People
    people.py       a person: writes, clicks, opens         gestures.py   reacts, pins, reads, joins
    spots.py        where one can click                     clicking.py   what a click sends
    modals.py       forms                                   suggestions.py  choices that the bot is asked for
    typing_in.py    what one types, as Slack writes it      shown.py      what one reads, as words

What goes wrong
    faults.py       FAULTS, the table                       switches.py   what each does

From outside
    control/        the control address, for the page and for programs
    verbs.py        what can be done there, and its arguments
    drawing/        Slack's texts as what the page draws
    page/           the page
"""

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
