"""What no year of the network brings by itself: profiles, addresses and leaves."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

WHEN = datetime(2026, 12, 1, 3, 30, tzinfo=UTC)
DUE = datetime(2026, 12, 15, 10, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 30), date(2026, 12, 4)
STANDING = {"cycle": "Full assessment 2026", "state": "in_progress", "answered": 4, "total": 33, "due": DUE}
OPEN = {**STANDING, "state": "open", "answered": 0}
PROFILE: dict[str, Any] = {
    "changed": None,
    "name": "Siti Rahmadani",
    "roles": [{"role": "focal_point", "member": "Indonesia", "agency": None}],
    "zone": "Asia/Jakarta",
    "clock": "10:30",
    "zone_by": "country",
    "country": "Indonesia",
    "today": "Tuesday, 1 December 2026",
    "language": "English",
    "reach": None,
    "quiet": None,
    "email": "siti@example.org",
    "refused": None,
    "further": [],
    "in_chat": True,
    "trouble": None,
    "leaves": [],
    "stopped": False,
}
AWAY = {"name": "Budi Hartono", "away": "Siti Rahmadani", "role": "focal_point", "member": "Indonesia", "ends": LAST}
NOTED: dict[str, Any] = {
    "starts": FIRST,
    "ends": LAST,
    "begun": True,
    "zone": "Asia/Jakarta",
    "nothing": False,
    "left": [{"how": "stand_in", "member": "Indonesia", "name": "Budi Hartono"}],
}
ASKED: dict[str, Any] = {"problem": None, "title": None, "awaited": False}

CASES: dict[str, list[dict[str, Any]]] = {
    "profile/show": [
        PROFILE,
        *({**PROFILE, "changed": changed} for changed in ("profile", "nothing", "used", "removed")),
        {
            **PROFILE,
            "roles": [
                {"role": "contributor", "member": "Indonesia", "agency": "Ministry of Health"},
                {"role": "partner", "member": None, "agency": None},
            ],
            "zone_by": "slack",
            "reach": "mail",
            "quiet": {"from": "18:00", "until": "08:00"},
            "refused": WHEN,
            "further": [
                {"address": "rina.home@example.org", "confirmed": True, "expires": WHEN},
                {"address": "rina.office@example.org", "confirmed": False, "expires": WHEN},
            ],
            "trouble": "user_disabled",
            "leaves": [
                {"starts": FIRST, "ends": LAST, "now": True},
                {"starts": date(2026, 12, 20), "ends": date(2026, 12, 31), "now": False},
            ],
            "stopped": True,
        },
        {**PROFILE, "zone_by": "person", "reach": "chat", "email": None, "in_chat": False},
        {**PROFILE, "reach": "both"},
    ],
    "profile/address_added": [{"address": "siti.home@example.org", "expires": WHEN}],
    "profile/confirm_address": [
        {"name": "Siti Rahmadani", "link": "https://spnet.example.org/address/abc", "expires": WHEN}
    ],
    "profile/address_changed": [{"name": "Siti Rahmadani", "when": WHEN}],
    "pages/address": [
        {"network": "ASEAN social protection network", "name": "Siti", "address": "siti@example.org", "done": done}
        for done in (False, True)
    ],
    "leave/told": [
        NOTED,
        {**NOTED, "begun": False, "left": [{"how": "as_before", "member": "Indonesia", "name": "Siti Rahmadani"}]},
        {**NOTED, "begun": False, "ends": FIRST, "left": [{"how": "nobody", "member": "Viet Nam", "name": None}]},
        {
            **NOTED,
            "left": [
                {"how": "waits", "member": "Indonesia", "name": "Siti Rahmadani"},
                {"how": "waits", "member": "Lao PDR", "name": None},
            ],
        },
        {**NOTED, "left": [{"how": "nothing", "member": None, "name": None}], "nothing": True},
    ],
    "leave/ended": [
        {"name": "Siti Rahmadani", "starts": FIRST, "ends": LAST, "begun": begun} for begun in (True, False)
    ],
    "leave/none": [{"name": "Siti Rahmadani", "starts": starts} for starts in (None, FIRST)],
    "leave/asked_back": [
        {**ASKED, "awaited": True, "title": "Progress made"},
        {**ASKED, "awaited": True, "problem": "ambiguous"},
        *(
            {**ASKED, "problem": problem}
            for problem in (
                *("no_end", "ambiguous", "far", "weekday", "past", "order", "too_long", "no_such_day", "unreadable"),
            )
        ),
    ],
    "leave/stand_in": [{**AWAY, "standings": [STANDING, OPEN]}, {**AWAY, "standings": []}],
    "leave/colleague": [{**AWAY, "name": "Siti Rahmadani", "away": "Rina Kusuma", "role": "contributor"}],
    "leave/nobody": [{**AWAY, "name": "", "standings": [OPEN]}],
    "leave/over": [
        {"name": "Siti Rahmadani", "ended": LAST, "member": "Indonesia", "standings": [STANDING]},
        {"name": "Per Larsen", "ended": LAST, "member": None, "standings": []},
    ],
    "refusals/bad_leave": [
        {"problem": problem, "starts": LAST, "ends": FIRST} for problem in ("past", "order", "too_long")
    ],
    "refusals/leave_over": [{"ends": LAST, "when": None}],
    "refusals/address_not_free": [{}],
    "refusals/name_taken": [{"name": "Budi Hartono"}],
    "refusals/address_known": [{"address": "siti@example.org", "state": state} for state in ("in_use", "confirmed")],
    "refusals/too_many_addresses": [{"most": 5, "today": today} for today in (True, False)],
    "refusals/address_gone": [{}],
    "refusals/address_not_confirmed": [{"address": "siti.home@example.org"}],
    "refusals/no_pages": [{}],
    "delivery/out_of_reach": [
        {
            "name": "Linh Tran",
            "member": "Viet Nam",
            "since": WHEN,
            "code": "user_not_visible",
            "role": "focal_point",
            "mail": True,
        },
        {"name": "Per Larsen", "member": None, "since": WHEN, "code": "user_disabled", "role": "partner", "mail": True},
        {
            "name": "Bounmy Keo",
            "member": "Lao PDR",
            "since": WHEN,
            "code": "messages_tab_disabled",
            "role": "focal_point",
            "mail": False,
        },
    ],
}
