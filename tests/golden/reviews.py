"""Facts of the review: threads, what is agreed and changed, some answers set aside, and what one country is granted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

BEFORE = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
WHEN = datetime(2026, 12, 1, 3, 30, tzinfo=UTC)
DUE = datetime(2026, 12, 15, 10, 0, tzinfo=UTC)
LATER = datetime(2027, 1, 10, 10, 0, tzinfo=UTC)
CLOSES = datetime(2027, 1, 24, 10, 0, tzinfo=UTC)
COUNTRY: dict[str, Any] = {"member": "Indonesia", "cycle": "Full assessment 2026"}
PENSION = "Older persons receiving a pension"
ASKED = {"side": "secretariat", "person": "Aisyah Noor", "when": BEFORE, "text": "Does it count widows' pensions?"}
ANSWERED = {"side": "country", "person": "Siti Rahmadani", "when": WHEN, "text": "Yes, since 2019 & *always*."}
THREAD: dict[str, Any] = {"title": PENSION, "value": "14.8 % (2020, SUSENAS)", "lines": [ASKED], "waits": True}
TALKED = {**THREAD, "lines": [ASKED, ANSWERED], "waits": False}
WHOLE = {**THREAD, "title": None, "value": None}
ROW: dict[str, Any] = {
    **{"title": PENSION, "value": "14.8 % (2020, SUSENAS)", "last": None, "same": False, "text": False},
    **{"change": None, "handed_in": None, "fine": False, "aside": None, "thread": [], "authors": None},
    **{"beside": None, "own": False, "aim": None},
}
OLDER = {"letter": "E", "title": "Older persons", "given": True}
SUBMITTED: dict[str, Any] = {
    **COUNTRY,
    **{"round": 2, "submitted": WHEN, "person": "Siti Rahmadani", "late": False, "state": "submitted"},
    **{"undone": None, "silent": [], "general": [], "record": [], "answered": 8, "total": 33},
    **{"changed": 0, "agreed": 0, "again": True},
}
GRANT: dict[str, Any] = {
    **COUNTRY,
    **{"due": DUE, "closes": DUE, "new_due": LATER, "new_closes": CLOSES, "why": "The survey came late."},
    **{"told": "Siti Rahmadani", "answered": 8, "total": 33, "parts": 0, "waits": False, "state": "in_progress"},
    **{"published": [], "kept": False, "person": "Aisyah Noor"},
}
NEWS: dict[str, Any] = {
    **COUNTRY,
    **{"name": "Siti Rahmadani", "due": DUE, "closes": CLOSES, "before": BEFORE, "late": False},
    **{"why": "The survey came late.", "state": "in_progress", "answered": 8, "total": 33},
}
UNDONE = {**COUNTRY, "name": "Siti Rahmadani", "why": "The figure is of 2019.", "when": WHEN, "reviewer": "Aisyah Noor"}

CASES: dict[str, list[dict[str, Any]]] = {
    "review/submission": [
        {
            **SUBMITTED,
            "changed": 4,
            "agreed": 1,
            "undone": "The figure is of 2019.",
            "general": [ASKED],
            "sections": [
                {
                    **OLDER,
                    "answers": [
                        {
                            **ROW,
                            "change": "changed",
                            "handed_in": "14.8 % (2019, SUSENAS)",
                            "thread": [ASKED, ANSWERED],
                        },
                        {**ROW, "title": "Old-age homes", "change": "new"},
                        {**ROW, "title": "Social pension", "change": "beside"},
                        {
                            **ROW,
                            "title": "Gini index",
                            "value": None,
                            "change": "gone",
                            "handed_in": "38 (2019, SUSENAS)",
                        },
                        {**ROW, "title": "Poverty of older persons", "fine": True},
                    ],
                }
            ],
        },
        {**SUBMITTED, "changed": 1, "sections": []},
        {**SUBMITTED, "sections": []},
        {
            **SUBMITTED,
            "state": "accepted",
            "sections": [{**OLDER, "answers": [{**ROW, "aside": "The survey is not out yet."}]}],
        },
    ],
    "review/decided": [
        {**COUNTRY, "state": "accepted", "person": "Aisyah Noor", "when": WHEN, "asked": [], "asides": asides}
        for asides in ([], [{"title": PENSION, "why": "The survey is not out yet."}])
    ],
    "review/granted": [
        {**COUNTRY, "did": did, "person": "Aisyah Noor", "why": why, "due": LATER, "closes": CLOSES}
        for did, why in (
            ("extended", "Floods."),
            ("reopened", "Floods."),
            ("excused", "Elections."),
            ("asked_again", None),
        )
    ],
    "review/undone": [
        {**COUNTRY, "person": "Aisyah Noor", "why": "The figure is of 2019.", "when": WHEN, "published": published}
        for published in ([], ["Start small, then grow."])
    ],
    "review/undo_form": [COUNTRY],
    "review/return_form": [COUNTRY],
    "review/thread_form": [
        {**COUNTRY, "title": PENSION, "value": "14.8 % (2020, SUSENAS)", "lines": [ASKED]},
        {**COUNTRY, "title": PENSION, "value": None, "lines": []},
        {**COUNTRY, "title": None, "value": None, "lines": []},
    ],
    "review/aside": [
        {**COUNTRY, "chosen": None},
        {**COUNTRY, "chosen": [{"title": PENSION, "required": False}, {"title": "Gini index", "required": True}]},
    ],
    "review/comments": [
        {**COUNTRY, "name": "Siti Rahmadani", "threads": threads, "by_writing": writing, "first": PENSION}
        for threads, writing in (([THREAD], True), ([THREAD, {**WHOLE}], True), ([{**THREAD, "value": None}], False))
    ],
    "review/answered": [{**COUNTRY, "threads": threads} for threads in ([TALKED], [TALKED, WHOLE])],
    "review/marked": [
        {**COUNTRY, "title": title, "agreed": 1, "answered": answered} for title, answered in ((PENSION, 8), (None, 1))
    ],
    "review/commented": [{**COUNTRY, "title": title, "text": "Which line is it?"} for title in (PENSION, None)],
    "review/replied": [
        {**COUNTRY, "title": PENSION, "text": "The line of 2023.", "left": [], "with_country": False},
        {**COUNTRY, "title": None, "text": "The line of 2023.", "left": [THREAD], "with_country": False},
        {**COUNTRY, "title": PENSION, "text": "The line of 2023.", "left": [WHOLE, THREAD], "with_country": False},
        *(
            {**COUNTRY, "title": title, "text": "The line of 2023.", "left": [], "with_country": True}
            for title in (PENSION, None)
        ),
    ],
    "review/threads": [
        {"member": "Indonesia", "cycles": []},
        {"member": "Indonesia", "cycles": [{"cycle": COUNTRY["cycle"], "threads": [THREAD, TALKED, WHOLE]}]},
    ],
    "assessment/prompt": [
        {
            **{"echo": [], "problem": None, "need": None, "understood": None, "last": None, "out": None},
            **{"title": PENSION, "current": "14.8 % (2020, SUSENAS)", "thread": [ASKED, ANSWERED]},
            "asked": "Which law is it?",
        }
    ],
    "assessment/review": [
        {
            "sections": [
                {
                    **OLDER,
                    "answers": [
                        {**ROW, "missing": False, "out": None, "change": change, "handed_in": before}
                        for change, before in (
                            ("new", None),
                            ("changed", "14.8 % (2019, SUSENAS)"),
                            ("beside", None),
                            ("gone", None),
                        )
                    ],
                }
            ]
        }
    ],
    "assessment/returned": [
        {
            **COUNTRY,
            **{"name": "Siti Rahmadani", "due": DUE, "closes": CLOSES, "late": False},
            "asked": [{"title": PENSION, "value": "14.8 % (2020, SUSENAS)", "text": "Which survey?"}],
            "also": [THREAD, WHOLE],
        }
    ],
    "assessment/accepted": [
        {
            **COUNTRY,
            **{"name": "Siti Rahmadani", "when": WHEN, "reviewer": "Aisyah Noor"},
            "asides": [{"title": PENSION, "value": "14.8 % (2020, SUSENAS)", "why": "The survey is not out yet."}]
            * number,
        }
        for number in (1, 2)
    ],
    "assessment/undone": [UNDONE],
    "assessment/extended": [NEWS],
    "assessment/reopened": [NEWS, {**NEWS, "state": "submitted"}],
    "assessment/excused": [{**NEWS, "state": "not_required"}, {**NEWS, "state": "not_required", "answered": 0}],
    "assessment/asked_again": [NEWS, {**NEWS, "why": None, "answered": 0, "state": "open"}],
    "assessment/status": [
        {"state": "not_required", "since": WHEN, "why": "The survey came late.", "answered": 8, "locked": False},
        {"state": "not_required", "since": WHEN, "why": None, "answered": 0, "locked": False},
    ],
    "assessment/in_other_hands": [{"state": "not_required", "why": "The survey came late.", "wrote": "38.8"}],
    "cycle/extended": [{"own": True}],
    "cycle/grant": [
        {**GRANT, "what": "extend"},
        {**GRANT, "what": "extend", "told": None},
        *({**GRANT, "what": "reopen", "state": state} for state in ("in_progress", "submitted", "accepted")),
        {**GRANT, "what": "excuse", "parts": 1, "waits": True},
        {**GRANT, "what": "excuse", "parts": 2},
        {**GRANT, "what": "require", "why": ""},
        {**GRANT, "what": "undo", "state": "accepted"},
    ],
    "cycle/granted": [
        *({**GRANT, "what": what} for what in ("extend", "reopen", "excuse", "require")),
        {**GRANT, "what": "excuse", "kept": True},
        {**GRANT, "what": "undo", "published": ["Start small, then grow."]},
    ],
    "clearance/void": [{**COUNTRY, "why": "excused", "by": "Aisyah Noor", "name": "Dewi Lestari", "when": WHEN}],
    "refusals/reason_needed": [COUNTRY],
    "refusals/already_published": [{**COUNTRY, "when": when} for when in (WHEN, None)],
    "refusals/nothing_to_set_aside": [{**COUNTRY, "titles": [PENSION]}],
    "refusals/nothing_written": [COUNTRY],
    "refusals/comments_closed": [
        {**COUNTRY, "state": state, "when": WHEN} for state in ("published", "cancelled", "draft")
    ],
    "refusals/nothing_to_answer": [{**COUNTRY, "title": title} for title in (PENSION, None)],
    "refusals/still_open": [{**COUNTRY, "due": DUE, "closes": CLOSES}],
    "refusals/experience_decided": [{"what": "experience", "title": "Start small", "state": "withdrawn", "when": WHEN}],
    "refusals/not_understood": [
        {"wrote": "2026", "problem": problem, "example": "/spnet cycle excuse 2026 Viet Nam because of the elections"}
        for problem in ("why", "country", "until")
    ],
    "home/assessment": [
        {"state": "not_required", "why": why, "comments": 0, "locked": False} for why in ("The survey came late.", None)
    ]
    + [{"state": "submitted", "comments": number, "locked": False} for number in (1, 2)],
}
