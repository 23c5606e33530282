"""Appointments, handovers and the weekly report of the register: what no year of the network brings by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

BEFORE = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
WHEN = datetime(2026, 12, 1, 3, 30, tzinfo=UTC)
AFTER = datetime(2026, 12, 29, 10, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 17), date(2027, 6, 30)
NUR: dict[str, Any] = {"name": "Nur Aini", "member": "Indonesia", "role": "focal_point"}
STANDING = {"cycle": "Full assessment 2026", "state": "in_progress", "answered": 4, "total": 33, "due": WHEN}
DONE: dict[str, Any] = {
    **NUR,
    "what": "handover",
    "known": True,
    "chat": True,
    "email": None,
    "typed_name": None,
    "typed_email": None,
    "kept_email": None,
    "starts": FIRST,
    "ends": None,
    "starts_before_today": False,
    "never": False,
    "over": False,
    "reference": None,
    "mandate": None,
    "agency": None,
    "before": "Siti Rahmadani",
    "before_ends": date(2026, 11, 16),
    "was_alternate": False,
    "meanwhile": None,
    "parts": [],
    "out": 0,
    "yes_waits": [],
    "thanked": True,
    "asks": True,
    "planned": True,
    "standings": [STANDING],
}
LETTER = {"reference": "No. 12/2026", "mandate": "director_general", "agency": "Ministry of Social Affairs"}
NOW = {"planned": False, "before": None}
CONTRIBUTOR = {**DONE, **NOW, "what": "end", "ends": FIRST, "role": "contributor", "asks": False, "thanked": False}
DEEDS: list[dict[str, Any]] = [
    {**DONE, **LETTER, "ends": LAST},
    {
        **{**DONE, "planned": False, "was_alternate": True, "typed_name": "Nur A."},
        **{"typed_email": "n.aini@example.org", "kept_email": "nur@example.org"},
    },
    {**DONE, **NOW, "what": "appoint", "typed_name": "Nur A."},
    {**DONE, **NOW, "what": "appoint", "known": False, "email": "nur@example.org", "starts_before_today": True},
    {**DONE, **NOW, "what": "appoint", "known": False, "chat": False, "role": "alternate", "standings": []},
    {**DONE, **NOW, **LETTER, "what": "appoint", "over": True, "starts": date(2020, 1, 1), "ends": date(2021, 5, 31)},
    {**DONE, "what": "end", "ends": LAST, "meanwhile": "Budi Hartono"},
    {**DONE, **NOW, "what": "end", "ends": LAST},
    {
        **DONE,
        **NOW,
        "what": "end",
        "ends": LAST,
        "role": "coordinator",
        "asks": False,
        "yes_waits": ["Full assessment 2026"],
    },
    {**CONTRIBUTOR, "parts": [{"title": "B · Health", "cycle": "Full assessment 2026", "due": FIRST}], "out": 1},
    *({**CONTRIBUTOR, "out": out} for out in (0, 1, 2)),
    {**DONE, **NOW, "what": "end", "ends": BEFORE.date(), "never": True, "meanwhile": "Budi Hartono"},
]
CYCLE: dict[str, Any] = {
    **STANDING,
    "since": BEFORE,
    "closes": AFTER,
    "late": False,
    "required": 3,
    "asked": 0,
    "stopped_at": "Older persons receiving a pension",
    "half_said": True,
    "parts": [{"title": "B Health", "name": "Rina Kusuma", "due": date(2026, 11, 25)}],
}
BRIEFING: dict[str, Any] = {
    **NUR,
    "starts": FIRST,
    "ends": LAST,
    "before": "Siti Rahmadani",
    "colleagues": [{"name": "Budi Hartono", "role": "alternate"}, {"name": "Dewi Lestari", "role": "coordinator"}],
    "cycles": [CYCLE, {**CYCLE, "cycle": "Short update 2026-Q4", "state": "returned", "asked": 2, "late": True}],
    "accepted": {"cycle": "Full assessment 2025", "at": BEFORE},
    "chat": True,
}
ALONE = {**BRIEFING, "ends": None, "before": None, "colleagues": [], "cycles": [], "accepted": None}
HELD = {"starts": date(2015, 1, 1), "ends": None, "reference": None, "mandate": None, "agency": None, "email": None}
ROW = {**HELD, "name": "Siti Rahmadani", "role": "focal_point"}
NEEDS: dict[str, Any] = {
    "today": date(2026, 11, 30),
    "unheld": [
        {"member": "Brunei Darussalam", "code": "BRN", "alternate": None, "next": None, "starts": None},
        {"member": "Cambodia", "code": "KHM", "alternate": "Sok Dara", "next": None, "starts": None},
        {"member": "Malaysia", "code": "MYS", "alternate": None, "next": "Farid Omar", "starts": LAST},
        {"member": "Thailand", "code": "THA", "alternate": "Malee Suk", "next": "Anong Chai", "starts": LAST},
    ],
    "outside": [
        {"member": "Thailand", "name": "Malee <!channel> Suk", "alternate": None},
        {"member": "Viet Nam", "name": "Linh Tran", "alternate": "Minh Tran"},
    ],
    "floors": [{"member": "Lao PDR", "since": FIRST}],
    "stuck": [
        {
            **{"member": "Viet Nam", "cycle": "Full assessment 2026", "role": "coordinator", "since": BEFORE},
            "agency": agency,
        }
        for agency in (None, "Ministry of <b>Finance</b>")
    ],
    "ending": [{**NUR, "ends": date(2026, 12, 10), "cycle": "Full assessment 2026", "closes": WHEN}],
    "refused": [
        {**NUR, "email": "nur@example.org", "since": BEFORE, "chat": True},
        {
            "name": "Per Larsen",
            "member": None,
            "role": "partner",
            "email": "p@example.org",
            "since": WHEN,
            "chat": False,
        },
    ],
    "silent": [
        {**NUR, "alternate": None, "count": 3, "since": BEFORE, "cycle": "Full assessment 2026", "due": WHEN},
        {
            **{"member": "Viet Nam", "name": "Linh Tran", "alternate": None, "count": 4, "since": None},
            **{"cycle": "Full assessment 2026", "due": WHEN},
        },
    ],
}
NOTHING: dict[str, Any] = {
    **NEEDS,
    "unheld": [],
    "outside": [],
    "stuck": [],
    "floors": [],
    "ending": [],
    "refused": [],
    "silent": [],
}

FORM = {"member": "Indonesia", "today": FIRST}

CASES: dict[str, list[dict[str, Any]]] = {
    "succession/form": [
        {**FORM, "what": what, "holders": holders, "others": others, "bodies": others > 0}
        for what, holders, others in (
            ("appoint", [], 0),
            ("handover", [ROW], 0),
            ("end", [{**ROW, "ends": LAST}, {**ROW, "starts": LAST, "role": "alternate"}], 2),
            ("end", [], 1),
        )
    ],
    "succession/preview": DEEDS,
    "succession/done": DEEDS,
    "succession/undone": [
        {
            **NUR,
            "what": "appoint",
            "starts": FIRST,
            "ends": FIRST,
            "back": [
                {"name": "Siti Rahmadani", "role": "focal_point", "ends": None},
                {"name": "Nur Aini", "role": "alternate", "ends": LAST},
            ],
        },
        {**NUR, "what": "end", "starts": FIRST, "ends": LAST, "back": []},
        {**NUR, "what": "end", "starts": FIRST, "ends": None, "back": []},
    ],
    "succession/briefing": [
        BRIEFING,
        {**ALONE, "chat": False},
        {**ALONE, "chat": False, "role": "coordinator"},
        {**ALONE, "role": "coordinator", "accepted": {"cycle": "Full assessment 2025", "at": None}},
    ],
    "succession/thanks": [
        {**NUR, "ended": FIRST, "successor": "Budi Hartono", "still": []},
        {**NUR, "ended": FIRST, "successor": None, "still": [{"role": "alternate", "member": "Indonesia"}]},
    ],
    "succession/meanwhile": [
        {
            **{"name": "Budi Hartono", "member": "Indonesia", "before": "Siti Rahmadani", "ended": FIRST},
            **{"standings": [STANDING]},
        }
    ],
    "succession/carried_out": [
        {
            **{**NUR, "what": what, "starts": FIRST, "ended": LAST, "meanwhile": meanwhile},
            **{"chat": chat, "mail": mail, "standings": [STANDING]},
        }
        for what, meanwhile, chat, mail in (
            ("begun", None, True, True),
            ("begun", None, False, True),
            ("begun", None, False, False),
            ("ended", "Budi Hartono", True, True),
            ("ended", None, True, True),
        )
    ],
    "succession/history": [
        {"member": "Indonesia", "now": [], "to_come": [], "over": [], "earlier": 0},
        {
            "member": "Indonesia",
            "now": [{**ROW, **LETTER, "email": "siti@example.org", "when": "now"}],
            "to_come": [{**ROW, "starts": FIRST, "ends": ends, "when": "to_come"} for ends in (LAST, None)],
            "over": [{**ROW, "ends": FIRST, "when": "over"}],
            "earlier": 3,
        },
    ],
    "register/weekly": [{**NEEDS, "asked": False}, {**NOTHING, "asked": True}],
    "refusals/roles_overlap": [
        *(
            {**NUR, "starts": FIRST, "ends": ends, "wanted_from": FIRST, "wanted_until": until, "doing": None}
            for ends, until in ((LAST, None), (None, LAST))
        ),
        *(
            {
                **{**NUR, "starts": FIRST, "ends": ends, "wanted_from": date(2015, 1, 1), "wanted_until": until},
                **{"doing": doing, "whose": "Siti Rahmadani", "latest": date(2026, 11, 16)},
            }
            for doing, ends, until in (
                *(("end", LAST, date(2026, 12, 10)), ("end", None, date(2026, 12, 10))),
                *(("undo", LAST, None), ("undo", None, date(2026, 12, 10))),
            )
        ),
    ],
    "refusals/role_gap": [
        {
            **{**NUR, "comes_next": comes_next, "doing": doing, "after": "Budi Hartono"},
            **{"ends": FIRST, "starts": LAST, "following": date(2026, 11, 18), "latest": date(2027, 6, 29)},
        }
        for comes_next, doing in ((False, None), (True, None), (False, "end"), (False, "undo"))
    ],
    "refusals/already_holds": [
        {**NUR, "starts": FIRST, "ends": LAST},
        {**NUR, "member": None, "role": "partner", "starts": FIRST, "ends": None},
    ],
    "refusals/days_do_not_fit": [
        {"problem": problem, "starts": LAST, "ends": FIRST, "today": FIRST}
        for problem in ("ends_before_begins", "end_is_past", "handover_is_past", "has_begun")
    ],
    "refusals/already_ended": [
        {**NUR, "ends": FIRST, "never": True, "by": None, "at": None},
        {**NUR, "ends": FIRST, "never": False, "by": "Aisyah Noor", "at": WHEN},
    ],
    "refusals/changed_meanwhile": [NUR],
    "refusals/nobody_hands_over": [{"member": "Thailand", "code": "THA"}],
    "refusals/nobody_to_end": [{"member": "Thailand", "code": "THA"}],
    "refusals/nothing_to_undo": [
        {**NUR, "begun": FIRST, "ended": None},
        {**NUR, "begun": None, "ended": FIRST},
        {**NUR, "begun": None, "ended": None},
    ],
    "refusals/people_differ": [{"name": "Nur Aini", "other": "Siti Rahmadani"}],
}
