"""What no year of the network brings by itself: floors set, asked about, cleared; a country's own questions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

WHEN = datetime(2026, 12, 1, 3, 30, tzinfo=UTC)
BEFORE = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SINCE, FROM = date(2026, 1, 1), date(2027, 1, 1)
PENSION, GINI = "Older persons receiving a pension", "Gini index"
PLAN, LAW = "Medium-term plan 2025-2029", "Law 5/2026"
LINK = "https://spnet.example.org/floors/mfzwizltor2a"
STANDS: dict[str, Any] = {"floor": "40 %", "ceiling": "60 %", "year": 2030, "source": PLAN, "since": SINCE}
BARE: dict[str, Any] = {**STANDS, "floor": "38", "ceiling": None, "year": None}
WANTED: dict[str, Any] = {**STANDS, "floor": "45 %", "source": LAW, "since": FROM}
UP: dict[str, Any] = {"floor": None, "ceiling": None, "year": None, "source": "Law 5/2026 ended", "since": FROM}
ROW: dict[str, Any] = {
    "id": 3,
    "title": PENSION,
    "wanted": WANTED,
    "stands": STANDS,
    "lower": False,
    "by": "Siti Rahmadani",
    "when": BEFORE,
    "asked": WHEN,
}
NEW = {**ROW, "id": 4, "title": GINI, "wanted": {**BARE, "since": FROM}, "stands": None, "asked": None}
LOWER = {**ROW, "id": 5, "wanted": {**WANTED, "floor": "35 %"}, "lower": True, "by": "Budi Hartono"}
GIVEN_UP = {**ROW, "id": 6, "wanted": UP}
ASK: dict[str, Any] = {
    "member": "Indonesia",
    "name": "Dewi Lestari",
    "rows": [ROW, NEW, LOWER, GIVEN_UP],
    "authors": ["Budi Hartono", "Siti Rahmadani"],
    "since": BEFORE,
    "link": LINK,
}
ONE = {**ASK, "rows": [ROW], "authors": ["Siti Rahmadani"], "link": None}
YES, NO = {"title": PENSION, "wanted": WANTED, "why": None}, {"title": GINI, "wanted": BARE, "why": "Not in the plan."}
DECIDED: dict[str, Any] = {
    "member": "Indonesia",
    "person": "Dewi Lestari",
    "when": WHEN,
    "via": "slack",
    "yes": [YES],
    "no": [NO],
    "left": 0,
}
CARD: dict[str, Any] = {
    "member": "Indonesia",
    "own": True,
    "done": None,
    "rows": [
        {"title": PENSION, "letter": "E", "stands": STANDS, "coming": WANTED},
        {"title": GINI, "letter": "F", "stands": None, "coming": {**BARE, "since": FROM}},
        {"title": "Poverty at the national line", "letter": "F", "stands": UP, "coming": None},
    ],
    "unset": ["Poor persons covered", "Vulnerable persons covered"],
    "proposed": [ROW, NEW],
    "collected": 1,
    "asked": 1,
    "coordinators": ["Dewi Lestari"],
}
FORM: dict[str, Any] = {
    "member": "Indonesia",
    "title": PENSION,
    "unit": "percent of older persons",
    "minimum": "0",
    "maximum": "100",
    "down": False,
    "stands": STANDS,
    "coming": WANTED,
    "waiting": UP,
    "by": "Budi Hartono",
}
NOTHING = {**FORM, "stands": None, "coming": None, "waiting": None, "by": None, "unit": None, "down": True}
LINE: dict[str, Any] = {
    **STANDS,
    **{"state": "cleared", "why": None, "by": "Siti Rahmadani", "proposed": BEFORE},
    **{"decided_by": "Dewi Lestari", "decided": WHEN, "asked": BEFORE},
}
HISTORY: dict[str, Any] = {
    "member": "Indonesia",
    "title": PENSION,
    "own": True,
    "stands": STANDS,
    "earlier": 2,
    "rows": [
        LINE,
        {**LINE, "state": "refused", "why": "Not in the plan."},
        {**LINE, "state": "withdrawn"},
        {**LINE, "state": "withdrawn", "why": "replaced"},
        {**LINE, **UP, "state": "proposed"},
    ],
}
QUESTION: dict[str, Any] = {
    "section": "B",
    "title": "Village clinics",
    "question": "How many villages have a clinic?",
    "kind": "integer",
    "unit": "villages",
    "choices": [],
    "minimum": "0",
    "maximum": "80000",
}
CHOICE = {
    **QUESTION,
    **{"title": "Mood", "kind": "choice", "unit": None, "minimum": None, "maximum": None},
    "choices": ["Good", "Not good"],
}
PAGE: dict[str, Any] = {
    **ASK,
    "network": "ASEAN social protection network",
    "longest": 1000,
    "seen": "3.4.5.6",
    "problem": None,
    "rows": [{**each, "decision": "later", "why": ""} for each in (ROW, NEW, LOWER, GIVEN_UP)],
}
AIM = {"floor": "40 %", "ceiling": "60 %", "year": 2030, "source": PLAN, "since": SINCE}
GONE = {"title": PENSION, "person": "Siti Rahmadani", "when": WHEN, "why": None}

CASES: dict[str, list[dict[str, Any]]] = {
    "floors/card": [
        CARD,
        {**CARD, "done": GINI, "proposed": [], "collected": 0, "asked": 0},
        {**CARD, "coordinators": [], "rows": []},
        {**CARD, "coordinators": ["Dewi Lestari", "Rina Kusuma"], "proposed": []},
        {**CARD, "own": False, "proposed": [], "coordinators": []},
    ],
    "floors/all": [{"rows": [{"member": "Indonesia", "floors": 12, "ceilings": 3}], "total": 21}],
    "floors/history": [
        HISTORY,
        {**HISTORY, "earlier": 1},
        {**HISTORY, "own": False, "stands": None, "earlier": 0, "rows": [LINE]},
        {**HISTORY, "stands": None, "earlier": 0, "rows": []},
    ],
    "floors/form": [FORM, NOTHING],
    "floors/meanwhile": [FORM],
    "floors/proposed": [
        {**ROW, "member": "Indonesia", "collected": 1, "coordinators": ["Dewi Lestari"]},
        {**LOWER, "member": "Indonesia", "collected": 3, "coordinators": ["Dewi Lestari", "Rina Kusuma"]},
        {**NEW, "member": "Indonesia", "collected": 1, "coordinators": []},
    ],
    "floors/asked": [
        {"member": "Indonesia", "count": 3, "coordinators": ["Dewi Lestari"]},
        {"member": "Indonesia", "count": 1, "coordinators": ["Dewi Lestari", "Rina Kusuma"]},
        {"member": "Indonesia", "count": 1, "coordinators": []},
    ],
    "floors/ask": [ASK, ONE],
    "floors/remind": [{**ASK, "days": 4}, {**ONE, "days": 1}],
    "floors/decided": [DECIDED, {**DECIDED, "no": []}, {**DECIDED, "yes": [], "via": "page"}],
    "floors/receipt": [DECIDED, {**DECIDED, "left": 1, "via": "page"}, {**DECIDED, "no": [], "left": 2}],
    "floors/refuse_form": [ONE],
    "floors/questions": [
        {"member": "Indonesia", "done": None, "about": "", "rows": [QUESTION, CHOICE]},
        {"member": "Indonesia", "done": "added", "about": "Mood", "rows": [CHOICE]},
        {"member": "Indonesia", "done": "retired", "about": "Mood", "rows": []},
    ],
    "floors/add_question": [{"member": "Indonesia"}],
    "floors/retire_question": [{"title": "Mood", "question": "How is it?"}],
    "pages/floors": [
        PAGE,
        {**PAGE, "problem": "no_reason"},
        {**PAGE, "problem": "nothing", "rows": PAGE["rows"][:1], "authors": ["Siti Rahmadani"]},
        {**PAGE, "rows": []},
    ],
    "pages/floors_decided": [
        {**DECIDED, "network": "ASEAN social protection network"},
        {**DECIDED, "network": "ASEAN social protection network", "left": 1},
        {**DECIDED, "network": "ASEAN social protection network", "left": 2},
    ],
    "home/floors": [
        {"set": 0, "collected": 0, "asked": 0},
        {"set": 1, "collected": 1, "asked": 1},
        {"set": 12, "collected": 2, "asked": 2},
    ],
    "home/floors_to_clear": [
        {"first": True, "count": 3, "authors": ["Siti Rahmadani"], "since": BEFORE},
        {"first": False, "count": 1, "authors": ["Budi Hartono", "Siti Rahmadani"], "since": BEFORE},
    ],
    "assessment/prompt": [
        {"aim": AIM, "last": {"cycle": "2025", "value": "38.8 % (2020, SUSENAS)"}, "current": None, "problem": None},
        {"aim": {**AIM, "ceiling": None}, "last": None, "current": "39 % (2025, SUSENAS)", "problem": None},
        {"aim": {**AIM, "ceiling": None, "year": None}, "last": None, "current": None, "own": True, "problem": None},
    ],
    "refusals/bad_aim": [{"title": PENSION, "problem": "above_ceiling"}],
    "refusals/floor_known": [
        {"title": PENSION, "state": "cleared", "valid_from": SINCE},
        {"title": PENSION, "state": "proposed", "valid_from": SINCE},
    ],
    "refusals/floor_gone": [
        {
            "member": "Indonesia",
            "gone": [
                {**GONE, "state": "cleared"},
                {**GONE, "state": "refused", "why": "Not in the plan."},
                {**GONE, "state": "withdrawn"},
                {**GONE, "state": "withdrawn", "why": "replaced"},
            ],
        }
    ],
    "refusals/nothing_to_ask": [{"member": "Indonesia", "waiting": 0}, {"member": "Indonesia", "waiting": 2}],
    "refusals/own_floor": [{"member": "Indonesia"}],
    "refusals/nothing_decided": [{"member": "Indonesia"}],
    "refusals/bad_question": [{"problem": "known"}],
    "refusals/question_gone": [{"title": "Mood"}],
}
