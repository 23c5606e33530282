"""What no year of the network brings by itself: a part in a contributor's hands, from the asking to its end."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from tests.golden.clearances import PENSION as ROW

WHEN = datetime(2026, 12, 1, 3, 30, tzinfo=UTC)
DUE, LATER = date(2026, 12, 4), datetime(2026, 12, 15, 10, 0, tzinfo=UTC)
LINK = "https://spnet.example.org/answer/mfzwizltor2a"
ABOUT: dict[str, Any] = {"member": "Indonesia", "cycle": "Full assessment 2026", "part": "B · Health"}
TITLES = ["Coverage of essential health services", "Population in social health protection"]
ASK: dict[str, Any] = {
    **ABOUT,
    "person": "Rina Kusuma",
    "agency": "Ministry of Health",
    "due": DUE,
    "answered": 1,
    "total": 2,
    "questions": TITLES,
    "left": TITLES[1:],
    "name": "Rina Kusuma",
    "note": "The figure of 2023, please.",
    "by": "Siti Rahmadani",
    "ask": "Siti <!channel> Rahmadani",
    "ask_email": "siti@example.org",
    "late": False,
    "link": LINK,
    "expires": LATER,
    "in_chat": False,
}
NO_LINK = {**ASK, "link": None, "expires": None}
NOBODY_TO_ASK = {"ask": None, "ask_email": None}
LATE = {**ASK, "late": True, "note": None}
TOLD: dict[str, Any] = {**ASK, "name": "Siti Rahmadani", "when": WHEN, "cycle_due": LATER, "contributes": True}
OTHER = {"part": "G · Mobility", "cycle": "Full assessment 2026", "due": DUE}
OUT: dict[str, Any] = {"part": "B · Health", "person": "Rina Kusuma", "due": DUE}
PART: dict[str, Any] = {
    **ABOUT,
    "part_due": DUE,
    "answered": 1,
    "total": 2,
    "wrote": "",
    "others": [],
}
OVER: dict[str, Any] = {**PART, "state": "done", "since": WHEN}
ROW_OF_LIST: dict[str, Any] = {
    "part": "B · Health",
    "person": "Rina Kusuma",
    "agency": "Ministry of Health",
    "answered": 1,
    "total": 2,
    "state": "open",
    "late": False,
    "due": DUE,
    "since": WHEN,
    "nudged_at": None,
    "cycle": "Full assessment 2026",
}
LISTED: dict[str, Any] = {"member": "Indonesia", "said": None, "rows": [ROW_OF_LIST]}
SAID = {"person": "Rina Kusuma", "part": "B · Health"}
REVIEWED: dict[str, Any] = {
    **PART,
    "echo": [],
    "returned": [],
    "over_all": True,
    "answers": [
        {"title": TITLES[0], "required": False, "value": "68 (2021, WHO)", "own": False},
        {"title": TITLES[1], "required": True, "value": None, "own": False},
        {"title": "Village clinics", "required": False, "value": None, "own": True},
    ],
}
WRITTEN: dict[str, Any] = {
    "title": TITLES[0],
    "value": "68 (2021, WHO)",
    "person": "Rina Kusuma",
    "agency": "Ministry of Health",
    "when": WHEN,
    "stands": True,
}
PAGE: dict[str, Any] = {
    **ABOUT,
    "network": "ASEAN social protection network",
    "name": "Wati Lestari",
    "address": "w…@example.org",
    "due": DUE,
    "state": "open",
}


AIM = {"floor": "80 %", "ceiling": "95 %", "year": 2030, "source": "Plan", "since": date(2026, 1, 1)}


def question(**more: Any) -> Any:
    """A question of the page."""
    facts: dict[str, Any] = {
        "code": "health_protection",
        "title": TITLES[1],
        "question": "What share of the population is protected?",
        "help": "Count each person once.",
        "kind": "percent",
        "required": False,
        "options": (),
        "value": "",
        "why": "",
        "stood": "",
        "shown": None,
        "last": None,
        "last_cycle": None,
        "asked": (),
        "own": False,
        "aim": None,
        "unusual": (),
        "year": None,
        "explanation": "",
        "behind": (),
        "link": "",
        "not_kept": "",
        "problem": None,
    }
    return SimpleNamespace(**{**facts, **more})


QUESTIONS: list[Any] = [
    question(last="79 % (2022, BPJS)", last_cycle="2025", asked=("Which scheme is it?",)),
    question(kind="integer", required=True, aim=AIM),
    question(last="79 % (2022, BPJS)", last_cycle="2025", aim={**AIM, "ceiling": None, "year": None}, own=True),
    question(kind="text", value="Two registers were merged."),
    question(options=(("yes", "Yes"), ("no", "No")), value="yes"),
    question(problem={"problem": "changed_meanwhile"}, shown="81 % (2023, BPJS)"),
    question(problem={"problem": "changed_meanwhile"}),
    question(problem={"problem": "which_number", "suggestions": ["1.234", "1234"]}),
    question(problem={"problem": "year_and_source", "suggestions": []}),
    question(problem={"problem": "no_number", "example": "38.8 2020 household survey"}),
]
ASKER = {"ask": ASK["ask"], "ask_email": ASK["ask_email"]}
UNUSUAL: dict[str, Any] = {
    "unusual": [
        {
            **{"kind": "jump", "last": "38.8 % (2024)", "last_year": 2024, "last_cycle": "2024", "change": "50.0"},
            **{"up": True, "points": True, "lowest": None, "highest": None, "says": None, "numbers": []},
        }
    ],
    "year": 2025,
    "explanation": "A new survey & <b>more</b>.",
}
FORM: dict[str, Any] = {
    **PAGE,
    **ASKER,
    "questions": [question()],
    "note": None,
    "stored": None,
    "wrong": 0,
    "not_kept": 0,
    "unusual": 0,
}
UNSAVED = [{"title": TITLES[0], "text": "68 2021 WHO"}]

CASES: dict[str, list[dict[str, Any]]] = {
    "delegation/form": [
        {"member": "Indonesia", "cycle": "Full assessment 2026", "due": LATER, "closes": LATER, "late": late}
        for late in (False, True)
    ],
    "delegation/ask": [ASK, {**ASK, "total": 1, "questions": TITLES[:1], "in_chat": True, **LATE}, NO_LINK],
    "delegation/nudge": [ASK, LATE],
    "delegation/reminder": [ASK, LATE],
    "delegation/link": [ASK, {**ASK, "ask_email": None}, {**ASK, **NOBODY_TO_ASK}, {**NO_LINK, **NOBODY_TO_ASK}],
    "delegation/handed_over": [TOLD, {**TOLD, "left": [], "answered": 2, "agency": None}],
    "delegation/passed": [TOLD, {**TOLD, "contributes": False}],
    "delegation/taken_back": [{**TOLD, "by": "Siti Rahmadani"}, {**TOLD, "answered": 0}],
    "delegation/overtaken": [TOLD, {**TOLD, "answered": 0}],
    "delegation/contributors": [
        {**LISTED, "said": {**SAID, "did": "given"}},
        {**LISTED, "said": {**SAID, "did": "nudged"}, "rows": [{**ROW_OF_LIST, "late": True, "nudged_at": WHEN}]},
        {**LISTED, "said": {**SAID, "did": "taken_back"}, "rows": [{**ROW_OF_LIST, "state": "done"}]},
        {**LISTED, "rows": []},
    ],
    "delegation/written": [
        {**ABOUT, "rows": [WRITTEN, {**WRITTEN, "stands": False, "agency": None}]},
        {**ABOUT, "rows": []},
    ],
    "delegation/review": [REVIEWED],
    "delegation/status": [
        {**PART, "at": TITLES[1], "by": "Siti Rahmadani", "note": "The figure of 2023, please.", "others": [OTHER]},
        {**PART, "at": None, "by": "Siti Rahmadani", "note": None},
    ],
    "delegation/thanks": [{**PART, "at": None, "by": "Siti Rahmadani", "note": None}],
    "delegation/done": [{**PART, "name": "Rina Kusuma", "left": TITLES[1:], "others": [OTHER]}],
    "delegation/over": [
        {**OVER, "wrote": "69 2022 WHO"},
        {**OVER, "state": "taken_back"},
        {**OVER, "state": "overtaken"},
        {**OVER, "state": "closed"},
    ],
    "delegation/nothing": [{"name": "Rina Kusuma", "member": "Indonesia"}],
    "assessment/still_out": [
        {**ABOUT, "due": LATER, "closes": LATER, "late": late, "out": [OUT]} for late in (False, True)
    ],
    "assessment/prompt": [{"out": {"person": "Rina Kusuma", "due": DUE}}],
    "assessment/status": [{"out": [{"part": "B · Health", "person": "Rina Kusuma", "due": DUE}]}],
    "assessment/receipt": [{"contributors": ["Rina Kusuma", "Wati Lestari"]}],
    "pages/answer": [
        {**FORM, "questions": QUESTIONS, "note": "The figure of 2023, please.", "stored": 1, "wrong": 2},
        {**FORM, "stored": 0, "wrong": 1},
        {**FORM, "stored": 1},
        *({**FORM, "stored": 1, "unusual": many, "questions": [question(**UNUSUAL)]} for many in (1, 2)),
        {**FORM, **NOBODY_TO_ASK, "stored": 0},
        FORM,
        {**FORM, "stored": 1, "not_kept": 1, "questions": [question(link="ftp://x & y", not_kept="link")]},
        {**FORM, "stored": 0, "not_kept": 2, "questions": [question(not_kept="many", behind=("a.org/x", "b & c.pdf"))]},
    ],
    "pages/answer_enter": [{**PAGE, **ASKER}, {**PAGE, **NOBODY_TO_ASK}],
    "pages/answer_other": [PAGE, {**PAGE, "state": "taken_back"}],
    "pages/answer_sent": [PAGE],
    "pages/answer_over": [
        {**PAGE, "state": "done", "unsaved": []},
        {**PAGE, "state": "taken_back", "unsaved": UNSAVED},
        {**PAGE, "state": "overtaken", "unsaved": []},
    ],
    "refusals/already_out": [{"part": "B · Health", "person": "Rina Kusuma", "due": DUE}],
    "refusals/not_yours": [{"email": "dewi@example.org"}],
    "refusals/answers_already": [{"person": "Budi Hartono"}],
    "refusals/no_way_to_answer": [{"person": "Wati Lestari"}],
    "refusals/day_does_not_fit": [
        {"problem": "delegate_day_is_past", "wanted": date(2026, 11, 1), "latest": DUE},
        {"problem": "delegate_day_too_late", "wanted": date(2026, 12, 24), "latest": DUE},
    ],
    "refusals/no_contributor": [{**SAID, "member": "Indonesia"}],
    "assessment/help": [{"part_due": DUE}],
    "assessment/paused": [{"part_due": DUE}],
    "refusals/already_nudged": [{**SAID, "since": WHEN, "again": LATER}],
    "refusals/part_settled": [{**OVER}, {**OVER, "state": "taken_back"}, {**OVER, "state": "overtaken"}],
    "refusals/another_browser": [{"person": "Wati Lestari", "address": "w…@example.org"}],
    "refusals/too_many_links": [{"address": "w…@example.org", "again": LATER}],
    "refusals/handed_often": [{"person": "Rina Kusuma", "most": 10, "again": LATER}],
}

BEHIND = {"wrote": "Rina Kusuma", "agency": "Ministry of Health", "changed": "Siti Rahmadani"}
ANSWER = {"title": TITLES[0], "value": "68 (2021, WHO)", "missing": False, "authors": BEHIND, "out": None, "own": False}
ANSWER |= {"change": None, "handed_in": None}
SECTION = {"letter": "B", "title": "Health", "given": True}
CASES["assessment/review"] = [
    {
        "sections": [
            {
                **SECTION,
                "answers": [
                    ANSWER,
                    {**ANSWER, "authors": {**BEHIND, "agency": None, "changed": None}},
                    {**ANSWER, "value": None, "authors": None, "out": {"person": "Rina Kusuma", "due": DUE}},
                    {**ANSWER, "title": "Village clinics", "authors": None, "own": True},
                ],
            }
        ]
    }
]
UNCHANGED = {"change": None, "handed_in": None, "fine": False, "aside": None, "thread": []}
CASES["review/submission"] = [
    {"sections": [{**SECTION, "answers": [{**ROW, "same": False, "authors": BEHIND, **UNCHANGED}]}]}
]
