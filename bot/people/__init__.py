"""Members and people: who they are, which role they hold, where they are reached.

recognising.py   a Slack id or a command line -> the speaker
contacts.py      where people are reached; who is written to when a message goes to a role
members.py       the members of the data file, the first secretariat person
appointments.py  who holds a role from when to when
agencies.py      ministries, public bodies and social partners; bodies that stand for no country
mechanisms.py    the coordination mechanisms, one or all side by side
meetings.py      what a mechanism does: its meetings and milestones
kept.py          what these forms have in common
profile.py       what people set for themselves
leave.py         when they are away
slack_profiles.py  whose a Slack account is, and what is taken from it
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
