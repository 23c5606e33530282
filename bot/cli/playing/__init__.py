"""The bot at play on this machine: invented people talk to it over Slack's wire and read its mail.

stage.py         the bot, its sandbox, its mailbox and its clock, on one database
people.py        who plays: a focal point and a coordinator for each member, and the secretariat
spelling.py      how people write a figure
talk.py          a focal point's side of the conversation
secretariat.py   what the secretariat types and clicks

`spnet replay` and `spnet demo` play on it. Nothing leaves the machine.
"""
