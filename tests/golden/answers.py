"""Facts of single answers: what is unusual about them, what they rest on, and their history."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.golden import reviews

BEFORE = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
WHEN = datetime(2026, 12, 1, 3, 30, tzinfo=UTC)
LATER = datetime(2026, 12, 2, 3, 30, tzinfo=UTC)
COUNTRY: dict[str, Any] = {"member": "Indonesia", "cycle": "Full assessment 2026"}
POVERTY = "Poverty at the national line"
LIMITS: dict[str, Any] = {"kinds": ["PDF", "PNG", "CSV"], "most": 10, "count": 10}
FORMAT = "Who lives below the international poverty line lives also below the higher line."
DOUBT: dict[str, Any] = {
    **{"last": "38.8 % (2024)", "last_year": 2024, "last_cycle": "2024", "change": None, "up": True, "points": True},
    **{"lowest": None, "highest": None, "says": None, "numbers": []},
}
ASKED: dict[str, Any] = {
    **COUNTRY,
    **{"title": POVERTY, "value": "88.8 % (2025, SUSENAS)", "year": 2025, "left": 0, "echo": [], "problem": None},
    **{"due": WHEN, "late": False, "part": False, "over_all": False, "returned": []},
}
ROW: dict[str, Any] = {
    **dict.fromkeys(("value", "before", "text", "side", "round")),
    **{"person": "Siti Rahmadani", "role": "focal_point", "via": "slack", "by": 1, "evidence": None, "at": WHEN},
}
TRAIL: dict[str, Any] = {**COUNTRY, "title": POVERTY, "older": 0, "outside": False}
PIECE: dict[str, Any] = {
    **{"title": "Statistik & *Kemiskinan*.pdf", "file": True, "kind": "PDF", "kilobytes": 1240},
    **{"link": "https://spnet.example.org/evidence/abc", "person": "Siti Rahmadani", "when": BEFORE},
    "host": None,
}
NAMED = {**PIECE, "title": "The report", "file": False, "link": "https://data.example.org/a|b?x=1&y=2"}
NAMED |= {"host": "data.example.org"}
LINK = {**PIECE, "title": "www.bps.go.id/report", "file": False, "kind": None, "link": "https://www.bps.go.id/report"}
LIST: dict[str, Any] = {
    **COUNTRY,
    **{"rows": [{"title": POVERTY, "pieces": [PIECE, LINK, NAMED]}], "files": True, "pages": True, "expires": LATER},
    **{"answers": True, "gone": None},
}
ECHOES: list[dict[str, Any]] = [
    {"how": "explained", "title": POVERTY, "value": "88.8 % (2025, SUSENAS)"},
    {"how": "evidence_kept", "title": POVERTY, "value": "report.pdf"},
    {"how": "evidence_of_which", "title": "https://www.bps.go.id/report", "value": None},
    *(
        {"how": "evidence_refused", "title": "report.pdf", "value": None, "problem": problem, **LIMITS}
        for problem in ("kind", "size", "table", "empty", "encrypted", "runs", "link", "many", "gone")
    ),
]
BESIDE: list[dict[str, Any]] = [
    {"explanation": "A new survey & *more*.", "right": False, "evidence": ["report.pdf", "www.bps.go.id/report"]},
    {"explanation": None, "right": True, "evidence": []},
]

CASES: dict[str, list[dict[str, Any]]] = {
    "assessment/explain": [
        {
            **ASKED,
            "left": 2,
            "doubts": [
                {**DOUBT, "kind": "jump", "change": "50.0"},
                {**DOUBT, "kind": "outside", "lowest": "38.2", "highest": "38.8"},
            ],
        },
        {
            **ASKED,
            "left": 1,
            "value": "8.8 (2019, SUSENAS)",
            "year": 2019,
            "doubts": [
                {**DOUBT, "kind": "jump", "change": "30.0", "up": False, "points": False},
                {**DOUBT, "kind": "year_back"},
                {**DOUBT, "kind": "year_ahead"},
                {
                    **DOUBT,
                    "kind": "rule",
                    "says": FORMAT,
                    "numbers": [
                        {"title": "Poverty at the international line", "value": "44 % (2025, SUSENAS)"},
                        {"title": "Poverty at the lower-middle-income line", "value": "40 % (2025, SUSENAS)"},
                    ],
                },
            ],
        },
        *(
            {**ASKED, "echo": echoes, "doubts": [{**DOUBT, "kind": "jump", "change": "50.0"}]}
            for echoes in (ECHOES[:6], ECHOES[6:])
        ),
        {
            **ASKED,
            "doubts": [{**DOUBT, "kind": "jump", "change": "50.0"}],
            "problem": {
                "problem": "too_long",
                "expected": "reason",
                "wrote": "a",
                "example": "",
                "length": 4000,
                "maximum": 3000,
            },
        },
    ],
    "evidence/which": [{**COUNTRY, "titles": ["report.pdf", "https://www.bps.go.id/report"]}],
    "evidence/list": [
        LIST,
        {**LIST, "pages": False, "rows": [{"title": POVERTY, "pieces": [{**PIECE, "link": None}]}], "answers": False},
        {**LIST, "rows": [], "files": False, "pages": False, "gone": "report.pdf"},
    ],
    "evidence/file": [{**COUNTRY, "question": POVERTY, "title": "report.pdf"}],
    "evidence/form": [{**COUNTRY, **LIMITS}],
    "refusals/evidence_refused": [
        {"name": "report.pdf", "problem": problem, **LIMITS}
        for problem in ("kind", "size", "table", "empty", "encrypted", "runs", "link", "many", "gone")
    ],
    "refusals/not_found": [{"what": "indicator", "named": ""}],
    "trail/question": [
        {
            **TRAIL,
            "older": 1,
            "rows": [
                {**ROW, "what": "handed_in", "round": 1},
                {**ROW, "what": "wrote", "person": "Aisyah Noor", "side": "secretariat", "text": "Is it of 2025?"},
                {**ROW, "what": "wrote", "side": "country", "text": "Yes & *sure*.", "via": "page"},
                {**ROW, "what": "removed", "text": "old.pdf"},
                {**ROW, "what": "added", "text": "report.pdf"},
            ],
        },
        {
            **TRAIL,
            "rows": [
                {**ROW, "what": "right", "value": "88.8 % (2025)"},
                {**ROW, "what": "explained", "value": "88.8 % (2025)", "text": "A new line & *more*."},
                {**ROW, "what": "said", "value": "88.8 % (2025, SUSENAS)", "before": "38.9 % (2025, SUSENAS)"},
                {
                    **ROW,
                    "what": "said",
                    "value": "38.9 % (2025, SUSENAS)",
                    "person": "Rina Kusuma",
                    "role": "contributor",
                    "via": "email",
                },
                {**ROW, "what": "carried", "value": "38.8 % (2024, SUSENAS)", "via": "command_line"},
                {**ROW, "what": "skipped", "person": None, "role": None, "via": None},
            ],
        },
        {
            **TRAIL,
            "older": 3,
            "outside": True,
            "rows": [
                {**ROW, "what": "came", "round": 2, "value": "88.8 % (2025, SUSENAS)", "text": "A new line."},
                {**ROW, "what": "came", "round": 1, "evidence": ["report.pdf", "www.bps.go.id/report"]},
                {**ROW, "what": "came", "round": 1, "person": None},
            ],
        },
        {**TRAIL, "rows": []},
        {**TRAIL, "rows": [], "outside": True},
    ],
    "review/submission": [
        {
            **reviews.SUBMITTED,
            "sections": [{**reviews.OLDER, "answers": [{**reviews.ROW, "beside": beside} for beside in BESIDE]}],
        }
    ],
    "trail/cycles": [
        {
            **{"member": "Indonesia", "title": POVERTY, "code": "poverty_national_line"},
            "rows": [
                {"cycle": "2025", "value": "88.8 %", "explanation": "A new line & *more*.", "aside": "No source."},
                {"cycle": "2024", "value": "38.8 % (2024, SUSENAS)", "explanation": None, "aside": None},
            ],
        },
        {"member": "Indonesia", "title": POVERTY, "code": "poverty_national_line", "rows": []},
    ],
}
