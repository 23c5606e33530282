"""What no year of the network brings by itself: App Home, card by card."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

WHEN = datetime(2026, 12, 1, 3, 30, tzinfo=UTC)
DUE = datetime(2026, 12, 15, 10, 0, tzinfo=UTC)
CLOSES = datetime(2026, 12, 29, 10, 0, tzinfo=UTC)
DAY, LATER = date(2026, 12, 4), date(2026, 12, 20)
WAITS: dict[str, Any] = {
    "names": ["Dewi Lestari", "Rina Kusuma"],
    "role": "coordinator",
    "agency": None,
    "author": "Siti Rahmadani",
    "since": WHEN,
}
ASSESSMENT: dict[str, Any] = {
    "first": True,
    "member": "Indonesia",
    "cycle": "Full assessment 2026",
    "state": "in_progress",
    "since": WHEN,
    "answered": 4,
    "total": 33,
    "due": DUE,
    "closes": CLOSES,
    "late": False,
    "locked": False,
    "reviewer": None,
    "waits": None,
    "minutes": 45,
    "at": None,
    "mine": False,
}
ROW: dict[str, Any] = {
    "person": "Rina Kusuma",
    "agency": "Ministry of Health",
    "part": "B · Health",
    "cycle": None,
    "due": DAY,
    "late": False,
    "answered": 1,
    "total": 2,
}
PART: dict[str, Any] = {
    "cycle": "Full assessment 2026",
    "part": "B · Health",
    "due": DAY,
    "late": False,
    "closes": CLOSES,
    "note": None,
    "answered": 1,
    "total": 2,
}
NOBODY: dict[str, Any] = {
    "member": "Indonesia",
    "focal": [],
    "alternates": [],
    "follows": None,
    "status": None,
    "called": None,
    "lead": None,
}
APPOINTED: dict[str, Any] = {
    **NOBODY,
    "focal": [{"name": "Siti Rahmadani", "since": date(2015, 1, 1), "until": LATER}],
    "alternates": ["Budi Hartono", "Rina Kusuma"],
    "follows": {"name": "Ayu Pratiwi", "since": LATER},
    "status": "operational",
    "called": "National Social Protection Council",
    "lead": "Coordinating Ministry for Human Development",
}
STATE: dict[str, Any] = {name: ASSESSMENT[name] for name in (*("cycle", "state", "since", "answered", "total", "due"),)}
COUNTRY_STATE: dict[str, Any] = {**STATE, "closes": CLOSES, "locked": False, "waits": None}
NETWORK_STATE: dict[str, Any] = {**STATE, "late": False, "ball": "focal_point", "holder": "Siti Rahmadani"}
PROFILE: dict[str, Any] = {
    "name": "Siti Rahmadani",
    "zone": "Asia/Jakarta",
    "language": "English",
    "reach": None,
    "quiet": None,
    "refused": None,
    "trouble": False,
    "leaves": [],
}
CYCLE: dict[str, Any] = {
    "title": "Full assessment 2026",
    "due": DUE,
    "closes": CLOSES,
    "locked": False,
    "done": 3,
    "asked": 11,
}

QUIET: dict[str, Any] = {"reviews": [], "unheld": [], "warnings": [], "silent": [], "cycles": []}

CASES: dict[str, list[dict[str, Any]]] = {
    "home/assessment": [
        {**ASSESSMENT, "state": "open", "answered": 0},
        {**ASSESSMENT, "at": "Older persons receiving a pension", "late": True, "first": False},
        ASSESSMENT,
        {**ASSESSMENT, "state": "returned"},
        {**ASSESSMENT, "state": "awaiting_clearance", "waits": WAITS},
        {**ASSESSMENT, "state": "awaiting_clearance", "waits": WAITS, "mine": True},
        {**ASSESSMENT, "state": "awaiting_clearance", "waits": {**WAITS, "names": []}},
        {**ASSESSMENT, "state": "submitted"},
        {**ASSESSMENT, "state": "submitted", "reviewer": "Aisyah Noor"},
        {**ASSESSMENT, "state": "accepted"},
        {**ASSESSMENT, "locked": True},
    ],
    "home/nothing_open": [
        {"member": "Indonesia", "last": None},
        {"member": "Indonesia", "last": {"cycle": "Full assessment 2025", "accepted": WHEN}},
    ],
    "home/contributors": [
        {"member": "Indonesia", "rows": [], "can_hand": True},
        {"member": "Indonesia", "rows": [], "can_hand": False},
        {
            "member": "Indonesia",
            "rows": [ROW, {**ROW, "agency": None, "late": True, "cycle": "Short update 2026-Q4"}],
            "can_hand": True,
        },
    ],
    "home/dates": [
        {"rows": []},
        {
            "rows": [
                {"kind": "part", "at": None, "on": DAY, "person": "Rina Kusuma", "part": "B · Health"},
                {"kind": "due", "at": DUE, "on": None, "cycle": "Full assessment 2026"},
                {"kind": "role_ends", "at": None, "on": LATER, "follows": "Ayu Pratiwi"},
                {"kind": "closes", "at": CLOSES, "on": None, "cycle": "Full assessment 2026"},
            ]
        },
    ],
    "home/parts": [
        {"member": "Indonesia", "rows": []},
        {"member": "Indonesia", "rows": [{**PART, "note": "Please use the register of 2025."}], "first": True},
        {"member": "Indonesia", "rows": [{**PART, "late": True}, PART], "first": False},
    ],
    "home/to_clear": [
        {**ASSESSMENT, "state": "awaiting_clearance", "waits": WAITS},
        {**ASSESSMENT, "state": "awaiting_clearance", "waits": WAITS, "first": False, "late": True},
    ],
    "home/country": [
        {**NOBODY, "states": [], "last": None, "to_clear": 0},
        {
            **APPOINTED,
            "states": [
                COUNTRY_STATE,
                {**COUNTRY_STATE, "state": "awaiting_clearance", "waits": WAITS},
                {**COUNTRY_STATE, "state": "awaiting_clearance", "waits": {**WAITS, "names": []}},
                {**COUNTRY_STATE, "state": "submitted", "locked": True},
            ],
            "last": {"cycle": "Full assessment 2025", "accepted": WHEN},
            "to_clear": 1,
        },
    ],
    "home/secretariat": [
        {**QUIET, "name": "Aisyah Noor", "experiences": 1},
        {
            **{**QUIET, "name": "Aisyah Noor", "experiences": 0},
            "warnings": [{"member": "Malaysia", "problem": "stuck", "cycle": "Full assessment 2026", "on": WHEN}],
        },
        {
            "name": "Aisyah Noor",
            "reviews": [
                {"member": "Indonesia", "cycle": "Full assessment 2026", "since": WHEN, "reviewer": None},
                {"member": "Lao PDR", "cycle": "Full assessment 2026", "since": WHEN, "reviewer": "Aisyah Noor"},
            ],
            "experiences": 3,
            "unheld": ["Cambodia", "Lao PDR", "Myanmar"],
            "warnings": [
                {"member": "Thailand", "problem": "stand_in", "name": "Minh Tran", "on": None},
                {"member": "Indonesia", "problem": "ends", "name": "Siti Rahmadani", "on": LATER},
                {"member": "Lao PDR", "problem": "bounced", "name": "Bounmy Keo", "on": WHEN},
                {"member": "Viet Nam", "problem": "unreached", "name": "Linh Tran", "on": None},
                {"member": "Philippines", "problem": "outside", "name": "Maria <!channel> Santos", "on": None},
            ],
            "silent": [
                {"member": "Viet Nam", "name": "Linh Tran", "count": 3, "since": WHEN, "cycle": "Full assessment 2026"},
                {"member": "Malaysia", "name": "Nur Aini", "count": 4, "since": None, "cycle": "Full assessment 2026"},
            ],
            "cycles": [CYCLE, {**CYCLE, "title": "Full assessment 2025", "locked": True}],
        },
    ],
    "home/network": [
        {
            "rows": [
                {**NOBODY, "code": "BRN", "member": "Brunei Darussalam", "states": []},
                {
                    **APPOINTED,
                    "code": "IDN",
                    "states": [
                        NETWORK_STATE,
                        {**NETWORK_STATE, "state": "open", "late": True, "holder": None},
                        {**NETWORK_STATE, "state": "awaiting_clearance", "ball": "clearer", "holder": "Dewi Lestari"},
                        {**NETWORK_STATE, "state": "awaiting_clearance", "ball": "clearer", "holder": None},
                        {**NETWORK_STATE, "state": "submitted", "ball": "secretariat", "holder": None},
                        {**NETWORK_STATE, "state": "accepted", "ball": "nobody", "holder": None},
                    ],
                },
            ]
        }
    ],
    "home/partner": [
        {"digest": None, "experiences": [], "stopped": False},
        {"digest": None, "experiences": [], "stopped": True},
        {
            "digest": {"title": "Full assessment 2026", "sent": WHEN},
            "experiences": [
                {"kind": "lesson", "title": "Start small", "member": "Indonesia", "agency": None, "decided_at": WHEN},
                {"kind": "training", "title": "Registries", "member": None, "agency": "ILO", "decided_at": WHEN},
                {"kind": "offer", "title": "Advice", "member": None, "agency": None, "decided_at": WHEN},
            ],
            "stopped": False,
        },
        {"digest": {"title": "Full assessment 2026", "sent": WHEN}, "experiences": [], "stopped": True},
    ],
    "home/hat": [
        {"role": "alternate", "member": "Indonesia", "worn": True, "undecided": False},
        {"role": "secretariat", "member": None, "worn": False, "undecided": False},
        {"role": "partner", "member": None, "worn": False, "undecided": True},
    ],
    "home/profile": [
        PROFILE,
        {
            **PROFILE,
            "reach": "mail",
            "quiet": {"from": "18:00", "until": "08:00"},
            "refused": WHEN,
            "trouble": True,
            "leaves": [
                {"starts": DAY, "ends": LATER, "now": True},
                {"starts": LATER, "ends": LATER, "now": False},
            ],
        },
        {**PROFILE, "reach": "chat"},
        {**PROFILE, "reach": "both"},
    ],
}
