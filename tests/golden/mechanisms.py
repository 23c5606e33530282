"""What no year of the network brings by itself: coordination mechanisms, with all that belongs to them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

WHEN = datetime(2026, 12, 1, 3, 30, tzinfo=UTC)
CHANGED = {"by": "Dewi Lestari", "when": WHEN}
EMPTY: dict[str, Any] = {
    "member": "Indonesia",
    "code": "IDN",
    "done": None,
    "about": "",
    "name": None,
    "status": None,
    "legal": None,
    "lead": None,
    "since": None,
    "agencies": [],
    "period": "2026",
    "met": 0,
    "meetings": [],
    "earlier": 0,
    "milestones": [],
    "changed": None,
}
FULL: dict[str, Any] = {
    **EMPTY,
    "name": "National Social Protection Council",
    "status": "operational",
    "legal": "Presidential Regulation 63 of 2017",
    "lead": "Coordinating Ministry for Human Development",
    "since": date(2017, 7, 1),
    "agencies": [
        {"name": "Ministry of Social Affairs", "kind": "ministry", "sector": "social_welfare", "sits": True},
        {"name": "Confederation of Workers", "kind": "workers", "sector": "labour", "sits": True},
        {"name": "Statistics Office", "kind": "public_body", "sector": "statistics", "sits": False},
    ],
    "met": 4,
    "meetings": [
        {"day": date(2026, 11, 12), "about": "One register of households"},
        {"day": date(2026, 9, 3), "about": None},
    ],
    "earlier": 2,
    "milestones": [
        {"title": "One register", "due": date(2026, 6, 30), "reached": date(2026, 6, 12), "late": False},
        {"title": "One payment day", "due": date(2026, 10, 1), "reached": None, "late": True},
        {"title": "One helpline", "due": date(2027, 3, 1), "reached": None, "late": False},
        {"title": "One law", "due": None, "reached": None, "late": False},
    ],
    "changed": CHANGED,
}
DONE = (
    *("edited", "unchanged", "agency_added", "agency_changed", "agency_removed", "meeting_added", "meeting_changed"),
    *("meeting_removed", "milestone_added", "milestone_changed", "milestone_reached", "milestone_removed"),
)
ROW: dict[str, Any] = {
    "member": "Indonesia",
    "name": FULL["name"],
    "status": "operational",
    "legal": FULL["legal"],
    "lead": FULL["lead"],
    "since": FULL["since"],
    "known": True,
    "sit": 2,
    "met": 4,
    "reached": 1,
    "milestones": 4,
    "next": "One payment day",
    "next_due": date(2026, 10, 1),
    "next_late": True,
}
UNKNOWN: dict[str, Any] = {
    **dict.fromkeys(("name", "status", "legal", "lead", "since", "next", "next_due"), None),
    **{"member": "Viet Nam", "known": False, "sit": 0, "met": 0, "reached": 0, "milestones": 0, "next_late": False},
}
BEGUN = {**UNKNOWN, "member": "Lao PDR", "known": True, "status": "planned", "next": "A decree", "milestones": 1}
LED = {**UNKNOWN, "member": "Malaysia", "known": True, "lead": "Ministry of Finance"}

BODIES: list[dict[str, Any]] = [
    {"name": "Senior Labour Officials", "kind": "sectoral_body", "sector": "labour", "people": []},
    {"name": "ILO", "kind": "international", "sector": "labour", "people": ["Per Larsen"]},
    {"name": "Hub for registers", "kind": "hub", "sector": "statistics", "people": ["Ana Example", "Jo Example"]},
    {"name": "Task force on floods", "kind": "task_force", "sector": "disaster_management", "people": []},
]

CASES: dict[str, list[dict[str, Any]]] = {
    "mechanism/form": [{"member": "Viet Nam"}],
    "mechanism/card": [
        EMPTY,
        FULL,
        {**FULL, "name": None, "lead": None, "since": None, "earlier": 1, "changed": {"by": "", "when": WHEN}},
        *(
            {**FULL, "done": done, "about": date(2026, 9, 3) if done.startswith("meeting") else "One register"}
            for done in DONE
        ),
    ],
    "mechanism/all": [
        {
            "period": "2026",
            "rows": [ROW, BEGUN, LED, {**UNKNOWN, "member": "Thailand"}, UNKNOWN],
            "unknown": ["Thailand", "Viet Nam"],
        },
        {"period": "2026", "rows": [ROW], "unknown": []},
    ],
    "mechanism/meanwhile": [
        {**FULL, "sit": ["Confederation of Workers", "Ministry of Social Affairs"]},
        {**EMPTY, "sit": []},
    ],
    "mechanism/agency_meanwhile": [
        {"member": "Indonesia", "changed": CHANGED, **FULL["agencies"][0]},
        {"member": "Indonesia", "changed": None, **FULL["agencies"][2]},
        {"member": None, "changed": CHANGED, **BODIES[0], "sits": False},
    ],
    "register/bodies": [
        {"rows": [], "done": None, "about": ""},
        *(
            {"rows": BODIES, "done": done, "about": "ILO"}
            for done in (None, "added", "changed", "removed", "unchanged")
        ),
    ],
    "mechanism/meeting_meanwhile": [
        {"member": "Indonesia", "changed": CHANGED, "day_held": date(2026, 9, 3), "about": about}
        for about in (None, "One register of households")
    ],
    "mechanism/milestone_meanwhile": [
        {"member": "Indonesia", "changed": CHANGED, "title": "One law", "due": due, "reached": reached}
        for due, reached in ((None, None), (date(2026, 6, 30), date(2026, 6, 12)))
    ],
    "mechanism/mailed": [
        {"email": False, "again": False},
        {"email": True, "again": True},
        {"email": True, "again": False},
    ],
}
