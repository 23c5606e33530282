"""Members and people: who they are, which role they hold, where they are reached.

recognising.py   a Slack id or a command line -> the speaker
contacts.py      where people are reached; who is written to when a message goes to a role
members.py       the members of the data file, the first secretariat person
wishes.py        what a person wants to get, and what not
"""

from bot.people.contacts import (
    DEFAULT_LOCALE,
    Contact,
    addressed,
    addressee,
    answering,
    answering_by_member,
    contact,
    contact_of,
    find,
    to_role,
)
from bot.people.members import count, is_called, settle_members, settle_secretariat, unheld
from bot.people.recognising import Recognised, all_hats, choose, first_secretariat, recognise, speaker_of, wear
from bot.people.wishes import has_stopped_digests, stop_digests

__all__ = [
    "DEFAULT_LOCALE",
    "Contact",
    "Recognised",
    "addressed",
    "addressee",
    "all_hats",
    "answering",
    "answering_by_member",
    "choose",
    "contact",
    "contact_of",
    "count",
    "find",
    "first_secretariat",
    "has_stopped_digests",
    "is_called",
    "recognise",
    "settle_members",
    "settle_secretariat",
    "speaker_of",
    "stop_digests",
    "to_role",
    "unheld",
    "wear",
]
