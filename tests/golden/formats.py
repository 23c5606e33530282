"""What no year of the network brings by itself: errata, and the regional benchmarks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

BEFORE = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
WHEN = datetime(2026, 12, 1, 3, 30, tzinfo=UTC)
EDITION = "Common monitoring format, edition 1"
CHANGES: list[dict[str, Any]] = [
    {"field": "title", "before": "Poverty", "after": "Poverty at the national line"},
    {
        "field": "help",
        "before": "Count people below the line.",
        "after": "Count people in households below the national line.",
    },
    {"field": "unit", "before": None, "after": "percent of population"},
    {"field": "maximum", "before": Decimal(100), "after": Decimal(60)},
    {"field": "jump", "before": Decimal(10), "after": None},
]
ASKED: dict[str, Any] = {
    "number": 3,
    "member": "Indonesia",
    "cycle": "Full assessment 2026",
    "title": "Poverty at the national line",
    "question": "What share of people lives below the national poverty line?",
    "changes": CHANGES,
    "why": "Two countries had counted households.",
    "issued": WHEN,
    "value": "9.4 % (2023, SUSENAS)",
    "outside": False,
    "minimum": Decimal(0),
    "maximum": Decimal(60),
    "state": "asked",
    "settled": None,
    "handed_in": False,
    "awaits": False,
    "name": "Siti Rahmadani",
    "link": None,
    "answerable": True,
}
OUTSIDE: dict[str, Any] = {**ASKED, "outside": True, "answerable": False, "link": "https://spnet.example.org/erratum/a"}
LISTED: dict[str, Any] = {
    "number": 1,
    "code": "poverty_national_line",
    "title": "Poverty at the national line",
    "edition": "common-1",
    "why": "Two countries had counted households.",
    "by": "Aisyah Noor",
    "when": WHEN,
    "changes": CHANGES[:1],
    "kept": [
        {"member": "Indonesia", "when": WHEN, "outside": False},
        {"member": "Thailand", "when": WHEN, "outside": True},
    ],
    "changed": [{"member": "Lao PDR", "when": WHEN, "outside": False}],
    "wanted": [{"member": "Philippines", "when": WHEN, "outside": True}],
    "asked": [
        {"member": "Cambodia", "when": None, "outside": True},
        {"member": "Viet Nam", "when": None, "outside": False},
    ],
    "asked_since": WHEN,
    "nobody": False,
}
NOBODY: dict[str, Any] = {
    **LISTED,
    **dict.fromkeys(("kept", "changed", "wanted", "asked"), ()),
    "asked_since": None,
    "nobody": True,
}

NOT_NOTED: dict[str, Any] = {"step": None}
SIGNED: dict[str, Any] = {
    "step": "signed",
    "no_step": False,
    "place": 3,
    "of": 4,
    "title": "Signed",
    "reached": date(2024, 3, 1),
    "next": "The parliament votes on it.",
    "next_on": date(2027, 6, 30),
    "note": "With Malaysia.",
    "noted": WHEN,
}
TALKS: dict[str, Any] = {
    **SIGNED,
    "step": "talks",
    "place": 2,
    "title": "Talks",
    "reached": None,
    "next_on": None,
    "note": None,
}
OWN_WAY: dict[str, Any] = {
    **SIGNED,
    "step": "another_way",
    "no_step": True,
    "place": None,
    "title": "another_way",
    "reached": None,
    "next": None,
    "next_on": None,
    "note": "Benefits are paid through the embassies.",
}
NOT_OURS: dict[str, Any] = {**OWN_WAY, "step": "not_applicable", "note": "No worker of ours is abroad."}
ABOUT = "Migrant workers keep the rights that they have earned when they move."
STEPS = [
    {"title": "Equal treatment in law", "means": "The law gives migrant workers social security on equal terms."},
    {"title": "Talks", "means": "An agreement with at least one other country is being negotiated."},
]


def _row(benchmark: str, stands: dict[str, Any], *before: dict[str, Any]) -> dict[str, Any]:
    return {"code": "x", "benchmark": benchmark, "about": ABOUT, **stands, "before": list(before)}


MEMBER: dict[str, Any] = {
    "member": "Indonesia",
    "rows": [
        _row("Registration and its number format", NOT_NOTED),
        _row("Data structures", TALKS),
        _row("Contribution payments", NOT_OURS),
        _row("National social registry", OWN_WAY),
        _row("Portability", SIGNED, {**TALKS, "noted": BEFORE}, {**OWN_WAY, "noted": WHEN}),
    ],
    "keeps": True,
    "done": None,
    "about": "",
}
SIDE_BY_SIDE: dict[str, Any] = {
    "benchmarks": [{"code": "registration", "title": "Registration"}, {"code": "portability", "title": "Portability"}],
    "rows": [
        {"member": "Cambodia", "known": False, "stands": [NOT_NOTED, NOT_NOTED]},
        {"member": "Indonesia", "known": True, "stands": [TALKS, OWN_WAY]},
        {"member": "Viet Nam", "known": True, "stands": [NOT_OURS, SIGNED]},
    ],
    "unknown": ["Cambodia"],
}
PAGE = {"network": "ASEAN social protection network"}

CASES: dict[str, list[dict[str, Any]]] = {
    "erratum/choose": [{"edition": EDITION}],
    "erratum/form": [{"title": ASKED["title"], "code": "poverty_national_line", "edition": EDITION}],
    "erratum/preview": [
        {
            "code": "poverty_national_line",
            "title": ASKED["title"],
            "edition": EDITION,
            "meanwhile": meanwhile,
            "changes": CHANGES,
            "asked": asked,
        }
        for meanwhile, asked in (
            (
                False,
                [
                    {"member": "Indonesia", "cycle": "Full assessment 2026", "outside": False},
                    {"member": "Lao PDR", "cycle": "Full assessment 2026", "outside": True},
                ],
            ),
            (True, []),
        )
    ],
    "erratum/issued": [
        {"number": 1, "title": ASKED["title"], "edition": EDITION, "asked": asked}
        for asked in (["Indonesia", "Lao PDR"], [])
    ],
    "erratum/asked": [ASKED, OUTSIDE, {**OUTSIDE, "handed_in": True}, {**OUTSIDE, "handed_in": True, "awaits": True}],
    "erratum/kept": [
        {**ASKED, "state": state, "again": again}
        for state, again in (("kept", False), ("kept", True), ("changed", True))
    ],
    "erratum/wants": [{**ASKED, "again": False}, {**ASKED, "again": True}],
    "erratum/wanted": [ASKED, {**ASKED, "handed_in": True}],
    "erratum/list": [
        {"rows": [LISTED, NOBODY], "earlier": 1, "keeps": True},
        {"rows": [NOBODY], "earlier": 4, "keeps": False},
        {"rows": [], "earlier": 0, "keeps": False},
    ],
    "refusals/not_in_use": [{"edition": "common-2"}],
    "pages/erratum": [
        {**PAGE, **ASKED, "outside": True, "state": state, "settled": WHEN}
        for state in ("asked", "kept", "changed", "wanted")
    ],
    "pages/erratum_said": [
        {**PAGE, **ASKED, "state": state, "settled": WHEN} for state in ("kept", "changed", "wanted")
    ],
    "benchmark/member": [
        MEMBER,
        {**MEMBER, "rows": MEMBER["rows"][-1:], "done": "noted", "about": "Portability"},
        {**MEMBER, "rows": MEMBER["rows"][:1], "done": "unchanged", "about": "Portability", "keeps": False},
    ],
    "benchmark/one": [
        {
            "title": "Portability",
            "about": ABOUT,
            "steps": STEPS,
            "rows": [
                {"member": name, **stands}
                for name, stands in (
                    ("Cambodia", NOT_NOTED),
                    ("Indonesia", SIGNED),
                    ("Lao PDR", TALKS),
                    ("Thailand", OWN_WAY),
                    ("Viet Nam", NOT_OURS),
                )
            ],
        }
    ],
    "benchmark/all": [
        SIDE_BY_SIDE,
        {
            **SIDE_BY_SIDE,
            "rows": [{**row, "known": False, "stands": []} for row in SIDE_BY_SIDE["rows"]],
            "unknown": [row["member"] for row in SIDE_BY_SIDE["rows"]],
        },
    ],
    "benchmark/form": [{"member": "Indonesia", "title": "Portability", "about": ABOUT, "steps": STEPS}],
    "benchmark/meanwhile": [
        {"member": "Indonesia", "benchmark": "Portability", **stands} for stands in (SIGNED, OWN_WAY, NOT_NOTED)
    ],
    "home/benchmarks": [
        {"noted": 3, "total": 5, "newest": WHEN},
        {"noted": 0, "total": 5, "newest": None},
    ],
}
