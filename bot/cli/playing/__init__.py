"""The bot at play on this machine: invented people talk to it over Slack's wire and read its mail.

stage.py         the bot, its sandbox, its mailbox and its clock, on one database
people.py        who plays: a focal point and a coordinator for each member, and the secretariat
spelling.py      how people write a figure
talk.py          a focal point's side of the conversation
secretariat.py   what the secretariat types and clicks
floors.py        how a floor is set and cleared
passing.py       time that passes by what it brings
tally.py         what arrived, counted for `spnet replay`
measured.py      the progress of all that arrived, for `spnet replay --floors`

aims.py          the demo's floors, own question and positions on the benchmarks
filling.py       the demo's story, from an empty folder to the moment at which the visitor comes in
register.py      the demo's register: mechanisms, a part handed out, a national yes
live.py          the demo that runs, on what a folder keeps
offered.py       what the page completes while somebody types
tour.py          the guided tour

`spnet replay` and `spnet demo` play on it. Nothing leaves the machine.
"""
